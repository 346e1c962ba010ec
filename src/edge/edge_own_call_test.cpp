// Calls of an agent's own accord: whose telephone rings first, whom each hears, and how it ends.
#include "edge/edge_colleagues_fixture.h"

namespace lanze::edge {
namespace {

using ports::OutsideEnd;

template <typename Base>
class OwnCalls : public Base {
protected:
    using Base::edge_;
    using Base::floor_;
    using Base::kAnnaId;
    using Base::kBenId;
    using Base::now_;

    std::string call(const ports::OwnCallTarget& target) {
        const PhoneRefused refused = edge_->call_somebody(kAnnaId, target, now_);
        this->settle();
        return refused ? refused->code : "";
    }
    std::string call_ben() { return call({kBenId, {}, ""}); }
    std::optional<OutsideEnd> end() const {
        const auto view = edge_->own_call_of(kAnnaId);
        EXPECT_TRUE(view);
        return view ? view->end : std::nullopt;
    }
    // Nobody was counted, and nobody has a wrap-up.
    void expect_nothing_left() {
        this->expect_all_over();
        EXPECT_TRUE(edge_->records().take_finished().empty());
        EXPECT_TRUE(edge_->is_consistent());
    }
};

class EdgeOwnCallTest : public OwnCalls<EdgeColleaguesTest> {
protected:
    // anna lifts her telephone.
    sip::Message anna_lifts() {
        sip::Message invite = take(kAnna, "INVITE");
        anna_answers(invite, 180);
        anna_answers(invite, 200);
        take(kAnna, "ACK");
        anna_leg_ = newest();
        return invite;
    }
    // anna calls ben, who answers.
    sip::Message talk_with_ben() {
        EXPECT_EQ(call_ben(), "");
        sip::Message invite = take(kAnna, "INVITE");
        anna_leg_ = newest();
        anna_answers(invite, 180);
        anna_answers(invite, 200);
        take(kAnna, "ACK");
        ben_invite_ = take(kBen, "INVITE");
        ben_leg_ = newest();
        answer(kBen, ben_invite_);
        take(kBen, "ACK");
        return invite;
    }
};

TEST_F(EdgeOwnCallTest, her_telephone_rings_first_then_his) {
    EXPECT_EQ(call_ben(), "");
    const sip::Message invite = take(kAnna, "INVITE");
    anna_leg_ = newest();
    EXPECT_NE(invite.from.to_string().find("ben"), std::string::npos) << "whom she calls";
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    EXPECT_TRUE(is_talking()) << "nothing is presented to her meanwhile";
    anna_answers(invite, 180);
    anna_answers(invite, 200);
    take(kAnna, "ACK");
    ben_invite_ = take(kBen, "INVITE");
    EXPECT_NE(ben_invite_.from.to_string().find("anna"), std::string::npos);
    answer(kBen, ben_invite_, 180);
    expect_hears(anna_leg_, Sound::ring_tone);
    ben_leg_ = newest();
    answer(kBen, ben_invite_);
    take(kBen, "ACK");
    expect_together({anna_leg_, ben_leg_});
    EXPECT_EQ(end(), std::nullopt);

    request_from(kBen, ben_invite_, "BYE");
    take(kAnna, "BYE");
    EXPECT_EQ(end(), OutsideEnd::by_them);
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, she_hangs_up) {
    const sip::Message invite = talk_with_ben();
    request_from(kAnna, invite, "BYE");
    take(kBen, "BYE");
    EXPECT_EQ(end(), OutsideEnd::by_us);
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, she_hangs_up_by_her_desk) {
    talk_with_ben();
    EXPECT_FALSE(edge_->hang_up(kAnnaId, {}, now_));
    settle();
    take(kAnna, "BYE");
    take(kBen, "BYE");
    EXPECT_EQ(end(), OutsideEnd::by_us);
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, he_rejects_and_nobody_else_is_called) {
    EXPECT_EQ(call_ben(), "");
    anna_lifts();
    ben_invite_ = take(kBen, "INVITE");
    answer(kBen, ben_invite_, 603);
    take(kAnna, "BYE");
    EXPECT_FALSE(has_sent(kCleo, "INVITE"));
    EXPECT_EQ(end(), OutsideEnd::rejected);
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_TRUE(anna().is_ready());
}

TEST_F(EdgeOwnCallTest, he_is_busy_and_the_wait_for_him_ends) {
    start();  // anna talks with a caller; ben calls her
    const PhoneRefused refused = edge_->call_somebody(kBenId, {kAnnaId, {}, ""}, now_);
    settle();
    EXPECT_FALSE(refused);
    const sip::Message invite = take(kBen, "INVITE");
    const LegId bens = newest();
    answer(kBen, invite);
    take(kBen, "ACK");
    expect_hears(bens, Sound::waiting_music);
    pass(floor_->config().queues[0].preferred_for + seconds(1));
    take(kBen, "BYE");
    EXPECT_EQ(edge_->own_call_of(kBenId)->end, OutsideEnd::no_answer);
    EXPECT_TRUE(agent(kBenId).is_ready());
    expect_together({anna_leg_, caller_leg_});
    caller_hangs_up();
}

TEST_F(EdgeOwnCallTest, whoever_of_a_queue_is_free) {
    EXPECT_EQ(call({{}, floor_->queue_by_name("travel"), ""}), "");
    anna_lifts();
    ben_invite_ = take(kBen, "INVITE");
    answer(kBen, ben_invite_, 603);
    const sip::Message second = take(kCleo, "INVITE");
    answer(kCleo, second);
    take(kCleo, "ACK");
    EXPECT_EQ(end(), std::nullopt);
    request_from(kCleo, second, "BYE");
    EXPECT_EQ(end(), OutsideEnd::by_them);
    EXPECT_TRUE(floor_->contacts().empty());
}

TEST_F(EdgeOwnCallTest, her_own_telephone_is_not_lifted) {
    EXPECT_EQ(call_ben(), "");
    const sip::Message invite = take(kAnna, "INVITE");
    anna_answers(invite, 180);
    pass(seconds(31));
    take(kAnna, "CANCEL");
    anna_answers(invite, 487);
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    EXPECT_EQ(end(), OutsideEnd::failed) << "it is not ben who does not answer";
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, her_own_telephone_is_busy) {
    EXPECT_EQ(call_ben(), "");
    anna_answers(take(kAnna, "INVITE"), 486);
    EXPECT_EQ(end(), OutsideEnd::failed);
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, her_own_telephone_is_gone_and_gets_no_caller_next) {
    send(invite("bank"), kCaller);
    settle();
    anna_answers(take(kAnna, "INVITE"), 603);
    command(core::Ready{kAnnaId});
    anna_answers(take(kAnna, "INVITE"), 603);  // the caller waits on
    command(core::NotReady{kAnnaId, core::NotReadyReason::other});
    EXPECT_EQ(call_ben(), "");
    command(core::Ready{kAnnaId});  // after the call
    anna_answers(take(kAnna, "INVITE"), 503);
    EXPECT_EQ(end(), OutsideEnd::failed);
    EXPECT_EQ(core::not_ready_reason(anna()), core::NotReadyReason::phone_unreachable);
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
}

TEST_F(EdgeOwnCallTest, she_hangs_up_before_he_answers) {
    EXPECT_EQ(call_ben(), "");
    const sip::Message invite = anna_lifts();
    ben_invite_ = take(kBen, "INVITE");
    answer(kBen, ben_invite_, 180);
    request_from(kAnna, invite, "BYE");
    take(kBen, "CANCEL");
    answer(kBen, ben_invite_, 487);
    EXPECT_EQ(end(), OutsideEnd::by_us);
    expect_nothing_left();
}

TEST_F(EdgeOwnCallTest, what_is_refused_rings_nowhere) {
    EXPECT_EQ(call({kAnnaId, {}, ""}), "agent_not_ready") << "herself";
    EXPECT_EQ(call({core::AgentId{99}, {}, ""}), "unknown_agent");
    EXPECT_EQ(call({{}, core::QueueId{99}, ""}), "unknown_queue");
    EXPECT_EQ(call({{}, {}, "+49 40 123"}), "number_not_allowed") << "nothing is configured";
    command(core::NotReady{kBenId, core::NotReadyReason::break_time});
    EXPECT_EQ(call_ben(), "agent_not_ready") << "a break is not interrupted";
    EXPECT_TRUE(sent_.empty());
    EXPECT_FALSE(edge_->own_call_of(kAnnaId));
    command(core::Ready{kBenId});
    start();
    EXPECT_EQ(call({kCleoId, {}, ""}), "agent_not_ready") << "she talks with a caller";
    caller_hangs_up();
}

TEST_F(EdgeOwnCallTest, in_a_break_of_her_own_she_may_call_and_goes_on_with_it) {
    command(core::NotReady{kAnnaId, core::NotReadyReason::break_time});
    const sip::Message invite = talk_with_ben();
    request_from(kAnna, invite, "BYE");
    EXPECT_EQ(core::not_ready_reason(anna()), core::NotReadyReason::break_time);
    EXPECT_TRUE(agent(kBenId).is_ready());
}

TEST_F(EdgeOwnCallTest, there_is_no_caller_to_hand_over) {
    talk_with_ben();
    const core::ContactId own = core::contact_of(anna());
    const core::ContactId asked = floor_->consultations_of(own).front();
    EXPECT_EQ(edge_->command(core::CompleteTransfer{asked}, now_),
              core::Refusal::channel_does_not_fit);
    EXPECT_EQ(edge_->command(core::Transfer{own, {}, kCleoId}, now_),
              core::Refusal::channel_does_not_fit);
    expect_together({anna_leg_, ben_leg_});
}

TEST_F(EdgeOwnCallTest, a_restart_ends_it) {
    talk_with_ben();
    edge_->cut_off_all(core::CutOffCause::restart, now_);
    settle();
    take(kAnna, "BYE");
    take(kBen, "BYE");
    expect_nothing_left();
}

class EdgeOwnNumberTest : public OwnCalls<EdgeColleaguesTest> {
protected:
    static constexpr const char* kCity = "127.0.0.9:5060";

