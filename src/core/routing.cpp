// Keeping the pools and lines; the choice among them stands in routing_choice.cpp.
#include "core/routing.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace lanze::core {

namespace {

std::uint8_t level_of(const Skills& skills, const SkillLevel& need) {
    for (const SkillLevel& each : skills) {
        if (each.skill == need.skill) {
            return each.level;
        }
    }
    return 0;
}

// Where pools stand among those who fulfil the same needs; lower goes first. Rules that look at the
// single agent leave all pools level.
std::vector<std::uint8_t> rank(AgentRule rule, const Skills& skills, const Skills& needs) {
    std::vector<std::uint8_t> result;
    if (rule != AgentRule::best_level && rule != AgentRule::lowest_level) {
        return result;
    }
    for (const SkillLevel& need : needs) {
        const std::uint8_t level = level_of(skills, need);
        result.push_back(
            rule == AgentRule::best_level ? static_cast<std::uint8_t>(kLevelMax - level) : level);
    }
    if (rule == AgentRule::lowest_level) {
        result.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(skills.size(), 255)));
    }
    return result;
}

}  // namespace

void Routing::configure(const std::vector<std::pair<QueueId, QueueConfig>>& queues,
                        ContactRule rule) {
    *this = Routing{};
    rule_ = rule;
    for (const auto& [id, config] : queues) {
        queues_touched_.set(queues_.size());
        queue_index_[id] = static_cast<std::uint32_t>(queues_.size());
        QueueState& queue = queues_.emplace_back();
        queue.id = id;
        queue.config = config;
        for (const Reserve& reserve : config.reserves) {
            queue.reserve_kept.push_back(kept_of(reserve.pool));
            kept_[queue.reserve_kept.back()].limits.push_back(reserve.keep);
        }
        orders_.by_place = orders_.by_place || config.agent_rule == AgentRule::fixed_order ||
                           config.agent_rule == AgentRule::round_robin;
        orders_.by_load = orders_.by_load || config.agent_rule == AgentRule::least_occupied;
    }
}

std::uint32_t Routing::kept_of(const Skills& skills) {
    for (std::uint32_t i = 0; i < kept_.size(); ++i) {
        if (kept_[i].skills == skills) {
            return i;
        }
    }
    kept_.push_back({skills, 0, {}});
    return static_cast<std::uint32_t>(kept_.size() - 1);
}

std::size_t Routing::pool_of(const AgentConfig& config) {
    const auto [place, is_new] = pool_index_.try_emplace(
        {config.skills, config.is_stand_in, config.capacity}, pools_.size());
    if (!is_new) {
        return place->second;
    }
    LANZE_CHECK(lines_.empty());
    Pool pool;
    pool.skills = config.skills;
    pool.is_stand_in = config.is_stand_in;
    pool.capacity = config.capacity;
    pool.base = place->second;
    pool.rooms = counts_with_room(config.capacity);
    pool.idle.keep(orders_);
    for (QueueState& queue : queues_) {
        if (fulfils(config.skills, queue.config.needs)) {
            queue.pools.push_back(place->second);
            pool.queues.push_back(queue.id);
        }
    }
    for (std::uint32_t each = 0; each < kept_.size(); ++each) {
        if (fulfils(config.skills, kept_[each].skills)) {
            pool.kept.push_back(each);
        }
    }
    pools_.push_back(pool);
    const std::vector<WrittenCount> rooms = std::exchange(pool.rooms, {});
    for (std::size_t i = 1; i < rooms.size(); ++i) {
        pool.has = rooms[i];
        pools_.push_back(pool);
    }
    return place->second;
}

std::size_t Routing::place_of(const Agent& agent) const {
    if (agent.written.empty()) {
        return agent.pool;
    }
    const auto& rooms = pools_[agent.pool].rooms;
    const auto room = std::lower_bound(rooms.begin(), rooms.end(), agent.written_count());
    LANZE_CHECK(room != rooms.end() && *room == agent.written_count());
    return agent.pool + static_cast<std::size_t>(room - rooms.begin());
}

void Routing::touch_waiting(std::uint32_t queue_index) {
    if (count(Availability::over_ceiling) > 0) {
        queues_touched_.set(queue_index);
    }
}

void Routing::touch_withheld(const Pool& pool, Availability kind) {
    for (std::size_t i = 0; kind == Availability::over_ceiling && i < pool.queues.size(); ++i) {
        queues_touched_.set(queue_index_.at(pool.queues[i]));
    }
}

std::vector<QueueId> Routing::take_touched() {
    std::vector<QueueId> result;
    queues_touched_.for_each([&](std::size_t index) { result.push_back(queues_[index].id); });
    queues_touched_ = BitSet{};
    return result;
}

void Routing::add(const Agent& agent) {
    Pool& pool = pools_[agent.pool];
    const auto kind = availability(agent);
    touch_withheld(pool, kind);
    ++pool.counts[static_cast<std::size_t>(kind)];
    ++counts_[static_cast<std::size_t>(kind)];
    if (agent.is_presentable()) {
        const std::size_t place = place_of(agent);
        pools_[place].idle.add(agent);
        pools_idle_.set(place);
    }
    if (kind == Availability::idle) {
        for (const std::uint32_t each : pool.kept) {
            ++kept_[each].idle;
        }
    }
}

