#include "app/plan_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>

#include "app/config_sections.h"
#include "app/plan_csv.h"
#include "app/plan_distributions.h"
#include "app/text_file.h"
#include "core/skills.h"

namespace lanze::app {

namespace {

constexpr std::int64_t kMinutesOfDay = 1'440;

// One of every table, so that every field is asked for once.
constexpr std::string_view kSurvey = R"(
[plan]
[demands]
service_level = {}
[[queue]]
contacts_file = "contacts.csv"
talk = { distribution = "hyperexponential" }
wrap_up = { distribution = "empirical", times_file = "times.csv" }
handle_time = { distribution = "lognormal" }
patience = { distribution = "weibull" }
[[queue]]
handle_time = { distribution = "empirical" }
patience = { distribution = "two" }
demands = { service_level = {} }
[[queue]]
patience = { distribution = "exponential" }
[[pool]]
)";

double in_seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

std::optional<double> seconds_or(TableReader& table, std::string_view field,
                                 std::optional<double> fallback) {
    return table.has(field)
               ? in_seconds(table.duration(field, {seconds(1), milliseconds(1), hours(24)}))
               : fallback;
}

std::optional<double> share_or(TableReader& table, std::string_view field,
                               std::optional<double> fallback) {
    return table.has(field) ? table.number(field, {1, 1e-6, 1}) : fallback;
}

void read_service_level(TableReader& table, plan::ServiceLevelDemand& level) {
    std::vector<std::pair<std::string, const plan::ServiceLevelDefinition*>> known;
    for (const plan::ServiceLevelDefinition& definition : plan::service_level_definitions()) {
        known.emplace_back(definition.name, &definition);
    }
    level.share = share_or(table, "share", level.share);
    level.within = in_seconds(table.duration(
        "within", {microseconds(std::llround(level.within * 1e6)), Duration::zero(), hours(24)}));
    level.definition = table.choice("definition", level.definition, known);
    level.short_abandon = in_seconds(table.duration(
        "short_abandon",
        {microseconds(std::llround(level.short_abandon * 1e6)), Duration::zero(), hours(24)}));
    if (level.share == 1.0) {
        table.reject("share", "is 1, which no number of agents reaches", "write 0.99, or less");
    }
    table.reject_unknown();
}

// What is not said stays as it was.
void read_demands(TableReader& parent, plan::Demands& demands) {
    std::optional<TableReader> table = parent.table("demands");
    if (!table) {
        return;
    }
    if (std::optional<TableReader> level = table->table("service_level")) {
        read_service_level(*level, demands.service_level);
    }
    demands.p_abandon_max = share_or(*table, "p_abandon_max", demands.p_abandon_max);
    demands.mean_wait_max = seconds_or(*table, "mean_wait_max", demands.mean_wait_max);
    demands.asa_max = seconds_or(*table, "asa_max", demands.asa_max);
    demands.occupancy_max = table->number("occupancy_max", {*demands.occupancy_max, 0.01, 1});
    demands.occupancy_min = share_or(*table, "occupancy_min", demands.occupancy_min);
    const auto most = static_cast<std::uint32_t>(plan::kAgentsMax);
    demands.agents_min =
        table->integer("agents_min", {static_cast<std::uint32_t>(demands.agents_min), 0, most});
    if (table->has("agents_max")) {
        demands.agents_max = table->integer("agents_max", {most, 1, most});
    }
    table->reject_unknown();
}

class PlanReader {
public:
    PlanReader(StaffingPlan& plan, const ReadFile& read_file, ConfigFindings& findings)
        : plan_(plan), findings_(findings), context_{plan.path, &read_file, &file_errors} {}

