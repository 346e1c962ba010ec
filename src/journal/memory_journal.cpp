#include "journal/memory_journal.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "journal/batch_codec.h"

namespace lanze::journal {

namespace {

const core::PlainCodebook kBook;

std::uint64_t checksum_of(std::uint64_t before, std::uint64_t sequence, std::string_view bytes) {
    return chain_checksum(before, {sequence, 0, bytes});
}

}  // namespace

void MemoryJournal::append(ports::Batch batch) {
    LANZE_CHECK(batch.sequence == batches_.size() + 1);
    Stored stored;
    stored.bytes = encode_decisions(batch.decisions, kBook);
    stored.checksum =
        checksum_of(batches_.empty() ? 0 : batches_.back().checksum, batch.sequence, stored.bytes);
    stored.batch = std::move(batch);
    stored.batch.decisions.clear();
    batches_.push_back(std::move(stored));
    if (is_durable_at_once_) {
        make_all_durable();
    }
}

void MemoryJournal::on_durable(std::function<void(std::uint64_t)> callback) {
    callback_ = std::move(callback);
}

std::uint64_t MemoryJournal::last_sequence() const {
    return durable_;
}

void MemoryJournal::make_durable(std::uint64_t up_to) {
    const std::size_t before = durable_;
    for (; durable_ < std::min<std::uint64_t>(up_to, batches_.size()); ++durable_) {
        const ports::Batch& batch = batches_[durable_].batch;
        for (const ports::Note& note : batch.notes) {
            if (note.text.empty()) {
                notes_.erase(note.key);
            } else {
                notes_[note.key] = note.text;
            }
        }
        finished_.insert(finished_.end(), batch.finished.begin(), batch.finished.end());
    }
    if (durable_ > before && callback_) {
        callback_(durable_);
    }
}

void MemoryJournal::crash(bool is_torn) {
    callback_ = nullptr;
    const bool has_torn = is_torn && durable_ < batches_.size();
    batches_.resize(durable_ + (has_torn ? 1 : 0));
    if (!has_torn) {
        return;
    }
    // Half of the last batch reached the disk; its checksum gives it away.
    Stored& torn = batches_.back();
    torn.bytes.resize(torn.bytes.size() / 2);
    const std::uint64_t before = durable_ == 0 ? 0 : batches_[durable_ - 1].checksum;
    LANZE_CHECK(checksum_of(before, durable_ + 1, torn.bytes) != torn.checksum);
    batches_.pop_back();
}

void MemoryJournal::replay(const std::function<void(const ports::Decision&)>& visit) {
    core::PlainCodebook book;
    for (std::size_t i = 0; i < durable_; ++i) {
        const auto decisions = decode_decisions(batches_[i].bytes, book);
        LANZE_CHECK(decisions.has_value());
        for (const ports::Decision& decision : *decisions) {
            visit(decision);
        }
    }
}

std::vector<ports::Note> MemoryJournal::notes() {
    std::vector<ports::Note> result;
    result.reserve(notes_.size());
    for (const auto& [key, text] : notes_) {
        result.push_back({key, text});
    }
    return result;
}

}  // namespace lanze::journal
