// Our registration at a provider, and the calls that come from it.
#include <set>

#include "edge/edge.h"
#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

const char* const kFirst = "127.1.0.1:5060";
const char* const kSecond = "127.1.0.2:5061";
const char* const kStranger = "127.9.0.1:5060";
const char* const kNonce = "Digest realm=\"provider\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

// The fixture's callers come from 127.0.0.0/24; the provider "city" is at kFirst and kSecond.
class ProviderTest : public EdgeTest {
protected:
    static Settings with_provider() {
        Settings with = settings();
        with.trunks[0].from = {*Network::parse("127.0.0.0/24")};
        Trunk city;
        city.name = "city";
        city.account = ProviderAccount{};
        city.account->registrar = "sip.city.example";
        city.account->username = "city1";
        city.account->password = "secret";
        city.trusts_identity = true;
        with.trunks.push_back(city);
        with.queues[0].numbers.push_back("+4940100");
        with.queues[1].numbers.push_back("+4940200");
        return with;
    }

    void open_with(const Settings& with) {
        open(with);
        (void)edge_->take_provider_news();
    }

    void found(const std::vector<std::string>& endpoints, std::size_t trunk = 1) {
        std::vector<Endpoint> parsed;
        for (const std::string& endpoint : endpoints) {
            parsed.push_back(at(endpoint));
        }
        edge_->provider_found(trunk, parsed, now_);
        settle();
    }

    void answer(const sip::Message& request, const char* from, int status,
                const std::vector<std::pair<std::string, std::string>>& headers = {}) {
        sip::Message response = sip::make_response(request, status, {}, "provider");
        for (const auto& [name, value] : headers) {
            response.set_header(name, value);
        }
        send(response, from);
        settle();
    }

    // Found, challenged, registered for 600 s at kFirst.
    void register_at_first() {
        open_with(with_provider());
        found({kFirst, kSecond});
        answer(take(kFirst, "REGISTER"), kFirst, 401, {{"WWW-Authenticate", kNonce}});
        answer(take(kFirst, "REGISTER"), kFirst, 200, {{"Expires", "600"}});
        EXPECT_TRUE(is_registered());
    }

    // An INVITE as a provider sends it: to the contact we registered, what was dialled in To.
    sip::Message provider_invite(const std::string& dialled) {
        sip::Message message = invite("city1");
        message.to.uri = *sip::Uri::parse("sip:" + dialled + "@sip.city.example");
        message.from = *sip::NameAddress::parse("<sip:anonymous@sip.city.example>;tag=p" +
                                                std::to_string(requests_));
        return message;
    }

    bool is_registered() const {
        const auto standings = edge_->provider_standings();
        return standings.size() == 1 && standings[0].registered_until > now_;
    }
    // "registered 200" for each change since the last call.
    std::vector<std::string> news() {
        static constexpr const char* kNames[] = {"trying", "not_found", "registered", "refused",
                                                 "silent"};
        std::vector<std::string> result;
        for (const ProviderStanding& standing : edge_->take_provider_news()) {
            EXPECT_EQ(standing.trunk, "city");
            result.push_back(std::string(kNames[static_cast<std::size_t>(standing.state)]) + " " +
                             std::to_string(standing.status));
        }
        return result;
    }
    using Texts = std::vector<std::string>;
};

TEST_F(ProviderTest, is_looked_up_at_the_start_and_again_until_it_is_found) {
    open_with(with_provider());
    auto lookups = edge_->take_lookups();
    ASSERT_EQ(lookups.size(), 1U);
    EXPECT_EQ(lookups[0].host, "sip.city.example");
    EXPECT_EQ(lookups[0].port, 0);
    EXPECT_EQ(lookups[0].trunk, 1U);
    found({});
    EXPECT_EQ(news(), Texts{"not_found 0"});
    pass(seconds(29));
    EXPECT_TRUE(edge_->take_lookups().empty());
    pass(seconds(1));
    EXPECT_EQ(edge_->take_lookups().size(), 1U);
    found({"[2001:db8::1]:5060"});
    EXPECT_EQ(news(), Texts{"not_found 0"}) << "no socket of ours reaches IPv6";
    found({kFirst});
    EXPECT_TRUE(has_sent(kFirst, "REGISTER"));
}

struct Registrar {
    const char* text;
    const char* host;
    std::uint16_t port;
};

class RegistrarTest : public testing::TestWithParam<Registrar> {};

TEST_P(RegistrarTest, is_read_as_host_and_port) {
    Trunk trunk;
    trunk.account = ProviderAccount{};
    trunk.account->registrar = GetParam().text;
    const Provider provider = make_provider(0, trunk);
    EXPECT_EQ(provider.lookup.host, GetParam().host);
    EXPECT_EQ(provider.lookup.port, GetParam().port);
}

