// Chosen: why a contact went to its agent, as a code with a count, to be said in any language.
#pragma once

#include <cstdint>

namespace lanze::ports {

enum class ChosenBy : std::uint8_t {
    only_one,        // nobody else was free who could take it
    longest_idle,    // of so many
    least_occupied,  // likewise
    best_level,
    lowest_level,
    fixed_order,
    round_robin,
    chance,
    became_free,  // he did, and of so many contacts that he could take this one came first
    widened,      // it had waited so long that it may go to more agents; of so many free ones
    preferred,    // it was meant for him
    assigned,     // by a supervisor
};

// Says nothing of any other agent but how many came into question.
struct Chosen {
    ChosenBy by = ChosenBy::only_one;
    std::uint32_t of = 0;  // idle agents who could take it; became_free: contacts
    friend bool operator==(const Chosen&, const Chosen&) = default;
};

}  // namespace lanze::ports
