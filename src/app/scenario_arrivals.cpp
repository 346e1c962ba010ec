// Who calls: the [[arrivals]] of a scenario.
#include <algorithm>

#include "app/scenario_parts.h"

namespace lanze::app {

namespace {

constexpr double kPerHourMax = 1e7;
constexpr double kOverdispersionMax = 10;

core::Channel read_channel(TableReader& table) {
    using Channel = core::Channel;
    return table.choice<Channel>("channel", Channel::voice,
                                 {{"voice", Channel::voice},
                                  {"callback", Channel::callback},
                                  {"chat", Channel::chat},
                                  {"message", Channel::message},
                                  {"outbound", Channel::outbound}});
}

double read_share(TableReader& table, std::string_view field, double fallback) {
    return table.number(field, {fallback, 0, 1});
}

std::size_t read_queue_name(TableReader& table, const ScenarioDraft& draft) {
    const std::string name = table.required_text("queue");
    const auto& queues = draft.file.scenario.config.queues;
    const auto place = std::find_if(queues.begin(), queues.end(),
                                    [&](const auto& queue) { return queue.name == name; });
    if (place != queues.end()) {
        return static_cast<std::size_t>(place - queues.begin());
    }
    std::vector<std::string> known;
    known.reserve(queues.size());
    for (const auto& queue : queues) {
        known.push_back(queue.name);
    }
    const auto nearest = nearest_name(name, known);
    table.reject("queue", in_quotes(name) + " is no queue",
                 nearest ? "did you mean " + in_quotes(*nearest) + "?"
                         : "write one of " + join_quoted(known, " or "));
    return 0;
}

void read_per_interval(TableReader& table, sim::Stream& stream, ScenarioDraft& draft) {
    const auto counts = table.numbers("per_interval", {0, 0, kPerHourMax}, kRatesMax);
    const Duration interval =
        table.duration("interval", {draft.file.run.interval, minutes(1), hours(24)});
    const Duration from = read_day_time(table, "from", Duration::zero());
    const double length = std::chrono::duration<double>(interval).count();
    Duration at = from;
    if (from > Duration::zero()) {
        stream.rates.push_back({Duration::zero(), 0});
    }
    for (const double count : counts) {
        stream.rates.push_back({at, count / length});
        at += interval;
    }
    stream.rates.push_back({at, 0});
    draft.has_days = true;
    draft.last = std::max(draft.last, at);
}

// The text of the file that the field names, and what was wrong with it.
template <typename Parse>
auto read_csv(TableReader& table, std::string_view field, ScenarioDraft& draft, Parse&& parse)
    -> decltype(parse(std::string_view(), std::declval<ConfigFindings&>())) {
    const std::string name = table.required_text(field);
    const auto text = read_named_file(table, field, name, draft);
    if (!text) {
        return {};
    }
    ConfigFindings findings(beside(draft.path, name));
    auto result = parse(*text, findings);
    const auto errors = findings.sorted_errors();
    draft.file_errors.insert(draft.file_errors.end(), errors.begin(), errors.end());
    draft.has_days = true;
    return result;
}

// Exactly one of the five says when they come.
void read_times(TableReader& table, sim::Stream& stream, ScenarioDraft& draft) {
    const std::vector<std::string> ways = {"per_hour", "per_interval", "intervals_file",
                                           "times_file", "endless"};
    std::string given;
    for (const std::string& way : ways) {
        if (!table.has(way)) {
            continue;
        }
        if (!given.empty()) {
            table.reject(way, "is not the only way to say when they come: so does " + given,
                         "take one of the two out");
        }
        given = way;
    }
    if (given.empty()) {
        table.reject("per_hour", "is missing, and nothing else says when they come",
                     "write one of " + join_quoted(ways, " or "));
    } else if (given == "per_hour") {
        stream.rates = {{Duration::zero(), table.number("per_hour", {0, 0, kPerHourMax}) / 3'600}};
    } else if (given == "per_interval") {
        read_per_interval(table, stream, draft);
    } else if (given == "intervals_file") {
        stream.rates = read_csv(table, given, draft, rates_of);
        draft.last = std::max(draft.last,
                              stream.rates.empty() ? Duration::zero() : stream.rates.back().from);
    } else if (given == "times_file") {
        stream.arrivals = read_csv(table, given, draft, arrivals_of);
        draft.last = std::max(
            draft.last, stream.arrivals.empty() ? Duration::zero() : stream.arrivals.back().at);
    } else {
        stream.is_endless = table.boolean("endless", false);
    }
}

void read_redials(TableReader& table, sim::Stream& stream, ScenarioDraft& draft) {
    if (auto inner = table.table("redials")) {
        stream.redial.probability = read_share(*inner, "share", 0);
        stream.redial.after =
            read_distribution(*inner, "after", draft).value_or(stream.redial.after);
        inner->reject_unknown();
    }
}

void read_stream(TableReader& table, ScenarioDraft& draft) {
    sim::Stream stream;
    stream.queue = read_queue_name(table, draft);
    stream.name =
        table.has("name") ? table.required_text("name") : table.text("queue").value_or("");
    draft.stream_names.take(table, table.has("name") ? "name" : "queue", stream.name,
                            table.position_of("name"));
    stream.channel = read_channel(table);
    stream.priority =
        static_cast<std::uint8_t>(table.integer("priority", {0, 1, core::kPriorityMax}));
    stream.needs = read_skills(table);
    read_times(table, stream, draft);
    stream.overdispersion = table.number("overdispersion", {0, 0, kOverdispersionMax});
    if (!table.has("talk")) {
        table.reject("talk", "is missing",
                     "add talk = { distribution = \"exponential\", mean = \"4m\" }");
    }
    stream.talk = read_distribution(table, "talk", draft).value_or(stream.talk);
    stream.wrap_up = read_distribution(table, "wrap_up", draft).value_or(stream.wrap_up);
    stream.patience = read_distribution(table, "patience", draft);
    read_redials(table, stream, draft);
    stream.accepts_callback = read_share(table, "accepts_callback", 0);
    stream.accepts_message = read_share(table, "accepts_message", 0);
    stream.reached = read_share(table, "reached", 1);
    const bool waits_itself =
        stream.channel != core::Channel::voice && stream.channel != core::Channel::chat;
    if (stream.patience && (waits_itself || stream.is_endless)) {
        table.reject("patience", "has no use: nobody is on the line", "take it out");
    }
    table.reject_unknown();
    draft.file.scenario.streams.push_back(std::move(stream));
    draft.stream_at.push_back(table.at());
}

}  // namespace

void read_arrivals(TableReader& root, ScenarioDraft& draft) {
    if (!root.has("arrivals")) {
        root.reject("arrivals", "are missing: nobody would call",
                    "add [[arrivals]] with queue, per_hour and talk");
    }
    for (TableReader& table : root.tables("arrivals", sim::kStreamsMax)) {
        read_stream(table, draft);
    }
}

}  // namespace lanze::app
