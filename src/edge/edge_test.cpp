#include "edge/edge.h"

#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

TEST_F(EdgeTest, caller_and_agent_talk_and_the_caller_hangs_up) {
    const Talk talk = this->talk();
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
    send(inside("BYE", talk.caller_invite, talk.caller_ok, 2), kCaller);
    settle();
    EXPECT_EQ(take(kCaller, "200").cseq.method, "BYE");
    anna_answers(take(kAnna, "BYE"), 200);
    expect_quiet();
    ASSERT_FALSE(finished_.empty());
    EXPECT_EQ(finished_[0].end, core::ContactEnd::finished);
    EXPECT_EQ(finished_[0].by, core::EndedBy::caller);
    EXPECT_TRUE(anna().is_ready());
}

// A BYE that overtakes a lost 200 would leave the caller in a call that is over.
TEST_F(EdgeTest, the_callers_bye_waits_for_the_ack_to_our_200) {
    const sip::Message call = invite("travel");
    send(call, kCaller);
    settle();
    const sip::Message agent_invite = take(kAnna, "INVITE");
    anna_answers(agent_invite, 200);
    const sip::Message ok = take(kCaller, "200");
    send(from_anna("BYE", agent_invite, 1), kAnna);
    settle();
    expect_quiet();
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    send(inside("ACK", call, ok, 1), kCaller);
    settle();
    take(kCaller, "BYE");
    sent_.clear();
    pass(seconds(10));
    EXPECT_FALSE(has_sent(kCaller, "200"));  // acknowledged: not repeated
}

TEST_F(EdgeTest, the_callers_bye_leaves_when_the_ack_never_comes) {
    const sip::Message call = invite("travel");
    send(call, kCaller);
    settle();
    const sip::Message agent_invite = take(kAnna, "INVITE");
    anna_answers(agent_invite, 200);
    send(from_anna("BYE", agent_invite, 1), kAnna);
    settle();
    pass(seconds(33));
    take(kCaller, "BYE");
}

// What became due while no process ran must neither keep a contact nor blame an agent.
TEST_F(EdgeTest, contacts_of_the_process_before_are_all_cut_off) {
    core::Config config = core_config();
    config.agents[0].wrap_up = seconds(1);
    open(settings(), config);
    send(invite("bank"), kCaller);
    send(invite("bank"), kCaller);
    settle();
    EXPECT_EQ(floor_->contacts().size(), 2U);
    now_ += minutes(1);  // the presentation expires, and so does anna's rest
    edge_ = std::make_unique<Edge>(*floor_, settings(), entropy_);
    edge_->cut_off_all(core::CutOffCause::restart, now_);
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_TRUE(anna().is_reachable);
}

TEST_F(EdgeTest, an_invite_that_never_left_is_forgotten) {
    const sip::Message call = invite("travel");
    send(call, kCaller);
    const auto batch = edge_->take_batch();
    ASSERT_TRUE(batch);
    sip::Message cancel = call;
    cancel.method = cancel.cseq.method = "CANCEL";
    cancel.body.clear();
    cancel.content_type.clear();
    send(cancel, kCaller);  // before the INVITE to anna is free to leave
    durable_ = batch->sequence;
    settle();
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
    pass(minutes(2));
    expect_quiet();
    EXPECT_EQ(edge_->remembered_count(), 0U);
}

// The process may die before the media has closed the legs; no contact may be without a record.
TEST_F(EdgeTest, the_record_is_in_the_batch_that_ends_the_contact) {
    const Talk talk = this->talk();
    send(inside("BYE", talk.caller_invite, talk.caller_ok, 2), kCaller);
    const auto batch = edge_->take_batch();
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->finished.size(), 1U);
    edge_->release(batch->sequence, now_);
    core::LegQuality quality;
    quality.packets_received = 50;
    for (const ports::MediaOrder& order : edge_->take_orders()) {
        if (const auto* close = std::get_if<ports::CloseLeg>(&order)) {
            edge_->report(ports::LegClosed{close->leg, quality}, now_);
        }
    }
    const auto amended = edge_->take_batch();
    ASSERT_TRUE(amended);
    ASSERT_EQ(amended->finished.size(), 1U);
    EXPECT_EQ(amended->finished[0].contact, batch->finished[0].contact);
    EXPECT_EQ(amended->finished[0].caller_leg, quality);
    EXPECT_EQ(amended->finished[0].agent_leg, quality);
}

