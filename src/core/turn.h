// Turn: what one command leads to. It emits events, and each is applied at once, so that every
// decision sees the floor as the ones before left it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/floor.h"

namespace lanze::core {

using Refused = std::optional<Refusal>;
inline constexpr Refused kDone = std::nullopt;

// One per call of Floor::handle: contacts in turn.cpp, queues in turn_queue.cpp, transfers in
// turn_transfer.cpp, agents in turn_agent.cpp, the configuration in turn_configure.cpp, who gets
// whom in turn_match.cpp.
class Turn {
public:
    Turn(Floor& floor, Time now, Explaining explaining)
        : floor_(floor),
          now_(now),
          explaining_(explaining),
          shortened_before_(floor.shortened_count()) {}

    // Settles what is due, in the order of time.
    void settle();
    // Who was about to leave may have time again for a queue whose contacts became shorter.
    void match_leaving();
    // Last of all: what the charter costs the queues this turn has touched.
    void tell_shortage();
    Outcome take_outcome(Refused refusal) {
        return {std::move(events_), refusal, std::move(reasons_), std::move(events_before_)};
    }

    Refused on(const Configure& command);
    Refused on(const EnterQueue& command);
    Refused on(const Answer& command);
    Refused on(const Decline& command);
    Refused on(const Hold& command);
    Refused on(const Resume& command);
    Refused on(const HangUp& command);
    Refused on(const CutOff& command);
    Refused on(const Ready& command);
    Refused on(const NotReady& command);
    Refused on(const OpenDesk& command);
    Refused on(const CloseDesk& command);
    Refused on(const EndWrapUp& command);
    Refused on(const PhoneSeen& command);
    Refused on(const PhoneLost& command);
    Refused on(const TakeBreather& command);
    Refused on(const ChangeNeeds& command);
    Refused on(const Prioritise& command);
    Refused on(const Assign& command);
    Refused on(const PlanShift& command);
    Refused on(const MoveContact& command);
    Refused on(const SetHours& command);
    Refused on(const RequestCallback& command);
    Refused on(const NotReached& command);
    Refused on(const ExtendWrapUp& command);
    Refused on(const LeaveMessage& command);
    Refused on(const Transfer& command);
    Refused on(const Consult& command);
    Refused on(const Join& command);
    Refused on(const CompleteTransfer& command);
    Refused on(const TransferOut& command);
    Refused on(const TakeBack& command);
    Refused on(const Dial& command);
    static Refused on(const AdvanceTime& /*command*/) { return kDone; }

private:
    using Way = std::pair<const Overflow*, MoveCause>;  // an overflow, and why it applies

    void emit(Event event);
    void settle(const Agent& agent);
    void settle(const Contact& contact);
    void settle(const Queue& queue);
    void settle_overflow(const Contact& contact);
    // The queue is open: its customers may be called.
    void resume(const Queue& queue);
    // The contact that has waited longest in a queue that must be emptied goes.
    void let_go(const Queue& queue);
    // So many wait that it could neither wait here nor be presented or moved at once.
    bool is_without_room(const Queue& queue, const ContactQueued& entering,
                         const std::vector<Way>& ways);
    // Open, and not full.
    const Queue* find_open(QueueId id) const;
    void move(ContactId contact, QueueId queue, MoveCause cause);
    // What applies to a contact that enters now, by length or expected wait.
    std::vector<Way> ways_at_once(const Queue& queue) const;
    // Proposals, and the first queue that takes it.
    void overflow(ContactId contact, const std::vector<Way>& ways);
    // False: it is nobody who could be asked.
    bool propose(ContactId contact, Channel channel, MoveCause cause);

    void end_presentation(PresentationId presentation, PresentationEnd end);
    void decide_after_miss(const Agent& agent, PresentationEnd end);
    void decide_after_written_miss(const Agent& agent, PresentationEnd end);
    void end_contact(ContactId id, ContactEnded ended);
    // The contact, if it waits; otherwise what to refuse with.
    const Contact* find_waiting(ContactId id, Refused& refused) const;
    // Likewise, if an agent has it.
    const Contact* find_connected(ContactId id, Refused& refused) const;
    const Contact* find_consultation(ContactId id, Refused& refused) const;
    ContactQueued follow(const Contact& contact, QueueId queue, AgentId agent) const;
    Refused refuse_way(const Contact& contact, QueueId queue_id, AgentId agent_id) const;
    void end_consultations(ContactId about);
    // Whom the agent of a call of his own asked for, and nobody else, is not to be had.
    bool is_for_one(const Contact& contact) const;

    void end_wrap_up(const Agent& agent, const std::string& outcome);
    void end_wrap_up(const Agent& agent, const Written& written, const std::string& outcome);
    void settle(const Agent& agent, const Written& written);
    // An agent with chats and messages may have room for one more.
    void rejoin(const Agent& agent);
    // What an agent who has nothing to do any more goes to.
    void release(const Agent& agent);
    // The agent is ready: he gets a contact, or the charter withholds them.
    void welcome(const Agent& agent);
    // True if the charter presents nothing to the agent now.
    bool withhold(const Agent& agent);
    std::optional<WithheldBy> withholding(const Agent& agent) const;

    void match_agent(const Agent& agent, Occasion occasion);
    // True if it is presented now.
    bool match_contact(ContactId id, Occasion occasion, const Agent* free = nullptr);
    std::optional<AgentId> agent_for(const Contact& contact) const;
    // Idle agents who leave too soon for the contacts of its queue.
    std::vector<AgentId> leaving(const Contact& contact) const;
    void exclude_leaving(const Contact& contact, Reason& reason) const;
    void admit_preferred(const Contact& contact, Reason& reason) const;
    void present(ContactId contact, const Agent& agent);
    // Why `chosen`, or nobody; `free` is who became free, if that was the occasion.
    void explain(const Contact& contact, const Agent* chosen, Occasion occasion, const Agent* free);

    Floor& floor_;
    Time now_;
    Explaining explaining_;
    std::vector<Event> events_;
    std::vector<Reason> reasons_;
    std::vector<std::size_t> events_before_;  // each reason
    std::uint64_t shortened_before_;
};

}  // namespace lanze::core
