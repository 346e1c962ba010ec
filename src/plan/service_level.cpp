#include "plan/service_level.h"

namespace lanze::plan {

namespace {

constexpr ServiceLevelDefinition kDefinitions[] = {
    {"answered_within/arrivals", "answered within the threshold / all arrivals",
     [](const Measures& m, double) { return m.served_within; }, false},
    {"answered_within/offered", "answered within the threshold / arrivals let in",
     [](const Measures& m, double) { return m.served_within / (1 - m.p_block); }, false},
    {"answered_within/answered", "answered within the threshold / answered",
     [](const Measures& m, double) { return m.served_within / m.answered; }, false},
    {"answered_or_abandoned_within/offered",
     "(answered + abandoned within the threshold) / arrivals let in",
     [](const Measures& m, double) {
         return (m.served_within + abandoned_within(m)) / (1 - m.p_block);
     },
     false},
    {"answered_within/offered_less_short",
     "answered within the threshold / (arrivals let in - short abandons)",
     [](const Measures& m, double short_abandons) {
         return m.served_within / (1 - m.p_block - short_abandons);
     },
     true},
};

}  // namespace

std::span<const ServiceLevelDefinition> service_level_definitions() {
    return kDefinitions;
}

const ServiceLevelDefinition* service_level_definition(std::string_view name) {
    for (const ServiceLevelDefinition& definition : kDefinitions) {
        if (definition.name == name) {
            return &definition;
        }
    }
    return nullptr;
}

double service_level(const StaffedQueue& queue, const Measures& measures,
                     const ServiceLevelDefinition& definition, double short_abandon) {
    double short_abandons = 0;
    if (definition.counts_short_abandons && short_abandon > 0 && measures.p_abandon > 0) {
        StaffedQueue sooner = queue;
        sooner.agents = measures.agents;
        sooner.within = short_abandon;
        const auto at_short = plan::measures(sooner);
        short_abandons = at_short ? abandoned_within(*at_short) : 0;
    }
    return definition.value(measures, short_abandons);
}

}  // namespace lanze::plan
