#include "app/chosen.h"

namespace lanze::app {

namespace {

ports::ChosenBy by_rule(core::AgentRule rule) {
    using ports::ChosenBy;
    switch (rule) {
        case core::AgentRule::longest_idle:
            return ChosenBy::longest_idle;
        case core::AgentRule::random_pool:
        case core::AgentRule::random:
            return ChosenBy::chance;
        case core::AgentRule::best_level:
            return ChosenBy::best_level;
        case core::AgentRule::lowest_level:
            return ChosenBy::lowest_level;
        case core::AgentRule::least_occupied:
            return ChosenBy::least_occupied;
        case core::AgentRule::fixed_order:
            return ChosenBy::fixed_order;
        case core::AgentRule::round_robin:
            return ChosenBy::round_robin;
    }
    return ChosenBy::only_one;
}

}  // namespace

ports::Chosen chosen_of(const core::Reason& reason, bool is_preferred) {
    using ports::ChosenBy;
    if (reason.occasion == core::Occasion::assigned) {
        return {ChosenBy::assigned, 0};
    }
    if (is_preferred) {
        return {ChosenBy::preferred, 0};
    }
    // He was looked at alone: what else he could have taken says why it was this one.
    if (reason.occasion == core::Occasion::agent_free) {
        return {ChosenBy::became_free, reason.contacts};
    }
    if (reason.step > 0) {
        return {ChosenBy::widened, reason.candidates};
    }
    if (reason.candidates <= 1) {
        return {ChosenBy::only_one, reason.candidates};
    }
    return {by_rule(reason.rule), reason.candidates};
}

}  // namespace lanze::app