    EdgeOwnNumberTest() { open(with_numbers(), colleagues_config()); }

    static Settings with_numbers() {
        Settings with = colleagues_settings();
        with.dial_out.trunk = "local";
        with.dial_out.server = at(kCity);
        with.dial_out.country = "49";
        with.dial_out.allowed = {"+49"};
        with.dial_out.calls_per_hour = 2;
        return with;
    }
    sip::Message call_city() {
        EXPECT_EQ(call({{}, {}, "040 / 123-45"}), "");
        sip::Message invite = take(kAnna, "INVITE");
        anna_leg_ = newest();
        anna_answers(invite, 180);
        anna_answers(invite, 200);
        take(kAnna, "ACK");
        city_invite_ = take(kCity, "INVITE");
        return invite;
    }
    sip::Message city_invite_;
};

TEST_F(EdgeOwnNumberTest, a_number_is_called_and_hangs_up) {
    call_city();
    EXPECT_EQ(edge_->own_call_of(kAnnaId)->to, "+494012345");
    EXPECT_EQ(city_invite_.uri.user, "+494012345");
    answer(kCity, city_invite_, 180);
    expect_hears(anna_leg_, Sound::ring_tone);
    answer(kCity, city_invite_);
    take(kCity, "ACK");
    expect_together({anna_leg_, newest()});
    EXPECT_EQ(edge_->outside(kAnnaId, ports::OutsideStep::complete, now_)->code,
              "channel_does_not_fit");
    EXPECT_EQ(edge_->outside(kAnnaId, ports::OutsideStep::join, now_)->code,
              "channel_does_not_fit");
    request_from(kCity, city_invite_, "BYE");
    take(kAnna, "BYE");
    EXPECT_EQ(end(), OutsideEnd::by_them);
    EXPECT_EQ(edge_->take_outside_news().size(), 2U) << "it is in the log";
    EXPECT_TRUE(anna().is_ready());
    expect_quiet();
}

TEST_F(EdgeOwnNumberTest, nobody_is_reached_there) {
    call_city();
    answer(kCity, city_invite_, 486);
    take(kAnna, "BYE");
    EXPECT_EQ(end(), OutsideEnd::busy);
    EXPECT_TRUE(anna().is_ready());
    expect_quiet();
}

TEST_F(EdgeOwnNumberTest, she_hangs_up_while_it_rings) {
    const sip::Message invite = call_city();
    answer(kCity, city_invite_, 180);
    request_from(kAnna, invite, "BYE");
    take(kCity, "CANCEL");
    answer(kCity, city_invite_, 487);
    EXPECT_EQ(end(), OutsideEnd::by_us);
    expect_quiet();
}

TEST_F(EdgeOwnNumberTest, the_limits_of_numbers_hold) {
    EXPECT_EQ(call({{}, {}, "+1 202 555 0100"}), "number_not_allowed");
    EXPECT_EQ(call({{}, {}, "call me"}), "bad_number");
    for (int i = 0; i < 2; ++i) {
        const sip::Message invite = call_city();
        answer(kCity, city_invite_, 180);
        request_from(kAnna, invite, "BYE");
        take(kCity, "CANCEL");
        answer(kCity, city_invite_, 487);
    }
    EXPECT_EQ(call({{}, {}, "040 12345"}), "dial_limit");
    expect_quiet();
}

TEST_F(EdgeOwnNumberTest, what_is_asked_when_she_calls_is_asked_again_when_she_lifts) {
    Settings with = with_numbers();
    with.dial_out.calls_max = 1;
    open(with, colleagues_config());
    EXPECT_EQ(call({{}, {}, "040 1"}), "");
    EXPECT_FALSE(edge_->call_somebody(kBenId, {{}, {}, "040 2"}, now_));
    settle();
    const sip::Message bens = take(kBen, "INVITE");
    anna_answers(take(kAnna, "INVITE"), 200);
    take(kCity, "INVITE");
    answer(kBen, bens);
    take(kBen, "ACK");
    take(kBen, "BYE");
    EXPECT_FALSE(has_sent(kCity, "INVITE")) << "one at a time";
    EXPECT_EQ(edge_->own_call_of(kBenId)->end, OutsideEnd::failed);
}

class EdgeOwnWebTest : public OwnCalls<EdgeColleaguesWebTest> {};

TEST_F(EdgeOwnWebTest, page_to_page_and_a_reload_between) {
    say(kAnnaId, ports::PhoneOpened{});
    say(kBenId, ports::PhoneOpened{});
    EXPECT_EQ(call_ben(), "");
    anna_leg_ = take_call(kAnnaId);
    ben_leg_ = take_call(kBenId);
    expect_together({anna_leg_, ben_leg_});

    say(kAnnaId, ports::PhoneClosed{});
    expect_hears(ben_leg_, Sound::right_back);
    say(kAnnaId, ports::PhoneOpened{});
    EXPECT_EQ(offered(kAnnaId), anna_leg_);
    EXPECT_FALSE(say(kAnnaId, ports::PhoneDescribed{anna_leg_, web_answer()}));
    expect_together({anna_leg_, ben_leg_});

    EXPECT_FALSE(edge_->hang_up(kBenId, {}, now_));
    settle();
    EXPECT_EQ(end(), OutsideEnd::by_them);
    expect_nothing_left();
}

TEST_F(EdgeOwnWebTest, her_page_stays_away) {
    say(kAnnaId, ports::PhoneOpened{});
    say(kBenId, ports::PhoneOpened{});
    EXPECT_EQ(call_ben(), "");
    take_call(kAnnaId);
    take_call(kBenId);
    say(kAnnaId, ports::PhoneClosed{});
    pass(settings().web_away_max + seconds(1));
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_TRUE(agent(kBenId).is_ready());
}

TEST_F(EdgeOwnWebTest, her_page_never_takes_it) {
    say(kAnnaId, ports::PhoneOpened{});
    EXPECT_EQ(call_ben(), "");
    pass(seconds(31));
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    EXPECT_TRUE(end().has_value());
    EXPECT_TRUE(floor_->contacts().empty());
}

}  // namespace
}  // namespace lanze::edge
