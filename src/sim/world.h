// World: one replication: the shipping floor in simulated time, among callers and agents.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/floor.h"
#include "sim/agenda.h"
#include "sim/arrivals.h"
#include "sim/attempt.h"
#include "sim/scenario.h"
#include "sim/tally.h"
#include "sim/watch.h"

namespace lanze::sim {

// The same scenario and plan give the same tally. Callers stand in world.cpp, agents in
// world_agents.cpp.
class World {
public:
    // `scenario` must outlive it.
    World(const Scenario& scenario, const Plan& plan);

    // From the start until all that is counted has ended, or as long again as the plan says.
    Tally run();

    // Every command that is not refused, with what came of it: what a journal would hold.
    using Recorder =
        std::function<void(const core::Command&, const std::vector<core::Event>&, Time)>;
    void record_to(Recorder recorder) { recorder_ = std::move(recorder); }

private:
    enum class Kind : std::uint8_t {
        arrives,        // a: stream
        redials,        // a: stream, b: tries
        gives_up,       // b: contact
        answers,        // b: presentation
        declines,       // b: presentation
        talk_ends,      // a: version, b: contact
        wrap_up_ends,   // a: agent, b: contact
        returns,        // a: agent: from a break or after misses
        shift_begins,   // a: agent, b: which shift
        shift_ends,     // a: agent
        break_begins,   // a: agent
        staff_changes,  // a: pool, b: which piece
        moment,         // a: agent, b: which
        interval_ends,
    };
    struct What {
        Kind kind = Kind::arrives;
        std::uint32_t a = 0;
        std::uint64_t b = 0;
    };
    struct Person {
        std::uint32_t pool = 0;
        std::vector<core::PlannedBreak> breaks;  // of the shift, those to come
        std::vector<core::ContactId> written;    // talking
        // With a past:
        std::size_t moments = 0;       // of it that are over
        bool is_open = false;          // as he said last
        bool is_break_by_law = false;  // he takes one that his past does not know
    };
    struct PoolState {
        std::uint32_t first = 0;    // person
        std::uint32_t leaving = 0;  // of `staff`: so many go when they are free
        Rng rng{0};
    };
    struct Source {
        ArrivalSource arrivals;
        Rng rng{0};  // of callers
        std::optional<Arrival> next;
    };

    void begin();
    void happen(const What& what);
    // Hands it to the floor, and reacts until nothing follows at once.
    void tell(const core::Command& command);
    void handle(const core::Command& command);

    // What the floor says; everything else concerns nobody here.
    void on(const core::ContactQueued& event);
    void on(const core::ContactBlocked& event);
    void on(const core::ContactPresented& event);
    void on(const core::PresentationEnded& event);
    void on(const core::ContactAnswered& event);
    void on(const core::ContactEnded& event);
    void on(const core::ContactMoved& event);
    void on(const core::ContactOverdue& event);
    void on(const core::AlternativeProposed& event);
    void on(const core::CallbackRequested& event);
    void on(const core::MessageLeft& event);
    void on(const core::QueueShort& event);
    void on(const core::AgentReady& event) { touch(event.agent); }
    void on(const core::AgentNotReady& event);
    void on(const core::AgentRests& event) { touch(event.agent); }
    void on(const core::AgentWithheld& event);
    void on(const core::AgentReturned& event) { touch(event.agent); }
    void on(const core::WrapUpStarted& event);
    void on(const core::WrapUpEnded& event) { touch(event.agent); }
    void on(const core::DeskOpened& event) { touch(event.agent); }
    void on(const core::DeskClosed& event) { touch(event.agent); }
    template <typename Other>
    void on(const Other& /*event*/) {}

    // Callers
    void arrive(std::uint32_t stream);
    void enter(std::uint32_t stream, std::uint32_t tries, const Arrival& arrival);
    void give_up(core::ContactId contact);
    void try_again(const Attempt& attempt);
    Attempt fresh_attempt(std::uint32_t stream, std::uint32_t tries, const Arrival& arrival);
    void stay_off_the_line(core::ContactId contact);

    // Agents
    Person& person(core::AgentId agent) { return people_[agent.value() - 1]; }
    PoolState& pool_of(core::AgentId agent) { return pools_[person(agent).pool]; }
    double factor(core::AgentId agent, std::uint32_t queue) const;
    void note_talk_end(const Attempt& attempt);
    void end_talk(core::ContactId contact, std::uint32_t version);
    void end_wrap_up(core::AgentId agent, core::ContactId contact);
    // The chats and messages of an agent go on faster or slower than before.
    void change_speed(core::AgentId agent, const Person& person, std::size_t before);
    void sign_on(core::AgentId agent);
    void begin_shift(core::AgentId agent, std::size_t shift);
    void take_break(core::AgentId agent);
    void live_on(core::AgentId agent, std::size_t moment);
    void take_break_by_law(core::AgentId agent);
    void come_back(core::AgentId agent);
    void change_staff(std::uint32_t pool, std::uint32_t agents);
    void touch(core::AgentId agent) { touched_.push_back(agent); }

    const Scenario* scenario_;
    Plan plan_;
    Time now_;
    Time count_from_;
    Time count_to_;
    core::Floor floor_;
    Agenda<What> agenda_;
    std::vector<Source> sources_;
    std::vector<PoolState> pools_;
    std::vector<Person> people_;
    Attempts attempts_;
    Watch watch_;
    std::vector<core::Command> todo_;
    std::vector<core::AgentId> touched_;
    Recorder recorder_;
    std::uint64_t commands_ = 0;
    std::uint64_t open_counted_ = 0;  // counted contacts that have not ended

    // While a contact enters:
    std::optional<Attempt> entering_;
    bool is_presented_at_once_ = false;
    // Until its wrap-up starts:
    Duration wrap_up_next_{};
};

}  // namespace lanze::sim
