// Consultation, conference and attended transfer: whom each hears on each way they can take.
#include "edge/edge_colleagues_fixture.h"

namespace lanze::edge {
namespace {

using ports::TalkPartner;

class EdgeConsultTest : public EdgeColleaguesTest {};
class EdgeConsultWebTest : public EdgeColleaguesWebTest {};

TEST_F(EdgeConsultTest, the_caller_hears_music_while_two_talk) {
    start();
    expect_together({caller_leg_, anna_leg_});
    const core::ContactId consultation = consult(kBenId);
    expect_hears(caller_leg_, Sound::waiting_music);
    expect_hears(anna_leg_, Sound::ring_tone);
    const sip::Message invite = take(kBen, "INVITE");
    EXPECT_EQ(invite.from.display_name, "anna");
    EXPECT_EQ(edge_->caller_text(consultation), "anna");
    answer(kBen, invite);
    expect_hears(caller_leg_, Sound::waiting_music);
    expect_together({anna_leg_, newest()});
    EXPECT_TRUE(is_on_hold(contact_));
    EXPECT_FALSE(is_on_hold(consultation));
    caller_hangs_up();
    take(kAnna, "BYE");
    take(kBen, "BYE");
}

// Both legs' ports lie with the worker of the caller's, or packets could not be mixed.
TEST_F(EdgeConsultTest, all_legs_lie_with_one_worker) {
    ports::PortsLent lent;
    for (std::uint16_t i = 0; i < 200; ++i) {
        const Endpoint bound{IpAddress::v4(127, 0, 0, 1),
                             static_cast<std::uint16_t>(40000 + 2 * i)};
        lent.ports.push_back({1, i, bound, bound.address});
    }
    edge_->report(lent, now_);
    start();
    consult_ben();
    for (const ports::MediaOrder& order : orders_) {
        if (const auto* open = std::get_if<ports::OpenLeg>(&order)) {
            EXPECT_EQ(open->port.worker, 1U);
        }
    }
}

TEST_F(EdgeConsultTest, the_colleague_joins_and_leaves) {
    start();
    const core::ContactId consultation = consult_ben();
    command(core::Join{consultation});
    expect_together({caller_leg_, anna_leg_, ben_leg_});
    EXPECT_EQ(count_orders<ports::Confer>(), 1U);
    EXPECT_FALSE(is_on_hold(contact_));
    request_from(kBen, ben_invite_, "BYE");
    expect_together({caller_leg_, anna_leg_});
    EXPECT_TRUE(agent(kBenId).is_ready());
    EXPECT_FALSE(is_on_hold(contact_));
    caller_hangs_up();
}

TEST_F(EdgeConsultTest, the_caller_is_handed_over) {
    start();
    const core::ContactId consultation = consult_ben();
    const std::string caller(edge_->caller_text(contact_));
    command(core::CompleteTransfer{consultation});
    take(kAnna, "BYE");
    EXPECT_TRUE(anna().is_ready());
    expect_together({caller_leg_, ben_leg_});
    EXPECT_EQ(edge_->caller_text(consultation), caller);
    EXPECT_FALSE(is_on_hold(consultation));
    caller_hangs_up();
    take(kBen, "BYE");
}

TEST_F(EdgeConsultTest, anna_turns_to_the_caller_and_back) {
    start();
    const core::ContactId consultation = consult_ben();
    EXPECT_FALSE(edge_->talk_with(kAnnaId, TalkPartner::caller, now_));
    settle();
    expect_together({caller_leg_, anna_leg_});
    expect_hears(ben_leg_, Sound::waiting_music);
    EXPECT_FALSE(is_on_hold(contact_));
    EXPECT_TRUE(is_on_hold(consultation));
    EXPECT_FALSE(edge_->talk_with(kAnnaId, TalkPartner::colleague, now_));
    settle();
    expect_together({anna_leg_, ben_leg_});
    expect_hears(caller_leg_, Sound::waiting_music);
    EXPECT_TRUE(is_on_hold(contact_));
    EXPECT_FALSE(is_on_hold(consultation));
    EXPECT_EQ(edge_->talk_with(kBenId, TalkPartner::caller, now_),
              core::Refusal::not_a_consultation);
    EXPECT_EQ(edge_->talk_with(kCleoId, TalkPartner::caller, now_),
              core::Refusal::not_a_consultation);
}

TEST_F(EdgeConsultTest, the_colleague_hangs_up_and_the_caller_is_back) {
    start();
    consult_ben();
    request_from(kBen, ben_invite_, "BYE");
    expect_together({caller_leg_, anna_leg_});
    EXPECT_FALSE(is_on_hold(contact_));
    EXPECT_TRUE(agent(kBenId).is_ready());
    caller_hangs_up();
}

TEST_F(EdgeConsultTest, anna_gives_the_consultation_up) {
    start();
    const core::ContactId consultation = consult_ben();
    command(core::HangUp{consultation, core::EndedBy::caller});
    take(kBen, "BYE");
    expect_together({caller_leg_, anna_leg_});
    EXPECT_FALSE(is_on_hold(contact_));
}

TEST_F(EdgeConsultTest, the_colleague_declines_and_the_next_is_called) {
    start();
    consult();
    const bool is_ben = has_sent(kBen, "INVITE");
    const char* first = is_ben ? kBen : kCleo;
    answer(first, take(first, "INVITE"), 603);
    const char* second = has_sent(kCleo, "INVITE") ? kCleo : has_sent(kBen, "INVITE") ? kBen : "";
    ASSERT_NE(second, std::string());
    expect_hears(anna_leg_, Sound::ring_tone);
    answer(second, take(second, "INVITE"));
    expect_together({anna_leg_, newest()});
}

TEST_F(EdgeConsultTest, a_consultation_waits_in_its_queue) {
    start();
    for (const core::AgentId id : {kBenId, kCleoId, core::AgentId{4}}) {
        command(core::NotReady{id, core::NotReadyReason::break_time});
    }
    const core::ContactId consultation = consult();
    expect_hears(anna_leg_, Sound::waiting_music);
    expect_hears(caller_leg_, Sound::waiting_music);
    EXPECT_FALSE(has_sent(kBen, "INVITE"));  // nobody's break is disturbed
    // anna need not wait for it.
    EXPECT_FALSE(edge_->talk_with(kAnnaId, TalkPartner::caller, now_));
    settle();
    expect_together({caller_leg_, anna_leg_});
    EXPECT_FALSE(is_on_hold(contact_));
    command(core::Ready{kBenId});
    answer(kBen, take(kBen, "INVITE"));
    expect_hears(newest(), Sound::waiting_music);  // until she turns to him
    EXPECT_TRUE(is_on_hold(consultation));
    command(core::HangUp{consultation, core::EndedBy::caller});
    expect_together({caller_leg_, anna_leg_});
}

TEST_F(EdgeConsultTest, nobody_answers) {
    start();
    const core::ContactId consultation = consult(kBenId);
    const sip::Message invite = take(kBen, "INVITE");
    answer(kBen, invite, 180);
    command(core::HangUp{consultation, core::EndedBy::caller});
    take(kBen, "CANCEL");
    expect_together({caller_leg_, anna_leg_});
    answer(kBen, invite);  // crossed
    take(kBen, "BYE");
    expect_together({caller_leg_, anna_leg_});
    EXPECT_EQ(edge_->leg_count(), 2U);
    caller_hangs_up();
}

TEST_F(EdgeConsultTest, the_caller_hangs_up_while_the_colleague_is_called) {
    start();
    consult(kBenId);
    const sip::Message invite = take(kBen, "INVITE");
    answer(kBen, invite, 180);
    caller_hangs_up();
    take(kAnna, "BYE");
    take(kBen, "CANCEL");
}

// As telephones do it: hanging up in a consultation hands over, in a conference it leaves.
TEST_F(EdgeConsultTest, anna_hangs_up_and_the_others_go_on) {
    start();
    consult_ben();
    request_from(kAnna, talk_.agent_invite, "BYE");
    expect_together({caller_leg_, ben_leg_});
    EXPECT_TRUE(anna().is_ready());
    caller_hangs_up();
}

TEST_F(EdgeConsultTest, anna_leaves_a_conference_by_her_desk) {
    start();
    command(core::Join{consult_ben()});
    EXPECT_FALSE(edge_->hang_up(kAnnaId, {}, now_));
    settle();
    take(kAnna, "BYE");
    expect_together({caller_leg_, ben_leg_});
    EXPECT_FALSE(edge_->hang_up(kBenId, {}, now_));
    settle();
    take(kCaller, "BYE");
    expect_all_over();
}

TEST_F(EdgeConsultTest, anna_hangs_up_before_the_colleague_answers) {
    start();
    consult(kBenId);
    answer(kBen, take(kBen, "INVITE"), 180);
    request_from(kAnna, talk_.agent_invite, "BYE");
    take(kBen, "CANCEL");
    take(kCaller, "BYE");
    expect_all_over();
}

TEST_F(EdgeConsultTest, anna_is_with_the_caller_again_and_hangs_up) {
    start();
    consult_ben();
    EXPECT_FALSE(edge_->talk_with(kAnnaId, TalkPartner::caller, now_));
    settle();
    request_from(kAnna, talk_.agent_invite, "BYE");
    take(kCaller, "BYE");
    take(kBen, "BYE");
    expect_all_over();
}

TEST_F(EdgeConsultTest, a_phone_on_hold_in_each_room) {
    start();
    const core::ContactId consultation = consult_ben();
    const std::string away = sdp(kAnna, 31000, sip::Direction::sendonly);
    const std::string back = sdp(kAnna, 31000, sip::Direction::sendrecv);
    request_from(kAnna, talk_.agent_invite, "INVITE", 1, away);
    request_from(kAnna, talk_.agent_invite, "ACK", 1);
    expect_hears(ben_leg_, Sound::waiting_music);
    EXPECT_TRUE(is_on_hold(consultation));
    request_from(kAnna, talk_.agent_invite, "INVITE", 2, back);
    request_from(kAnna, talk_.agent_invite, "ACK", 2);
    expect_together({anna_leg_, ben_leg_});
    EXPECT_FALSE(is_on_hold(consultation));
    EXPECT_TRUE(is_on_hold(contact_));
    command(core::Join{consultation});
    request_from(kAnna, talk_.agent_invite, "INVITE", 3, away);
    request_from(kAnna, talk_.agent_invite, "ACK", 3);
    expect_together({caller_leg_, ben_leg_});
    EXPECT_TRUE(is_on_hold(contact_));
    request_from(kAnna, talk_.agent_invite, "INVITE", 4, back);
    request_from(kAnna, talk_.agent_invite, "ACK", 4);
    expect_together({caller_leg_, anna_leg_, ben_leg_});
    EXPECT_FALSE(is_on_hold(contact_));
}

TEST_F(EdgeConsultTest, five_talk_and_the_caller_goes) {
    start();
    std::vector<LegId> all = {caller_leg_, anna_leg_};
    for (const auto& [id, host] : std::initializer_list<std::pair<core::AgentId, const char*>>{
             {kBenId, kBen}, {kCleoId, kCleo}, {core::AgentId{4}, "127.0.0.6:5060"}}) {
        const core::ContactId consultation = consult(id);
        answer(host, take(host, "INVITE"));
        // The others talk on meanwhile.
        if (all.size() > 2) {
            std::vector<LegId> others = all;
            std::erase(others, anna_leg_);
            expect_together(others);
        }
        command(core::Join{consultation});
        all.push_back(newest());
        expect_together(all);
    }
    EXPECT_EQ(all.size(), 5U);
    EXPECT_EQ(edge_->command(core::Consult{contact_, floor_->queue_by_name("travel"), {}}, now_),
              core::Refusal::conference_full);
    caller_hangs_up();
    EXPECT_TRUE(agent(core::AgentId{4}).is_ready());
}

TEST_F(EdgeConsultTest, a_silent_colleague_is_cut_off_alone) {
    start();
    command(core::Join{consult_ben()});
    edge_->report(ports::LegSilent{ben_leg_}, now_);
    settle();
    expect_together({caller_leg_, anna_leg_});
    take(kBen, "BYE");
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeConsultTest, a_silent_asker_leaves_the_conference_to_the_others) {
    start();
    command(core::Join{consult_ben()});
    edge_->report(ports::LegSilent{anna_leg_}, now_);
    settle();
    take(kAnna, "BYE");
    expect_together({caller_leg_, ben_leg_});
    caller_hangs_up();
}

TEST_F(EdgeConsultWebTest, pages_consult_join_and_hand_over) {
    start_at_pages();
    const core::ContactId consultation = consult_ben_at_his_page();
    expect_hears(caller_leg_, Sound::waiting_music);
    expect_together({anna_leg_, ben_leg_});
    command(core::Join{consultation});
    expect_together({caller_leg_, anna_leg_, ben_leg_});
    command(core::CompleteTransfer{consultation});
    expect_together({caller_leg_, ben_leg_});
    EXPECT_TRUE(anna().is_ready());
    caller_hangs_up();
}

TEST_F(EdgeConsultWebTest, anna_reloads_her_page_while_she_asks) {
    start_at_pages();
    const core::ContactId consultation = consult_ben_at_his_page();
    say(kAnnaId, ports::PhoneClosed{});
    expect_hears(caller_leg_, Sound::waiting_music);
    expect_hears(ben_leg_, Sound::right_back);
    EXPECT_FALSE(is_on_hold(consultation));  // she is back in a moment
    say(kAnnaId, ports::PhoneOpened{});
    EXPECT_EQ(offered(kAnnaId), anna_leg_);
    say(kAnnaId, ports::PhoneDescribed{anna_leg_, web_answer()});
    expect_together({anna_leg_, ben_leg_});
    expect_hears(caller_leg_, Sound::waiting_music);
    caller_hangs_up();
}

TEST_F(EdgeConsultWebTest, the_colleague_reloads_his_page_in_a_conference) {
    start_at_pages();
    command(core::Join{consult_ben_at_his_page()});
    say(kBenId, ports::PhoneClosed{});
    expect_together({caller_leg_, anna_leg_});
    say(kBenId, ports::PhoneOpened{});
    EXPECT_EQ(offered(kBenId), ben_leg_);
    say(kBenId, ports::PhoneDescribed{ben_leg_, web_answer()});
    expect_together({caller_leg_, anna_leg_, ben_leg_});
}

TEST_F(EdgeConsultWebTest, a_colleague_who_stays_away_leaves) {
    start_at_pages();
    consult_ben_at_his_page();
    say(kBenId, ports::PhoneClosed{});
    expect_hears(anna_leg_, Sound::right_back);
    pass(settings().web_away_max);
    expect_together({caller_leg_, anna_leg_});
    EXPECT_FALSE(is_on_hold(contact_));
}

// The colleague is asked no more, and the caller is first in his queue again.
TEST_F(EdgeConsultWebTest, anna_stays_away_while_she_asks) {
    start_at_pages();
    consult_ben_at_his_page();
    say(kAnnaId, ports::PhoneClosed{});
    pass(settings().web_away_max);
    EXPECT_EQ(floor_->contacts().size(), 1U);
    EXPECT_EQ(floor_->find_contact(contact_), nullptr);
    expect_hears(caller_leg_, Sound::waiting_music);
    EXPECT_TRUE(agent(kBenId).is_ready());
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
}

TEST_F(EdgeConsultWebTest, anna_stays_away_from_a_conference) {
    start_at_pages();
    command(core::Join{consult_ben_at_his_page()});
    say(kAnnaId, ports::PhoneClosed{});
    expect_together({caller_leg_, ben_leg_});
    pass(settings().web_away_max);
    expect_together({caller_leg_, ben_leg_});
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    EXPECT_EQ(floor_->contacts().size(), 1U);
    caller_hangs_up();
}

TEST_F(EdgeConsultWebTest, a_colleague_whose_page_is_silent_is_not_reached) {
    start_at_pages();
    consult(kBenId);
    pass(seconds(3));
    EXPECT_FALSE(agent(kBenId).is_reachable);
    expect_hears(caller_leg_, Sound::waiting_music);
    EXPECT_EQ(floor_->contacts().size(), 2U);  // waits for the next one
}

TEST_F(EdgeConsultTest, a_restart_ends_all_legs) {
    start();
    consult_ben();
    std::map<std::string, std::string> newest;
    for (const ports::Note& note : last_notes_) {
        newest[note.key] = note.text;
    }
    std::vector<ports::Note> notes;
    for (const auto& [key, text] : newest) {
        if (!text.empty()) {
            notes.push_back({key, text});
        }
    }
    sent_.clear();
    edge_ = std::make_unique<Edge>(*floor_, settings(), entropy_);
    edge_->restore(notes, durable_, now_);
    edge_->cut_off_all(core::CutOffCause::restart, now_);
    settle();
    for (const char* host : {kCaller, kAnna, kBen}) {
        EXPECT_TRUE(has_sent(host, "BYE")) << host;
    }
    EXPECT_TRUE(floor_->contacts().empty());
}

}  // namespace
}  // namespace lanze::edge
