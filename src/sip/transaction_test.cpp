// About 700 lines because every state machine is played by the one reader of tables below.
#include "sip/transaction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "base/variant.h"

namespace lanze::sip {
namespace {

// Runs a table of text against one layer. A line is
//
//     SECOND  what happens  -> what the layer does; in order
//
// What happens: `recv INVITE branch=a ...`, `recv 180 INVITE branch=a ...`, `start INVITE c1`,
// `ack-2xx c1`, `respond s1 200 INVITE`, `reliably s1 183`, `ack s1`, `prack s1`, `cancel c1`,
// `lost` (the transport of all), or `run`: time goes on to SECOND, everything due happens and is
// written with its own second. `size=N` at a line's end says how many transactions are left.
class Script {
public:
    explicit Script(Transport transport = Transport::udp, std::size_t transactions_max = 1000)
        : layer_(settings(transactions_max)) {
        flow_.transport = transport;
        flow_.connection = transport == Transport::tcp ? 7 : 0;
        flow_.remote = *Endpoint::parse("192.0.2.1:5060");
    }

    void play(const std::string& table) {
        std::istringstream lines(table);
        std::string line;
        while (std::getline(lines, line)) {
            if (line.find_first_not_of(' ') != std::string::npos) {
                play_line(line);
            }
        }
    }

    const std::vector<Send>& sends() const { return sends_; }
    const Flow& flow() const { return flow_; }
    Flow& next_flow() { return flow_; }

private:
    using Words = std::vector<std::string>;

    static TimerSettings settings(std::size_t transactions_max) {
        TimerSettings result;
        result.transactions_max = transactions_max;
        return result;
    }

    static std::string trim(const std::string& text) {
        const std::size_t begin = text.find_first_not_of(' ');
        return begin == std::string::npos
                   ? ""
                   : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
    }

    void play_line(const std::string& line) {
        SCOPED_TRACE(line);
        const std::size_t arrow = line.find("->");
        ASSERT_NE(arrow, std::string::npos);
        std::istringstream left(line.substr(0, arrow));
        double second = 0;
        left >> second;
        Words words;
        for (std::string word; left >> word;) {
            words.push_back(word);
        }
        std::string wanted = trim(line.substr(arrow + 2));
        const std::size_t size = wanted.find("size=");
        if (size != std::string::npos) {
            wanted_size_ = std::stoul(wanted.substr(size + 5));
            wanted = trim(wanted.substr(0, size));
        }
        now_ = Time{} + microseconds(std::llround(second * 1e6));
        EXPECT_EQ(act(words), wanted);
        if (size != std::string::npos) {
            EXPECT_EQ(layer_.size(), wanted_size_);
        }
    }

    std::string act(const Words& words) {
        const std::string& verb = words.at(0);
        if (verb == "run") {
            return run();
        }
        TransactionOutput out;
        layer_.advance(now_, out);
        perform(words, out);
        return render(out, "");
    }

    void perform(const Words& words, TransactionOutput& out) {
        const std::string& verb = words.at(0);
        if (verb == "recv") {
            Message message = message_from(words, 1);
            layer_.receive(std::move(message), flow_, now_, out);
        } else if (verb == "start" || verb == "ack-2xx") {
            start(words, out);
        } else if (verb == "respond") {
            layer_.respond(server(words.at(1)), message_from(words, 2), now_, out);
        } else if (verb == "reliably") {
            layer_.respond_reliably(server(words.at(1)), message_from(words, 2), now_, out);
        } else if (verb == "ack") {
            layer_.ack_received(server(words.at(1)));
        } else if (verb == "prack") {
            layer_.prack_received(server(words.at(1)));
        } else if (verb == "cancel") {
            layer_.cancel(client(words.at(1)), now_, out);
        } else if (verb == "lost") {
            layer_.transport_failed(flow_, now_, out);
        } else {
            ADD_FAILURE() << "unknown verb " << verb;
        }
    }

    void start(const Words& words, TransactionOutput& out) {
        TransactionLayer::ClientRequest request;
        request.flow = flow_;
        request.sent_by = *Endpoint::parse("198.51.100.1:5060");
        if (words.at(0) == "ack-2xx") {
            request.message = message_from({"ACK"}, 0);
            request.branch = "ack";
            layer_.send_without_transaction(request, out);
            return;
        }
        request.message = message_from(words, 1);
        request.message.vias.clear();
        request.id = client(words.at(2));
        request.branch = words.at(2);
        layer_.start(request, now_, out);
    }

