#include "journal/sqlite_journal.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/build_id.h"
#include "journal/sqlite_journal_fixture.h"

namespace lanze::journal {
namespace {

TEST_F(SqliteJournalTest, BringsBackWhatWasWritten) {
    Centre centre;
    centre.tell(core::Configure{config_of({"anna", "ben"})}, at(kDay, 1));
    centre.tell(core::EnterQueue{QueueId{1}}, at(kDay, 2));
    centre.tell(core::EnterQueue{QueueId{1}}, at(kDay, 3));
    std::vector<ports::Decision> written;
    for (const ports::Batch& batch : centre.batches) {
        written.push_back(batch.decisions.front());
    }
    {
        const auto journal = open();
        ASSERT_NE(journal, nullptr) << problem;
        EXPECT_EQ(journal->last_sequence(), 0U);
        centre.write_to(*journal);
    }
    const auto journal = open();
    EXPECT_EQ(journal->last_sequence(), 3U);
    EXPECT_EQ(decisions(*journal), written);
    EXPECT_EQ(lost, "");
}

TEST_F(SqliteJournalTest, RebuildsTheFloorOverManyDays) {
    Centre centre;
    centre.tell(core::Configure{config_of({"anna", "ben"})}, at(kDay, 1));
    for (Day day = kDay; day < kDay + 3; ++day) {
        const auto events = centre.tell(core::EnterQueue{QueueId{1}}, at(day, 100));
        const auto& presented = std::get<core::ContactPresented>(events.back());
        centre.tell(core::Answer{presented.presentation}, at(day, 105));
        centre.tell(core::HangUp{presented.contact}, at(day, 165));
        centre.tell(core::EndWrapUp{presented.agent, "solved"}, at(day, 170));
    }
    centre.write_to(*open());
    core::Floor again;
    const auto journal = open(kDay + 3);
    journal->replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            again.apply(event, decision.at);
        }
    });
    EXPECT_TRUE(again.is_same_as(centre.floor));
}

TEST_F(SqliteJournalTest, TellsWhenItIsDurable) {
    const auto journal = open();
    Durable durable(*journal);
    for (std::uint64_t sequence = 1; sequence <= 500; ++sequence) {
        journal->append({sequence, {{at(kDay), core::AdvanceTime{}, {}}}, {}, {}, {}});
    }
    EXPECT_TRUE(durable.wait_for(500));
    EXPECT_EQ(journal->last_sequence(), 500U);
    EXPECT_EQ(journal->waiting(), 0U);
}

TEST_F(SqliteJournalTest, SaysWhenTooMuchWaits) {
    options.waiting_max = 2;
    const auto journal = open();
    EXPECT_FALSE(journal->is_full());
    // The disk is kept busy by the first batch's callback.
    std::mutex gate;
    std::unique_lock closed(gate);
    journal->on_durable([&gate](std::uint64_t) { const std::lock_guard wait(gate); });
    for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
        journal->append({sequence, {}, {{"leg/1", "x"}}, {}, {}});
    }
    // Of ten batches at most the first group is durable; if that was all of them, nothing waits.
    EXPECT_EQ(journal->is_full(), journal->waiting() >= 2);
    closed.unlock();
}

TEST_F(SqliteJournalTest, KeepsTheNewestNoteUnderEachKey) {
    {
        const auto journal = open();
        journal->append({1, {}, {{"leg/1", "old"}, {"registration/anna", "sip:anna@x"}}, {}, {}});
        journal->append({2, {}, {{"leg/2", "gone"}, {"leg/1", "new"}}, {}, {}});
        journal->append({3, {}, {{"leg/2", ""}, {"caller/7", "+49 461 123"}}, {}, {}});
    }
    const std::vector<ports::Note> expected = {
        {"caller/7", "+49 461 123"}, {"leg/1", "new"}, {"registration/anna", "sip:anna@x"}};
    EXPECT_EQ(open()->notes(), expected);
    const std::string bytes = whole_file();
    EXPECT_EQ(bytes.find("anna"), std::string::npos);
    EXPECT_EQ(bytes.find("461 123"), std::string::npos);
}

TEST_F(SqliteJournalTest, KeepsTheCallerAfterTheContactIsOver) {
    {
        const auto journal = open();
        journal->append({1, {}, {{"caller/7", "+49 461 123"}, {"caller/8", "x"}}, {}, {}});
        journal->append(
            {2, {}, {{"caller/8", ""}}, {sample_record(ContactId{7}, {}, at(kDay))}, {}});
        EXPECT_EQ(journal->notes().size(), 0U) << "read before the first append only";
    }
    EXPECT_TRUE(open()->notes().empty());
    EXPECT_EQ(open_reader()->caller(ContactId{7}), "+49 461 123");
    EXPECT_EQ(open_reader()->caller(ContactId{8}), "x");
    EXPECT_EQ(open_reader()->caller(ContactId{9}), std::nullopt);
}

