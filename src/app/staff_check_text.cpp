#include "app/staff_check_text.h"

#include <array>

#include "app/staff_text.h"

namespace lanze::app {

namespace {

struct Figure {
    const char* key;
    sim::Estimate sim::SeenInterval::*estimate;
    bool is_share;
};
constexpr Figure kFigures[] = {
    {"service_level", &sim::SeenInterval::service_level, true},
    {"p_abandon", &sim::SeenInterval::p_abandon, true},
    {"mean_wait", &sim::SeenInterval::mean_wait, false},
    {"asa", &sim::SeenInterval::asa, false},
    {"occupancy", &sim::SeenInterval::occupancy, true},
};

std::string padded(const std::string& text, std::size_t width) {
    return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
    return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

// The demands with this verdict, each once: "asa_max, occupancy_max".
std::string demands_with(const sim::SeenInterval& seen, sim::Verdict verdict) {
    std::string text;
    for (const sim::Judgement& judgement : seen.judgements) {
        const std::string name = plan::to_string(judgement.demand);
        if (judgement.verdict == verdict && text.find(name) == std::string::npos) {
            text += (text.empty() ? "" : ", ") + name;
        }
    }
    return text;
}

std::string in_list(const std::string& names) {
    std::string text = names.empty() ? "[" : "[\"";
    for (const char c : names) {
        text += c == ',' ? "\"," : c == ' ' ? "\"" : std::string(1, c);
    }
    return text + (names.empty() ? "]" : "\"]");
}

double hours_of(const std::vector<std::int64_t>& agents, Duration interval) {
    double sum = 0;
    for (const std::int64_t count : agents) {
        sum += static_cast<double>(count);
    }
    return sum * std::chrono::duration<double, std::ratio<3600>>(interval).count();
}

std::int64_t added_of(const Staffing& staffing) {
    std::int64_t added = 0;
    for (const QueueStaffing& queue : staffing.queues) {
        for (const StaffedInterval& interval : queue.intervals) {
            added += interval.added;
        }
    }
    return added;
}

}  // namespace

std::string verdict_text(const sim::SeenInterval& seen) {
    if (seen.judgements.empty()) {
        return "-";
    }
    const sim::Verdict verdict = seen.verdict();
    return verdict == sim::Verdict::kept
               ? "kept"
               : std::string(to_string(verdict)) + ": " + demands_with(seen, verdict);
}

std::string estimate_text(const sim::Estimate& estimate, bool is_share) {
    const double scale = is_share ? 100 : 1;
    return decimal_text(scale * estimate.value, 1) + " +- " +
           decimal_text(scale * estimate.half_width, 1) + (is_share ? " %" : "");
}

std::string seen_table(const Staffing& staffing, std::size_t queue) {
    if (!staffing.check) {
        return "";
    }
    const bool has_pools = !staffing.pools.empty();
    std::string text = left("from", 6);
    text += has_pools ? padded("contacts", 9) + padded("load", 8) + padded("modified", 9)
                      : padded("agents", 7) + padded("added", 6);
    text += padded("simulated level", 17) + padded("abandon", 15) + padded("ASA", 13) +
            padded("occupancy", 15) + "  verdict\n";
    for (const StaffedInterval& interval : staffing.queues[queue].intervals) {
        text += left(interval.begins, 6);
        text += has_pools ? padded(decimal_text(interval.contacts, 1), 9) +
                                padded(decimal_text(interval.load.load, 2), 8) +
                                padded(decimal_text(interval.load.modified, 2), 9)
                          : padded(std::to_string(interval.agents()), 7) +
                                padded(std::to_string(interval.added), 6);
        const bool is_empty = interval.seen->judgements.empty();
        const auto figure = [&](const sim::Estimate& estimate, bool is_share) {
            return is_empty ? std::string("-") : estimate_text(estimate, is_share);
        };
        text += padded(figure(interval.seen->service_level, true), 17) +
                padded(figure(interval.seen->p_abandon, true), 15) +
                padded(figure(interval.seen->asa, false), 13) +
                padded(figure(interval.seen->occupancy, true), 15) + "  " +
                verdict_text(*interval.seen) + "\n";
    }
    return text + "\n";
}

std::string pools_table(const Staffing& staffing) {
    if (staffing.pools.empty()) {
        return "";
    }
    const Duration length = staffing.plan.interval;
    std::string text = "agents by pool, at a cost of " + decimal_text(staffing.cost(), 1) +
                       (staffing.check ? "" : " (by formulas, a start for a search)") + "\n" +
                       left("from", 6);
    for (const PoolStaffing& pool : staffing.pools) {
        text += padded(pool.name, std::max<std::size_t>(8, pool.name.size() + 2));
    }
    text += "\n";
    const auto row = [&](const std::string& head, auto&& cell) {
        text += left(head, 6);
        for (const PoolStaffing& pool : staffing.pools) {
            text += padded(cell(pool), std::max<std::size_t>(8, pool.name.size() + 2));
        }
        text += "\n";
    };
    for (std::size_t i = 0; i < staffing.pools.front().agents.size(); ++i) {
        row(staffing.plan.begin_text(i),
            [&](const PoolStaffing& pool) { return std::to_string(pool.agents[i]); });
    }
    row("hours",
        [&](const PoolStaffing& pool) { return decimal_text(hours_of(pool.agents, length), 1); });
    row("paid",
        [&](const PoolStaffing& pool) { return decimal_text(hours_of(pool.paid, length), 1); });
    return text + "\n";
}

std::string pools_csv(const Staffing& staffing) {
    std::string text = "pool,start,agents,paid,cost\n";
    for (std::size_t p = 0; p < staffing.pools.size(); ++p) {
        const PoolStaffing& pool = staffing.pools[p];
        for (std::size_t i = 0; i < pool.agents.size(); ++i) {
            text += pool.name + "," + staffing.plan.begin_text(i) + "," +
                    std::to_string(pool.agents[i]) + "," + std::to_string(pool.paid[i]) + "," +
                    written(staffing.plan.pools[p].cost) + "\n";
        }
    }
    return text;
}

std::string check_text(const Staffing& staffing) {
    if (!staffing.unchecked_because.empty()) {
        return "Not simulated: " + staffing.unchecked_because + ".\n";
    }
    if (!staffing.check) {
        return "";
    }
    const StaffingCheck& check = *staffing.check;
    std::string text =
        "simulated: " + std::to_string(check.replications) +
        " such days with the router that runs live, seed " + std::to_string(check.seed) +
        "; +- is an interval of 95 %, of each figure for itself. too close to call: the interval "
        "holds what is demanded.\n";
    if (staffing.pools.empty()) {
        text += "added: agents the simulation asked for beyond the formula, " +
                std::to_string(added_of(staffing)) + " in all.\n";
    }
    text += std::to_string(check.search_looks) + " simulations searched, " +
            std::to_string(check.final_looks) +
            " checked with fresh seeds: " + std::to_string(check.replications_in_all) +
            " days in all.";
    return text + (check.is_at_limit ? " The search ended at its limit.\n" : "\n");
}

std::string seen_columns() {
    std::string text = ",added";
    for (const Figure& figure : kFigures) {
        text +=
            std::string(",simulated_") + figure.key + ",simulated_" + figure.key + "_half_width";
    }
    return text + ",verdict";
}

std::string seen_csv(const StaffedInterval& interval) {
    const bool is_seen = interval.seen && !interval.seen->judgements.empty();
    std::string text = "," + (interval.seen ? std::to_string(interval.added) : "");
    for (const Figure& figure : kFigures) {
        const sim::Estimate* estimate = is_seen ? &((*interval.seen).*figure.estimate) : nullptr;
        text +=
            is_seen ? "," + written(estimate->value) + "," + written(estimate->half_width) : ",,";
    }
    return text + "," + (is_seen ? to_string(interval.seen->verdict()) : "");
}

std::string seen_json(const StaffedInterval& interval) {
    if (!interval.seen || interval.seen->judgements.empty()) {
        return "null";
    }
    const sim::SeenInterval& seen = *interval.seen;
    std::string text = "{";
    for (const Figure& figure : kFigures) {
        const sim::Estimate& estimate = seen.*figure.estimate;
        text += std::string("\"") + figure.key + "\":{\"value\":" + written(estimate.value) +
                ",\"half_width\":" + written(estimate.half_width) + "},";
    }
    return text + "\"verdict\":\"" + to_string(seen.verdict()) +
           "\",\"not_kept\":" + in_list(demands_with(seen, sim::Verdict::not_kept)) +
           ",\"too_close\":" + in_list(demands_with(seen, sim::Verdict::open)) + "}";
}

std::string check_json(const Staffing& staffing) {
    if (!staffing.check) {
        return "null";
    }
    const StaffingCheck& check = *staffing.check;
    return "{\"seed\":" + std::to_string(check.seed) +
           ",\"replications\":" + std::to_string(check.replications) +
           ",\"confidence\":0.95,\"search_looks\":" + std::to_string(check.search_looks) +
           ",\"final_looks\":" + std::to_string(check.final_looks) +
           ",\"replications_in_all\":" + std::to_string(check.replications_in_all) +
           ",\"is_at_limit\":" + (check.is_at_limit ? "true}" : "false}");
}

std::string pools_json(const Staffing& staffing) {
    std::string text = "[";
    for (std::size_t p = 0; p < staffing.pools.size(); ++p) {
        const PoolStaffing& pool = staffing.pools[p];
        const Duration length = staffing.plan.interval;
        text += std::string(p == 0 ? "" : ",") + "{\"name\":\"" + pool.name +
                "\",\"cost\":" + written(staffing.plan.pools[p].cost) +
                ",\"agent_hours\":" + written(hours_of(pool.agents, length)) +
                ",\"paid_hours\":" + written(hours_of(pool.paid, length)) + ",\"intervals\":[";
        for (std::size_t i = 0; i < pool.agents.size(); ++i) {
            text += std::string(i == 0 ? "" : ",") + "{\"start\":\"" + staffing.plan.begin_text(i) +
                    "\",\"agents\":" + std::to_string(pool.agents[i]) +
                    ",\"paid\":" + std::to_string(pool.paid[i]) + "}";
        }
        text += "]}";
    }
    return text + "]";
}

}  // namespace lanze::app
