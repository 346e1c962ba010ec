// What is forgotten with its days and weeks, and what stays.
#include <filesystem>

#include "journal/sqlite_journal_fixture.h"

namespace lanze::journal {
namespace {

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

    // Equal but for what fades with its hours and days: the charter's counters, and whose turn it
    // is.
    static core::Agent lasting(core::Agent agent) {
        agent.load = {};
        agent.load_when_idle = {};
        agent.duty = {};
        return agent;
    }
    static core::Queue lasting(core::Queue queue) {
        queue.last_place.reset();
        queue.handle_times = {};
        return queue;
    }
    void expect_like_live(const core::Floor& floor) const {
        EXPECT_EQ(floor.whole_config(), centre.floor.whole_config());
        EXPECT_EQ(floor.contacts(), centre.floor.contacts());
        EXPECT_EQ(floor.next_contact(), centre.floor.next_contact());
        EXPECT_EQ(floor.next_deadline(), centre.floor.next_deadline());
        ASSERT_EQ(floor.agents().size(), centre.floor.agents().size());
        for (std::size_t i = 0; i < floor.agents().size(); ++i) {
            EXPECT_EQ(lasting(floor.agents()[i]), lasting(centre.floor.agents()[i]));
        }
        ASSERT_EQ(floor.queues().size(), centre.floor.queues().size());
        for (std::size_t i = 0; i < floor.queues().size(); ++i) {
            EXPECT_EQ(lasting(floor.queues()[i]), lasting(centre.floor.queues()[i]));
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

// What a reader gets beside the writer: the floor as it stands, until a key is missing.
TEST_F(FadingTest, LetsReadersRebuildTheFloor) {
    live(10);
    centre.write_to(*open());
    auto journal = open(kDay + 9);
    ASSERT_NE(journal, nullptr) << problem;
    const core::Floor expected = rebuilt(*journal);
    core::Floor floor;
    std::size_t carried_over = 0;
    const auto read = [&] {
        floor = {};
        carried_over = 0;
        return open_reader()->replay_kept([&](const JournalReader::KeptDecision& each) {
            carried_over += each.is_carried_over ? 1 : 0;
            for (const core::Event& event : each.decision.events) {
                floor.apply(event, each.decision.at);
            }
            return true;
        });
    };
    const auto kept = read();
    ASSERT_TRUE(kept) << kept.error();
    EXPECT_EQ(*kept, JournalReader::Kept::all);
    EXPECT_GT(carried_over, 0U);
    EXPECT_TRUE(floor.is_same_as(expected));
    std::filesystem::remove(key_path);
    const auto without = read();
    ASSERT_TRUE(without) << without.error();
    EXPECT_EQ(*without, JournalReader::Kept::key_gone);
    EXPECT_EQ(carried_over, 0U) << "agents who are nobody fit no floor";
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
