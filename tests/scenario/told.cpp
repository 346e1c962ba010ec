#include "scenario/told.h"

#include "base/variant.h"
#include "scenario/words.h"

namespace lanze::scenario {

using namespace core;

namespace {

std::string told_end(PresentationEnd end) {
    switch (end) {
        case PresentationEnd::expired:
            return "presentation_expired";
        case PresentationEnd::rejected:
            return "presentation_rejected";
        case PresentationEnd::busy:
            return "presentation_busy";
        case PresentationEnd::no_answer:
            return "presentation_not_answered";
        case PresentationEnd::unreachable:
            return "presentation_unreachable";
        case PresentationEnd::failed:
            return "presentation_failed";
        case PresentationEnd::withdrawn:
            return "presentation_withdrawn";
    }
    return "?";
}

std::string told_end(const ContactEnded& ended, const std::string& name) {
    switch (ended.end) {
        case ContactEnd::abandoned:
            return "contact_abandoned " + name;
        case ContactEnd::cut_off:
            return "contact_cut_off " + name;
        case ContactEnd::closed:
            return "contact_closed " + name;
        case ContactEnd::not_reached:
            return "contact_not_reached " + name;
        case ContactEnd::transferred:
            return "contact_transferred " + name;
        case ContactEnd::finished:
            break;
    }
    return "contact_finished " + name + " " + name_in(sides(), ended.by);
}

// A scenario begins at the beginning of time.
std::string clock_of(Time time) {
    return clock_text(time.time_since_epoch());
}

// "00:10-00:50"; "00:10-": for ever; "-00:50": since before the beginning.
std::string span_text(const OpenSpan& span) {
    return (span.from < Time{} ? "" : clock_of(span.from)) + "-" +
           (span.to == Time::max() ? "" : clock_of(span.to));
}

std::string told_by(WithheldBy by) {
    switch (by) {
        case WithheldBy::occupancy_ceiling:
            return "ceiling";
        case WithheldBy::break_due:
            return "break_due";
        case WithheldBy::shift_over:
            return "shift_over";
    }
    return "?";
}

// Each event in its own words.
auto told_of_queues(const Teller& t) {
    return Overloaded{
        [](const Configured&) { return std::string("configured"); },
        [&t](const ContactBlocked&) { return "contact_blocked " + t.expected(); },
        [&t](const QueueShort& queue) {
            return "queue_short " + t.name(queue.queue) + " " + std::to_string(queue.agents);
        },
        [&t](const HoursSet& hours) { return "hours_set " + t.name(hours.queue); },
        [&t](const QueueOpened& opened) { return "queue_opened " + t.name(opened.queue); },
        [&t](const QueueClosed& closed) { return "queue_closed " + t.name(closed.queue); },
        [&t](const RestServed& rest) { return "rest_served " + t.name(rest.queue); }};
}

auto told_of_agents(const Teller& t) {
    return Overloaded{
        [&t](const AgentReady& ready) { return "agent_ready " + t.name(ready.agent); },
        [&t](const AgentNotReady& agent) {
            return "agent_not_ready " + t.name(agent.agent) + " " +
                   name_in(reasons(), agent.reason);
        },
        [&t](const AgentWishNoted& wish) {
            return "wish_noted " + t.name(wish.agent) + " " +
                   (wish.wants_ready ? "ready" : name_in(reasons(), wish.reason));
        },
        [&t](const AgentRests& rests) {
            return "agent_rests " + t.name(rests.agent) + " " + name_in(reasons(), rests.reason);
        },
        [&t](const WrapUpStarted& started) {
            return "wrap_up_started " + t.name(started.agent) + " " + t.name(started.contact);
        },
        [&t](const WrapUpEnded& ended) {
            return "wrap_up_ended " + t.name(ended.agent) + " " + t.name(ended.contact) +
                   (ended.outcome.empty() ? "" : " " + ended.outcome);
        },
        [&t](const DeskOpened& desk) { return "desk_opened " + t.name(desk.agent); },
        [&t](const DeskClosed& desk) { return "desk_closed " + t.name(desk.agent); },
        [&t](const PhoneFound& phone) { return "phone_found " + t.name(phone.agent); },
        [&t](const PhoneMissing& phone) { return "phone_missing " + t.name(phone.agent); },
        [&t](const AgentWithheld& withheld) {
            return "agent_withheld " + t.name(withheld.agent) + " " + told_by(withheld.by);
        },
        [&t](const AgentReturned& returned) { return "agent_returned " + t.name(returned.agent); },
        [&t](const BreatherNoted& noted) { return "breather_noted " + t.name(noted.agent); },
        [&t](const ShiftPlanned& shift) { return "shift_planned " + t.name(shift.agent); }};
}

auto told_of_contacts(const Teller& t) {
    return Overloaded{
        [&t](const ContactQueued& queued) {
            const std::string about =
                queued.channel == Channel::consultation ? " about " : " after ";
            return "contact_queued " + t.name(queued.contact) + " " + t.name(queued.queue) +
                   (queued.origin.is_set() ? about + t.name(queued.origin) : "");
        },
        [&t](const ContactPresented& presented) {
            return "contact_presented " + t.name(presented.contact) + " " + t.name(presented.agent);
        },
        [&t](const PresentationEnded& ended) {
            return told_end(ended.end) + " " + t.name(ended.contact) + " " + t.name(ended.agent);
        },
        [&t](const ContactAnswered& answered) {
            return "contact_answered " + t.name(answered.contact) + " " + t.name(answered.agent);
        },
        [&t](const ContactHeld& held) { return "contact_held " + t.name(held.contact); },
        [&t](const ContactResumed& resumed) {
            return "contact_resumed " + t.name(resumed.contact);
        },
        [&t](const ContactEnded& ended) { return told_end(ended, t.name(ended.contact)); },
        [&t](const ContactWidened& widened) {
            return "contact_widened " + t.name(widened.contact) + " " +
                   std::to_string(widened.step);
        },
        [&t](const PreferenceEnded& ended) { return "preference_ended " + t.name(ended.contact); },
        [&t](const ContactOverdue& overdue) {
            return "contact_overdue " + t.name(overdue.contact);
        },
        [&t](const NeedsChanged& changed) {
            return "needs_changed " + t.name(changed.contact) + " " + skills_text(changed.needs);
        },
        [&t](const ContactPrioritised& contact) {
            return "contact_prioritised " + t.name(contact.contact) + " " +
                   std::to_string(contact.priority);
        },
        [&t](const ContactMoved& moved) {
            return "contact_moved " + t.name(moved.contact) + " " + t.name(moved.queue) + " " +
                   name_in(move_causes(), moved.cause);
        },
        [&t](const OverflowRefused& refused) {
            return "overflow_refused " + t.name(refused.contact);
        },
        [&t](const CallbackRequested& requested) {
            return "callback_requested " + t.name(requested.contact);
        },
        [&t](const MessageLeft& left) { return "message_left " + t.name(left.contact); },
        [&t](const AlternativeProposed& proposed) {
            return "alternative_proposed " + t.name(proposed.contact) + " " +
                   name_in(channels(), proposed.channel) + " " +
                   name_in(move_causes(), proposed.cause);
        },
        [&t](const ConsultationJoined& joined) {
            return "consultation_joined " + t.name(joined.contact);
        },
        [&t](const TransferCompleted& completed) {
            return "transfer_completed " + t.name(completed.origin) + " " +
                   t.name(completed.contact) + " " + t.name(completed.agent);
        },
        [&t](const Dialled& dialled) {
            return "dialled " + t.name(dialled.contact) + " " + t.name(dialled.agent);
        },
        [&t](const WrapUpExtended& extended) {
            return "wrap_up_extended " + t.name(extended.agent) + " " + t.name(extended.contact);
        }};
}

auto asked_of_agents(const Teller& t) {
    return Overloaded{
        [&t](const Ready& ready) { return "ready " + t.name(ready.agent); },
        [&t](const NotReady& agent) {
            return "not_ready " + t.name(agent.agent) + " " + name_in(reasons(), agent.reason);
        },
        [&t](const OpenDesk& desk) { return "open_desk " + t.name(desk.agent); },
        [&t](const CloseDesk& desk) { return "close_desk " + t.name(desk.agent); },
        [&t](const EndWrapUp& end) {
            const bool has_contact = end.contact.is_set();
            const std::string outcome = end.outcome.empty() && has_contact ? "-" : end.outcome;
            return "end_wrap_up " + t.name(end.agent) + (outcome.empty() ? "" : " " + outcome) +
                   (has_contact ? " " + t.name(end.contact) : "");
        },
        [&t](const PhoneSeen& phone) { return "phone_seen " + t.name(phone.agent); },
        [&t](const PhoneLost& phone) { return "phone_lost " + t.name(phone.agent); },
        [&t](const TakeBreather& breather) { return "breather " + t.name(breather.agent); },
        [&t](const ExtendWrapUp& extend) {
            return "extend_wrap_up " + t.name(extend.agent) +
                   (extend.contact.is_set() ? " " + t.name(extend.contact) : "");
        },
        [&t](const PlanShift& plan) {
            std::string text = "plan_shift " + t.name(plan.agent) + " " + clock_of(plan.begin) +
                               " " + clock_of(plan.end);
            for (const PlannedBreak& each : plan.breaks) {
                text += " break=" + clock_of(each.from) + "/" + seconds_text(each.length);
            }
            return text;
        }};
}

}  // namespace

// "c1 c2 travel agent=ben": the contact, the one that follows it, where to.
template <typename Command>
std::string Teller::way(const Command& command) const {
    return name(command.contact) + " " + entering_ + " " +
           (command.queue.is_set() ? name(command.queue) : "-") +
           (command.agent.is_set() ? " agent=" + name(command.agent) : "");
}

std::string Teller::name(AgentId id) const {
    const Agent* agent = floor_.find_agent(id);
    return agent == nullptr ? "nobody" : agent->config.name;
}

std::string Teller::name(QueueId id) const {
    const Queue* queue = floor_.find_queue(id);
    return queue == nullptr ? "nowhere" : queue->config.name;
}

std::string Teller::name(ContactId id) const {
    const auto place = contact_names_.find(id);
    return place == contact_names_.end() ? "nobody" : place->second;
}

std::string Teller::name(PresentationId id) const {
    const auto place = presented_.find(id);
    return place == presented_.end() ? "nobody" : place->second;
}

ContactId Teller::contact(const std::string& name) const {
    if (name == "nobody") {
        return ContactId{999'999};  // not the same as none
    }
    const auto place = contacts_.find(name);
    return place == contacts_.end() ? ContactId{} : place->second;
}

PresentationId Teller::presentation(const std::string& name) const {
    const auto place = presentations_.find(name);
    return place == presentations_.end() ? PresentationId{} : place->second;
}

std::string Teller::told(const Event& event) {
    if (const auto* queued = std::get_if<ContactQueued>(&event)) {
        contacts_[entering_] = queued->contact;
        contact_names_[queued->contact] = entering_;
    }
    if (const auto* dialled = std::get_if<Dialled>(&event)) {
        contacts_[entering_] = dialled->contact;
        contact_names_[dialled->contact] = entering_;
    }
    if (const auto* presented = std::get_if<ContactPresented>(&event)) {
        presentations_[name(presented->contact)] = presented->presentation;
        presented_[presented->presentation] = name(presented->contact);
    }
    return std::visit(
        Overloaded{told_of_queues(*this), told_of_agents(*this), told_of_contacts(*this)}, event);
}

std::string Teller::told(const Command& command) {
    return std::visit(
        Overloaded{
            asked_of_agents(*this),
            [](const Configure&) { return std::string("configure"); },
            [](const AdvanceTime&) { return std::string("time"); },
            [&](const EnterQueue& enter) {
                std::string text = "enter " + entering_ + " " + name(enter.queue);
                text += enter.needs.empty() ? "" : " needs=" + skills_text(enter.needs);
                text += enter.priority == 0 ? "" : " priority=" + std::to_string(enter.priority);
                text += enter.channel == Channel::voice
                            ? ""
                            : " channel=" + name_in(channels(), enter.channel);
                return text +
                       (enter.preferred.is_set() ? " preferred=" + name(enter.preferred) : "");
            },
            [&](const Transfer& one) { return "transfer " + way(one); },
            [&](const Consult& one) { return "consult " + way(one); },
            [&](const Join& join) { return "join " + name(join.consultation); },
            [&](const CompleteTransfer& complete) {
                return "complete_transfer " + name(complete.consultation);
            },
            [&](const TransferOut& one) { return "transfer_out " + name(one.contact); },
            [&](const TakeBack& back) {
                return "take_back " + name(back.origin) + " " + name(back.queue);
            },
            [&](const Dial& dial) {
                return "dial " + name(dial.agent) + " " + entering_ +
                       (dial.queue.is_set() ? " " + name(dial.queue) : "");
            },
            [&](const LeaveMessage& leave) { return "leave_message " + name(leave.contact); },
            [&](const Answer& answer) { return "answer " + name(answer.presentation); },
            [&](const Decline& decline) {
                return name_in(declines(), decline.reason) + " " + name(decline.presentation);
            },
            [&](const Hold& hold) { return "hold " + name(hold.contact); },
            [&](const Resume& resume) { return "resume " + name(resume.contact); },
            [&](const HangUp& hang_up) {
                return "hang_up " + name(hang_up.contact) + " " + name_in(sides(), hang_up.by);
            },
            [&](const CutOff& cut) {
                return "cut_off " + name(cut.contact) + " " + name_in(causes(), cut.cause);
            },
            [&](const RequestCallback& request) { return "callback " + name(request.contact); },
            [&](const NotReached& contact) { return "not_reached " + name(contact.contact); },
            [&](const ChangeNeeds& change) {
                return "change_needs " + name(change.contact) + " " + skills_text(change.needs);
            },
            [&](const Prioritise& prioritise) {
                return "prioritise " + name(prioritise.contact) + " " +
                       std::to_string(prioritise.priority);
            },
            [&](const Assign& assign) {
                return "assign " + name(assign.contact) + " " + name(assign.agent);
            },
            [&](const MoveContact& move) {
                return "move " + name(move.contact) + " " + name(move.queue);
            },
            [&](const SetHours& hours) {
                std::string text = "hours " + name(hours.queue);
                for (const OpenSpan& span : hours.open) {
                    text += " " + span_text(span);
                }
                return text;
            }},
        command);
}

}  // namespace lanze::scenario