void Routing::remove(const Agent& agent) {
    Pool& pool = pools_[agent.pool];
    const auto kind = availability(agent);
    touch_withheld(pool, kind);
    --pool.counts[static_cast<std::size_t>(kind)];
    --counts_[static_cast<std::size_t>(kind)];
    if (agent.is_presentable()) {
        const std::size_t place = place_of(agent);
        pools_[place].idle.remove(agent);
        if (pools_[place].idle.empty()) {
            pools_idle_.clear(place);
        }
    }
    if (kind == Availability::idle) {
        for (const std::uint32_t each : pool.kept) {
            --kept_[each].idle;
        }
    }
}

void Routing::add_waiting(Contact& contact) {
    contact.place.line = line_for(contact);
    Line& line = lines_[contact.place.line];
    line.waiting.insert({contact.queued, contact.id, !contact.tried.empty()});
    if (line.waiting.begin()->contact == contact.id) {
        update_head(contact.place.line);
    }
    change_waiting(line, 1);
    if (line.waiting.size() > 1) {
        return;
    }
    if (line.key.preferred.is_set()) {
        personal_lines_[line.key.preferred].insert(contact.place.line);
    } else if (!rests(line)) {
        lines_waiting_.set(contact.place.line);
    }
}

void Routing::set_open(QueueId queue, bool is_open) {
    QueueState& state = queues_[queue_index_.at(queue)];
    if (state.is_open == is_open) {
        return;
    }
    state.is_open = is_open;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const Line& line = lines_[i];
        const bool is_concerned = line.key.queue == queue && is_called(line.key.channel) &&
                                  !line.waiting.empty() && !line.key.preferred.is_set();
        if (is_concerned && is_open) {
            lines_waiting_.set(i);
        } else if (is_concerned) {
            lines_waiting_.clear(i);
        }
    }
}

void Routing::remove_waiting(const Contact& contact) {
    Line& line = lines_[contact.place.line];
    line.waiting.erase({contact.queued, contact.id, false});
    change_waiting(line, -1);
    if (!line.waiting.empty()) {
        if (heads_[contact.place.line].key.contact == contact.id) {
            update_head(contact.place.line);
        }
        return;
    }
    if (!line.key.preferred.is_set()) {
        lines_waiting_.clear(contact.place.line);
        return;
    }
    const auto personal = personal_lines_.find(line.key.preferred);
    personal->second.erase(contact.place.line);
    if (personal->second.empty()) {
        personal_lines_.erase(personal);
    }
}

void Routing::change_waiting(const Line& line, int by) {
    QueueState& queue = queues_[line.queue_index];
    queue.waiting += static_cast<std::size_t>(by);
    queue.off_the_line +=
        is_on_the_line(line.key.channel) ? std::size_t{0} : static_cast<std::size_t>(by);
    touch_waiting(line.queue_index);
}

void Routing::update_head(std::uint32_t index) {
    const Line& line = lines_[index];
    heads_.resize(lines_.size());
    const bool has_reserves = !line.key.preferred.is_set() && !line.key.is_overdue &&
                              !queues_[line.queue_index].reserve_kept.empty();
    heads_[index] = {*line.waiting.begin(), line.key.queue,      line.queue_index,
                     line.key.priority,     line.key.is_overdue, has_reserves};
}

std::uint32_t Routing::line_for(const Contact& contact) {
    const LineKey key{contact.queue,
                      contact.step,
                      contact.is_overdue ? kPriorityNormal : contact.priority,
                      contact.is_overdue,
                      contact.channel,
                      contact.preferred,
                      contact.needs};
    const auto known = line_index_.find(key);
    if (known != line_index_.end()) {
        return known->second;
    }
    const std::uint32_t index = new_line_place();
    lines_[index].key = key;
    lines_[index].queue_index = queue_index_.at(contact.queue);
    line_index_.emplace(key, index);
    connect(index);
    return index;
}

// Kinds of need come and go; lines nobody waits in are kept, for the next of the kind, until there
// are many.
std::uint32_t Routing::new_line_place() {
    if (lines_free_.empty() && lines_.size() >= lines_kept_) {
        give_up_empty_lines();
        lines_kept_ = std::max(kLinesMax, 2 * (lines_.size() - lines_free_.size()));
    }
    if (lines_free_.empty()) {
        lines_.emplace_back();
        return static_cast<std::uint32_t>(lines_.size() - 1);
    }
    const std::uint32_t index = lines_free_.back();
    lines_free_.pop_back();
    return index;
}

void Routing::give_up_empty_lines() {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
        if (!lines_[i].waiting.empty()) {
            continue;
        }
        line_index_.erase(lines_[i].key);
        for (const Access& access : lines_[i].pools) {
            pools_[access.pool].lines.clear(i);
        }
        lines_[i] = Line{};
        lines_free_.push_back(i);
    }
}

