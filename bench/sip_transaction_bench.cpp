// What a call costs in the transaction layer: from a new INVITE to the end, and with very many
// transactions that linger.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <string>

#include "sip/transaction.h"

namespace lanze::sip {
namespace {

Flow far_side() {
    Flow flow;
    flow.remote = *Endpoint::parse("192.0.2.1:5060");
    return flow;
}

// A request as phones send them: with the headers that every one carries.
Message form_of(const std::string& method) {
    Message message;
    message.method = method;
    message.uri = *Uri::parse("sip:sales@lanze.example:5060");
    message.from = *NameAddress::parse("\"Anna\" <sip:anna@192.0.2.1:5060>;tag=8f3a6c21");
    message.to = *NameAddress::parse("<sip:sales@lanze.example:5060>");
    message.cseq = {1, method};
    message.max_forwards = 70;
    message.contacts.push_back(*NameAddress::parse("<sip:anna@192.0.2.1:5060>"));
    message.set_header("User-Agent", "Phone/1.0");
    message.content_type = "application/sdp";
    message.body = std::string(300, 'a');
    return message;
}

Message make_request(const std::string& method, std::uint64_t number) {
    static const Message kInvite = form_of("INVITE");
    static const Message kBye = form_of("BYE");
    Message message = method == "INVITE" ? kInvite : kBye;
    message.call_id = std::to_string(number) + "-4711@192.0.2.1";
    return message;
}

Message from_far_side(const std::string& method, std::uint64_t number) {
    Message message = make_request(method, number);
    Via via;
    via.host = "192.0.2.1";
    via.port = 5060;
    via.parameters = {{"rport", ""}, {"branch", "z9hG4bK-branch-" + std::to_string(number)}};
    message.vias.push_back(via);
    return message;
}

// One call: a caller's INVITE answered 180 and 200, ACK; and our INVITE to an agent, answered
// alike.
class Calls {
public:
    void play(std::uint64_t number, Time now) {
        TransactionOutput out;
        layer_.receive(from_far_side("INVITE", number), flow_, now, out);
        const auto request = std::get<RequestReceived>(std::move(out.events.at(0)));
        layer_.respond(request.transaction, make_response(request.message, 180, {}, "tag"), now,
                       out);
        TransactionLayer::ClientRequest plan;
        plan.id = ClientTransactionId{number + 1};
        plan.message = make_request("INVITE", number);
        plan.flow = flow_;
        plan.sent_by = *Endpoint::parse("198.51.100.1:5060");
        plan.branch = "agent-" + std::to_string(number);
        Message echo = plan.message;
        Via via;
        via.parameters = {{"branch", "z9hG4bK" + plan.branch}};
        echo.vias.push_back(via);
        layer_.start(std::move(plan), now, out);
        layer_.receive(make_response(echo, 180, {}, "agent"), flow_, now, out);
        layer_.receive(make_response(echo, 200, {}, "agent"), flow_, now, out);
        layer_.respond(request.transaction, make_response(request.message, 200, {}, "tag"), now,
                       out);
        layer_.ack_received(request.transaction);
        layer_.advance(now, out);
        benchmark::DoNotOptimize(out);
    }

    std::size_t size() const { return layer_.size(); }

private:
    static TimerSettings settings() {
        TimerSettings result;
        result.transactions_max = 1'000'000;
        return result;
    }

    TransactionLayer layer_{settings()};
    Flow flow_ = far_side();
};

// Time moves on so that about `range` transactions linger (64*T1 is 32 s).
void transaction_pair(benchmark::State& state) {
    const std::int64_t lingering = state.range(0);
    const Duration step = Duration(seconds(64)) / lingering;
    Calls calls;
    std::uint64_t number = 0;
    Time now;
    const auto play = [&] {
        now += step;
        calls.play(number++, now);
    };
    while (number < static_cast<std::uint64_t>(lingering / 2)) {
        play();
    }
    for (auto _ : state) {
        play();
    }
    state.counters["transactions"] = static_cast<double>(calls.size());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transaction_pair)->Arg(1000)->Arg(100'000)->Arg(300'000);

// Bytes of memory per transaction once its call has been answered.
void lingering_memory(benchmark::State& state) {
    constexpr std::uint64_t kCalls = 50'000;
    for (auto _ : state) {
        const std::size_t before = mallinfo2().uordblks;
        Calls calls;
        for (std::uint64_t number = 0; number < kCalls; ++number) {
            calls.play(number, Time{});
        }
        const std::size_t grown = mallinfo2().uordblks - before;
        state.counters["transactions"] = static_cast<double>(calls.size());
        state.counters["bytes_each"] =
            static_cast<double>(grown) / static_cast<double>(calls.size());
    }
}
BENCHMARK(lingering_memory)->Iterations(1);

// A BYE repeated by its sender: found and answered with the bytes kept.
void repeated_request(benchmark::State& state) {
    TransactionLayer layer;
    const Flow flow = far_side();
    TransactionOutput out;
    const Message bye = from_far_side("BYE", 1);
    layer.receive(bye, flow, Time{}, out);
    layer.respond(ServerTransactionId{1}, make_response(bye, 200), Time{}, out);
    for (auto _ : state) {
        TransactionOutput repeated;
        layer.receive(bye, flow, Time{}, repeated);
        benchmark::DoNotOptimize(repeated);
    }
}
BENCHMARK(repeated_request);

}  // namespace
}  // namespace lanze::sip

BENCHMARK_MAIN();
