// Conflicts: of demands that cannot be kept together, the fewest that already cannot.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace lanze::plan {

// Of `count` demands, counted from 0, a smallest set that conflicts; empty if all can be kept. Up
// to two demands it is the smallest there is, beyond it is one from which none can be left out: all
// are taken, and each is dropped without which the rest still conflicts (the deletion filter of
// Chinneck and Dravnieks, Locating minimal infeasible constraint sets in linear programs, 1991).
// `conflicts` is asked of sets in ascending order, and must stay true when demands are added.
std::vector<std::size_t> smallest_conflict(
    std::size_t count, const std::function<bool(const std::vector<std::size_t>&)>& conflicts);

}  // namespace lanze::plan
