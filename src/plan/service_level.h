// Service levels: the definitions there are, as shares of the measures of a queue.
#pragma once

#include <span>
#include <string_view>

#include "plan/erlang.h"

namespace lanze::plan {

struct ServiceLevelDefinition {
    const char* name;
    const char* words;
    // `short_abandons`: those who gave up sooner than a short abandon, as a share of all arrivals.
    double (*value)(const Measures& measures, double short_abandons);
    bool counts_short_abandons;
};

// The first is the usual one of the formulas, answered within the threshold / all arrivals.
std::span<const ServiceLevelDefinition> service_level_definitions();

// nullptr: not known.
const ServiceLevelDefinition* service_level_definition(std::string_view name);

// The service level of a queue with these measures; `short_abandon` is a time, 0 if there is none.
double service_level(const StaffedQueue& queue, const Measures& measures,
                     const ServiceLevelDefinition& definition, double short_abandon);

}  // namespace lanze::plan
