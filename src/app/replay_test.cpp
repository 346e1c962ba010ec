#include "app/replay.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/build_id.h"
#include "core/floor.h"
#include "journal/journal_reader.h"
#include "journal/sqlite_journal.h"
#include "journal/trial_folder.h"

namespace lanze::app {
namespace {

constexpr int kDay = 20'000;

ReplayOptions options_of(bool is_json) {
    ReplayOptions options;
    options.verifies = true;
    options.is_json = is_json;
    return options;
}

// A centre's day, written into a journal.
class ReplayTest : public testing::Test {
protected:
    ReplayTest() {
        core::QueueConfig bank;
        bank.name = "bank";
        core::AgentConfig anna;
        anna.name = "anna";
        anna.starts_ready = true;
        core::AgentConfig ben = anna;
        ben.name = "ben";
        core::Config config;
        config.name = "test";
        config.queues = {bank};
        config.agents = {anna, ben};
        tell(core::Configure{config});
        tell(core::EnterQueue{core::QueueId{1}});
        tell(core::Answer{core::PresentationId{1}});
        tell(core::EnterQueue{core::QueueId{1}});
        tell(core::EnterQueue{core::QueueId{1}});
        tell(core::Decline{core::PresentationId{2}, core::DeclineReason::rejected});
        tell(core::HangUp{core::ContactId{1}, core::EndedBy::caller});
    }

    void tell(const core::Command& command) {
        now += seconds(7);
        const core::Outcome outcome = floor.handle(command, now, core::Explaining::yes);
        decisions.push_back({now, command, outcome.events, outcome.reasons});
    }
    void write() {
        journal::SqliteJournalOptions opened;
        opened.opened_at = Time{hours(24 * kDay)};
        auto journal =
            journal::SqliteJournal::open(folder / "centre.db", folder / "centre.keys", opened);
        ASSERT_TRUE(journal) << journal.error();
        std::uint64_t sequence = 0;
        for (const ports::Decision& decision : decisions) {
            ports::Batch batch;
            batch.sequence = ++sequence;
            batch.decisions = {decision};
            (*journal)->append(std::move(batch));
        }
    }
    Replayed verified() {
        write();
        auto reader = journal::JournalReader::open(folder / "centre.db", folder / "centre.keys");
        EXPECT_TRUE(reader);
        const auto replayed = replay(**reader, true);
        EXPECT_TRUE(replayed) << replayed.error();
        return *replayed;
    }

    journal::TrialFolder trial;
    std::filesystem::path folder = trial.file("");
    core::Floor floor;
    Time now = Time{hours(24 * kDay + 9)};
    std::vector<ports::Decision> decisions;
};

TEST_F(ReplayTest, DecidesTheSameAgain) {
    const Replayed replayed = verified();
    EXPECT_FALSE(replayed.difference);
    EXPECT_EQ(replayed.decisions, decisions.size());
    EXPECT_EQ(replayed.by_other_builds, 0U);
    EXPECT_EQ(replayed.contacts_open, 2U);
    EXPECT_GT(replayed.reasons, 3U);
    const std::string text = replay_text(replayed, options_of(false), seconds(1));
    EXPECT_NE(text.find("the same events for the same reasons"), std::string::npos) << text;
}

TEST_F(ReplayTest, FindsTheFirstDecisionThatWasMadeOtherwise) {
    ASSERT_EQ(decisions[3].events.size(), 2U);
    decisions[3].events.pop_back();  // as if nobody had been found
    const Replayed replayed = verified();
    ASSERT_TRUE(replayed.difference);
    EXPECT_EQ(*replayed.difference, (Difference{4,
                                                decisions[3].at,
                                                "EnterQueue",
                                                {"ContactQueued"},
                                                {"ContactQueued", "ContactPresented"},
                                                std::string(core::build_id())}));
    const std::string text = replay_text(replayed, options_of(false), seconds(1));
    EXPECT_NE(text.find("a bug, please report it"), std::string::npos) << text;
}

TEST_F(ReplayTest, FindsAnotherReason) {
    ASSERT_FALSE(decisions[3].reasons.empty());
    decisions[3].reasons[0].candidates += 1;
    const Replayed replayed = verified();
    ASSERT_TRUE(replayed.difference);
    EXPECT_EQ(replayed.difference->recorded, replayed.difference->decided);
}

TEST_F(ReplayTest, TellsTheSameAsJson) {
    const std::string text = replay_text(verified(), options_of(true), seconds(2));
    EXPECT_NE(text.find(R"("is_verified":true)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("seconds":2E0)"), std::string::npos) << text;
}

TEST_F(ReplayTest, NothingIsDecidedWithoutKeys) {
    write();
    std::filesystem::remove(folder / "centre.keys");
    ReplayOptions options = options_of(false);
    options.journal_path = folder / "centre.db";
    EXPECT_EQ(run_replay(options), 1);
}

}  // namespace
}  // namespace lanze::app
