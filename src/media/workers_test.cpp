// The workers with real sockets on the loopback interface and fake phones. Waits for conditions
// with a deadline; the phones' time runs ahead of the clock, so that a second of speech takes less.
#include "media/workers.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>

#include "media/phone_audio.h"
#include "media/port_sockets.h"
#include "media/rtcp.h"
#include "media/socket_address.h"
#include "media/web_peer.h"

namespace lanze::media {
namespace {

using ports::G711;
using ports::LegId;

const IpAddress kLoopback = IpAddress::v4(127, 0, 0, 1);
constexpr auto kDeadline = std::chrono::seconds(10);

// Calls `step` until it is true; false at the deadline.
template <typename Step>
bool reaches(Step step) {
    const auto end = std::chrono::steady_clock::now() + kDeadline;
    while (std::chrono::steady_clock::now() < end) {
        if (step()) {
            return true;
        }
    }
    return false;
}

Endpoint bound_to(int socket) {
    SocketAddress address;
    socklen_t size = SocketAddress::capacity();
    getsockname(socket, address.data(), &size);
    return address.endpoint();
}

// A phone with one socket.
class FakePhone {
public:
    FakePhone(double frequency, G711 law)
        : law_(law),
          socket_(bind_udp({.address = kLoopback, .port = 0}).value()),
          audio_({.sound = Tone{.frequency = frequency, .level = -10.0},
                  .seed = static_cast<std::uint64_t>(frequency)}) {}

    Endpoint address() const { return bound_to(socket_.number()); }
    G711 law() const { return law_; }
    std::uint8_t type() const { return law_ == G711::a_law ? 8 : 0; }

