#include "sip/message.h"

#include <gtest/gtest.h>

#include <string>

namespace lanze::sip {
namespace {

// Line feeds become the line ends of SIP.
std::string lines(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return result;
}

constexpr std::string_view kCore =
    "Via: SIP/2.0/UDP 192.0.2.4:5070;branch=z9hG4bK1;rport\n"
    "From: \"Anna\" <sip:anna@example.org>;tag=a1\n"
    "To: <sip:service@example.org>\n"
    "Call-ID: c1@192.0.2.4\n";

std::string invite(std::string_view more = "Content-Length: 0\n\n") {
    return lines("INVITE sip:service@example.org SIP/2.0\n" + std::string(kCore) +
                 "CSeq: 7 INVITE\n" + std::string(more));
}

Message parsed(const std::string& bytes) {
    auto message = parse_message(bytes);
    EXPECT_TRUE(message) << message.error().reason << "\n" << bytes;
    return message ? *message : Message{};
}

int refusal(const std::string& bytes) {
    const auto message = parse_message(bytes);
    return message ? 0 : message.error().status;
}

TEST(ParseMessage, ReadsARequest) {
    const Message message = parsed(
        invite("Max-Forwards: 70\nm: <sip:anna@192.0.2.4:5070>, <sip:b@192.0.2.5>\n"
               "Route: <sip:192.0.2.9;lr>\nRecord-Route: <sip:192.0.2.8;lr>\n"
               "k: timer, replaces\nX-Own: a, \"b,c\" , <d,e>\nSubject:\n"
               "Content-Type: Application/SDP;charset=\"utf;8\"\nContent-Length: 3\n\nv=0tail"));
    EXPECT_EQ(message.method, "INVITE");
    EXPECT_EQ(message.uri.to_string(), "sip:service@example.org");
    EXPECT_EQ(message.cseq, (CSeq{7, "INVITE"}));
    EXPECT_EQ(message.call_id, "c1@192.0.2.4");
    EXPECT_EQ(message.from.tag(), "a1");
    EXPECT_EQ(message.vias.at(0).port, 5070);
    EXPECT_EQ(message.vias.at(0).branch(), "z9hG4bK1");
    EXPECT_EQ(message.max_forwards, 70);
    EXPECT_EQ(message.contacts.size(), 2U);
    EXPECT_EQ(message.routes.size(), 1U);
    EXPECT_EQ(message.record_routes.size(), 1U);
    EXPECT_EQ(message.content_type, "application/sdp");
    EXPECT_EQ(find_parameter(message.content_parameters, "charset"), "\"utf;8\"");
    EXPECT_EQ(message.body, "v=0");
    EXPECT_EQ(message.header("supported"), "timer, replaces");
    EXPECT_TRUE(message.header_has_token("Supported", "TIMER"));
    EXPECT_FALSE(message.header_has_token("Supported", "time"));
    EXPECT_EQ(message.header_list("x-own"), (std::vector<std::string>{"a", "\"b,c\"", "<d,e>"}));
    EXPECT_EQ(message.header("Subject"), "");
    EXPECT_EQ(message.header("Contact"), std::nullopt);
}

TEST(ParseMessage, ReadsAResponse) {
    const Message message =
        parsed(lines("SIP/2.0 183 \n" + std::string(kCore) + "CSeq: 7 INVITE\n\nbody"));
    EXPECT_FALSE(message.is_request());
    EXPECT_EQ(message.status, 183);
    EXPECT_EQ(message.reason, "");
    EXPECT_EQ(message.body, "body");
    EXPECT_EQ(parsed(lines("SIP/2.0 200\n" + std::string(kCore) + "CSeq: 7 BYE\n\n")).status, 200);
}

TEST(ParseMessage, SkipsLineEndsBeforeTheRequest) {
    EXPECT_EQ(parsed("\r\n\r\n" + invite()).method, "INVITE");
}

TEST(ParseMessage, ReadsTheStarOfARegister) {
    const std::string start = "REGISTER sip:example.org SIP/2.0\n" + std::string(kCore);
    const Message message = parsed(lines(start + "CSeq: 1 REGISTER\nContact: *\nExpires: 0\n\n"));
    EXPECT_TRUE(message.has_contact_star);
    EXPECT_TRUE(message.contacts.empty());
    EXPECT_NE(write_message(message).find("Contact: *\r\n"), std::string::npos);
    EXPECT_EQ(refusal(lines(start + "CSeq: 1 REGISTER\nContact: *, <sip:a@b.example>\n\n")), 400);
}

struct RefusedCase {
    const char* start_line;
    const char* rest;  // after the core headers
    int status;
};

TEST(ParseMessage, RefusesWhatIsMalformed) {
    constexpr RefusedCase kCases[] = {
        {"INVITE sip:a@b.example SIP/2.0", "\n", 400},  // no CSeq
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 BYE\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: -7 INVITE\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 2147483648 INVITE\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nMax-Forwards: 256\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nMax-Forwards: x\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nl: 1\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nl: +0\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nl: 0\nContent-Length: 0\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nFrom: <sip:b@c.example>\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nContact: <sip:b@c.example>,\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nVia: HTTP/1.1/TCP b\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nVia: SIP/2.0/UDP b:0\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nno colon\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nNa me: x\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\n: x\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nX: a\rb\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nX: a\x01\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\nContent-Type: sdp\n\n", 400},
        {"INVITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\n", 400},  // no empty line
        {"INVITE sip:a@b.example SIP/3.0", "CSeq: 7 INVITE\n\n", 505},
        {"INVITE sip:a@b.example HTTP/1.1", "CSeq: 7 INVITE\n\n", 400},
        {"INVITE sip:a@b.example", "CSeq: 7 INVITE\n\n", 400},
        {"INVITE  sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\n\n", 400},
        {"INVITE mailto:a@b.example SIP/2.0", "CSeq: 7 INVITE\n\n", 416},
        {"INV(ITE sip:a@b.example SIP/2.0", "CSeq: 7 INVITE\n\n", 400},
        {"SIP/2.0 99 X", "CSeq: 7 INVITE\n\n", 400},
        {"SIP/2.0 700 X", "CSeq: 7 INVITE\n\n", 400},
        {"SIP/2.0 2000 X", "CSeq: 7 INVITE\n\n", 400},
        {"SIP/3.0 200 X", "CSeq: 7 INVITE\n\n", 400},
        {"", "", 400},
    };
    for (const RefusedCase& refused : kCases) {
        const std::string bytes =
            lines(std::string(refused.start_line) + "\n" + std::string(kCore) + refused.rest);
        EXPECT_EQ(refusal(bytes), refused.status) << bytes;
    }
    EXPECT_EQ(refusal(""), 400);
    EXPECT_EQ(refusal("\r\n\r\n"), 400);
    EXPECT_EQ(refusal(std::string(70000, 'a')), 413);
    EXPECT_EQ(refusal(invite(std::string("X: \0\n\n", 6))), 400);
}

TEST(ParseMessage, LimitsTheNumberOfHeaders) {
    std::string many;
    std::string list = "Contact: <sip:a@b.example>";
    for (std::size_t i = 0; i < kHeaderCountMax; ++i) {
        many += "X: y\n";
        list += ",<sip:a@b.example>";
    }
    EXPECT_EQ(refusal(invite(many + "\n")), 400);
    EXPECT_EQ(refusal(invite(list + "\n\n")), 400);
}

// What is read can be written and read again, however the lines were laid out.
TEST(ParseMessage, CountsEachValueOfAListAsALine) {
    std::string contacts = "Contact: <sip:a@b.example>";
    std::size_t values = 1;
    std::optional<Message> last;
    while (const auto message = parse_message(invite(contacts + "\n\n"))) {
        last = *message;
        contacts += ",<sip:a@b.example>";
        ++values;
    }
    ASSERT_TRUE(last);
    EXPECT_GT(values, kHeaderCountMax - 20);
    EXPECT_LT(values, kHeaderCountMax);
    const auto again = parse_message(write_message(*last));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *last);
}

// RFC 3261 §25.1: beyond these characters an address could not be told from what follows it.
TEST(ParseMessage, RefusesWhatEndsAnAddressEarly) {
    for (const char* address : {"<sip:a@b.example?h;=1>", "<sip:a@b.example:5060;?:1]:5060;lr?h=1>",
                                "<sip:a:p;w@b.example>"}) {
        EXPECT_FALSE(NameAddress::parse(address)) << address;
    }
}

TEST(ParseMessage, KeepsWhatAnAnswerNeeds) {
    const auto message = parse_message(invite("Contact: <\n\n"));
    ASSERT_FALSE(message);
    ASSERT_TRUE(message.error().answerable);
    const std::string answer = write_message(make_response(
        *message.error().answerable, message.error().status, message.error().reason, "t"));
    EXPECT_EQ(answer.substr(0, 12), "SIP/2.0 400 ");
    EXPECT_NE(answer.find("branch=z9hG4bK1"), std::string::npos);
    EXPECT_NE(answer.find("CSeq: 7 INVITE\r\n"), std::string::npos);
}

// Found by fuzzing: a To that cannot be repeated, in a request whose CSeq names another method.
TEST(ParseMessage, CannotAnswerWithoutReadableTo) {
    const auto message = parse_message(
        lines("BYE sip:a@b.example SIP/3.0\nVia: SIP/2.0/UDP 192.0.2.4\nFrom: <sip:a@b.example>\n"
              "To: <sip:a@[2:pw@[2001:db8::1]>\nCall-ID: c\nCSeq: 2 REGISTER\n\n"));
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().status, 505);
    EXPECT_FALSE(message.error().answerable);
}

