#include "media/port_pool.h"

#include <algorithm>

#include "base/check.h"

namespace lanze::media {

PortPool::PortPool(const Settings& settings)
    : settings_(settings), target_(std::max<std::size_t>(settings.lent_min, 1)) {}

std::uint32_t PortPool::add(ports::MediaPort port) {
    const auto index = static_cast<std::uint32_t>(pairs_.size());
    port.index = index;
    pairs_.push_back({.port = port, .state = State::unused});
    free_.push_back(index);
    return index;
}

std::size_t PortPool::wanted(Time now) {
    if (!is_filling_ && lent_ <= target_ / 2) {
        is_filling_ = true;
        if (filled_ && now - *filled_ < seconds(1)) {
            target_ = std::max(target_, std::min(2 * target_, settings_.lent_max));
        }
    }
    if (is_filling_ && lent_ >= target_) {
        is_filling_ = false;
        filled_ = now;
    }
    return is_filling_ ? target_ - lent_ : 0;
}

std::vector<ports::MediaPort> PortPool::lend(std::size_t count) {
    std::vector<ports::MediaPort> lent;
    lent.reserve(std::min(count, free_.size()));
    while (lent.size() < count && !free_.empty()) {
        Pair& pair = pairs_[free_.front()];
        free_.pop_front();
        pair.state = State::lent;
        lent.push_back(pair.port);
    }
    lent_ += lent.size();
    return lent;
}

bool PortPool::open(std::uint32_t index) {
    if (index >= pairs_.size() || pairs_[index].state != State::lent) {
        return false;
    }
    pairs_[index].state = State::open;
    --lent_;
    return true;
}

bool PortPool::release(std::uint32_t index, Time now) {
    if (index >= pairs_.size()) {
        return false;
    }
    Pair& pair = pairs_[index];
    if (pair.state != State::open && pair.state != State::lent) {
        return false;
    }
    lent_ -= pair.state == State::lent ? 1 : 0;
    pair.state = State::resting;
    resting_.push_back({.until = now + settings_.rest, .index = index});
    return true;
}

void PortPool::advance(Time now) {
    while (!resting_.empty() && resting_.front().until <= now) {
        const std::uint32_t index = resting_.front().index;
        resting_.pop_front();
        LANZE_CHECK(pairs_[index].state == State::resting);
        pairs_[index].state = State::unused;
        free_.push_back(index);
    }
}

std::optional<Time> PortPool::next_deadline() const {
    return resting_.empty() ? std::nullopt : std::optional(resting_.front().until);
}

}  // namespace lanze::media
