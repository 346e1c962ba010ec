#include "journal/snapshot.h"

#include <utility>

#include "base/bytes.h"
#include "journal/batch_codec.h"
#include "journal/codebook.h"

namespace lanze::journal {

Result<Snapshot, std::string> load_snapshot(Database& database, const KeyFile& keys) {
    auto row = database.prepare("SELECT sequence, day, bytes, checksum FROM snapshot");
    if (!row) {
        return Unexpected(row.error());
    }
    Snapshot snapshot;
    if (!row->step()) {
        return database.has_failed() ? Result<Snapshot, std::string>(Unexpected(database.problem()))
                                     : snapshot;
    }
    snapshot.sequence = static_cast<std::uint64_t>(row->number(0));
    snapshot.checksum = static_cast<std::uint64_t>(row->number(3));
    DayCodebook book(keys.find(Purpose::agents, row->number(1)), kAnonymousFirst);
    snapshot.has_key = book.has_key();
    ByteReader in(row->bytes(2));
    const std::uint64_t hash = in.fixed64();
    const std::string_view bytes = in.raw(in.remaining());
    auto decisions = decode_decisions(bytes, book);
    if (in.has_failed() || hash != core::stable_hash(bytes) || !decisions) {
        return Unexpected(
            std::string("the journal's snapshot is damaged; put back a copy of the "
                        "whole file"));
    }
    snapshot.decisions = std::move(*decisions);
    return snapshot;
}

}  // namespace lanze::journal
