#include "journal/sqlite_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "core/floor.h"
#include "journal/database.h"
#include "journal/journal_reader.h"
#include "journal/key_file.h"
#include "journal/trial_folder.h"

namespace lanze::journal {
namespace {

using core::AgentId;
using core::ContactId;
using core::QueueId;

constexpr Day kDay = 20'500;

Time at(Day day, int second = 0) {
    return start_of(day) + seconds(second);
}

core::Config config_of(const std::vector<std::string>& agents) {
    core::Config config;
    config.name = "centre";
    core::QueueConfig queue;
    queue.name = "accounts";
    config.queues = {queue};
    for (const std::string& name : agents) {
        core::AgentConfig agent;
        agent.name = name;
        agent.starts_ready = true;
        config.agents.push_back(agent);
    }
    return config;
}

// A centre in small: a floor whose decisions go to the journal one batch each.
class Centre {
public:
    std::vector<core::Event> tell(const core::Command& command, Time now) {
        core::Outcome outcome = floor.handle(command, now);
        ports::Batch batch;
        batch.sequence = ++sequence;
        batch.decisions.push_back({now, command, outcome.events, {}});
        batches.push_back(std::move(batch));
        return outcome.events;
    }
    void write_to(SqliteJournal& journal) {
        for (ports::Batch& batch : batches) {
            journal.append(std::move(batch));
        }
        batches.clear();
    }

    core::Floor floor;
    std::uint64_t sequence = 0;
    std::vector<ports::Batch> batches;
};

class SqliteJournalTest : public ::testing::Test {
protected:
    std::unique_ptr<SqliteJournal> open(Day today = kDay) {
        options.opened_at = at(today);
        options.on_lost = [this](const std::string& message) { lost = message; };
        auto journal = SqliteJournal::open(path, key_path, options);
        problem = journal ? "" : journal.error();
        return journal ? std::move(*journal) : nullptr;
    }
    std::unique_ptr<JournalReader> open_reader() {
        auto reader = JournalReader::open(path, key_path);
        EXPECT_TRUE(reader) << reader.error();
        return std::move(*reader);
    }
    static std::vector<ports::Decision> decisions(SqliteJournal& journal) {
        std::vector<ports::Decision> result;
        journal.replay([&](const ports::Decision& decision) { result.push_back(decision); });
        return result;
    }
    void change(const std::string& sql) {
        auto database = Database::open(path, Database::Access::write);
        ASSERT_TRUE(database);
        const auto done = database->run(sql.c_str());
        ASSERT_TRUE(done) << done.error();
    }
    std::string whole_file() const {
        std::stringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        text << std::ifstream(path + "-wal", std::ios::binary).rdbuf();
        return text.str();
    }

