// Past: what a journal's decisions tell of a time, as far as a simulation can take it over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/floor.h"
#include "core/measures.h"
#include "sim/scenario.h"

namespace lanze::sim {

// A customer's attempt. Times are as they were; what did not happen is not there.
struct PastContact {
    std::string queue;  // it entered first
    core::Channel channel = core::Channel::voice;
    core::Skills needs = {};
    std::uint8_t priority = 0;  // 0: the queue's
    std::string preferred = {};
    Time arrived;
    std::optional<core::BlockedReason> blocked = {};
    bool is_from_before = false;  // it waited when the time began
    bool is_transferred_to = false;
    bool is_presented_at_once = false;
    std::optional<Time> left_line = {};  // for a callback or a message
    std::optional<Time> answered = {};
    std::string agent = {};
    std::optional<Time> ended = {};
    core::ContactEnd end = core::ContactEnd::finished;
    std::optional<Duration> wrap_up = {};  // of an answered one; nothing: not over

    bool is_cut_short = false;  // by the centre's end, a restart, or a fault before an answer
    bool is_redial = false;     // taken to be: take_redials()

    // Nothing of it lies beyond what is known.
    bool is_complete() const {
        return !is_from_before && !is_cut_short && (blocked || (ended && (!answered || wrap_up)));
    }
};

struct PastAgent {
    core::AgentConfig config;       // the newest
    bool is_configured = false;     // at the end, too
    std::vector<Moment> past = {};  // since the beginning, in which he is told who is there
    std::vector<Duration> answer_delays = {};
    std::uint64_t presented = 0;
    std::uint64_t no_answer = 0;
    std::uint64_t rejects = 0;  // other misses, too
    Duration handling{};
    Duration ready{};
};

// How often people did what no configuration does; a simulation does not repeat it.
struct Interventions {
    std::uint64_t moved = 0;  // by a supervisor
    std::uint64_t assigned = 0;
    std::uint64_t changed = 0;  // priority or needs
    friend bool operator==(const Interventions&, const Interventions&) = default;
};

struct Proposals {
    std::uint64_t callbacks = 0;
    std::uint64_t callbacks_accepted = 0;
    std::uint64_t messages = 0;
    std::uint64_t messages_accepted = 0;
};

struct Past {
    Time start;
    Time end;
    core::Config config;                             // the last one, without agents
    std::vector<std::vector<core::OpenSpan>> hours;  // by queue; empty: always open
    std::vector<PastContact> contacts;               // by arrival
    std::vector<PastAgent> agents;
    std::map<std::string, Proposals> proposals;  // by queue
    // What take_redials() made of it: who gives up or is blocked calls again with this probability,
    // after one of these times, by queue.
    double redial_share = 0;
    std::map<std::string, std::vector<Duration>> redials_after;
    Interventions interventions;
    std::uint64_t configurations = 0;  // that came into force
    std::uint64_t talking_before = 0;  // contacts that agents had when the time began
    std::uint64_t transfers = 0;
    std::uint64_t consultations = 0;
    std::uint64_t cut_short = 0;      // contacts
    std::uint64_t without_queue = 0;  // contacts of queues that are no longer configured; left out
};

// Reads decisions in order. Those before `from` only tell how the time begins.
class PastKeeper {
public:
    PastKeeper(Time from, Time to) : from_(from), to_(to) {}
    PastKeeper(const PastKeeper&) = delete;  // its parts know where it stands
    PastKeeper& operator=(const PastKeeper&) = delete;

    // What lies before the first decision of a journal that has forgotten days: the floor as it
    // stands then.
    void learn(const std::vector<core::Event>& events, Time at);
    // False: nothing that follows can matter.
    bool note(const core::Command& command, const std::vector<core::Event>& events, Time at);
    // Nothing: nothing was configured, or nothing happened in that time.
    std::optional<Past> take();

private:
    struct AgentState {
        bool is_reachable = false;
        bool has_desk = false;
        std::optional<core::NotReadyReason> wish;
        bool operator==(const AgentState&) const = default;
    };
    // Of a contact; it may go on beyond the budget, until the agent is ready again.
    struct WrapUpOf {
        std::size_t contact = 0;
        Time since;
    };

    void begin(Time at);
    void begin_with_contacts();
    void apply(const std::vector<core::Event>& events, Time at);

    void on(const core::ContactQueued& event, Time at);
    void on(const core::ContactPresented& event, Time at);
    void on(const core::PresentationEnded& event, Time at);
    void on(const core::ContactAnswered& event, Time at);
    void on(const core::ContactEnded& event, Time at);
    void on(const core::Dialled& event, Time at);
    void on(const core::WrapUpStarted& event, Time at);
    void on(const core::WrapUpEnded& event, Time at);
    void on(const core::AgentNotReady& event, Time at);
    void on(const core::AlternativeProposed& event, Time at);
    void on(const core::CallbackRequested& event, Time at);
    void on(const core::MessageLeft& event, Time at);
    void on(const core::ShiftPlanned& event, Time at);
    void on(const core::Configured& event, Time at);
    void on(const core::QueueOpened& /*event*/, Time /*at*/) { hours_change_ = true; }
    void on(const core::QueueClosed& /*event*/, Time /*at*/) { hours_change_ = true; }
    template <typename Other>
    void on(const Other& /*event*/, Time /*at*/) {}

    void note_command(const core::Command& command, Time at);
    void note_blocked(const core::EnterQueue& entering, core::BlockedReason reason, Time at);
    void note_moment(core::AgentId agent, core::Command says, Time at);
    void note_change(core::AgentId agent, const AgentState& before, const AgentState& now, Time at);
    void follow(core::AgentId id, Time at);
    void follow_hours(Time at);
    void add_beside(core::ContactId contact, core::AgentId agent);
    void remove_beside(core::ContactId contact);
    void add_span(const core::AgentSpan& span);
    AgentState state_of(const core::Agent& agent) const;
    PastAgent& agent_of(core::AgentId agent);
    PastContact* find(core::ContactId contact);
    bool is_within(Time at) const { return has_begun_ && at < to_; }
    std::vector<core::OpenSpan> hours_of(core::QueueId id) const;

    Time from_;
    Time to_;
    Time last_;
    bool has_begun_ = false;
    bool hours_change_ = false;
    core::Floor floor_;
    Past past_;
    std::unordered_map<core::ContactId, std::size_t> open_;  // of past_.contacts
    std::vector<core::ContactId> over_;                      // of open_, by this decision
    std::unordered_map<core::ContactId, WrapUpOf> wrap_ups_;
    std::unordered_map<core::AgentId, WrapUpOf> last_wrap_ups_;
    std::unordered_map<core::AgentId, WrapUpOf> overruns_;
    // Contacts of agents for which no arrival stands: he is busy with them when he was.
    std::unordered_map<core::ContactId, core::AgentId> beside_;
    std::unordered_map<core::AgentId, std::uint32_t> beside_counts_;
    std::unordered_map<core::PresentationId, Time> presented_;
    std::map<core::AgentId, AgentState> states_;
    std::map<core::AgentId, std::size_t> agents_;  // of past_.agents
    std::map<core::QueueId, std::vector<core::OpenSpan>> hours_;
    std::vector<core::AgentId> touched_;
    core::AgentTimeKeeper times_{[this](const core::AgentSpan& span) { add_span(span); }};
};

}  // namespace lanze::sim
