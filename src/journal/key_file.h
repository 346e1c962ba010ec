// KeyFile: the keys that personal data is stored under, one per purpose and day; what is shredded
// here can be read by nobody any more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "journal/seal.h"

namespace lanze::journal {

// Days since 1970-01-01, UTC.
using Day = std::int64_t;
Day day_of(Time time);
Time start_of(Day day);

enum class Purpose : std::uint8_t {
    agents,   // pseudonyms and names of agents, of a day
    callers,  // numbers and SIP identities, of a day
    index,    // day 0 only: finds a note by its key without storing the key
};

class KeyFile {
public:
    // Reads the file; none there: empty. The error is a message for a person.
    static Result<KeyFile, std::string> load(const std::string& path);

    bool is_empty() const { return keys_.empty(); }
    std::optional<Key> find(Purpose purpose, Day day) const;
    bool has(Purpose purpose, Day day) const { return keys_.contains({purpose, day}); }
    // Makes the key if there is none; save() before anything is stored under it.
    Result<Key, std::string> make(Purpose purpose, Day day);
    bool has_older(Purpose purpose, Day first_kept) const;
    // Forgets the keys of days before `first_kept`; true if there were any.
    bool shred(Purpose purpose, Day first_kept);

    // Replaces the file in one piece, mode 0600, durable when it returns; the old one's bytes are
    // overwritten (which a copying file system or a flash disk may not honour).
    Result<void, std::string> save() const;

private:
    explicit KeyFile(std::string path) : path_(std::move(path)) {}
    std::string to_text() const;
    bool parse(std::string_view text);

    std::string path_;
    std::map<std::pair<Purpose, Day>, Key> keys_;
};

}  // namespace lanze::journal
