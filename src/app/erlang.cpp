#include "app/erlang.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <vector>

#include "plan/erlang.h"
#include "plan/service_level.h"

namespace lanze::app {

namespace {

constexpr int kFailed = 1;
constexpr int kBadCommandLine = 2;

using plan::Measures;

struct Line {
    const char* key;
    const char* words;
    double value;
};

// What was typed, read and checked.
struct Task {
    plan::StaffedQueue queue;
    bool is_b = false;
    const plan::ServiceLevelDefinition* definition = nullptr;
    double short_abandon = 0;
    std::string target_key;
    double target = 0;
};

using Refused = Result<void, ErlangRefusal>;

Unexpected<ErlangRefusal> bad(const std::string& option, const std::string& remedy) {
    return Unexpected(ErlangRefusal{kBadCommandLine, option + ": " + remedy});
}

std::string written(double value, int digits) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    return text.data();
}

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

bool is_in_range(double value) {
    return value >= plan::kValueMin && value <= plan::kValueMax;
}

Refused read_value(const std::string& option, const std::string& text, double& value) {
    const auto number = number_of<double>(text);
    if (!number || !is_in_range(*number)) {
        return bad(option, "\"" + text + "\" will not do: give a number above 0, from " +
                               written(plan::kValueMin, 3) + " to " + written(plan::kValueMax, 3));
    }
    value = *number;
    return {};
}

Refused read_time(const std::string& option, const std::string& text, double& value) {
    if (text.empty() || number_of<double>(text) == 0.0) {
        return {};
    }
    return read_value(option, text, value);
}

Refused read_count(const std::string& option, const std::string& text, std::int64_t most,
                   std::int64_t& value) {
    const auto number = number_of<std::int64_t>(text);
    if (!number || *number < 1 || *number > most) {
        return bad(option, "\"" + text + "\" will not do: give a whole number from 1 to " +
                               std::to_string(most));
    }
    value = *number;
    return {};
}

// "weibull:1.5,0.5" -> 1.5 and 0.5
std::optional<std::vector<double>> parameters_of(std::string text) {
    std::vector<double> result;
    text += ',';
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t comma = text.find(',', at);
        const auto number = number_of<double>(text.substr(at, comma - at));
        if (!number || !is_in_range(*number)) {
            return std::nullopt;
        }
        result.push_back(*number);
        at = comma + 1;
    }
    return result;
}

std::optional<plan::Patience> patience_of(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    const auto values =
        parameters_of(colon == std::string::npos ? std::string() : text.substr(colon + 1));
    if (!values) {
        return std::nullopt;
    }
    const std::vector<double>& v = *values;
    if (name == "exponential" && v.size() == 1 && is_in_range(1 / v[0])) {
        return plan::Exponential{1 / v[0]};
    }
    if (name == "fixed" && v.size() == 1) {
        return plan::FixedPatience{v[0]};
    }
    if (name == "erlang2" && v.size() == 1) {
        return plan::Erlang2{v[0]};
    }
    if (name == "weibull" && v.size() == 2 && v[0] >= plan::kShapeMin && v[0] <= plan::kShapeMax) {
        return plan::Weibull{v[0], v[1]};
    }
    if (name == "two" && v.size() == 3 && v[0] < 1) {
        return plan::TwoKinds{v[0], v[1], v[2]};
    }
    return std::nullopt;
}

Refused read_patience(const ErlangOptions& options, plan::StaffedQueue& queue) {
    if (options.model == "a") {
        if (!options.patience.empty() || options.theta.empty()) {
            return bad("--theta", "model a needs the rate of giving up; --patience is for model x");
        }
        double theta = 0;
        Refused read = read_time("--theta", options.theta, theta);
        if (theta > 0) {
            queue.patience = plan::Exponential{theta};
        }
        return read;
    }
    if (!options.theta.empty()) {
        return bad("--theta", "only model a has it; leave it out, or take a");
    }
    if (options.model != "x") {
        return options.patience.empty() ? Refused{}
                                        : bad("--patience", "only model x has it; take x");
    }
    queue.patience = patience_of(options.patience);
    if (!queue.patience) {
        return bad("--patience",
                   "\"" + options.patience +
                       "\" will not do: give fixed:TIME, exponential:MEAN, erlang2:MEAN, "
                       "weibull:SHAPE,SCALE (shape 0.05 to 100) or two:SHARE,MEAN,MEAN");
    }
    return {};
}

