#include "app/people_file.h"

#include <cstdio>

#include "app/check.h"
#include "app/live_clock.h"

namespace lanze::app {

std::optional<PeopleFile> open_people(const std::string& config_path) {
    ConfigResult config = load_config(config_path);
    if (!config) {
        std::fputs(report_errors(config.error()).c_str(), stderr);
        return std::nullopt;
    }
    auto people = api::People::open(config->journal.people_path);
    if (!people) {
        refuse(people.error());
        return std::nullopt;
    }
    return PeopleFile{std::move(*config), std::move(*people), LiveClock(Time{}).now()};
}

int refuse(const std::string& sentence) {
    std::fputs(("lanze: " + sentence + "\n").c_str(), stderr);
    return 1;
}

}  // namespace lanze::app
