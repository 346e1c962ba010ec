// Two transaction layers joined by a network that loses, doubles and reorders, in simulated time;
// and one layer with very many transactions.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <queue>

#include "base/rng.h"
#include "base/variant.h"
#include "sip/transaction.h"

namespace lanze::sip {
namespace {

// What happens when: equal times in the order in which they were planned.
class Agenda {
public:
    void at(Time time, std::function<void(Time)> action) {
        entries_.push({time, next_++, std::move(action)});
    }
    std::optional<Time> next() const {
        return entries_.empty() ? std::nullopt : std::optional(entries_.top().time);
    }
    void run_next() {
        const Entry entry = entries_.top();
        entries_.pop();
        entry.action(entry.time);
    }

private:
    struct Entry {
        Time time;
        std::uint64_t order;
        std::function<void(Time)> action;
        bool operator<(const Entry& other) const {
            return std::pair(time, order) > std::pair(other.time, other.order);
        }
    };
    std::priority_queue<Entry> entries_;
    std::uint64_t next_ = 0;
};

struct Faults {
    double loss = 0;
    double doubling = 0;
    Duration delay_max = milliseconds(1);
};

// Calls from one side to the other: INVITE, perhaps CANCEL, ACK, BYE.
class Wire {
public:
    Wire(std::uint64_t seed, Faults faults) : rng_(seed), faults_(faults) {
        flow_.remote = *Endpoint::parse("192.0.2.1:5060");
    }

    void play(std::uint32_t calls) {
        for (std::uint32_t i = 1; i <= calls; ++i) {
            agenda_.at(Time{} + milliseconds(20 * i), [this, i](Time now) { call(i, now); });
        }
        run();
    }

    std::size_t left() const { return caller_.size() + called_.size(); }
    bool has_deadline() const {
        return caller_.next_deadline().has_value() || called_.next_deadline().has_value();
    }

    // By Call-ID: what the calling side was told of its INVITE and of its BYE.
    std::map<std::string, std::vector<int>> finals;
    std::map<std::string, std::vector<int>> goodbyes;
    std::map<std::string, int> invites_seen;  // by the called side
    int acks_missing = 0;

private:
    void run() {
        while (true) {
            const auto next = earliest();
            if (!next) {
                return;
            }
            advance(caller_, *next);
            advance(called_, *next);
            if (agenda_.next() == next) {
                agenda_.run_next();
            }
        }
    }

    std::optional<Time> earliest() const {
        std::optional<Time> least;
        for (const auto& time :
             {agenda_.next(), caller_.next_deadline(), called_.next_deadline()}) {
            if (time && (!least || *time < *least)) {
                least = time;
            }
        }
        return least;
    }

    void advance(TransactionLayer& layer, Time now) {
        TransactionOutput out;
        layer.advance(now, out);
        take(layer, out, now);
    }

    void take(TransactionLayer& from, TransactionOutput& out, Time now) {
        for (const Send& send : out.sends) {
            carry(&from == &caller_ ? called_ : caller_, send.bytes, now);
        }
        for (const TransactionEvent& event : out.events) {
            match(
                event, [&](const RequestReceived& e) { on_request(e, now); },
                [&](const CancelReceived& e) { answer(e.invite, 487, now); },
                [&](const ResponseReceived& e) { on_response(e, now); },
                [&](const ClientFailed& e) { on_failed(e); },
                [&](const AckMissing&) { ++acks_missing; });
        }
    }

    void carry(TransactionLayer& to, const std::string& bytes, Time now) {
        const int copies = rng_.unit() < faults_.doubling ? 2 : 1;
        for (int i = 0; i < copies; ++i) {
            if (rng_.unit() < faults_.loss) {
                continue;
            }
            const auto delay_max = static_cast<std::uint32_t>(faults_.delay_max.count());
            const Duration delay = microseconds(1 + rng_.below(delay_max));
            agenda_.at(now + delay, [this, &to, bytes](Time time) {
                auto message = parse_message(bytes);
                ASSERT_TRUE(message) << bytes;
                TransactionOutput out;
                to.receive(std::move(*message), flow_, time, out);
                take(to, out, time);
            });
        }
    }

