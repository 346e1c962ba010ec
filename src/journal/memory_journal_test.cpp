#include "journal/memory_journal.h"

#include <gtest/gtest.h>

#include <vector>

namespace lanze::journal {
namespace {

ports::Batch batch(std::uint64_t sequence, std::vector<ports::Note> notes = {}) {
    ports::Batch batch;
    batch.sequence = sequence;
    const core::ContactId contact{sequence};
    batch.decisions = {{from_micros(static_cast<std::int64_t>(sequence)),
                        core::EnterQueue{core::QueueId{1}},
                        {core::ContactQueued{contact, core::QueueId{1}}}}};
    batch.notes = std::move(notes);
    core::ContactRecord record;
    record.contact = contact;
    batch.finished = {record};
    return batch;
}

// The contacts of all decisions, in order.
std::vector<std::uint64_t> replayed(MemoryJournal& journal) {
    std::vector<std::uint64_t> contacts;
    journal.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            contacts.push_back(std::get<core::ContactQueued>(event).contact.value());
        }
    });
    return contacts;
}

using Numbers = std::vector<std::uint64_t>;

TEST(MemoryJournal, is_durable_only_when_told) {
    MemoryJournal journal;
    Numbers told;
    journal.on_durable([&](std::uint64_t sequence) { told.push_back(sequence); });
    journal.append(batch(1));
    journal.append(batch(2));
    journal.append(batch(3));
    EXPECT_EQ(journal.last_sequence(), 0U);
    EXPECT_EQ(journal.waiting(), 3U);
    EXPECT_EQ(replayed(journal), Numbers{});

    journal.make_durable(2);
    journal.make_durable(2);  // nothing new: nobody is called
    EXPECT_EQ(told, Numbers{2});
    EXPECT_EQ(journal.last_sequence(), 2U);
    EXPECT_EQ(replayed(journal), (Numbers{1, 2}));
    EXPECT_EQ(journal.finished().size(), 2U);

    journal.make_all_durable();
    EXPECT_EQ(told, (Numbers{2, 3}));
    EXPECT_EQ(journal.waiting(), 0U);
}

TEST(MemoryJournal, can_be_durable_at_once) {
    MemoryJournal journal;
    Numbers told;
    journal.on_durable([&](std::uint64_t sequence) { told.push_back(sequence); });
    journal.be_durable_at_once();
    journal.append(batch(1));
    EXPECT_EQ(told, Numbers{1});
}

TEST(MemoryJournal, a_crash_drops_what_was_not_durable) {
    for (const bool is_torn : {false, true}) {
        MemoryJournal journal;
        int told = 0;
        journal.on_durable([&](std::uint64_t) { ++told; });
        journal.append(batch(1, {{"leg/1", "old"}}));
        journal.make_all_durable();
        journal.append(batch(2, {{"leg/1", "new"}, {"leg/2", "x"}}));
        journal.append(batch(3));
        journal.crash(is_torn);
        EXPECT_EQ(journal.last_sequence(), 1U);
        EXPECT_EQ(journal.waiting(), 0U);
        EXPECT_EQ(replayed(journal), Numbers{1});
        EXPECT_EQ(journal.notes(), (std::vector<ports::Note>{{"leg/1", "old"}}));
        EXPECT_EQ(journal.finished().size(), 1U);

        // The next process follows what is there; the old one is not called back.
        journal.append(batch(2));
        journal.make_all_durable();
        EXPECT_EQ(told, 1);
        EXPECT_EQ(replayed(journal), (Numbers{1, 2}));
    }
}

TEST(MemoryJournal, the_newest_note_counts_and_an_empty_one_removes) {
    MemoryJournal journal;
    journal.be_durable_at_once();
    journal.append(batch(1, {{"b", "1"}, {"a", "1"}}));
    journal.append(batch(2, {{"b", "2"}, {"a", ""}, {"c", "1"}}));
    EXPECT_EQ(journal.notes(), (std::vector<ports::Note>{{"b", "2"}, {"c", "1"}}));
}

}  // namespace
}  // namespace lanze::journal
