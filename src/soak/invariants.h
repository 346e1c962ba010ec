// What the soak checks, in plain words, for whoever runs it; each line names where it is checked.
#pragma once

#include <array>
#include <string_view>

namespace lanze::soak {

inline constexpr std::array<std::string_view, 11> kInvariants{
    // check_floor, after every turn in which something happened
    "nobody is with two agents, no agent has two calls, and both sides know of each other",
    "nobody waits beside somebody who is ready and could take him",
    "what ends by itself ends in time; queues count those who are in them",
    // Edge::is_consistent, after every turn; Centre's fake media
    "every leg belongs to a contact or is about to end; no phone is in two talks",
    // Day::keep_vigil, every 10 s
    "no contact is kept, on hold or not, that nobody is on",
    // Person::listen, AgentPhone::leave_twin
    "nobody is left in a dead call, and no two phones in one",
    // Centre::expect_nothing_left, in the evening and after the next morning
    "after the last call nothing is left of any: no leg, no port, no transaction",
    // check_decisions
    "all that was decided is decided again alike, and the floor is what its events make",
    // Centre::on_record, compare
    "every contact has one record, and no record is of none",
    "records tell what callers and phones lived through: who spoke to whom, who hung up, how long "
    "they held",
    // Centre::expect_nobody_stuck, Day::live_morning
    "no agent is stuck: the next morning each of them takes a call",
};

}  // namespace lanze::soak
