// What agents do and what becomes of them.
#include <algorithm>

#include "core/turn.h"

namespace lanze::core {

namespace {

constexpr std::size_t kOutcomeBytesMax = 64;

bool is_own_choice(NotReadyReason reason) {
    return reason == NotReadyReason::break_time || reason == NotReadyReason::meeting ||
           reason == NotReadyReason::training || reason == NotReadyReason::other;
}

// The contact in wrap-up or, if none is named, the one that has been in it longest.
const Written* in_wrap_up(const Agent& agent, ContactId contact) {
    const Written* found = nullptr;
    for (const Written& each : agent.written) {
        const bool is_meant = !contact.is_set() || each.contact == contact;
        if (is_meant && each.phase == Written::Phase::wrap_up &&
            (found == nullptr || each.since < found->since)) {
            found = &each;
        }
    }
    return found;
}

}  // namespace

void Turn::settle(const Agent& agent) {
    const auto due =
        std::find_if(agent.written.begin(), agent.written.end(),
                     [&](const Written& each) { return each.until && *each.until <= now_; });
    if (due != agent.written.end()) {
        settle(agent, *due);
    } else if (const auto* alerting = std::get_if<Alerting>(&agent.activity)) {
        end_presentation(alerting->presentation, PresentationEnd::expired);
    } else if (std::holds_alternative<WrapUp>(agent.activity)) {
        end_wrap_up(agent, "");
    } else if (agent.withheld) {
        emit(AgentReturned{agent.id});
        welcome(agent);
    } else if (agent.is_ready()) {
        if (!withhold(agent)) {
            emit(AgentReturned{agent.id});  // over the ceiling until the minute was over, unseen
        }
    } else {
        release(agent);  // has rested
    }
}

void Turn::settle(const Agent& agent, const Written& written) {
    if (written.phase == Written::Phase::alerting) {
        end_presentation(written.presentation, PresentationEnd::expired);
    } else {
        end_wrap_up(agent, written, "");
    }
}

void Turn::rejoin(const Agent& agent) {
    if (agent.is_presentable()) {
        welcome(agent);
    }
}

void Turn::release(const Agent& agent) {
    if (agent.is_retired) {
        emit(AgentNotReady{agent.id, NotReadyReason::signed_out});
    } else if (agent.closed_for) {
        emit(AgentNotReady{agent.id, *agent.closed_for});
    } else if (!agent.is_reachable) {
        emit(AgentNotReady{agent.id, NotReadyReason::phone_unreachable});
    } else if (agent.wants_breather) {
        emit(AgentRests{agent.id, NotReadyReason::breather,
                        now_ + floor_.config().charter.breather});
    } else {
        emit(AgentReady{agent.id});
        welcome(agent);
    }
}

void Turn::end_wrap_up(const Agent& agent, const std::string& outcome) {
    const bool is_over_budget = outcome.empty() && activity_until(agent) <= now_;
    emit(WrapUpEnded{agent.id, contact_of(agent), outcome});
    if (is_over_budget && agent.has_desk && agent.wants_contacts()) {
        emit(AgentNotReady{agent.id, NotReadyReason::wrap_up});
        return;
    }
    release(agent);
}

void Turn::end_wrap_up(const Agent& agent, const Written& written, const std::string& outcome) {
    const bool is_over_budget = outcome.empty() && written.until && *written.until <= now_;
    emit(WrapUpEnded{agent.id, written.contact, outcome});
    if (!is_over_budget || !agent.has_desk || !agent.wants_contacts()) {
        rejoin(agent);
    } else if (contact_of(agent).is_set()) {
        emit(AgentWishNoted{agent.id, false, NotReadyReason::wrap_up});
    } else {
        emit(AgentNotReady{agent.id, NotReadyReason::wrap_up});
    }
}

Refused Turn::on(const Ready& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (agent->is_ready()) {
        return kDone;
    }
    if (std::holds_alternative<WrapUp>(agent->activity)) {
        emit(WrapUpEnded{command.agent, contact_of(*agent), ""});
    }
    const bool has_contact = contact_of(*agent).is_set();
    if (agent->closed_for && (has_contact || !agent->is_reachable)) {
        emit(AgentWishNoted{command.agent, true, {}});
    }
    if (has_contact) {
        return kDone;
    }
    if (!agent->is_reachable) {
        emit(AgentNotReady{command.agent, NotReadyReason::phone_unreachable});
        return kDone;
    }
    emit(AgentReady{command.agent});
    welcome(*agent);
    return kDone;
}

Refused Turn::on(const NotReady& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (!is_own_choice(command.reason)) {
        return Refusal::reason_not_allowed;
    }
    if (contact_of(*agent).is_set()) {
        emit(AgentWishNoted{command.agent, false, command.reason});
    } else {
        emit(AgentNotReady{command.agent, command.reason});
    }
    return kDone;
}

Refused Turn::on(const OpenDesk& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (agent->has_desk) {
        return kDone;
    }
    emit(DeskOpened{command.agent});
    if (agent->closed_for == NotReadyReason::signed_out) {
        if (contact_of(*agent).is_set()) {
            emit(AgentWishNoted{command.agent, false, NotReadyReason::other});
        } else {
            emit(AgentNotReady{command.agent, NotReadyReason::other});
        }
    }
    return kDone;
}

Refused Turn::on(const CloseDesk& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (!agent->has_desk) {
        return kDone;
    }
    emit(DeskClosed{command.agent});
    if (agent->config.starts_ready) {  // a desk phone goes on without the desk
        if (agent->withheld && agent->withheld != withholding(*agent)) {
            emit(AgentReturned{command.agent});
            welcome(*agent);
        }
        return kDone;
    }
    if (contact_of(*agent).is_set()) {
        emit(AgentWishNoted{command.agent, false, NotReadyReason::signed_out});
    } else {
        emit(AgentNotReady{command.agent, NotReadyReason::signed_out});
    }
    return kDone;
}

Refused Turn::on(const EndWrapUp& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (command.outcome.size() > kOutcomeBytesMax) {
        return Refusal::outcome_too_long;
    }
    const bool is_of_call = std::holds_alternative<WrapUp>(agent->activity) &&
                            (!command.contact.is_set() || command.contact == contact_of(*agent));
    if (is_of_call) {
        end_wrap_up(*agent, command.outcome);
        return kDone;
    }
    const Written* written = in_wrap_up(*agent, command.contact);
    if (written == nullptr) {
        return Refusal::agent_not_in_wrap_up;
    }
    end_wrap_up(*agent, *written, command.outcome);
    return kDone;
}

Refused Turn::on(const ExtendWrapUp& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    const auto* of_call = std::get_if<WrapUp>(&agent->activity);
    const bool is_of_call =
        of_call != nullptr && (!command.contact.is_set() || command.contact == of_call->contact);
    const Written* written = is_of_call ? nullptr : in_wrap_up(*agent, command.contact);
    if (!is_of_call && written == nullptr) {
        return Refusal::agent_not_in_wrap_up;
    }
    if (is_of_call ? of_call->is_extended : written->is_extended) {
        return Refusal::wrap_up_extended;
    }
    const Time until = is_of_call ? of_call->until : written->until.value_or(now_);
    emit(WrapUpExtended{agent->id, is_of_call ? of_call->contact : written->contact,
                        until + agent->config.wrap_up});
    return kDone;
}

Refused Turn::on(const PhoneSeen& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (agent->is_reachable) {
        return kDone;
    }
    emit(PhoneFound{command.agent});
    if (agent->is_ready()) {
        emit(AgentReady{command.agent});
        welcome(*agent);
    }
    return kDone;
}

Refused Turn::on(const PhoneLost& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (!agent->is_reachable) {
        return kDone;
    }
    const bool was_ready = agent->is_ready();
    emit(PhoneMissing{command.agent});
    if (was_ready) {
        emit(AgentNotReady{command.agent, NotReadyReason::phone_unreachable});
    }
    return kDone;
}

Refused Turn::on(const TakeBreather& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (contact_of(*agent).is_set()) {
        emit(BreatherNoted{command.agent});
        return kDone;
    }
    if (!agent->is_ready()) {
        return Refusal::agent_not_ready;
    }
    emit(AgentRests{command.agent, NotReadyReason::breather,
                    now_ + floor_.config().charter.breather});
    return kDone;
}

Refused Turn::on(const PlanShift& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    const bool is_in_order = std::is_sorted(
        command.breaks.begin(), command.breaks.end(),
        [](const PlannedBreak& a, const PlannedBreak& b) { return a.from < b.from; });
    if (!is_in_order || command.breaks.size() > kPlannedBreaksMax) {
        return Refusal::shift_invalid;
    }
    emit(ShiftPlanned{command.agent, command.begin, command.end, command.breaks});
    if (agent->is_ready()) {
        welcome(*agent);
    }
    return kDone;
}

}  // namespace lanze::core
