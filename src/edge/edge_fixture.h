// A centre in simulated time for tests of the edge: fake phones speak real SIP text, a fake media
// lends ports, and the journal is durable when the test says so.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/floor.h"
#include "edge/edge.h"
#include "ports/seeded_entropy.h"
#include "sip/sdp.h"

namespace lanze::edge {

inline Endpoint at(const std::string& text) {
    return *Endpoint::parse(text);
}

// Everybody outside the centre: callers and phones tell themselves apart by their endpoint.
class EdgeTest : public testing::Test {
protected:
    static constexpr const char* kCentre = "127.0.0.1:5060";
    static constexpr const char* kCaller = "127.0.0.2:5060";
    static constexpr const char* kAnna = "127.0.0.3:5060";

    EdgeTest() { open(); }

    static core::Config core_config() {
        core::Config config;
        config.name = "Test";
        config.queues = {{"bank", {{"bank", 1}}, {}, 100}, {"travel", {{"travel", 1}}, {}, 100}};
        core::AgentConfig anna;
        anna.name = "anna";
        anna.skills = {{"bank", 1}, {"travel", 1}};
        anna.wrap_up = Duration::zero();
        anna.starts_ready = true;
        config.agents = {anna};
        return config;
    }

    static Settings settings() {
        Settings settings;
        settings.listeners = {{sip::Transport::udp, at(kCentre)}};
        settings.queues = {{"bank", {"bank"}, AnswerMode::at_once},
                           {"travel", {"travel"}, AnswerMode::when_connected}};
        Phone phone;
        phone.agent = "anna";
        phone.address = sip::Uri::parse("sip:anna@127.0.0.3:5060");
        phone.check_every = Duration::zero();
        settings.phones = {phone};
        settings.trunks = {{"local", {*Network::parse("127.0.0.0/8")}, {}, {}, false}};
        return settings;
    }

    void open(const Settings& with = settings(), const core::Config& config = core_config()) {
        floor_ = std::make_unique<core::Floor>();
        edge_ = std::make_unique<Edge>(*floor_, with, entropy_);
        durable_ = 0;
        EXPECT_FALSE(edge_->command(core::Configure{config}, now_));
        ports::PortsLent lent;
        for (std::uint16_t i = 0; i < 64; ++i) {
            const Endpoint bound{IpAddress::v4(127, 0, 0, 1),
                                 static_cast<std::uint16_t>(20000 + 2 * i)};
            lent.ports.push_back({0, i, bound, bound.address});
        }
        edge_->report(lent, now_);
        settle();
        sent_.clear();
    }

    // Everything decided becomes durable and leaves.
    void settle() {
        while (true) {
            edge_->release(durable_, now_);
            auto batch = edge_->take_batch();
            if (!batch) {
                edge_->release(durable_, now_);
                break;
            }
            last_notes_.insert(last_notes_.end(), batch->notes.begin(), batch->notes.end());
            finished_.insert(finished_.end(), batch->finished.begin(), batch->finished.end());
            durable_ = batch->sequence;
        }
        collect();
        EXPECT_TRUE(edge_->is_consistent());
    }

    void collect() {
        bool has_reported = false;
        for (const sip::Send& send : edge_->take_sends()) {
            auto message = sip::parse_message(send.bytes);
            ASSERT_TRUE(message) << send.bytes;
            sent_.emplace_back(send.flow.remote, *message);
        }
        for (const ports::MediaOrder& order : edge_->take_orders()) {
            orders_.push_back(order);
            if (const auto* close = std::get_if<ports::CloseLeg>(&order)) {
                edge_->report(ports::LegClosed{close->leg, {}}, now_);
                has_reported = true;
            }
        }
        if (has_reported) {
            settle();
        }
    }

    // Time passes; what is due happens at its time.
    void pass(Duration duration) {
        const Time until = now_ + duration;
        while (edge_->next_deadline() && *edge_->next_deadline() <= until) {
            now_ = std::max(now_, *edge_->next_deadline());
            edge_->advance(now_);
            settle();
        }
        now_ = until;
    }

    void send(const sip::Message& message, const char* from) {
        edge_->receive(sip::write_message(message), {sip::Transport::udp, 0, 0, at(from)}, now_);
    }

    // The oldest message to `to` not taken yet that is a request of `what` or has that status.
    sip::Message take(const char* to, const std::string& what) {
        for (auto place = sent_.begin(); place != sent_.end(); ++place) {
            const sip::Message& message = place->second;
            const std::string kind =
                message.is_request() ? message.method : std::to_string(message.status);
            if (place->first == at(to) && kind == what) {
                sip::Message found = message;
                sent_.erase(place);
                return found;
            }
        }
        ADD_FAILURE() << "no " << what << " to " << to << "; there is: " << left();
        return {};
    }

    bool has_sent(const char* to, const std::string& what) const {
        return std::any_of(sent_.begin(), sent_.end(), [&](const auto& each) {
            const sip::Message& message = each.second;
            return each.first == at(to) &&
                   (message.is_request() ? message.method : std::to_string(message.status)) == what;
        });
    }

    std::string left() const {
        std::string text;
        for (const auto& [to, message] : sent_) {
            text += to.to_string() + " " +
                    (message.is_request() ? message.method : std::to_string(message.status)) + "; ";
        }
        return text;
    }

