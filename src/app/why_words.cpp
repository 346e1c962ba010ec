#include "app/why_words.h"

#include "api/json_view.h"
#include "base/variant.h"

namespace lanze::app {

std::string_view word(core::Occasion occasion) {
    switch (occasion) {
        case core::Occasion::contact_entered:
            return "contact_entered";
        case core::Occasion::contact_came_back:
            return "contact_came_back";
        case core::Occasion::contact_widened:
            return "contact_widened";
        case core::Occasion::contact_overdue:
            return "contact_overdue";
        case core::Occasion::preference_ended:
            return "preference_ended";
        case core::Occasion::needs_changed:
            return "needs_changed";
        case core::Occasion::contact_moved:
            return "contact_moved";
        case core::Occasion::agent_free:
            return "agent_free";
        case core::Occasion::reserve_let_go:
            return "reserve_let_go";
        case core::Occasion::configured:
            return "configured";
        case core::Occasion::assigned:
            return "assigned";
        case core::Occasion::queue_opened:
            return "queue_opened";
    }
    return "";
}

std::string_view word(core::ExcludedBy by) {
    switch (by) {
        case core::ExcludedBy::occupancy_ceiling:
            return "occupancy_ceiling";
        case core::ExcludedBy::break_due:
            return "break_due";
        case core::ExcludedBy::alerting:
            return "alerting";
        case core::ExcludedBy::talking:
            return "talking";
        case core::ExcludedBy::wrap_up:
            return "wrap_up";
        case core::ExcludedBy::resting:
            return "resting";
        case core::ExcludedBy::not_ready:
            return "not_ready";
        case core::ExcludedBy::phone_unreachable:
            return "phone_unreachable";
        case core::ExcludedBy::shift_over:
            return "shift_over";
        case core::ExcludedBy::reserve:
            return "reserve";
        case core::ExcludedBy::tried_before:
            return "tried_before";
        case core::ExcludedBy::other_skills:
            return "other_skills";
        case core::ExcludedBy::not_preferred:
            return "not_preferred";
        case core::ExcludedBy::queue_closed:
            return "queue_closed";
    }
    return "";
}

std::string_view word(core::AgentRule rule) {
    switch (rule) {
        case core::AgentRule::longest_idle:
            return "longest_idle";
        case core::AgentRule::random_pool:
            return "random_pool";
        case core::AgentRule::random:
            return "random";
        case core::AgentRule::least_occupied:
            return "least_occupied";
        case core::AgentRule::best_level:
            return "best_level";
        case core::AgentRule::lowest_level:
            return "lowest_level";
        case core::AgentRule::fixed_order:
            return "fixed_order";
        case core::AgentRule::round_robin:
            return "round_robin";
    }
    return "";
}

std::string_view word(core::PresentationEnd end) {
    switch (end) {
        case core::PresentationEnd::expired:
            return "expired";
        case core::PresentationEnd::rejected:
            return "rejected";
        case core::PresentationEnd::busy:
            return "busy";
        case core::PresentationEnd::no_answer:
            return "no_answer";
        case core::PresentationEnd::unreachable:
            return "unreachable";
        case core::PresentationEnd::failed:
            return "failed";
        case core::PresentationEnd::withdrawn:
            return "withdrawn";
    }
    return "";
}

std::string_view word(core::MoveCause cause) {
    switch (cause) {
        case core::MoveCause::overflow_wait:
            return "overflow_wait";
        case core::MoveCause::overflow_length:
            return "overflow_length";
        case core::MoveCause::queue_closed:
            return "queue_closed";
        case core::MoveCause::supervisor:
            return "supervisor";
        case core::MoveCause::overflow_expected:
            return "overflow_expected";
    }
    return "";
}

std::string_view word(core::Channel channel) {
    return api::word(channel);
}

std::string_view word(Recomputed recomputed) {
    switch (recomputed) {
        case Recomputed::alike:
            return "alike";
        case Recomputed::otherwise:
            return "otherwise";
        case Recomputed::key_gone:
            return "key_gone";
    }
    return "";
}

std::string_view kind_word(const Moment& moment) {
    if (!moment.event) {
        return "searched";
    }
    using Word = std::string_view;
    return std::visit(
        Overloaded{
            [](const core::ContactQueued&) -> Word { return "queued"; },
            [](const core::ContactPresented&) -> Word { return "presented"; },
            [](const core::PresentationEnded&) -> Word { return "presentation_ended"; },
            [](const core::ContactAnswered&) -> Word { return "answered"; },
            [](const core::ContactHeld&) -> Word { return "held"; },
            [](const core::ContactResumed&) -> Word { return "resumed"; },
            [](const core::ContactEnded&) -> Word { return "ended"; },
            [](const core::ContactWidened&) -> Word { return "widened"; },
            [](const core::PreferenceEnded&) -> Word { return "preference_ended"; },
            [](const core::ContactOverdue&) -> Word { return "overdue"; },
            [](const core::NeedsChanged&) -> Word { return "needs_changed"; },
            [](const core::ContactPrioritised&) -> Word { return "prioritised"; },
            [](const core::ContactMoved&) -> Word { return "moved"; },
            [](const core::OverflowRefused&) -> Word { return "overflow_refused"; },
            [](const core::CallbackRequested&) -> Word { return "callback_requested"; },
            [](const core::MessageLeft&) -> Word { return "message_left"; },
            [](const core::AlternativeProposed&) -> Word { return "proposed"; },
            [](const core::ConsultationJoined&) -> Word { return "joined"; },
            [](const core::TransferCompleted&) -> Word { return "took_over"; },
            [](const core::Dialled&) -> Word { return "dialled"; },
            [](const auto&) -> Word { return "other"; },  // of no contact
        },
        *moment.event);
}

std::string said(core::Occasion occasion) {
    switch (occasion) {
        case core::Occasion::contact_entered:
            return "as it entered";
        case core::Occasion::contact_came_back:
            return "as it came back from the one before";
        case core::Occasion::contact_widened:
            return "as it was widened";
        case core::Occasion::contact_overdue:
            return "as it became overdue";
        case core::Occasion::preference_ended:
            return "as it waited for one agent by name no longer";
        case core::Occasion::needs_changed:
            return "as its needs changed";
        case core::Occasion::contact_moved:
            return "as it came from another queue";
        case core::Occasion::agent_free:
            return "when an agent became free";
        case core::Occasion::reserve_let_go:
            return "when so many were idle that a reserve let somebody go";
        case core::Occasion::configured:
            return "when the configuration changed";
        case core::Occasion::assigned:
            return "by a supervisor, whatever the rules";
        case core::Occasion::queue_opened:
            return "when its queue opened";
    }
    return "";
}

std::string said(core::ExcludedBy by) {
    switch (by) {
        case core::ExcludedBy::occupancy_ceiling:
            return "withheld by the occupancy ceiling";
        case core::ExcludedBy::break_due:
            return "withheld, a break is due";
        case core::ExcludedBy::alerting:
            return "alerting";
        case core::ExcludedBy::talking:
            return "talking";
        case core::ExcludedBy::wrap_up:
            return "in wrap-up";
        case core::ExcludedBy::resting:
            return "resting for a moment";
        case core::ExcludedBy::not_ready:
            return "not ready";
        case core::ExcludedBy::phone_unreachable:
            return "without a phone";
        case core::ExcludedBy::shift_over:
            return "whose shift ends too soon";
        case core::ExcludedBy::reserve:
            return "kept in reserve for others";
        case core::ExcludedBy::tried_before:
            return "presented it before";
        case core::ExcludedBy::other_skills:
            return "ready without the skills";
        case core::ExcludedBy::not_preferred:
            return "ready, but it waits for one agent by name";
        case core::ExcludedBy::queue_closed:
            return "ready, but nobody is called while the queue is closed";
    }
    return "";
}

std::string said(core::PresentationEnd end) {
    switch (end) {
        case core::PresentationEnd::expired:
            return "not answered in time";
        case core::PresentationEnd::rejected:
            return "rejected";
        case core::PresentationEnd::busy:
            return "the phone was busy";
        case core::PresentationEnd::no_answer:
            return "the phone gave up alerting";
        case core::PresentationEnd::unreachable:
            return "the phone could not be reached";
        case core::PresentationEnd::failed:
            return "the call to the phone failed";
        case core::PresentationEnd::withdrawn:
            return "no longer presented";
    }
    return "";
}

std::string said(core::MoveCause cause) {
    switch (cause) {
        case core::MoveCause::overflow_wait:
            return "overflow by its wait";
        case core::MoveCause::overflow_length:
            return "overflow by how many waited";
        case core::MoveCause::queue_closed:
            return "its queue was closed";
        case core::MoveCause::supervisor:
            return "a supervisor moved it";
        case core::MoveCause::overflow_expected:
            return "overflow by the wait expected";
    }
    return "";
}

namespace {

std::string said(core::EndedBy by) {
    switch (by) {
        case core::EndedBy::caller:
            return "the caller";
        case core::EndedBy::agent:
            return "the agent";
        case core::EndedBy::centre:
            return "the centre";
    }
    return "";
}

std::string said(core::CutOffCause cause) {
    switch (cause) {
        case core::CutOffCause::media_silent:
            return "nothing was heard for too long";
        case core::CutOffCause::session_expired:
            return "its session expired";
        case core::CutOffCause::signalling_lost:
            return "the signalling was lost";
        case core::CutOffCause::restart:
            return "the centre was started anew";
        case core::CutOffCause::centre_closed:
            return "the centre was closed";
        case core::CutOffCause::time_limit:
            return "a time limit was reached";
    }
    return "";
}

}  // namespace

std::string said(const core::ContactEnded& ended) {
    switch (ended.end) {
        case core::ContactEnd::abandoned:
            return "abandoned: the caller hung up before an answer";
        case core::ContactEnd::finished:
            return "finished: " + said(ended.by) + " hung up";
        case core::ContactEnd::cut_off:
            return "cut off: " + said(ended.cause);
        case core::ContactEnd::closed:
            return "let go: the queue closed";
        case core::ContactEnd::not_reached:
            return "not reached: nobody answered when the agent called";
        case core::ContactEnd::transferred:
            return "transferred: the agent gave it away";
    }
    return "";
}

}  // namespace lanze::app
