// Numbers outside: what is refused before anything is sent, who hears whom, and where the caller
// goes when nobody answers.
#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

using ports::DialFor;
using ports::OutsideEnd;
using ports::OutsideState;
using ports::OutsideStep;
using ports::Sound;

const char* const kChallenge = "Digest realm=\"city\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

class EdgeOutsideTest : public EdgeTest {
protected:
    static constexpr const char* kCity = "127.0.0.9:5060";
    static constexpr const char* kNumber = "+49 (0)40 123-45";

    EdgeOutsideTest() { open(with_rules()); }

    static Settings with_rules() {
        Settings with = settings();
        with.dial_out.trunk = "local";
        with.dial_out.server = at(kCity);
        with.dial_out.country = "49";
        with.dial_out.allowed = {"+49"};
        with.dial_out.forbidden = {"+4915"};
        with.dial_out.shown = "+4940100";
        with.dial_out.calls_per_hour = 3;
        with.dial_out.length_max = minutes(10);
        return with;
    }

    void city_answers(const sip::Message& invite, int status) {
        sip::Message response = sip::make_response(invite, status, {}, "city");
        response.contacts = {*sip::NameAddress::parse(std::string("<sip:city@") + kCity + ">")};
        if (status == 200) {
            response.content_type = "application/sdp";
            response.body = sdp(kCity, 33000, sip::Direction::sendrecv);
        }
        if (status == 401 || status == 407) {
            response.set_header(status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate",
                                kChallenge);
        }
        send(response, kCity);
        settle();
    }

    void city_hangs_up(const sip::Message& invite) {
        sip::Message message = request("BYE", "x", kCity);
        message.uri = invite.contacts.at(0).uri;
        message.from = invite.to;
        sip::set_parameter(message.from.parameters, "tag", "city");
        message.to = invite.from;
        message.call_id = invite.call_id;
        send(message, kCity);
        settle();
    }

    std::string dial(DialFor what = DialFor::consultation, const std::string& number = kNumber) {
        const PhoneRefused refused = edge_->dial(anna().id, number, what, now_);
        settle();
        return refused ? refused->code : "";
    }
    std::string step(OutsideStep what) {
        const PhoneRefused refused = edge_->outside(anna().id, what, now_);
        settle();
        return refused ? refused->code : "";
    }

    // anna asks the number about her caller, and is answered.
    sip::Message consult() {
        talk_ = talk();
        contact_ = core::contact_of(anna());
        EXPECT_EQ(dial(), "");
        const sip::Message invite = take(kCity, "INVITE");
        city_answers(invite, 180);
        city_answers(invite, 200);
        take(kCity, "ACK");
        return invite;
    }

    void caller_hangs_up() {
        send(inside("BYE", talk_.caller_invite, talk_.caller_ok, 2), kCaller);
        settle();
    }

    bool is_on_hold() const {
        return std::get<core::Connected>(floor_->find_contact(contact_)->state).is_on_hold;
    }
    // The legs that were bridged last.
    std::pair<LegId, LegId> bridged() const {
        std::pair<LegId, LegId> last;
        for (const ports::MediaOrder& order : orders_) {
            if (const auto* bridge = std::get_if<ports::Bridge>(&order)) {
                last = {bridge->a, bridge->b};
            }
        }
        return last;
    }
    std::vector<LegId> conferring() const {
        std::vector<LegId> last;
        for (const ports::MediaOrder& order : orders_) {
            if (const auto* confer = std::get_if<ports::Confer>(&order)) {
                last = confer->legs;
            }
        }
        return last;
    }
    std::optional<Sound> last_sound(LegId leg) const {
        std::optional<Sound> last;
        for (const ports::MediaOrder& order : orders_) {
            const auto* play = std::get_if<ports::Play>(&order);
            last = play != nullptr && play->leg == leg ? std::optional(play->sound) : last;
        }
        return last;
    }
    // In the order they were opened: anna's phone is called before the caller's leg is ordered.
    static constexpr LegId kCallerLeg{1};
    static constexpr LegId kAnnaLeg{2};
    static constexpr LegId kCityLeg{3};

    Talk talk_;
    core::ContactId contact_;
};

