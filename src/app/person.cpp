#include "app/person.h"

#include <algorithm>
#include <cstdio>

#include "app/people_file.h"

namespace lanze::app {

namespace {

int list_persons(PeopleFile& file) {
    const auto persons = file.people.persons();
    if (!persons) {
        return refuse(persons.error());
    }
    for (const api::Person& person : *persons) {
        std::printf("%s  %s%s%s\n", person.name.c_str(), person.roles.to_string().c_str(),
                    person.agent.empty() ? "" : "  desk of ", person.agent.c_str());
    }
    return 0;
}

int tell_password(const Result<api::NewPassword, std::string>& fresh) {
    if (!fresh) {
        return refuse(fresh.error());
    }
    std::printf("%s  %s\nThe password is shown this once.\n", fresh->name.c_str(),
                fresh->password.c_str());
    return 0;
}

bool is_agent(const CentreConfig& config, const std::string& name) {
    return std::any_of(config.core.agents.begin(), config.core.agents.end(),
                       [&](const core::AgentConfig& agent) { return agent.name == name; });
}

int add_person(PeopleFile& file, const PersonOptions& options) {
    const auto roles = api::Roles::parse(options.roles);
    if (!roles) {
        return refuse(
            "\"" + options.roles +
            "\" are no roles; write words of agent, planner, supervisor, administrator with "
            "commas between them");
    }
    api::Person person{options.name, *roles, options.agent};
    if (roles->agent && person.agent.empty()) {
        person.agent = options.name;
    }
    if (!person.agent.empty() && !is_agent(file.config, person.agent)) {
        return refuse("There is no agent \"" + person.agent + "\" in " + file.config.path +
                      "; add [[agent]] there, or name another one with --agent.");
    }
    return tell_password(file.people.add_person(person, file.at));
}

int remove_person(PeopleFile& file, const std::string& name) {
    if (const auto removed = file.people.remove_person(name, file.at); !removed) {
        return refuse(removed.error());
    }
    std::printf("%s may no longer sign in.\n", name.c_str());
    return 0;
}

}  // namespace

int run_person(const PersonOptions& options) {
    auto file = open_people(options.config_path);
    if (!file) {
        return 1;
    }
    switch (options.action) {
        case PersonAction::list:
            return list_persons(*file);
        case PersonAction::add:
            return add_person(*file, options);
        case PersonAction::password:
            return tell_password(file->people.renew_password(options.name, file->at));
        case PersonAction::remove:
            return remove_person(*file, options.name);
    }
    return 1;
}

}  // namespace lanze::app
