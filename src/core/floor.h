// Floor: all queues, agents and contacts; takes a command and the time, answers with events or a
// refusal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "base/timer_heap.h"
#include "core/agent.h"
#include "core/command.h"
#include "core/contact.h"
#include "core/event.h"
#include "core/handle_times.h"
#include "core/reason.h"
#include "core/refusal.h"
#include "core/routing.h"

namespace lanze::core {

// Misses in a row after which an agent is not ready until he says so (with a desk) or for
// kLongRest.
inline constexpr std::uint32_t kMissesMax = 3;
// After a miss the agent is left alone for this long, so that a phone that rejects at once is not
// called in a loop.
inline constexpr Duration kRest = seconds(5);
inline constexpr Duration kBusyRest = seconds(10);
inline constexpr Duration kLongRest = seconds(60);
// Deadlines settled in one call; more are due at once again, so that no call takes long.
inline constexpr std::size_t kSettledMax = 256;

struct Queue {
    QueueId id;
    QueueConfig config;
    bool is_retired = false;
    std::uint32_t contacts = 0;  // waiting, presented or connected
    std::uint32_t short_of = 0;  // agents withheld by the ceiling whom somebody waits for
    bool is_open = true;
    bool serves_rest = false;     // closed, and who should go on elsewhere is served after all
    std::vector<OpenSpan> hours;  // from the present or next one on; empty: as it is for ever
    std::optional<PlaceKey> last_place;  // of the agent presented to last
    HandleTimes handle_times;
    friend bool operator==(const Queue&, const Queue&) = default;
};

// What came of a command. Deadlines that were due are settled first; their events stand at the head
// of `events` even if the command itself is refused (they then belong to an AdvanceTime). No event
// and no refusal: nothing was to be done.
struct [[nodiscard]] Outcome {
    std::vector<Event> events;  // already applied
    std::optional<Refusal> refusal;
    std::vector<Reason> reasons;  // of each search for somebody; empty unless asked for
    // By reason: how many of the events had happened when the search was made. Not stored.
    std::vector<std::size_t> events_before;
};

enum class Explaining : std::uint8_t { no, yes };

class Floor {
public:
    // What happens when `command` arrives at `now`. `now` never runs backwards.
    Outcome handle(const Command& command, Time now, Explaining explaining = Explaining::no);

    // The only way to change; replay calls it directly.
    void apply(const Event& event, Time at);

    // Send AdvanceTime no later than this.
    std::optional<Time> next_deadline() const {
        // At once: no time of a running centre is before the beginning of 1970.
        const Time next = emptying_.empty() ? next_timer() : std::min(Time{}, next_timer());
        return next == Time::max() ? std::nullopt : std::optional(next);
    }

    // Whose deadline is the earliest not after `now`, if any; of the same time agents go first,
    // then queues. A closed queue that lets its contacts go does so when nothing else is due.
    struct Emptying {
        QueueId queue;
    };
    using Due = std::variant<AgentId, QueueId, ContactId, Emptying>;
    std::optional<Due> next_due(Time now) const {
        return next_timer() > now && emptying_.empty() ? std::nullopt : first_due(now);
    }

    // Without the agents, who have each their own.
    const Config& config() const { return config_; }
    // As it was configured, put together anew.
    Config whole_config() const;
    const Queue* find_queue(QueueId id) const;
    const Agent* find_agent(AgentId id) const;
    const Contact* find_contact(ContactId id) const;
    QueueId queue_by_name(std::string_view name) const;  // unset if there is none
    AgentId agent_by_name(std::string_view name) const;
    // The contact of a presentation that is still open; unset otherwise.
    ContactId presented_contact(PresentationId presentation) const;

    const std::vector<Queue>& queues() const { return queues_; }
    const std::vector<Agent>& agents() const { return agents_; }
    const std::unordered_map<ContactId, Contact>& contacts() const { return contacts_; }
    // Of a contact that an agent has: the colleagues he asks about it, in that order.
    const std::vector<ContactId>& consultations_of(ContactId id) const;
    // What a consultation is about; unset for any other contact.
    ContactId origin_of(ContactId consultation) const;
    const Routing& routing() const { return routing_; }
    // Queues whose shortage by the ceiling may have changed since the last call.
    std::vector<QueueId> take_touched() { return routing_.take_touched(); }
    std::size_t signed_on_count(QueueId queue) const { return routing_.signed_on_count(queue); }
    ContactId next_contact() const { return ContactId{contact_last_ + 1}; }
    PresentationId next_presentation() const { return PresentationId{presentation_last_ + 1}; }

    // From when on the charter gives the agent a break; nothing if it need not.
    std::optional<Time> break_due(const Agent& agent) const;
    // When the charter ends the agent's shift; nothing if it does not.
    std::optional<Time> shift_over(const Agent& agent) const {
        return config_.charter.ends_shifts && agent.shift ? std::optional(agent.shift->end)
                                                          : std::nullopt;
    }
    // When the agent, who handles contacts and could take more, reaches the ceiling.
    std::optional<Time> ceiling_reached(const Agent& agent, Time now) const;
    // Handling time in the last hour beyond which nothing is presented; nothing: no ceiling.
    std::optional<Duration> handling_max() const;
    // Idle agents with a shift that the charter ends, by its end.
    const std::set<std::pair<Time, AgentId>>& idle_by_shift_end() const { return shift_ends_; }
    // How often the contacts of some queue have become shorter in this respect.
    std::uint64_t shortened_count() const { return shortened_count_; }
    // Would most contacts of the queue outlast the agent's shift?
    bool leaves_too_soon(const Agent& agent, QueueId queue, Time now) const;

