// Snapshot: what the floor still rests on of batches whose keys are shredded, as it is stored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/database.h"
#include "journal/key_file.h"
#include "ports/journal.h"

namespace lanze::journal {

struct Snapshot {
    std::uint64_t sequence = 0;  // of the last batch in it; 0: there is none
    std::uint64_t checksum = 0;  // of that batch
    bool has_key = true;         // false: its agents are nobody
    std::vector<ports::Decision> decisions;
};

// The error is a message for a person.
Result<Snapshot, std::string> load_snapshot(Database& database, const KeyFile& keys);

}  // namespace lanze::journal
