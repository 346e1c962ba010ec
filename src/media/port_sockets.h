// PortSockets: binds pairs of UDP sockets (RTP on an even port, RTCP on the next) one after
// another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"
#include "media/worker_settings.h"
#include "ports/media.h"

namespace lanze::media {

// An open file descriptor; closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    int release();

private:
    int number_ = -1;
};

struct SocketPair {
    ports::MediaPort port;
    Descriptor rtp;
    Descriptor rtcp;
};

// A non-blocking UDP socket, or the errno that stood in its way. Port 0: any free one.
Result<Descriptor, int> bind_udp(const Endpoint& endpoint);

// Walks through the pairs that belong to one worker: the range's pairs are numbered, address after
// address in turn, and worker w of n owns those with number ≡ w (mod n).
class PortSockets {
public:
    PortSockets(const WorkerSettings& settings, std::uint32_t worker);

    // The next pair that is not taken by another program; nothing when the range is used up, or for
    // now, when descriptors or memory ran out: see is_used_up().
    std::optional<SocketPair> bind_next();
    bool is_used_up() const { return next_ >= count_; }

private:
    Endpoint rtp_endpoint(std::size_t number) const;

    std::vector<MediaAddress> addresses_;
    std::uint16_t first_;
    std::uint32_t worker_;
    std::size_t step_;
    std::size_t next_;
    std::size_t count_;
};

}  // namespace lanze::media