TEST_F(EdgeOutsideTest, what_is_not_allowed_is_refused_and_nothing_is_sent) {
    EXPECT_EQ(dial(), "contact_not_connected");
    talk();
    EXPECT_EQ(dial(DialFor::consultation, "+43 1 234"), "number_not_allowed");
    EXPECT_EQ(dial(DialFor::transfer, "+49 151 234"), "number_not_allowed");
    EXPECT_EQ(dial(DialFor::consultation, "0900 1234"), "number_not_allowed");
    EXPECT_EQ(dial(DialFor::consultation, "*21*040123#"), "bad_number");
    EXPECT_EQ(dial(DialFor::consultation, ""), "bad_number");
    const auto refused = edge_->dial(anna().id, "112", DialFor::consultation, now_);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->message,
              "Agents may not call this number; they may call numbers that begin with +49, but not "
              "with +4915.");
    settle();
    EXPECT_EQ(left(), "");
    EXPECT_EQ(edge_->dialable(), (ports::Dialable{{"+49"}, {"+4915"}}));
    EXPECT_TRUE(edge_->take_outside_news().empty());
    open();
    talk();
    EXPECT_FALSE(edge_->dialable());
    EXPECT_EQ(dial(), "number_not_allowed");
    EXPECT_FALSE(has_sent(kCity, "INVITE"));
}

TEST_F(EdgeOutsideTest, the_number_is_called_as_configured) {
    talk();
    ASSERT_EQ(dial(), "");
    const sip::Message invite = take(kCity, "INVITE");
    EXPECT_EQ(invite.uri.to_string(), "sip:+494012345@127.0.0.9:5060");
    EXPECT_EQ(invite.from.uri.user, "+4940100");
    EXPECT_EQ(invite.header("P-Preferred-Identity"), "<sip:+4940100@127.0.0.1>");
    EXPECT_TRUE(invite.header("Session-Expires"));
    EXPECT_EQ(edge_->outside_of(core::contact_of(anna())),
              (ports::OutsideView{"+494012345", OutsideState::calling, false, {}}));
}

TEST_F(EdgeOutsideTest, limits_are_kept) {
    Settings with = with_rules();
    with.dial_out.calls_max = 1;
    open(with);
    talk();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(dial(), "");
        EXPECT_EQ(dial(), "outside_open");
        city_answers(take(kCity, "INVITE"), 486);
    }
    EXPECT_EQ(dial(), "dial_limit");
    EXPECT_FALSE(has_sent(kCity, "INVITE"));
}

TEST_F(EdgeOutsideTest, the_caller_hears_music_while_the_number_is_asked) {
    const sip::Message invite = consult();
    EXPECT_EQ(bridged(), std::pair(kAnnaLeg, kCityLeg));
    EXPECT_EQ(last_sound(kCallerLeg), Sound::waiting_music);
    EXPECT_TRUE(is_on_hold());
    EXPECT_FALSE(edge_->talk_with(anna().id, ports::TalkPartner::caller, now_));
    settle();
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kAnnaLeg));
    EXPECT_FALSE(is_on_hold());
    EXPECT_EQ(step(OutsideStep::join), "");
    EXPECT_EQ(conferring().size(), 3U);
    EXPECT_EQ(edge_->outside_of(contact_),
              (ports::OutsideView{"+494012345", OutsideState::talking, true, {}}));
    city_hangs_up(invite);
    take(kCity, "200");
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kAnnaLeg));
    EXPECT_EQ(edge_->outside_of(contact_)->end, OutsideEnd::by_them);
    EXPECT_TRUE(is_talking());
    const auto news = edge_->take_outside_news();
    ASSERT_EQ(news.size(), 2U);
    EXPECT_FALSE(news[0].end);
    EXPECT_EQ(news[1].number, "+494012345");
    EXPECT_EQ(news[1].agent, anna().id);
    EXPECT_TRUE(news[1].talked);
    caller_hangs_up();
    anna_answers(take(kAnna, "BYE"), 200);
    expect_quiet();
}

TEST_F(EdgeOutsideTest, while_it_rings_the_agent_hears_so_and_may_think_better) {
    talk_ = talk();
    contact_ = core::contact_of(anna());
    ASSERT_EQ(dial(), "");
    EXPECT_EQ(last_sound(kAnnaLeg), Sound::ring_tone);
    const sip::Message invite = take(kCity, "INVITE");
    city_answers(invite, 180);
    EXPECT_EQ(edge_->outside_of(contact_)->state, OutsideState::ringing);
    EXPECT_EQ(step(OutsideStep::join), "no_consultation");
    EXPECT_EQ(step(OutsideStep::end), "");
    city_answers(take(kCity, "CANCEL"), 200);
    city_answers(invite, 487);
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kAnnaLeg));
    EXPECT_EQ(step(OutsideStep::end), "no_consultation");
    EXPECT_EQ(edge_->leg_count(), 2U);
}