    template <typename Order>
    std::size_t count_orders() const {
        return static_cast<std::size_t>(std::count_if(
            orders_.begin(), orders_.end(),
            [](const ports::MediaOrder& order) { return std::holds_alternative<Order>(order); }));
    }

    static std::string sdp(const char* host, std::uint16_t port, sip::Direction direction) {
        return sip::write_sdp(sip::make_offer({{at(host).address, port}, 7, 1}, direction));
    }

    // What a browser answers to an offer.
    static std::string web_answer(const std::string& codecs = "8 0 101") {
        std::string fingerprint = "01";
        for (int i = 1; i < 32; ++i) {
            fingerprint += ":01";
        }
        return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
               "m=audio 9 UDP/TLS/RTP/SAVPF " +
               codecs +
               "\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:Qh5b\r\na=ice-pwd:lVbvwyZ0rBUOVTT+pXSpoI/c\r\n"
               "a=fingerprint:sha-256 " +
               fingerprint +
               "\r\na=setup:active\r\na=sendrecv\r\na=rtcp-mux\r\n"
               "a=rtpmap:101 telephone-event/8000\r\n";
    }

    // A request outside a dialog from `from`.
    sip::Message request(const std::string& method, const std::string& number, const char* from) {
        ++requests_;
        sip::Message message;
        message.method = method;
        message.uri = *sip::Uri::parse("sip:" + number + "@" + kCentre);
        sip::Via via;
        via.host = at(from).address.to_string();
        via.port = at(from).port;
        sip::set_parameter(via.parameters, "branch", "z9hG4bKt" + std::to_string(requests_));
        message.vias = {via};
        message.from = *sip::NameAddress::parse(std::string("<sip:lena@") + from + ">;tag=t" +
                                                std::to_string(requests_));
        message.to.uri = message.uri;
        message.call_id = "call-" + std::to_string(requests_);
        message.cseq = {1, method};
        message.max_forwards = 70;
        message.contacts = {*sip::NameAddress::parse(std::string("<sip:lena@") + from + ">")};
        return message;
    }

    sip::Message invite(const std::string& number) {
        sip::Message message = request("INVITE", number, kCaller);
        message.content_type = "application/sdp";
        message.body = sdp(kCaller, 30000, sip::Direction::sendrecv);
        return message;
    }

    // A request inside the dialog that `ours` (our INVITE) and `theirs` (its 2xx) made.
    sip::Message inside(const std::string& method, const sip::Message& ours,
                        const sip::Message& theirs, std::uint32_t cseq) {
        sip::Message message = request(method, "x", kCaller);
        message.uri = theirs.contacts.at(0).uri;
        message.from = ours.from;
        message.to = theirs.to;
        message.call_id = ours.call_id;
        message.cseq = {cseq, method};
        return message;
    }

    // The same for anna, who was called.
    sip::Message from_anna(const std::string& method, const sip::Message& invite,
                           std::uint32_t cseq) {
        sip::Message message = request(method, "x", kAnna);
        message.uri = invite.contacts.at(0).uri;
        message.from = invite.to;
        sip::set_parameter(message.from.parameters, "tag", "anna");
        message.to = invite.from;
        message.call_id = invite.call_id;
        message.cseq = {cseq, method};
        return message;
    }

    void anna_answers(const sip::Message& invite, int status) {
        sip::Message response = sip::make_response(invite, status, {}, "anna");
        response.contacts = {*sip::NameAddress::parse(std::string("<sip:anna@") + kAnna + ">")};
        if (status == 200) {
            response.content_type = "application/sdp";
            response.body = sdp(kAnna, 31000, sip::Direction::sendrecv);
        }
        send(response, kAnna);
        settle();
    }

    struct Talk {
        sip::Message caller_invite;
        sip::Message caller_ok;
        sip::Message agent_invite;
    };

    // A caller of `bank` and anna talk.
    Talk talk() {
        Talk talk;
        talk.caller_invite = invite("bank");
        send(talk.caller_invite, kCaller);
        settle();
        talk.caller_ok = take(kCaller, "200");
        send(inside("ACK", talk.caller_invite, talk.caller_ok, 1), kCaller);
        talk.agent_invite = take(kAnna, "INVITE");
        anna_answers(talk.agent_invite, 180);
        anna_answers(talk.agent_invite, 200);
        take(kAnna, "ACK");
        settle();
        sent_.clear();
        EXPECT_TRUE(is_talking());
        return talk;
    }

    const core::Agent& anna() const { return *floor_->find_agent(core::AgentId{1}); }
    bool is_talking() const { return std::holds_alternative<core::Talking>(anna().activity); }
    // Nobody is in a call and nothing is kept of one.
    void expect_quiet() {
        EXPECT_TRUE(floor_->contacts().empty());
        EXPECT_EQ(edge_->leg_count(), 0U);
    }

    ports::SeededEntropy entropy_{7};
    Time now_ = from_micros(1'000'000'000);
    std::unique_ptr<core::Floor> floor_;
    std::unique_ptr<Edge> edge_;
    std::uint64_t durable_ = 0;
    std::uint64_t requests_ = 0;
    std::vector<std::pair<Endpoint, sip::Message>> sent_;
    std::vector<ports::MediaOrder> orders_;
    std::vector<ports::Note> last_notes_;
    std::vector<core::ContactRecord> finished_;
};

}  // namespace lanze::edge
