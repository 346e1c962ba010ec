// Contact records as rows and back.
#pragma once

#include "core/codec.h"
#include "core/record.h"
#include "journal/database.h"

namespace lanze::journal {

// Writes all columns; a record stored before under the same contact is replaced.
extern const char* const kInsertContact;
// All columns in the order read_contact() takes them; to be followed by WHERE ...
extern const char* const kSelectContact;

bool write_contact(Statement& insert, std::int64_t day, const core::ContactRecord& record,
                   const core::AgentCodebook& book);
// The agent is left unset; its pseudonym and day stand beside.
struct ContactRow {
    core::ContactRecord record;
    std::int64_t day = 0;
    std::uint64_t pseudonym = 0;
};
ContactRow read_contact(const Statement& row);

}  // namespace lanze::journal