TEST(ParseMessage, NeverAnswersAnAckOrAResponse) {
    const auto ack = parse_message(lines("ACK sip:a@b.example SIP/2.0\n" + std::string(kCore) +
                                         "CSeq: 7 ACK\nContact: <\n\n"));
    ASSERT_FALSE(ack);
    EXPECT_FALSE(ack.error().answerable);
    const auto response = parse_message(
        lines("SIP/2.0 200 OK\n" + std::string(kCore) + "CSeq: 7 INVITE\nContact: <\n\n"));
    ASSERT_FALSE(response);
    EXPECT_FALSE(response.error().answerable);
}

TEST(WriteMessage, ReadsBackAsTheSame) {
    Message message = parsed(invite());
    message.max_forwards = 0;
    message.contacts.push_back(*NameAddress::parse("\"A, \\\"B\\\"\" <sip:a@[::1]:5060>;q=0.5"));
    message.routes.push_back(*NameAddress::parse("<sip:192.0.2.9;lr>"));
    message.vias.push_back({Transport::tcp, "::1", 5061, {{"branch", "z9hG4bK2"}}, ""});
    message.set_header("Supported", "timer");
    message.content_type = "application/sdp";
    message.body = "v=0\r\n";
    EXPECT_EQ(parsed(write_message(message)), message);
}