TEST_F(EdgeTest, the_agent_hangs_up) {
    const Talk talk = this->talk();
    send(from_anna("BYE", talk.agent_invite, 1), kAnna);
    settle();
    EXPECT_EQ(take(kAnna, "200").cseq.method, "BYE");
    take(kCaller, "BYE");
    expect_quiet();
    EXPECT_EQ(finished_.at(0).by, core::EndedBy::agent);
}

TEST_F(EdgeTest, nothing_but_100_leaves_before_the_journal_has_it) {
    send(invite("bank"), kCaller);
    const auto batch = edge_->take_batch();
    ASSERT_TRUE(batch);
    collect();
    EXPECT_TRUE(has_sent(kCaller, "100"));
    EXPECT_EQ(sent_.size(), 1U) << left();
    EXPECT_TRUE(edge_->take_orders().empty());
    edge_->release(batch->sequence - 1, now_);
    collect();
    EXPECT_EQ(sent_.size(), 1U) << left();
    durable_ = batch->sequence;
    settle();
    EXPECT_TRUE(has_sent(kCaller, "200"));
    EXPECT_TRUE(has_sent(kAnna, "INVITE"));
}

TEST_F(EdgeTest, a_caller_who_is_gone_before_release_rings_nobody) {
    const sip::Message call = invite("travel");
    send(call, kCaller);
    const auto batch = edge_->take_batch();
    sip::Message cancel = call;
    cancel.method = "CANCEL";
    cancel.cseq.method = "CANCEL";
    cancel.body.clear();
    cancel.content_type.clear();
    send(cancel, kCaller);
    durable_ = batch->sequence;
    settle();
    EXPECT_FALSE(has_sent(kAnna, "INVITE")) << left();
    take(kCaller, "487");
    expect_quiet();
}

TEST_F(EdgeTest, when_connected_answers_only_with_the_agent) {
    const sip::Message call = invite("travel");
    send(call, kCaller);
    settle();
    EXPECT_FALSE(take(kCaller, "183").body.empty());
    EXPECT_FALSE(has_sent(kCaller, "200"));
    anna_answers(take(kAnna, "INVITE"), 200);
    take(kCaller, "200");
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeTest, early_media_is_repeated_and_limited) {
    Settings with = settings();
    with.early_media_max = minutes(3);
    core::Config config = core_config();
    config.agents[0].starts_ready = false;
    open(with, config);
    send(invite("travel"), kCaller);
    settle();
    take(kCaller, "183");
    pass(seconds(61));
    take(kCaller, "183");
    pass(minutes(2));
    take(kCaller, "480");
    expect_quiet();
    EXPECT_EQ(finished_.at(0).cause, core::CutOffCause::time_limit);
}

TEST_F(EdgeTest, reliable_early_media_needs_prack) {
    sip::Message call = invite("travel");
    call.set_header("Require", "100rel");
    send(call, kCaller);
    settle();
    const sip::Message early = take(kCaller, "183");
    EXPECT_TRUE(early.header_has_token("Require", "100rel"));
    sip::Message prack = inside("PRACK", call, early, 2);
    prack.set_header("RAck", std::string(early.header("RSeq").value_or("")) + " 1 INVITE");
    send(prack, kCaller);
    settle();
    EXPECT_EQ(take(kCaller, "200").cseq.method, "PRACK");
    pass(seconds(5));
    EXPECT_FALSE(has_sent(kCaller, "183")) << "still repeated";
}

TEST_F(EdgeTest, a_prack_that_never_comes_ends_the_call_with_504) {
    sip::Message call = invite("travel");
    call.set_header("Require", "100rel");
    send(call, kCaller);
    settle();
    take(kCaller, "183");
    pass(seconds(33));
    const sip::Message refused = take(kCaller, "504");
    EXPECT_FALSE(refused.header("Retry-After"));
    expect_quiet();
    EXPECT_EQ(finished_.at(0).cause, core::CutOffCause::signalling_lost);
    send(sip::make_response(take(kAnna, "INVITE"), 180, {}, "anna"), kAnna);
}

