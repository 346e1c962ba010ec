#include "predict/wait_judge.h"

#include <gtest/gtest.h>

#include <cmath>

#include "predict/centre_fixture.h"

namespace lanze::predict {
namespace {

class WaitJudgeTest : public testing::Test {
protected:
    WaitJudgeTest() {
        centre.add_agents(1, {"bank"});
        centre.open();
    }
    // The agent talks for a hundred seconds each time; the next one waits for so long of them.
    void warm_up(int count, Duration wait) {
        core::ContactId talking = centre.enter(1);
        for (int i = 0; i < count; ++i) {
            centre.pass(seconds(100) - wait);
            const core::ContactId waiting = centre.enter(1);
            centre.pass(wait);
            centre.hang_up(talking);
            talking = waiting;
        }
        last = talking;
    }
    WaitJudge::Errors errors(const WaitJudge::Figures& figures, Method method) {
        return figures.errors[static_cast<std::size_t>(method)];
    }

    WaitJudge judge;
    SmallCentre centre{{"bank"},
                       [this](const core::Event& event, Time at, const core::Floor& floor) {
                           judge.note(event, at, floor);
                       }};
    core::ContactId last;
};

TEST_F(WaitJudgeTest, NobodyIsJudgedBeforeAllMethodsHaveSomethingToSay) {
    warm_up(50, seconds(40));
    const WaitJudge::Table table = judge.table();
    EXPECT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(table.rows[0].answered, 0U);
    EXPECT_EQ(table.unjudged, 50U) << "the first one did not wait";
}

// After fifty waits of 40 s comes one who waits for 30 s; all but ours and the head of line say 40,
// ours 100: the agent's mean handle time.
TEST_F(WaitJudgeTest, EachMethodIsJudgedByTheWaitThatCameTrue) {
    warm_up(50, seconds(40));
    centre.pass(seconds(70));
    centre.enter(1);
    centre.pass(seconds(30));
    centre.hang_up(last);
    const WaitJudge::Table table = judge.table();
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_EQ(table.rows[1].queue, core::QueueId{1});
    for (const WaitJudge::Row& row : table.rows) {
        EXPECT_EQ(row.answered, 1U);
        EXPECT_EQ(row.of_answered.mean_wait, 30);
        EXPECT_NEAR(errors(row.of_answered, Method::ours).bias, 70, 1e-5);
        EXPECT_NEAR(errors(row.of_answered, Method::ours).relative, 70 / 30.0, 1e-5);
        EXPECT_EQ(errors(row.of_answered, Method::last_served).bias, 10);
        EXPECT_EQ(errors(row.of_answered, Method::last_ten).mean_absolute, 10);
        EXPECT_EQ(errors(row.of_answered, Method::last_fifty).root_mean_square, 10);
        EXPECT_EQ(errors(row.of_answered, Method::head_of_line).bias, -30) << "nobody waited";
        EXPECT_EQ(row.of_answered.within, 1) << "10 % quantile: about 10 s";
    }
}

TEST_F(WaitJudgeTest, TheHeadOfLineIsWhoHasWaitedLongest) {
    warm_up(50, seconds(40));
    centre.enter(1);
    centre.pass(seconds(25));
    centre.enter(1);
    centre.pass(seconds(75));
    centre.hang_up(last);
    centre.pass(seconds(5));
    centre.hang_up(core::ContactId{last.value() + 1});
    const WaitJudge::Figures figures = judge.table().rows[0].of_answered;
    EXPECT_EQ(figures.mean_wait, 90) << "100 and 80";
    EXPECT_EQ(errors(figures, Method::head_of_line).bias, (-100 + 25 - 80) / 2.0);
}

// Of four, one gives up after 10 s: the two who are answered later stand for one and a half each.
TEST_F(WaitJudgeTest, WhoGaveUpIsStoodForByThoseWhoWaitedLonger) {
    warm_up(50, seconds(40));
    std::vector<core::ContactId> contacts;
    for (int i = 0; i < 4; ++i) {
        contacts.push_back(centre.enter(1));
    }
    centre.pass(seconds(5));
    centre.hang_up(last);  // the first is answered after 5 s
    centre.pass(seconds(5));
    centre.hang_up(contacts[1]);
    centre.pass(seconds(10));
    centre.hang_up(contacts[0]);  // the third after 20 s
    centre.pass(seconds(10));
    centre.hang_up(contacts[2]);  // the fourth after 30 s
    const WaitJudge::Row row = judge.table().rows[0];
    EXPECT_EQ(row.answered, 3U);
    EXPECT_EQ(row.abandoned, 1U);
    EXPECT_NEAR(row.of_answered.mean_wait, (5 + 20 + 30) / 3.0, 1e-9);
    EXPECT_NEAR(row.of_all.mean_wait, (5 + 1.5 * 20 + 1.5 * 30) / 4, 1e-9)
        << "one of the three who waited for 10 s or more had given up";
}

TEST_F(WaitJudgeTest, WhoGoesElsewhereIsLeftOut) {
    warm_up(50, seconds(40));
    const core::ContactId waiting = centre.enter(1);
    centre.decide(core::CutOff{waiting, core::CutOffCause::media_silent});
    EXPECT_EQ(judge.table().elsewhere, 1U);
    EXPECT_EQ(judge.table().rows[0].abandoned, 0U);
}

// Read event by event, as out of a journal, or turn by turn: the same.
TEST(WaitJudgeReplayTest, EventByEventJudgesTheSame) {
    WaitJudge live;
    std::vector<std::pair<core::Event, Time>> journal;
    SmallCentre centre({"bank"}, [&](const core::Event& event, Time at, const core::Floor& floor) {
        live.note(event, at, floor);
        journal.emplace_back(event, at);
    });
    centre.add_agents(2, {"bank"});
    centre.open();
    std::deque<core::ContactId> contacts;
    for (int i = 0; i < 400; ++i) {
        contacts.push_back(centre.enter(1));
        centre.pass(seconds(7 + 13 * (i % 5)));
        while (contacts.size() > static_cast<std::size_t>(3 + i % 7)) {
            centre.hang_up(contacts.front());
            contacts.pop_front();
        }
    }
    WaitJudge replayed;
    core::Floor floor;
    for (const auto& [event, at] : journal) {
        floor.apply(event, at);
        replayed.note(event, at, floor);
    }
    const WaitJudge::Row a = live.table().rows[0];
    const WaitJudge::Row b = replayed.table().rows[0];
    EXPECT_GT(a.answered, 100U);
    EXPECT_EQ(a.answered, b.answered);
    EXPECT_EQ(a.abandoned, b.abandoned);
    for (std::size_t i = 0; i < kMethods; ++i) {
        EXPECT_DOUBLE_EQ(a.of_all.errors[i].mean_absolute, b.of_all.errors[i].mean_absolute);
    }
    EXPECT_DOUBLE_EQ(a.of_all.within, b.of_all.within);
}

}  // namespace
}  // namespace lanze::predict
