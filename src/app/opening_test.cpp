#include "app/opening.h"

#include <gtest/gtest.h>

#include "app/local_time.h"

namespace lanze::app {
namespace {

// A centre in simulated time: "bank" from Monday to Friday, "night" always.
class OpeningTest : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(use_time_zone("Europe/Berlin"));
        Calendar office{"office"};
        for (std::size_t day = 0; day < 5; ++day) {
            office.week[day] = {*parse_day_span("08:00-18:00")};
        }
        opening_ = {{office}, {{"bank", 0}, {"night", std::nullopt}}};
        configure(core::AtClosing::end);
    }

    void configure(core::AtClosing at_closing) {
        core::QueueConfig bank;
        bank.name = "bank";
        bank.at_closing = at_closing;
        bank.closing_to = at_closing == core::AtClosing::divert ? "night" : "";
        core::QueueConfig night;
        night.name = "night";
        core::Config config;
        config.name = "test";
        config.queues = {bank, night};
        ASSERT_FALSE(floor_.handle(core::Configure{config}, now_).refusal);
    }

    // What happens when the centre looks at its calendars at that time.
    std::size_t look(const char* text) {
        now_ = *parse_local(text, now_);
        (void)floor_.handle(core::AdvanceTime{}, now_);
        const auto missing = missing_hours(floor_, opening_, now_, offset_of_zone);
        for (const core::SetHours& command : missing) {
            EXPECT_FALSE(floor_.handle(command, now_).refusal);
        }
        EXPECT_TRUE(missing_hours(floor_, opening_, now_, offset_of_zone).empty());
        return missing.size();
    }

    const core::Queue& queue(const char* name) {
        return *floor_.find_queue(floor_.queue_by_name(name));
    }
    std::string next(const char* name) {
        const auto time = next_change(queue(name), now_);
        return time ? local_text(*time) : "";
    }
    template <typename Event>
    const Event* find(const core::Outcome& outcome) {
        for (const core::Event& event : outcome.events) {
            if (const auto* found = std::get_if<Event>(&event)) {
                return found;
            }
        }
        return nullptr;
    }

    core::Floor floor_;
    Opening opening_;
    Time now_ = from_micros(0);
};

TEST_F(OpeningTest, OpensAndClosesByTheCalendar) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);  // a Friday
    EXPECT_TRUE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "2026-11-20 18:00");
    EXPECT_EQ(next("night"), "");
    EXPECT_EQ(look("2026-11-20 18:00"), 0U);
    EXPECT_FALSE(queue("bank").is_open);
    EXPECT_TRUE(queue("night").is_open);
    EXPECT_EQ(next("bank"), "2026-11-23 08:00");
    EXPECT_EQ(look("2026-11-23 08:00"), 0U);
    EXPECT_TRUE(queue("bank").is_open);
}

TEST_F(OpeningTest, TellsHoursAnewOnlyBeforeTheyRunOut) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    std::size_t told = 0;
    for (const char* text : {"2026-11-21 00:00", "2027-01-01 00:00", "2027-09-01 00:00"}) {
        told += look(text);
    }
    EXPECT_EQ(told, 0U);
    EXPECT_EQ(look("2027-10-01 12:00"), 1U);
    EXPECT_EQ(look("2027-10-02 12:00"), 0U);
}

TEST_F(OpeningTest, ComesBackAfterAllHoursHaveRunOut) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    EXPECT_EQ(look("2030-11-20 17:00"), 1U);  // a Wednesday, years later
    EXPECT_TRUE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "2030-11-20 18:00");
}

TEST_F(OpeningTest, TellsWhatHasChanged) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    opening_.calendars[0].special_days.push_back(
        {FixedDays{local_date(now_, offset_of_zone), local_date(now_, offset_of_zone)}, "", {}});
    EXPECT_EQ(look("2026-11-20 17:01"), 1U);
    EXPECT_FALSE(queue("bank").is_open);
    // No calendar any more: open for good, and told once.
    opening_.queues[0].second.reset();
    EXPECT_EQ(look("2026-11-20 17:02"), 1U);
    EXPECT_TRUE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "");
    EXPECT_EQ(look("2031-11-20 17:02"), 0U);
}

// Also what lies so far ahead that the daily look would not miss it yet.
TEST_F(OpeningTest, TellsAnotherCalendarAsFarAsItGoes) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    const Opening before = opening_;
    const Date day = local_date(*parse_local("2027-10-01", now_), offset_of_zone);
    opening_.calendars[0].special_days = {{FixedDays{day, day}, "", {}}};
    EXPECT_TRUE(missing_hours(floor_, opening_, now_, offset_of_zone).empty());
    const auto changed = changed_hours(floor_, before, opening_, now_, offset_of_zone);
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].queue, queue("bank").id);
    EXPECT_EQ(changed[0].open,
              open_spans(opening_.calendars[0], now_, now_ + kHoursAhead, offset_of_zone));
    EXPECT_NE(changed[0].open, queue("bank").hours);
}

TEST_F(OpeningTest, TellsNothingWhereNoCalendarChanged) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    const Opening before = opening_;
    opening_.calendars.insert(opening_.calendars.begin(), Calendar{"other"});
    opening_.queues[0].second = 1;  // the same one, at another place in the file
    EXPECT_TRUE(changed_hours(floor_, before, opening_, now_, offset_of_zone).empty());
}

