#include "media/worker.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <random>

#include "base/variant.h"

namespace lanze::media {

namespace {

constexpr std::uint64_t kOrderTag = ~std::uint64_t{0};
constexpr std::uint64_t kTimerTag = kOrderTag - 1;
constexpr std::size_t kEventsMax = 256;
constexpr std::size_t kLendMax = 64;       // pairs in one report
constexpr std::uint64_t kCatchUpMax = 20;  // ticks made up for after the thread was kept away
constexpr int kDrainMax = 256;             // datagrams thrown away when a pair is taken into use
constexpr Duration kIdlePace = milliseconds(100);

Time now_steady() {
    return Time(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

std::uint64_t seed_of(const WorkerSettings& settings, std::uint32_t number) {
    if (settings.seed != 0) {
        return split_mix(settings.seed + number);
    }
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

std::uint64_t tag_of(std::uint32_t port, Socket socket) {
    return (std::uint64_t{port} << 1U) | static_cast<std::uint64_t>(socket);
}

bool add_to_epoll(int epoll, int descriptor, std::uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

// Reads the counter of an eventfd or timerfd.
std::uint64_t read_counter(int descriptor) {
    std::uint64_t count = 0;
    const ssize_t size = read(descriptor, &count, sizeof count);
    return size == sizeof count ? count : 0;
}

void wake(int descriptor) {
    const std::uint64_t one = 1;
    // The only way to fail is a full counter, and then the thread is awake already.
    [[maybe_unused]] const ssize_t size = write(descriptor, &one, sizeof one);
}

// What came before the pair was taken into use is of an earlier call or of nobody we know.
void drain(int socket) {
    char byte = 0;
    for (int i = 0; i < kDrainMax && recv(socket, &byte, 1, MSG_DONTWAIT) >= 0; ++i) {
    }
}

}  // namespace

Worker::Worker(std::uint32_t number, const WorkerSettings& settings, const Sounds& sounds,
               const ReportTo& report)
    : settings_(settings),
      report_(report),
      relay_(sounds, *this,
             {.rtcp_every = settings.rtcp_every,
              .seed = seed_of(settings, number),
              .certificate = settings.certificate}),
      pool_({.lent_min = settings.lent_min,
             .lent_max = settings.lent_max,
             .rest = settings.port_rest}),
      port_sockets_(settings, number) {}

Worker::~Worker() {
    is_stopping_ = true;
    if (thread_.joinable()) {
        wake(order_event_.number());
        thread_.join();
    }
}

Result<void, MediaError> Worker::start() {
    epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
    order_event_ = Descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    timer_ = Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!epoll_.is_open() || !order_event_.is_open() || !timer_.is_open() ||
        !add_to_epoll(epoll_.number(), order_event_.number(), kOrderTag) ||
        !add_to_epoll(epoll_.number(), timer_.number(), kTimerTag)) {
        return Unexpected(MediaError::no_descriptors);
    }
    thread_ = std::thread([this] { run(); });
    return {};
}

void Worker::order(const ports::MediaOrder& order) {
    bool was_empty = false;
    {
        const std::lock_guard lock(orders_mutex_);
        was_empty = orders_.empty();
        orders_.push_back(order);
        orders_waiting_.store(orders_.size(), std::memory_order_relaxed);
    }
    if (was_empty) {
        wake(order_event_.number());
    }
}

MediaCounts Worker::counts() const {
    const std::lock_guard lock(counts_mutex_);
    return counts_;
}

int Worker::socket_number(SocketRef ref) const {
    const Sockets& sockets = sockets_[ref.port];
    return ref.socket == Socket::rtp ? sockets.rtp.number() : sockets.rtcp.number();
}

// While received packets are worked on, their bytes stay in received_, and several for one socket
// leave together. Everything else is gone when the relay returns.
void Worker::send(SocketRef from, const Endpoint& to, Bytes bytes) {
    outgoing_.add(socket_number(from), to, bytes);
    if (!is_receiving_) {
        outgoing_.flush();
    }
}

void Worker::send_at_once(SocketRef from, const Endpoint& to, Bytes bytes) {
    outgoing_.add(socket_number(from), to, bytes);
    outgoing_.flush();
}

void Worker::report(ports::MediaReport report) {
    report_(std::move(report));
}

void Worker::run() {
    lend(now_steady());
    set_pace();
    std::array<epoll_event, kEventsMax> events{};
    while (!is_stopping_) {
        const int count =
            epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            on_event(events[static_cast<std::size_t>(i)].data.u64, now_steady());
        }
    }
}

void Worker::on_event(std::uint64_t tag, Time now) {
    if (tag == kTimerTag) {
        tick(now);
    } else if (tag == kOrderTag) {
        take_orders(now);
    } else {
        const auto socket = static_cast<Socket>(tag & 1U);
        receive({.port = static_cast<std::uint32_t>(tag >> 1U), .socket = socket}, now);
    }
}

void Worker::receive(SocketRef at, Time now) {
    const std::size_t count = received_.receive(socket_number(at));
    packets_received_ += count;
    is_receiving_ = true;
    for (std::size_t i = 0; i < count; ++i) {
        relay_.receive(at, received_.source(i), received_.datagram(i), now);
    }
    is_receiving_ = false;
    outgoing_.flush();
}

void Worker::take_orders(Time now) {
    read_counter(order_event_.number());
    {
        const std::lock_guard lock(orders_mutex_);
        orders_.swap(orders_taken_);
        orders_waiting_.store(0, std::memory_order_relaxed);
    }
    for (const ports::MediaOrder& order : orders_taken_) {
        carry_out(order, now);
    }
    orders_taken_.clear();
    lend(now);
    set_pace();
    publish();
}

void Worker::carry_out(const ports::MediaOrder& order, Time now) {
    match(
        order, [&](const ports::OpenLeg& open_leg) { open(open_leg, now); },
        [&](const ports::CloseLeg& close_leg) { close(close_leg, now); },
        [&](const ports::ReturnPort& back) {
            if (!pool_.release(back.port.index, now)) {
                ++orders_ignored_;
            }
        },
        [&](const auto& other) { relay_.on(other, now); });
}

void Worker::open(const ports::OpenLeg& order, Time now) {
    const std::uint32_t port = order.port.index;
    if (relay_.port_of(order.leg) || !pool_.open(port)) {
        ++orders_ignored_;
        return;
    }
    relay_.on(order, now);
    watch(port, Socket::rtp);
    watch(port, Socket::rtcp);
}

// Pairs that are not in use are not watched, so that strangers' packets to them cost nothing.
void Worker::watch(std::uint32_t port, Socket socket) {
    const int number = socket_number({.port = port, .socket = socket});
    drain(number);
    add_to_epoll(epoll_.number(), number, tag_of(port, socket));
}

void Worker::close(const ports::CloseLeg& order, Time now) {
    const std::optional<std::uint32_t> port = relay_.port_of(order.leg);
    relay_.on(order, now);
    if (!port) {
        return;
    }
    for (const Socket socket : {Socket::rtp, Socket::rtcp}) {
        const int number = socket_number({.port = *port, .socket = socket});
        epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, number, nullptr);
    }
    pool_.release(*port, now);
}

void Worker::tick(Time now) {
    const std::uint64_t ticks = std::min(read_counter(timer_.number()), kCatchUpMax);
    if (is_paced_) {
        for (std::uint64_t i = 0; i < ticks; ++i) {
            relay_.play_slice(slice_++ % Relay::kSlices, now);
        }
    }
    relay_.advance(now);
    pool_.advance(now);
    lend(now);
    set_pace();
    publish();
}

// A little at a time: binding takes time that packets wait for.
void Worker::lend(Time now) {
    const std::size_t wanted = std::min(pool_.wanted(now), kLendMax);
    if (wanted > pool_.free_count()) {
        bind_more(wanted - pool_.free_count());
    }
    std::vector<ports::MediaPort> lent = pool_.lend(wanted);
    if (!lent.empty()) {
        report_(ports::PortsLent{std::move(lent)});
    }
}

void Worker::bind_more(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::optional<SocketPair> pair = port_sockets_.bind_next();
        if (!pair) {
            return;
        }
        pool_.add(pair->port);
        sockets_.push_back({.rtp = std::move(pair->rtp), .rtcp = std::move(pair->rtcp)});
    }
}

// Without legs the thread looks up only now and then.
void Worker::set_pace() {
    const bool is_busy = relay_.leg_count() > 0 || pool_.wanted(now_steady()) > 0;
    itimerspec current{};
    timerfd_gettime(timer_.number(), &current);
    const bool is_armed = current.it_interval.tv_nsec != 0 || current.it_interval.tv_sec != 0;
    if (is_armed && is_busy == is_paced_) {
        return;
    }
    is_paced_ = is_busy;
    const Duration every = is_busy ? settings_.frame_time / Relay::kSlices : kIdlePace;
    const auto whole = std::chrono::duration_cast<seconds>(every);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(every - whole);
    itimerspec pace{};
    pace.it_interval = {.tv_sec = whole.count(), .tv_nsec = rest.count()};
    pace.it_value = pace.it_interval;
    timerfd_settime(timer_.number(), 0, &pace, nullptr);
}

void Worker::publish() {
    const RelayCounts& relay = relay_.counts();
    const std::lock_guard lock(counts_mutex_);
    counts_ = {.packets_received = packets_received_,
               .packets_sent = outgoing_.sent(),
               .packets_foreign = relay.foreign,
               .packets_malformed = relay.malformed,
               .packets_converted = relay.converted,
               .packets_refused = relay.refused,
               .packets_unsent = outgoing_.unsent(),
               .orders_ignored = relay.orders_ignored + orders_ignored_,
               .ports_bound = pool_.size(),
               .ports_lent = pool_.lent_count(),
               .ports_resting = pool_.resting_count(),
               .legs = relay_.leg_count()};
}

}  // namespace lanze::media
