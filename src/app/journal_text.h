// What commands that read a journal have in common: opening it, and printing what was made of it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace lanze::journal {
class JournalReader;
}

namespace lanze::app {

// `keys_path` "": the journal's name with the ending .keys. The error is for a person.
Result<std::unique_ptr<journal::JournalReader>, std::string> open_journal(
    const std::string& journal_path, const std::string& keys_path);

// In the zone ("": the system's); the exit code: 0 done, 1 failed, with the reason on standard
// error.
int print_text(const std::string& time_zone,
               const std::function<Result<std::string, std::string>()>& make_text);

}  // namespace lanze::app
