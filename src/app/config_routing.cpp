#include <algorithm>

#include "app/config_sections.h"

namespace lanze::app {

namespace {

constexpr std::int64_t kLevelMax = 99;
constexpr std::uint32_t kSeedMax = 4'294'967'295;
constexpr std::uint32_t kStarvationMax = 1'000;

// What a file promises that says nothing; the core's own defaults promise nothing, so that journals
// from before the charter replay as they were.
constexpr std::uint32_t kOccupancyMaxPermille = 850;
constexpr std::uint32_t kStarvationFactor = 5;

bool is_skill_name(const std::string& name) {
    return !name.empty() && name.size() <= kNameBytesMax &&
           std::none_of(name.begin(), name.end(), is_control);
}

core::ServiceLevel read_service_level(TableReader& queue, QueuePositions& at) {
    using Definition = core::ServiceLevelDefinition;
    core::ServiceLevel result;
    auto table = queue.table("service_level");
    if (!table) {
        return result;
    }
    result.share_permille = table->share_permille("share", result.share_permille);
    result.within = table->duration("within", {result.within, seconds(0), hours(1)});
    result.definition = table->choice<Definition>(
        "definition", result.definition,
        {{"answered_within/offered_less_short", Definition::answered_within_per_offered_less_short},
         {"answered_within/offered", Definition::answered_within_per_offered},
         {"answered_within/answered", Definition::answered_within_per_answered},
         {"answered_or_abandoned_within/offered",
          Definition::answered_or_abandoned_within_per_offered}});
    result.short_abandon =
        table->duration("short_abandon", {result.short_abandon, seconds(0), hours(1)});
    table->reject_unknown();
    at.share = table->position_of("share");
    at.within = table->position_of("within");
    return result;
}

// Exactly one of skills, queue and anybody says whom the step adds.
void check_way_of_widening(TableReader& table, bool is_anybody) {
    const bool has_skills = table.has("skills");
    const bool has_queue = table.has("queue");
    const int count = int{has_skills} + int{has_queue} + int{is_anybody};
    if (count == 0) {
        table.reject("skills", "is missing, and so are queue and anybody = true",
                     "write exactly one of the three");
    } else if (count > 1) {
        table.reject(is_anybody ? "anybody" : "queue", "is not the only way to widen in this step",
                     "write exactly one of skills, queue and anybody");
    }
    if (is_anybody && !table.boolean("drops_own", true)) {
        table.reject("drops_own", "contradicts anybody = true, which asks for nothing",
                     "take it out, or write skills = {} instead of anybody");
    }
}

core::WideningStep read_widening_step(TableReader& table, std::size_t step_number,
                                      ConfigDraft& draft) {
    core::WideningStep step;
    if (!table.has("after")) {
        table.reject("after", "is missing", "add after = \"30s\"");
    }
    step.after = table.duration("after", {Duration::zero(), seconds(1), hours(24)});
    const bool is_anybody = table.boolean("anybody", false);
    step.drops_own = table.boolean("drops_own", is_anybody) || is_anybody;
    check_way_of_widening(table, is_anybody);
    step.needs = read_skills(table);
    if (table.has("queue")) {
        draft.widening_to_queues.push_back({draft.config.core.queues.size(), step_number,
                                            table.required_text("queue"),
                                            table.position_of("queue"), table.field_path("queue")});
    }
    table.reject_unknown();
    return step;
}

void read_widening(TableReader& table, core::QueueConfig& queue, ConfigDraft& draft,
                   QueuePositions& at) {
    Duration before{};
    for (TableReader& one : inline_tables(table, "widening", core::kWideningStepsMax)) {
        core::WideningStep step = read_widening_step(one, queue.widening.size(), draft);
        const bool is_read = step.after != Duration::zero();  // else refused already
        if (is_read && step.after <= before) {
            one.reject("after",
                       in_quotes(written_duration(step.after)) + " is not later than " +
                           in_quotes(written_duration(before)) + " of the step before",
                       "let the times rise from step to step");
        }
        before = std::max(before, step.after);
        at.widening_steps.push_back(one.at());
        queue.widening.push_back(std::move(step));
    }
}

void read_reserves(TableReader& table, core::QueueConfig& queue, QueuePositions& at) {
    for (TableReader& one : inline_tables(table, "reserve", core::kReservesMax)) {
        core::Reserve reserve{read_skills(one), 0};
        if (!one.has("skills")) {
            one.reject("skills", "is missing", "add skills = { name = 1 }: who is kept back");
        }
        if (!one.has("keep")) {
            one.reject("keep", "is missing", "add keep = 2: how many of them stay idle");
        }
        reserve.keep = one.integer("keep", {0, 1, static_cast<std::uint32_t>(kAgentsMax)});
        one.reject_unknown();
        at.reserves.push_back(one.at());
        queue.reserves.push_back(std::move(reserve));
    }
}

void read_purpose(TableReader& table, ConfigDraft& draft) {
    const QueuePurpose purpose =
        table.choice<QueuePurpose>("purpose", QueuePurpose::any,
                                   {{"buy", QueuePurpose::buy}, {"cancel", QueuePurpose::cancel}});
    std::vector<QueuePurpose>& purposes = draft.config.queue_purposes;
    const auto before = static_cast<std::size_t>(
        std::count_if(purposes.begin(), purposes.end(),
                      [](QueuePurpose one) { return one != QueuePurpose::any; }));
    if (purpose != QueuePurpose::any && before == kPurposesMax) {
        table.reject("purpose", "is beyond the limit",
                     "let at most " + std::to_string(kPurposesMax) + " queues have one");
    }
    purposes.push_back(purpose);
}

}  // namespace

std::vector<TableReader> inline_tables(TableReader& table, std::string_view name,
                                       std::size_t count_max) {
    const ConfigNode* node = table.find(name);
    if (node == nullptr) {
        return {};
    }
    const auto* list = std::get_if<ConfigList>(&node->value);
    const bool is_list_of_tables =
        list != nullptr &&
        std::all_of(list->items.begin(), list->items.end(), [](const ConfigNode& item) {
            return std::holds_alternative<ConfigTable>(item.value);
        });
    if (!is_list_of_tables) {
        table.reject(name, "is not a list of tables",
                     "write " + std::string(name) + " = [{ ... }, { ... }]");
        return {};
    }
    return table.tables(name, count_max);
}

core::AgentRule read_agent_rule(TableReader& queue) {
    using Rule = core::AgentRule;
    return queue.choice<Rule>("agent_rule", Rule::longest_idle,
                              {{"longest_idle", Rule::longest_idle},
                               {"random_pool", Rule::random_pool},
                               {"random", Rule::random},
                               {"least_occupied", Rule::least_occupied},
                               {"best_level", Rule::best_level},
                               {"lowest_level", Rule::lowest_level},
                               {"fixed_order", Rule::fixed_order},
                               {"round_robin", Rule::round_robin}});
}

core::Skills read_skills(TableReader& table) {
    core::Skills result;
    for (const auto& [node, level] : table.integers_by_key("skills")) {
        const std::string field = "skills." + shown(node->key);
        if (level < 1 || level > kLevelMax) {
            table.reject_at(node->at, field, std::to_string(level) + " is out of range",
                            "write a level from 1 to 99");
        } else if (!is_skill_name(node->key)) {
            table.reject_at(node->at, field, "is no name of a skill",
                            "write 1 to " + std::to_string(kNameBytesMax) + " letters");
        } else {
            result.push_back({node->key, static_cast<std::uint8_t>(level)});
        }
    }
    if (result.size() > kSkillsMax) {
        table.reject("skills", "are " + std::to_string(result.size()),
                     "write at most " + std::to_string(kSkillsMax));
    }
    std::sort(result.begin(), result.end());
    return result;
}

void read_queue_routing(TableReader& table, core::QueueConfig& queue, ConfigDraft& draft) {
    QueuePositions at;
    at.share = at.within = table.position_of("service_level");
    queue.needs = read_skills(table);
    queue.service_level = read_service_level(table, at);
    queue.waiting_max = table.integer("waiting_max", {queue.waiting_max, 0, 1'000'000});
    queue.agent_rule = read_agent_rule(table);
    queue.priority = static_cast<std::uint8_t>(
        table.integer("priority", {queue.priority, 1, core::kPriorityMax}));
    queue.preferred_for =
        table.duration("preferred_for", {queue.preferred_for, seconds(0), hours(1)});
    read_widening(table, queue, draft, at);
    read_reserves(table, queue, at);
    read_overflows(table, queue, at);
    read_queue_hours(table, draft);
    read_purpose(table, draft);
    at.skills = table.position_of("skills");
    at.priority = table.position_of("priority");
    at.waiting_max = table.position_of("waiting_max");
    at.preferred_for = table.position_of("preferred_for");
    at.widening = table.position_of("widening");
    at.reserve = table.position_of("reserve");
    draft.queue_at.push_back(std::move(at));
}

void resolve_widening(ConfigDraft& draft, ConfigFindings& findings) {
    std::vector<core::QueueConfig>& queues = draft.config.core.queues;
    for (const auto& [queue, step, name, at, field] : draft.widening_to_queues) {
        const auto other =
            std::find_if(queues.begin(), queues.end(),
                         [&](const core::QueueConfig& one) { return one.name == name; });
        if (name.empty()) {
            continue;  // refused already
        }
        if (other == queues.end()) {
            const auto nearest = nearest_name(name, draft.queue_names.all());
            findings.add(at, field, in_quotes(name) + " is the name of no queue",
                         nearest ? "did you mean \"" + *nearest + "\"?"
                                 : std::string("write the name of a queue"));
        } else if (name == queues[queue].name) {
            findings.add(at, field, in_quotes(name) + " is this queue itself",
                         "write another queue, or skills = { ... } with lower levels");
        } else {
            queues[queue].widening[step].needs = other->needs;
        }
    }
}

void read_routing(TableReader& root, ConfigDraft& draft) {
    using Rule = core::ContactRule;
    auto table = root.table("routing");
    if (!table) {
        return;
    }
    core::Config& core = draft.config.core;
    core.contact_rule = table->choice<Rule>("contact_rule", core.contact_rule,
                                            {{"longest_waiting", Rule::longest_waiting},
                                             {"relative_to_target", Rule::relative_to_target},
                                             {"longer_queue", Rule::longer_queue}});
    core.seed = table->integer("seed", {0, 0, kSeedMax});
    table->reject_unknown();
    draft.contact_rule_at = table->position_of("contact_rule");
}

void read_charter(TableReader& root, ConfigDraft& draft) {
    core::Charter& charter = draft.config.core.charter;
    charter.occupancy_max_permille = kOccupancyMaxPermille;
    charter.gives_breaks = true;
    charter.ends_shifts = true;
    charter.starvation_factor = kStarvationFactor;
    auto table = root.table("charter");
    if (!table) {
        return;
    }
    charter.occupancy_max_permille =
        table->share_permille("occupancy_max", charter.occupancy_max_permille);
    charter.gives_breaks = table->boolean("breaks", charter.gives_breaks);
    charter.ends_shifts = table->boolean("end_of_shift", charter.ends_shifts);
    charter.breather = table->duration("breather", {charter.breather, seconds(0), minutes(30)});
    charter.starvation_factor =
        table->integer("starvation", {charter.starvation_factor, 0, kStarvationMax});
    table->reject_unknown();
}

}  // namespace lanze::app
