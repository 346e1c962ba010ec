// The fields of everything that is stored, in their order; for codec.cpp alone.
#pragma once

#include <concepts>
#include <type_traits>

#include "core/command.h"
#include "core/event.h"
#include "core/reason.h"

namespace lanze::core {

template <typename T, typename U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

template <typename T>
inline constexpr bool kIsId = false;
template <typename Tag, typename Rep>
inline constexpr bool kIsId<Id<Tag, Rep>> = true;

// The last enumerator of each stored enum; a byte beyond it is refused.
template <typename E>
constexpr E last_enumerator() {
    if constexpr (std::same_as<E, ServiceLevelDefinition>) {
        return E::answered_or_abandoned_within_per_offered;
    } else if constexpr (std::same_as<E, DeclineReason>) {
        return E::failed;
    } else if constexpr (std::same_as<E, NotReadyReason>) {
        return E::breather;
    } else if constexpr (std::same_as<E, EndedBy>) {
        return E::centre;
    } else if constexpr (std::same_as<E, CutOffCause>) {
        return E::time_limit;
    } else if constexpr (std::same_as<E, BlockedReason> || std::same_as<E, ExcludedBy>) {
        return E::queue_closed;
    } else if constexpr (std::same_as<E, PresentationEnd>) {
        return E::withdrawn;
    } else if constexpr (std::same_as<E, AgentRule>) {
        return E::round_robin;
    } else if constexpr (std::same_as<E, ContactRule>) {
        return E::longer_queue;
    } else if constexpr (std::same_as<E, AtClosing>) {
        return E::end;
    } else if constexpr (std::same_as<E, MoveCause>) {
        return E::overflow_expected;
    } else if constexpr (std::same_as<E, Occasion>) {
        return E::queue_opened;
    } else if constexpr (std::same_as<E, WithheldBy>) {
        return E::shift_over;
    } else if constexpr (std::same_as<E, Channel>) {
        return E::own_call;
    } else {
        static_assert(std::same_as<E, ContactEnd>);
        return E::transferred;
    }
}

template <typename Archive>
void fields(Archive& archive, Like<SkillLevel> auto& value) {
    archive(value.skill, value.level);
}
template <typename Archive>
void fields(Archive& archive, Like<ServiceLevel> auto& value) {
    archive(value.share_permille, value.within, value.definition, value.short_abandon);
}
template <typename Archive>
void fields(Archive& archive, Like<QueueConfig> auto& value) {
    archive(value.name, value.needs, value.service_level, value.waiting_max);
    archive.since(2, value.agent_rule, value.priority, value.widening, value.reserves,
                  value.overflows, value.at_closing, value.closing_to, value.preferred_for);
}
template <typename Archive>
void fields(Archive& archive, Like<Overflow> auto& value) {
    archive(value.to, value.after, value.waiting);
    archive.since(3, value.expected, value.proposes);
}
template <typename Archive>
void fields(Archive& archive, Like<WideningStep> auto& value) {
    archive(value.after, value.needs, value.drops_own);
}
template <typename Archive>
void fields(Archive& archive, Like<Reserve> auto& value) {
    archive(value.pool, value.keep);
}
template <typename Archive>
void fields(Archive& archive, Like<Charter> auto& value) {
    archive(value.occupancy_max_permille, value.ends_shifts, value.gives_breaks, value.breather,
            value.starvation_factor);
}
// Without the name, which is sealed.
template <typename Archive>
void fields(Archive& archive, Like<AgentConfig> auto& value) {
    archive(value.skills, value.wrap_up, value.present_for, value.starts_ready, value.is_stand_in,
            value.starts_reachable);
    archive.since(2, value.place);
    archive.since(3, value.capacity);
}
template <typename Archive>
void fields(Archive& archive, Like<Capacity> auto& value) {
    archive(value.chats, value.messages, value.calls_interrupt_chats,
            value.calls_interrupt_messages, value.chats_interrupt_messages,
            value.messages_interrupt_chats);
}
// Without the agents, whom Configure and Configured add.
template <typename Archive>
void fields(Archive& archive, Like<Config> auto& value) {
    archive(value.name, value.queues, value.contacts_max);
    archive.since(2, value.contact_rule, value.charter, value.seed);
}

template <typename Archive>
void fields(Archive& archive, Like<Configure> auto& value) {
    archive(value.config);
    archive.agents(value.config.agents, nullptr);
}
template <typename Archive>
void fields(Archive& archive, Like<EnterQueue> auto& value) {
    archive(value.queue);
    archive.since(2, value.needs, value.priority, value.preferred);
    archive.since(3, value.channel);
}
template <typename Archive>
void fields(Archive& archive, Like<Answer> auto& value) {
    archive(value.presentation);
}
template <typename Archive>
void fields(Archive& archive, Like<Decline> auto& value) {
    archive(value.presentation, value.reason);
}
template <typename Archive, typename T>
    requires Like<T, Hold> || Like<T, Resume> || Like<T, ContactHeld> || Like<T, ContactResumed> ||
             Like<T, PreferenceEnded> || Like<T, ContactOverdue> || Like<T, OverflowRefused> ||
             Like<T, RequestCallback> || Like<T, NotReached> || Like<T, CallbackRequested> ||
             Like<T, LeaveMessage> || Like<T, MessageLeft> || Like<T, ConsultationJoined>
void fields(Archive& archive, T& value) {
    archive(value.contact);
}
template <typename Archive>
void fields(Archive& archive, Like<HangUp> auto& value) {
    archive(value.contact, value.by);
}
template <typename Archive>
void fields(Archive& archive, Like<CutOff> auto& value) {
    archive(value.contact, value.cause);
}
template <typename Archive, typename T>
    requires Like<T, Ready> || Like<T, OpenDesk> || Like<T, CloseDesk> || Like<T, PhoneSeen> ||
             Like<T, PhoneLost> || Like<T, AgentReady> || Like<T, DeskOpened> ||
             Like<T, DeskClosed> || Like<T, PhoneFound> || Like<T, PhoneMissing> ||
             Like<T, TakeBreather> || Like<T, AgentReturned> || Like<T, BreatherNoted>
void fields(Archive& archive, T& value) {
    archive(value.agent);
}
template <typename Archive, typename T>
    requires Like<T, NotReady> || Like<T, AgentNotReady>
void fields(Archive& archive, T& value) {
    archive(value.agent, value.reason);
}
template <typename Archive>
void fields(Archive& archive, Like<EndWrapUp> auto& value) {
    archive(value.agent, value.outcome);
    archive.since(3, value.contact);
}
template <typename Archive>
void fields(Archive&, Like<AdvanceTime> auto&) {}
template <typename Archive, typename T>
    requires Like<T, ChangeNeeds> || Like<T, NeedsChanged>
void fields(Archive& archive, T& value) {
    archive(value.contact, value.needs);
}
template <typename Archive, typename T>
    requires Like<T, Prioritise> || Like<T, ContactPrioritised>
void fields(Archive& archive, T& value) {
    archive(value.contact, value.priority);
}
template <typename Archive>
void fields(Archive& archive, Like<PlannedBreak> auto& value) {
    archive(value.from, value.length);
}
template <typename Archive, typename T>
    requires Like<T, PlanShift> || Like<T, ShiftPlanned>
void fields(Archive& archive, T& value) {
    archive(value.agent, value.begin, value.end, value.breaks);
}
template <typename Archive>
void fields(Archive& archive, Like<MoveContact> auto& value) {
    archive(value.contact, value.queue);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactMoved> auto& value) {
    archive(value.contact, value.queue, value.cause);
}
template <typename Archive>
void fields(Archive& archive, Like<OpenSpan> auto& value) {
    archive(value.from, value.to);
}
template <typename Archive, typename T>
    requires Like<T, SetHours> || Like<T, HoursSet>
void fields(Archive& archive, T& value) {
    archive(value.queue, value.open);
}
template <typename Archive, typename T>
    requires Like<T, QueueOpened> || Like<T, QueueClosed> || Like<T, RestServed>
void fields(Archive& archive, T& value) {
    archive(value.queue);
}
template <typename Archive>
void fields(Archive& archive, Like<Assign> auto& value) {
    archive(value.contact, value.agent);
}

template <typename Archive>
void fields(Archive& archive, Like<Configured> auto& value) {
    archive(value.config, value.queue_ids);
    archive.agents(value.config.agents, &value.agent_ids);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactQueued> auto& value) {
    archive(value.contact, value.queue);
    archive.since(2, value.needs, value.priority, value.preferred);
    archive.since(3, value.channel, value.origin, value.waited);
}
template <typename Archive, typename T>
    requires Like<T, Transfer> || Like<T, Consult>
void fields(Archive& archive, T& value) {
    archive(value.contact, value.queue, value.agent);
}
template <typename Archive>
void fields(Archive& archive, Like<TransferOut> auto& value) {
    archive(value.contact);
}
template <typename Archive>
void fields(Archive& archive, Like<Dial> auto& value) {
    archive(value.agent, value.queue);
}
template <typename Archive>
void fields(Archive& archive, Like<Dialled> auto& value) {
    archive(value.contact, value.queue, value.agent);
}
template <typename Archive>
void fields(Archive& archive, Like<TakeBack> auto& value) {
    archive(value.origin, value.queue, value.needs, value.waited);
}
template <typename Archive, typename T>
    requires Like<T, Join> || Like<T, CompleteTransfer>
void fields(Archive& archive, T& value) {
    archive(value.consultation);
}
template <typename Archive>
void fields(Archive& archive, Like<AlternativeProposed> auto& value) {
    archive(value.contact, value.channel, value.cause);
}
template <typename Archive>
void fields(Archive& archive, Like<TransferCompleted> auto& value) {
    archive(value.contact, value.origin, value.queue, value.agent, value.channel, value.needs,
            value.waited);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactWidened> auto& value) {
    archive(value.contact, value.step);
}
template <typename Archive>
void fields(Archive& archive, Like<AgentWithheld> auto& value) {
    archive(value.agent, value.by);
}
template <typename Archive>
void fields(Archive& archive, Like<QueueShort> auto& value) {
    archive(value.queue, value.agents);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactBlocked> auto& value) {
    archive(value.queue, value.reason);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactPresented> auto& value) {
    archive(value.contact, value.agent, value.presentation, value.until);
}
template <typename Archive>
void fields(Archive& archive, Like<PresentationEnded> auto& value) {
    archive(value.presentation, value.contact, value.agent, value.end);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactAnswered> auto& value) {
    archive(value.contact, value.agent, value.presentation);
}
template <typename Archive>
void fields(Archive& archive, Like<ContactEnded> auto& value) {
    archive(value.contact, value.end, value.by, value.cause);
}
template <typename Archive>
void fields(Archive& archive, Like<AgentWishNoted> auto& value) {
    archive(value.agent, value.wants_ready, value.reason);
}
template <typename Archive>
void fields(Archive& archive, Like<AgentRests> auto& value) {
    archive(value.agent, value.reason, value.until);
}
template <typename Archive, typename T>
    requires Like<T, WrapUpStarted> || Like<T, WrapUpExtended>
void fields(Archive& archive, T& value) {
    archive(value.agent, value.contact, value.until);
}
template <typename Archive>
void fields(Archive& archive, Like<ExtendWrapUp> auto& value) {
    archive(value.agent, value.contact);
}
template <typename Archive>
void fields(Archive& archive, Like<WrapUpEnded> auto& value) {
    archive(value.agent, value.contact, value.outcome);
}

template <typename Archive>
void fields(Archive& archive, Like<Exclusion> auto& value) {
    archive(value.pool, value.by, value.agents);
}
template <typename Archive>
void fields(Archive& archive, Like<Reason> auto& value) {
    archive(value.contact, value.occasion, value.agent, value.presentation, value.rule, value.step,
            value.candidates, value.level, value.key, value.contacts, value.excluded);
}

}  // namespace lanze::core