    void call(const Endpoint& centre) {
        audio_.set_remote(
            {.rtp = centre, .law = law_, .payload_type = type(), .payload_type_in = type()}, now_);
    }
    // One frame of speech, and what has come is heard.
    void speak() {
        now_ += milliseconds(20);
        const auto packet = audio_.tick(now_);
        send(packet, audio_.remote()->rtp);
        hear();
    }
    void send(Bytes bytes, const Endpoint& to) {
        const SocketAddress address(to);
        sendto(socket_.number(), bytes.data(), bytes.size(), 0, address.data(), address.size());
    }
    // Waits a moment for something to come.
    void hear() {
        pollfd waiting{.fd = socket_.number(), .events = POLLIN, .revents = 0};
        std::array<std::uint8_t, 2000> buffer{};
        for (int wait = 2; poll(&waiting, 1, wait) == 1; wait = 0) {
            const ssize_t size = recv(socket_.number(), buffer.data(), buffer.size(), 0);
            const Bytes bytes =
                Bytes(buffer).first(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
            if (classify(bytes) == DatagramKind::rtcp) {
                ++rtcp_heard;
            } else {
                audio_.receive(bytes, now_);
            }
        }
    }
    PhoneAudioReport report() const { return audio_.report(); }

    int rtcp_heard = 0;

private:
    G711 law_;
    Descriptor socket_;
    PhoneAudio audio_;
    Time now_ = from_micros(1'000'000'000);
};

const Certificate& certificate() {
    static const Certificate made = *Certificate::make();
    return made;
}

// A browser with one socket.
class FakeBrowser {
public:
    explicit FakeBrowser(const ports::SecureLeg& leg)
        : socket_(bind_udp({.address = kLoopback, .port = 0}).value()),
          peer_(certificate(),
                {.local = leg.remote,
                 .remote = leg.local,
                 .fingerprint = certificate().fingerprint(),
                 .law = G711::mu_law,
                 .audio = {.sound = Tone{.frequency = 440.0, .level = -10.0}, .seed = 9}}) {}

    void call(const Endpoint& centre) { peer_.connect(centre, now_); }
    // 20 ms: what is due is sent, and what has come is taken.
    void speak() {
        now_ += milliseconds(20);
        const SocketAddress centre(peer_.centre());
        for (const auto& datagram : peer_.advance(now_)) {
            sendto(socket_.number(), datagram.data(), datagram.size(), 0, centre.data(),
                   centre.size());
        }
        pollfd waiting{.fd = socket_.number(), .events = POLLIN, .revents = 0};
        std::array<std::uint8_t, 2000> buffer{};
        for (int wait = 2; poll(&waiting, 1, wait) == 1; wait = 0) {
            const ssize_t size = recv(socket_.number(), buffer.data(), buffer.size(), 0);
            peer_.receive(
                std::span(buffer).first(static_cast<std::size_t>(std::max<ssize_t>(size, 0))),
                now_);
        }
    }
    const WebPeer& peer() const { return peer_; }

private:
    Descriptor socket_;
    WebPeer peer_;
    Time now_ = from_micros(1'000'000'000);
};

const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

class WorkersTest : public ::testing::Test {
protected:
    static WorkerSettings settings() {
        WorkerSettings settings;
        settings.addresses = {{.bound = kLoopback, .advertised = IpAddress::v4(192, 0, 2, 1)}};
        settings.port_first = 42'000;
        settings.port_last = 42'999;
        settings.lent_min = 8;
        settings.port_rest = milliseconds(50);
        settings.frame_time = milliseconds(4);
        settings.rtcp_every = milliseconds(50);
        settings.certificate = certificate();
        return settings;
    }

    void start(const WorkerSettings& settings) {
        auto started = MediaWorkers::start(settings, sounds(), [this](ports::MediaReport report) {
            const std::lock_guard lock(mutex);
            reports.push_back(std::move(report));
        });
        ASSERT_TRUE(started) << describe(started.error());
        media = std::move(started).value();
    }

    // Takes what was reported; lent pairs are kept in `lent`.
    void take_reports() {
        const std::lock_guard lock(mutex);
        for (ports::MediaReport& report : reports) {
            if (auto* more = std::get_if<ports::PortsLent>(&report)) {
                lent.insert(lent.end(), more->ports.begin(), more->ports.end());
            } else if (const auto* silent = std::get_if<ports::LegSilent>(&report)) {
                silent_legs.push_back(silent->leg);
            } else {
                closed.push_back(std::get<ports::LegClosed>(report));
            }
        }
        reports.clear();
    }
    ports::MediaPort take_port() {
        EXPECT_TRUE(reaches([this] {
            take_reports();
            return !lent.empty();
        }));
        const ports::MediaPort port = lent.front();
        lent.pop_front();
        return port;
    }
    ports::SetRemote remote_of(LegId leg, const FakePhone& phone) {
        ports::SetRemote remote;
        remote.leg = leg;
        remote.rtp = phone.address();
        remote.rtcp = phone.address();
        remote.codec = phone.law();
        remote.audio_payload = remote.audio_payload_in = phone.type();
        return remote;
    }
    ports::MediaPort connect(LegId leg, FakePhone& phone) {
        const ports::MediaPort port = take_port();
        media->order(ports::OpenLeg{.leg = leg, .port = port});
        media->order(remote_of(leg, phone));
        EXPECT_TRUE(reaches([&] { return media->counts().legs >= leg.value(); }));
        phone.call(port.bound);
        return port;
    }
    // Both speak until both have heard `seconds` seconds.
    bool talk(std::size_t seconds) {
        return reaches([&] {
            anna.speak();
            ben.speak();
            return anna.report().seconds.size() > seconds && ben.report().seconds.size() > seconds;
        });
    }

    const LegId a{1};
    const LegId b{2};
    FakePhone anna{440.0, G711::mu_law};
    FakePhone ben{700.0, G711::a_law};
    std::mutex mutex;
    std::vector<ports::MediaReport> reports;  // under mutex
    std::deque<ports::MediaPort> lent;
    std::vector<LegId> silent_legs;
    std::vector<ports::LegClosed> closed;
    std::unique_ptr<MediaWorkers> media;
};

TEST_F(WorkersTest, BridgesTwoPhonesOfDifferentLaws) {
    start(settings());
    connect(a, anna);
    connect(b, ben);
    media->order(ports::Bridge{.a = a, .b = b});
    ASSERT_TRUE(talk(1));
    EXPECT_NEAR(anna.report().seconds[0].frequency, 700.0, 1.0);
    EXPECT_NEAR(anna.report().seconds[0].level, -10.0, 0.5);
    EXPECT_NEAR(ben.report().seconds[0].frequency, 440.0, 1.0);
    EXPECT_NEAR(ben.report().seconds[0].level, -10.0, 0.5);
    EXPECT_EQ(ben.report().packets_lost, 0U);
    EXPECT_TRUE(reaches([&] {
        anna.hear();
        return anna.rtcp_heard > 0;
    }));

    media->order(ports::CloseLeg{a});
    media->order(ports::CloseLeg{b});
    ASSERT_TRUE(reaches([&] {
        take_reports();
        return closed.size() == 2;
    }));
    EXPECT_GT(closed[0].quality.packets_received, 50U);
    EXPECT_EQ(closed[0].quality.packets_lost, 0U);
    EXPECT_GT(closed[0].quality.mos_hundredths, 100);
}

TEST_F(WorkersTest, BridgesABrowserAndAPhoneAlsoAfterAReload) {
    start(settings());
    const ports::MediaPort port = take_port();
    media->order(ports::OpenLeg{.leg = a, .port = port});
    ports::SetRemote remote;
    remote.leg = a;
    remote.codec = G711::mu_law;
    remote.audio_payload = remote.audio_payload_in = 0;
    media->order(remote);
    connect(b, ben);
    media->order(ports::Bridge{.a = a, .b = b});
    for (const char* page : {"first", "second"}) {
        ports::SecureLeg leg;
        leg.leg = a;
        leg.local = {.fragment = page, .password = "our password of 22 char"};
        leg.remote = {.fragment = page, .password = "their password of 22 ch"};
        leg.fingerprint = certificate().fingerprint();
        media->order(leg);
        FakeBrowser carla(leg);
        carla.call(port.bound);
        const std::size_t before = ben.report().seconds.size();
        ASSERT_TRUE(reaches([&] {
            ben.speak();
            carla.speak();
            return carla.peer().report().seconds.size() > 1 &&
                   ben.report().seconds.size() > before + 1;
        }));
        EXPECT_NEAR(carla.peer().report().seconds[0].frequency, 700.0, 1.0);
        EXPECT_NEAR(carla.peer().report().seconds[0].level, -10.0, 0.5);
        EXPECT_NEAR(ben.report().seconds[before + 1].frequency, 440.0, 1.0);
        EXPECT_EQ(carla.peer().report().packets_lost, 0U);
        EXPECT_GT(carla.peer().rtcp_received(), 0U);
    }
    EXPECT_EQ(media->counts().packets_refused, 0U);
}

TEST_F(WorkersTest, PlaysWhileWaiting) {
    start(settings());
    connect(a, anna);
    media->order(ports::Play{.leg = a, .sound = ports::Sound::ring_tone});
    ASSERT_TRUE(reaches([&] {
        anna.hear();
        return anna.report().packets_received >= 50;
    }));
    EXPECT_NEAR(anna.report().seconds[0].frequency, 425.0, 1.0);
    EXPECT_EQ(anna.report().packets_lost, 0U);
}

TEST_F(WorkersTest, HoldsAndResumes) {
    start(settings());
    connect(a, anna);
    connect(b, ben);
    media->order(ports::Bridge{.a = a, .b = b});
    ASSERT_TRUE(talk(0));
    ports::SetRemote held = remote_of(b, ben);
    held.may_send = false;
    media->order(held);
    // Orders and packets come to the thread by different ways: what anna is sent after the hold
    // took effect no longer raises the number of packets sent.
    std::uint64_t sent = 0;
    EXPECT_TRUE(reaches([&] {
        const std::uint64_t before = sent;
        anna.speak();
        ben.hear();
        sent = ben.report().packets_received;
        return sent == before;
    }));
    media->order(remote_of(b, ben));
    EXPECT_TRUE(reaches([&] {
        anna.speak();
        ben.hear();
        return ben.report().packets_received > sent + 10;
    }));
}

TEST_F(WorkersTest, KeepsAnAttackerOut) {
    start(settings());
    const ports::MediaPort port = connect(a, anna);
    connect(b, ben);
    media->order(ports::Bridge{.a = a, .b = b});
    ASSERT_TRUE(talk(0));
    const std::uint64_t heard = ben.report().packets_received;
    FakePhone attacker(3000.0, G711::mu_law);
    attacker.call(port.bound);
    EXPECT_TRUE(reaches([&] {
        attacker.speak();
        return media->counts().packets_foreign >= 10;
    }));
    ben.hear();
    EXPECT_EQ(ben.report().packets_received, heard);
    EXPECT_EQ(attacker.report().packets_received, 0U);
}

TEST_F(WorkersTest, ReportsSilence) {
    start(settings());
    connect(a, anna);
    media->order(ports::WatchSilence{.leg = a, .silence = milliseconds(100)});
    anna.speak();
    ASSERT_TRUE(reaches([&] {
        take_reports();
        return !silent_legs.empty();
    }));
    EXPECT_EQ(silent_legs, std::vector<LegId>{a});
}

TEST_F(WorkersTest, LendsEvenPortsAndLetsThemRest) {
    // An address of this process alone, so that nobody else has one of the ports.
    const auto process = static_cast<std::uint32_t>(getpid());
    const IpAddress own = IpAddress::v4(127, 77, static_cast<std::uint8_t>(process >> 8U),
                                        static_cast<std::uint8_t>(process));
    WorkerSettings narrow = settings();
    narrow.addresses = {{.bound = own, .advertised = IpAddress::v4(192, 0, 2, 1)}};
    narrow.port_first = 42'011;  // 42,012 is the first even one
    narrow.port_last = 42'018;   // and 42,018 has no partner
    narrow.port_rest = milliseconds(200);
    // 42,014 belongs to another program.
    const auto taken = bind_udp({.address = own, .port = 42'015});
    ASSERT_TRUE(taken);
    start(narrow);
    const ports::MediaPort first = take_port();
    const ports::MediaPort second = take_port();
    EXPECT_EQ(first.bound.port, 42'012);
    EXPECT_EQ(second.bound.port, 42'016);
    EXPECT_EQ(first.advertised, IpAddress::v4(192, 0, 2, 1));

    media->order(ports::OpenLeg{.leg = a, .port = second});
    media->order(ports::CloseLeg{a});
    const auto closed_at = std::chrono::steady_clock::now();
    EXPECT_EQ(take_port(), second);
    EXPECT_GE(std::chrono::steady_clock::now() - closed_at, std::chrono::milliseconds(190));
    media->order(ports::ReturnPort{first});
    EXPECT_EQ(take_port(), first);
    EXPECT_EQ(media->counts().ports_bound, 2U);
}

TEST_F(WorkersTest, SharesTheRangeBetweenWorkersAndAddresses) {
    WorkerSettings two = settings();
    two.workers = 2;
    two.addresses.push_back({.bound = IpAddress::v4(127, 0, 0, 2), .advertised = kLoopback});
    two.addresses.push_back({.bound = IpAddress::v4(127, 0, 0, 3), .advertised = kLoopback});
    start(two);
    std::vector<ports::MediaPort> taken;
    for (int i = 0; i < 16; ++i) {
        taken.push_back(take_port());
    }
    const auto of = [&](std::uint32_t worker) {
        return std::count_if(taken.begin(), taken.end(),
                             [&](const ports::MediaPort& port) { return port.worker == worker; });
    };
    EXPECT_GE(of(0), 8);
    EXPECT_GE(of(1), 8);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        for (std::size_t j = i + 1; j < taken.size(); ++j) {
            EXPECT_NE(taken[i].bound, taken[j].bound);
        }
    }
}

TEST_F(WorkersTest, LendsMoreWhenCallsComeFast) {
    start(settings());
    for (std::uint64_t i = 1; i <= 100; ++i) {
        media->order(ports::OpenLeg{.leg = LegId(i), .port = take_port()});
    }
    EXPECT_TRUE(reaches([&] { return media->counts().legs == 100; }));
}

TEST_F(WorkersTest, HasRoomUntilThreeQuartersAreFull) {
    WorkerSettings small = settings();
    small.orders_max = 4;
    start(small);
    EXPECT_TRUE(media->has_room());
    media->order(ports::OpenLeg{.leg = a, .port = take_port()});
    // Faster than any thread can take them; none is dropped all the same.
    bool was_full = false;
    for (int i = 0; i < 20'000; ++i) {
        media->order(ports::Play{.leg = a});
        was_full = was_full || !media->has_room();
    }
    media->order(ports::CloseLeg{a});
    EXPECT_TRUE(was_full);
    EXPECT_TRUE(reaches([&] {
        take_reports();
        return closed.size() == 1;
    }));
    EXPECT_TRUE(media->has_room());
}

TEST_F(WorkersTest, RefusesSettingsThatCannotWork) {
    const auto error_of = [](const WorkerSettings& settings) {
        return MediaWorkers::start(settings, sounds(), [](ports::MediaReport) {}).error();
    };
    WorkerSettings bad = settings();
    bad.workers = 0;
    EXPECT_EQ(error_of(bad), MediaError::bad_worker_count);
    bad = settings();
    bad.addresses.clear();
    EXPECT_EQ(error_of(bad), MediaError::no_address);
    bad = settings();
    bad.port_last = bad.port_first;
    EXPECT_EQ(error_of(bad), MediaError::bad_port_range);
    bad = settings();
    bad.addresses.push_back({.bound = IpAddress::v4(192, 0, 2, 1), .advertised = kLoopback});
    EXPECT_EQ(error_of(bad), MediaError::address_not_ours);
}

}  // namespace
}  // namespace lanze::media
