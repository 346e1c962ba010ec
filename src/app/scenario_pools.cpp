// Who works: the [[pool]]s of a scenario, or the agents of its centre.
#include <algorithm>

#include "app/scenario_parts.h"
#include "sim/stability.h"

namespace lanze::app {

namespace {

constexpr double kFactorMin = 0.01;
constexpr double kFactorMax = 100;

std::vector<core::PlannedBreak> read_breaks(TableReader& shift, Duration begin, Duration end) {
    std::vector<core::PlannedBreak> result;
    Duration before = begin;
    for (TableReader& table : inline_tables(shift, "breaks", core::kPlannedBreaksMax)) {
        core::PlannedBreak one;
        const Duration from = read_day_time(table, "from", std::nullopt);
        one.from = Time{from};
        one.length = table.duration("length", {one.length, minutes(1), hours(8)});
        if (from < before || from >= end) {
            table.reject("from", "is not within the shift, after the break before",
                         "let breaks follow each other between begin and end");
        }
        before = from;
        table.reject_unknown();
        result.push_back(one);
    }
    return result;
}

std::vector<sim::Shift> read_shifts(TableReader& pool, ScenarioDraft& draft) {
    std::vector<sim::Shift> result;
    for (TableReader& table : inline_tables(pool, "shifts", kShiftsMax)) {
        sim::Shift shift;
        shift.begin = read_day_time(table, "begin", std::nullopt);
        shift.end = read_day_time(table, "end", std::nullopt);
        if (shift.end <= shift.begin) {
            table.reject("end", "is not after begin",
                         "write \"26:00\" for two o'clock on the next day");
        } else if (!result.empty() && shift.begin < result.back().end) {
            table.reject("begin", "is before the end of the shift before",
                         "let the shifts of a pool follow each other");
        }
        shift.breaks = read_breaks(table, shift.begin, shift.end);
        table.reject_unknown();
        draft.has_days = true;
        draft.last = std::max(draft.last, shift.end);
        result.push_back(std::move(shift));
    }
    return result;
}

std::vector<sim::StaffPiece> read_staff(TableReader& pool, ScenarioDraft& draft) {
    std::vector<sim::StaffPiece> result;
    for (TableReader& table : inline_tables(pool, "staff", kRatesMax)) {
        sim::StaffPiece piece;
        piece.from = read_day_time(table, "from", std::nullopt);
        piece.agents = table.integer("agents", {0, 0, static_cast<std::uint32_t>(sim::kAgentsMax)});
        if (!result.empty() && piece.from <= result.back().from) {
            table.reject("from", "is not later than the one before", "let the times rise");
        }
        table.reject_unknown();
        draft.has_days = true;
        draft.last = std::max(draft.last, piece.from);
        result.push_back(piece);
    }
    return result;
}

void read_factors(TableReader& table, sim::Pool& pool, const ScenarioDraft& draft) {
    pool.handle_factor = table.number("handle_factor", {1, kFactorMin, kFactorMax});
    auto inner = table.table("handle_factors");
    if (!inner) {
        return;
    }
    const auto& queues = draft.file.scenario.config.queues;
    pool.handle_factors.assign(queues.size(), 1);
    for (std::size_t i = 0; i < queues.size() && !queues[i].name.empty(); ++i) {
        pool.handle_factors[i] = inner->number(queues[i].name, {1, kFactorMin, kFactorMax});
    }
    inner->reject_unknown();
}

void read_pool(TableReader& table, ScenarioDraft& draft) {
    sim::Pool pool;
    pool.name = table.required_name("name");
    draft.pool_names.take(table, "name", pool.name, table.position_of("name"));
    read_core_agent(table, pool.agent);
    pool.count = table.integer("count", {1, 1, static_cast<std::uint32_t>(sim::kAgentsMax)});
    read_factors(table, pool, draft);
    pool.answers_after =
        read_distribution(table, "answers_after", draft).value_or(pool.answers_after);
    pool.no_answer = table.number("no_answer", {0, 0, 1});
    pool.rejects = table.number("rejects", {0, 0, 1});
    if (pool.no_answer + pool.rejects > 1) {
        table.reject("rejects", "and no_answer are more than all", "let them add up to at most 1");
    }
    pool.shifts = read_shifts(table, draft);
    pool.staff = read_staff(table, draft);
    if (!pool.staff.empty() && !pool.shifts.empty()) {
        table.reject("staff", "and shifts both say who works when", "take one of the two out");
    }
    for (const sim::StaffPiece& piece : pool.staff) {
        if (piece.agents > pool.count) {
            table.reject("staff",
                         "wants " + std::to_string(piece.agents) + " of " +
                             std::to_string(pool.count) + " agents",
                         "raise count");
            break;
        }
    }
    table.reject_unknown();
    draft.file.scenario.pools.push_back(std::move(pool));
}

}  // namespace

void read_pools(TableReader& root, ScenarioDraft& draft) {
    auto& pools = draft.file.scenario.pools;
    for (TableReader& table : root.tables("pool", sim::kPoolsMax)) {
        read_pool(table, draft);
    }
    if (pools.empty() && !root.has("pool")) {
        root.reject("pool", "is missing: nobody would answer",
                    "add [[pool]] with name, count and skills, or centre = \"lanze.toml\"");
    }
    std::size_t agents = 0;
    for (const sim::Pool& pool : pools) {
        agents += pool.count;
    }
    if (agents > sim::kAgentsMax) {
        root.reject("pool", "have " + std::to_string(agents) + " agents",
                    "let there be at most " + std::to_string(sim::kAgentsMax));
    }
}

// Who is alike is one pool.
void take_agents(const CentreConfig& centre, ScenarioDraft& draft) {
    auto& pools = draft.file.scenario.pools;
    for (core::AgentConfig agent : centre.core.agents) {
        const std::string name = std::exchange(agent.name, "");
        const auto same = std::find_if(pools.begin(), pools.end(),
                                       [&](const sim::Pool& pool) { return pool.agent == agent; });
        if (same != pools.end()) {
            ++same->count;
            continue;
        }
        sim::Pool pool;
        pool.name = name;
        pool.agent = std::move(agent);
        pools.push_back(std::move(pool));
    }
}

void check_stability(const ScenarioDraft& draft, ConfigFindings& findings) {
    if (draft.has_days) {
        return;  // a day ends
    }
    for (const sim::Overload& overload : sim::overloads_of(draft.file.scenario)) {
        std::string names;
        for (const std::size_t stream : overload.streams) {
            names += (names.empty() ? "" : ", ") + draft.file.scenario.streams[stream].name;
        }
        const ConfigPosition at = draft.stream_at[overload.streams.front()];
        findings.add(at, "arrivals",
                     "would wait for ever longer: " + names + " bring the work of " +
                         sim::written(overload.work) + " agents, and " +
                         sim::written(overload.agents) + " can do it, who come later are patient",
                     "add agents, patience, or a waiting_max to the queue");
    }
}

}  // namespace lanze::app
