// WorkerSettings: addresses, ports and limits of the media workers, and why they may not start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/endpoint.h"
#include "base/time.h"
#include "media/certificate.h"

namespace lanze::media {

// A local address the workers bind to and what SDP says instead (the same, or the router's).
struct MediaAddress {
    IpAddress bound;
    IpAddress advertised;
};

struct WorkerSettings {
    std::uint32_t workers = 1;            // threads, 1..64
    std::vector<MediaAddress> addresses;  // pairs are taken from them in turn
    std::uint16_t port_first = 20'000;    // RTP on even ports, RTCP on the next
    std::uint16_t port_last = 39'999;
    std::size_t lent_min = 64;         // pairs lying free at the edge per worker: at first ...
    std::size_t lent_max = 1024;       // ... and when calls come fast
    std::size_t orders_max = 16'384;   // waiting per worker; has_room() is false above 75 %
    Duration port_rest = seconds(10);  // until a freed pair is lent again
    Duration frame_time = milliseconds(20);  // between two frames played; tests shorten it
    Duration rtcp_every = seconds(5);
    // For browsers' legs; without it they are refused. Its fingerprint stands in our descriptions.
    std::optional<Certificate> certificate{};
    std::uint64_t seed = 0;  // of SSRCs and initial numbers; 0: from the system's generator
};

enum class MediaError : std::uint8_t {
    bad_worker_count,
    no_address,
    bad_port_range,
    address_not_ours,  // an address of the list cannot be bound on this machine
    no_descriptors,    // the limit of open files, or memory
};

// A sentence for the operator.
std::string_view describe(MediaError error);

}  // namespace lanze::media