    void read(const ConfigNode& node) {
        TableReader root(node, "", findings_);
        if (std::optional<TableReader> table = root.table("plan")) {
            read_plan(*table);
        } else {
            root.reject("plan", "is missing", "add [plan] with first = \"08:00\"");
        }
        read_demands(root, demands_);
        has_pools_ = root.has("pool");
        if (has_pools_) {
            reject_numbers(root, "demands", demands_);
        }
        for (TableReader& table : root.tables("queue", kPlanQueuesMax)) {
            read_queue(table);
        }
        for (TableReader& table : root.tables("pool", kPlanPoolsMax)) {
            read_pool(table);
        }
        check_pools(root);
        if (!root.has("queue") || (plan_.queues.empty() && !findings_.has_errors())) {
            root.reject("queue", "is missing: there is nothing to staff",
                        "add [[queue]] with name, contacts and handle_time");
        }
        root.reject_unknown();
    }

    std::vector<ConfigError> file_errors;

private:
    void read_plan(TableReader& table) {
        plan_.title = table.text("name").value_or("");
        const std::string first = table.required_text("first");
        if (const auto clock = parse_plan_clock(first)) {
            plan_.first = *clock;
        } else if (!first.empty()) {
            table.reject("first", in_quotes(first) + " is no time of a day",
                         "write \"08:00\" or \"2026-03-02 08:00\"");
        }
        plan_.interval = table.duration("interval", {minutes(30), minutes(1), hours(24)});
        if (plan_.interval % minutes(1) != Duration::zero()) {
            table.reject("interval", "is not a number of whole minutes",
                         "write \"15m\" or \"30m\"");
            plan_.interval = minutes(30);
        }
        plan_.goes_round = table.boolean("around_the_clock", false);
        plan_.load = table.choice("load", LoadUsed::mean,
                                  {{"mean", LoadUsed::mean}, {"peak", LoadUsed::peak}});
        shrinkage_ = table.number("shrinkage", {0, 0, 0.95});
        table.reject_unknown();
    }

    void read_queue(TableReader& table) {
        PlannedQueue queue;
        queue.name = table.required_name("name");
        if (!queue.name.empty() && !names_.insert(queue.name).second) {
            table.reject("name", in_quotes(queue.name) + " is taken", "give each queue its own");
        }
        read_routing(table, queue);
        if (const auto time = read_handle_time(table, context_)) {
            queue.handle_time = time->whole;
            queue.talk = time->talk;
            queue.wrap_up = time->wrap_up;
        }
        queue.patience = read_patience(table);
        queue.demands = demands_;
        read_demands(table, queue.demands);
        if (has_pools_ && table.has("demands")) {
            reject_numbers(table, "demands", queue.demands);
        }
        queue.shrinkage = table.number("shrinkage", {shrinkage_, 0, 0.95});
        read_arrivals(table, queue);
        check_arrivals(table, queue);
        table.reject_unknown();
        plan_.queues.push_back(std::move(queue));
    }

    void read_routing(TableReader& table, PlannedQueue& queue) {
        queue.needs = read_skills(table);
        queue.priority = static_cast<std::uint8_t>(
            table.integer("priority", {core::kPriorityNormal, 1, core::kPriorityMax}));
        queue.agent_rule = read_agent_rule(table);
        for (const char* const field : {"skills", "priority", "agent_rule"}) {
            if (!has_pools_ && table.has(field)) {
                table.reject(field, "says nothing without pools: each queue has its own agents",
                             "add [[pool]] with name and skills, or leave it out");
            }
        }
    }

    // With pools, a queue has no number of agents of its own.
    static void reject_numbers(TableReader& table, std::string_view field,
                               const plan::Demands& demands) {
        if (demands.agents_min > 0 || demands.agents_max || demands.occupancy_min) {
            table.reject(field,
                         "have agents_min, agents_max or occupancy_min, which a queue that shares "
                         "its agents cannot",
                         "write agents_min and agents_max into [[pool]]");
        }
    }

