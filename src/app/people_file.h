// What `lanze person` and `lanze token` share: from the configuration's path to the people file.
#pragma once

#include <optional>
#include <string>

#include "api/people.h"
#include "app/config.h"
#include "base/time.h"

namespace lanze::app {

struct PeopleFile {
    CentreConfig config;
    api::People people;
    Time at;  // when it was opened: UTC by the system's clock
};

// Nothing if the configuration is wrong or the file cannot be opened; standard error says why.
std::optional<PeopleFile> open_people(const std::string& config_path);

// Writes the sentence to standard error and gives the exit code 1.
int refuse(const std::string& sentence);

}  // namespace lanze::app