INSTANTIATE_TEST_SUITE_P(forms, RegistrarTest,
                         testing::Values(Registrar{"sip.city.example", "sip.city.example", 0},
                                         Registrar{"sip.city.example:5070", "sip.city.example",
                                                   5070},
                                         Registrar{"192.0.2.7:5060", "192.0.2.7", 5060},
                                         Registrar{"2001:db8::1", "2001:db8::1", 0},
                                         Registrar{"[2001:db8::1]", "2001:db8::1", 0},
                                         Registrar{"[2001:db8::1]:5070", "2001:db8::1", 5070}));

TEST_F(ProviderTest, answers_a_challenge_of_the_registrar_or_of_a_proxy) {
    for (const int status : {401, 407}) {
        open_with(with_provider());
        found({kFirst});
        const sip::Message first = take(kFirst, "REGISTER");
        EXPECT_EQ(first.uri.to_string(), "sip:sip.city.example");
        EXPECT_EQ(first.to.uri.to_string(), "sip:city1@sip.city.example");
        EXPECT_EQ(first.contacts.at(0).uri.to_string(), "sip:city1@127.0.0.1:5060");
        EXPECT_FALSE(first.header("Authorization"));
        const bool is_proxy = status == 407;
        answer(first, kFirst, status,
               {{is_proxy ? "Proxy-Authenticate" : "WWW-Authenticate", kNonce}});
        const sip::Message second = take(kFirst, "REGISTER");
        EXPECT_EQ(second.call_id, first.call_id);
        const auto credentials =
            second.header(is_proxy ? "Proxy-Authorization" : "Authorization").value_or("");
        EXPECT_NE(credentials.find("username=\"city1\""), std::string_view::npos) << credentials;
        EXPECT_TRUE(news().empty()) << "nothing is decided yet";
        answer(second, kFirst, 200, {{"Expires", "600"}});
        EXPECT_TRUE(is_registered());
        EXPECT_EQ(news(), Texts{"registered 200"});
    }
}

TEST_F(ProviderTest, renews_before_the_time_granted_is_over) {
    register_at_first();
    (void)news();
    pass(seconds(539));
    EXPECT_FALSE(has_sent(kFirst, "REGISTER"));
    pass(seconds(1));
    EXPECT_TRUE(is_registered());
    answer(take(kFirst, "REGISTER"), kFirst, 200, {{"Expires", "100"}});
    EXPECT_TRUE(news().empty()) << "that it goes on is no news";
    pass(seconds(90));
    answer(take(kFirst, "REGISTER"), kFirst, 200, {{"Expires", "100"}});
    EXPECT_TRUE(is_registered());
}

TEST_F(ProviderTest, asks_for_the_time_a_423_demands) {
    open_with(with_provider());
    found({kFirst});
    answer(take(kFirst, "REGISTER"), kFirst, 423, {{"Min-Expires", "1800"}});
    const sip::Message longer = take(kFirst, "REGISTER");
    EXPECT_EQ(longer.header("Expires"), "1800");
    answer(longer, kFirst, 200, {{"Expires", "1800"}});
    EXPECT_TRUE(is_registered());
    EXPECT_EQ(news(), Texts{"registered 200"});
}

TEST_F(ProviderTest, after_silence_the_next_server_and_after_the_last_a_lookup) {
    open_with(with_provider());
    (void)edge_->take_lookups();
    found({kFirst, kSecond});
    take(kFirst, "REGISTER");
    pass(seconds(31));
    EXPECT_FALSE(has_sent(kSecond, "REGISTER"));
    pass(seconds(1));
    EXPECT_TRUE(has_sent(kSecond, "REGISTER")) << "without a pause";
    EXPECT_TRUE(edge_->take_lookups().empty());
    pass(seconds(32));
    EXPECT_EQ(edge_->take_lookups().size(), 1U);
    EXPECT_EQ(news(), (Texts{"silent 0", "silent 0"}));
    sent_.clear();
    found({kSecond});  // the answer is another one now
    EXPECT_FALSE(has_sent(kSecond, "REGISTER")) << "a pause after a whole round";
    pass(seconds(30));
    answer(take(kSecond, "REGISTER"), kSecond, 200, {{"Expires", "600"}});
    EXPECT_TRUE(is_registered());
}

TEST_F(ProviderTest, the_servers_of_before_are_tried_while_dns_fails) {
    register_at_first();
    pass(seconds(540));
    pass(seconds(64));  // both are silent
    EXPECT_EQ(edge_->take_lookups().size(), 2U) << "at the start, and now";
    (void)news();
    sent_.clear();
    found({});
    EXPECT_TRUE(news().empty());
    pass(seconds(30));
    EXPECT_TRUE(has_sent(kFirst, "REGISTER"));
}