// Found by fuzzing: the address was read, but not what we wrote of it.
TEST(ParseMessage, RefusesAnAddressThatIsTooShortToBeWritten) {
    for (const std::string_view address :
         {"om:an", "om:an;tag=1", "<om:an>", "anna<sip:a?b.example>;tag=1", "a:b", ""}) {
        std::string text = invite();
        ASSERT_NE(text.find("\r\nTo: "), std::string::npos);
        const std::size_t begin = text.find("\r\nTo: ") + 6;
        text.replace(begin, text.find("\r\n", begin) - begin, address);
        EXPECT_FALSE(parse_message(text)) << address;
    }
}

TEST(WriteMessage, LetsNoValueAddAHeader) {
    Message message = parsed(invite());
    message.set_header("X", "a\r\nEvil: 1\r\n\r\nbody");
    message.from.display_name = "a\"\r\nEvil: 2";
    message.to.parameters.emplace_back("tag", "t\r\nEvil: 3");
    message.uri.user = "u\r\nEvil: 4";
    message.call_id = "i\r\nEvil: 5";
    message.reason = "r\r\nEvil: 6";
    EXPECT_EQ(write_message(message).find("\nEvil"), std::string::npos);
}

TEST(Message, SetHeaderReplacesAll) {
    Message message;
    message.headers = {{"X", "1"}, {"y", "2"}, {"x", "3"}};
    message.set_header("X", "4");
    message.set_header("Z", "5");
    EXPECT_EQ(message.headers, (std::vector<Header>{{"X", "4"}, {"y", "2"}, {"Z", "5"}}));
}

