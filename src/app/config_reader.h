// TableReader: one table of the configuration, field by field, each with its default and its range;
// what is wrong is noted and the default goes on, so that all errors are found in one run.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config.h"
#include "app/config_node.h"
#include "app/config_text.h"

namespace lanze::app {

// Nobody reads further, and a hostile file must not fill the memory.
inline constexpr std::size_t kErrorsMax = 1'000;

// What was found wrong, and the fields that were asked for.
class ConfigFindings {
public:
    explicit ConfigFindings(std::string file, bool is_surveying = false)
        : file_(std::move(file)), is_surveying_(is_surveying) {}

    void add(ConfigPosition at, std::string field, std::string problem, std::string remedy);
    // Notes a field as known, for known_config_fields(); does nothing while a real file is read.
    void note_known(std::string_view table, std::string_view field);

    bool has_errors() const { return !errors_.empty(); }
    std::vector<ConfigError> sorted_errors() const;  // by position
    std::vector<std::string> known_fields() const { return {known_.begin(), known_.end()}; }

private:
    std::string file_;
    bool is_surveying_;
    std::vector<ConfigError> errors_;
    std::set<std::string> known_;
};

template <typename T>
struct ConfigRange {
    T fallback;
    T least;
    T most;
};

// One text of a list.
struct ConfigText {
    std::string text;
    ConfigPosition at;
    std::string field;  // "numbers[1]"
};

class TableReader {
public:
    // `node` holds a table or nothing is read from it. `path` is "" for the whole file.
    TableReader(const ConfigNode& node, std::string path, ConfigFindings& findings);

    // The entry, or nullptr. The name counts as known from now on.
    const ConfigNode* find(std::string_view name);
    bool has(std::string_view name) { return find(name) != nullptr; }

    // At most `kTextBytesMax` bytes without control characters; nothing if missing or wrong.
    std::optional<std::string> text(std::string_view name);
    // As text(); an error if missing or empty.
    std::string required_text(std::string_view name);
    // Letters, digits, '.', '_' and '-', at most kNameBytesMax: fits into a SIP address as it is.
    std::string required_name(std::string_view name);
    bool boolean(std::string_view name, bool fallback);
    std::uint32_t integer(std::string_view name, ConfigRange<std::uint32_t> range);
    // A number with or without a fraction.
    double number(std::string_view name, ConfigRange<double> range);
    // A list of such; nothing if missing or wrong.
    std::vector<double> numbers(std::string_view name, ConfigRange<double> range,
                                std::size_t count_max);
    Duration duration(std::string_view name, ConfigRange<Duration> range);
    // 0.8 as 800, with at most three decimals.
    std::uint32_t share_permille(std::string_view name, std::uint32_t fallback);
    // The value that stands beside the text.
    template <typename E>
    E choice(std::string_view name, E fallback,
             const std::vector<std::pair<std::string, E>>& choices);
    // The texts of a list; one text alone counts as a list of one.
    std::vector<ConfigText> texts(std::string_view name, std::size_t count_max);
    // A table below; nothing if missing.
    std::optional<TableReader> table(std::string_view name);
    // The tables of [[name]].
    std::vector<TableReader> tables(std::string_view name, std::size_t count_max);
    // name = integer pairs of a table whose keys are free, such as `skills`.
    std::vector<std::pair<const ConfigNode*, std::int64_t>> integers_by_key(std::string_view name);

    // Notes an error at the field, or at the table if the field is missing.
    void reject(std::string_view name, std::string problem, std::string remedy);
    void reject_at(ConfigPosition at, std::string_view name, std::string problem,
                   std::string remedy);

    // Every key that was not asked for is an error. Call it last.
    void reject_unknown();

    std::string field_path(std::string_view name) const;
    ConfigPosition at() const { return at_; }
    ConfigPosition position_of(std::string_view name) const;
    ConfigFindings& findings() { return *findings_; }

private:
    const ConfigNode* entry(std::string_view name) const;
    std::optional<std::string> choice_text(std::string_view name,
                                           const std::vector<std::string>& known);

    const std::vector<ConfigNode>* entries_ = nullptr;  // nullptr: not a table
    ConfigPosition at_;
    std::string path_;
    ConfigFindings* findings_;
    std::vector<std::string> known_;
};

template <typename E>
E TableReader::choice(std::string_view name, E fallback,
                      const std::vector<std::pair<std::string, E>>& choices) {
    std::vector<std::string> known;
    known.reserve(choices.size());
    for (const auto& [text, value] : choices) {
        known.push_back(text);
    }
    const std::optional<std::string> chosen = choice_text(name, known);
    for (const auto& [text, value] : choices) {
        if (chosen == text) {
            return value;
        }
    }
    return fallback;
}

}  // namespace lanze::app