    Message request(std::uint32_t number, const std::string& method) const {
        Message message;
        message.method = method;
        message.uri = *Uri::parse("sip:sales@192.0.2.1");
        message.from = *NameAddress::parse("<sip:caller@192.0.2.2>;tag=f");
        message.to = *NameAddress::parse("<sip:sales@192.0.2.1>");
        message.call_id = std::to_string(number);
        message.cseq = {method == "BYE" ? 2U : 1U, method};
        message.max_forwards = 70;
        message.contacts.push_back(*NameAddress::parse("<sip:caller@192.0.2.2>"));
        return message;
    }

    TransactionLayer::ClientRequest plan(const Message& message, std::uint64_t id) {
        TransactionLayer::ClientRequest plan;
        plan.id = ClientTransactionId{id};
        plan.message = message;
        plan.flow = flow_;
        plan.sent_by = *Endpoint::parse("192.0.2.2:5060");
        plan.branch = message.method + std::to_string(id);
        return plan;
    }

    void call(std::uint32_t number, Time now) {
        const ClientTransactionId id{number};
        TransactionOutput out;
        caller_.start(plan(request(number, "INVITE"), number), now, out);
        take(caller_, out, now);
        if (number % 4 == 0) {
            agenda_.at(now + milliseconds(rng_.below(2000)), [this, id](Time time) {
                TransactionOutput later;
                caller_.cancel(id, time, later);
                take(caller_, later, time);
            });
        }
    }

    void on_response(const ResponseReceived& event, Time now) {
        const Message& response = event.message;
        if (response.status < 200) {
            return;
        }
        const std::string& call = response.call_id;
        const auto number = static_cast<std::uint32_t>(std::stoul(call));
        if (response.cseq.method == "BYE") {
            goodbyes[call].push_back(response.status);
            return;
        }
        if (!event.is_repeat) {
            finals[call].push_back(response.status);
        }
        if (response.status >= 300) {
            return;
        }
        TransactionOutput out;
        Message ack = request(number, "ACK");
        ack.to = response.to;
        caller_.send_without_transaction(plan(ack, 2'000'000 + number), out);
        take(caller_, out, now);
        if (!event.is_repeat) {
            agenda_.at(now + seconds(3), [this, number, to = response.to](Time time) {
                TransactionOutput later;
                Message bye = request(number, "BYE");
                bye.to = to;
                caller_.start(plan(bye, 1'000'000 + number), time, later);
                take(caller_, later, time);
            });
        }
    }

    void on_failed(const ClientFailed& event) {
        const std::uint64_t id = event.transaction.value();
        auto& told = id > 1'000'000 ? goodbyes : finals;
        told[std::to_string(id % 1'000'000)].push_back(0);
    }

    void on_request(const RequestReceived& event, Time now) {
        const std::string& call = event.message.call_id;
        if (event.message.method == "ACK") {
            called_.ack_received(invites_[call]);
            return;
        }
        requests_[event.transaction] = event.message;
        if (event.message.method == "BYE") {
            answer(event.transaction, 200, now);
            return;
        }
        ++invites_seen[call];
        invites_[call] = event.transaction;
        answer(event.transaction, 180, now);
        const int status = rng_.below(3) == 0 ? 486 : 200;
        agenda_.at(now + milliseconds(rng_.below(3000)),
                   [this, id = event.transaction, status](Time time) { answer(id, status, time); });
    }

    void answer(ServerTransactionId id, int status, Time now) {
        TransactionOutput out;
        const Message& asked = requests_.at(id);
        called_.respond(id, make_response(asked, status, {}, "t" + asked.call_id), now, out);
        take(called_, out, now);
    }