TEST_F(OpeningTest, GivesAndTakesACalendar) {
    EXPECT_EQ(look("2026-11-20 19:00"), 1U);
    EXPECT_FALSE(queue("bank").is_open);
    const Opening before = opening_;
    std::swap(opening_.queues[0].second, opening_.queues[1].second);
    for (const core::SetHours& command :
         changed_hours(floor_, before, opening_, now_, offset_of_zone)) {
        EXPECT_FALSE(floor_.handle(command, now_).refusal);
    }
    EXPECT_TRUE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "");
    EXPECT_FALSE(queue("night").is_open);
}

// Who has waited long when a queue comes that is closed: it takes nobody.
TEST_F(OpeningTest, LetsNobodyOverflowBeforeHoursAreTold) {
    const Opening before = {{}, {{"bank", std::nullopt}, {"night", std::nullopt}}};
    now_ = *parse_local("2026-11-20 19:00", now_);
    ASSERT_FALSE(floor_.handle(core::EnterQueue{queue("bank").id}, now_).refusal);
    now_ += minutes(10);
    opening_ = {{opening_.calendars[0]}, {{"bank", std::nullopt}, {"night", 0}}};
    core::Config next = floor_.whole_config();
    next.queues[0].at_closing = core::AtClosing::serve;
    next.queues[1].at_closing = core::AtClosing::end;
    next.queues[0].overflows = {{"night", minutes(1)}};
    const core::Config first = without_early_overflow(next, before, opening_);
    EXPECT_TRUE(first.queues[0].overflows.empty());
    ASSERT_FALSE(floor_.handle(core::Configure{first}, now_).refusal);
    for (const core::SetHours& command :
         changed_hours(floor_, before, opening_, now_, offset_of_zone)) {
        ASSERT_FALSE(floor_.handle(command, now_).refusal);
    }
    ASSERT_FALSE(floor_.handle(core::Configure{next}, now_).refusal);
    (void)floor_.handle(core::AdvanceTime{}, now_);
    EXPECT_FALSE(queue("night").is_open);
    ASSERT_EQ(floor_.contacts().size(), 1U);
    EXPECT_EQ(floor_.contacts().begin()->second.queue, queue("bank").id);
    EXPECT_EQ(without_early_overflow(next, opening_, opening_), next);
}

// Nor does closing send anybody there.
TEST_F(OpeningTest, DivertsNobodyBeforeHoursAreTold) {
    const Opening before = {{}, {{"bank", std::nullopt}, {"night", std::nullopt}}};
    const Opening after = {{opening_.calendars[0]}, {{"bank", std::nullopt}, {"night", 0}}};
    core::Config next = floor_.whole_config();
    next.queues[0].at_closing = core::AtClosing::divert;
    next.queues[0].closing_to = "night";
    EXPECT_EQ(without_early_overflow(next, before, after).queues[0].at_closing,
              core::AtClosing::serve);
    EXPECT_EQ(without_early_overflow(next, after, after), next);
}

TEST_F(OpeningTest, KeepsALongClosureClosed) {
    opening_.calendars[0].week = {};
    const Date day = local_date(*parse_local("2027-07-01", now_), offset_of_zone);
    opening_.calendars[0].special_days = {
        {FixedDays{day, day}, "", {*parse_day_span("08:00-18:00")}}};
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    EXPECT_FALSE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "2027-07-01 08:00");
    EXPECT_EQ(look("2027-07-01 12:00"), 0U);
    EXPECT_TRUE(queue("bank").is_open);
    EXPECT_EQ(look("2027-07-02 12:00"), 0U);
    EXPECT_FALSE(queue("bank").is_open);
    EXPECT_EQ(next("bank"), "");
}

// The floor is rebuilt from the journal while the queue should have closed meanwhile.
TEST_F(OpeningTest, DoesRightAfterARestart) {
    EXPECT_EQ(look("2026-11-20 17:00"), 1U);
    core::Floor rebuilt;
    rebuilt.apply(
        core::Configured{floor_.whole_config(), {queue("bank").id, queue("night").id}, {}}, now_);
    rebuilt.apply(core::HoursSet{queue("bank").id, queue("bank").hours}, now_);
    const Time later = *parse_local("2026-11-21 10:00", now_);
    ASSERT_FALSE(rebuilt.handle(core::Configure{floor_.whole_config()}, later).refusal);
    EXPECT_FALSE(rebuilt.find_queue(queue("bank").id)->is_open);
    EXPECT_TRUE(missing_hours(rebuilt, opening_, later, offset_of_zone).empty());
}

TEST_F(OpeningTest, LetsGoOrDivertsWhoWaitsAtClosing) {
    for (const core::AtClosing at_closing : {core::AtClosing::end, core::AtClosing::divert}) {
        now_ = std::max(now_, *parse_local("2026-11-20 12:00", now_));
        configure(at_closing);
        look(at_closing == core::AtClosing::end ? "2026-11-20 17:59" : "2026-11-23 17:59");
        ASSERT_FALSE(floor_.handle(core::EnterQueue{queue("bank").id}, now_).refusal);
        ASSERT_TRUE(floor_.next_deadline());
        now_ += minutes(1);
        const auto outcome = floor_.handle(core::AdvanceTime{}, now_);
        ASSERT_FALSE(outcome.refusal);
        const auto* ended = find<core::ContactEnded>(outcome);
        const auto* moved = find<core::ContactMoved>(outcome);
        EXPECT_EQ(ended != nullptr, at_closing == core::AtClosing::end);
        EXPECT_EQ(moved != nullptr, at_closing == core::AtClosing::divert);
        EXPECT_TRUE(ended == nullptr || ended->end == core::ContactEnd::closed);
        EXPECT_TRUE(moved == nullptr || moved->cause == core::MoveCause::queue_closed);
    }
}

}  // namespace
}  // namespace lanze::app