    void read_pool(TableReader& table) {
        PlannedPool pool;
        pool.name = table.required_name("name");
        if (!pool.name.empty() && !pool_names_.insert(pool.name).second) {
            table.reject("name", in_quotes(pool.name) + " is taken", "give each pool its own");
        }
        pool.skills = read_skills(table);
        pool.cost = table.number("cost", {1, 1e-3, 1e6});
        pool.agents_min = table.integer("agents_min", {0, 0, kPlanPoolAgentsMax});
        pool.has_agents_max = table.has("agents_max");
        pool.agents_max = table.integer("agents_max", {kPlanPoolAgentsMax, 0, kPlanPoolAgentsMax});
        if (pool.agents_min > pool.agents_max) {
            table.reject("agents_min", "is more than agents_max", "lower it, or raise agents_max");
        }
        pool.shrinkage = table.number("shrinkage", {shrinkage_, 0, 0.95});
        table.reject_unknown();
        plan_.pools.push_back(std::move(pool));
    }

    void check_pools(TableReader& root) {
        for (const PlannedQueue& queue : plan_.queues) {
            const bool is_served =
                std::any_of(plan_.pools.begin(), plan_.pools.end(), [&](const PlannedPool& pool) {
                    return core::fulfils(pool.skills, queue.needs) && pool.agents_max > 0;
                });
            if (has_pools_ && !is_served) {
                root.reject(
                    "pool",
                    "cannot serve " + in_quotes(queue.name) + ": none with agents has its skills",
                    "give them to one, or take them from the queue");
            }
        }
    }

    void read_arrivals(TableReader& table, PlannedQueue& queue) {
        const double mean = static_cast<double>(queue.handle_time.mean());
        for (const double contacts :
             table.numbers("contacts", {0, 0, kPlanContactsMax}, kPlanIntervalsMax)) {
            queue.arrivals.push_back({contacts, mean});
        }
        if (table.has("contacts") == table.has("contacts_file")) {
            table.reject("contacts", "or contacts_file is needed, and not both",
                         "write contacts = [12, 20, 31] or contacts_file = \"contacts.csv\"");
            return;
        }
        const auto file = table.has("contacts_file") ? named_text(table, "contacts_file", context_)
                                                     : std::nullopt;
        if (file) {
            ConfigFindings findings(file->path);
            queue.arrivals = read_load_csv(file->text, {plan_.first, plan_.interval / minutes(1)},
                                           mean, findings);
            for (ConfigError& error : findings.sorted_errors()) {
                file_errors.push_back(std::move(error));
            }
        }
    }

    void check_arrivals(TableReader& table, const PlannedQueue& queue) {
        if (queue.arrivals.empty()) {
            if (table.has("contacts") && !findings_.has_errors()) {
                table.reject("contacts", "has no interval", "write contacts = [12, 20, 31]");
            }
            return;
        }
        const std::size_t count = queue.arrivals.size();
        const Duration length = plan_.interval * static_cast<std::int64_t>(count);
        if (!plan_.first.has_date && length > hours(24)) {
            table.reject("contacts", "go on for more than a day", "give plan.first a date");
        }
        if (count_ != 0 && count != count_) {
            table.reject("name",
                         "has " + std::to_string(count) + " intervals, but others have " +
                             std::to_string(count_),
                         "give 0 contacts where a queue is closed");
        }
        count_ = count;
        double most = 0;
        for (const plan::ArrivalInterval& arrivals : queue.arrivals) {
            most = std::max(most, arrivals.contacts * arrivals.handle_mean);
        }
        if (most / in_seconds(plan_.interval) > kPlanLoadMax) {
            table.reject("name",
                         "has a load of more than " +
                             std::to_string(static_cast<int>(kPlanLoadMax)) +
                             " agents in an interval",
                         "check contacts and handle times, or split the queue");
        }
    }

    StaffingPlan& plan_;
    ConfigFindings& findings_;
    PlanContext context_;
    plan::Demands demands_;
    double shrinkage_ = 0;
    std::size_t count_ = 0;
    std::set<std::string> names_;
    std::set<std::string> pool_names_;
    bool has_pools_ = false;
};

std::optional<int> digits_of(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number && value >= 0 && text[0] != '-' ? std::optional(value) : std::nullopt;
}

std::optional<std::string> read_whole_file(const std::string& path) {
    auto text = read_text_file(path, kPlanBytesMax + 1);
    return text && text->size() <= kPlanBytesMax ? std::move(text) : std::nullopt;
}

}  // namespace