std::vector<Line> lines_of(const Task& task, const Measures& m, double service_level) {
    return {
        {"p_block", "arrivals that find no place / all arrivals", m.p_block},
        {"p_abandon", "arrivals that give up / all arrivals", m.p_abandon},
        {"service_level", task.definition->words, service_level},
        {"p_wait", "not served at once / arrivals let in", m.p_wait},
        {"mean_wait", "over arrivals let in, zero and abandoned waits included", m.mean_wait},
        {"p_wait_longer", "wait longer than the threshold / arrivals let in", m.p_wait_longer},
        {"occupancy", "busy / all agents", m.occupancy},
        {"mean_queue", "contacts that wait, over time", m.mean_queue},
    };
}

// A share is above 0 and below 1; only a wait and a queue have a number beyond.
Refused read_target(const std::string& text, Task& task) {
    const std::size_t equals = text.find('=');
    task.target_key = text.substr(0, equals);
    const auto value =
        number_of<double>(equals == std::string::npos ? "" : text.substr(equals + 1));
    task.definition = &plan::service_level_definitions().front();
    bool is_known = false;
    for (const Line& line : lines_of(task, {}, 0)) {
        is_known = is_known || task.target_key == line.key;
    }
    const bool is_share = !task.target_key.starts_with("mean_");
    if (!is_known || !value || !is_in_range(*value) || (is_share && *value >= 1)) {
        return bad("--target", "\"" + text +
                                   "\" will not do: give a measure and its bound, such as "
                                   "service_level=0.8 or mean_wait=0.3; shares lie between 0 and "
                                   "1");
    }
    task.target = *value;
    return {};
}

Refused read_places(const ErlangOptions& options, plan::StaffedQueue& queue) {
    if (options.places.empty()) {
        return {};
    }
    if (options.model == "b" || options.model == "x") {
        return bad("--places", "only models c and a have places beside the agents; leave it out");
    }
    std::int64_t places = 0;
    Refused read = read_count("--places", options.places, plan::kPlacesMax, places);
    if (read && places < queue.agents) {
        return bad("--places", "with agents or waiting, so not fewer than --agents");
    }
    queue.places = places;
    return read;
}

Refused read_definition(const ErlangOptions& options, Task& task) {
    task.definition = nullptr;
    std::string names;
    for (const auto& definition : plan::service_level_definitions()) {
        names += std::string(names.empty() ? "" : ", ") + definition.name;
        task.definition = options.definition == definition.name ? &definition : task.definition;
    }
    if (task.definition == nullptr) {
        return bad("--definition", "give one of " + names);
    }
    return read_time("--short-abandon", options.short_abandon, task.short_abandon);
}

Refused read_staff(const ErlangOptions& options, Task& task) {
    if (options.agents.empty() == options.target.empty()) {
        return bad("--agents", "give their number, or --target to look for the smallest");
    }
    return options.agents.empty()
               ? read_target(options.target, task)
               : read_count("--agents", options.agents, plan::kAgentsMax, task.queue.agents);
}

Result<Task, ErlangRefusal> task_of(const ErlangOptions& options) {
    Task task;
    task.is_b = options.model == "b";
    for (const Refused& read :
         {read_value("--lambda", options.lambda, task.queue.lambda),
          read_value("--mu", options.mu, task.queue.mu), read_staff(options, task),
          read_patience(options, task.queue), read_places(options, task.queue),
          read_time("--within", options.within, task.queue.within),
          read_definition(options, task)}) {
        if (!read) {
            return Unexpected(read.error());
        }
    }
    return task;
}