TEST_F(EdgeOutsideTest, busy_and_no_answer_bring_the_agent_back_to_the_caller) {
    talk_ = talk();
    contact_ = core::contact_of(anna());
    ASSERT_EQ(dial(), "");
    city_answers(take(kCity, "INVITE"), 486);
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kAnnaLeg));
    EXPECT_EQ(edge_->outside_of(contact_),
              (ports::OutsideView{"+494012345", OutsideState::ended, false, OutsideEnd::busy}));
    EXPECT_FALSE(is_on_hold());
    ASSERT_EQ(dial(), "");
    city_answers(take(kCity, "INVITE"), 180);
    pass(seconds(30));
    EXPECT_TRUE(has_sent(kCity, "CANCEL"));
    EXPECT_EQ(edge_->outside_of(contact_)->end, OutsideEnd::no_answer);
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeOutsideTest, the_agent_leaves_caller_and_number_alone) {
    const sip::Message invite = consult();
    EXPECT_EQ(step(OutsideStep::complete), "");
    anna_answers(take(kAnna, "BYE"), 200);
    EXPECT_TRUE(anna().is_ready());
    EXPECT_TRUE(floor_->contacts().empty());
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kCityLeg));
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    ASSERT_FALSE(finished_.empty());
    EXPECT_EQ(finished_[0].end, core::ContactEnd::transferred);
    caller_hangs_up();
    city_answers(take(kCity, "BYE"), 200);
    expect_quiet();
    EXPECT_EQ(edge_->take_outside_news().back().end, OutsideEnd::by_us);
}

TEST_F(EdgeOutsideTest, an_agent_who_hangs_up_hands_over_as_telephones_do) {
    const sip::Message invite = consult();
    send(from_anna("BYE", talk_.agent_invite, 1), kAnna);
    settle();
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kCityLeg));
    city_hangs_up(invite);
    take(kCaller, "BYE");
    expect_quiet();
}

TEST_F(EdgeOutsideTest, nobody_talks_longer_than_is_allowed) {
    consult();
    EXPECT_EQ(step(OutsideStep::complete), "");
    pass(minutes(9));
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    pass(minutes(1));
    EXPECT_TRUE(has_sent(kCaller, "BYE"));
    EXPECT_TRUE(has_sent(kCity, "BYE"));
    EXPECT_EQ(edge_->take_outside_news().back().end, OutsideEnd::too_long);
}

TEST_F(EdgeOutsideTest, a_blind_transfer_rings_and_connects) {
    talk_ = talk();
    orders_.clear();
    ASSERT_EQ(dial(DialFor::transfer), "");
    take(kAnna, "BYE");
    EXPECT_TRUE(anna().is_ready());
    EXPECT_EQ(last_sound(kCallerLeg), Sound::ring_tone);
    const sip::Message invite = take(kCity, "INVITE");
    city_answers(invite, 180);
    city_answers(invite, 200);
    EXPECT_EQ(bridged(), std::pair(kCallerLeg, kCityLeg));
    caller_hangs_up();
    take(kCity, "BYE");
    expect_quiet();
}

TEST_F(EdgeOutsideTest, whom_nobody_answers_goes_back_to_the_head_of_his_queue) {
    for (const int status : {486, 404, 0}) {
        sent_.clear();
        open(with_rules());
        talk_ = talk();
        ASSERT_EQ(dial(DialFor::transfer), "");
        EXPECT_FALSE(edge_->command(core::NotReady{anna().id}, now_));
        const sip::Message invite = take(kCity, "INVITE");
        if (status == 0) {
            city_answers(invite, 180);
            pass(seconds(30));
            take(kCity, "CANCEL");
        } else {
            city_answers(invite, status);
        }
        ASSERT_EQ(floor_->contacts().size(), 1U) << status;
        const core::Contact& contact = floor_->contacts().begin()->second;
        EXPECT_EQ(contact.priority, core::kPriorityFirst);
        EXPECT_EQ(contact.queue, floor_->queue_by_name("bank"));
        EXPECT_EQ(last_sound(kCallerLeg), Sound::waiting_music);
        EXPECT_FALSE(has_sent(kCaller, "BYE"));
        EXPECT_EQ(edge_->caller_text(contact.id), "lena");
        EXPECT_FALSE(edge_->command(core::Ready{anna().id}, now_));
        settle();
        EXPECT_TRUE(has_sent(kAnna, "INVITE"));
    }
}