std::optional<PlanClock> parse_plan_clock(std::string_view text) {
    PlanClock clock;
    if (text.size() == 16 && (text[10] == ' ' || text[10] == 'T') && text[4] == '-' &&
        text[7] == '-') {
        const auto year = digits_of(text.substr(0, 4));
        const auto month = digits_of(text.substr(5, 2));
        const auto day = digits_of(text.substr(8, 2));
        if (!year || !month || !day || *year < 1970) {
            return std::nullopt;
        }
        const std::chrono::year_month_day date{std::chrono::year(*year),
                                               std::chrono::month(static_cast<unsigned>(*month)),
                                               std::chrono::day(static_cast<unsigned>(*day))};
        if (!date.ok()) {
            return std::nullopt;
        }
        const std::chrono::sys_days days(date);
        clock = {days.time_since_epoch().count() * kMinutesOfDay, true};
        text.remove_prefix(11);
    }
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hour = digits_of(text.substr(0, 2));
    const auto minute = digits_of(text.substr(3, 2));
    if (!hour || !minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    clock.minutes += *hour * 60 + *minute;
    return clock;
}

std::string written_plan_clock(PlanClock clock) {
    std::array<char, 64> text{};
    const int minute_of_day = static_cast<int>(clock.minutes % kMinutesOfDay);
    std::snprintf(text.data(), text.size(), "%02d:%02d", minute_of_day / 60, minute_of_day % 60);
    std::string time = text.data();
    if (!clock.has_date) {
        return time;
    }
    const std::chrono::year_month_day date{
        std::chrono::sys_days(std::chrono::days(clock.minutes / kMinutesOfDay))};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data() + time;
}

std::string StaffingPlan::begin_text(std::size_t interval_index) const {
    PlanClock clock = first;
    clock.minutes += interval / minutes(1) * static_cast<std::int64_t>(interval_index);
    return written_plan_clock(clock);
}

PlanResult parse_plan(std::string_view text, const std::string& path, const ReadFile& read_file) {
    if (text.size() > kPlanBytesMax) {
        return Unexpected(whole_file_error(path, "is larger than 4 MiB",
                                           "put the contacts into files (contacts_file)"));
    }
    ConfigFindings findings(path);
    const Result<ConfigNode, TomlError> node = parse_toml(text);
    if (!node) {
        findings.add(node.error().at, "", "is not TOML here: " + node.error().problem,
                     "see https://toml.io for how it is written");
        return Unexpected(findings.sorted_errors());
    }
    StaffingPlan plan;
    plan.path = path;
    PlanReader reader(plan, read_file, findings);
    reader.read(*node);
    std::vector<ConfigError> errors = findings.sorted_errors();
    errors.insert(errors.end(), reader.file_errors.begin(), reader.file_errors.end());
    if (!errors.empty()) {
        return Unexpected(std::move(errors));
    }
    return plan;
}

PlanResult load_plan(const std::string& path) {
    const auto text = read_whole_file(path);
    if (!text) {
        return Unexpected(whole_file_error(
            path, "cannot be read",
            "check that it is there, that you may read it and that it has at most 4 MiB"));
    }
    return parse_plan(*text, path, read_whole_file);
}

std::vector<std::string> known_plan_fields() {
    const Result<ConfigNode, TomlError> node = parse_toml(kSurvey);
    LANZE_CHECK(node.has_value());
    ConfigFindings findings("", true);
    StaffingPlan plan;
    const ReadFile nothing = [](const std::string&) { return std::nullopt; };
    PlanReader(plan, nothing, findings).read(*node);
    return findings.known_fields();
}

}  // namespace lanze::app
