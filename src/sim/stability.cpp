#include "sim/stability.h"

#include <algorithm>
#include <cmath>

#include "core/skills.h"

namespace lanze::sim {

namespace {

constexpr std::uint32_t kRoomForAll = 100'000;  // the default, and more than any centre has

// A contact of this stream may sooner or later go to such agents.
bool may_go(const Scenario& scenario, const Stream& stream, const Pool& pool) {
    const core::QueueConfig& queue = scenario.config.queues[stream.queue];
    if (core::fulfils(pool.agent.skills, core::united(queue.needs, stream.needs)) ||
        !queue.overflows.empty()) {
        return true;
    }
    return std::any_of(queue.widening.begin(), queue.widening.end(), [&](const auto& step) {
        return core::fulfils(pool.agent.skills,
                             step.drops_own ? step.needs : core::united(step.needs, stream.needs));
    });
}

bool piles_up(const Scenario& scenario, const Stream& stream) {
    return !stream.patience && !stream.is_endless && !stream.rates.empty() &&
           core::medium_of(stream.channel) == core::Medium::call &&
           scenario.config.queues[stream.queue].waiting_max >= kRoomForAll;
}

// The work of streams spread over pools: as much as fits, by paths that find more room (Ford and
// Fulkerson 1956).
class Flow {
public:
    Flow(const Scenario& scenario, const std::vector<std::size_t>& streams)
        : scenario_(&scenario), streams_(streams) {
        given_.resize(streams.size(), std::vector<double>(scenario.pools.size()));
        for (const std::size_t stream : streams) {
            const Stream& one = scenario.streams[stream];
            left_.push_back(one.rates.front().per_second * (one.talk.mean() + one.wrap_up.mean()) *
                            kMoreThanThere);
        }
        for (const Pool& pool : scenario.pools) {
            room_.push_back(pool.count / pool.handle_factor);
        }
    }

    // Places all that fits; then the streams from which nothing more leads to any room.
    std::vector<std::size_t> stuck() {
        for (std::size_t i = 0; i < streams_.size(); ++i) {
            while (left_[i] > kLittle && push(i)) {
            }
            if (left_[i] > kLittle) {
                reach(i);
                return reached_streams();
            }
        }
        return {};
    }
    bool is_reached(std::size_t pool) const { return from_stream_[pool] != kNone; }

private:
    static constexpr double kLittle = 1e-12;
    // As much work as there are agents is too much already: the queue grows for ever, if slowly.
    static constexpr double kMoreThanThere = 1 + 1e-9;
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    static constexpr std::size_t kStart = static_cast<std::size_t>(-2);

    std::vector<std::size_t> reached_streams() const {
        std::vector<std::size_t> result;
        for (std::size_t i = 0; i < streams_.size(); ++i) {
            if (from_pool_[i] != kNone) {
                result.push_back(i);
            }
        }
        return result;
    }

    // Which streams and pools lie on paths from this stream.
    void reach(std::size_t stream) {
        from_stream_.assign(room_.size(), kNone);
        from_pool_.assign(streams_.size(), kNone);
        from_pool_[stream] = kStart;
        std::vector<std::size_t> todo = {stream};
        for (std::size_t at = 0; at < todo.size(); ++at) {
            const Stream& here = scenario_->streams[streams_[todo[at]]];
            for (std::size_t pool = 0; pool < room_.size(); ++pool) {
                if (from_stream_[pool] == kNone &&
                    may_go(*scenario_, here, scenario_->pools[pool])) {
                    from_stream_[pool] = todo[at];
                    reach_back(pool, todo);
                }
            }
        }
    }
    // Who has work in this pool could do it elsewhere.
    void reach_back(std::size_t pool, std::vector<std::size_t>& todo) {
        for (std::size_t other = 0; other < streams_.size(); ++other) {
            if (from_pool_[other] == kNone && given_[other][pool] > kLittle) {
                from_pool_[other] = pool;
                todo.push_back(other);
            }
        }
    }

    bool push(std::size_t stream) {
        reach(stream);
        for (std::size_t pool = 0; pool < room_.size(); ++pool) {
            if (from_stream_[pool] != kNone && room_[pool] > kLittle) {
                push_along(pool, std::min(room_[pool], left_[stream]));
                return true;
            }
        }
        return false;
    }

    void push_along(std::size_t pool, double amount) {
        const auto for_each_step = [&](auto&& step) {
            std::size_t at = pool;
            while (true) {
                const std::size_t stream = from_stream_[at];
                const std::size_t before = from_pool_[stream];
                step(stream, at, before);
                if (before == kStart) {
                    return stream;
                }
                at = before;
            }
        };
        for_each_step([&](std::size_t stream, std::size_t, std::size_t before) {
            amount = before == kStart ? amount : std::min(amount, given_[stream][before]);
        });
        const std::size_t first =
            for_each_step([&](std::size_t stream, std::size_t to, std::size_t before) {
                given_[stream][to] += amount;
                if (before != kStart) {
                    given_[stream][before] -= amount;
                }
            });
        room_[pool] -= amount;
        left_[first] -= amount;
    }

    const Scenario* scenario_;
    std::vector<std::size_t> streams_;
    std::vector<std::vector<double>> given_;  // by stream and pool
    std::vector<double> left_;
    std::vector<double> room_;
    std::vector<std::size_t> from_stream_;  // by pool: from which it was reached
    std::vector<std::size_t> from_pool_;    // by stream: likewise
};

}  // namespace

std::vector<Overload> overloads_of(const Scenario& scenario) {
    std::vector<std::size_t> streams;
    for (std::size_t i = 0; i < scenario.streams.size(); ++i) {
        if (piles_up(scenario, scenario.streams[i])) {
            streams.push_back(i);
        }
    }
    Flow flow(scenario, streams);
    const std::vector<std::size_t> stuck = flow.stuck();
    if (stuck.empty()) {
        return {};
    }
    Overload overload;
    for (const std::size_t index : stuck) {
        const Stream& stream = scenario.streams[streams[index]];
        overload.streams.push_back(streams[index]);
        overload.work +=
            stream.rates.front().per_second * (stream.talk.mean() + stream.wrap_up.mean());
    }
    for (std::size_t pool = 0; pool < scenario.pools.size(); ++pool) {
        if (flow.is_reached(pool)) {
            overload.agents += scenario.pools[pool].count / scenario.pools[pool].handle_factor;
        }
    }
    return {overload};
}

std::string written(double number) {
    const auto thousandths = static_cast<long long>(std::llround(number * 1'000));
    std::string text = std::to_string(thousandths / 1'000);
    if (thousandths % 1'000 != 0) {
        text += "." + std::to_string(1'000 + thousandths % 1'000).substr(1);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

}  // namespace lanze::sim