TEST_F(EdgeOutsideTest, whom_nobody_answers_after_closing_time_is_let_go) {
    talk_ = talk();
    ASSERT_EQ(dial(DialFor::transfer), "");
    const core::QueueId bank = floor_->queue_by_name("bank");
    EXPECT_FALSE(edge_->command(core::SetHours{bank, {{now_ + hours(9), now_ + hours(10)}}}, now_));
    city_answers(take(kCity, "INVITE"), 486);
    EXPECT_TRUE(floor_->contacts().empty() || floor_->contacts().size() == 1U);
    EXPECT_TRUE(edge_->is_consistent());
}

TEST_F(EdgeOutsideTest, a_caller_who_gives_up_while_it_rings_ends_the_call) {
    talk_ = talk();
    ASSERT_EQ(dial(DialFor::transfer), "");
    const sip::Message invite = take(kCity, "INVITE");
    city_answers(invite, 180);
    caller_hangs_up();
    take(kCity, "CANCEL");
    city_answers(invite, 487);
    expect_quiet();
}

TEST_F(EdgeOutsideTest, a_silent_side_ends_the_call_for_both) {
    consult();
    EXPECT_EQ(step(OutsideStep::complete), "");
    edge_->report(ports::LegSilent{kCityLeg}, now_);
    settle();
    EXPECT_TRUE(has_sent(kCaller, "BYE"));
    EXPECT_TRUE(has_sent(kCity, "BYE"));
    expect_quiet();
}

TEST_F(EdgeOutsideTest, when_the_centre_closes_both_are_told) {
    consult();
    EXPECT_EQ(step(OutsideStep::complete), "");
    edge_->cut_off_all(core::CutOffCause::centre_closed, now_);
    settle();
    EXPECT_TRUE(has_sent(kCaller, "BYE"));
    EXPECT_TRUE(has_sent(kCity, "BYE"));
    expect_quiet();
}

// The process before has died: its notes name both legs.
TEST_F(EdgeOutsideTest, a_restart_ends_what_went_on_alone) {
    consult();
    EXPECT_EQ(step(OutsideStep::complete), "");
    std::vector<ports::Note> notes;
    for (const ports::Note& note : last_notes_) {
        std::erase_if(notes, [&](const ports::Note& each) { return each.key == note.key; });
        if (!note.text.empty()) {
            notes.push_back(note);
        }
    }
    sent_.clear();
    edge_ = std::make_unique<Edge>(*floor_, with_rules(), entropy_);
    edge_->restore(notes, durable_, now_);
    settle();
    EXPECT_TRUE(has_sent(kCaller, "BYE"));
    EXPECT_TRUE(has_sent(kCity, "BYE"));
}

TEST_F(EdgeOutsideTest, the_agent_who_turns_away_from_the_number_takes_the_caller_with_him) {
    consult();
    const core::Transfer travel{contact_, floor_->queue_by_name("travel"), {}};
    EXPECT_FALSE(edge_->command(travel, now_));
    settle();
    take(kCity, "BYE");
    EXPECT_FALSE(has_sent(kCaller, "BYE"));
    EXPECT_EQ(floor_->contacts().size(), 1U);
}

