#include "media/port_sockets.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "media/socket_address.h"

namespace lanze::media {

namespace {

// Room for about a second of G.711: more would only make late what is late already.
constexpr int kReceiveBuffer = 32 * 1024;

bool is_shortage(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        close(number_);
    }
}

int Descriptor::release() {
    return std::exchange(number_, -1);
}

Result<Descriptor, int> bind_udp(const Endpoint& endpoint) {
    const SocketAddress address(endpoint);
    Descriptor socket(::socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) {
        return Unexpected(errno);
    }
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    if (bind(socket.number(), address.data(), address.size()) != 0) {
        return Unexpected(errno);
    }
    return socket;
}

PortSockets::PortSockets(const WorkerSettings& settings, std::uint32_t worker)
    : addresses_(settings.addresses),
      first_(static_cast<std::uint16_t>((settings.port_first + 1U) & ~1U)),
      worker_(worker),
      step_(settings.workers),
      next_(worker) {
    const std::size_t per_address =
        settings.port_last > first_ ? (settings.port_last - first_ + 1U) / 2 : 0;
    count_ = per_address * addresses_.size();
}

Endpoint PortSockets::rtp_endpoint(std::size_t number) const {
    const std::size_t pair = number / addresses_.size();
    return {.address = addresses_[number % addresses_.size()].bound,
            .port = static_cast<std::uint16_t>(first_ + 2 * pair)};
}

std::optional<SocketPair> PortSockets::bind_next() {
    while (!is_used_up()) {
        const Endpoint rtp = rtp_endpoint(next_);
        const Endpoint rtcp{.address = rtp.address,
                            .port = static_cast<std::uint16_t>(rtp.port + 1)};
        Result<Descriptor, int> first = bind_udp(rtp);
        Result<Descriptor, int> second = first ? bind_udp(rtcp) : Unexpected(first.error());
        if (!second && is_shortage(second.error())) {
            return std::nullopt;
        }
        const MediaAddress& address = addresses_[next_ % addresses_.size()];
        next_ += step_;
        if (second) {
            return SocketPair{.port = {.worker = worker_,
                                       .index = 0,
                                       .bound = rtp,
                                       .advertised = address.advertised},
                              .rtp = std::move(first).value(),
                              .rtcp = std::move(second).value()};
        }
    }
    return std::nullopt;
}

}  // namespace lanze::media
