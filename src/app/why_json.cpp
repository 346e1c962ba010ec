#include "app/why_json.h"

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>

#include "api/json_view.h"
#include "app/why_words.h"
#include "base/variant.h"
#include "core/build_id.h"

namespace lanze::app {

namespace {

namespace json = boost::json;

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value time_or_null(const std::optional<Time>& time) {
    return time ? json::value(api::time_text(*time)) : json::value(nullptr);
}

json::value contact_or_null(core::ContactId contact) {
    return contact.is_set() ? json::value(contact.value()) : json::value(nullptr);
}

double in_seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

json::object skills_json(const core::Skills& skills) {
    json::object levels;
    for (const core::SkillLevel& each : skills) {
        levels[each.skill] = each.level;
    }
    return levels;
}

json::array names_json(const std::vector<std::string>& names) {
    json::array out;
    for (const std::string& name : names) {
        out.emplace_back(name);
    }
    return out;
}

// What the rule compared; what an agent has handled is nobody else's business.
json::value key_json(const core::Reason& reason) {
    if (!reason.agent.is_set()) {
        return nullptr;
    }
    switch (reason.rule) {
        case core::AgentRule::longest_idle:
        case core::AgentRule::random_pool:
        case core::AgentRule::random:
        case core::AgentRule::best_level:
        case core::AgentRule::lowest_level:
            return json::object{{"idle_since", api::time_text(from_micros(reason.key))}};
        case core::AgentRule::fixed_order:
        case core::AgentRule::round_robin:
            return json::object{{"place", reason.key}};
        case core::AgentRule::least_occupied:
            return nullptr;
    }
    return nullptr;
}

json::object search_json(const Search& search) {
    const core::Reason& reason = search.reason;
    json::array excluded;
    for (const Excluded& each : search.excluded) {
        excluded.push_back(json::object{
            {"skills", each.skills ? json::value(skills_json(*each.skills)) : json::value(nullptr)},
            {"is_stand_in", each.is_stand_in},
            {"by", word(each.by)},
            {"agents", each.agents}});
    }
    json::object out{{"occasion", word(reason.occasion)},
                     {"rule", word(reason.rule)},
                     {"key", key_json(reason)},
                     {"candidates", reason.candidates},
                     {"level", reason.level},
                     {"step", reason.step},
                     {"contacts", reason.contacts},
                     {"excluded", std::move(excluded)}};
    if (!search.candidates.empty() || !search.excluded_names.empty()) {
        json::object names{{"candidates", names_json(search.candidates)}};
        for (const auto& [by, of_rule] : search.excluded_names) {
            names[word(by)] = names_json(of_rule);
        }
        out["names"] = std::move(names);
    }
    return out;
}

// What the kind of moment has beside `at` and `kind`.
json::object detail_json(const Moment& moment) {
    if (!moment.event) {
        return {};
    }
    return std::visit(
        Overloaded{
            [&](const core::ContactQueued& event) -> json::object {
                return {{"queue", text_or_null(moment.name)},
                        {"origin", contact_or_null(event.origin)}};
            },
            [&](const core::ContactPresented&) -> json::object {
                return {{"agent", text_or_null(moment.name)}};
            },
            [&](const core::ContactAnswered&) -> json::object {
                return {{"agent", text_or_null(moment.name)}};
            },
            [](const core::PresentationEnded& event) -> json::object {
                return {{"end", word(event.end)}};
            },
            [](const core::ContactEnded& event) -> json::object {
                const bool is_cut_off = event.end == core::ContactEnd::cut_off;
                return {{"end", api::word(event.end)},
                        {"by", api::word(event.by)},
                        {"cause", text_or_null(is_cut_off ? api::word(event.cause) : "")}};
            },
            [&](const core::ContactWidened& event) -> json::object {
                return {{"step", event.step}, {"needs", skills_json(moment.needs)}};
            },
            [&](const core::NeedsChanged&) -> json::object {
                return {{"needs", skills_json(moment.needs)}};
            },
            [](const core::ContactPrioritised& event) -> json::object {
                return {{"priority", event.priority}};
            },
            [&](const core::ContactMoved& event) -> json::object {
                return {{"queue", text_or_null(moment.name)},
                        {"cause", word(event.cause)},
                        {"needs", skills_json(moment.needs)}};
            },
            [](const core::AlternativeProposed& event) -> json::object {
                return {{"channel", word(event.channel)}, {"cause", word(event.cause)}};
            },
            [](const core::TransferCompleted& event) -> json::object {
                return {{"origin", event.origin.value()}};
            },
            [](const auto&) -> json::object { return {}; },  // nothing more is to be said
        },
        *moment.event);
}

json::object moment_json(const Moment& moment) {
    json::object out{{"at", api::time_text(moment.at)}, {"kind", kind_word(moment)}};
    for (auto& [key, value] : detail_json(moment)) {
        out[key] = std::move(value);
    }
    out["reason"] = moment.search ? json::value(search_json(*moment.search)) : json::value(nullptr);
    return out;
}

json::value withheld_json(const std::optional<CharterShare>& share) {
    if (!share) {
        return nullptr;
    }
    json::object out{{"by_any_s", in_seconds(share->by_any)}};
    for (std::size_t i = 0; i < share->by.size(); ++i) {
        static constexpr const char* kBy[] = {"ceiling_s", "break_due_s", "shift_over_s"};
        out[kBy[i]] = in_seconds(share->by[i]);
    }
    return out;
}

json::value hash_json(std::uint64_t hash) {
    if (hash == 0) {
        return nullptr;
    }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return json::value(text);
}

}  // namespace

std::string why_json(const Why& why) {
    json::array timeline;
    for (const Moment& moment : why.moments) {
        timeline.push_back(moment_json(moment));
    }
    const auto until = why.answered ? why.answered : why.ended;
    const core::Skills needs = why.moments.empty() ? core::Skills{} : why.moments.front().needs;
    return json::serialize(json::object{
        {"contact", why.contact.value()},
        {"channel", word(why.queued.channel)},
        {"priority", why.queued.priority},
        {"needs", skills_json(needs)},
        {"waits_for_one_agent", why.queued.preferred.is_set()},
        {"entered", api::time_text(why.entered)},
        {"answered", time_or_null(why.answered)},
        {"ended", time_or_null(why.ended)},
        {"successor", contact_or_null(why.successor)},
        {"waited_s", until ? json::value(in_seconds(*until - why.entered)) : nullptr},
        {"withheld", withheld_json(why.withheld)},
        {"timeline", std::move(timeline)},
        {"reasons_missing", why.reasons_missing},
        {"build", text_or_null(why.build)},
        {"this_build", core::build_id()},
        {"configuration", hash_json(why.config_hash)},
        {"recomputed", word(why.recomputed)},
    });
}

}  // namespace lanze::app
