// Another configuration while callers wait and talk.
#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

const char* const kBen = "127.0.0.4:5060";

Phone fixed_phone(const std::string& agent, const std::string& address) {
    Phone phone;
    phone.agent = agent;
    phone.address = sip::Uri::parse("sip:" + agent + "@" + address);
    phone.check_every = Duration::zero();
    return phone;
}

// The fixture's centre: "bank" and "travel" with anna.
class ConfigureTest : public EdgeTest {
protected:
    void add_ben(const Phone& phone) {
        core::AgentConfig ben = config_.agents[0];
        ben.name = "ben";
        ben.starts_reachable = phone.check_every == Duration::zero() && phone.address;
        config_.agents.push_back(ben);
        with_.phones.push_back(phone);
    }
    void remove_anna() {
        config_.agents.erase(config_.agents.begin());
        with_.phones.erase(with_.phones.begin());
    }
    Phone& anna_phone() { return with_.phones[0]; }
    // "" or the message of the refusal.
    std::string configure() {
        const auto configured = edge_->configure(with_, config_, now_);
        settle();
        return configured ? "" : configured.error().message;
    }
    void expect_taken() { EXPECT_EQ(configure(), ""); }

    // A caller of `number` comes in and is answered; nobody has time for him.
    struct Caller {
        sip::Message invite;
        sip::Message ok;
    };
    Caller wait_in(const std::string& number) {
        Caller caller;
        caller.invite = invite(number);
        send(caller.invite, kCaller);
        settle();
        caller.ok = take(kCaller, "200");
        send(inside("ACK", caller.invite, caller.ok, 1), kCaller);
        settle();
        return caller;
    }
    void hang_up(const Talk& talk) {
        send(inside("BYE", talk.caller_invite, talk.caller_ok, 2), kCaller);
        settle();
        take(kCaller, "200");
        const sip::Message bye = take(kAnna, "BYE");
        send(sip::make_response(bye, 200, {}, "anna"), kAnna);
        settle();
    }
    // Registers anna or ben, who sign in with "secret", and tells the status.
    int registers(const std::string& name, const char* from) {
        sip::Message request = this->request("REGISTER", name, from);
        request.from.uri.user = request.to.uri.user = name;
        request.contacts = {*sip::NameAddress::parse("<sip:" + name + "@" + from + ">")};
        send(request, from);
        settle();
        const sip::Message challenge = take(from, "401");
        request.cseq.number = 2;
        sip::set_parameter(request.vias[0].parameters, "branch",
                           "z9hG4bKs" + std::to_string(requests_));
        request.headers.push_back(
            {"Authorization",
             sip::answer_challenge(*sip::strongest_challenge(challenge), {name, "secret"},
                                   "REGISTER", request.uri.to_string(),
                                   "cnonce" + std::to_string(requests_), 1)});
        send(request, from);
        settle();
        int status = 0;
        for (const auto& [to, message] : sent_) {
            const bool is_answer = !message.is_request() && message.cseq.method == "REGISTER";
            status = is_answer ? message.status : status;
        }
        sent_.clear();
        return status;
    }
    const core::Agent& agent(const char* name) const {
        return *floor_->find_agent(floor_->agent_by_name(name));
    }

    core::Config config_ = core_config();
    Settings with_ = settings();
};

TEST_F(ConfigureTest, lets_a_call_and_a_waiting_caller_go_on) {
    const Talk first = talk();
    wait_in("bank");
    sent_.clear();
    const std::size_t orders = orders_.size();
    config_.queues[0].priority = 2;
    config_.queues[0].needs = {};
    config_.agents[0].skills.insert(config_.agents[0].skills.begin() + 1, {"loans", 2});
    with_.queues[0].numbers = {"bank", "bank-2"};
    expect_taken();
    EXPECT_TRUE(is_talking());
    EXPECT_EQ(floor_->contacts().size(), 2U);
    EXPECT_TRUE(sent_.empty()) << left();
    EXPECT_EQ(orders_.size(), orders) << "the media is left alone";
    hang_up(first);
    take(kAnna, "INVITE");  // the caller who waited
}

