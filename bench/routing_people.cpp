#include "routing_people.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/variant.h"

namespace lanze::bench {

namespace {

const Time kStart = from_micros(1'770'000'000'000'000);
constexpr Duration kBetweenPauses = minutes(60);
constexpr Duration kPause = minutes(5);

}  // namespace

std::string_view to_string(Kind kind) {
    constexpr std::array<std::string_view, kKinds> kNames = {"configure",
                                                             "open_desk",
                                                             "plan_shift",
                                                             "fill",
                                                             "ready",
                                                             "enter_queue",
                                                             "answer",
                                                             "decline",
                                                             "hang_up_waiting",
                                                             "hang_up_presented",
                                                             "hang_up_connected",
                                                             "end_wrap_up",
                                                             "not_ready",
                                                             "take_breather",
                                                             "change_needs",
                                                             "prioritise",
                                                             "advance_time"};
    return kNames[static_cast<std::size_t>(kind)];
}

People::People(const CentreSetup& setup)
    : setup_(setup),
      gap_(std::chrono::duration_cast<Duration>(
          std::chrono::duration<double>(1 / setup.arrivals_per_second()))),
      patience_(setup.patience()),
      filled_at_(kStart + seconds(1) + gap_ * setup.waiting),
      now_(kStart),
      rng_(1) {
    plan(kStart, DeedKind::configure);
    for (std::uint32_t agent = 1; agent <= setup.agents; ++agent) {
        plan(kStart, DeedKind::open_desk, agent);
        if (setup.has_charter) {
            plan(kStart, DeedKind::plan_shift, agent);
        }
        plan(filled_at_ + between(Duration{0}, kHandle), DeedKind::become_ready, agent);
        plan(filled_at_ + about(kBetweenPauses), DeedKind::pause, agent);
    }
    plan(kStart + seconds(1), DeedKind::arrive);
}

Step People::next(const core::Floor& floor) {
    for (;;) {
        const Deed deed = deeds_.top();
        if (const auto due = floor.next_deadline(); due && *due <= deed.at) {
            now_ = std::max(now_, *due);
            return {now_, Kind::advance_time, core::AdvanceTime{}};
        }
        deeds_.pop();
        now_ = std::max(now_, deed.at);
        if (auto step = step_of(deed, floor)) {
            return *std::move(step);
        }
    }
}

void People::observe(const std::vector<core::Event>& events, Time at) {
    for (const core::Event& event : events) {
        match(
            event, [&](const core::ContactQueued& it) { on(it, at); },
            [&](const core::ContactPresented& it) { on(it, at); },
            [&](const core::ContactAnswered& it) { on(it, at); },
            [&](const core::WrapUpStarted& it) { on(it, at); },
            [&](const core::AgentNotReady& it) { on(it, at); }, [](const auto&) {});
    }
}

void People::plan(Time at, DeedKind kind, std::uint64_t id) {
    deeds_.push({at, planned_++, id, kind});
}

Duration People::about(Duration mean) {
    return std::chrono::duration_cast<Duration>(-std::log(1 - rng_.unit()) *
                                                std::chrono::duration<double>(mean));
}

Duration People::between(Duration least, Duration most) {
    return least + std::chrono::duration_cast<Duration>(
                       rng_.unit() * std::chrono::duration<double>(most - least));
}

std::optional<Step> People::step_of(const Deed& deed, const core::Floor& floor) {
    switch (deed.kind) {
        case DeedKind::configure:
            return Step{now_, Kind::configure, core::Configure{config_of(setup_)}};
        case DeedKind::arrive:
            return arrival();
        case DeedKind::open_desk:
        case DeedKind::plan_shift:
        case DeedKind::end_wrap_up:
        case DeedKind::become_ready:
        case DeedKind::pause:
        case DeedKind::take_breather:
            return step_of_agent(deed, floor);
        case DeedKind::give_up:
        case DeedKind::answer:
        case DeedKind::decline:
        case DeedKind::finish:
        case DeedKind::change_needs:
        case DeedKind::prioritise:
            return step_of_contact(deed, floor);
    }
    return std::nullopt;
}

// Some languages are asked for more often than others, as are contacts without a complaint.
Step People::arrival() {
    const bool is_fill = now_ < filled_at_;
    plan(now_ + (is_fill ? gap_ : about(gap_)), DeedKind::arrive);
    core::EnterQueue command{core::QueueId{1 + rng_.below(setup_.queues)}};
    const std::uint32_t language = std::min(rng_.below(kOwnNeeds / 2), rng_.below(kOwnNeeds / 2));
    command.needs = own_needs(2 * language + (happens(250) ? 1 : 0));
    if (setup_.has_charter && happens(100)) {
        command.priority = static_cast<std::uint8_t>(1 + rng_.below(core::kPriorityMax));
    }
    if (setup_.has_charter && happens(50)) {
        command.preferred = core::AgentId{1 + rng_.below(setup_.agents)};
    }
    return {now_, is_fill ? Kind::fill : Kind::enter_queue, std::move(command)};
}

std::optional<Step> People::step_of_agent(const Deed& deed, const core::Floor& floor) {
    const core::AgentId id{static_cast<core::AgentId::Representation>(deed.id)};
    if (deed.kind == DeedKind::open_desk) {
        return Step{now_, Kind::open_desk, core::OpenDesk{id}};
    }
    if (deed.kind == DeedKind::plan_shift) {
        const Time end = filled_at_ + between(hours(1), hours(6));  // some go while it is measured
        return Step{now_, Kind::plan_shift, core::PlanShift{id, kStart, end}};
    }
    if (deed.kind == DeedKind::pause) {
        plan(now_ + about(kBetweenPauses), DeedKind::pause, deed.id);
        return Step{now_, Kind::not_ready, core::NotReady{id, core::NotReadyReason::break_time}};
    }
    if (deed.kind == DeedKind::take_breather) {
        return Step{now_, Kind::take_breather, core::TakeBreather{id}};
    }
    const core::Agent& agent = *floor.find_agent(id);
    if (deed.kind == DeedKind::become_ready) {
        return agent.is_ready() ? std::nullopt
                                : std::optional(Step{now_, Kind::ready, core::Ready{id}});
    }
    if (!std::holds_alternative<core::WrapUp>(agent.activity)) {
        return std::nullopt;
    }
    return Step{now_, Kind::end_wrap_up, core::EndWrapUp{id, "solved"}};
}

std::optional<Step> People::step_of_contact(const Deed& deed, const core::Floor& floor) {
    if (deed.kind == DeedKind::answer || deed.kind == DeedKind::decline) {
        const core::PresentationId presentation{deed.id};
        if (!floor.presented_contact(presentation).is_set()) {
            return std::nullopt;
        }
        if (deed.kind == DeedKind::answer) {
            return Step{now_, Kind::answer, core::Answer{presentation}};
        }
        return Step{now_, Kind::decline, core::Decline{presentation}};
    }
    const core::ContactId id{deed.id};
    const core::Contact* contact = floor.find_contact(id);
    if (contact == nullptr) {
        return std::nullopt;
    }
    if (deed.kind == DeedKind::finish) {
        const auto by = happens(700) ? core::EndedBy::caller : core::EndedBy::agent;
        return Step{now_, Kind::hang_up_connected, core::HangUp{id, by}};
    }
    const bool is_waiting = std::holds_alternative<core::Waiting>(contact->state);
    if (deed.kind == DeedKind::give_up) {
        if (std::holds_alternative<core::Connected>(contact->state)) {
            return std::nullopt;
        }
        return Step{now_, is_waiting ? Kind::hang_up_waiting : Kind::hang_up_presented,
                    core::HangUp{id}};
    }
    if (!is_waiting) {
        return std::nullopt;
    }
    if (deed.kind == DeedKind::change_needs) {
        return Step{now_, Kind::change_needs,
                    core::ChangeNeeds{id, own_needs(rng_.below(kOwnNeeds))}};
    }
    return Step{now_, Kind::prioritise, core::Prioritise{id, 2}};
}

// Nobody gives up while the line grows. That changes nothing afterwards, because those who have
// waited long give up no sooner than others.
void People::on(const core::ContactQueued& event, Time at) {
    const Time from = std::max(at, filled_at_);
    const Time gives_up_at = from + about(patience_);
    plan(gives_up_at, DeedKind::give_up, event.contact.value());
    if (setup_.has_charter && happens(40)) {
        plan(between(Duration{0}, gives_up_at - from) + from,
             happens(500) ? DeedKind::change_needs : DeedKind::prioritise, event.contact.value());
    }
}

void People::on(const core::ContactPresented& event, Time at) {
    const Time at_hand = at + between(seconds(2), seconds(6));
    const std::uint32_t chance = rng_.below(100);
    if (chance < 94) {
        plan(at_hand, DeedKind::answer, event.presentation.value());
    } else if (chance < 97) {
        plan(at_hand, DeedKind::decline, event.presentation.value());
    }  // else nobody answers and it expires
}

void People::on(const core::ContactAnswered& event, Time at) {
    const Duration talk = about(kTalk);
    plan(at + talk, DeedKind::finish, event.contact.value());
    if (setup_.has_charter && happens(10)) {
        plan(at + talk / 2, DeedKind::take_breather, event.agent.value());
    }
}

void People::on(const core::WrapUpStarted& event, Time at) {
    if (happens(900)) {  // else the budget runs out
        plan(at + between(seconds(5), seconds(19)), DeedKind::end_wrap_up, event.agent.value());
    }
}

void People::on(const core::AgentNotReady& event, Time at) {
    const bool is_before_work = at < filled_at_;
    if (is_before_work || event.reason == core::NotReadyReason::breather) {
        return;
    }
    const bool is_pause = event.reason == core::NotReadyReason::break_time;
    plan(at + (is_pause ? kPause : between(seconds(5), seconds(15))), DeedKind::become_ready,
         event.agent.value());
}

}  // namespace lanze::bench
