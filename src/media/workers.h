// MediaWorkers: the media seam made of real sockets: N threads that own ports, relay and play.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"
#include "base/time.h"
#include "media/prompt.h"
#include "media/worker_settings.h"
#include "ports/media.h"

namespace lanze::media {

// Sums over all workers since the start; `ports_*` and `legs` are the state now.
struct MediaCounts {
    std::uint64_t packets_received = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t packets_foreign = 0;    // from a source the leg does not follow
    std::uint64_t packets_malformed = 0;  // neither RTP nor RTCP of the kind agreed on
    std::uint64_t packets_converted = 0;  // of 20 ms, made of Opus for phones and conferences
    std::uint64_t packets_refused = 0;    // of a browser's leg: see RelayCounts
    std::uint64_t packets_unsent = 0;     // refused by the kernel
    std::uint64_t orders_ignored = 0;     // for a leg or port that is not (or no longer) known
    std::uint64_t ports_bound = 0;
    std::uint64_t ports_lent = 0;  // lying at the edge
    std::uint64_t ports_resting = 0;
    std::uint64_t legs = 0;
};

class Worker;

// order() is called from one thread (the signal thread), has_room() and counts() from any. Reports
// come on the workers' threads: `report` only hands them over and does not call back.
class MediaWorkers final : public ports::Media {
public:
    using ReportTo = std::function<void(ports::MediaReport)>;

    // Checks that every address can be bound, then starts the threads; the first PortsLent may come
    // before this returns.
    static Result<std::unique_ptr<MediaWorkers>, MediaError> start(WorkerSettings settings,
                                                                   Sounds sounds, ReportTo report);
    MediaWorkers(const MediaWorkers&) = delete;
    MediaWorkers& operator=(const MediaWorkers&) = delete;
    // Ends the threads and closes all sockets; legs still open are not reported.
    ~MediaWorkers() override;

    void order(const ports::MediaOrder& order) override;
    bool has_room() const override;
    MediaCounts counts() const;

private:
    MediaWorkers(WorkerSettings settings, Sounds sounds, ReportTo report);
    Worker* worker_of(const ports::MediaOrder& order);

    const WorkerSettings settings_;
    const Sounds sounds_;
    const ReportTo report_;
    std::unordered_map<ports::LegId, std::uint32_t> worker_of_leg_;
    std::atomic<std::uint64_t> orders_unknown_ = 0;
    std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace lanze::media
