#include "core/routing.h"

#include <algorithm>

#include "base/check.h"

namespace lanze::core {

namespace {

bool fulfils(const std::vector<SkillLevel>& skills, const std::vector<SkillLevel>& needs) {
    return std::all_of(needs.begin(), needs.end(), [&](const SkillLevel& need) {
        return std::any_of(skills.begin(), skills.end(), [&](const SkillLevel& skill) {
            return skill.skill == need.skill && skill.level >= need.level;
        });
    });
}

}  // namespace

void Routing::configure(const std::vector<std::pair<QueueId, QueueConfig>>& queues) {
    pool_index_.clear();
    pools_.clear();
    lines_.clear();
    line_order_.clear();
    for (const auto& [id, config] : queues) {
        lines_[id].needs = config.needs;
        line_order_.push_back(id);
    }
}

std::size_t Routing::pool_of(const std::vector<SkillLevel>& skills) {
    const auto [place, is_new] = pool_index_.try_emplace(skills, pools_.size());
    if (!is_new) {
        return place->second;
    }
    Pool pool{skills, {}, {}, 0};
    for (const QueueId queue : line_order_) {
        Line& line = lines_.at(queue);
        if (fulfils(skills, line.needs)) {
            line.pools.push_back(place->second);
            pool.queues.push_back(queue);
        }
    }
    pools_.push_back(std::move(pool));
    return place->second;
}

Routing::IdleKey Routing::idle_key(const Agent& agent) {
    const auto* idle = std::get_if<Idle>(&agent.activity);
    LANZE_CHECK(idle != nullptr);
    return {agent.config.is_stand_in, idle->since, agent.id};
}

void Routing::add_idle(const Agent& agent) {
    pools_[agent.pool].idle.insert(idle_key(agent));
}

void Routing::remove_idle(const Agent& agent) {
    pools_[agent.pool].idle.erase(idle_key(agent));
}

void Routing::add_waiting(const Contact& contact) {
    lines_.at(contact.queue).waiting.insert({contact.queued, contact.id});
}

void Routing::remove_waiting(const Contact& contact) {
    lines_.at(contact.queue).waiting.erase({contact.queued, contact.id});
}

std::optional<AgentId> Routing::agent_for(const Contact& contact) const {
    std::optional<IdleKey> best;
    std::optional<IdleKey> best_tried;
    for (const std::size_t pool : lines_.at(contact.queue).pools) {
        for (const IdleKey& key : pools_[pool].idle) {
            std::optional<IdleKey>& place = contact.was_tried_by(key.agent) ? best_tried : best;
            if (!place || key < *place) {
                place = key;
            }
            if (&place == &best) {
                break;
            }
        }
    }
    if (!best) {
        best = best_tried;
    }
    return best ? std::optional(best->agent) : std::nullopt;
}

std::size_t Routing::waiting_count(QueueId queue) const {
    const auto line = lines_.find(queue);
    return line == lines_.end() ? 0 : line->second.waiting.size();
}

std::size_t Routing::idle_count(QueueId queue) const {
    const auto line = lines_.find(queue);
    std::size_t count = 0;
    if (line != lines_.end()) {
        for (const std::size_t pool : line->second.pools) {
            count += pools_[pool].idle.size();
        }
    }
    return count;
}

std::size_t Routing::signed_on_count(QueueId queue) const {
    const auto line = lines_.find(queue);
    std::size_t count = 0;
    if (line != lines_.end()) {
        for (const std::size_t pool : line->second.pools) {
            count += pools_[pool].signed_on;
        }
    }
    return count;
}

bool Routing::serves(std::size_t pool, QueueId queue) const {
    const std::vector<QueueId>& queues = pools_[pool].queues;
    return std::find(queues.begin(), queues.end(), queue) != queues.end();
}

}  // namespace lanze::core
