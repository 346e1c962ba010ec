// RoutingPeople: callers and agents in simulated time; they say which command comes next, and when.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "core/floor.h"
#include "routing_centre.h"

namespace lanze::bench {

// What is measured apart: a command, and what it meets if that decides about its cost.
enum class Kind : std::uint8_t {
    configure,
    open_desk,
    plan_shift,
    fill,   // EnterQueue before anybody works: the line grows
    ready,  // Ready; each agent's first one takes a contact out of the crowd
    enter_queue,
    answer,
    decline,
    hang_up_waiting,
    hang_up_presented,
    hang_up_connected,
    end_wrap_up,
    not_ready,
    take_breather,
    change_needs,
    prioritise,
    advance_time,
};
inline constexpr std::size_t kKinds = 17;
std::string_view to_string(Kind kind);

struct Step {
    Time at;
    Kind kind = Kind::advance_time;
    core::Command command;
};

// Life in a centre as a heap of deeds: each person's next one, put there when an event gives reason
// for it. First the desks open and callers come until as many wait as the setup says; then the
// agents become ready, one after the other.
class People {
public:
    explicit People(const CentreSetup& setup);

    // The next command that has a meaning. Deadlines of the floor come first if they are due first.
    Step next(const core::Floor& floor);
    // What the command led to.
    void observe(const std::vector<core::Event>& events, Time at);

    // From here on the measures are of a day that goes its way.
    bool is_settled() const { return now_ >= filled_at_ + kSettling; }
    bool is_filled() const { return now_ >= filled_at_; }
    Time now() const { return now_; }

private:
    enum class DeedKind : std::uint8_t {
        configure,
        open_desk,
        plan_shift,
        arrive,
        give_up,
        answer,
        decline,
        finish,
        end_wrap_up,
        become_ready,
        pause,
        take_breather,
        change_needs,
        prioritise,
    };
    struct Deed {
        Time at;
        std::uint64_t order = 0;  // among those at the same time
        std::uint64_t id = 0;     // of the agent, contact or presentation
        DeedKind kind = DeedKind::arrive;
        friend bool operator>(const Deed& a, const Deed& b) {
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };
    static constexpr Duration kSettling = seconds(600);

    void plan(Time at, DeedKind kind, std::uint64_t id = 0);
    Duration about(Duration mean);  // exponentially distributed
    Duration between(Duration least, Duration most);
    bool happens(std::uint32_t permille) { return rng_.below(1'000) < permille; }

    // Nothing if the deed has lost its meaning: the contact is gone, somebody else was quicker.
    std::optional<Step> step_of(const Deed& deed, const core::Floor& floor);
    std::optional<Step> step_of_agent(const Deed& deed, const core::Floor& floor);
    std::optional<Step> step_of_contact(const Deed& deed, const core::Floor& floor);
    Step arrival();

    void on(const core::ContactQueued& event, Time at);
    void on(const core::ContactPresented& event, Time at);
    void on(const core::ContactAnswered& event, Time at);
    void on(const core::WrapUpStarted& event, Time at);
    void on(const core::AgentNotReady& event, Time at);

    CentreSetup setup_;
    Duration gap_;  // between two arrivals, on average
    Duration patience_;
    Time filled_at_;
    Time now_;
    Rng rng_;
    std::uint64_t planned_ = 0;
    std::priority_queue<Deed, std::vector<Deed>, std::greater<>> deeds_;
};

}  // namespace lanze::bench