TEST_F(ProviderTest, a_server_that_is_out_of_order_is_left_for_the_next) {
    open_with(with_provider());
    found({kFirst, kSecond});
    answer(take(kFirst, "REGISTER"), kFirst, 503, {{"Retry-After", "3600"}});
    answer(take(kSecond, "REGISTER"), kSecond, 200, {{"Expires", "600"}});
    EXPECT_TRUE(is_registered());
    EXPECT_EQ(news(), (Texts{"refused 503", "registered 200"}));
}

TEST_F(ProviderTest, waits_after_a_refusal_and_says_why) {
    open_with(with_provider());
    found({kFirst, kSecond});
    answer(take(kFirst, "REGISTER"), kFirst, 403);
    EXPECT_FALSE(has_sent(kFirst, "REGISTER"));
    EXPECT_FALSE(has_sent(kSecond, "REGISTER")) << "another server of theirs says the same";
    const auto told = edge_->take_provider_news();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].state, ProviderState::refused);
    EXPECT_EQ(told[0].status, 403);
    EXPECT_EQ(told[0].reason, "Forbidden");
    EXPECT_EQ(told[0].server, at(kFirst));
    EXPECT_EQ(told[0].due, now_ + seconds(30));
    pass(seconds(30));
    answer(take(kFirst, "REGISTER"), kFirst, 403);
    pass(seconds(59));
    EXPECT_FALSE(has_sent(kFirst, "REGISTER")) << "each pause is longer";
    pass(seconds(1));
    EXPECT_TRUE(has_sent(kFirst, "REGISTER"));
    EXPECT_EQ(news(), Texts{"refused 403"});
}

TEST_F(ProviderTest, a_wrong_password_is_refused_and_not_tried_again_at_once) {
    open_with(with_provider());
    found({kFirst});
    answer(take(kFirst, "REGISTER"), kFirst, 401, {{"WWW-Authenticate", kNonce}});
    answer(take(kFirst, "REGISTER"), kFirst, 401,
           {{"WWW-Authenticate", "Digest realm=\"provider\", nonce=\"n2\", qop=\"auth\""}});
    EXPECT_FALSE(has_sent(kFirst, "REGISTER"));
    EXPECT_EQ(news(), Texts{"refused 401"});
    EXPECT_EQ(edge_->provider_standings().at(0).status, 401);
    EXPECT_FALSE(is_registered());
}

TEST_F(ProviderTest, a_broken_connection_is_taken_for_a_lost_registration) {
    Settings with = with_provider();
    with.listeners.push_back({sip::Transport::tcp, at(kCentre)});
    with.trunks[1].account->transport = sip::Transport::tcp;
    open_with(with);
    found({kFirst});
    const sip::Message request = take(kFirst, "REGISTER");
    EXPECT_EQ(request.contacts.at(0).uri.to_string(), "sip:city1@127.0.0.1:5060;transport=tcp");
    answer(request, kFirst, 200, {{"Expires", "600"}});
    edge_->transport_failed({sip::Transport::tcp, 1, 7, at(kFirst)}, now_);
    settle();
    pass(seconds(29));
    EXPECT_FALSE(has_sent(kFirst, "REGISTER")) << "not twice in 30 s";
    pass(seconds(1));
    answer(take(kFirst, "REGISTER"), kFirst, 200, {{"Expires", "600"}});
    pass(seconds(100));
    edge_->transport_failed({sip::Transport::tcp, 1, 8, at(kSecond)}, now_);
    pass(seconds(40));
    EXPECT_FALSE(has_sent(kFirst, "REGISTER")) << "somebody else's connection";
    edge_->transport_failed({sip::Transport::tcp, 1, 9, at(kFirst)}, now_);
    pass(seconds(1));
    EXPECT_TRUE(has_sent(kFirst, "REGISTER"));
}

TEST_F(ProviderTest, is_told_when_the_centre_closes) {
    register_at_first();
    EXPECT_TRUE(edge_->is_quiet());
    edge_->leave_providers(now_);
    settle();
    EXPECT_FALSE(edge_->is_quiet());
    const sip::Message request = take(kFirst, "REGISTER");
    EXPECT_EQ(request.header("Expires"), "0");
    answer(request, kFirst, 200);
    EXPECT_TRUE(edge_->is_quiet());
    pass(minutes(20));
    EXPECT_FALSE(has_sent(kFirst, "REGISTER"));
}

TEST_F(ProviderTest, calls_come_in_from_the_addresses_of_its_servers_only) {
    register_at_first();
    const sip::Message call = provider_invite("+4940100");
    send(call, kStranger);
    settle();
    take(kStranger, "403");
    EXPECT_TRUE(floor_->contacts().empty());
    send(provider_invite("+4940100"), kSecond);
    settle();
    EXPECT_EQ(floor_->contacts().size(), 1U) << left();
}

