// `lanze why`: one contact's life as a timeline, with the reason of each search for an agent.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/event.h"
#include "core/reason.h"

namespace lanze::journal {
class JournalReader;
}

namespace lanze::app {

// Why agents with the same skills did not come into question.
struct Excluded {
    std::optional<core::Skills> skills;  // nothing: told of all others at once, or not known
    bool is_stand_in = false;
    core::ExcludedBy by = core::ExcludedBy::talking;
    std::uint32_t agents = 0;
    friend bool operator==(const Excluded&, const Excluded&) = default;
};

// A search for somebody. The names are there only if they were asked for and could be recomputed,
// and never of a rule that says something about a person.
struct Search {
    core::Reason reason;
    std::vector<Excluded> excluded;
    std::vector<std::string> candidates;
    std::map<core::ExcludedBy, std::vector<std::string>> excluded_names;
};

struct Moment {
    Time at;
    std::optional<core::Event> event;  // nothing: a search that came to nothing
    std::optional<Search> search;
    std::string name;    // the queue's, or the agent's while the day's key exists
    core::Skills needs;  // from then on
};

// How long somebody with the skills was ready while the contact waited, but withheld by the
// charter.
struct CharterShare {
    Duration by_any{};
    std::array<Duration, 3> by{};  // by core::WithheldBy
};

enum class Recomputed : std::uint8_t {
    alike,      // this build decides the same
    otherwise,  // it does not: another build, or the journal holds too little
    key_gone,   // of the contact's day
};

struct Why {
    core::ContactId contact;
    core::ContactQueued queued;
    Time entered;
    std::vector<Moment> moments;
    std::optional<Time> answered;
    std::optional<Time> ended;
    core::ContactId successor;             // if it was transferred
    std::optional<CharterShare> withheld;  // nothing: not known any more
    std::uint32_t reasons_missing = 0;     // of journals older than reasons
    std::string build;                     // that let it in; "": not known
    std::uint64_t config_hash = 0;         // then in force; 0: not known
    Recomputed recomputed = Recomputed::alike;
};

struct WhyOptions {
    std::string journal_path;
    std::string keys_path;  // "": the journal's name with the ending .keys
    std::string time_zone;  // "": the system's
    std::uint64_t contact = 0;
    bool is_json = false;
    bool has_names = false;
};

// Nothing if there is no such contact. Replays the journal from its last snapshot on, which takes
// as long as a start of the centre; for a contact older than that, all of it.
Result<std::optional<Why>, std::string> explain(journal::JournalReader& reader,
                                                core::ContactId contact, bool has_names);

// Without the agents it was presented to, and without what a rule compared of them, by which their
// contacts could be joined: of contacts that are over, who had which is nobody's business.
Why without_agents(Why why);

// The exit code: 0 done, 1 failed.
int run_why(const WhyOptions& options);

// The same as text. The zone must be set. The error is for a person.
Result<std::string, std::string> why_text(const WhyOptions& options);

}  // namespace lanze::app
