// The distributions of a plan's file: handle times and patience, each a table that names its kind.
#pragma once

#include <optional>

#include "app/config_reader.h"
#include "app/plan_file.h"

namespace lanze::app {

// What a plan's parts are read with.
struct PlanContext {
    std::string path;  // of the plan
    const ReadFile* read_file = nullptr;
    std::vector<ConfigError>* file_errors = nullptr;  // of the files the plan names
};

// The text of a file that stands in the field, looked for in the plan's folder; a field that is
// missing, or a file that cannot be read, is an error.
struct NamedText {
    std::string path;
    std::string text;
};
std::optional<NamedText> named_text(TableReader& table, std::string_view field,
                                    const PlanContext& context);

// For the formulas, in seconds, and to draw from.
struct PlannedTime {
    plan::HandleTime whole;
    sim::Distribution talk;
    sim::Distribution wrap_up = sim::Distribution::fixed({});
};

// The handle time of a queue: `handle_time`, or `talk` and `wrap_up`.
std::optional<PlannedTime> read_handle_time(TableReader& queue, const PlanContext& context);

// `patience`; nothing if missing or wrong.
std::optional<plan::Patience> read_patience(TableReader& queue);

}  // namespace lanze::app
