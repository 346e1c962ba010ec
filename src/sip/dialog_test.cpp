#include "sip/dialog.h"

#include <gtest/gtest.h>

namespace lanze::sip {
namespace {

NameAddress address(const std::string& text) {
    const auto parsed = NameAddress::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(NameAddress{});
}

Uri uri(const std::string& text) {
    const auto parsed = Uri::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(Uri{});
}

std::vector<NameAddress> addresses(const std::vector<std::string>& texts) {
    std::vector<NameAddress> result;
    for (const std::string& text : texts) {
        result.push_back(address(text));
    }
    return result;
}

Message invite(const std::vector<std::string>& record_routes = {}) {
    Message message;
    message.method = "INVITE";
    message.uri = uri("sip:sales@lanze.example");
    message.from = address("Anna <sip:anna@example.org>;tag=theirs");
    message.to = address("<sip:sales@lanze.example>");
    message.call_id = "call@example.org";
    message.cseq = {17, "INVITE"};
    message.contacts = addresses({"<sip:anna@192.0.2.5:5070>"});
    message.record_routes = addresses(record_routes);
    return message;
}

Dialog calling_dialog() {
    return make_uac_dialog(address("<sip:queue@lanze.example>"), address("<sip:ben@lanze.example>"),
                           uri("sip:ben@192.0.2.9"), "call", "ours", 1, Flow{});
}

Message response(int status, const std::string& tag, const std::string& contact = {},
                 const std::vector<std::string>& record_routes = {}) {
    Message message;
    message.status = status;
    message.from = address("<sip:queue@lanze.example>;tag=ours");
    message.to = address("<sip:ben@lanze.example>" + (tag.empty() ? "" : ";tag=" + tag));
    message.call_id = "call";
    message.cseq = {1, "INVITE"};
    if (!contact.empty()) {
        message.contacts = addresses({contact});
    }
    message.record_routes = addresses(record_routes);
    return message;
}

const NameAddress kContact = [] {
    NameAddress contact;
    contact.uri.user = "lanze";
    contact.uri.host = "198.51.100.1";
    return contact;
}();

std::string routes_of(const Message& message) {
    std::string text;
    for (const NameAddress& route : message.routes) {
        text += (text.empty() ? "" : " ") + route.uri.to_string();
    }
    return text;
}

TEST(UasDialog, TakesItsStateFromTheInvite) {
    const Dialog dialog =
        make_uas_dialog(invite({"<sip:p1.example;lr>", "<sip:p2.example;lr>"}), Flow{}, "ours");
    EXPECT_FALSE(dialog.is_caller);
    EXPECT_EQ(dialog.local.tag(), "ours");
    EXPECT_EQ(dialog.remote.tag(), "theirs");
    EXPECT_EQ(dialog.remote_cseq, 17U);
    EXPECT_EQ(dialog.remote_target.to_string(), "sip:anna@192.0.2.5:5070");
    ASSERT_EQ(dialog.routes.size(), 2U);
    EXPECT_EQ(dialog.routes[0].uri.host, "p1.example");  // as the request came (§12.1.1)
}

TEST(UasDialog, IsFoundByRequestsAndResponses) {
    Dialog dialog = make_uas_dialog(invite(), Flow{}, "ours");
    Message bye = invite();
    set_parameter(bye.to.parameters, "tag", "ours");
    EXPECT_EQ(dialog_key(dialog), dialog_key(bye));
    const Message refresh = make_request(dialog, "INVITE", kContact);
    EXPECT_EQ(dialog_key(dialog), dialog_key(make_response(refresh, 200)));
    EXPECT_NE(dialog_key(dialog), dialog_key(invite()));
}

TEST(UasDialog, SendsBackToTheCaller) {
    Dialog dialog = make_uas_dialog(invite(), Flow{}, "ours");
    const Message bye = make_request(dialog, "BYE", kContact);
    EXPECT_EQ(bye.uri.to_string(), "sip:anna@192.0.2.5:5070");
    EXPECT_EQ(bye.from.tag(), "ours");
    EXPECT_EQ(bye.to.tag(), "theirs");
    EXPECT_EQ(bye.cseq, (CSeq{1, "BYE"}));
    EXPECT_EQ(bye.max_forwards, 70);
    EXPECT_TRUE(bye.contacts.empty());
    EXPECT_TRUE(bye.vias.empty());
    EXPECT_EQ(make_request(dialog, "INVITE", kContact).cseq.number, 2U);
    EXPECT_EQ(make_request(dialog, "INVITE", kContact).contacts.size(), 1U);
}

TEST(UacDialog, StartsWithTheFirstTagAndTurnsTheRouteAround) {
    Dialog dialog = calling_dialog();
    update_from_response(dialog, response(100, ""));
    EXPECT_EQ(dialog.remote.tag(), "");
    update_from_response(dialog, response(180, "a", "<sip:ben@10.0.0.2>",
                                          {"<sip:p1.example;lr>", "<sip:p2.example;lr>"}));
    EXPECT_EQ(dialog.remote.tag(), "a");
    EXPECT_FALSE(dialog.is_confirmed);
    EXPECT_EQ(dialog.routes.at(0).uri.host, "p2.example");
    EXPECT_EQ(dialog.routes.at(1).uri.host, "p1.example");
    EXPECT_EQ(dialog.remote_target.to_string(), "sip:ben@10.0.0.2");
}

TEST(UacDialog, TakesTheRouteAnewFromTheAnswer) {
    Dialog dialog = calling_dialog();
    dialog.routes = addresses({"<sip:outbound.example;lr>"});
    update_from_response(dialog, response(180, "a", "", {"<sip:early.example;lr>"}));
    update_from_response(dialog, response(200, "a", "<sip:ben@10.0.0.3>"));
    EXPECT_TRUE(dialog.is_confirmed);
    EXPECT_TRUE(dialog.routes.empty());  // even an empty set overrides (§12.1.2)
    EXPECT_EQ(dialog.remote_target.to_string(), "sip:ben@10.0.0.3");
}

TEST(UacDialog, StaysWithTheFirstForkUntilOneAnswers) {
    Dialog dialog = calling_dialog();
    update_from_response(dialog, response(180, "a", "<sip:a@10.0.0.1>"));
    update_from_response(dialog, response(180, "b", "<sip:b@10.0.0.2>"));
    EXPECT_EQ(dialog.remote.tag(), "a");
    update_from_response(dialog, response(200, "b", "<sip:b@10.0.0.2>"));
    EXPECT_EQ(dialog.remote.tag(), "b");
    EXPECT_EQ(dialog.remote_target.user, "b");
    // Once confirmed, no answer moves it to another dialog.
    update_from_response(dialog, response(200, "a", "", {"<sip:late.example;lr>"}));
    EXPECT_EQ(dialog.remote.tag(), "b");
    EXPECT_TRUE(dialog.routes.empty());
}

TEST(UacDialog, IsNotConfirmedByOtherMethods) {
    Dialog dialog = calling_dialog();
    update_from_response(dialog, response(183, "a", "<sip:a@10.0.0.1>"));
    Message prack = response(200, "a", "<sip:elsewhere@10.0.0.9>");
    prack.cseq = {2, "PRACK"};
    update_from_response(dialog, prack);
    EXPECT_FALSE(dialog.is_confirmed);
    EXPECT_EQ(dialog.remote_target.user, "a");
    Message update = response(200, "a", "<sip:elsewhere@10.0.0.9>");
    update.cseq = {3, "UPDATE"};
    update_from_response(dialog, update);
    EXPECT_FALSE(dialog.is_confirmed);
    EXPECT_EQ(dialog.remote_target.user, "elsewhere");
}

TEST(UacDialog, IgnoresRefusals) {
    Dialog dialog = calling_dialog();
    const Dialog before = dialog;
    update_from_response(dialog, response(486, "a", "<sip:a@10.0.0.1>"));
    EXPECT_EQ(dialog, before);
}

TEST(DialogRequest, AcknowledgesWithTheNumberOfTheInvite) {
    Dialog dialog = calling_dialog();
    update_from_response(dialog, response(200, "a", "<sip:a@10.0.0.1>"));
    const Message ack = make_request(dialog, "ACK", kContact, 1);
    EXPECT_EQ(ack.cseq, (CSeq{1, "ACK"}));
    EXPECT_EQ(make_request(dialog, "BYE", kContact).cseq.number, 2U);
}

struct RouteCase {
    const char* name;
    std::vector<std::string> routes;
    std::string uri;
    std::string sent_routes;
    std::string hop;
};

TEST(DialogRequest, FollowsLooseAndStrictRouting) {
    const std::vector<RouteCase> cases{
        {"none", {}, "sip:ben@10.0.0.2", "", "10.0.0.2"},
        {"loose",
         {"<sip:p1.example;lr>", "<sip:p2.example;lr>"},
         "sip:ben@10.0.0.2",
         "sip:p1.example;lr sip:p2.example;lr",
         "p1.example"},
        {"strict first",
         {"<sip:old.example>", "<sip:p2.example;lr>"},
         "sip:old.example",
         "sip:p2.example;lr sip:ben@10.0.0.2",
         "old.example"},
        {"strict alone",
         {"<sip:old.example>"},
         "sip:old.example",
         "sip:ben@10.0.0.2",
         "old.example"},
    };
    for (const RouteCase& test : cases) {
        SCOPED_TRACE(test.name);
        Dialog dialog = calling_dialog();
        dialog.remote_target = uri("sip:ben@10.0.0.2");
        dialog.routes = addresses(test.routes);
        const Message request = make_request(dialog, "BYE", kContact);
        EXPECT_EQ(request.uri.to_string(), test.uri);
        EXPECT_EQ(routes_of(request), test.sent_routes);
        EXPECT_EQ(next_hop(dialog).host, test.hop);
    }
}

TEST(DialogRequest, LeavesHeadersAndMethodOutOfTheRequestUri) {
    Dialog dialog = calling_dialog();
    dialog.remote_target = uri("sip:ben@10.0.0.2;method=REFER;transport=tcp?Subject=x");
    EXPECT_EQ(make_request(dialog, "BYE", kContact).uri.to_string(),
              "sip:ben@10.0.0.2;transport=tcp");
}

TEST(DialogCseq, AcceptsOnlyHigherNumbers) {
    Dialog dialog = make_uas_dialog(invite(), Flow{}, "ours");
    Message request = invite();
    const auto accepts = [&](std::uint32_t number, const std::string& method) {
        request.method = method;
        request.cseq = {number, method};
        return accept_cseq(dialog, request);
    };
    EXPECT_FALSE(accepts(17, "BYE"));
    EXPECT_TRUE(accepts(17, "ACK"));
    EXPECT_TRUE(accepts(17, "CANCEL"));
    EXPECT_TRUE(accepts(19, "INFO"));
    EXPECT_FALSE(accepts(18, "BYE"));
    EXPECT_TRUE(accepts(20, "BYE"));
    EXPECT_EQ(dialog.remote_cseq, 20U);
}

TEST(DialogCseq, AcceptsTheFirstRequestOfTheCalledSide) {
    Dialog dialog = calling_dialog();
    Message bye = invite();
    bye.method = "BYE";
    bye.cseq = {0, "BYE"};
    EXPECT_TRUE(accept_cseq(dialog, bye));
    bye.cseq.number = 1;
    EXPECT_TRUE(accept_cseq(dialog, bye));
}

TEST(NextHop, ReadsPortTransportAndMaddr) {
    struct Case {
        const char* uri;
        const char* endpoint;  // "" for a name
        const char* host;
        std::uint16_t port;
        Transport transport;
    };
    for (const Case& test : std::vector<Case>{
             {"sip:a@192.0.2.1", "192.0.2.1:5060", "192.0.2.1", 0, Transport::udp},
             {"sip:a@192.0.2.1:5070", "192.0.2.1:5070", "192.0.2.1", 5070, Transport::udp},
             {"sip:a@192.0.2.1;transport=TCP", "192.0.2.1:5060", "192.0.2.1", 0, Transport::tcp},
             {"sip:a@host.example;maddr=192.0.2.7", "192.0.2.7:5060", "192.0.2.7", 0,
              Transport::udp},
             {"sip:a@host.example;transport=tcp", "", "host.example", 0, Transport::tcp},
             {"sip:a@host.example:5080", "", "host.example", 5080, Transport::udp},
             {"sip:a@[2001:db8::1]:5062", "[2001:db8::1]:5062", "2001:db8::1", 5062,
              Transport::udp},
         }) {
        SCOPED_TRACE(test.uri);
        const NextHop hop = next_hop(uri(test.uri));
        EXPECT_EQ(hop.endpoint ? hop.endpoint->to_string() : "", test.endpoint);
        EXPECT_EQ(hop.host, test.host);
        EXPECT_EQ(hop.port, test.port);
        EXPECT_EQ(hop.transport, test.transport);
    }
}

TEST(TargetRefresh, MovesTheTargetOnly) {
    Dialog dialog = make_uas_dialog(invite({"<sip:p1.example;lr>"}), Flow{}, "ours");
    Message again = invite();
    again.contacts = addresses({"<sip:anna@10.9.9.9>"});
    update_target(dialog, again);
    EXPECT_EQ(dialog.remote_target.host, "10.9.9.9");
    again.contacts.clear();
    update_target(dialog, again);
    EXPECT_EQ(dialog.remote_target.host, "10.9.9.9");
    EXPECT_EQ(dialog.routes.size(), 1U);
}

}  // namespace
}  // namespace lanze::sip
