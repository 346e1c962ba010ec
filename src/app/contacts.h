// `lanze contacts`: the contacts of a journal, newest first; who handled them is not told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/record.h"

namespace lanze::app {

struct ContactsOptions {
    std::string journal_path;
    std::string keys_path;  // "": the journal's name with the ending .keys
    std::uint32_t limit = 20;
    bool is_json = false;
    std::string time_zone;  // "": the system's
};

// The exit code: 0 done, 1 failed.
int run_contacts(const ContactsOptions& options);

// The same as text. The zone must be set. The error is for a person.
Result<std::string, std::string> contacts_text(const ContactsOptions& options);

}  // namespace lanze::app