TEST_F(SqliteJournalTest, StoresRecordsAsTheyAre) {
    const core::ContactRecord first = sample_record(ContactId{7}, AgentId{2}, at(kDay, 10));
    core::ContactRecord second;
    second.contact = ContactId{8};
    second.queue = QueueId{1};
    second.queued = at(kDay, 20);
    second.ended = at(kDay, 24);
    second.end = core::ContactEnd::abandoned;
    core::ContactRecord amended = second;
    amended.caller_leg.packets_received = 200;
    const core::BlockedRecord blocked{QueueId{1}, at(kDay, 30), core::BlockedReason::centre_full};
    Centre centre;
    centre.tell(core::Configure{config_of({"anna", "ben"})}, at(kDay, 1));
    {
        const auto journal = open();
        centre.write_to(*journal);
        journal->append({2, {}, {}, {first, second}, {blocked}});
        journal->append({3, {}, {}, {amended}, {}});
    }
    const auto reader = open_reader();
    const auto stored = reader->contacts({});
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[0].record, first);
    EXPECT_EQ(stored[0].day, kDay);
    EXPECT_EQ(stored[1].record, amended);
    EXPECT_EQ(reader->blocked(at(kDay), at(kDay + 1)), std::vector{blocked});
    EXPECT_TRUE(reader->blocked(at(kDay), at(kDay, 30)).empty());

    ContactQuery query;
    query.from = at(kDay, 11);
    EXPECT_EQ(reader->contacts(query).size(), 1U);
    query = {};
    query.before = ContactId{8};
    query.is_newest_first = true;
    ASSERT_EQ(reader->contacts(query).size(), 1U);
    EXPECT_EQ(reader->contacts(query).front().record.contact, ContactId{7});
    query = {};
    query.only = ContactId{8};
    EXPECT_EQ(reader->contacts(query).front().record.contact, ContactId{8});
}

// Each decision with the build that made it, as a floor is rebuilt from them.
std::vector<std::string> builds_of(JournalReader& reader) {
    std::vector<std::string> builds;
    const auto kept = reader.replay_kept([&](const JournalReader::KeptDecision& each) {
        builds.emplace_back(each.build);
        return true;
    });
    EXPECT_TRUE(kept && *kept == JournalReader::Kept::all);
    return builds;
}

TEST_F(SqliteJournalTest, NotesTheBuildThatDecides) {
    Centre centre;
    const auto live = [&](int second) {
        centre.tell(core::EnterQueue{QueueId{1}}, at(kDay, second));
        auto journal = open();
        ASSERT_NE(journal, nullptr) << problem;
        centre.write_to(*journal);
    };
    centre.tell(core::Configure{config_of({"anna"})}, at(kDay));
    live(1);
    change("UPDATE build SET build = 'another'");
    live(2);
    live(3);  // by the same again: no row
    const std::string own(core::build_id());
    const auto reader = open_reader();
    EXPECT_EQ(builds_of(*reader), (std::vector<std::string>{"another", "another", own, own}));
    change("DROP TABLE build");
    EXPECT_EQ(builds_of(*open_reader()), std::vector<std::string>(4));
    live(4);  // an old journal gets its table
    EXPECT_EQ(builds_of(*open_reader()), (std::vector<std::string>{"", "", "", "", own}));
}

TEST_F(SqliteJournalTest, HoldsTheFileAlone) {
    const auto journal = open();
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("in use by another process"), std::string::npos) << problem;
}

TEST_F(SqliteJournalTest, KeepsItsFilesToItself) {
    const auto journal = open();
    for (const std::string& file : {path, path + "-wal", key_path}) {
        struct stat status {};
        ASSERT_EQ(::stat(file.c_str(), &status), 0) << file;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
    }
}