TEST_F(EdgeTest, a_200_that_crosses_the_cancel_gets_ack_and_bye) {
    const sip::Message call = invite("bank");
    send(call, kCaller);
    settle();
    const sip::Message ok = take(kCaller, "200");
    const sip::Message ring = take(kAnna, "INVITE");
    anna_answers(ring, 180);
    send(inside("BYE", call, ok, 2), kCaller);
    settle();
    take(kAnna, "CANCEL");
    anna_answers(ring, 200);
    take(kAnna, "ACK");
    anna_answers(take(kAnna, "BYE"), 200);
    expect_quiet();
    EXPECT_TRUE(edge_->is_quiet()) << "a stop would wait for nothing";
    EXPECT_TRUE(anna().is_ready());

    anna_answers(ring, 200);  // our ACK was lost
    take(kAnna, "ACK");
    EXPECT_FALSE(has_sent(kAnna, "BYE")) << "the second BYE of one dialog";
}

struct FinalError {
    int status;
    std::optional<core::NotReadyReason> reason;
};

class PhoneErrorTest : public EdgeTest, public testing::WithParamInterface<FinalError> {};

TEST_P(PhoneErrorTest, says_why_the_agent_is_not_ready) {
    send(invite("bank"), kCaller);
    settle();
    anna_answers(take(kAnna, "INVITE"), GetParam().status);
    EXPECT_EQ(core::not_ready_reason(anna()), GetParam().reason);
    EXPECT_EQ(floor_->contacts().size(), 1U) << "the caller waits on";
}

INSTANTIATE_TEST_SUITE_P(statuses, PhoneErrorTest,
                         testing::Values(FinalError{486, core::NotReadyReason::phone_busy},
                                         FinalError{603, core::NotReadyReason::missed},
                                         FinalError{480, core::NotReadyReason::missed},
                                         FinalError{503, core::NotReadyReason::phone_unreachable},
                                         FinalError{500, core::NotReadyReason::phone_unreachable}));

TEST_F(EdgeTest, a_phone_without_a_sign_of_life_is_unreachable_after_3_s) {
    send(invite("bank"), kCaller);
    settle();
    take(kAnna, "INVITE");
    pass(seconds(2));
    EXPECT_TRUE(anna().is_reachable);
    pass(seconds(2));
    EXPECT_FALSE(anna().is_reachable);
    EXPECT_EQ(anna().misses, 0U);
    EXPECT_FALSE(has_sent(kAnna, "CANCEL")) << "no CANCEL before a 1xx (RFC 3261 §9.1)";
    pass(seconds(31));  // never asked: trusted again, and called again
    EXPECT_TRUE(anna().is_reachable);
    EXPECT_TRUE(has_sent(kAnna, "INVITE"));
}

TEST_F(EdgeTest, phones_are_asked_by_options) {
    Settings with = settings();
    with.phones[0].check_every = seconds(30);
    core::Config config = core_config();
    config.agents[0].starts_reachable = false;
    open(with, config);
    pass(seconds(1));
    anna_answers(take(kAnna, "OPTIONS"), 486);  // any answer but 408 and 503
    EXPECT_TRUE(anna().is_ready());
    pass(seconds(30));
    take(kAnna, "OPTIONS");
    pass(seconds(5));
    EXPECT_FALSE(anna().is_reachable);
    EXPECT_EQ(core::not_ready_reason(anna()), core::NotReadyReason::phone_unreachable);
    pass(seconds(5));
    sent_.erase(std::remove_if(sent_.begin(), sent_.end(),
                               [&](const auto& each) { return each.second.cseq.number == 0; }),
                sent_.end());
    anna_answers(sent_.back().second, 200);
    EXPECT_TRUE(anna().is_ready());
}

