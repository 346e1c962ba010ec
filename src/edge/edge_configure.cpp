// Another configuration while calls go on: what is taken at once, and what waits for a contact's
// end.
#include <algorithm>

#include "edge/edge.h"

namespace lanze::edge {

namespace {

bool has_contact(const core::Agent& agent) {
    return core::contact_of(agent).is_set() || !agent.written.empty();
}

std::string counted_contacts(std::uint32_t count) {
    return std::to_string(count) + (count == 1 ? " contact" : " contacts");
}

}  // namespace

Result<void, ports::CommandRefused> Edge::configure(Settings next, core::Config config, Time now) {
    next_settings_ = std::move(next);
    const core::Configure command{std::move(config)};
    const core::Outcome outcome = decide(command, now);
    next_settings_.reset();
    run_follow_ups(now);
    if (outcome.refusal) {
        return Unexpected(explain(*outcome.refusal, command.config));
    }
    return {};
}

// Before anything of the same turn is reacted to: a caller who waited may be presented to an agent
// who has only now come.
void Edge::react(const core::Configured& /*event*/, Time now) {
    const std::vector<Phone> before = phones_.all();
    if (next_settings_) {
        take(std::move(*next_settings_));
        next_settings_.reset();
    }
    phones_.learn(floor_);
    start_providers();
    std::unordered_map<std::string_view, const Phone*> known;
    for (const Phone& phone : before) {
        known.emplace(phone.agent, &phone);
    }
    for (const core::Agent& agent : floor_.agents()) {
        const auto place = known.find(agent.config.name);
        if (agent.is_retired) {
            forget_phone(agent.id);
        } else {
            watch_phone(agent, place == known.end() ? nullptr : place->second, now);
        }
    }
}

void Edge::set_numbers() {
    numbers_.clear();
    for (std::size_t i = 0; i < settings_.queues.size(); ++i) {
        for (const std::string& number : settings_.queues[i].numbers) {
            numbers_.emplace(number, i);
        }
    }
}

void Edge::take(Settings next) {
    settings_ = std::move(next);
    set_numbers();
    trunks_.configure(settings_.trunks);
    leaving_phones_ = phones_.all();
    set_phones();
}

// Those of the settings, and those of agents who leave when their contact is over: until then such
// a phone may renew its registration, so that it shows no error in the middle of a call.
void Edge::set_phones() {
    std::erase_if(leaving_phones_, [&](const Phone& phone) {
        const core::Agent* agent = floor_.find_agent(floor_.agent_by_name(phone.agent));
        return agent == nullptr || !agent->is_retired || !has_contact(*agent);
    });
    std::vector<Phone> phones = settings_.phones;
    phones.insert(phones.end(), leaving_phones_.begin(), leaving_phones_.end());
    for (BindingChange& change : phones_.configure(std::move(phones))) {
        notes_.push_back(std::move(change.note));
    }
    phones_.learn(floor_);
}

void Edge::forget_leavers() {
    const bool is_over =
        std::any_of(leaving_phones_.begin(), leaving_phones_.end(), [&](const Phone& phone) {
            const core::Agent* agent = floor_.find_agent(floor_.agent_by_name(phone.agent));
            return agent == nullptr || !has_contact(*agent);
        });
    if (is_over) {
        set_phones();
    }
}

// A phone whose address is another one must be seen there first; one that is never asked is taken
// to be there. `before` is null for who had none.
void Edge::watch_phone(const core::Agent& agent, const Phone* before, Time now) {
    const std::uint64_t id = agent.id.value();
    if (const auto page = web_phones_.find(agent.id); page != web_phones_.end()) {
        // The page is what counts, for whoever is back after another configuration, too.
        const bool is_waited_for = timers_.deadline({TimerKind::phone_back, id}).has_value();
        if (page->second.is_there && !agent.is_reachable && !is_waited_for) {
            follow_up(core::PhoneSeen{agent.id});
        }
        return;
    }
    const Phone* phone = phones_.find(agent.id);
    if (phone == nullptr) {
        forget_phone(agent.id);
        if (agent.is_reachable) {
            follow_up(core::PhoneLost{agent.id});
        }
        return;
    }
    const bool is_asked = phone->check_every > Duration::zero();
    const bool has_moved = before != nullptr && before->address != phone->address;
    if (phone->address && !is_asked) {
        const bool is_waited_for = timers_.deadline({TimerKind::phone_back, id}) && !has_moved;
        if (!agent.is_reachable && !is_waited_for) {
            timers_.cancel({TimerKind::phone_back, id});
            follow_up(core::PhoneSeen{agent.id});
        }
    } else if (has_moved && agent.is_reachable) {
        follow_up(core::PhoneLost{agent.id});
    }
    const bool is_known = before != nullptr && *before == *phone;
    if (is_asked && !(is_known && timers_.deadline({TimerKind::check, id}))) {
        // Spread over a second, so that a large centre does not ask all at once.
        timers_.set({TimerKind::check, id}, now + milliseconds(id % 1000));
    }
}

void Edge::forget_phone(core::AgentId agent) {
    for (const TimerKind kind : {TimerKind::check, TimerKind::check_limit, TimerKind::phone_back}) {
        timers_.cancel({kind, agent.value()});
    }
}

ports::CommandRefused Edge::explain(core::Refusal refusal, const core::Config& config) const {
    std::string text(core::explain(refusal));
    if (refusal == core::Refusal::queue_not_empty) {
        std::string queues;
        for (const core::Queue& queue : floor_.queues()) {
            const bool is_kept = std::any_of(
                config.queues.begin(), config.queues.end(),
                [&](const core::QueueConfig& one) { return one.name == queue.config.name; });
            if (queue.contacts > 0 && !is_kept) {
                queues += (queues.empty() ? "" : ", ") + ("\"" + queue.config.name + "\" (") +
                          counted_contacts(queue.contacts) + ")";
            }
        }
        text = "somebody still waits or talks in what is left out: " + queues;
    }
    return {std::string(core::to_string(refusal)), std::move(text)};
}

}  // namespace lanze::edge