// A process that ends at any moment: what it was told to be durable must be there, and whatever is
// there must be a beginning of what it wrote.
TEST_F(SqliteJournalTest, LosesNothingDurableWhenTheProcessDies) {
    Centre centre;
    centre.tell(core::Configure{config_of({"anna", "ben"})}, at(kDay, 1));
    for (int i = 0; i < 3'000; ++i) {
        centre.tell(core::EnterQueue{QueueId{1}}, at(kDay, 2 + i));
    }
    std::vector<ports::Decision> written;
    for (const ports::Batch& batch : centre.batches) {
        written.push_back(batch.decisions.front());
    }
    for (const std::uint64_t stop_at : {1U, 7U, 1'500U}) {
        std::filesystem::remove(path);
        std::filesystem::remove(path + "-wal");
        std::filesystem::remove(path + "-shm");
        int told[2];
        ASSERT_EQ(::pipe(told), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            options.group_max = 50;
            const auto journal = open();
            journal->on_durable([&](std::uint64_t sequence) {
                if (::write(told[1], &sequence, sizeof sequence) < 0 || sequence >= stop_at) {
                    ::_exit(0);
                }
            });
            centre.write_to(*journal);
            ::pause();
        }
        ::close(told[1]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        std::uint64_t durable = 0;
        std::uint64_t sequence = 0;
        while (::read(told[0], &sequence, sizeof sequence) == sizeof sequence) {
            durable = sequence;
        }
        ::close(told[0]);

        const auto journal = open();
        ASSERT_NE(journal, nullptr) << problem;
        EXPECT_GE(durable, stop_at);
        EXPECT_GE(journal->last_sequence(), durable);
        const auto again = decisions(*journal);
        ASSERT_EQ(again.size(), journal->last_sequence());
        EXPECT_TRUE(std::equal(again.begin(), again.end(), written.begin()));
        EXPECT_EQ(lost, "");
    }
}

TEST_F(SqliteJournalTest, DropsATornEnd) {
    {
        const auto journal = open();
        Durable durable(*journal);
        for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
            journal->append({sequence, {{at(kDay), core::AdvanceTime{}, {}}}, {}, {}, {}});
            ASSERT_TRUE(durable.wait_for(sequence));
        }
        // As if the power failed: the files as they are now, the last commit's frames cut off.
        std::filesystem::copy(path, path + ".copy");
        std::filesystem::copy(path + "-wal", path + ".copy-wal");
    }
    path += ".copy";
    std::filesystem::resize_file(path + "-wal", std::filesystem::file_size(path + "-wal") - 100);
    const auto journal = open();
    ASSERT_NE(journal, nullptr) << problem;
    EXPECT_EQ(journal->last_sequence(), 2U);
    EXPECT_EQ(decisions(*journal).size(), 2U);
    journal->append({3, {}, {}, {}, {}});
}

class DamageTest : public SqliteJournalTest {
protected:
    void SetUp() override {
        Centre centre;
        centre.tell(core::Configure{config_of({"anna"})}, at(kDay, 1));
        for (int i = 0; i < 10; ++i) {
            centre.tell(core::EnterQueue{QueueId{1}}, at(kDay, 2 + i));
        }
        centre.write_to(*open());
    }
    std::size_t replayed() {
        const auto journal = open();
        return journal == nullptr ? 0 : decisions(*journal).size();
    }
};

TEST_F(DamageTest, StopsAtAWrongChecksum) {
    change("UPDATE batch SET bytes = bytes || x'00' WHERE sequence = 5");
    EXPECT_EQ(replayed(), 4U);
    EXPECT_NE(lost.find("batch 5 of the journal is damaged"), std::string::npos) << lost;
}

TEST_F(DamageTest, StopsAtAMissingBatch) {
    change("DELETE FROM batch WHERE sequence = 5");
    EXPECT_EQ(replayed(), 4U);
    EXPECT_NE(lost.find("batch 5 of the journal"), std::string::npos) << lost;
}

TEST_F(DamageTest, StopsAtBatchesThatChangedPlaces) {
    change(
        "UPDATE batch SET sequence = -1 WHERE sequence = 5;"
        "UPDATE batch SET sequence = 5 WHERE sequence = 6;"
        "UPDATE batch SET sequence = 6 WHERE sequence = -1");
    EXPECT_EQ(replayed(), 4U);
    EXPECT_NE(lost.find("batch 5"), std::string::npos) << lost;
}

TEST_F(DamageTest, RefusesALaterFormat) {
    change("PRAGMA user_version = 2");
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("written by a later version"), std::string::npos) << problem;
    EXPECT_FALSE(JournalReader::open(path, key_path));
}

TEST_F(DamageTest, RefusesWhatIsNoJournal) {
    change("PRAGMA application_id = 1");
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("is not a journal"), std::string::npos) << problem;
}

TEST_F(DamageTest, RefusesAFileThatIsNoDatabase) {
    std::filesystem::remove(path + "-wal");
    std::ofstream(path, std::ios::binary) << "This was once a letter, not a database at all.\n";
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("not a database"), std::string::npos) << problem;
}

TEST_F(DamageTest, RefusesToWriteWithoutItsKeys) {
    std::filesystem::remove(key_path);
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("the key file lacks the key"), std::string::npos) << problem;
    // A reader still can read; the agents are then nobody.
    std::size_t count = 0;
    const auto read = open_reader()->replay([&](const ports::Decision&) { ++count; });
    EXPECT_TRUE(read);
    EXPECT_GE(count, 11U);
}

TEST_F(DamageTest, RefusesADamagedKeyFile) {
    std::filesystem::resize_file(key_path, std::filesystem::file_size(key_path) - 5);
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("is damaged"), std::string::npos) << problem;
}

TEST_F(DamageTest, RefusesAFolderThatIsNotThere) {
    path = folder.file("nowhere/centre.db");
    EXPECT_EQ(open(), nullptr);
    EXPECT_NE(problem.find("does the folder exist"), std::string::npos) << problem;
}

}  // namespace
}  // namespace lanze::journal
