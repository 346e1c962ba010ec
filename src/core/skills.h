// Skills: who fulfils which needs.
#pragma once

#include <cstddef>

#include "core/config.h"

namespace lanze::core {

inline constexpr std::uint8_t kLevelMax = 99;
inline constexpr std::size_t kOwnNeedsMax = 8;  // of one contact

// True if every need is among the skills, at its level or above.
bool fulfils(const Skills& skills, const Skills& needs);

// Both lists in one; of a skill in both the higher level.
Skills united(const Skills& a, const Skills& b);

// Sorted, each skill named and there once, levels from 1 to kLevelMax.
bool is_well_formed(const Skills& skills);

}  // namespace lanze::core