// ben talks along: the caller and the number stay with him.
TEST_F(EdgeOutsideTest, a_colleague_takes_caller_and_number_over) {
    core::Config config = core_config();
    config.agents[0].skills = {{"bank", 1}};
    core::AgentConfig ben = config.agents[0];
    ben.name = "ben";
    ben.skills = {{"travel", 1}};
    config.agents.push_back(ben);
    Settings with = with_rules();
    Phone phone = with.phones[0];
    phone.agent = "ben";
    phone.address = sip::Uri::parse("sip:ben@127.0.0.4:5060");
    with.phones.push_back(phone);
    open(with, config);
    const sip::Message invite = consult();
    EXPECT_EQ(step(OutsideStep::join), "");
    EXPECT_FALSE(edge_->command(core::Consult{contact_, {}, core::AgentId{2}}, now_));
    settle();
    sip::Message response = sip::make_response(take("127.0.0.4:5060", "INVITE"), 200, {}, "ben");
    response.contacts = {*sip::NameAddress::parse("<sip:ben@127.0.0.4:5060>")};
    response.content_type = "application/sdp";
    response.body = sdp("127.0.0.4:5060", 32000, sip::Direction::sendrecv);
    send(response, "127.0.0.4:5060");
    settle();
    const core::ContactId asked = core::contact_of(*floor_->find_agent(core::AgentId{2}));
    EXPECT_TRUE(std::any_of(orders_.begin(), orders_.end(), [](const ports::MediaOrder& order) {
        const auto* bridge = std::get_if<ports::Bridge>(&order);
        return bridge != nullptr && bridge->a == kCallerLeg && bridge->b == kCityLeg;
    })) << "while anna asks ben";
    EXPECT_FALSE(edge_->command(core::Join{asked}, now_));
    settle();
    EXPECT_EQ(conferring().size(), 4U);
    EXPECT_EQ(step(OutsideStep::complete), "");
    take(kAnna, "BYE");
    EXPECT_EQ(conferring().size(), 3U);
    EXPECT_EQ(edge_->outside_of(asked)->state, OutsideState::talking);
    caller_hangs_up();
    take(kCity, "BYE");
    take("127.0.0.4:5060", "BYE");
}

// At a provider we are registered at: its challenge is answered once.
class EdgeOutsideProviderTest : public EdgeOutsideTest {
protected:
    EdgeOutsideProviderTest() {
        Settings with = with_rules();
        with.dial_out.server.reset();
        with.dial_out.trunk = "city";
        with.dial_out.shown.clear();
        Trunk city;
        city.name = "city";
        city.account = ProviderAccount{};
        city.account->registrar = "sip.city.example";
        city.account->username = "city1";
        city.account->password = "secret";
        with.trunks.push_back(city);
        open(with);
    }

    void register_there() {
        edge_->provider_found(1, {at(kCity)}, now_);
        settle();
        sip::Message response = sip::make_response(take(kCity, "REGISTER"), 200, {}, "city");
        response.set_header("Expires", "600");
        send(response, kCity);
        settle();
        talk_ = talk();
    }
};

TEST_F(EdgeOutsideProviderTest, a_challenge_is_answered) {
    for (const int status : {401, 407}) {
        sent_.clear();
        SetUp();
        if (status == 401) {
            register_there();
        }
        ASSERT_EQ(dial(), "");
        const sip::Message first = take(kCity, "INVITE");
        EXPECT_EQ(first.uri.to_string(), "sip:+494012345@sip.city.example");
        EXPECT_EQ(first.from.uri.user, "city1");
        city_answers(first, status);
        take(kCity, "ACK");
        const sip::Message second = take(kCity, "INVITE");
        const auto value =
            second.header(status == 401 ? "Authorization" : "Proxy-Authorization").value_or("");
        EXPECT_NE(value.find("username=\"city1\""), std::string_view::npos);
        EXPECT_EQ(second.cseq.number, 2U);
        EXPECT_EQ(second.call_id, first.call_id);
        city_answers(second, 200);
        EXPECT_EQ(take(kCity, "ACK").cseq.number, 2U);
        EXPECT_EQ(step(OutsideStep::end), "");
        EXPECT_EQ(take(kCity, "BYE").cseq.number, 3U);
    }
}

TEST_F(EdgeOutsideProviderTest, a_wrong_password_is_not_tried_again) {
    register_there();
    ASSERT_EQ(dial(), "");
    city_answers(take(kCity, "INVITE"), 407);
    take(kCity, "ACK");
    city_answers(take(kCity, "INVITE"), 407);
    take(kCity, "ACK");
    EXPECT_FALSE(has_sent(kCity, "INVITE"));
    EXPECT_EQ(edge_->outside_of(core::contact_of(anna()))->end, OutsideEnd::failed);
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeOutsideProviderTest, without_a_registration_nothing_is_called) {
    talk_ = talk();
    EXPECT_EQ(dial(), "trunk_unavailable");
}

}  // namespace
}  // namespace lanze::edge
