// JournalReader: reads a journal's file beside its writer, for reports and the API; writes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/record.h"
#include "ports/journal.h"

namespace lanze::journal {

// A finished contact as stored. The agent is known while the day's key exists; then an id of that
// day only, above 2^31.
struct StoredContact {
    core::ContactRecord record;
    std::int64_t day = 0;  // UTC, days since 1970: under which the agent's pseudonym stands
};

struct ContactQuery {
    Time from = from_micros(0);             // entry into the queue, included
    Time to = Time::max();                  // excluded
    std::optional<core::ContactId> only;    // this one
    std::optional<core::ContactId> before;  // only ids below
    std::uint32_t limit = 0;                // 0: no limit
    bool is_newest_first = false;           // by id
};

// Not for two threads at a time: each opens its own.
class JournalReader {
public:
    // A missing key file is no error here: what it would tell is then left out.
    static Result<std::unique_ptr<JournalReader>, std::string> open(const std::string& path,
                                                                    const std::string& key_path);
    ~JournalReader();

    std::vector<StoredContact> contacts(const ContactQuery& query);
    // In order of time; `from` included, `to` excluded.
    std::vector<core::BlockedRecord> blocked(Time from, Time to);
    // The highest number of a contact that has ended or whose caller is known; unset: none.
    core::ContactId newest_contact();
    // Number or name as signalled; nothing if unknown or its key is gone.
    std::optional<std::string> caller(core::ContactId contact);

    // What an agent wrote down about the contact; "" if nothing, or its key is gone.
    std::string remark(core::ContactId contact);
    // Contacts of the same caller before this one, newest first, as long as he is remembered.
    std::vector<core::ContactId> earlier_of_caller(core::ContactId contact, std::size_t limit);

    // Of every queue that ever was, by the newest configuration that has it.
    std::map<core::QueueId, std::string> queue_names();

    // All decisions in order. Each day whose key is shredded, and the first one after, begins with
    // the configuration, its agents under the ids of that day; `on_forgotten` (may be empty) is
    // called at the end of such a day: what was known of agents' states ends there. The error is a
    // message for a person.
    Result<std::uint64_t, std::string> replay(
        const std::function<void(const ports::Decision&)>& visit,
        const std::function<void(Time)>& on_forgotten = {});

    // The decisions of which a floor can still be rebuilt, in order, as the writer replays them at
    // its start: first what is carried over of the days before. `visit` returns false when it has
    // seen enough. `key_gone`: a day's key is missing; what was visited until then is of no use.
    enum class Kept : std::uint8_t { all, key_gone };
    struct KeptDecision {
        const ports::Decision& decision;
        std::string_view build;  // that decided it; "": not known
        bool is_carried_over = false;
    };
    Result<Kept, std::string> replay_kept(const std::function<bool(const KeptDecision&)>& visit);

    // Everything read from now on belongs to one moment, until release().
    void freeze();
    void release();

private:
    struct State;
    explicit JournalReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace lanze::journal