    std::string run() {
        const Time end = now_;
        std::string text;
        for (auto next = layer_.next_deadline(); next && *next <= end;
             next = layer_.next_deadline()) {
            TransactionOutput out;
            layer_.advance(*next, out);
            std::ostringstream second;
            second << static_cast<double>(to_micros(*next)) / 1e6 << ' ';
            const std::string part = render(out, second.str());
            text += text.empty() || part.empty() ? part : "; " + part;
        }
        return text;
    }

    static ServerTransactionId server(const std::string& name) {
        return ServerTransactionId{std::stoull(name.substr(1))};
    }
    static ClientTransactionId client(const std::string& name) {
        return ClientTransactionId{std::stoull(name.substr(1))};
    }

    static Message message_from(const Words& words, std::size_t first) {
        std::map<std::string, std::string> fields{
            {"branch", "z9hG4bKx"}, {"from", "f"},  {"to", ""},   {"call", "call@x"},
            {"cseq", "1"},          {"host", "ua"}, {"vias", "1"}};
        Message message;
        std::string method = words.at(first);
        if (method.front() >= '0' && method.front() <= '9') {
            message.status = std::stoi(method);
            message.reason = "Reason";
            method = words.size() > first + 1 ? words.at(first + 1) : "INVITE";
        } else {
            message.method = method;
            message.uri = *Uri::parse("sip:sales@lanze.example");
        }
        for (const std::string& word : words) {
            const std::size_t equals = word.find('=');
            if (equals != std::string::npos) {
                fields[word.substr(0, equals)] = word.substr(equals + 1);
            }
        }
        Via via;
        via.host = fields["host"];
        if (!fields["branch"].empty()) {
            via.parameters.emplace_back("branch", fields["branch"]);
        }
        message.vias.assign(std::stoul(fields["vias"]), via);
        message.from = *NameAddress::parse("<sip:caller@ua>;tag=" + fields["from"]);
        message.to = *NameAddress::parse("<sip:sales@lanze.example>");
        if (!fields["to"].empty()) {
            set_parameter(message.to.parameters, "tag", fields["to"]);
        }
        message.call_id = fields["call"];
        message.cseq = {static_cast<std::uint32_t>(std::stoul(fields["cseq"])), method};
        return message;
    }

    static std::string render_send(const Send& send) {
        const std::size_t space = send.bytes.find(' ');
        if (!send.bytes.starts_with("SIP/2.0")) {
            return "send " + send.bytes.substr(0, space);
        }
        const std::size_t cseq = send.bytes.find("CSeq: ");
        const std::size_t method = send.bytes.find(' ', cseq + 6) + 1;
        return "send " + send.bytes.substr(8, 3) + " " +
               send.bytes.substr(method, send.bytes.find('\r', method) - method);
    }

    static std::string name(ServerTransactionId id) { return "s" + std::to_string(id.value()); }
    static std::string name(ClientTransactionId id) { return "c" + std::to_string(id.value()); }

    static std::string render_event(const TransactionEvent& event) {
        return match(
            event,
            [](const RequestReceived& e) {
                return e.message.method + (e.transaction.is_set() ? " " + name(e.transaction) : "");
            },
            [](const CancelReceived& e) { return "cancelled " + name(e.invite); },
            [](const ResponseReceived& e) {
                return std::string(e.is_repeat ? "repeated " : "") +
                       std::to_string(e.message.status) + " " + name(e.transaction);
            },
            [](const ClientFailed& e) {
                return (e.is_transport_error ? "unsent " : "failed ") + name(e.transaction);
            },
            [](const AckMissing& e) {
                return (e.is_provisional ? "prack-missing " : "ack-missing ") + name(e.transaction);
            });
    }

    std::string render(const TransactionOutput& out, const std::string& prefix) {
        std::string text;
        for (const Send& send : out.sends) {
            text += (text.empty() ? "" : "; ") + prefix + render_send(send);
            sends_.push_back(send);
        }
        for (const TransactionEvent& event : out.events) {
            text += (text.empty() ? "" : "; ") + prefix + render_event(event);
        }
        return text;
    }

