// Scenario: a centre and its people, as far as a simulation knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/command.h"
#include "core/config.h"
#include "sim/distribution.h"

namespace lanze::sim {

inline constexpr std::size_t kStreamsMax = 1'000;
inline constexpr std::size_t kPoolsMax = 20'000;
inline constexpr std::size_t kAgentsMax = 20'000;  // of all pools
inline constexpr std::uint32_t kTriesMax = 20;     // of one caller
inline constexpr std::size_t kAtOnceMax = 18;      // chats and messages of one agent

// From `from` after the start on, until the next piece begins.
struct RatePiece {
    Duration from{};
    double per_second = 0;
    friend bool operator==(const RatePiece&, const RatePiece&) = default;
};

// A first arrival that is known; what is missing is drawn.
struct Arrival {
    Duration at{};  // after the start
    std::optional<Duration> talk;
    std::optional<Duration> wrap_up;
    std::optional<Duration> patience;
    std::optional<Duration> waited;             // patience is longer than this
    std::optional<std::size_t> preferred = {};  // pool, of one agent
    bool is_counted = true;
};

// Who did not get through tries again with this probability, after a while.
struct Redial {
    double probability = 0;
    Distribution after = Distribution::fixed(minutes(5));
};

// Contacts of one kind.
struct Stream {
    std::string name;
    std::size_t queue = 0;  // of Scenario::config
    core::Channel channel = core::Channel::voice;
    std::uint8_t priority = 0;  // 0: the queue's
    core::Skills needs = {};    // their own
    // One of these three: Poisson arrivals, known ones, or endless work of which the next is always
    // there when one is presented.
    std::vector<RatePiece> rates = {};
    std::vector<Arrival> arrivals = {};
    bool is_endless = false;
    // Variance of a factor with mean 1 and gamma distribution by which each piece's rate is
    // multiplied, drawn once a piece and replication; 0: none.
    double overdispersion = 0;
    Distribution talk = Distribution::exponential(minutes(3));
    Distribution wrap_up = Distribution::fixed({});
    std::optional<Distribution> patience = {};  // nothing: they wait for ever
    Redial redial = {};
    double accepts_callback = 0;  // of those to whom it is proposed
    double accepts_message = 0;
    double reached = 1;  // of those who are called: callbacks and outbound tasks
};

// What of a shift a simulation knows, after the start.
struct Shift {
    Duration begin{};
    Duration end{};
    std::vector<core::PlannedBreak> breaks = {};  // `from` likewise, since Time{}
};

// What an agent once said or his phone did, at that time after the start; the agent of the command
// is filled in.
struct Moment {
    Duration at{};
    core::Command says;
};

struct StaffPiece {
    Duration from{};
    std::uint32_t agents = 0;
};

// Agents who are alike.
struct Pool {
    std::string name;
    core::AgentConfig agent;  // of each; his name gets a number if there are several
    std::uint32_t count = 1;
    double handle_factor = 1;                 // talk and wrap-up take so many times as long
    std::vector<double> handle_factors = {};  // by queue, beside it; empty: 1
    Distribution answers_after = Distribution::fixed({});
    double no_answer = 0;  // of what is presented
    double rejects = 0;
    // When they work; neither: always. With `staff` so many work as it says; where it falls, who is
    // idle goes at once and others after the contact they have, whoever is free first.
    std::vector<Shift> shifts = {};
    std::vector<StaffPiece> staff = {};
    // Or all that a real agent said when, in order; of a pool of one. He then comes back from
    // breaks when he did, and `starts_ready` of his configuration counts.
    std::optional<std::vector<Moment>> past = {};
};

struct Scenario {
    core::Config config;  // without agents
    Time start;
    std::vector<std::vector<core::OpenSpan>> hours = {};  // by queue; empty: always open
    std::vector<Stream> streams;
    std::vector<Pool> pools;
    // How fast one chat or message goes on while an agent has 1, 2, ... of them; the last one
    // counts for more. Empty: as fast as alone.
    std::vector<double> speeds = {};
};

// One replication: from an empty centre at Scenario::start on. What arrives from `warm_up` on and
// before `length` is counted, until the last of it has ended.
struct Plan {
    std::uint64_t seed = 0;
    Duration warm_up{};
    Duration length{};
    Duration interval{};  // of what is counted by time of day; zero: nothing is
};

}  // namespace lanze::sim
