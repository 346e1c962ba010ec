// What a call between a browser and a phone costs the media worker, with real sockets on loopback:
// ICE, DTLS-SRTP and G.711 on one side, plain RTP on the other, 50 packets a second both ways.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "media/datagram_batch.h"
#include "media/port_sockets.h"
#include "media/socket_address.h"
#include "media/web_peer.h"
#include "media/workers.h"

namespace lanze::media {
namespace {

constexpr std::size_t kPacketSize = kRtpHeaderSize + kFrameSamples;
constexpr Duration kFrame = milliseconds(20);
constexpr auto kConnectMax = std::chrono::seconds(60);

Time now_steady() {
    return Time(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

double cpu_seconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// CPU time of all threads but this one, which is the worker's.
double worker_cpu_seconds() {
    return cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
}

// Bytes handed out by malloc, OpenSSL's and libsrtp2's too.
double allocated() {
    return static_cast<double>(mallinfo2().uordblks);
}

Endpoint bound_to(const Descriptor& socket) {
    SocketAddress address;
    socklen_t size = SocketAddress::capacity();
    getsockname(socket.number(), address.data(), &size);
    return address.endpoint();
}

Descriptor large_socket() {
    Descriptor socket = bind_udp({.address = IpAddress::v4(127, 0, 0, 1), .port = 0}).value();
    const int large = 8 << 20;
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof large);
    return socket;
}

void send_to(const Descriptor& socket, const SocketAddress& to, Bytes bytes) {
    sendto(socket.number(), bytes.data(), bytes.size(), 0, to.data(), to.size());
}

// All browsers at one socket, and all phones at another; the worker has a socket for each leg.
class Centre {
public:
    explicit Centre(std::uint32_t calls) : calls_(calls), certificate_(*Certificate::make()) {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        WorkerSettings settings;
        const IpAddress address = IpAddress::v4(127, 0, 0, 2);
        settings.addresses.push_back({.bound = address, .advertised = address});
        settings.certificate = certificate_;
        auto started = MediaWorkers::start(settings, Sounds::generated(),
                                           [this](ports::MediaReport report) { take(report); });
        media_ = std::move(started).value();
        // So much is used without any call.
        warm_up();
        allocated_before_ = allocated();
        for (std::uint32_t call = 0; call < calls; ++call) {
            open(call);
        }
        connect();
    }

    std::uint32_t calls() const { return calls_; }
    MediaCounts counts() const { return media_->counts(); }
    double connect_cpu() const { return connect_cpu_; }

    // 20 ms: everybody speaks, and what has come is heard.
    void frame() {
        for (const auto& peer : peers_) {
            speak(*peer);
        }
        for (const SocketAddress& phone_leg : phone_legs_) {
            std::array<std::uint8_t, kPacketSize> packet;
            packet.fill(0xD5);
            write_rtp_header({.marker = false,
                              .payload_type = 8,
                              .sequence = sequence_,
                              .timestamp = sequence_ * 160U,
                              .ssrc = 1},
                             std::span(packet).first<kRtpHeaderSize>());
            send_to(phones_, phone_leg, packet);
        }
        ++sequence_;
        spoken_ += phone_legs_.size();
    }
    // What has come to browsers and phones, waiting so long at most.
    void hear(int wait_ms) {
        std::array<pollfd, 2> waiting{pollfd{browsers_.number(), POLLIN, 0},
                                      pollfd{phones_.number(), POLLIN, 0}};
        if (poll(waiting.data(), waiting.size(), wait_ms) <= 0) {
            return;
        }
        while (const std::size_t count = received_.receive(phones_.number())) {
            for (std::size_t i = 0; i < count; ++i) {
                heard_ += received_.datagram(i).bytes.size() == kPacketSize ? 1U : 0U;
            }
        }
        while (const std::size_t count = received_.receive(browsers_.number())) {
            for (std::size_t i = 0; i < count; ++i) {
                const auto peer = by_leg_.find(received_.source(i));
                if (peer != by_leg_.end()) {
                    const std::span<std::uint8_t> bytes = received_.datagram(i).bytes;
                    heard_ += classify(bytes) == DatagramKind::rtp ? 1U : 0U;
                    peer->second->receive(bytes, now_steady());
                }
            }
        }
    }
    void reset_counts() { spoken_ = heard_ = 0; }
    std::uint64_t spoken() const { return spoken_; }
    std::uint64_t heard() const { return heard_; }

    // What the centre keeps for a call, when the browsers' own share is gone.
    double bytes_per_call() {
        by_leg_.clear();
        peers_.clear();
        return (allocated() - allocated_before_) / calls_;
    }

private:
    void take(ports::MediaReport& report) {
        if (auto* lent = std::get_if<ports::PortsLent>(&report)) {
            const std::lock_guard lock(mutex_);
            lent_.insert(lent_.end(), lent->ports.begin(), lent->ports.end());
            more_.notify_one();
        }
    }

    ports::MediaPort take_port() {
        std::unique_lock lock(mutex_);
        more_.wait(lock, [this] { return !lent_.empty(); });
        const ports::MediaPort port = lent_.front();
        lent_.pop_front();
        return port;
    }

    // The libraries set themselves up with the first handshake.
    void warm_up() {
        open(calls_);
        connect();
        media_->order(ports::CloseLeg{ports::LegId(2 * calls_ + 1)});
        media_->order(ports::CloseLeg{ports::LegId(2 * calls_ + 2)});
        while (media_->counts().legs > 0) {
            std::this_thread::yield();
        }
        by_leg_.clear();
        peers_.clear();
        phone_legs_.clear();
    }

    void open(std::uint32_t call) {
        const ports::MediaPort browser_port = take_port();
        const ports::MediaPort phone_port = take_port();
        ports::SecureLeg secure;
        secure.leg = ports::LegId(2 * call + 1);
        secure.local = {.fragment = "ours" + std::to_string(call),
                        .password = "our password of 22 char"};
        secure.remote = {.fragment = "them" + std::to_string(call),
                         .password = "their password of 22 ch"};
        secure.fingerprint = certificate_.fingerprint();
        ports::SetRemote browser;
        browser.leg = secure.leg;
        ports::SetRemote phone;
        phone.leg = ports::LegId(2 * call + 2);
        phone.rtp = phone.rtcp = bound_to(phones_);
        media_->order(ports::OpenLeg{.leg = browser.leg, .port = browser_port});
        media_->order(ports::OpenLeg{.leg = phone.leg, .port = phone_port});
        media_->order(secure);
        media_->order(browser);
        media_->order(phone);
        media_->order(ports::Bridge{.a = browser.leg, .b = phone.leg});
        WebPeerSettings settings;
        settings.local = secure.remote;
        settings.remote = secure.local;
        settings.fingerprint = certificate_.fingerprint();
        settings.law = ports::G711::a_law;
        settings.audio = {.sound = Prompt({}), .seed = call + 1};
        peers_.push_back(std::make_unique<WebPeer>(certificate_, settings));
        peers_.back()->connect(browser_port.bound, now_steady());
        by_leg_.emplace(browser_port.bound, peers_.back().get());
        phone_legs_.emplace_back(phone_port.bound);
    }

    void speak(WebPeer& peer) {
        const SocketAddress centre(peer.centre());
        for (const auto& datagram : peer.advance(now_steady())) {
            spoken_ += classify(datagram) == DatagramKind::rtp ? 1U : 0U;
            send_to(browsers_, centre, datagram);
        }
    }

    // All handshakes at once, as after a restart of the centre.
    void connect() {
        const double cpu = worker_cpu_seconds();
        const auto end = std::chrono::steady_clock::now() + kConnectMax;
        const auto is_connected = [](const auto& peer) { return peer->is_connected(); };
        while (!std::all_of(peers_.begin(), peers_.end(), is_connected)) {
            if (std::chrono::steady_clock::now() > end) {
                std::fputs("not all browsers were connected within 60 s\n", stderr);
                std::exit(1);
            }
            for (const auto& peer : peers_) {
                speak(*peer);
            }
            hear(1);
        }
        connect_cpu_ = worker_cpu_seconds() - cpu;
    }

    std::uint32_t calls_;
    Certificate certificate_;
    Descriptor browsers_ = large_socket();
    Descriptor phones_ = large_socket();
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<ports::MediaPort> lent_;  // under mutex_
    std::vector<std::unique_ptr<WebPeer>> peers_;
    std::unordered_map<Endpoint, WebPeer*> by_leg_;
    std::vector<SocketAddress> phone_legs_;
    ReceiveBatch received_;
    std::uint16_t sequence_ = 0;
    std::uint64_t spoken_ = 0;
    std::uint64_t heard_ = 0;
    double connect_cpu_ = 0;
    double allocated_before_ = 0;
    std::unique_ptr<MediaWorkers> media_;
};

// A load of 1 is a full core.
void web_calls(benchmark::State& state) {
    Centre centre(static_cast<std::uint32_t>(state.range(0)));
    centre.hear(100);
    centre.reset_counts();
    const double cpu = worker_cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    auto due = start;
    for (auto _ : state) {
        centre.frame();
        due += kFrame;
        for (auto now = start; now < due; now = std::chrono::steady_clock::now()) {
            centre.hear(1);
        }
    }
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    const double used = worker_cpu_seconds() - cpu;
    centre.hear(100);
    const double calls = centre.calls();
    state.counters["load"] = used / passed.count();
    state.counters["load_per_call"] = used / passed.count() / calls;
    state.counters["cpu_us_per_packet"] = used / static_cast<double>(centre.spoken()) * 1e6;
    state.counters["lost"] =
        1.0 - static_cast<double>(centre.heard()) / static_cast<double>(centre.spoken());
    state.counters["connect_cpu_us"] = centre.connect_cpu() / calls * 1e6;
    state.counters["bytes_per_call"] = centre.bytes_per_call();
}
BENCHMARK(web_calls)->Arg(100)->Iterations(500)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lanze::media

BENCHMARK_MAIN();
