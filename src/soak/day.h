// Day: one seed's life of the whole centre: minutes full of calls and faults, an evening in which
// everything runs out, and the next morning, when every agent must still be there for a caller.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "soak/agent_phone.h"
#include "soak/caller.h"
#include "soak/centre.h"
#include "soak/world.h"

namespace lanze::soak {

class Day {
public:
    explicit Day(std::uint64_t seed, World::Listener listener = {});

    void live();

    // The first one ended the day.
    const std::vector<Problem>& problems() const { return world_.problems(); }
    const Counts& counts() const { return world_.counts(); }
    const Faults& faults() const { return faults_; }
    // Equal runs have equal ones.
    std::uint64_t fingerprint() const { return world_.fingerprint(); }
    Duration lasted() const { return world_.since_start(); }
    // Everything that was decided, in order.
    void replay(const std::function<void(const ports::Decision&)>& visit) { centre_.replay(visit); }

private:
    Centre::Setting setting();
    bool registers(std::uint8_t agent) const { return registering_ && agent % 2 == 1; }
    Caller::Temper any_temper();
    Caller& add_caller(std::uint32_t number);
    // During the busy minutes.
    void plan(std::uint32_t count, const std::function<void()>& action);
    void plan_calls();
    void plan_kills();
    void plan_power_cuts();
    void plan_work();
    void keep_vigil();
    void expect_somebody(const Centre::Party& party);
    void expect_people_at_rest();
    void live_evening();
    void live_morning();
    void expect_every_agent_heard(const std::vector<const Caller*>& callers);
    void compare_records();

    World world_;
    const Faults faults_;  // as they were drawn
    const bool registering_;
    Centre centre_;
    std::vector<std::unique_ptr<AgentPhone>> phones_;
    std::vector<std::unique_ptr<Caller>> callers_;
    std::map<std::string, const Caller*> callers_by_name_;
    std::map<core::ContactId, Time> forlorn_since_;
};

}  // namespace lanze::soak