    // Does it let contacts in? Not after its hours either, though its closing is not settled yet.
    static bool is_open_at(const Queue& queue, Time now) {
        return queue.is_open && (queue.hours.empty() || now < queue.hours.front().to);
    }
    // Is this a closed queue whose contacts must go?
    bool must_be_emptied(const Queue& queue) const;
    // How long a contact that enters now is likely to wait if it is not answered at once: those
    // before it and itself, each taking the mean handle time, shared by all agents at work who
    // serve the queue. That these may serve others too is not seen. For ever (Duration::max()) if
    // nobody is at work; nothing: too few contacts are known.
    std::optional<Duration> expected_wait(const Queue& queue) const;
    // The next of the queue's overflows by wait for such a contact.
    const Overflow* next_overflow(const Contact& contact) const;

    // What happens next to a contact that waits if nobody takes it, and when.
    struct Turning {
        Time at;
        enum class Kind : std::uint8_t { preference_ends, becomes_overdue, overflows, widens } kind;
    };
    std::optional<Turning> next_turning(const Contact& contact) const;

    // Same state: what "live = rebuilt from events" means.
    bool is_same_as(const Floor& other) const;

    // What `ask` says of a contact that routing takes to be waiting meanwhile.
    template <typename Ask>
    auto as_if_waiting(Contact contact, Ask&& ask) {
        routing_.add_waiting(contact);
        auto answer = ask(std::as_const(contact));
        routing_.remove_waiting(contact);
        return answer;
    }

private:
    void on(const Configured& event, Time at);
    void on(const ContactQueued& event, Time at);
    void on(const ContactBlocked& event, Time at);
    void on(const ContactPresented& event, Time at);
    void on(const PresentationEnded& event, Time at);
    void on(const ContactAnswered& event, Time at);
    void on(const ContactHeld& event, Time at);
    void on(const ContactResumed& event, Time at);
    void on(const ContactEnded& event, Time at);
    void on(const AgentReady& event, Time at);
    void on(const AgentNotReady& event, Time at);
    void on(const AgentWishNoted& event, Time at);
    void on(const AgentRests& event, Time at);
    void on(const WrapUpStarted& event, Time at);
    void on(const WrapUpEnded& event, Time at);
    void on(const DeskOpened& event, Time at);
    void on(const DeskClosed& event, Time at);
    void on(const PhoneFound& event, Time at);
    void on(const PhoneMissing& event, Time at);
    void on(const ContactWidened& event, Time at);
    void on(const PreferenceEnded& event, Time at);
    void on(const ContactOverdue& event, Time at);
    void on(const NeedsChanged& event, Time at);
    void on(const ContactPrioritised& event, Time at);
    void on(const AgentWithheld& event, Time at);
    void on(const AgentReturned& event, Time at);
    void on(const QueueShort& event, Time at);
    void on(const BreatherNoted& event, Time at);
    void on(const ShiftPlanned& event, Time at);
    void on(const ContactMoved& event, Time at);
    void on(const OverflowRefused& event, Time at);
    void on(const HoursSet& event, Time at);
    void on(const QueueOpened& event, Time at);
    void on(const QueueClosed& event, Time at);
    void on(const CallbackRequested& event, Time at);
    void on(const WrapUpExtended& event, Time at);
    void on(const MessageLeft& event, Time at);
    void on(const AlternativeProposed& event, Time at);
    void on(const ConsultationJoined& event, Time at);
    void on(const TransferCompleted& event, Time at);
    void on(const RestServed& event, Time at);
    void on(const Dialled& event, Time at);

    Time next_timer() const {
        return std::min({agent_deadlines_.next_or_never(), queue_deadlines_.next_or_never(),
                         contact_deadlines_.next_or_never()});
    }
    std::optional<Due> first_due(Time now) const;
    Agent& agent(AgentId id);
    Contact& contact(ContactId id);
    // Changes an agent and keeps routing, deadlines and the charter's counters in step with him.
    template <typename Change>
    void change(AgentId id, Time at, Change&& change);
    // Changes a contact and keeps routing and deadlines in step with it.
    template <typename Change>
    void change(ContactId id, Change&& change);
    void join_routing(const Agent& agent);
    void leave_routing(const Agent& agent);
    void record_handled(Agent& agent);
    void forget_consultation(const Contact& consultation);
    void set_deadline(const Agent& agent, Time now);
    void record_time(QueueId queue, Duration time);
    void set_deadline(const Contact& contact);
    void set_deadline(const Queue& queue);
    void rebuild_routing(Time at);

    Config config_;
    std::vector<AgentId> agents_configured_;
    std::vector<Queue> queues_;  // index = id - 1
    std::vector<Agent> agents_;  // index = id - 1
    std::unordered_map<ContactId, Contact> contacts_;
    std::unordered_map<PresentationId, ContactId> presentations_;
    std::unordered_map<ContactId, std::vector<ContactId>> consultations_;  // by what they are about
    std::unordered_map<ContactId, ContactId> origins_;  // of consultations, the other way round
    std::unordered_map<std::string, QueueId> queue_names_;
    std::unordered_map<std::string, AgentId> agent_names_;
    Routing routing_;
    std::set<std::pair<Time, AgentId>> shift_ends_;
    TimerHeap<AgentId> agent_deadlines_;
    TimerHeap<QueueId> queue_deadlines_;
    std::set<QueueId> emptying_;
    TimerHeap<ContactId> contact_deadlines_;
    std::uint64_t shortened_count_ = 0;
    std::uint64_t contact_last_ = 0;
    std::uint64_t presentation_last_ = 0;
};

}  // namespace lanze::core
