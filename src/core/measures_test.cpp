#include "core/measures.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "base/rng.h"
#include "core/floor.h"

namespace lanze::core {
namespace {

constexpr QueueId kQueue{1};

Time at(int second) {
    return from_micros(0) + seconds(second);
}

ContactRecord answered(int wait, int talk, int wrap_up) {
    ContactRecord record;
    record.queued = at(1'000);
    record.answered = at(1'000 + wait);
    record.ended = at(1'000 + wait + talk);
    if (wrap_up > 0) {
        record.wrap_up_ended = record.ended + seconds(wrap_up);
    }
    record.end = ContactEnd::finished;
    return record;
}

ContactRecord ended_unanswered(int wait, ContactEnd end) {
    ContactRecord record;
    record.queued = at(1'000);
    record.ended = at(1'000 + wait);
    record.end = end;
    return record;
}

// Ten contacts, counted by hand. Threshold 20 s, short abandon below 5 s.
TrafficCounts ten_contacts() {
    const ServiceLevel level;
    TrafficCounts counts;
    counts.add(answered(0, 100, 20), level);
    counts.add(answered(20, 60, 0), level);  // just within
    counts.add(answered(21, 200, 40), level);
    counts.add(answered(59, 30, 10), level);
    counts.add(ended_unanswered(4, ContactEnd::abandoned), level);  // short
    counts.add(ended_unanswered(5, ContactEnd::abandoned), level);  // not short, within
    counts.add(ended_unanswered(70, ContactEnd::abandoned), level);
    counts.add(ended_unanswered(30, ContactEnd::cut_off), level);
    ContactRecord waiting;
    waiting.queued = at(1'000);
    counts.add_open(waiting, level);
    ContactRecord in_wrap_up = answered(10, 50, 0);
    counts.add_open(in_wrap_up, level);
    return counts;
}

TEST(TrafficCountsTest, CountsByHand) {
    const TrafficCounts counts = ten_contacts();
    EXPECT_EQ(counts.offered, 10U);
    EXPECT_EQ(counts.answered, 5U);
    EXPECT_EQ(counts.abandoned, 3U);
    EXPECT_EQ(counts.cut_off, 1U);
    EXPECT_EQ(counts.waiting, 1U);
    EXPECT_EQ(counts.answered_within, 3U);
    EXPECT_EQ(counts.abandoned_within, 2U);
    EXPECT_EQ(counts.short_abandons, 1U);
    EXPECT_EQ(counts.answer_delay, (MeanTime{seconds(0 + 20 + 21 + 59 + 10), 5}));
    EXPECT_EQ(counts.handle_time, (MeanTime{seconds(120 + 60 + 240 + 40), 4}));
    EXPECT_EQ(counts.wait_max, seconds(70));
}

TEST(TrafficCountsTest, KnowsFourDefinitionsOfTheServiceLevel) {
    struct Row {
        ServiceLevelDefinition definition;
        Ratio expected;
    };
    const std::array<Row, 4> rows{{
        {ServiceLevelDefinition::answered_within_per_offered_less_short, {3, 9}},
        {ServiceLevelDefinition::answered_within_per_offered, {3, 10}},
        {ServiceLevelDefinition::answered_within_per_answered, {3, 5}},
        {ServiceLevelDefinition::answered_or_abandoned_within_per_offered, {5, 10}},
    }};
    for (const Row& row : rows) {
        EXPECT_EQ(service_level(ten_contacts(), row.definition), row.expected);
        EXPECT_EQ(service_level(TrafficCounts{}, row.definition), Ratio{});
    }
}

TEST(TrafficCountsTest, AddsUp) {
    TrafficCounts twice = ten_contacts();
    twice.add(ten_contacts());
    EXPECT_EQ(twice.offered, 20U);
    EXPECT_EQ(twice.short_abandons, 2U);
    EXPECT_EQ(twice.answer_delay.count, 10U);
    EXPECT_EQ(twice.wait_max, seconds(70));
}

TEST(TrafficCountsTest, KeepsAnsweredWhatBrokeOffLater) {
    ContactRecord record = answered(3, 60, 0);
    record.end = ContactEnd::cut_off;
    TrafficCounts counts;
    counts.add(record, ServiceLevel{});
    EXPECT_EQ(counts.answered, 1U);
    EXPECT_EQ(counts.cut_off, 0U);
}

TEST(IntervalGridTest, FindsTheIntervalOfATime) {
    const IntervalGrid grid({at(0), at(10), at(30)});
    EXPECT_EQ(grid.size(), 2U);
    EXPECT_EQ(grid.index_of(at(-1)), std::nullopt);
    EXPECT_EQ(grid.index_of(at(0)), 0U);
    EXPECT_EQ(grid.index_of(at(9)), 0U);
    EXPECT_EQ(grid.index_of(at(10)), 1U);
    EXPECT_EQ(grid.index_of(at(30)), std::nullopt);
    EXPECT_EQ(IntervalGrid({}).index_of(at(0)), std::nullopt);
}

class AgentTimeTest : public ::testing::Test {
protected:
    // Anna serves queue 1 only, Ben both.
    static Configured configured() {
        Configured event;
        event.config.queues.resize(2);
        event.config.queues[0].needs = {{"accounts", 1}};
        event.config.queues[1].needs = {{"loans", 5}};
        event.config.agents.resize(2);
        event.config.agents[0].skills = {{"accounts", 1}, {"loans", 4}};
        event.config.agents[1].skills = {{"accounts", 9}, {"loans", 5}};
        event.queue_ids = {QueueId{1}, QueueId{2}};
        event.agent_ids = {kAnna, kBen};
        return event;
    }
    // A contact that alerts at 30, is answered at 40, ends at 100 and is wrapped up at 120.
    void anna_works() {
        const ContactId contact{1};
        table.note(configured(), at(0));
        table.note(AgentReady{kAnna}, at(10));
        table.note(AgentReady{kBen}, at(50));
        table.note(ContactPresented{contact, kAnna, PresentationId{1}, at(45)}, at(30));
        table.note(ContactAnswered{contact, kAnna, PresentationId{1}}, at(40));
        table.note(ContactEnded{contact, ContactEnd::finished, EndedBy::caller, {}}, at(100));
        table.note(WrapUpStarted{kAnna, contact, at(120)}, at(100));
        table.note(WrapUpEnded{kAnna, contact, ""}, at(120));
        table.note(AgentNotReady{kAnna, NotReadyReason::break_time}, at(120));
        table.cut(at(200));
    }

    static constexpr AgentId kAnna{1};
    static constexpr AgentId kBen{2};
    OccupancyTable table{IntervalGrid({at(0), at(60), at(120), at(300)})};
};

TEST_F(AgentTimeTest, SplitsTimeByIntervalAndQueue) {
    anna_works();
    struct Row {
        QueueId queue;
        std::size_t interval;
        int handling;
        int ready;
        std::size_t agents;
    };
    const std::array<Row, 6> rows{{
        {QueueId{1}, 0, 20, 20 + 10 + 10, 2},  // Anna ready, alerting, talking; Ben ready
        {QueueId{1}, 1, 60, 60, 2},
        {QueueId{1}, 2, 0, 80, 1},
        {QueueId{2}, 0, 0, 10, 1},
        {QueueId{2}, 1, 0, 60, 1},
        {QueueId{2}, 2, 0, 80, 1},
    }};
    for (const Row& row : rows) {
        const Occupancy& cell = table.of(row.queue, row.interval);
        EXPECT_EQ(cell.handling, seconds(row.handling)) << row.interval;
        EXPECT_EQ(cell.ready, seconds(row.ready)) << row.interval;
        EXPECT_EQ(cell.agents.size(), row.agents) << row.interval;
    }
    EXPECT_EQ(table.of(QueueId{1}, 1).ratio(), (Ratio{60'000'000, 120'000'000}));
    EXPECT_EQ(table.of(QueueId{3}, 1).ratio(), Ratio{});
}

// Two chats that overlap are one person's time; between and after them she is ready.
TEST_F(AgentTimeTest, CountsSeveralAtOnceOnlyOnce) {
    const auto queued = [](std::uint64_t id) {
        return ContactQueued{ContactId{id}, QueueId{1}, {}, 5, {}, Channel::chat};
    };
    const auto answered = [](std::uint64_t id) {
        return ContactAnswered{ContactId{id}, kAnna, PresentationId{id}};
    };
    table.note(configured(), at(0));
    table.note(AgentReady{kAnna}, at(0));
    table.note(queued(1), at(10));
    table.note(answered(1), at(10));
    table.note(queued(2), at(20));
    table.note(answered(2), at(20));
    table.note(ContactEnded{ContactId{1}, ContactEnd::finished, EndedBy::caller, {}}, at(30));
    table.note(WrapUpEnded{kAnna, ContactId{1}, ""}, at(30));
    table.note(ContactEnded{ContactId{2}, ContactEnd::finished, EndedBy::caller, {}}, at(40));
    table.note(WrapUpEnded{kAnna, ContactId{2}, ""}, at(45));
    table.cut(at(60));
    EXPECT_EQ(table.of(QueueId{1}, 0).handling, seconds(35));
    EXPECT_EQ(table.of(QueueId{1}, 0).ready, seconds(25));
}

TEST_F(AgentTimeTest, CutsWithoutLosingOrDoubling) {
    anna_works();
    table.cut(at(200));
    table.cut(at(250));
    EXPECT_EQ(table.of(QueueId{2}, 2).ready, seconds(130));
}

TEST_F(AgentTimeTest, ForgetsWhatItCannotKnow) {
    table.note(configured(), at(0));
    table.note(AgentReady{kBen}, at(0));
    table.forget(at(30));
    table.cut(at(60));
    EXPECT_EQ(table.of(QueueId{2}, 0).ready, seconds(30));
}

TEST_F(AgentTimeTest, CountsNoTimeOfRestAndAfterAMiss) {
    table.note(configured(), at(0));
    table.note(AgentReady{kBen}, at(0));
    table.note(ContactPresented{ContactId{1}, kBen, PresentationId{1}, at(15)}, at(5));
    table.note(PresentationEnded{PresentationId{1}, ContactId{1}, kBen, PresentationEnd::expired},
               at(15));
    table.note(AgentRests{kBen, NotReadyReason::missed, at(20)}, at(15));
    table.note(AgentReady{kBen}, at(20));
    table.note(AgentReady{kBen}, at(25));  // said again
    table.cut(at(60));
    EXPECT_EQ(table.of(QueueId{2}, 0).ready, seconds(15 + 40));
}

TEST(ServesTest, AsksForEverySkillAtItsLevel) {
    AgentConfig agent;
    agent.skills = {{"english", 3}, {"german", 9}};
    QueueConfig queue;
    EXPECT_TRUE(serves(agent, queue));
    queue.needs = {{"german", 9}};
    EXPECT_TRUE(serves(agent, queue));
    queue.needs = {{"english", 4}, {"german", 1}};
    EXPECT_FALSE(serves(agent, queue));
    queue.needs = {{"danish", 1}};
    EXPECT_FALSE(serves(agent, queue));
}

// Whatever happens on a floor: each contact is counted once, and the sum is what entered.
class BalanceTest : public ::testing::TestWithParam<std::uint64_t> {
protected:
    void tell(const Command& command, Time now) {
        for (const Event& event : floor.handle(command, now).events) {
            keeper.note(event, now);
            entered += std::holds_alternative<ContactQueued>(event) ? 1U : 0U;
            turned_away += std::holds_alternative<ContactBlocked>(event) ? 1U : 0U;
        }
    }
    void expect_balance() {
        for (const ContactRecord& record : keeper.take_finished()) {
            finished.add(record, ServiceLevel{});
        }
        TrafficCounts all = finished;
        for (const ContactRecord& record : keeper.open()) {
            all.add_open(record, ServiceLevel{});
        }
        blocked += keeper.take_blocked().size();
        EXPECT_EQ(all.offered, entered);
        EXPECT_EQ(all.offered,
                  all.answered + all.abandoned + all.diverted + all.cut_off + all.waiting);
        EXPECT_EQ(blocked, turned_away);
        EXPECT_EQ(all.waiting,
                  std::accumulate(
                      floor.contacts().begin(), floor.contacts().end(), std::uint64_t{0},
                      [](auto sum, const auto& entry) {
                          return sum +
                                 (std::holds_alternative<Connected>(entry.second.state) ? 0U : 1U);
                      }));
        EXPECT_LE(all.answered_within, all.answered);
        EXPECT_LE(all.short_abandons, all.abandoned);
    }

    ContactId open_contact(Rng& rng) const {
        std::set<ContactId> open;
        for (const auto& [id, contact] : floor.contacts()) {
            open.insert(id);
        }
        return open.empty()
                   ? ContactId{}
                   : *std::next(open.begin(), rng.below(static_cast<std::uint32_t>(open.size())));
    }
    PresentationId presentation_of(ContactId id) const {
        const Contact* contact = floor.find_contact(id);
        const auto* presented =
            contact == nullptr ? nullptr : std::get_if<Presented>(&contact->state);
        return presented == nullptr ? PresentationId{} : presented->presentation;
    }

    Floor floor;
    RecordKeeper keeper;
    TrafficCounts finished;
    std::uint64_t entered = 0;
    std::uint64_t turned_away = 0;
    std::uint64_t blocked = 0;
};

TEST_P(BalanceTest, HoldsAtAnyTime) {
    Rng rng(GetParam());
    Config config;
    config.name = "centre";
    config.queues.resize(1);
    config.queues[0].name = "accounts";
    config.queues[0].waiting_max = 5;
    config.agents.resize(3);
    for (std::size_t i = 0; i < 3; ++i) {
        config.agents[i].name = "agent" + std::to_string(i);
        config.agents[i].starts_ready = true;
        config.agents[i].wrap_up = seconds(i == 0 ? 0 : 3);
        config.agents[i].capacity.chats = static_cast<std::uint8_t>(1 + i);
    }
    tell(Configure{config}, at(0));
    for (int second = 1; second < 2'000; ++second) {
        const ContactId contact = open_contact(rng);
        const PresentationId presentation = presentation_of(contact);
        const AgentId agent{1 + rng.below(3)};
        const std::array<Command, 14> commands = {
            EnterQueue{kQueue, {}, 0, {}, Channel::chat},
            Answer{presentation},
            EnterQueue{kQueue},
            EnterQueue{kQueue},
            EnterQueue{kQueue},
            Answer{presentation},
            Answer{presentation},
            Decline{presentation, DeclineReason::busy},
            HangUp{contact, EndedBy::caller},
            CutOff{contact, CutOffCause::media_silent},
            EndWrapUp{agent, "solved"},
            Ready{agent},
            Ready{AgentId{agent.value() % 3 + 1}},
            NotReady{agent},
        };
        tell(commands[rng.below(static_cast<std::uint32_t>(commands.size()))], at(second));
        expect_balance();
    }
    EXPECT_GT(finished.answered, 50U);
    EXPECT_GT(finished.abandoned, 10U);
    EXPECT_GT(finished.cut_off, 5U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BalanceTest, ::testing::Values(1, 2, 3, 4, 5));

}  // namespace
}  // namespace lanze::core
