// The agents of a simulated centre.
#include <algorithm>
#include <cmath>

#include "sim/world.h"

namespace lanze::sim {

namespace {

// How long nobody is reached before the agent gives it up: some six rings.
constexpr Duration kRingsUnanswered = seconds(25);
// Who was taken out after misses is back at the desk by then.
constexpr Duration kBackAfterMisses = minutes(1);
// What the law wants in a day of up to nine hours, in one block.
constexpr Duration kBreakByLaw = minutes(30);

Duration stretched(Duration time, double factor) {
    return factor == 1 ? time : Duration{std::llround(static_cast<double>(time.count()) * factor)};
}

bool is_written(core::Channel channel) {
    return core::medium_of(channel) != core::Medium::call;
}

}  // namespace

double World::factor(core::AgentId agent, std::uint32_t queue) const {
    const Pool& pool = scenario_->pools[people_[agent.value() - 1].pool];
    return pool.handle_factor * (pool.handle_factors.empty() ? 1 : pool.handle_factors[queue]);
}

void World::on(const core::ContactPresented& event) {
    touch(event.agent);
    is_presented_at_once_ =
        is_presented_at_once_ || (entering_ && entering_->contact == event.contact);
    const Attempt* attempt = attempts_.find(event.contact);
    if (scenario_->streams[attempt->stream].is_endless) {
        agenda_.note(now_, {Kind::redials, attempt->stream, 0});
    }
    const Pool& pool = scenario_->pools[person(event.agent).pool];
    Rng& rng = pool_of(event.agent).rng;
    const double chance = pool.no_answer + pool.rejects > 0 ? rng.unit() : 1;
    if (chance < pool.no_answer) {
        return;  // it expires
    }
    const bool is_rejected = chance < pool.no_answer + pool.rejects;
    const Duration after = pool.answers_after.draw(rng);
    if (is_rejected || after > Duration::zero()) {
        agenda_.note(now_ + after,
                     {is_rejected ? Kind::declines : Kind::answers, 0, event.presentation.value()});
    } else {
        todo_.emplace_back(core::Answer{event.presentation});
    }
}

void World::on(const core::PresentationEnded& event) {
    touch(event.agent);
    if (event.end != core::PresentationEnd::withdrawn) {
        watch_.note_missed(person(event.agent).pool, now_);
    }
}

void World::on(const core::ContactAnswered& event) {
    touch(event.agent);
    Attempt& attempt = *attempts_.find(event.contact);
    const Stream& stream = scenario_->streams[attempt.stream];
    attempt.agent = event.agent;
    attempt.answered = now_;
    watch_.change_waiting(attempt, -1, now_);
    watch_.note_answered(attempt, now_);
    Person& agent = person(event.agent);
    if (attempt.is_counted) {
        watch_.note_answer(attempt, agent.pool, now_);
    }
    const double slower = factor(event.agent, attempt.queue);
    attempt.talk = stretched(attempt.talk, slower);
    attempt.wrap_up = stretched(attempt.wrap_up, slower);
    const core::Channel channel = floor_.find_contact(event.contact)->channel;
    if (core::is_called(channel) && stream.reached < 1 &&
        sources_[attempt.stream].rng.unit() >= stream.reached) {
        attempt.talk = kRingsUnanswered;
        attempt.is_reached = false;
    }
    if (is_written(channel)) {
        agent.written.push_back(event.contact);
        change_speed(event.agent, agent, agent.written.size() - 1);
    } else {
        note_talk_end(attempt);
    }
}

void World::note_talk_end(const Attempt& attempt) {
    agenda_.note(now_ + attempt.talk, {Kind::talk_ends, attempt.version, attempt.contact.value()});
}

// What is left of each is known as if the agent had nothing else; `before` counts those he had.
void World::change_speed(core::AgentId agent, const Person& person, std::size_t before) {
    const auto speed = [&](std::size_t count) {
        const auto& speeds = scenario_->speeds;
        return speeds.empty() || count == 0 ? 1.0 : speeds[std::min(count, speeds.size()) - 1];
    };
    const double slower = speed(before);
    const double now = speed(person.written.size());
    for (const core::ContactId contact : person.written) {
        Attempt& attempt = *attempts_.find(contact);
        const Duration gone = now_ - std::max(attempt.answered, attempt.speed_since);
        attempt.talk -= std::min(attempt.talk, stretched(gone, slower));
        attempt.speed_since = now_;
        ++attempt.version;
        agenda_.note(now_ + stretched(attempt.talk, 1 / now),
                     {Kind::talk_ends, attempt.version, contact.value()});
    }
    touch(agent);
}

void World::end_talk(core::ContactId contact, std::uint32_t version) {
    const Attempt* attempt = attempts_.find(contact);
    if (attempt == nullptr || attempt->version != version) {
        return;
    }
    const core::AgentId agent = attempt->agent;
    PoolState& pool = pool_of(agent);
    const bool is_reached = attempt->is_reached;
    if (pool.leaving > 0) {
        --pool.leaving;
        tell(core::CloseDesk{agent});  // before it ends, or he would get the next one
    }
    if (is_reached) {
        tell(core::HangUp{contact, core::EndedBy::caller});
    } else {
        tell(core::NotReached{contact});
    }
}

void World::on(const core::WrapUpStarted& event) {
    touch(event.agent);
    agenda_.note(now_ + wrap_up_next_,
                 {Kind::wrap_up_ends, event.agent.value(), event.contact.value()});
}

void World::end_wrap_up(core::AgentId agent, core::ContactId contact) {
    const core::Agent& now = *floor_.find_agent(agent);
    const auto* of_call = std::get_if<core::WrapUp>(&now.activity);
    const core::Written* written = now.find_written(contact);
    if ((of_call != nullptr && of_call->contact == contact) || written != nullptr) {
        tell(core::EndWrapUp{agent, "done", contact});
    } else if (now.closed_for == core::NotReadyReason::wrap_up) {
        tell(core::Ready{agent});  // it took longer than the budget
    }
    const Person& person = this->person(agent);
    const bool is_away = now.closed_for && now.closed_for != core::NotReadyReason::missed;
    const bool is_open = person.is_open && !person.is_break_by_law;
    if (scenario_->pools[person.pool].past && is_open && is_away) {
        come_back(agent);  // he said so meanwhile
    }
}

void World::sign_on(core::AgentId agent) {
    tell(core::OpenDesk{agent});
    tell(core::Ready{agent});
}

void World::begin_shift(core::AgentId agent, std::size_t shift) {
    const Shift& planned = scenario_->pools[person(agent).pool].shifts[shift];
    const Time start = scenario_->start;
    core::PlanShift command{agent, start + planned.begin, start + planned.end, planned.breaks};
    for (core::PlannedBreak& each : command.breaks) {
        each.from = start + each.from.time_since_epoch();
        agenda_.note(each.from, {Kind::break_begins, agent.value(), 0});
    }
    person(agent).breaks = command.breaks;
    agenda_.note(command.end, {Kind::shift_ends, agent.value(), 0});
    tell(command);
    sign_on(agent);
}

// Where the charter gives breaks, it says when.
void World::take_break(core::AgentId agent) {
    if (!scenario_->config.charter.gives_breaks && floor_.find_agent(agent)->has_desk) {
        tell(core::NotReady{agent, core::NotReadyReason::break_time});
    }
}

void World::live_on(core::AgentId agent, std::size_t moment) {
    const std::vector<Moment>& past = *scenario_->pools[person(agent).pool].past;
    Person& person = this->person(agent);
    person.moments = moment + 1;
    if (person.moments < past.size()) {
        agenda_.note(std::max(now_, scenario_->start + past[person.moments].at),
                     {Kind::moment, agent.value(), person.moments});
    }
    core::Command command = past[moment].says;
    std::visit(
        [agent](auto& alternative) {
            if constexpr (requires { alternative.agent; }) {
                alternative.agent = agent;
            }
        },
        command);
    if (std::holds_alternative<core::Ready>(command)) {
        person.is_open = true;
    } else if (std::holds_alternative<core::NotReady>(command)) {
        person.is_open = false;
    } else if (std::holds_alternative<core::CloseDesk>(command)) {
        // A desk phone goes on without the desk.
        person.is_open = person.is_open && scenario_->pools[person.pool].agent.starts_ready;
    }
    // It would end a wrap-up, and a break that the law wants.
    const bool is_too_early = person.is_break_by_law || std::holds_alternative<core::WrapUp>(
                                                            floor_.find_agent(agent)->activity);
    if (!is_too_early || !std::holds_alternative<core::Ready>(command)) {
        tell(command);
    }
}

// From a break or after misses, unless his shift is over; who has a past only if he was not away
// for another reason.
void World::come_back(core::AgentId agent) {
    Person& person = this->person(agent);
    const bool has_past = scenario_->pools[person.pool].past.has_value();
    person.is_break_by_law = false;
    if (has_past ? person.is_open : floor_.find_agent(agent)->has_desk) {
        tell(core::Ready{agent});
    }
}

// The charter wants a break now. Who took one soon after in his past takes that one.
void World::take_break_by_law(core::AgentId agent) {
    Person& person = this->person(agent);
    const std::vector<Moment>& past = *scenario_->pools[person.pool].past;
    const Time soon = now_ + core::kBreakEarly;
    for (std::size_t i = person.moments; i < past.size() && scenario_->start + past[i].at <= soon;
         ++i) {
        const auto* away = std::get_if<core::NotReady>(&past[i].says);
        if (away != nullptr && away->reason == core::NotReadyReason::break_time) {
            return;
        }
    }
    person.is_break_by_law = true;
    todo_.emplace_back(core::NotReady{agent, core::NotReadyReason::break_time});
}

void World::on(const core::AgentWithheld& event) {
    touch(event.agent);
    if (event.by != core::WithheldBy::break_due) {
        return;
    }
    if (scenario_->pools[person(event.agent).pool].past) {
        take_break_by_law(event.agent);
    } else {
        todo_.emplace_back(core::NotReady{event.agent, core::NotReadyReason::break_time});
    }
}

void World::on(const core::AgentNotReady& event) {
    touch(event.agent);
    Person& agent = person(event.agent);
    const bool has_past = scenario_->pools[agent.pool].past.has_value();
    if (event.reason == core::NotReadyReason::break_time && has_past && !agent.is_break_by_law) {
        watch_.note_break(agent.pool, now_);  // he comes back when he did
    } else if (event.reason == core::NotReadyReason::break_time) {
        Duration length = kBreakByLaw;
        if (!agent.breaks.empty() && agent.breaks.front().from <= now_ + core::kBreakEarly) {
            length = agent.breaks.front().length;
            agent.breaks.erase(agent.breaks.begin());
        }
        watch_.note_break(agent.pool, now_);
        agenda_.note(now_ + length, {Kind::returns, event.agent.value(), 0});
    } else if (event.reason == core::NotReadyReason::missed) {
        agenda_.note(now_ + kBackAfterMisses, {Kind::returns, event.agent.value(), 0});
    }
}

void World::change_staff(std::uint32_t pool, std::uint32_t agents) {
    PoolState& state = pools_[pool];
    const std::uint32_t count = scenario_->pools[pool].count;
    std::uint32_t there = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        there += floor_.agents()[state.first + i].has_desk ? 1U : 0U;
    }
    while (there - state.leaving < agents && state.leaving > 0) {
        --state.leaving;
    }
    for (std::uint32_t i = 0; i < count && there < agents; ++i) {
        const core::AgentId agent{state.first + i + 1};
        if (!floor_.find_agent(agent)->has_desk) {
            sign_on(agent);
            ++there;
        }
    }
    for (std::uint32_t i = 0; i < count && there - state.leaving > agents; ++i) {
        const core::AgentId agent{state.first + i + 1};
        const core::Agent& now = *floor_.find_agent(agent);
        if (now.has_desk && now.is_ready() && now.written.empty()) {
            tell(core::CloseDesk{agent});
            --there;
        }
    }
    state.leaving = there > agents ? there - agents : 0;
}

}  // namespace lanze::sim
