// PortPool: the bound pairs of ports that the media workers have lent and no leg uses yet.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "ports/media.h"

namespace lanze::edge {

class PortPool {
public:
    void add(const ports::MediaPort& port) {
        workers_[port.worker].push_back(port);
        ++size_;
    }

    // A pair of the worker with most pairs left, so that load spreads.
    std::optional<ports::MediaPort> take() {
        const auto most = std::max_element(
            workers_.begin(), workers_.end(),
            [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
        return most == workers_.end() ? std::nullopt : take_from(most->first);
    }

    // A pair of this worker: legs that are bridged share one.
    std::optional<ports::MediaPort> take_from(std::uint32_t worker) {
        const auto place = workers_.find(worker);
        if (place == workers_.end() || place->second.empty()) {
            return std::nullopt;
        }
        const ports::MediaPort port = place->second.front();
        place->second.pop_front();
        --size_;
        return port;
    }

    std::size_t size() const { return size_; }

private:
    std::map<std::uint32_t, std::deque<ports::MediaPort>> workers_;
    std::size_t size_ = 0;
};

}  // namespace lanze::edge
