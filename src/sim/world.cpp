// The run, and its callers.
#include "sim/world.h"

#include <algorithm>

#include "base/check.h"
#include "base/variant.h"

namespace lanze::sim {

namespace {

// What chance is drawn for, so that no two draw alike.
enum class Drawn : std::uint64_t { arrivals = 1, callers = 2, agents = 3, routing = 4 };

std::uint64_t seed_of(std::uint64_t seed, Drawn drawn, std::uint64_t index) {
    return split_mix(split_mix(seed ^ static_cast<std::uint64_t>(drawn)) ^ index);
}

core::Config config_of(const Scenario& scenario, std::uint64_t seed) {
    core::Config config = scenario.config;
    config.seed = seed_of(seed, Drawn::routing, config.seed);
    for (const Pool& pool : scenario.pools) {
        for (std::uint32_t i = 0; i < pool.count; ++i) {
            core::AgentConfig agent = pool.agent;
            agent.name = pool.count == 1 ? pool.name : pool.name + "-" + std::to_string(i + 1);
            agent.starts_ready = pool.past && agent.starts_ready;
            agent.starts_reachable = true;
            config.agents.push_back(std::move(agent));
        }
    }
    return config;
}

}  // namespace

World::World(const Scenario& scenario, const Plan& plan)
    : scenario_(&scenario),
      plan_(plan),
      now_(scenario.start),
      count_from_(scenario.start + plan.warm_up),
      count_to_(scenario.start + plan.length),
      watch_(scenario, plan) {
    for (std::size_t i = 0; i < scenario.pools.size(); ++i) {
        PoolState state;
        state.first = static_cast<std::uint32_t>(people_.size());
        state.rng = Rng(seed_of(plan.seed, Drawn::agents, i));
        pools_.push_back(state);
        Person person;
        person.pool = static_cast<std::uint32_t>(i);
        people_.resize(people_.size() + scenario.pools[i].count, person);
    }
    for (std::size_t i = 0; i < scenario.streams.size(); ++i) {
        sources_.push_back(
            {ArrivalSource(scenario.streams[i], seed_of(plan.seed, Drawn::arrivals, i)),
             Rng(seed_of(plan.seed, Drawn::callers, i)), std::nullopt});
    }
}

void World::begin() {
    // Noted first, so that they come before all else of their time.
    for (Duration at = plan_.interval; at > Duration::zero() && at <= plan_.length;
         at += plan_.interval) {
        agenda_.note(now_ + at, {Kind::interval_ends, 0, 0});
    }
    tell(core::Configure{config_of(*scenario_, plan_.seed)});
    for (std::size_t i = 0; i < scenario_->hours.size(); ++i) {
        if (!scenario_->hours[i].empty()) {
            tell(core::SetHours{core::QueueId{static_cast<std::uint32_t>(i + 1)},
                                scenario_->hours[i]});
        }
    }
    for (std::uint32_t i = 0; i < people_.size(); ++i) {
        const Pool& pool = scenario_->pools[people_[i].pool];
        if (pool.past) {
            people_[i].is_open = pool.agent.starts_ready;
            touch(core::AgentId{i + 1});
            if (!pool.past->empty()) {
                agenda_.note(now_ + pool.past->front().at, {Kind::moment, i + 1, 0});
            }
        } else if (pool.shifts.empty() && pool.staff.empty()) {
            sign_on(core::AgentId{i + 1});
        }
        for (std::size_t j = 0; j < pool.shifts.size(); ++j) {
            agenda_.note(now_ + pool.shifts[j].begin, {Kind::shift_begins, i + 1, j});
        }
    }
    for (std::uint32_t i = 0; i < pools_.size(); ++i) {
        const auto& staff = scenario_->pools[i].staff;
        for (std::size_t j = 0; j < staff.size(); ++j) {
            agenda_.note(now_ + staff[j].from, {Kind::staff_changes, i, j});
        }
    }
    for (std::uint32_t i = 0; i < sources_.size(); ++i) {
        if (scenario_->streams[i].is_endless) {
            enter(i, 0, Arrival{});
        } else if ((sources_[i].next = sources_[i].arrivals.next())) {
            agenda_.note(now_ + sources_[i].next->at, {Kind::arrives, i, 0});
        }
    }
}

Tally World::run() {
    begin();
    const Time end = count_to_ + plan_.length;
    while (true) {
        const auto deadline = floor_.next_deadline();
        if (agenda_.empty() && !deadline) {
            break;
        }
        const bool is_deadline = deadline && (agenda_.empty() || *deadline < agenda_.next());
        const Time next = is_deadline ? std::max(*deadline, now_) : agenda_.next();
        if ((next >= count_to_ && open_counted_ == 0) || next > end) {
            break;
        }
        now_ = next;
        if (is_deadline) {
            tell(core::AdvanceTime{});
        } else {
            happen(agenda_.take());
        }
    }
    Tally tally = watch_.finish(std::max(now_, count_to_));
    tally.contacts = floor_.next_contact().value() - 1;
    tally.commands = commands_;
    tally.unresolved = open_counted_;
    return tally;
}

void World::happen(const What& what) {
    const core::AgentId agent{what.a};
    const core::ContactId contact{what.b};
    switch (what.kind) {
        case Kind::arrives:
            arrive(what.a);
            return;
        case Kind::redials:
            enter(what.a, static_cast<std::uint32_t>(what.b), Arrival{});
            return;
        case Kind::gives_up:
            give_up(contact);
            return;
        case Kind::answers:
            tell(core::Answer{core::PresentationId{what.b}});
            return;
        case Kind::declines:
            tell(core::Decline{core::PresentationId{what.b}, core::DeclineReason::rejected});
            return;
        case Kind::talk_ends:
            end_talk(contact, what.a);
            return;
        case Kind::wrap_up_ends:
            end_wrap_up(agent, contact);
            return;
        case Kind::returns:
            come_back(agent);
            return;
        case Kind::shift_begins:
            begin_shift(agent, what.b);
            return;
        case Kind::shift_ends:
            watch_.note_shift_end(what.a - 1, now_);
            tell(core::CloseDesk{agent});
            return;
        case Kind::break_begins:
            take_break(agent);
            return;
        case Kind::staff_changes:
            change_staff(what.a, scenario_->pools[what.a].staff[what.b].agents);
            return;
        case Kind::moment:
            live_on(agent, what.b);
            return;
        case Kind::interval_ends:
            watch_.end_interval(now_);
            return;
    }
}

void World::tell(const core::Command& command) {
    handle(command);
    std::size_t done = 0;
    while (done < todo_.size()) {  // what follows may add more
        const core::Command next = std::move(todo_[done++]);
        handle(next);
    }
    todo_.clear();
}

void World::handle(const core::Command& command) {
    ++commands_;
    const core::Outcome outcome = floor_.handle(command, now_);
    if (recorder_ && !outcome.refusal) {
        recorder_(command, outcome.events, now_);
    }
    for (const core::Event& event : outcome.events) {
        std::visit([&](const auto& alternative) { on(alternative); }, event);
    }
    for (const core::AgentId agent : touched_) {
        watch_.follow(agent.value() - 1, person(agent).pool, *floor_.find_agent(agent), now_);
    }
    touched_.clear();
}

void World::arrive(std::uint32_t stream) {
    Source& source = sources_[stream];
    const Arrival arrival = *source.next;
    source.next = source.arrivals.next();
    if (source.next) {
        agenda_.note(scenario_->start + source.next->at, {Kind::arrives, stream, 0});
    }
    enter(stream, 0, arrival);
}

Attempt World::fresh_attempt(std::uint32_t stream, std::uint32_t tries, const Arrival& arrival) {
    const Stream& from = scenario_->streams[stream];
    Rng& rng = sources_[stream].rng;
    Attempt attempt;
    attempt.stream = stream;
    attempt.queue = static_cast<std::uint32_t>(from.queue);
    attempt.tries = tries;
    attempt.entered = now_;
    attempt.interval = watch_.interval_of(now_);
    attempt.is_counted =
        arrival.is_counted && now_ >= count_from_ && now_ < count_to_ && !from.is_endless;
    attempt.is_on_the_line = core::is_on_the_line(from.channel);
    // All that is drawn is drawn here, so that a contact is the same whatever the routing does.
    attempt.talk = arrival.talk ? *arrival.talk : from.talk.draw(rng);
    attempt.wrap_up = arrival.wrap_up ? *arrival.wrap_up : from.wrap_up.draw(rng);
    if (arrival.patience) {
        attempt.patience = *arrival.patience;
    } else if (from.patience) {
        attempt.patience = arrival.waited ? from.patience->draw_beyond(*arrival.waited, rng)
                                          : from.patience->draw(rng);
    }
    return attempt;
}

void World::enter(std::uint32_t stream, std::uint32_t tries, const Arrival& arrival) {
    const Stream& from = scenario_->streams[stream];
    entering_ = fresh_attempt(stream, tries, arrival);
    is_presented_at_once_ = false;
    const core::ContactId contact = floor_.next_contact();
    entering_->contact = contact;
    const bool is_counted = entering_->is_counted;
    if (is_counted) {
        watch_.note_arrival(*entering_);
    }
    const core::QueueId queue{static_cast<std::uint32_t>(from.queue + 1)};
    const bool has_preferred = arrival.preferred && scenario_->pools[*arrival.preferred].count > 0;
    const core::AgentId preferred =
        has_preferred ? core::AgentId{pools_[*arrival.preferred].first + 1} : core::AgentId{};
    handle(core::EnterQueue{queue, from.needs, from.priority, preferred, from.channel});
    entering_.reset();
    const Attempt* attempt = attempts_.find(contact);
    if (is_counted && attempt != nullptr && !is_presented_at_once_) {
        watch_.note_wait(*attempt);
    }
    if (!todo_.empty()) {
        tell(core::AdvanceTime{});
        attempt = attempts_.find(contact);
    }
    const bool is_waiting = attempt != nullptr && !attempt->agent.is_set() &&
                            attempt->is_on_the_line && attempt->patience != Duration::max();
    if (is_waiting) {
        agenda_.note(now_ + attempt->patience, {Kind::gives_up, 0, contact.value()});
    }
}

void World::give_up(core::ContactId contact) {
    const Attempt* attempt = attempts_.find(contact);
    if (attempt != nullptr && !attempt->agent.is_set() && attempt->is_on_the_line) {
        tell(core::HangUp{contact, core::EndedBy::caller});
    }
}

void World::try_again(const Attempt& attempt) {
    const Redial& redial = scenario_->streams[attempt.stream].redial;
    Rng& rng = sources_[attempt.stream].rng;
    if (redial.probability > 0 && attempt.tries + 1 < kTriesMax &&
        rng.unit() < redial.probability) {
        agenda_.note(now_ + redial.after.draw(rng),
                     {Kind::redials, attempt.stream, attempt.tries + 1});
    }
}

void World::on(const core::ContactQueued& event) {
    LANZE_CHECK(entering_ && entering_->contact == event.contact);
    attempts_.add(event.contact) = *entering_;
    open_counted_ += entering_->is_counted ? 1U : 0U;
    watch_.change_waiting(*entering_, 1, now_);
}

void World::on(const core::ContactBlocked& /*event*/) {
    if (entering_->is_counted) {
        watch_.note_blocked(*entering_);
    }
    try_again(*entering_);
}

void World::on(const core::ContactMoved& event) {
    Attempt& attempt = *attempts_.find(event.contact);
    watch_.change_waiting(attempt, -1, now_);
    attempt.queue = event.queue.value() - 1;
    watch_.change_waiting(attempt, 1, now_);
}

void World::on(const core::ContactOverdue& event) {
    const Attempt& attempt = *attempts_.find(event.contact);
    if (attempt.is_counted) {
        watch_.note_overdue(attempt);
    }
}

void World::on(const core::AlternativeProposed& event) {
    const Attempt& attempt = *attempts_.find(event.contact);
    const Stream& stream = scenario_->streams[attempt.stream];
    const bool is_callback = event.channel == core::Channel::callback;
    const double share = is_callback ? stream.accepts_callback : stream.accepts_message;
    if (share <= 0 || sources_[attempt.stream].rng.unit() >= share) {
        return;
    }
    if (is_callback) {
        todo_.emplace_back(core::RequestCallback{event.contact});
    } else {
        todo_.emplace_back(core::LeaveMessage{event.contact});
    }
}

void World::stay_off_the_line(core::ContactId contact) {
    Attempt& attempt = *attempts_.find(contact);
    attempt.is_on_the_line = false;
    if (attempt.is_counted) {
        watch_.note_callback(attempt);
    }
}

void World::on(const core::CallbackRequested& event) {
    stay_off_the_line(event.contact);
}

void World::on(const core::MessageLeft& event) {
    stay_off_the_line(event.contact);
}

void World::on(const core::QueueShort& event) {
    watch_.set_short(event.queue.value() - 1, event.agents, now_);
}

void World::on(const core::ContactEnded& event) {
    const Attempt attempt = *attempts_.find(event.contact);
    attempts_.remove(event.contact);
    if (!attempt.agent.is_set()) {
        watch_.change_waiting(attempt, -1, now_);
        if (event.end == core::ContactEnd::abandoned) {
            watch_.note_give_up(attempt, now_);
            try_again(attempt);
        }
    } else {
        wrap_up_next_ = attempt.wrap_up;
        Person& agent = person(attempt.agent);
        const auto place = std::find(agent.written.begin(), agent.written.end(), event.contact);
        if (place != agent.written.end()) {
            agent.written.erase(place);
            change_speed(attempt.agent, agent, agent.written.size() + 1);
        }
        touch(attempt.agent);
    }
    if (attempt.is_counted) {
        watch_.note_end(attempt, event.end, now_);
        --open_counted_;
    }
}

}  // namespace lanze::sim
