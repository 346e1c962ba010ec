// The tables of a journal's file: made in a new one, checked in an old one.
#pragma once

#include <string>

#include "base/result.h"
#include "journal/database.h"

namespace lanze::journal {

// "LANZ"; says of any SQLite file that it is ours.
inline constexpr std::int64_t kApplicationId = 0x4c414e5a;
inline constexpr std::int64_t kFormat = 1;

// The text of the file's tables; docs/journal-format.md describes them.
extern const char* const kSchema;
extern const char* const kLaterTables;

// Makes the tables in an empty file. The error is a message for a person.
Result<void, std::string> make_or_check(Database& database, const std::string& path);
// For readers: refuses what is not a journal, or of a later version.
Result<void, std::string> check_format(Database& database, const std::string& path);

}  // namespace lanze::journal
