#include "app/plan_distributions.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/plan_csv.h"

namespace lanze::app {

namespace {

constexpr Duration kTimeMin = milliseconds(1);
constexpr Duration kTimeMax = hours(24);

enum class Kind : std::uint8_t {
    exponential,
    lognormal,
    gamma,
    fixed,
    hyperexponential,
    empirical
};
enum class PatienceKind : std::uint8_t { exponential, fixed, erlang2, weibull, two };

double in_seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

Duration from_seconds(double time) {
    return Duration{std::llround(time * 1e6)};
}

// A duration that has to be there; 1 s where it is wrong.
double required_seconds(TableReader& table, std::string_view field) {
    if (!table.has(field)) {
        table.reject(field, "is missing", "add " + std::string(field) + " = \"4m\"");
    }
    return in_seconds(table.duration(field, {seconds(1), kTimeMin, kTimeMax}));
}

double required_number(TableReader& table, std::string_view field, ConfigRange<double> range) {
    if (!table.has(field)) {
        table.reject(field, "is missing", "add " + std::string(field) + " = 0.8");
    }
    return table.number(field, range);
}

double required_variation(TableReader& table) {
    return required_number(table, "variation",
                           {1, plan::HandleTime::kVariationMin, plan::HandleTime::kVariationMax});
}

std::vector<double> durations(TableReader& table, std::string_view field, std::size_t count_max) {
    std::vector<double> result;
    for (const ConfigText& text : table.texts(field, count_max)) {
        const auto time = parse_duration(text.text);
        if (!time || *time < kTimeMin || *time > kTimeMax) {
            table.reject_at(text.at, text.field, in_quotes(text.text) + " is not a duration",
                            "write one from \"1ms\" to \"24h\"");
        } else {
            result.push_back(in_seconds(*time));
        }
    }
    return result;
}

std::optional<PlannedTime> read_hyperexponential(TableReader& table) {
    const std::vector<double> shares = table.numbers("shares", {1, 1e-6, 1e6}, kHandleKindsMax);
    const std::vector<double> means = durations(table, "means", kHandleKindsMax);
    if (shares.empty() || shares.size() != means.size()) {
        table.reject("shares", "and means are not lists of one length",
                     "write shares = [0.7, 0.3] and means = [\"2m\", \"9m\"]");
        return std::nullopt;
    }
    std::vector<plan::HandleKind> kinds;
    std::vector<sim::Distribution> parts;
    kinds.reserve(shares.size());
    parts.reserve(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        kinds.push_back({shares[i], means[i]});
        parts.push_back(sim::Distribution::exponential(from_seconds(means[i])));
    }
    return PlannedTime{plan::HandleTime::hyperexponential(std::move(kinds)),
                       sim::Distribution::mixed(shares, std::move(parts))};
}

std::optional<PlannedTime> read_empirical(TableReader& table, const PlanContext& context) {
    std::vector<double> times = durations(table, "times", kHandleTimesMax);
    if (table.has("times") == table.has("times_file")) {
        table.reject("times", "or times_file is needed, and not both",
                     "write times = [\"3m\", \"250s\"] or times_file = \"times.csv\"");
        return std::nullopt;
    }
    if (table.has("times_file")) {
        const auto file = named_text(table, "times_file", context);
        if (!file) {
            return std::nullopt;
        }
        ConfigFindings findings(file->path);
        times = read_times_csv(file->text, findings);
        for (ConfigError& error : findings.sorted_errors()) {
            context.file_errors->push_back(std::move(error));
        }
    } else if (times.empty()) {
        table.reject("times", "has no handle time", "write times = [\"3m\", \"250s\"]");
    }
    if (times.empty()) {
        return std::nullopt;
    }
    std::vector<Duration> drawn(times.size());
    std::transform(times.begin(), times.end(), drawn.begin(), from_seconds);
    return PlannedTime{plan::HandleTime::empirical(times),
                       sim::Distribution::empirical(std::move(drawn))};
}

std::optional<PlannedTime> read_part(TableReader& table, const PlanContext& context) {
    if (!table.has("distribution")) {
        table.reject("distribution", "is missing", "add distribution = \"lognormal\"");
    }
    const Kind kind = table.choice("distribution", Kind::exponential,
                                   {{"exponential", Kind::exponential},
                                    {"lognormal", Kind::lognormal},
                                    {"gamma", Kind::gamma},
                                    {"fixed", Kind::fixed},
                                    {"hyperexponential", Kind::hyperexponential},
                                    {"empirical", Kind::empirical}});
    if (kind == Kind::hyperexponential) {
        return read_hyperexponential(table);
    }
    if (kind == Kind::empirical) {
        return read_empirical(table, context);
    }
    const double mean = required_seconds(table, "mean");
    const Duration drawn = from_seconds(mean);
    if (kind == Kind::fixed) {
        return PlannedTime{plan::HandleTime::fixed(mean), sim::Distribution::fixed(drawn)};
    }
    if (kind == Kind::exponential) {
        return PlannedTime{plan::HandleTime::exponential(mean),
                           sim::Distribution::exponential(drawn)};
    }
    const double variation = required_variation(table);
    return kind == Kind::lognormal ? PlannedTime{plan::HandleTime::lognormal(mean, variation),
                                                 sim::Distribution::lognormal(drawn, variation)}
                                   : PlannedTime{plan::HandleTime::gamma(mean, variation),
                                                 sim::Distribution::gamma(drawn, variation)};
}

std::optional<PlannedTime> read_part_in(TableReader& queue, std::string_view field,
                                        const PlanContext& context) {
    std::optional<TableReader> table = queue.table(field);
    if (!table) {
        return std::nullopt;
    }
    std::optional<PlannedTime> part = read_part(*table, context);
    table->reject_unknown();
    return part;
}

plan::Patience read_two_kinds(TableReader& table) {
    const double share = required_number(table, "share", {0.5, 1e-6, 1 - 1e-6});
    const std::vector<double> means = durations(table, "means", 2);
    if (means.size() != 2) {
        table.reject("means", "are not two durations", "write means = [\"20s\", \"5m\"]");
        return plan::Exponential{};
    }
    return plan::TwoKinds{share, means[0], means[1]};
}

}  // namespace

std::optional<NamedText> named_text(TableReader& table, std::string_view field,
                                    const PlanContext& context) {
    const std::string name = table.required_text(field);
    if (name.empty()) {
        return std::nullopt;
    }
    const std::string path =
        (std::filesystem::path(context.path).parent_path() / name).lexically_normal().string();
    std::optional<std::string> text = (*context.read_file)(path);
    if (!text) {
        table.reject(field, in_quotes(path) + " cannot be read",
                     "check that it is there, that you may read it and that it has at most 4 MiB");
        return std::nullopt;
    }
    return NamedText{path, std::move(*text)};
}

std::optional<PlannedTime> read_handle_time(TableReader& queue, const PlanContext& context) {
    const auto whole = read_part_in(queue, "handle_time", context);
    const auto talk = read_part_in(queue, "talk", context);
    const auto wrap_up = read_part_in(queue, "wrap_up", context);
    const bool has_parts = queue.has("talk") || queue.has("wrap_up");
    if (queue.has("handle_time") == has_parts || (has_parts && !queue.has("talk"))) {
        queue.reject("handle_time", "or talk is needed, and not both",
                     "write handle_time = { distribution = \"lognormal\", mean = \"4m\", "
                     "variation = 0.8 }, or talk and wrap_up in the same way");
        return std::nullopt;
    }
    if (talk && wrap_up) {
        return PlannedTime{plan::HandleTime::sum(talk->whole, wrap_up->whole), talk->talk,
                           wrap_up->talk};
    }
    return whole ? whole : talk;
}

std::optional<plan::Patience> read_patience(TableReader& queue) {
    std::optional<TableReader> table = queue.table("patience");
    if (!table) {
        return std::nullopt;
    }
    if (!table->has("distribution")) {
        table->reject("distribution", "is missing", "add distribution = \"exponential\"");
    }
    const PatienceKind kind = table->choice("distribution", PatienceKind::exponential,
                                            {{"exponential", PatienceKind::exponential},
                                             {"fixed", PatienceKind::fixed},
                                             {"erlang2", PatienceKind::erlang2},
                                             {"weibull", PatienceKind::weibull},
                                             {"two", PatienceKind::two}});
    plan::Patience patience;
    if (kind == PatienceKind::exponential) {
        patience = plan::Exponential{1 / required_seconds(*table, "mean")};
    } else if (kind == PatienceKind::fixed) {
        patience = plan::FixedPatience{required_seconds(*table, "mean")};
    } else if (kind == PatienceKind::erlang2) {
        patience = plan::Erlang2{required_seconds(*table, "mean")};
    } else if (kind == PatienceKind::weibull) {
        const double shape =
            required_number(*table, "shape", {1, plan::kShapeMin, plan::kShapeMax});
        patience = plan::Weibull{shape, required_seconds(*table, "scale")};
    } else {
        patience = read_two_kinds(*table);
    }
    table->reject_unknown();
    return patience;
}

}  // namespace lanze::app
