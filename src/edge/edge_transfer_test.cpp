#include <map>

#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

// anna has the bank's callers, ben the travellers.
class EdgeTransferTest : public EdgeTest {
protected:
    static constexpr const char* kBen = "127.0.0.4:5060";

    EdgeTransferTest() {
        core::Config config = core_config();
        config.agents[0].skills = {{"bank", 1}};
        core::AgentConfig ben = config.agents[0];
        ben.name = "ben";
        ben.skills = {{"travel", 1}};
        config.agents.push_back(ben);
        Settings with = settings();
        Phone phone = with.phones[0];
        phone.agent = "ben";
        phone.address = sip::Uri::parse("sip:ben@127.0.0.4:5060");
        with.phones.push_back(phone);
        open(with, config);
    }

    void ben_answers(const sip::Message& invite) {
        sip::Message response = sip::make_response(invite, 200, {}, "ben");
        response.contacts = {*sip::NameAddress::parse(std::string("<sip:ben@") + kBen + ">")};
        response.content_type = "application/sdp";
        response.body = sdp(kBen, 32000, sip::Direction::sendrecv);
        send(response, kBen);
        settle();
    }

    core::Transfer to_travel(core::ContactId contact) const {
        return {contact, floor_->queue_by_name("travel"), {}};
    }

    const core::Agent& ben() const { return *floor_->find_agent(core::AgentId{2}); }
};

TEST_F(EdgeTransferTest, the_caller_goes_on_to_another_agent) {
    const Talk talk = this->talk();
    orders_.clear();
    EXPECT_FALSE(edge_->command(to_travel(core::contact_of(anna())), now_));
    settle();
    anna_answers(take(kAnna, "BYE"), 200);
    EXPECT_TRUE(anna().is_ready());
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    ASSERT_EQ(count_orders<ports::Play>(), 1U);  // music again, until ben answers
    EXPECT_EQ(count_orders<ports::Bridge>(), 0U);
    ben_answers(take(kBen, "INVITE"));
    take(kBen, "ACK");
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
    send(inside("BYE", talk.caller_invite, talk.caller_ok, 2), kCaller);
    settle();
    take(kBen, "BYE");
    expect_quiet();
    ASSERT_EQ(finished_.size(), 4U);  // each again with the quality of its legs
    EXPECT_EQ(finished_[0].end, core::ContactEnd::transferred);
    EXPECT_EQ(finished_[0].agent, core::AgentId{1});
    EXPECT_EQ(finished_[2].end, core::ContactEnd::finished);
    EXPECT_EQ(finished_[2].agent, core::AgentId{2});
    EXPECT_EQ(finished_[2].queue, floor_->queue_by_name("travel"));
}

TEST_F(EdgeTransferTest, the_caller_gives_up_while_the_next_phone_rings) {
    const Talk talk = this->talk();
    EXPECT_FALSE(edge_->command(to_travel(core::contact_of(anna())), now_));
    settle();
    const sip::Message ringing = take(kBen, "INVITE");
    send(sip::make_response(ringing, 180, {}, "ben"), kBen);
    send(inside("BYE", talk.caller_invite, talk.caller_ok, 2), kCaller);
    settle();
    take(kBen, "CANCEL");
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_TRUE(ben().is_ready());
    EXPECT_EQ(edge_->caller_text(core::ContactId{2}), "");
}

// The leg's note names the contact it belongs to now, so that a restart ends the right one.
TEST_F(EdgeTransferTest, a_restart_finds_the_callers_leg) {
    const Talk talk = this->talk();
    EXPECT_FALSE(edge_->command(to_travel(core::contact_of(anna())), now_));
    settle();
    std::map<std::string, std::string> newest;
    for (const ports::Note& note : last_notes_) {
        newest[note.key] = note.text;
    }
    std::vector<ports::Note> notes;
    for (const auto& [key, text] : newest) {
        notes.push_back({key, text});
    }
    std::erase_if(notes, [](const ports::Note& note) { return note.text.empty(); });
    sent_.clear();
    edge_ = std::make_unique<Edge>(*floor_, settings(), entropy_);
    edge_->restore(notes, durable_, now_);
    edge_->cut_off_all(core::CutOffCause::restart, now_);
    settle();
    EXPECT_TRUE(has_sent(kCaller, "BYE"));
    EXPECT_TRUE(floor_->contacts().empty());
}

// A caller who has put us on hold is not watched, and joined when he listens again.
TEST_F(EdgeTransferTest, a_caller_on_hold_is_handed_on) {
    const Talk talk = this->talk();
    sip::Message hold = inside("INVITE", talk.caller_invite, talk.caller_ok, 2);
    hold.content_type = "application/sdp";
    hold.body = sdp(kCaller, 30000, sip::Direction::sendonly);
    send(hold, kCaller);
    settle();
    send(inside("ACK", talk.caller_invite, take(kCaller, "200"), 2), kCaller);
    EXPECT_FALSE(edge_->command(to_travel(core::contact_of(anna())), now_));
    settle();
    orders_.clear();
    ben_answers(take(kBen, "INVITE"));
    EXPECT_EQ(count_orders<ports::Bridge>(), 0U);
    EXPECT_EQ(count_orders<ports::WatchSilence>(), 0U);
    const core::Contact& contact = *floor_->find_contact(core::contact_of(ben()));
    EXPECT_TRUE(std::get<core::Connected>(contact.state).is_on_hold);
    sip::Message resume = inside("INVITE", talk.caller_invite, talk.caller_ok, 3);
    resume.content_type = "application/sdp";
    resume.body = sdp(kCaller, 30000, sip::Direction::sendrecv);
    send(resume, kCaller);
    settle();
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
    EXPECT_FALSE(std::get<core::Connected>(contact.state).is_on_hold);
}

TEST_F(EdgeTransferTest, what_cannot_be_transferred_stays) {
    const Talk talk = this->talk();
    core::Transfer nowhere = to_travel(core::contact_of(anna()));
    nowhere.queue = core::QueueId{9};
    EXPECT_EQ(edge_->command(nowhere, now_), core::Refusal::unknown_queue);
    EXPECT_TRUE(is_talking());
    EXPECT_FALSE(has_sent(kAnna, "BYE"));
}

TEST_F(EdgeTransferTest, what_an_agent_writes_down_is_of_his_own_contact_alone) {
    const core::AgentId anna_id = anna().id;
    EXPECT_EQ(edge_->remark(anna_id, core::ContactId{1}, "x"), core::Refusal::not_your_contact);
    talk();
    const core::ContactId contact = core::contact_of(anna());
    EXPECT_EQ(edge_->remark(ben().id, contact, "x"), core::Refusal::not_your_contact);
    EXPECT_EQ(edge_->remark(anna_id, core::ContactId{99}, "x"), core::Refusal::not_your_contact);
    EXPECT_EQ(edge_->remark(anna_id, core::ContactId{}, "x"), core::Refusal::not_your_contact);
    EXPECT_EQ(edge_->remark(core::AgentId{77}, contact, "x"), core::Refusal::unknown_agent);
    EXPECT_FALSE(edge_->remark(anna_id, contact, "wants a card"));
    const auto batch = edge_->take_batch();
    ASSERT_TRUE(batch);
    EXPECT_EQ(
        batch->notes,
        (std::vector<ports::Note>{{"remark/" + std::to_string(contact.value()), "wants a card"}}));
}

}  // namespace
}  // namespace lanze::edge