    TrialFolder folder;
    std::string path = folder.file("centre.db");
    std::string key_path = folder.file("centre.keys");
    SqliteJournalOptions options;
    std::string lost;
    std::string problem;
};

// Lets the caller wait until a batch is durable, without sleeping.
class Durable {
public:
    explicit Durable(SqliteJournal& journal) {
        journal.on_durable([this](std::uint64_t sequence) {
            const std::lock_guard guard(mutex_);
            sequence_ = sequence;
            changed_.notify_all();
        });
    }
    bool wait_for(std::uint64_t sequence) {
        std::unique_lock guard(mutex_);
        return changed_.wait_for(guard, std::chrono::seconds(20),
                                 [&] { return sequence_ >= sequence; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t sequence_ = 0;
};

core::ContactRecord sample_record(ContactId contact, AgentId agent, Time queued) {
    core::ContactRecord record;
    record.contact = contact;
    record.queue = QueueId{1};
    record.queued = queued;
    record.presented = queued + seconds(2);
    record.answered = queued + seconds(5);
    record.ended = queued + seconds(65);
    record.held = seconds(7);
    record.presentations = 2;
    record.agent = agent;
    record.end = core::ContactEnd::cut_off;
    record.by = core::EndedBy::centre;
    record.cause = core::CutOffCause::restart;
    record.outcome = "solved";
    record.caller_leg = {3000, 4, 2500, 0, 437};
    record.agent_leg = {2990, 0, 1000, 30'000, 441};
    return record;
}

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

class FadingTest : public SqliteJournalTest {
protected:
    // Two agents, a contact a day, for `days`; one contact is left waiting and one is being talked
    // to since the first day.
    void live(int days) {
        centre.tell(core::Configure{config_of({"anna", "ben", "carla"})}, at(kDay, 1));
        centre.tell(core::OpenDesk{AgentId{1}}, at(kDay, 2));
        centre.tell(core::NotReady{AgentId{2}, core::NotReadyReason::training}, at(kDay, 3));
        talk(at(kDay, 10), false);
        for (int day = 0; day < days; ++day) {
            talk(at(kDay + day, 1'000), true);
        }
    }
    void talk(Time start, bool is_ended) {
        const auto events = centre.tell(core::EnterQueue{QueueId{1}}, start);
        const auto& presented = std::get<core::ContactPresented>(events.back());
        centre.tell(core::Answer{presented.presentation}, start + seconds(4));
        if (!is_ended) {
            return;
        }
        centre.tell(core::HangUp{presented.contact}, start + seconds(60));
        centre.tell(core::EndWrapUp{presented.agent, ""}, start + seconds(65));
        core::ContactRecord record = sample_record(presented.contact, presented.agent, start);
        centre.batches.back().finished.push_back(record);
        centre.batches.back().notes.push_back(
            {"caller/" + std::to_string(presented.contact.value()), "+49 461 1"});
    }
    core::Floor rebuilt(SqliteJournal& journal) {
        core::Floor floor;
        journal.replay([&](const ports::Decision& decision) {
            for (const core::Event& event : decision.events) {
                floor.apply(event, decision.at);
            }
        });
        return floor;
    }

    // Alike but for what the charter counts of hours and days that have faded.
    void expect_like_live(const core::Floor& floor) const {
        EXPECT_EQ(floor.config(), centre.floor.config());
        EXPECT_EQ(floor.contacts(), centre.floor.contacts());
        EXPECT_EQ(floor.next_contact(), centre.floor.next_contact());
        ASSERT_EQ(floor.agents().size(), centre.floor.agents().size());
        for (std::size_t i = 0; i < floor.agents().size(); ++i) {
            EXPECT_EQ(floor.agents()[i].config, centre.floor.agents()[i].config);
            EXPECT_EQ(floor.agents()[i].activity, centre.floor.agents()[i].activity);
            EXPECT_EQ(floor.agents()[i].closed_for, centre.floor.agents()[i].closed_for);
        }
        ASSERT_EQ(floor.queues().size(), centre.floor.queues().size());
        for (std::size_t i = 0; i < floor.queues().size(); ++i) {
            EXPECT_EQ(floor.queues()[i].contacts, centre.floor.queues()[i].contacts);
        }
    }

    Centre centre;
};

TEST_F(FadingTest, KeepsTheFloorWhenDaysAreForgotten) {
    live(20);
    centre.write_to(*open());
    const auto journal = open(kDay + 19);
    ASSERT_NE(journal, nullptr) << problem;
    expect_like_live(rebuilt(*journal));
}

TEST_F(FadingTest, KeepsTheFloorWhenEveryDayIsForgotten) {
    live(3);
    centre.write_to(*open());
    for (const Day today : {kDay + 10, kDay + 11, kDay + 40}) {
        const auto journal = open(today);
        ASSERT_NE(journal, nullptr) << problem;
        expect_like_live(rebuilt(*journal));
    }
}

TEST_F(FadingTest, ForgetsWhoDidWhatAfterAWeek) {
    live(20);
    centre.write_to(*open());
    auto keys = KeyFile::load(key_path);
    ASSERT_TRUE(keys);
    EXPECT_FALSE(keys->has(Purpose::agents, kDay + 11));
    EXPECT_TRUE(keys->has(Purpose::agents, kDay + 12));

    const auto stored = open_reader()->contacts({});
    ASSERT_EQ(stored.size(), 20U);
    EXPECT_GE(stored.front().record.agent.value(), 1U << 31U);
    EXPECT_LT(stored.back().record.agent.value(), 10U);
    EXPECT_EQ(open_reader()->caller(stored.front().record.contact), "+49 461 1");
}

TEST_F(FadingTest, ReadsForgottenDaysWithAgentsWhoAreNobody) {
    live(20);
    centre.write_to(*open());
    std::vector<core::Configured> rosters;
    std::vector<Time> forgotten;
    std::size_t answered = 0;
    std::set<AgentId> of_day;
    const auto read = open_reader()->replay(
        [&](const ports::Decision& decision) {
            for (const core::Event& event : decision.events) {
                if (const auto* configured = std::get_if<core::Configured>(&event)) {
                    rosters.push_back(*configured);
                    of_day = {configured->agent_ids.begin(), configured->agent_ids.end()};
                }
                if (const auto* talk = std::get_if<core::ContactAnswered>(&event)) {
                    ++answered;
                    EXPECT_TRUE(of_day.contains(talk->agent));
                }
            }
        },
        [&](Time end) { forgotten.push_back(end); });
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(answered, 21U);
    EXPECT_EQ(forgotten.size(), 12U);
    EXPECT_EQ(forgotten.front(), at(kDay + 1));
    // One a forgotten day, one as the names come back, and the command of the first day.
    ASSERT_EQ(rosters.size(), 14U);
    EXPECT_EQ(rosters.front().config.agents.size(), 3U);
    EXPECT_NE(rosters[5].agent_ids, rosters[6].agent_ids);
    EXPECT_TRUE(rosters[5].config.agents.front().name.starts_with("agent-2"));
}

TEST_F(FadingTest, ForgetsCallersAfterAQuarter) {
    options.agent_days = 100;
    live(3);
    centre.batches.front().notes.push_back({"registration/anna", "sip:anna@x"});
    centre.write_to(*open());
    EXPECT_EQ(open_reader()->caller(ContactId{2}), "+49 461 1");
    const auto journal = open(kDay + 91);
    EXPECT_EQ(open_reader()->caller(ContactId{2}), std::nullopt);
    EXPECT_EQ(open_reader()->caller(ContactId{4}), "+49 461 1");
    const std::vector<ports::Note> expected = {{"registration/anna", "sip:anna@x"}};
    EXPECT_EQ(journal->notes(), expected);
}

}  // namespace
}  // namespace lanze::journal
