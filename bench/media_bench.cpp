// What a packet costs: in the pure logic, and through a worker with real sockets on loopback.
#include <benchmark/benchmark.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "media/g711.h"
#include "media/opus_fixture.h"
#include "media/port_sockets.h"
#include "media/relay.h"
#include "media/socket_address.h"
#include "media/srtp.h"
#include "media/workers.h"

namespace lanze::media {
namespace {

constexpr std::size_t kPacketSize = kRtpHeaderSize + kFrameSamples;
constexpr std::size_t kBatch = 64;

const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

ports::SetRemote remote_of(std::uint64_t leg, const Endpoint& phone, ports::G711 law) {
    ports::SetRemote remote;
    remote.leg = ports::LegId(leg);
    remote.rtp = phone;
    remote.rtcp = phone;
    remote.codec = law;
    remote.audio_payload = remote.audio_payload_in = law == ports::G711::a_law ? 8 : 0;
    return remote;
}

struct NoOut final : RelayOut {
    void send(SocketRef, const Endpoint&, Bytes bytes) override {
        benchmark::DoNotOptimize(bytes.data());
    }
    void report(ports::MediaReport) override {}
};

const Endpoint kPhone{.address = IpAddress::v4(192, 0, 2, 1), .port = 4000};

void open_legs(Relay& relay, std::uint32_t count, Time now) {
    for (std::uint32_t leg = 1; leg <= count; ++leg) {
        ports::MediaPort port;
        port.index = leg - 1;
        relay.on(ports::OpenLeg{.leg = ports::LegId(leg), .port = port}, now);
        const auto law = leg % 2 == 0 ? ports::G711::mu_law : ports::G711::a_law;
        relay.on(remote_of(leg, kPhone, law), now);
    }
}

// One packet of each of `range` legs in turn, relayed with conversion between the laws.
void relay_packet(benchmark::State& state) {
    NoOut out;
    Relay relay(sounds(), out, {.rtcp_every = seconds(5), .seed = 1});
    Time now = from_micros(1'000'000'000);
    const auto legs = static_cast<std::uint32_t>(state.range(0));
    open_legs(relay, legs, now);
    for (std::uint32_t leg = 1; leg < legs; leg += 2) {
        relay.on(ports::Bridge{.a = ports::LegId(leg), .b = ports::LegId(leg + 1)}, now);
    }
    std::array<std::uint8_t, kPacketSize> packet{};
    std::uint32_t leg = 0;
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        const auto type = static_cast<std::uint8_t>(leg % 2 == 0 ? 8 : 0);
        write_rtp_header({.marker = false,
                          .payload_type = type,
                          .sequence = sequence,
                          .timestamp = sequence * 160U,
                          .ssrc = leg},
                         std::span(packet).first<kRtpHeaderSize>());
        relay.receive({.port = leg}, kPhone, {packet}, now);
        if (++leg == legs) {
            leg = 0;
            ++sequence;
            now += milliseconds(20);
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(relay_packet)->Arg(2)->Arg(5000);

// A second of a browser's voice, 20 ms a packet, as it goes over the wire.
std::vector<std::vector<std::uint8_t>> opus_second(bool with_fec) {
    OpusSpeaker speaker({.with_fec = with_fec});
    std::vector<std::vector<std::uint8_t>> packets(50);
    std::ranges::generate(packets, [&] { return speaker.speak(); });
    return packets;
}

// One packet of Opus from a browser's leg to one that knows Opus (0) or does not (1); with fec (2)
// in the modes of Opus that have it, and converted as well. Without encryption.
void relay_opus_packet(benchmark::State& state) {
    constexpr std::uint8_t kOpus = 111;
    NoOut out;
    Relay relay(sounds(), out, {.rtcp_every = seconds(5), .seed = 1});
    Time now = from_micros(1'000'000'000);
    open_legs(relay, 2, now);
    for (std::uint64_t leg = 1; leg <= (state.range(0) == 0 ? 2U : 1U); ++leg) {
        ports::SetRemote remote = remote_of(leg, kPhone, ports::G711::a_law);
        remote.opus = {kOpus, kOpus, 0, 0};
        relay.on(remote, now);
    }
    relay.on(ports::Bridge{.a = ports::LegId(1), .b = ports::LegId(2)}, now);
    const std::vector<std::vector<std::uint8_t>> said = opus_second(state.range(0) == 2);
    std::array<std::uint8_t, kDatagramMax> buffer{};
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        const std::vector<std::uint8_t>& packet = said[sequence % said.size()];
        std::ranges::copy(packet, buffer.begin());
        write_rtp_header({.marker = false,
                          .payload_type = kOpus,
                          .sequence = sequence,
                          .timestamp = sequence * 960U,
                          .ssrc = 1},
                         std::span(buffer).first<kRtpHeaderSize>());
        relay.receive({.port = 0}, kPhone, {std::span(buffer).first(packet.size())}, now);
        ++sequence;
        now += milliseconds(20);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.counters["converted"] = static_cast<double>(relay.counts().converted);
    state.counters["decoder_bytes"] = static_cast<double>(OpusReader::memory());
}
BENCHMARK(relay_opus_packet)->Arg(0)->Arg(1)->Arg(2);

// One frame of music for each of `range` legs.
void play_frames(benchmark::State& state) {
    NoOut out;
    Relay relay(sounds(), out, {.rtcp_every = seconds(5), .seed = 1});
    Time now = from_micros(1'000'000'000);
    const auto legs = static_cast<std::uint32_t>(state.range(0));
    open_legs(relay, legs, now);
    for (std::uint32_t leg = 1; leg <= legs; ++leg) {
        relay.on(ports::Play{.leg = ports::LegId(leg)}, now);
    }
    for (auto _ : state) {
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
        now += milliseconds(20);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * legs);
}
BENCHMARK(play_frames)->Arg(4000);

// 20 ms of `range` conferences of five, all of whom speak: a packet of each and a frame to each.
void confer_frames(benchmark::State& state) {
    NoOut out;
    Relay relay(sounds(), out, {.rtcp_every = seconds(5), .seed = 1});
    Time now = from_micros(1'000'000'000);
    const auto legs = static_cast<std::uint32_t>(5 * state.range(0));
    open_legs(relay, legs, now);
    for (std::uint32_t leg = 1; leg <= legs; leg += 5) {
        ports::Confer order;
        for (std::uint32_t i = 0; i < 5; ++i) {
            order.legs.emplace_back(leg + i);
        }
        relay.on(order, now);
    }
    std::array<std::uint8_t, kPacketSize> packet{};
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        ++sequence;
        now += milliseconds(20);
        for (std::uint32_t leg = 0; leg < legs; ++leg) {
            packet.fill(static_cast<std::uint8_t>(leg * 7 + sequence));
            write_rtp_header({.marker = false,
                              .payload_type = static_cast<std::uint8_t>(leg % 2 == 0 ? 8 : 0),
                              .sequence = sequence,
                              .timestamp = sequence * 160U,
                              .ssrc = leg},
                             std::span(packet).first<kRtpHeaderSize>());
            relay.receive({.port = leg}, kPhone, {packet}, now);
        }
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(confer_frames)->Arg(1)->Arg(100);

void convert_frame(benchmark::State& state) {
    std::array<std::uint8_t, kFrameSamples> codes{};
    for (auto _ : state) {
        convert(codes, ports::G711::mu_law, ports::G711::a_law);
        benchmark::DoNotOptimize(codes.data());
    }
}
BENCHMARK(convert_frame);

// One packet encrypted by us and opened by the other side; range: the profile's number.
void protect_and_open(benchmark::State& state) {
    SrtpKeys keys;
    keys.profile = static_cast<SrtpProfile>(state.range(0));
    std::optional<Srtp> ours = Srtp::make(keys);
    std::optional<Srtp> theirs = Srtp::make(keys);
    std::array<std::uint8_t, kPacketSize + kRoomBehind> buffer{};
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        write_rtp_header({.marker = false,
                          .payload_type = 8,
                          .sequence = ++sequence,
                          .timestamp = sequence * 160U,
                          .ssrc = 1},
                         std::span(buffer).first<kRtpHeaderSize>());
        const Bytes wire = ours->protect_rtp({std::span(buffer).first(kPacketSize), kRoomBehind});
        if (theirs->open_rtp(std::span(buffer).first(wire.size())).size() != kPacketSize) {
            state.SkipWithError("what was protected was not opened");
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(protect_and_open)
    ->Arg(static_cast<int>(SrtpProfile::aes128_cm_sha1_80))
    ->Arg(static_cast<int>(SrtpProfile::aead_aes_128_gcm));

double cpu_seconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// CPU time of all threads but this one, which is the worker's.
double worker_cpu_seconds() {
    return cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
}

// One worker, and all phones at one socket, so that the measuring costs little.
class Exchange {
public:
    explicit Exchange(std::uint32_t calls) : legs_(2 * calls) {
        raise_limit();
        const int large = 8 << 20;
        setsockopt(phone_.number(), SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
        setsockopt(phone_.number(), SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof large);
        WorkerSettings settings;
        for (std::uint8_t host = 2; host < 6; ++host) {
            const IpAddress address = IpAddress::v4(127, 0, 0, host);
            settings.addresses.push_back({.bound = address, .advertised = address});
        }
        settings.port_first = 20'000;
        settings.port_last = 31'999;
        auto started = MediaWorkers::start(settings, sounds(), [this](ports::MediaReport report) {
            if (auto* lent = std::get_if<ports::PortsLent>(&report)) {
                const std::lock_guard lock(mutex_);
                lent_.insert(lent_.end(), lent->ports.begin(), lent->ports.end());
                more_.notify_one();
            }
        });
        media_ = std::move(started).value();
        connect_all();
    }

    std::uint32_t legs() const { return legs_; }
    MediaCounts counts() const { return media_->counts(); }

    // One packet to each leg; gives how many came out on the other side meanwhile.
    std::size_t speak_all() {
        std::size_t heard = 0;
        for (std::size_t from = 0; from < targets_.size(); from += kBatch) {
            speak(from, std::min(kBatch, targets_.size() - from));
            heard += hear(0);
        }
        ++sequence_;
        return heard;
    }

    // What has come, waiting at most so long for the first.
    std::size_t hear(int wait_ms) {
        static std::array<std::array<std::uint8_t, 256>, kBatch> buffers;
        pollfd waiting{.fd = phone_.number(), .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, wait_ms) <= 0) {
            return 0;
        }
        std::array<mmsghdr, kBatch> messages{};
        std::array<iovec, kBatch> vectors{};
        for (std::size_t i = 0; i < kBatch; ++i) {
            vectors[i] = {.iov_base = buffers[i].data(), .iov_len = buffers[i].size()};
            messages[i].msg_hdr.msg_iov = &vectors[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        const int count = recvmmsg(phone_.number(), messages.data(), kBatch, MSG_DONTWAIT, nullptr);
        std::size_t heard = 0;
        for (int i = 0; i < count; ++i) {
            heard += messages[static_cast<std::size_t>(i)].msg_len == kPacketSize ? 1U : 0U;
        }
        return heard;
    }

private:
    static void raise_limit() {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }

    Endpoint phone() const {
        SocketAddress address;
        socklen_t size = SocketAddress::capacity();
        getsockname(phone_.number(), address.data(), &size);
        return address.endpoint();
    }

    ports::MediaPort take_port() {
        std::unique_lock lock(mutex_);
        more_.wait(lock, [this] { return !lent_.empty(); });
        const ports::MediaPort port = lent_.front();
        lent_.pop_front();
        return port;
    }

    void connect_all() {
        for (std::uint32_t leg = 1; leg <= legs_; ++leg) {
            const ports::MediaPort port = take_port();
            media_->order(ports::OpenLeg{.leg = ports::LegId(leg), .port = port});
            media_->order(remote_of(leg, phone(), ports::G711::a_law));
            if (leg % 2 == 0) {
                media_->order(ports::Bridge{.a = ports::LegId(leg - 1), .b = ports::LegId(leg)});
            }
            targets_.emplace_back(port.bound);
        }
        while (media_->counts().legs < legs_) {
            std::this_thread::yield();
        }
    }

    void speak(std::size_t from, std::size_t count) {
        std::array<std::array<std::uint8_t, kPacketSize>, kBatch> packets;
        std::array<mmsghdr, kBatch> messages{};
        std::array<iovec, kBatch> vectors{};
        for (std::size_t i = 0; i < count; ++i) {
            packets[i].fill(0xD5);
            write_rtp_header({.marker = false,
                              .payload_type = 8,
                              .sequence = sequence_,
                              .timestamp = sequence_ * 160U,
                              .ssrc = static_cast<std::uint32_t>(from + i)},
                             std::span(packets[i]).first<kRtpHeaderSize>());
            vectors[i] = {.iov_base = packets[i].data(), .iov_len = packets[i].size()};
            messages[i].msg_hdr.msg_name = targets_[from + i].data();
            messages[i].msg_hdr.msg_namelen = targets_[from + i].size();
            messages[i].msg_hdr.msg_iov = &vectors[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        sendmmsg(phone_.number(), messages.data(), static_cast<unsigned>(count), 0);
    }

    std::uint32_t legs_;
    Descriptor phone_ = bind_udp({.address = IpAddress::v4(127, 0, 0, 1), .port = 0}).value();
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<ports::MediaPort> lent_;  // under mutex_
    std::vector<SocketAddress> targets_;
    std::uint16_t sequence_ = 0;
    std::unique_ptr<MediaWorkers> media_;
};

// As fast as it goes: the next round starts when the last one has come through.
void worker_throughput(benchmark::State& state) {
    Exchange exchange(static_cast<std::uint32_t>(state.range(0)));
    std::size_t heard_all = 0;
    const double cpu = worker_cpu_seconds();
    for (auto _ : state) {
        std::size_t heard = exchange.speak_all();
        for (std::size_t more = 1; heard < exchange.legs() && more > 0; heard += more) {
            more = exchange.hear(50);
        }
        heard_all += heard;
    }
    const auto packets = static_cast<double>(state.iterations() * exchange.legs());
    state.SetItemsProcessed(static_cast<std::int64_t>(heard_all));
    state.counters["cpu_us_per_packet"] = (worker_cpu_seconds() - cpu) / packets * 1e6;
    state.counters["lost"] = 1.0 - static_cast<double>(heard_all) / packets;
}
BENCHMARK(worker_throughput)->Arg(100)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);

// So many calls as they are: each leg speaks every 20 ms. A load of 1 is a full core.
void worker_calls(benchmark::State& state) {
    Exchange exchange(static_cast<std::uint32_t>(state.range(0)));
    std::size_t heard = 0;
    const double cpu = worker_cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    auto due = start;
    for (auto _ : state) {
        heard += exchange.speak_all();
        due += milliseconds(20);
        for (auto now = start; now < due; now = std::chrono::steady_clock::now()) {
            heard += exchange.hear(1);
        }
    }
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    const double used = worker_cpu_seconds() - cpu;
    for (std::size_t more = 1; more > 0; heard += more) {
        more = exchange.hear(50);
    }
    const auto packets = static_cast<double>(state.iterations() * exchange.legs());
    state.counters["load"] = used / passed.count();
    state.counters["cpu_us_per_packet"] = used / packets * 1e6;
    state.counters["lost"] = 1.0 - static_cast<double>(heard) / packets;
}
BENCHMARK(worker_calls)
    ->Arg(500)
    ->Arg(1500)
    ->Arg(2500)
    ->Iterations(250)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lanze::media

BENCHMARK_MAIN();