TEST_F(EdgeTest, hold_and_resume_by_the_phone) {
    const Talk talk = this->talk();
    sip::Message hold = from_anna("INVITE", talk.agent_invite, 1);
    hold.content_type = "application/sdp";
    hold.body = sdp(kAnna, 31000, sip::Direction::sendonly);
    send(hold, kAnna);
    settle();
    const sip::Message ok = take(kAnna, "200");
    EXPECT_NE(ok.body.find("a=recvonly"), std::string::npos) << ok.body;
    EXPECT_EQ(count_orders<ports::Unbridge>(), 1U);
    const auto& contact = floor_->contacts().begin()->second;
    EXPECT_TRUE(std::get<core::Connected>(contact.state).is_on_hold);
    sip::Message ack = from_anna("ACK", talk.agent_invite, 1);
    send(ack, kAnna);
    sip::Message resume = from_anna("INVITE", talk.agent_invite, 2);
    resume.content_type = "application/sdp";
    resume.body = sdp(kAnna, 31000, sip::Direction::sendrecv);
    send(resume, kAnna);
    settle();
    take(kAnna, "200");
    EXPECT_FALSE(std::get<core::Connected>(contact.state).is_on_hold);
    EXPECT_EQ(count_orders<ports::Bridge>(), 2U);
}

TEST_F(EdgeTest, a_late_offer_is_answered_in_the_ack) {
    sip::Message call = invite("bank");
    call.body.clear();
    call.content_type.clear();
    send(call, kCaller);
    settle();
    const sip::Message ok = take(kCaller, "200");
    ASSERT_TRUE(sip::parse_sdp(ok.body));
    const std::size_t before = count_orders<ports::SetRemote>();
    sip::Message ack = inside("ACK", call, ok, 1);
    ack.content_type = "application/sdp";
    ack.body = sdp(kCaller, 30000, sip::Direction::sendrecv);
    send(ack, kCaller);
    settle();
    EXPECT_GT(count_orders<ports::SetRemote>(), before);
}

TEST_F(EdgeTest, a_lost_bye_is_noticed_by_silence) {
    talk();
    const auto open = std::find_if(orders_.begin(), orders_.end(), [](const auto& order) {
        return std::holds_alternative<ports::OpenLeg>(order);
    });
    edge_->report(ports::LegSilent{std::get<ports::OpenLeg>(*open).leg}, now_);
    settle();
    take(kCaller, "BYE");
    take(kAnna, "BYE");
    expect_quiet();
    EXPECT_EQ(finished_.at(0).cause, core::CutOffCause::media_silent);
}

TEST_F(EdgeTest, the_session_timer_refreshes_and_gives_up) {
    talk();
    pass(seconds(901));  // half of 1800 s
    EXPECT_TRUE(has_sent(kCaller, "INVITE") || has_sent(kCaller, "UPDATE")) << left();
    pass(seconds(40));  // nobody answers it
    expect_quiet();
    EXPECT_EQ(finished_.at(0).end, core::ContactEnd::cut_off);
}

// No timer ends an INVITE that has got a 1xx (RFC 3261 §17.1.1.2), and on hold no silence is
// counted.
TEST_F(EdgeTest, a_phone_that_vanishes_after_its_100_ends_the_call) {
    talk();
    pass(seconds(901));
    ASSERT_TRUE(has_sent(kAnna, "INVITE")) << left();
    send(sip::make_response(take(kAnna, "INVITE"), 100), kAnna);
    const sip::Message to_caller = take(kCaller, "INVITE");
    sip::Message ok = sip::make_response(to_caller, 200);
    ok.contacts = {*sip::NameAddress::parse(std::string("<sip:lena@") + kCaller + ">")};
    ok.content_type = "application/sdp";
    ok.body = sdp(kCaller, 30000, sip::Direction::sendrecv);
    send(ok, kCaller);
    settle();
    pass(seconds(60));
    take(kAnna, "CANCEL");
    take(kAnna, "BYE");
    EXPECT_EQ(edge_->leg_count(), 0U);
    EXPECT_EQ(finished_.at(0).cause, core::CutOffCause::signalling_lost);
    pass(seconds(60));
    EXPECT_EQ(edge_->transaction_count(), 0U);
    EXPECT_EQ(edge_->remembered_count(), 0U);
}

