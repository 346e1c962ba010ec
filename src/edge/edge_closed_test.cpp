#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

// Nobody is ready; "bank" answers at once, "travel" when connected.
class ClosedTest : public EdgeTest {
protected:
    void open_centre(Duration prompt, core::AtClosing at_closing = core::AtClosing::end) {
        core::Config config = core_config();
        config.agents[0].starts_ready = false;
        for (core::QueueConfig& queue : config.queues) {
            queue.at_closing = at_closing;
        }
        if (at_closing == core::AtClosing::divert) {
            config.queues[0].closing_to = "travel";
            config.queues[1].at_closing = core::AtClosing::end;
        }
        Settings with = settings();
        with.closed_prompt = prompt;
        open(with, config);
    }
    void set_hours(std::uint32_t queue, std::vector<core::OpenSpan> spans) {
        EXPECT_FALSE(edge_->command(core::SetHours{core::QueueId{queue}, std::move(spans)}, now_));
        settle();
    }
    void close(std::uint32_t queue) { set_hours(queue, {{now_ + hours(1), now_ + hours(2)}}); }
    bool plays(ports::Sound sound) const {
        return std::any_of(orders_.begin(), orders_.end(), [&](const ports::MediaOrder& order) {
            const auto* play = std::get_if<ports::Play>(&order);
            return play != nullptr && play->sound == sound;
        });
    }
    sip::Message call(const char* number) {
        sip::Message message = invite(number);
        send(message, kCaller);
        settle();
        return message;
    }
    void expect_nothing_left() {
        pass(minutes(2));
        expect_quiet();
        EXPECT_EQ(count_orders<ports::OpenLeg>(), count_orders<ports::CloseLeg>());
    }
};

TEST_F(ClosedTest, says_when_to_call_again) {
    open_centre(Duration::zero());
    close(1);
    call("bank");
    const sip::Message response = take(kCaller, "480");
    EXPECT_EQ(response.reason, "Closed");
    EXPECT_EQ(response.header("Retry-After"), "3600");
    EXPECT_EQ(count_orders<ports::ReturnPort>(), 1U);
    expect_quiet();
    set_hours(1, {});  // for good
    call("bank");
    EXPECT_FALSE(take(kCaller, "480").header("Retry-After"));
}

TEST_F(ClosedTest, announces_it_before_an_answer_and_so_for_free) {
    open_centre(seconds(5));
    close(1);
    call("bank");
    EXPECT_FALSE(take(kCaller, "183").body.empty());
    EXPECT_TRUE(plays(ports::Sound::closed));
    EXPECT_TRUE(floor_->contacts().empty());
    pass(milliseconds(4'900));
    EXPECT_FALSE(has_sent(kCaller, "480"));
    pass(milliseconds(200));
    take(kCaller, "480");
    expect_nothing_left();
}

TEST_F(ClosedTest, lets_the_caller_hang_up_during_the_announcement) {
    open_centre(seconds(5));
    close(1);
    const sip::Message invited = call("bank");
    sip::Message cancel = invited;
    cancel.method = cancel.cseq.method = "CANCEL";
    cancel.body.clear();
    cancel.content_type.clear();
    send(cancel, kCaller);
    settle();
    take(kCaller, "487");
    expect_nothing_left();
}

// The id a caller who was not let in would have had goes to the next one.
TEST_F(ClosedTest, disturbs_no_other_contact) {
    open_centre(seconds(5));
    close(1);
    call("bank");
    call("travel");
    ASSERT_EQ(floor_->contacts().size(), 1U);
    pass(seconds(6));
    take(kCaller, "480");
    EXPECT_EQ(floor_->contacts().size(), 1U);
    EXPECT_EQ(edge_->leg_count(), 1U);
}

TEST_F(ClosedTest, says_goodbye_to_who_waits_when_it_closes) {
    open_centre(seconds(5));
    set_hours(1, {{now_ - hours(1), now_ + minutes(1)}});
    const sip::Message invited = call("bank");
    const sip::Message ok = take(kCaller, "200");
    send(inside("ACK", invited, ok, 1), kCaller);
    pass(seconds(61));
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_TRUE(plays(ports::Sound::closed));
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    pass(seconds(5));
    take(kCaller, "BYE");
    ASSERT_FALSE(finished_.empty());
    EXPECT_EQ(finished_[0].end, core::ContactEnd::closed);
    expect_nothing_left();
}

TEST_F(ClosedTest, hangs_up_at_once_without_an_announcement) {
    open_centre(Duration::zero());
    set_hours(1, {{now_ - hours(1), now_ + minutes(1)}});
    set_hours(2, {{now_ - hours(1), now_ + minutes(1)}, {now_ + hours(1), now_ + hours(2)}});
    const sip::Message invited = call("bank");
    send(inside("ACK", invited, take(kCaller, "200"), 1), kCaller);
    call("travel");
    pass(seconds(61));
    take(kCaller, "BYE");
    EXPECT_TRUE(take(kCaller, "480").header("Retry-After"));
    expect_nothing_left();
}

TEST_F(ClosedTest, takes_a_bye_during_the_announcement) {
    open_centre(seconds(5));
    set_hours(1, {{now_ - hours(1), now_ + minutes(1)}});
    const sip::Message invited = call("bank");
    const sip::Message ok = take(kCaller, "200");
    send(inside("ACK", invited, ok, 1), kCaller);
    pass(seconds(61));
    send(inside("BYE", invited, ok, 2), kCaller);
    settle();
    EXPECT_EQ(take(kCaller, "200").cseq.method, "BYE");
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    expect_nothing_left();
}

TEST_F(ClosedTest, lets_go_when_the_centre_closes) {
    open_centre(seconds(5));
    close(1);
    call("bank");
    edge_->cut_off_all(core::CutOffCause::centre_closed, now_);
    settle();
    take(kCaller, "480");
    expect_nothing_left();
}

TEST_F(ClosedTest, diverts_who_calls_while_it_is_closed) {
    open_centre(Duration::zero(), core::AtClosing::divert);
    close(1);
    call("bank");
    ASSERT_EQ(floor_->contacts().size(), 1U);
    EXPECT_EQ(floor_->contacts().begin()->second.queue, core::QueueId{2});
    close(2);
    call("bank");
    EXPECT_EQ(take(kCaller, "480").header("Retry-After"), "3600");
}

}  // namespace
}  // namespace lanze::edge