TEST(MakeResponse, CopiesWhatTheRfcSays) {
    const Message request = parsed(invite("Record-Route: <sip:192.0.2.8;lr>\nMax-Forwards: 1\n\n"));
    const Message ringing = make_response(request, 180, {}, "t1");
    EXPECT_EQ(ringing.reason, "Ringing");
    EXPECT_EQ(ringing.vias, request.vias);
    EXPECT_EQ(ringing.from, request.from);
    EXPECT_EQ(ringing.to.tag(), "t1");
    EXPECT_EQ(ringing.call_id, request.call_id);
    EXPECT_EQ(ringing.cseq, request.cseq);
    EXPECT_EQ(ringing.record_routes, request.record_routes);
    EXPECT_FALSE(ringing.max_forwards);
    EXPECT_TRUE(make_response(request, 100).record_routes.empty());
    EXPECT_TRUE(make_response(request, 404).record_routes.empty());
    EXPECT_EQ(make_response(request, 404, "Nobody").reason, "Nobody");
    Message in_dialog = request;
    set_parameter(in_dialog.to.parameters, "tag", "theirs");
    EXPECT_EQ(make_response(in_dialog, 200, {}, "t1").to.tag(), "theirs");
}

TEST(ReasonPhrase, FallsBackToTheClass) {
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(491), "Request Pending");
    EXPECT_EQ(reason_phrase(299), "OK");
    EXPECT_EQ(reason_phrase(499), "Bad Request");
    EXPECT_EQ(reason_phrase(699), "Busy Everywhere");
    EXPECT_EQ(reason_phrase(0), "Unknown");
    EXPECT_EQ(reason_phrase(700), "Unknown");
}

Flow flow_from(const char* endpoint) {
    Flow flow;
    flow.remote = *Endpoint::parse(endpoint);
    return flow;
}

TEST(NoteSource, FillsReceivedAndRport) {
    Message asked = parsed(invite());
    note_source(asked, flow_from("198.51.100.7:40000"));
    EXPECT_EQ(asked.vias[0].to_string(),
              "SIP/2.0/UDP 192.0.2.4:5070;branch=z9hG4bK1;rport=40000;received=198.51.100.7");
    EXPECT_EQ(response_target(asked.vias[0], *Endpoint::parse("198.51.100.7:40000")).to_string(),
              "198.51.100.7:40000");

    Message same = parsed(invite());
    same.vias[0].parameters = {{"branch", "z9hG4bK1"}};
    note_source(same, flow_from("192.0.2.4:40000"));
    EXPECT_EQ(find_parameter(same.vias[0].parameters, "received"), std::nullopt);
    EXPECT_EQ(response_target(same.vias[0], *Endpoint::parse("192.0.2.4:40000")).to_string(),
              "192.0.2.4:5070");

    Message behind_nat = same;
    note_source(behind_nat, flow_from("198.51.100.7:40000"));
    EXPECT_EQ(find_parameter(behind_nat.vias[0].parameters, "received"), "198.51.100.7");

    Message none;
    note_source(none, flow_from("198.51.100.7:40000"));
    EXPECT_TRUE(none.vias.empty());
}

TEST(ResponseTarget, KnowsDefaultsAndConnections) {
    const Endpoint source = *Endpoint::parse("198.51.100.7:40000");
    Via via;
    via.host = "phone.example.org";
    EXPECT_EQ(response_target(via, source).to_string(), "198.51.100.7:5060");
    via.parameters = {{"maddr", "203.0.113.9"}};
    EXPECT_EQ(response_target(via, source).to_string(), "198.51.100.7:5060");
    via.transport = Transport::tcp;
    EXPECT_EQ(response_target(via, source), source);
}

}  // namespace
}  // namespace lanze::sip
