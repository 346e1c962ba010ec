#include "media/workers.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "base/variant.h"
#include "media/port_sockets.h"
#include "media/worker.h"

namespace lanze::media {

namespace {

constexpr std::uint32_t kWorkersMax = 64;

Result<void, MediaError> check(const WorkerSettings& settings) {
    if (settings.workers < 1 || settings.workers > kWorkersMax) {
        return Unexpected(MediaError::bad_worker_count);
    }
    if (settings.addresses.empty()) {
        return Unexpected(MediaError::no_address);
    }
    const std::uint32_t first_even = (settings.port_first + 1U) & ~1U;
    if (first_even == 0 || first_even + 1U > settings.port_last) {
        return Unexpected(MediaError::bad_port_range);
    }
    for (const MediaAddress& address : settings.addresses) {
        const Result<Descriptor, int> trial = bind_udp({.address = address.bound, .port = 0});
        if (!trial && trial.error() == EMFILE) {
            return Unexpected(MediaError::no_descriptors);
        }
        if (!trial) {
            return Unexpected(MediaError::address_not_ours);
        }
    }
    return {};
}

}  // namespace

std::string_view describe(MediaError error) {
    switch (error) {
        case MediaError::bad_worker_count:
            return "the number of media workers must be between 1 and 64";
        case MediaError::no_address:
            return "media need at least one local IP address";
        case MediaError::bad_port_range:
            return "the media ports must hold at least one even port and the next one";
        case MediaError::address_not_ours:
            return "a media address does not belong to this machine";
        case MediaError::no_descriptors:
            return "too few file descriptors for media; raise the limit of open files (ulimit -n)";
    }
    return "unknown";
}

Result<std::unique_ptr<MediaWorkers>, MediaError> MediaWorkers::start(WorkerSettings settings,
                                                                      Sounds sounds,
                                                                      ReportTo report) {
    if (const auto checked = check(settings); !checked) {
        return Unexpected(checked.error());
    }
    std::unique_ptr<MediaWorkers> media(
        new MediaWorkers(std::move(settings), std::move(sounds), std::move(report)));
    for (const std::unique_ptr<Worker>& worker : media->workers_) {
        if (const auto started = worker->start(); !started) {
            return Unexpected(started.error());
        }
    }
    return media;
}

MediaWorkers::MediaWorkers(WorkerSettings settings, Sounds sounds, ReportTo report)
    : settings_(std::move(settings)), sounds_(std::move(sounds)), report_(std::move(report)) {
    for (std::uint32_t number = 0; number < settings_.workers; ++number) {
        workers_.push_back(std::make_unique<Worker>(number, settings_, sounds_, report_));
    }
}

MediaWorkers::~MediaWorkers() = default;

// The worker that is to carry the order out; null for a leg that is not known (any longer).
Worker* MediaWorkers::worker_of(const ports::MediaOrder& order) {
    const auto of_leg = [this](ports::LegId leg) -> Worker* {
        const auto found = worker_of_leg_.find(leg);
        return found == worker_of_leg_.end() ? nullptr : workers_[found->second].get();
    };
    const auto of_port = [this](const ports::MediaPort& port) {
        LANZE_CHECK(port.worker < workers_.size());
        return workers_[port.worker].get();
    };
    const auto of_both = [&](ports::LegId a, ports::LegId b) {
        Worker* worker = of_leg(a);
        Worker* other = of_leg(b);
        // Packets never cross threads: the edge takes both legs' pairs from one worker.
        LANZE_CHECK(worker == nullptr || other == nullptr || worker == other);
        return worker;
    };
    const auto of_all = [&](const std::vector<ports::LegId>& legs) {
        Worker* worker = legs.empty() ? nullptr : of_leg(legs.front());
        for (const ports::LegId leg : legs) {
            worker = of_both(leg, legs.front()) == nullptr ? worker : of_both(leg, legs.front());
        }
        return worker;
    };
    return match(
        order, [&](const ports::OpenLeg& open) { return of_port(open.port); },
        [&](const ports::ReturnPort& back) { return of_port(back.port); },
        [&](const ports::Bridge& bridge) { return of_both(bridge.a, bridge.b); },
        [&](const ports::Unbridge& unbridge) { return of_both(unbridge.a, unbridge.b); },
        [&](const ports::Confer& confer) { return of_all(confer.legs); },
        [&](const auto& other) { return of_leg(other.leg); });
}

void MediaWorkers::order(const ports::MediaOrder& order) {
    Worker* worker = worker_of(order);
    if (worker == nullptr) {
        ++orders_unknown_;
        return;
    }
    if (const auto* open = std::get_if<ports::OpenLeg>(&order)) {
        worker_of_leg_.try_emplace(open->leg, open->port.worker);
    } else if (const auto* close = std::get_if<ports::CloseLeg>(&order)) {
        worker_of_leg_.erase(close->leg);
    }
    worker->order(order);
}

bool MediaWorkers::has_room() const {
    for (const std::unique_ptr<Worker>& worker : workers_) {
        if (worker->orders_waiting() > settings_.orders_max / 4 * 3) {
            return false;
        }
    }
    return true;
}

MediaCounts MediaWorkers::counts() const {
    MediaCounts sum;
    sum.orders_ignored = orders_unknown_.load();
    for (const std::unique_ptr<Worker>& worker : workers_) {
        const MediaCounts counts = worker->counts();
        sum.packets_received += counts.packets_received;
        sum.packets_sent += counts.packets_sent;
        sum.packets_foreign += counts.packets_foreign;
        sum.packets_malformed += counts.packets_malformed;
        sum.packets_converted += counts.packets_converted;
        sum.packets_refused += counts.packets_refused;
        sum.packets_unsent += counts.packets_unsent;
        sum.orders_ignored += counts.orders_ignored;
        sum.ports_bound += counts.ports_bound;
        sum.ports_lent += counts.ports_lent;
        sum.ports_resting += counts.ports_resting;
        sum.legs += counts.legs;
    }
    return sum;
}

}  // namespace lanze::media