double service_level_of(const Task& task, const Measures& m) {
    return plan::service_level(task.queue, m, *task.definition, task.short_abandon);
}

bool keeps_target(const Task& task, const Measures& m) {
    for (const Line& line : lines_of(task, m, service_level_of(task, m))) {
        if (task.target_key == line.key) {
            return task.target_key == "service_level" ? line.value >= task.target
                                                      : line.value <= task.target;
        }
    }
    return false;
}

// Erlang B has as many places as agents, so its numbers are tried by halves here.
Result<Measures, plan::ErlangError> smallest_b(const Task& task) {
    const auto with = [&](std::int64_t agents) {
        plan::StaffedQueue queue = task.queue;
        queue.agents = agents;
        queue.places = agents;
        return plan::measures(queue);
    };
    std::int64_t low = 1;
    std::int64_t high = 1;
    while (!keeps_target(task, *with(high))) {
        if (high == plan::kAgentsMax) {
            return Unexpected(plan::ErlangError::out_of_reach);
        }
        low = high + 1;
        high = std::min(2 * high, plan::kAgentsMax);
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (keeps_target(task, *with(middle))) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return with(high);
}

Result<Measures, plan::ErlangError> solved(const Task& task) {
    if (!task.target_key.empty()) {
        return task.is_b ? smallest_b(task) : plan::smallest(task.queue, [&](const Measures& m) {
            return keeps_target(task, m);
        });
    }
    plan::StaffedQueue queue = task.queue;
    if (task.is_b) {
        queue.places = queue.agents;
    }
    return plan::measures(queue);
}

std::string why_not(plan::ErlangError error) {
    switch (error) {
        case plan::ErlangError::endless_queue:
            return "the queue grows for ever: as many arrivals as all agents can handle, or more, "
                   "and nobody gives up; give more --agents, --places, or patience (a, x)";
        case plan::ErlangError::out_of_reach:
            return "--target: not kept with any number of agents up to " +
                   std::to_string(plan::kAgentsMax) + " (or --places); give an easier one";
    }
    return "";
}

std::string json_of(const Task& task, const Measures& m, const std::vector<Line>& lines) {
    std::string text = "{\"agents\":" + std::to_string(m.agents);
    for (const Line& line : lines) {
        text += std::string(",\"") + line.key + "\":" + written(line.value, 17);
    }
    return text + ",\"within\":" + written(task.queue.within, 17) + ",\"definition\":\"" +
           task.definition->name + "\"}\n";
}

std::string table_of(const Task& task, const Measures& m, const std::vector<Line>& lines) {
    const auto row = [](const std::string& key, const std::string& value, const char* words) {
        std::array<char, 200> text{};
        std::snprintf(text.data(), text.size(), "%-14s %-12s %s\n", key.c_str(), value.c_str(),
                      words);
        return std::string(text.data());
    };
    std::string text = row("agents", std::to_string(m.agents),
                           task.target_key.empty() ? "as given" : "the smallest number");
    text += row("threshold", written(task.queue.within, 6), "of the service level (--within)");
    for (const Line& line : lines) {
        text += row(line.key, written(line.value, 6), line.words);
    }
    return text;
}

}  // namespace

Result<std::string, ErlangRefusal> erlang_text(const ErlangOptions& options) {
    const auto task = task_of(options);
    if (!task) {
        return Unexpected(task.error());
    }
    const auto found = solved(*task);
    if (!found) {
        return Unexpected(ErlangRefusal{kFailed, why_not(found.error())});
    }
    const std::vector<Line> lines = lines_of(*task, *found, service_level_of(*task, *found));
    return options.is_json ? json_of(*task, *found, lines) : table_of(*task, *found, lines);
}

int run_erlang(const ErlangOptions& options) {
    const auto text = erlang_text(options);
    if (!text) {
        std::fputs(("lanze: " + text.error().text + "\n").c_str(), stderr);
        return text.error().exit_code;
    }
    std::fputs(text->c_str(), stdout);
    return 0;
}

}  // namespace lanze::app