    Rng rng_;
    Faults faults_;
    Flow flow_;
    Agenda agenda_;
    TransactionLayer caller_;
    TransactionLayer called_;
    std::map<std::string, ServerTransactionId> invites_;
    std::map<ServerTransactionId, Message> requests_;
};

struct Weather {
    const char* name;
    std::uint64_t seed;
    std::uint32_t calls;
    Faults faults;
};

class TransactionNetwork : public testing::TestWithParam<Weather> {};

TEST_P(TransactionNetwork, BringsEveryCallToItsEnd) {
    const std::uint32_t calls = GetParam().calls;
    Wire wire(GetParam().seed, GetParam().faults);
    wire.play(calls);
    EXPECT_EQ(wire.finals.size(), calls);
    std::map<int, std::uint32_t> outcomes;
    for (const auto& [call, statuses] : wire.finals) {
        ASSERT_EQ(statuses.size(), 1U) << "call " << call;
        ++outcomes[statuses.front()];
        const bool was_answered = statuses.front() == 200;
        EXPECT_EQ(wire.goodbyes[call].size(), was_answered ? 1U : 0U) << "call " << call;
    }
    for (const auto& [call, count] : wire.invites_seen) {
        EXPECT_EQ(count, 1) << "call " << call;
    }
    EXPECT_GT(outcomes[200], calls * 4 / 10);
    EXPECT_GT(outcomes[486], calls * 2 / 10);
    EXPECT_GT(outcomes[487], calls / 20);
    EXPECT_EQ(wire.left(), 0U);
    EXPECT_FALSE(wire.has_deadline());
}

INSTANTIATE_TEST_SUITE_P(Weathers, TransactionNetwork,
                         testing::Values(Weather{"fair", 1, 250, {}},
                                         Weather{"lossy", 2, 250, {0.2, 0, milliseconds(50)}},
                                         Weather{"doubling", 3, 250, {0, 0.5, milliseconds(50)}},
                                         Weather{"reordering", 4, 250, {0, 0, milliseconds(1500)}},
                                         Weather{
                                             "foul", 5, 1000, {0.25, 0.25, milliseconds(1000)}}),
                         [](const auto& test) { return test.param.name; });

Message small_request(const std::string& method, std::uint32_t number) {
    Message message;
    message.method = method;
    message.uri.user = "sales";
    message.uri.host = "lanze";
    message.from.uri.host = "ua";
    message.from.parameters = {{"tag", "f"}};
    message.to.uri.host = "lanze";
    message.to.parameters = {{"tag", "t"}};
    message.call_id = std::to_string(number);
    message.cseq = {1, method};
    Via via;
    via.host = "ua";
    via.parameters = {{"branch", "z9hG4bK" + std::to_string(number)}};
    message.vias = {via};
    return message;
}

// Quadratic work would not end within a test's patience at this size; what each transaction costs
// in messages is counted exactly.
TEST(ManyTransactions, CostWhatOneCostsTimesTheirNumber) {
    constexpr std::uint32_t kCount = 200'000;
    TimerSettings settings;
    settings.transactions_max = kCount;
    TransactionLayer layer(settings);
    Flow flow;
    flow.remote = *Endpoint::parse("192.0.2.1:5060");
    std::size_t sends = 0;
    Message request = small_request("BYE", 0);
    const Message response = make_response(request, 200);
    const auto at = [](std::uint32_t number) { return Time{} + microseconds(100) * number; };
    for (std::uint32_t i = 0; i < kCount; ++i) {
        TransactionOutput out;
        request.vias.front().parameters.front().second = "z9hG4bK" + std::to_string(i);
        layer.receive(request, flow, at(i), out);
        const auto id = std::get<RequestReceived>(out.events.at(0)).transaction;
        layer.respond(id, response, at(i), out);
        sends += out.sends.size();
    }
    EXPECT_EQ(sends, kCount);
    EXPECT_EQ(layer.size(), kCount);
    TransactionOutput refused;
    layer.receive(small_request("BYE", kCount), flow, at(kCount), refused);
    EXPECT_TRUE(refused.events.empty());

    std::size_t turns = 0;
    for (auto next = layer.next_deadline(); next; next = layer.next_deadline()) {
        TransactionOutput out;
        layer.advance(*next, out);
        EXPECT_TRUE(out.sends.empty() && out.events.empty());
        ++turns;
    }
    EXPECT_EQ(layer.size(), 0U);
    EXPECT_LE(turns, 210U);  // they began in 20 s, and ends share wake-ups
}

TEST(ManyTransactions, FloodsOfAckAndCancelLeaveNothing) {
    TransactionLayer layer;
    Flow flow;
    flow.remote = *Endpoint::parse("192.0.2.1:5060");
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        TransactionOutput out;
        layer.receive(small_request(i % 2 == 0 ? "ACK" : "CANCEL", i), flow, Time{}, out);
    }
    EXPECT_EQ(layer.size(), 0U);
    EXPECT_EQ(layer.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace lanze::sip
