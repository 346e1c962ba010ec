#include "app/why_keeper.h"

#include <algorithm>
#include <utility>

#include "core/candidates.h"
#include "core/codec.h"
#include "core/skills.h"

namespace lanze::app {

namespace {

// Ids from here on are of agents whose day's key is shredded.
constexpr std::uint32_t kAnonymousFirst = 1U << 31U;

// Whose event it is; unset: nobody's. Wrap-up is the agent's time, not the contact's.
core::ContactId contact_of(const core::Event& event) {
    if (std::holds_alternative<core::WrapUpStarted>(event) ||
        std::holds_alternative<core::WrapUpEnded>(event) ||
        std::holds_alternative<core::WrapUpExtended>(event)) {
        return {};
    }
    return std::visit(
        [](const auto& alternative) {
            if constexpr (requires { alternative.contact; }) {
                return alternative.contact;
            } else {
                return core::ContactId{};
            }
        },
        event);
}

// The event that made somebody search at this occasion, if it is one of the contact's own.
bool is_occasion(core::Occasion occasion, const core::Event& event) {
    switch (occasion) {
        case core::Occasion::contact_entered:
            return std::holds_alternative<core::ContactQueued>(event);
        case core::Occasion::contact_came_back:
            return std::holds_alternative<core::PresentationEnded>(event);
        case core::Occasion::contact_widened:
            return std::holds_alternative<core::ContactWidened>(event);
        case core::Occasion::contact_overdue:
            return std::holds_alternative<core::ContactOverdue>(event);
        case core::Occasion::preference_ended:
            return std::holds_alternative<core::PreferenceEnded>(event);
        case core::Occasion::needs_changed:
            return std::holds_alternative<core::NeedsChanged>(event);
        case core::Occasion::contact_moved:
            return std::holds_alternative<core::ContactMoved>(event);
        case core::Occasion::agent_free:
        case core::Occasion::reserve_let_go:
        case core::Occasion::configured:
        case core::Occasion::assigned:
        case core::Occasion::queue_opened:
            return false;
    }
    return false;
}

bool belongs(const core::Reason& reason, const core::Event& event) {
    const auto* presented = std::get_if<core::ContactPresented>(&event);
    if (reason.agent.is_set() || presented != nullptr) {
        return presented != nullptr && presented->presentation == reason.presentation;
    }
    return is_occasion(reason.occasion, event);
}

// What a name may be told with; the others say something about the person.
bool is_told_by_name(core::ExcludedBy by) {
    switch (by) {
        case core::ExcludedBy::alerting:
        case core::ExcludedBy::talking:
        case core::ExcludedBy::reserve:
        case core::ExcludedBy::tried_before:
        case core::ExcludedBy::other_skills:
        case core::ExcludedBy::not_preferred:
        case core::ExcludedBy::queue_closed:
            return true;
        case core::ExcludedBy::occupancy_ceiling:
        case core::ExcludedBy::break_due:
        case core::ExcludedBy::wrap_up:
        case core::ExcludedBy::resting:
        case core::ExcludedBy::not_ready:
        case core::ExcludedBy::phone_unreachable:
        case core::ExcludedBy::shift_over:
            return false;
    }
    return false;
}

// The floor as it was at each search, handed to `visit`; nothing if this build decides otherwise.
template <typename Visit>
bool recompute(const ports::Decision& decision, const core::Floor& before, Visit&& visit) {
    core::Floor again = before;
    const core::Outcome outcome =
        again.handle(decision.command, decision.at, core::Explaining::yes);
    if (outcome.events != decision.events || outcome.reasons != decision.reasons) {
        return false;
    }
    again = before;
    std::size_t applied = 0;
    for (std::size_t i = 0; i < outcome.reasons.size(); ++i) {
        for (; applied < outcome.events_before[i]; ++applied) {
            again.apply(outcome.events[applied], decision.at);
        }
        visit(outcome.reasons[i], again);
    }
    return true;
}

}  // namespace

bool WhyKeeper::concerns(const ports::Decision& decision) const {
    return std::ranges::any_of(decision.events,
                               [&](const core::Event& e) { return contact_of(e) == contact_; }) ||
           std::ranges::any_of(decision.reasons, [&](const core::Reason& reason) {
               return reason.contact == contact_;
           });
}

void WhyKeeper::apply(const ports::Decision& decision) {
    for (const core::Event& event : decision.events) {
        if (const auto* configured = std::get_if<core::Configured>(&event)) {
            configured_ = *configured;
        }
        if (floor_) {
            floor_->apply(event, decision.at);
        }
    }
    if (floor_) {
        follow_charter(decision.at);
    }
}

void WhyKeeper::carry_over(const ports::Decision& decision) {
    was_carried_over_ = was_carried_over_ || concerns(decision);
    apply(decision);
}

void WhyKeeper::note(const ports::Decision& decision, std::string_view build) {
    if (is_over()) {
        return;
    }
    if (was_carried_over_ || !concerns(decision)) {
        apply(decision);
        return;
    }
    const bool has_begun_before = has_begun();
    const std::optional<core::Floor> before = floor_;
    apply(decision);
    tell(decision, searches_of(decision, before ? &*before : nullptr));
    if (!has_begun_before && has_begun()) {
        why_.build = build;
        why_.config_hash = floor_ && configured_ ? core::config_hash(configured_->config) : 0;
    }
}

void WhyKeeper::follow_transfer(const core::Event& event) {
    const auto* queued = std::get_if<core::ContactQueued>(&event);
    const auto* completed = std::get_if<core::TransferCompleted>(&event);
    if (queued != nullptr && queued->origin == contact_ &&
        queued->channel != core::Channel::consultation) {
        why_.successor = queued->contact;
    } else if (completed != nullptr && completed->origin == contact_) {
        why_.successor = completed->contact;
    }
}

void WhyKeeper::tell(const ports::Decision& decision, const std::vector<Search>& searches) {
    std::vector<Search> left = searches;
    for (const core::Event& event : decision.events) {
        follow_transfer(event);
        if (contact_of(event) != contact_) {
            continue;
        }
        Moment moment = moment_of(event, decision.at);
        const auto search = std::ranges::find_if(
            left, [&](const Search& each) { return belongs(each.reason, event); });
        if (search != left.end()) {
            moment.search = std::move(*search);
            left.erase(search);
        } else if (std::holds_alternative<core::ContactPresented>(event)) {
            ++why_.reasons_missing;
        }
        why_.moments.push_back(std::move(moment));
    }
    for (Search& search : left) {
        why_.moments.push_back({decision.at, std::nullopt, std::move(search), "", needs_now()});
    }
}

void WhyKeeper::follow(const core::Event& event, Time at) {
    if (const auto* queued = std::get_if<core::ContactQueued>(&event)) {
        why_.queued = *queued;
        why_.entered = at;
        queue_ = queued->queue;
        own_needs_ = queued->needs;
    } else if (const auto* moved = std::get_if<core::ContactMoved>(&event)) {
        queue_ = moved->queue;
        step_ = 0;
    } else if (const auto* widened = std::get_if<core::ContactWidened>(&event)) {
        step_ = widened->step;
    } else if (const auto* changed = std::get_if<core::NeedsChanged>(&event)) {
        own_needs_ = changed->needs;
    } else if (std::holds_alternative<core::ContactAnswered>(event)) {
        why_.answered = at;
    } else if (std::holds_alternative<core::ContactEnded>(event)) {
        why_.ended = at;
    }
}

Moment WhyKeeper::moment_of(const core::Event& event, Time at) {
    follow(event, at);
    Moment moment{at, event, std::nullopt, "", needs_now()};
    if (std::holds_alternative<core::ContactQueued>(event) ||
        std::holds_alternative<core::ContactMoved>(event)) {
        const core::QueueConfig* queue = find_queue(queue_);
        moment.name = queue == nullptr ? "" : queue->name;
    } else if (const auto* presented = std::get_if<core::ContactPresented>(&event)) {
        moment.name = name_of(presented->agent);
    } else if (const auto* answered = std::get_if<core::ContactAnswered>(&event)) {
        moment.name = name_of(answered->agent);
    }
    return moment;
}

// As routing unites them: a step of widening takes the place of the queue's needs.
core::Skills WhyKeeper::needs_now() const {
    const core::QueueConfig* queue = find_queue(queue_);
    if (queue == nullptr) {
        return own_needs_;
    }
    if (step_ == 0 || step_ > queue->widening.size()) {
        return core::united(queue->needs, own_needs_);
    }
    const core::WideningStep& step = queue->widening[step_ - 1];
    return step.drops_own ? step.needs : core::united(step.needs, own_needs_);
}

const core::QueueConfig* WhyKeeper::find_queue(core::QueueId queue) const {
    if (!configured_) {
        return nullptr;
    }
    const auto& ids = configured_->queue_ids;
    const auto place = std::ranges::find(ids, queue);
    return place == ids.end()
               ? nullptr
               : &configured_->config.queues[static_cast<std::size_t>(place - ids.begin())];
}

std::string WhyKeeper::name_of(core::AgentId agent) const {
    if (!configured_ || agent.value() >= kAnonymousFirst) {
        return "";
    }
    const auto& ids = configured_->agent_ids;
    const auto place = std::ranges::find(ids, agent);
    return place == ids.end()
               ? ""
               : configured_->config.agents[static_cast<std::size_t>(place - ids.begin())].name;
}

// The contact's searches; what only the floor before can tell is added if it can be.
std::vector<Search> WhyKeeper::searches_of(const ports::Decision& decision,
                                           const core::Floor* before) {
    std::vector<Search> searches;
    for (const core::Reason& reason : decision.reasons) {
        if (reason.contact == contact_) {
            searches.push_back({reason, excluded_of(reason), {}, {}});
        }
    }
    if (searches.empty() || before == nullptr) {
        return searches;
    }
    std::size_t next = 0;
    const bool is_alike =
        recompute(decision, *before, [&](const core::Reason& reason, const core::Floor& floor) {
            if (reason.contact == contact_ && has_names_) {
                add_names(floor, decision.at, searches[next++]);
            }
        });
    if (!is_alike) {
        why_.recomputed = Recomputed::otherwise;
    }
    return searches;
}

// Pools that differ in capacity only are one set of skills.
std::vector<Excluded> WhyKeeper::excluded_of(const core::Reason& reason) const {
    std::vector<Excluded> result;
    for (const core::Exclusion& each : reason.excluded) {
        Excluded told{std::nullopt, false, each.by, each.agents};
        if (floor_ && each.pool < floor_->routing().pool_count()) {
            told.skills = floor_->routing().skills_of(each.pool);
            told.is_stand_in = floor_->routing().is_of_stand_ins(each.pool);
        }
        const auto same = std::ranges::find_if(result, [&](const Excluded& known) {
            return known.skills == told.skills && known.is_stand_in == told.is_stand_in &&
                   known.by == told.by;
        });
        if (same == result.end()) {
            result.push_back(std::move(told));
        } else {
            same->agents += told.agents;
        }
    }
    return result;
}

void WhyKeeper::add_names(const core::Floor& floor, Time at, Search& search) const {
    for (const core::Standing& each : core::standings(floor, *floor.find_contact(contact_), at)) {
        const std::string& name = floor.find_agent(each.agent)->config.name;
        if (!each.by) {
            search.candidates.push_back(name);
        } else if (is_told_by_name(*each.by)) {
            search.excluded_names[*each.by].push_back(name);
        }
    }
}

void WhyKeeper::follow_charter(Time at) {
    const Duration passed = at - share_until_;
    const core::Contact* contact = floor_->find_contact(contact_);
    const bool waits = contact != nullptr && std::holds_alternative<core::Waiting>(contact->state);
    bool is_any = false;
    for (std::size_t i = 0; i < is_withheld_.size(); ++i) {
        is_any = is_any || is_withheld_[i];
        share_.by[i] += is_withheld_[i] ? passed : Duration{};
        is_withheld_[i] = waits && floor_->routing().withheld_from(
                                       *contact, static_cast<core::WithheldBy>(i)) > 0;
    }
    share_.by_any += is_any ? passed : Duration{};
    share_until_ = at;
}

Why WhyKeeper::take() {
    why_.contact = contact_;
    if (floor_) {
        why_.withheld = share_;
    } else {
        why_.recomputed = Recomputed::key_gone;
    }
    return std::move(why_);
}

}  // namespace lanze::app
