#include "app/scenario_file.h"

#include <algorithm>

#include "app/local_time.h"
#include "app/opening.h"
#include "app/scenario_parts.h"
#include "app/text_file.h"
#include "base/check.h"

namespace lanze::app {

namespace {

// Monday the 5th of January 2026: a week without holidays.
constexpr std::string_view kStartDefault = "2026-01-05";
constexpr double kSpeedMin = 0.01;
constexpr std::uint32_t kReplicationsMax = 100'000;

// One of every table, so that every field is asked for once.
constexpr std::string_view kSurvey = R"(
[run]
[routing]
[charter]
[[hours]]
week = {}
special_days = [{}]
[[queue]]
overflow = [{}]
service_level = {}
widening = [{}]
reserve = [{}]
[[arrivals]]
talk = { distribution = "weibull" }
wrap_up = { distribution = "empirical" }
patience = { distribution = "gamma" }
redials = { after = { distribution = "fixed" } }
[[pool]]
at_once = {}
interrupts = {}
handle_factors = {}
answers_after = {}
shifts = [{ breaks = [{}] }]
staff = [{}]
)";

void read_run(TableReader& root, ScenarioDraft& draft) {
    auto table = root.table("run");
    if (!table) {
        return;
    }
    RunSettings& run = draft.file.run;
    run.seed = table->integer("seed", {1, 0, 4'294'967'295});
    run.replications = table->integer("replications", {run.replications, 2, kReplicationsMax});
    run.warm_up = table->duration("warm_up", {run.warm_up, Duration::zero(), hours(24 * 30)});
    run.interval = table->duration("interval", {run.interval, minutes(1), hours(24)});
    table->reject_unknown();
}

// The queues, rules and promises as they stand in the scenario itself.
void read_own_centre(TableReader& root, ScenarioDraft& draft, ConfigDraft& centre) {
    centre.config.time_zone = draft.file.time_zone;
    core::Config& core = centre.config.core;
    core.contacts_max = root.integer("lines", {core.contacts_max, 1, 1'000'000});
    read_routing(root, centre);
    read_charter(root, centre);
    read_calendars(root, centre);
    if (!root.has("queue")) {
        root.reject("queue", "is missing: there is nothing callers could wait in",
                    "add [[queue]] with name and skills, or centre = \"lanze.toml\"");
    }
    for (TableReader& table : root.tables("queue", kQueuesMax)) {
        core::QueueConfig queue;
        queue.name = table.required_name("name");
        centre.queue_names.take(table, "name", queue.name, table.position_of("name"));
        read_queue_routing(table, queue, centre);
        table.reject_unknown();
        centre.config.core.queues.push_back(std::move(queue));
    }
    resolve_widening(centre, root.findings());
    check_overflow_leads_on(centre, root.findings());
    check_cancelling_is_not_slower(centre, root.findings());
}

// What stands in the centre's own file; its errors are told as those of that file.
void take_centre(TableReader& root, const std::string& path, ScenarioDraft& draft,
                 ConfigDraft& centre) {
    for (const char* const table : {"queue", "routing", "charter", "hours"}) {
        if (root.has(table)) {
            root.reject(table, "stands in the centre's file already", "take one of the two out");
        }
    }
    const auto text = read_named_file(root, "centre", path, draft);
    if (!text) {
        return;
    }
    ConfigResult config = parse_config(*text, beside(draft.path, path));
    if (!config) {
        draft.file_errors = config.error();
        return;
    }
    centre.config = *std::move(config);
    draft.file.time_zone = centre.config.time_zone;
    if (!root.has("pool")) {
        take_agents(centre.config, draft);
    }
}

Time start_of(TableReader& root) {
    std::string text(kStartDefault);
    if (const ConfigNode* node = root.find("start")) {
        const auto* date = std::get_if<ConfigDate>(&node->value);
        const auto* words = std::get_if<std::string>(&node->value);
        text = date != nullptr ? date->text : words != nullptr ? *words : "";
    }
    const auto start =
        text.size() == kStartDefault.size() ? parse_local(text, Time{}) : std::nullopt;
    if (!start) {
        root.reject("start", "is no date", "write start = 2026-11-23");
    }
    return start.value_or(Time{});
}

void read_speeds(TableReader& root, sim::Scenario& scenario) {
    scenario.speeds = root.numbers("speeds", {1, kSpeedMin, 1}, sim::kAtOnceMax);
}

void set_hours(const ConfigDraft& centre, sim::Scenario& scenario) {
    scenario.hours.resize(scenario.config.queues.size());
    const auto& calendars = centre.config.queue_calendars;
    for (std::size_t i = 0; i < scenario.hours.size() && i < calendars.size(); ++i) {
        if (calendars[i]) {
            scenario.hours[i] = open_spans(centre.config.calendars[*calendars[i]], scenario.start,
                                           scenario.start + kHoursAhead, offset_of_zone);
        }
    }
}

void count_days(ScenarioDraft& draft, const ConfigDraft& centre) {
    const bool has_hours =
        std::any_of(centre.config.queue_calendars.begin(), centre.config.queue_calendars.end(),
                    [](const auto& calendar) { return calendar.has_value(); });
    if (draft.has_days || has_hours) {
        draft.has_days = true;
        const Duration day = hours(24);
        draft.file.days =
            static_cast<std::uint32_t>(std::max<Duration>(draft.last - Duration{1}, {}) / day) + 1;
    }
}

ScenarioDraft read_sections(const ConfigNode& node, const std::string& path,
                            const ReadFile& read_file, ConfigFindings& findings) {
    ScenarioDraft draft;
    draft.path = path;
    draft.read_file = &read_file;
    draft.file.path = path;
    TableReader root(node, "", findings);
    draft.file.title = root.text("name").value_or("");
    draft.file.time_zone = root.text("time_zone").value_or("UTC");
    const auto centre_path = root.text("centre");
    ConfigDraft centre;
    if (centre_path) {
        take_centre(root, *centre_path, draft, centre);
    } else {
        read_own_centre(root, draft, centre);
    }
    if (!use_time_zone(draft.file.time_zone)) {
        root.reject("time_zone", "is not known here", "write one such as \"Europe/Berlin\"");
    }
    sim::Scenario& scenario = draft.file.scenario;
    scenario.config = centre.config.core;
    scenario.config.agents.clear();
    scenario.start = start_of(root);
    set_hours(centre, scenario);
    read_run(root, draft);
    read_speeds(root, scenario);
    read_arrivals(root, draft);
    if (scenario.pools.empty()) {
        read_pools(root, draft);
    }
    root.reject_unknown();
    count_days(draft, centre);
    if (!findings.has_errors() && draft.file_errors.empty()) {
        check_stability(draft, findings);
    }
    return draft;
}

}  // namespace

ScenarioResult parse_scenario(std::string_view text, const std::string& path,
                              const ReadFile& read_file) {
    ConfigFindings findings(path);
    if (text.size() > kScenarioBytesMax) {
        findings.add({}, "", "is larger than 4 MiB",
                     "put long lists of times into files beside it");
        return Unexpected(findings.sorted_errors());
    }
    const Result<ConfigNode, TomlError> node = parse_toml(text);
    if (!node) {
        findings.add(node.error().at, "", "is not TOML here: " + node.error().problem,
                     "see https://toml.io for how it is written");
        return Unexpected(findings.sorted_errors());
    }
    ScenarioDraft draft = read_sections(*node, path, read_file, findings);
    std::vector<ConfigError> errors = findings.sorted_errors();
    errors.insert(errors.end(), draft.file_errors.begin(), draft.file_errors.end());
    if (!errors.empty()) {
        return Unexpected(std::move(errors));
    }
    return std::move(draft.file);
}

ScenarioResult load_scenario(const std::string& path) {
    const auto text = read_text_file(path, kScenarioBytesMax + 1);
    if (!text) {
        return Unexpected(whole_file_error(path, "cannot be read",
                                           "check that it is there and that you may read it"));
    }
    return parse_scenario(*text, path, [](const std::string& named) {
        auto whole = read_text_file(named, kTimesFileBytesMax + 1);
        return whole && whole->size() <= kTimesFileBytesMax ? whole : std::nullopt;
    });
}

std::vector<std::string> known_scenario_fields() {
    const Result<ConfigNode, TomlError> node = parse_toml(kSurvey);
    LANZE_CHECK(node.has_value());
    ConfigFindings findings("", true);
    read_sections(
        *node, "", [](const std::string&) { return std::nullopt; }, findings);
    return findings.known_fields();
}

}  // namespace lanze::app