    TransactionLayer layer_;
    Flow flow_;
    Time now_;
    std::size_t wanted_size_ = 0;
    std::vector<Send> sends_;
};

TEST(ClientInvite, RepeatsUntilTimerB) {
    Script().play(R"(
        0   start INVITE c1  -> send INVITE size=1
        7   run  -> 0.5 send INVITE; 1.5 send INVITE; 3.5 send INVITE
        31  run  -> 7.5 send INVITE; 15.5 send INVITE
        40  run  -> 31.5 send INVITE; 32 failed c1 size=0
    )");
}

TEST(ClientInvite, IsSentOnceOverTcp) {
    Script(Transport::tcp).play(R"(
        0   start INVITE c1  -> send INVITE
        40  run              -> 32 failed c1 size=0
    )");
}

TEST(ClientInvite, WaitsForAnAnswerWithoutEndOnceSomethingCame) {
    Script().play(R"(
        0    start INVITE c1                     -> send INVITE
        0.3  recv 100 INVITE branch=z9hG4bKc1    -> 100 c1
        5    recv 180 INVITE branch=z9hG4bKc1 to=t  -> 180 c1
        900  run                                 -> size=1
    )");
}

TEST(ClientInvite, AcknowledgesErrorsAgainAndAgainUntilTimerD) {
    Script().play(R"(
        0    start INVITE c1                           -> send INVITE
        1    recv 486 INVITE branch=z9hG4bKc1 to=t     -> send INVITE; send ACK; 486 c1
        2    recv 486 INVITE branch=z9hG4bKc1 to=t     -> send ACK
        3    recv 180 INVITE branch=z9hG4bKc1 to=t     ->
        3    recv 200 INVITE branch=z9hG4bKc1 to=t     ->
        32.9 run                                       -> size=1
        33   run                                       -> size=0
        34   recv 486 INVITE branch=z9hG4bKc1 to=t     ->
    )");
}

TEST(ClientInvite, IsOverAtOnceAfterAnErrorOverTcp) {
    Script(Transport::tcp).play(R"(
        0  start INVITE c1                        -> send INVITE
        1  recv 486 INVITE branch=z9hG4bKc1 to=t  -> send ACK; 486 c1 size=0
    )");
}

TEST(ClientInvite, HandsRepeatedAndForkedAnswersUpUntilTimerM) {
    Script().play(R"(
        0    start INVITE c1                        -> send INVITE
        0.2  recv 200 INVITE branch=z9hG4bKc1 to=a  -> 200 c1
        0.7  recv 200 INVITE branch=z9hG4bKc1 to=a  -> repeated 200 c1
        0.8  recv 200 INVITE branch=z9hG4bKc1 to=b  -> 200 c1
        0.9  recv 200 INVITE branch=z9hG4bKc1 to=b  -> repeated 200 c1
        1    recv 180 INVITE branch=z9hG4bKc1 to=c  ->
        1    recv 603 INVITE branch=z9hG4bKc1 to=c  ->
        1    ack-2xx c1                             -> send ACK size=1
        32.1 run                                    -> size=1
        32.2 run                                    -> size=0
    )");
}

TEST(ClientInvite, ForgetsForksBeyondItsBound) {
    Script script;
    script.play("0 start INVITE c1 -> send INVITE");
    for (int i = 0; i < 16; ++i) {
        const std::string tag = std::to_string(i);
        script.play("0 recv 200 INVITE branch=z9hG4bKc1 to=" + tag + " -> 200 c1");
    }
    script.play("0 recv 200 INVITE branch=z9hG4bKc1 to=one-more ->");
}

TEST(ClientInvite, FailsWithItsTransport) {
    Script(Transport::tcp).play(R"(
        0  start INVITE c1                       -> send INVITE
        0  start INVITE c2                       -> send INVITE
        0  start OPTIONS c3                      -> send OPTIONS
        1  recv 200 INVITE branch=z9hG4bKc2 to=a -> 200 c2
        2  lost                                  -> unsent c1; unsent c3 size=1
    )");
}

TEST(ClientInvite, FailsWithAnyConnectionToItsAddressIfItNamedNone) {
    Script script(Transport::tcp);
    script.next_flow().connection = 0;
    script.play("0 start INVITE c1 -> send INVITE");
    script.next_flow().connection = 12;
    script.play("1 lost -> unsent c1 size=0");
}

TEST(Cancel, WaitsForAProvisionalResponse) {
    Script().play(R"(
        0    start INVITE c1                        -> send INVITE
        0.1  cancel c1                              ->
        0.2  recv 100 INVITE branch=z9hG4bKc1       -> send CANCEL; 100 c1 size=2
        0.2  cancel c1                              ->
        0.3  recv 200 CANCEL branch=z9hG4bKc1 to=t  ->
        0.4  recv 487 INVITE branch=z9hG4bKc1 to=t  -> send ACK; 487 c1
        60   run                                    -> size=0
    )");
}

TEST(Cancel, IsRepeatedAndGivesTheInviteUpInTheEnd) {
    Script().play(R"(
        0    start INVITE c1                   -> send INVITE
        0    recv 180 INVITE branch=z9hG4bKc1  -> 180 c1
        1    cancel c1                         -> send CANCEL
        4    run                               -> 1.5 send CANCEL; 2.5 send CANCEL
        5    recv 200 CANCEL branch=z9hG4bKc1  -> send CANCEL
        40   run                               -> 33 failed c1 size=0
    )");
}

TEST(Cancel, DoesNothingAfterAFinalResponse) {
    Script().play(R"(
        0    start INVITE c1                        -> send INVITE
        0    cancel c1                              ->
        0.2  recv 200 INVITE branch=z9hG4bKc1 to=t  -> 200 c1
        0.3  cancel c1                              ->
        0.3  cancel c99                             -> size=1
    )");
}

TEST(ClientRequest, RepeatsUpToT2UntilTimerF) {
    Script().play(R"(
        0   start BYE c1  -> send BYE
        12  run  -> 0.5 send BYE; 1.5 send BYE; 3.5 send BYE; 7.5 send BYE; 11.5 send BYE
        28  run  -> 15.5 send BYE; 19.5 send BYE; 23.5 send BYE; 27.5 send BYE
        40  run  -> 31.5 send BYE; 32 failed c1 size=0
    )");
}

TEST(ClientRequest, RepeatsEveryT2OnceSomethingCame) {
    Script().play(R"(
        0    start BYE c1                   -> send BYE
        0.1  recv 100 BYE branch=z9hG4bKc1  -> 100 c1
        9    run                            -> 0.5 send BYE; 4.5 send BYE; 8.5 send BYE
        9    recv 200 BYE branch=z9hG4bKc1  -> 200 c1
        9    recv 200 BYE branch=z9hG4bKc1  ->
        13   run                            -> size=1
        14   run                            -> size=0
    )");
}

TEST(ClientRequest, IsOverAtOnceOverTcp) {
    Script(Transport::tcp).play(R"(
        0  start BYE c1                   -> send BYE
        1  recv 200 BYE branch=z9hG4bKc1  -> 200 c1 size=0
    )");
}

TEST(ClientRequest, DropsStrayResponses) {
    Script().play(R"(
        0  start BYE c1                             -> send BYE
        0  recv 200 BYE branch=z9hG4bKother         ->
        0  recv 200 INVITE branch=z9hG4bKc1         ->
        0  recv 200 CANCEL branch=z9hG4bKc1         ->
        0  recv 200 BYE branch=z9hG4bKc1 vias=2     ->
        0  recv 200 BYE branch=                     -> size=1
    )");
}

TEST(ClientRequest, WritesViaWithRportOnUdpOnly) {
    Script udp;
    udp.play("0 start OPTIONS c1 -> send OPTIONS");
    EXPECT_NE(udp.sends().at(0).bytes.find(
                  "Via: SIP/2.0/UDP 198.51.100.1:5060;rport;branch=z9hG4bKc1\r\n"),
              std::string::npos)
        << udp.sends().at(0).bytes;
    Script tcp(Transport::tcp);
    tcp.play("0 start OPTIONS c1 -> send OPTIONS");
    EXPECT_NE(tcp.sends().at(0).bytes.find("Via: SIP/2.0/TCP 198.51.100.1:5060;branch=z9hG4bKc1"),
              std::string::npos);
}

TEST(ServerInvite, TriesAtOnceAndRepeatsWhatItSaidLast) {
    Script().play(R"(
        0    recv INVITE          -> send 100 INVITE; INVITE s1
        0.5  recv INVITE          -> send 100 INVITE
        1    respond s1 180       -> send 180 INVITE
        1.5  recv INVITE          -> send 180 INVITE
        900  run                  -> size=1
    )");
}

TEST(ServerInvite, RepeatsAnErrorUntilItsAck) {
    Script().play(R"(
        0    recv INVITE                -> send 100 INVITE; INVITE s1
        1    respond s1 486             -> send 486 INVITE
        3    run                        -> 1.5 send 486 INVITE; 2.5 send 486 INVITE
        3    recv INVITE                -> send 486 INVITE
        3    recv ACK to=t              ->
        3.5  recv ACK to=t              ->
        3.5  recv INVITE                ->
        7.9  run                        -> size=1
        8    run                        -> size=0
    )");
}

TEST(ServerInvite, GivesUpAnErrorWithoutAckAtTimerH) {
    Script().play(R"(
        0    recv INVITE     -> send 100 INVITE; INVITE s1
        0    respond s1 486  -> send 486 INVITE
        7   run  -> 0.5 send 486 INVITE; 1.5 send 486 INVITE; 3.5 send 486 INVITE
        12  run  -> 7.5 send 486 INVITE; 11.5 send 486 INVITE
        20  run  -> 15.5 send 486 INVITE; 19.5 send 486 INVITE
        28  run  -> 23.5 send 486 INVITE; 27.5 send 486 INVITE
        40   run  -> 31.5 send 486 INVITE size=0
    )");
}

TEST(ServerInvite, SendsAnErrorOnceOverTcp) {
    Script(Transport::tcp).play(R"(
        0   recv INVITE     -> send 100 INVITE; INVITE s1
        0   respond s1 486  -> send 486 INVITE
        5   run             -> size=1
        5   recv ACK to=t   -> size=0
        6   recv ACK to=t   -> ACK
    )");
}

TEST(ServerInvite, RepeatsAnAnswerUntilItsAckOverAnyTransport) {
    for (const Transport transport : {Transport::udp, Transport::tcp}) {
        Script(transport).play(R"(
            0    recv INVITE                     -> send 100 INVITE; INVITE s1
            1    respond s1 200                  -> send 200 INVITE
            3    run                             -> 1.5 send 200 INVITE; 2.5 send 200 INVITE
            3    recv ACK to=t branch=z9hG4bKy   -> ACK
            3    ack s1                          ->
            3    recv INVITE                     ->
            3    respond s1 486                  ->
            32.9 run                             -> size=1
            33   run                             -> size=0
        )");
    }
}

TEST(ServerInvite, SaysWhenTheAckToAnAnswerIsMissing) {
    Script().play(R"(
        0   recv INVITE     -> send 100 INVITE; INVITE s1
        0   respond s1 200  -> send 200 INVITE
        7   run  -> 0.5 send 200 INVITE; 1.5 send 200 INVITE; 3.5 send 200 INVITE
        12  run  -> 7.5 send 200 INVITE; 11.5 send 200 INVITE
        20  run  -> 15.5 send 200 INVITE; 19.5 send 200 INVITE
        28  run  -> 23.5 send 200 INVITE; 27.5 send 200 INVITE
        40  run  -> 31.5 send 200 INVITE; 32 ack-missing s1 size=0
    )");
}

// A sender of old gives the ACK to a 2xx the branch of its INVITE.
TEST(ServerInvite, HandsAnAckWithTheSameBranchUpAfterAnAnswer) {
    Script().play(R"(
        0  recv INVITE     -> send 100 INVITE; INVITE s1
        0  recv ACK to=t   ->
        0  respond s1 200  -> send 200 INVITE
        0  recv ACK to=t   -> ACK
    )");
}

TEST(ServerInvite, RepeatsReliableProvisionalsUntilPrack) {
    Script().play(R"(
        0   recv INVITE                              -> send 100 INVITE; INVITE s1
        0   reliably s1 183                          -> send 183 INVITE
        3   run                                      -> 0.5 send 183 INVITE; 1.5 send 183 INVITE
        3   recv PRACK branch=z9hG4bKp cseq=2 to=t   -> PRACK s2
        3   prack s1                                 ->
        3   respond s2 200 PRACK                     -> send 200 PRACK
        30  run                                      ->
        30  recv INVITE                              -> send 183 INVITE
    )");
}

TEST(ServerInvite, SaysWhenAPrackIsMissingAndStaysOpen) {
    Script().play(R"(
        0   recv INVITE      -> send 100 INVITE; INVITE s1
        0   reliably s1 183  -> send 183 INVITE
        7   run  -> 0.5 send 183 INVITE; 1.5 send 183 INVITE; 3.5 send 183 INVITE
        20  run  -> 7.5 send 183 INVITE; 15.5 send 183 INVITE
        33  run              -> 31.5 send 183 INVITE; 32 prack-missing s1
        33  prack s1         ->
        33  respond s1 504   -> send 504 INVITE
    )");
}

TEST(ServerInvite, StopsReliableProvisionalsAtTheAnswer) {
    Script().play(R"(
        0  recv INVITE      -> send 100 INVITE; INVITE s1
        0  reliably s1 183  -> send 183 INVITE
        0  respond s1 200   -> send 200 INVITE
        0  reliably s1 183  ->
        0  ack s1           ->
        30 run              -> size=1
    )");
}

TEST(ServerCancel, IsAnsweredAndToldOnce) {
    Script().play(R"(
        0  recv INVITE            -> send 100 INVITE; INVITE s1
        1  recv CANCEL            -> send 200 CANCEL; cancelled s1
        2  recv CANCEL            -> send 200 CANCEL
        2  respond s1 487         -> send 487 INVITE
        2  recv CANCEL            -> send 200 CANCEL size=1
    )");
}

TEST(ServerCancel, WithoutInviteIs481AndLeavesNothing) {
    Script().play(R"(
        0  recv CANCEL                    -> send 481 CANCEL size=0
        0  recv BYE to=t                  -> BYE s1
        0  recv CANCEL                    -> send 481 CANCEL
        0  recv CANCEL branch=            -> send 481 CANCEL size=1
    )");
}

TEST(ServerCancel, AfterTheAnswerChangesNothing) {
    Script().play(R"(
        0  recv INVITE     -> send 100 INVITE; INVITE s1
        1  respond s1 200  -> send 200 INVITE
        1  recv CANCEL     -> send 200 CANCEL
    )");
}

TEST(ServerRequest, RepeatsItsFinalResponseUntilTimerJ) {
    Script().play(R"(
        0   recv BYE to=t       -> BYE s1
        0   recv BYE to=t       ->
        1   respond s1 200 BYE  -> send 200 BYE
        2   recv BYE to=t       -> send 200 BYE
        2   respond s1 500 BYE  ->
        3   recv BYE to=t       -> send 200 BYE
        32.9  run               -> size=1
        33  run                 -> size=0
        34  recv BYE to=t       -> BYE s2
    )");
}

TEST(ServerRequest, IsOverAtOnceOverTcp) {
    Script(Transport::tcp).play(R"(
        0  recv BYE to=t       -> BYE s1
        1  respond s1 200 BYE  -> send 200 BYE size=0
    )");
}

TEST(ServerRequest, NobodyAnsweredIsForgotten) {
    Script().play(R"(
        0   recv BYE to=t       -> BYE s1
        31  run                 -> size=1
        32  run                 -> size=0
        33  respond s1 200 BYE  ->
    )");
}

TEST(ServerRequest, SendsTheSameBytesAgain) {
    Script script;
    script.play(R"(
        0   recv BYE to=t       -> BYE s1
        1   respond s1 200 BYE  -> send 200 BYE
        2   recv BYE to=t       -> send 200 BYE
    )");
    EXPECT_EQ(script.sends().at(0).bytes, script.sends().at(1).bytes);
}

// §17.2.3: branch, sent-by and method tell requests apart; nothing else does.
TEST(ServerMatching, LooksAtBranchSentByAndMethod) {
    Script().play(R"(
        0  recv OPTIONS branch=z9hG4bKa call=1 host=UA        -> OPTIONS s1
        0  recv OPTIONS branch=z9hG4bKa call=1 host=ua        ->
        0  recv OPTIONS branch=z9hG4bKa call=2 host=other     -> OPTIONS s2
        0  recv OPTIONS branch=z9hG4bKb call=3 host=ua        -> OPTIONS s3
        0  recv INVITE branch=z9hG4bKa call=4 host=ua         -> send 100 INVITE; INVITE s4
    )");
}

TEST(ServerMatching, FollowsRfc2543WithoutTheCookie) {
    Script().play(R"(
        0  recv INVITE branch=old                    -> send 100 INVITE; INVITE s1
        0  recv INVITE branch=old                    -> send 100 INVITE
        0  recv CANCEL branch=old                    -> send 200 CANCEL; cancelled s1
        0  respond s1 487                            -> send 487 INVITE
        0  recv ACK branch=old to=t                  ->
        9  run                                       -> size=0
        10 recv INVITE branch= to=t cseq=2           -> send 100 INVITE; INVITE s2
        10 respond s2 488                            -> send 488 INVITE
        10 recv ACK branch= to=t cseq=2              ->
        10 recv INVITE branch= to=t cseq=3           -> send 100 INVITE; INVITE s3
        10 recv INVITE branch=z9hG4bK to=t cseq=4    -> send 100 INVITE; INVITE s4
    )");
}

TEST(ServerMatching, RefusesARequestThatCameTwoWays) {
    Script().play(R"(
        0  recv INVITE branch=z9hG4bKa        -> send 100 INVITE; INVITE s1
        0  recv INVITE branch=z9hG4bKb        -> send 482 INVITE size=1
        0  recv INVITE branch=z9hG4bKb        -> send 482 INVITE
        0  recv INVITE branch=z9hG4bKb to=t   -> send 100 INVITE; INVITE s2
        0  recv INVITE branch=z9hG4bKc cseq=2 -> send 100 INVITE; INVITE s3
        1  respond s1 486                     -> send 486 INVITE
        1  recv INVITE branch=z9hG4bKd        -> send 100 INVITE; INVITE s4
    )");
}

TEST(ServerLimit, Answers503WithoutKeepingAnything) {
    Script script(Transport::udp, 2);
    script.play(R"(
        0   recv OPTIONS branch=z9hG4bKa cseq=1  -> OPTIONS s1
        0   recv OPTIONS branch=z9hG4bKb cseq=2  -> OPTIONS s2
        0   recv INVITE branch=z9hG4bKc cseq=3   -> send 503 INVITE size=2
        40  recv INVITE branch=z9hG4bKc cseq=3   -> send 100 INVITE; INVITE s3
    )");
    EXPECT_NE(script.sends().at(0).bytes.find("Retry-After: 5\r\n"), std::string::npos);
}

// Otherwise a flood of refused INVITEs would send a flood of ACKs to the dialogs.
TEST(ServerLimit, TakesTheAckToItsOwnAnswer) {
    Script script(Transport::udp, 0);
    script.play("0 recv INVITE -> send 503 INVITE size=0");
    const std::string& bytes = script.sends().at(0).bytes;
    const std::size_t to = bytes.find("To: ");
    const std::size_t tag = bytes.find(";tag=", to) + 5;
    script.play("0 recv ACK to=" + bytes.substr(tag, 16) + " ->");
    script.play("0 recv ACK to=0123456789abcdef -> ACK");
}

TEST(ServerFlow, AnswersWhereViaAndSourceSay) {
    Script script;
    script.next_flow().remote = *Endpoint::parse("203.0.113.9:40000");
    script.play("0 recv INVITE host=10.0.0.1 -> send 100 INVITE; INVITE s1");
    // No rport: to the source's address and Via's port (§18.2.2).
    EXPECT_EQ(script.sends().at(0).flow.remote.to_string(), "203.0.113.9:5060");
    EXPECT_NE(script.sends().at(0).bytes.find("received=203.0.113.9"), std::string::npos);
}

TEST(KeyedHash, IsSipHashOfItsSeed) {
    EXPECT_EQ(keyed_hash(1, "z9hG4bKabc"), keyed_hash(1, "z9hG4bKabc"));
    EXPECT_NE(keyed_hash(1, "z9hG4bKabc"), keyed_hash(2, "z9hG4bKabc"));
    EXPECT_NE(keyed_hash(1, ""), keyed_hash(1, std::string_view("\0", 1)));
}

}  // namespace
}  // namespace lanze::sip