TEST_F(ConfigureTest, presents_who_waits_to_a_new_agent_at_once) {
    talk();
    wait_in("bank");
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    add_ben(fixed_phone("ben", kBen));
    expect_taken();
    EXPECT_EQ(take(kBen, "INVITE").uri.user, "ben");
    EXPECT_TRUE(is_talking());
}

TEST_F(ConfigureTest, asks_a_new_phone_before_anybody_is_presented_there) {
    talk();
    wait_in("bank");
    Phone phone = fixed_phone("ben", kBen);
    phone.check_every = seconds(30);
    add_ben(phone);
    expect_taken();
    pass(seconds(1));
    const sip::Message options = take(kBen, "OPTIONS");
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    send(sip::make_response(options, 200, {}, "ben"), kBen);
    settle();
    take(kBen, "INVITE");
}

TEST_F(ConfigureTest, lets_a_new_phone_register) {
    Phone phone;
    phone.agent = "ben";
    phone.password = "secret";
    phone.check_every = Duration::zero();
    add_ben(phone);
    EXPECT_EQ(registers("ben", kBen), 403);
    expect_taken();
    talk();
    wait_in("bank");
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    EXPECT_EQ(registers("ben", kBen), 200);
    EXPECT_TRUE(agent("ben").is_reachable);
    EXPECT_FALSE(agent("ben").is_ready()) << "is called already";
}

TEST_F(ConfigureTest, serves_who_waits_by_a_skill_given_only_now) {
    config_.queues[0].needs = {{"loans", 1}};
    open(with_, config_);
    wait_in("bank");
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
    config_.agents[0].skills.insert(config_.agents[0].skills.begin() + 1, {"loans", 1});
    expect_taken();
    take(kAnna, "INVITE");
}

TEST_F(ConfigureTest, refuses_to_leave_out_a_queue_in_which_somebody_waits) {
    talk();
    wait_in("bank");
    config_.queues.erase(config_.queues.begin());
    with_.queues.erase(with_.queues.begin());
    with_.trunks.clear();
    add_ben(fixed_phone("ben", kBen));
    EXPECT_EQ(configure(),
              "somebody still waits or talks in what is left out: \"bank\" (2 contacts)");
    EXPECT_EQ(floor_->contacts().size(), 2U);
    EXPECT_EQ(floor_->agents().size(), 1U);
    wait_in("bank");  // numbers and trunks are those of before
}

TEST_F(ConfigureTest, says_what_is_wrong_with_rules_that_contradict_themselves) {
    config_.queues[0].priority = 77;
    EXPECT_EQ(configure(), "The configuration contradicts itself.");
}

TEST_F(ConfigureTest, lets_a_removed_agent_finish_and_calls_him_no_more) {
    const Talk last = talk();
    add_ben(fixed_phone("ben", kBen));
    remove_anna();
    expect_taken();
    EXPECT_TRUE(is_talking());
    EXPECT_FALSE(has_sent(kAnna, "BYE"));
    hang_up(last);
    wait_in("bank");
    take(kBen, "INVITE");
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
}

TEST_F(ConfigureTest, lets_a_removed_agent_answer_what_alerts_him) {
    wait_in("bank");
    const sip::Message alerting = take(kAnna, "INVITE");
    add_ben(fixed_phone("ben", kBen));
    remove_anna();
    expect_taken();
    anna_answers(alerting, 200);
    EXPECT_TRUE(is_talking());
}

// Whoever is presented to somebody who was taken out and does not answer goes on to who is left.
TEST_F(ConfigureTest, goes_on_when_a_removed_agent_does_not_answer) {
    wait_in("bank");
    take(kAnna, "INVITE");
    add_ben(fixed_phone("ben", kBen));
    remove_anna();
    expect_taken();
    EXPECT_FALSE(has_sent(kBen, "INVITE"));
    pass(seconds(15));
    take(kBen, "INVITE");
    EXPECT_EQ(floor_->contacts().size(), 1U);
}

