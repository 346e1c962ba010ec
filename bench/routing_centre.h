// RoutingCentre: a centre of any size as a configuration, for the measurements of the core.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "core/config.h"

namespace lanze::bench {

// A contact's own needs beside the queue's: one of five languages, with a complaint or without.
inline constexpr std::uint32_t kOwnNeeds = 10;

// Times that people take on average; together with the number of agents they make the load.
inline constexpr Duration kTalk = seconds(240);
inline constexpr Duration kHandle = kTalk + seconds(16);  // with alerting and wrap-up

struct CentreSetup {
    std::uint32_t agents = 10'000;
    std::uint32_t skill_sets = 200;
    std::uint32_t queues = 50;  // times kOwnNeeds: the kinds of need
    // So many go on waiting, because up to twice as many call as can be served; 0: nobody waits and
    // half of the agents are idle.
    std::uint32_t waiting = 100'000;
    core::AgentRule agent_rule = core::AgentRule::longest_idle;
    core::ContactRule contact_rule = core::ContactRule::longest_waiting;
    // Priorities, preferred agents, widening, reserves and all that the charter enforces.
    bool has_charter = false;
    // Asks for the reasons of each decision, as the program does.
    bool is_explained = false;

    bool is_crowded() const { return waiting > 0; }
    double arrivals_per_second() const;
    Duration patience() const;  // on average
};

core::Config config_of(const CentreSetup& setup);
// `kind` below kOwnNeeds.
core::Skills own_needs(std::uint32_t kind);

}  // namespace lanze::bench