std::vector<Skills> Routing::needs_by_step(const Line& line) const {
    const QueueConfig& config = queues_[line.queue_index].config;
    std::vector<Skills> result{united(config.needs, line.key.needs)};
    for (std::size_t i = 0; i < line.key.step && i < config.widening.size(); ++i) {
        const WideningStep& step = config.widening[i];
        result.push_back(step.drops_own ? step.needs : united(step.needs, line.key.needs));
    }
    return result;
}

// Finds the pools that may serve the line, in the order in which they are tried.
void Routing::connect(std::uint32_t index) {
    Line& line = lines_[index];
    if (line.key.preferred.is_set()) {
        return;  // one agent alone, whatever his skills
    }
    const QueueState& queue = queues_[line.queue_index];
    const std::vector<Skills> needs = needs_by_step(line);
    using Order = std::tuple<bool, std::size_t, int, std::vector<std::uint8_t>>;
    std::vector<std::pair<Order, Access>> found;
    for (std::uint32_t i = 0; i < pools_.size(); ++i) {
        const Pool& pool = pools_[i];
        const auto step = std::find_if(needs.begin(), needs.end(), [&](const Skills& each) {
            return fulfils(pool.skills, each);
        });
        if (step == needs.end() ||
            !has_room(pool.capacity, pool.has, medium_of(line.key.channel))) {
            continue;
        }
        Access access{i, 0, 0, static_cast<std::uint8_t>(step - needs.begin())};
        for (std::size_t j = 0; j < queue.reserve_kept.size() && !line.key.is_overdue; ++j) {
            const auto& kept = pool.kept;
            if (std::find(kept.begin(), kept.end(), queue.reserve_kept[j]) != kept.end()) {
                access.reserves = static_cast<std::uint8_t>(access.reserves | (1U << j));
            }
        }
        found.emplace_back(Order{pool.is_stand_in, static_cast<std::size_t>(step - needs.begin()),
                                 pool.has.sum(), rank(queue.config.agent_rule, pool.skills, *step)},
                           access);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    line.reserves_of.assign(pools_.size(), 0);
    for (std::size_t i = 0; i < found.size(); ++i) {
        Access access = found[i].second;
        if (i > 0) {
            const bool is_level = found[i].first == found[i - 1].first;
            access.level = static_cast<std::uint16_t>(line.pools.back().level + (is_level ? 0 : 1));
        }
        line.pools.push_back(access);
        line.reserves_of[access.pool] = access.reserves;
        pools_[access.pool].lines.set(index);
    }
}

const Routing::QueueState* Routing::find(QueueId queue) const {
    const auto place = queue_index_.find(queue);
    return place == queue_index_.end() ? nullptr : &queues_[place->second];
}

std::size_t Routing::sum_of(QueueId queue, std::span<const Availability> kinds) const {
    const QueueState* state = find(queue);
    std::size_t sum = 0;
    for (std::size_t i = 0; state != nullptr && i < state->pools.size(); ++i) {
        for (const Availability kind : kinds) {
            sum += pools_[state->pools[i]].counts[static_cast<std::size_t>(kind)];
        }
    }
    return sum;
}

std::vector<ContactId> Routing::waiting_for(AgentId agent) const {
    std::vector<ContactId> result;
    const auto personal = personal_lines_.find(agent);
    if (personal == personal_lines_.end()) {
        return result;
    }
    for (const std::uint32_t index : personal->second) {
        for (const WaitKey& key : lines_[index].waiting) {
            result.push_back(key.contact);
        }
    }
    return result;
}

std::optional<ContactId> Routing::first_on_the_line(QueueId queue) const {
    std::optional<WaitKey> first;
    for (const Line& line : lines_) {
        if (line.key.queue == queue && is_on_the_line(line.key.channel) && !line.waiting.empty()) {
            const WaitKey& key = *line.waiting.begin();
            first = !first || key < *first ? key : first;
        }
    }
    return first ? std::optional(first->contact) : std::nullopt;
}

std::size_t Routing::on_the_line_count(QueueId queue) const {
    const QueueState* state = find(queue);
    return state == nullptr ? 0 : state->waiting - state->off_the_line;
}

std::size_t Routing::waiting_count(QueueId queue) const {
    const QueueState* state = find(queue);
    return state == nullptr ? 0 : state->waiting;
}

std::size_t Routing::count(QueueId queue, Availability kind) const {
    return sum_of(queue, std::span(&kind, 1));
}

std::size_t Routing::count(Availability kind) const {
    return counts_[static_cast<std::size_t>(kind)];
}

std::size_t Routing::idle_count(QueueId queue) const {
    return count(queue, Availability::idle);
}

std::size_t Routing::signed_on_count(QueueId queue) const {
    static constexpr std::array kSignedOn{Availability::idle,         Availability::has_room,
                                          Availability::over_ceiling, Availability::break_due,
                                          Availability::shift_over,   Availability::alerting,
                                          Availability::talking,      Availability::wrap_up};
    return sum_of(queue, kSignedOn);
}

bool Routing::serves(std::size_t pool, QueueId queue) const {
    const std::vector<QueueId>& queues = pools_[pool].queues;
    return std::find(queues.begin(), queues.end(), queue) != queues.end();
}

}  // namespace lanze::core
