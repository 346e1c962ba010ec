// MemoryJournal: the journal in memory for tests and simulation; nothing is durable until told, and
// a crash drops the rest.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ports/journal.h"

namespace lanze::journal {

// One thread only. Batches go through the codec, so that what a crash leaves behind is what a disk
// would hold.
class MemoryJournal final : public ports::Journal {
public:
    MemoryJournal() = default;

    void append(ports::Batch batch) override;
    void on_durable(std::function<void(std::uint64_t sequence)> callback) override;
    std::uint64_t last_sequence() const override;
    void replay(const std::function<void(const ports::Decision&)>& visit) override;
    std::vector<ports::Note> notes() override;

    // The disk has written up to here; calls back. Beyond the last batch means all.
    void make_durable(std::uint64_t up_to);
    void make_all_durable() { make_durable(~std::uint64_t{0}); }
    // From now on every batch is durable at once.
    void be_durable_at_once() { is_durable_at_once_ = true; }

    // The process ends here: what was not durable is gone, and who was to be called back too. The
    // first batch that was not durable may have been half written; it must not be seen (`is_torn`).
    void crash(bool is_torn = false);

    std::size_t waiting() const { return batches_.size() - durable_; }
    const std::vector<core::ContactRecord>& finished() const { return finished_; }

private:
    struct Stored {
        std::string bytes;
        std::uint64_t checksum = 0;
        ports::Batch batch;
    };
    std::vector<Stored> batches_;
    std::size_t durable_ = 0;
    std::map<std::string, std::string> notes_;  // of durable batches
    std::vector<core::ContactRecord> finished_;
    std::function<void(std::uint64_t)> callback_;
    bool is_durable_at_once_ = false;
};

}  // namespace lanze::journal