TEST_F(ProviderTest, the_trunk_of_a_call_is_the_providers_before_that_of_a_range) {
    Settings with = with_provider();
    with.trunks[0].from = {*Network::parse("127.0.0.0/8")};  // would not be trusted
    open_with(with);
    found({kFirst});
    sip::Message call = provider_invite("+4940100");
    call.set_header("P-Asserted-Identity", "\"Lena\" <sip:+4917012345@sip.city.example>");
    send(call, kFirst);
    settle();
    ASSERT_EQ(floor_->contacts().size(), 1U) << left();
    const core::ContactId contact = floor_->contacts().begin()->first;
    EXPECT_EQ(edge_->caller_text(contact), "Lena <+4917012345>");
}

TEST_F(ProviderTest, two_accounts_at_one_provider_are_told_apart_by_what_is_called) {
    Settings with = with_provider();
    with.trunks[1].trusts_identity = false;
    with.trunks.push_back(with.trunks[1]);
    with.trunks[2].name = "country";
    with.trunks[2].account->username = "country1";
    with.trunks[2].trusts_identity = true;
    open_with(with);
    found({kFirst}, 1);
    found({kFirst}, 2);
    for (const char* username : {"city1", "country1"}) {
        sip::Message call = provider_invite("+4940100");
        call.uri.user = username;
        call.set_header("P-Asserted-Identity", "<tel:+4917012345>");
        send(call, kFirst);
        settle();
    }
    ASSERT_EQ(floor_->contacts().size(), 2U) << left();
    std::set<std::string_view> callers;
    for (const auto& [contact, unused] : floor_->contacts()) {
        callers.insert(edge_->caller_text(contact));
    }
    EXPECT_EQ(callers, (std::set<std::string_view>{"anonymous", "+4917012345"}));
}

struct Dialled {
    const char* name;
    const char* request_user;
    const char* to_user;
    const char* called;  // P-Called-Party-ID
    const char* queue;   // "": 404
};

class DialledTest : public ProviderTest, public testing::WithParamInterface<Dialled> {};

TEST_P(DialledTest, reaches_the_queue_that_was_dialled) {
    const Dialled& dialled = GetParam();
    Settings with = with_provider();
    with.queues[0].numbers.push_back("city1");
    open_with(with);
    found({kFirst});
    sip::Message call = provider_invite(dialled.to_user);
    call.uri.user = dialled.request_user;
    if (*dialled.called != '\0') {
        call.set_header("P-Called-Party-ID", dialled.called);
    }
    send(call, kFirst);
    settle();
    if (*dialled.queue == '\0') {
        EXPECT_TRUE(floor_->contacts().empty());
        return;
    }
    ASSERT_EQ(floor_->contacts().size(), 1U) << left();
    const core::Contact& contact = floor_->contacts().begin()->second;
    EXPECT_EQ(floor_->find_queue(contact.queue)->config.name, dialled.queue);
}

INSTANTIATE_TEST_SUITE_P(
    forms, DialledTest,
    testing::Values(
        Dialled{"in_to", "city1", "+4940200", "", "travel"},
        Dialled{"in_to_with_parameters", "city1", "+4940200;npdi", "", "travel"},
        Dialled{"in_called_party", "city1", "+4989999", "<sip:+4940200@city.example>", "travel"},
        Dialled{"called_party_before_to", "city1", "+4940100", "<tel:+4940200>", "travel"},
        Dialled{"called_party_is_nonsense", "city1", "+4940200", "<<>", "travel"},
        Dialled{"in_the_request_uri", "+4940200", "+4940100", "", "travel"},
        Dialled{"to_counts_only_at_our_contact", "+4940999", "+4940100", "", ""},
        Dialled{"the_username_is_a_number_itself", "city1", "+4989999", "", "bank"}),
    [](const auto& each) { return std::string(each.param.name); });

// Another trunk in front of it moves it in the list, and nothing else.
TEST_F(ProviderTest, goes_on_under_another_configuration) {
    register_at_first();
    (void)edge_->take_lookups();
    Settings next = with_provider();
    next.trunks.insert(next.trunks.begin(), {"more", {*Network::parse("192.0.2.0/24")}, {}, {}});
    ASSERT_TRUE(edge_->configure(next, core_config(), now_));
    settle();
    EXPECT_TRUE(is_registered());
    EXPECT_TRUE(edge_->take_lookups().empty());
    EXPECT_FALSE(has_sent(kFirst, "REGISTER"));
    send(provider_invite("+4940100"), kFirst);
    settle();
    take(kFirst, "200");
    send(provider_invite("+4940100"), kStranger);
    settle();
    take(kStranger, "403");
    pass(seconds(541));
    answer(take(kFirst, "REGISTER"), kFirst, 200, {{"Expires", "600"}});
    EXPECT_TRUE(is_registered());
}

}  // namespace
}  // namespace lanze::edge
