// `lanze person`: who may sign in; works on the people file beside the running centre.
#pragma once

#include <cstdint>
#include <string>

namespace lanze::app {

enum class PersonAction : std::uint8_t { list, add, password, remove };

struct PersonOptions {
    PersonAction action = PersonAction::list;
    std::string config_path;
    std::string name;
    std::string roles = "agent";  // words with commas, see api::Roles
    std::string agent;            // whose desk; "": the agent of the person's name, if a role asks
};

// The exit code: 0 done, 1 refused.
int run_person(const PersonOptions& options);

}  // namespace lanze::app