TEST_F(ConfigureTest, forgets_a_removed_agents_registration_after_the_contact) {
    anna_phone() = Phone{"anna", std::nullopt, "secret", Duration::zero()};
    config_.agents[0].starts_reachable = false;
    open(with_, config_);
    ASSERT_EQ(registers("anna", kAnna), 200);
    const Talk last = talk();
    last_notes_.clear();
    add_ben(fixed_phone("ben", kBen));
    remove_anna();
    expect_taken();
    EXPECT_TRUE(is_talking());
    EXPECT_EQ(registers("anna", kAnna), 200) << "the phone shows no error during the call";
    hang_up(last);
    const auto forgotten =
        std::find_if(last_notes_.begin(), last_notes_.end(), [](const ports::Note& note) {
            return note.key.starts_with("registration/anna/") && note.text.empty();
        });
    EXPECT_NE(forgotten, last_notes_.end());
    EXPECT_EQ(registers("anna", kAnna), 403);
}

TEST_F(ConfigureTest, keeps_the_registration_of_who_stays) {
    anna_phone() = Phone{"anna", std::nullopt, "secret", Duration::zero()};
    config_.agents[0].starts_reachable = false;
    open(with_, config_);
    ASSERT_EQ(registers("anna", kAnna), 200);
    add_ben(fixed_phone("ben", kBen));
    config_.agents[0].wrap_up = seconds(5);
    expect_taken();
    EXPECT_TRUE(agent("anna").is_ready());
    wait_in("bank");
    take(kAnna, "INVITE");
}

TEST_F(ConfigureTest, takes_back_who_was_removed_as_somebody_new) {
    add_ben(fixed_phone("ben", kBen));
    const core::Config both = config_;
    const Settings both_with = with_;
    expect_taken();
    remove_anna();
    expect_taken();
    EXPECT_FALSE(agent("anna").is_ready());
    config_ = both;
    with_ = both_with;
    expect_taken();
    EXPECT_TRUE(agent("anna").is_ready());
    EXPECT_EQ(agent("anna").id, core::AgentId{1});
}

TEST_F(ConfigureTest, calls_a_phone_that_moved_at_its_new_address) {
    anna_phone() = fixed_phone("anna", kBen);
    expect_taken();
    wait_in("bank");
    take(kBen, "INVITE");
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
}

TEST_F(ConfigureTest, waits_for_a_phone_that_is_to_register_from_now_on) {
    anna_phone() = Phone{"anna", std::nullopt, "secret", Duration::zero()};
    expect_taken();
    EXPECT_FALSE(agent("anna").is_reachable);
    ASSERT_EQ(registers("anna", kAnna), 200);
    EXPECT_TRUE(agent("anna").is_ready());
    anna_phone() = fixed_phone("anna", kBen);
    expect_taken();
    wait_in("bank");
    take(kBen, "INVITE");
}

TEST_F(ConfigureTest, moves_numbers_to_other_queues) {
    std::swap(with_.queues[0].numbers, with_.queues[1].numbers);
    with_.queues[1].numbers.push_back("third");
    expect_taken();
    config_.agents[0].starts_ready = false;
    send(invite("travel"), kCaller);
    send(invite("third"), kCaller);
    settle();
    ASSERT_EQ(floor_->contacts().size(), 2U);
    EXPECT_EQ(floor_->find_contact(core::ContactId{1})->queue, core::QueueId{1});
    EXPECT_EQ(floor_->find_contact(core::ContactId{2})->queue, core::QueueId{2});
}

TEST_F(ConfigureTest, lets_callers_in_by_the_new_trunks_only) {
    with_.trunks = {{"other", {*Network::parse("127.0.0.9/32")}, {}, {}, false}};
    const Talk before = talk();
    expect_taken();
    send(invite("bank"), kCaller);
    settle();
    take(kCaller, "403");
    EXPECT_TRUE(is_talking());
    hang_up(before);
}

}  // namespace
}  // namespace lanze::edge
