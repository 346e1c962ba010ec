#include "core/skills.h"

#include <algorithm>

namespace lanze::core {

bool fulfils(const Skills& skills, const Skills& needs) {
    auto skill = skills.begin();
    return std::all_of(needs.begin(), needs.end(), [&](const SkillLevel& need) {
        while (skill != skills.end() && skill->skill < need.skill) {
            ++skill;
        }
        return skill != skills.end() && skill->skill == need.skill && skill->level >= need.level;
    });
}

Skills united(const Skills& a, const Skills& b) {
    Skills result = a;
    for (const SkillLevel& each : b) {
        const auto place = std::lower_bound(
            result.begin(), result.end(), each,
            [](const SkillLevel& x, const SkillLevel& y) { return x.skill < y.skill; });
        if (place != result.end() && place->skill == each.skill) {
            place->level = std::max(place->level, each.level);
        } else {
            result.insert(place, each);
        }
    }
    return result;
}

bool is_well_formed(const Skills& skills) {
    for (std::size_t i = 0; i < skills.size(); ++i) {
        const bool is_in_order = i == 0 || skills[i - 1].skill < skills[i].skill;
        const SkillLevel& each = skills[i];
        if (!is_in_order || each.skill.empty() || each.level < 1 || each.level > kLevelMax) {
            return false;
        }
    }
    return true;
}

}  // namespace lanze::core