TEST_F(EdgeTest, an_ack_that_never_comes_ends_the_call) {
    send(invite("bank"), kCaller);
    settle();
    anna_answers(take(kAnna, "INVITE"), 200);
    pass(seconds(40));
    expect_quiet();
    EXPECT_EQ(finished_.at(0).cause, core::CutOffCause::signalling_lost);
}

struct Refused {
    const char* name;
    int status;
    std::function<void(sip::Message&)> spoil;
};

class RefusalTest : public EdgeTest, public testing::WithParamInterface<Refused> {};

TEST_P(RefusalTest, gets_the_right_status_and_disturbs_nothing) {
    sip::Message message = invite("bank");
    GetParam().spoil(message);
    send(message, kCaller);
    settle();
    const auto found = std::find_if(sent_.begin(), sent_.end(),
                                    [](const auto& each) { return each.second.status >= 200; });
    ASSERT_NE(found, sent_.end());
    EXPECT_EQ(found->second.status, GetParam().status);
    expect_quiet();
}

INSTANTIATE_TEST_SUITE_P(
    causes, RefusalTest,
    testing::Values(
        Refused{"unknown_number", 404, [](auto& m) { m.uri.user = "nobody"; }},
        Refused{"unknown_extension", 420, [](auto& m) { m.set_header("Require", "nonsense"); }},
        Refused{"no_sdp", 415, [](auto& m) { m.content_type = "text/plain"; }},
        Refused{"bad_sdp", 400, [](auto& m) { m.body = "v=nonsense"; }},
        Refused{"no_common_codec", 488,
                [](auto& m) {
                    m.body =
                        "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\n"
                        "t=0 0\r\nm=audio 30000 RTP/AVP 3\r\n";
                }},
        Refused{"no_hops_left", 483, [](auto& m) { m.max_forwards = 0; }},
        Refused{"known_method", 405, [](auto& m) { m.method = m.cseq.method = "SUBSCRIBE"; }},
        Refused{"unknown_method", 501, [](auto& m) { m.method = m.cseq.method = "DANCE"; }},
        Refused{"bye_to_nothing", 481,
                [](auto& m) {
                    m.method = m.cseq.method = "BYE";
                    sip::set_parameter(m.to.parameters, "tag", "x");
                }},
        Refused{"session_too_brief", 422,
                [](auto& m) {
                    m.set_header("Supported", "timer");
                    m.set_header("Session-Expires", "30");
                }}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(EdgeTest, a_source_no_trunk_names_gets_403) {
    Settings with = settings();
    with.trunks[0].from = {*Network::parse("10.0.0.0/8")};
    open(with);
    send(invite("bank"), kCaller);
    settle();
    take(kCaller, "403");
}

TEST_F(EdgeTest, one_call_too_many_gets_503_with_retry_after) {
    Settings with = settings();
    with.calls_max = 1;
    open(with);
    send(invite("bank"), kCaller);
    send(invite("bank"), kCaller);
    settle();
    EXPECT_TRUE(take(kCaller, "503").header("Retry-After"));
    EXPECT_EQ(floor_->contacts().size(), 1U);
}

TEST_F(EdgeTest, a_new_process_ends_the_dialogs_of_the_old_one) {
    talk();
    std::vector<ports::Note> kept;
    for (const ports::Note& note : last_notes_) {
        std::erase_if(kept, [&](const ports::Note& each) { return each.key == note.key; });
        if (!note.text.empty()) {
            kept.push_back(note);
        }
    }
    core::Floor floor;
    Edge next(floor, settings(), entropy_);
    (void)next.command(core::Configure{core_config()}, now_);
    next.restore(kept, 10, now_);
    const auto batch = next.take_batch();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->sequence, 11U);
    next.release(batch->sequence, now_);
    std::vector<std::string> byes;
    for (const sip::Send& send : next.take_sends()) {
        if (send.bytes.starts_with("BYE ")) {
            byes.push_back(send.flow.remote.to_string());
        }
    }
    std::sort(byes.begin(), byes.end());
    EXPECT_EQ(byes, (std::vector<std::string>{kCaller, kAnna}));
}

}  // namespace
}  // namespace lanze::edge
