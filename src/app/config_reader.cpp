#include "app/config_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace lanze::app {

namespace {

std::string written_number(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", number);
    return text.data();
}

std::optional<double> number_in(const ConfigNode& node, ConfigRange<double> range) {
    double value = std::nan("");
    if (const double* number = std::get_if<double>(&node.value)) {
        value = *number;
    } else if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
        value = static_cast<double>(*integer);
    }
    // Written so that "not a number" is refused as well.
    return value >= range.least && value <= range.most ? std::optional(value) : std::nullopt;
}

}  // namespace

void ConfigFindings::add(ConfigPosition at, std::string field, std::string problem,
                         std::string remedy) {
    if (errors_.size() >= kErrorsMax) {
        return;
    }
    // Keys and texts may hold anything; an error is one line.
    for (std::string* text : {&field, &problem, &remedy}) {
        std::replace_if(text->begin(), text->end(), is_control, '?');
    }
    errors_.push_back(
        {file_, at.line, at.column, std::move(field), std::move(problem), std::move(remedy)});
}

void ConfigFindings::note_known(std::string_view table, std::string_view field) {
    if (!is_surveying_) {
        return;
    }
    // "queue[0].answer" is one of many: the documents say "queue[].answer".
    std::string path;
    for (const char c : table) {
        if (path.empty() || path.back() != '[' || c < '0' || c > '9') {
            path += c;
        }
    }
    known_.insert(path.empty() ? std::string(field) : path + "." + std::string(field));
}

std::vector<ConfigError> ConfigFindings::sorted_errors() const {
    std::vector<ConfigError> result = errors_;
    std::stable_sort(result.begin(), result.end(), [](const ConfigError& a, const ConfigError& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return result;
}

TableReader::TableReader(const ConfigNode& node, std::string path, ConfigFindings& findings)
    : at_(node.at), path_(std::move(path)), findings_(&findings) {
    if (const auto* table = std::get_if<ConfigTable>(&node.value)) {
        entries_ = &table->entries;
    } else {
        findings_->add(at_, path_, "is not a table",
                       "write it as [" + path_ + "] or { name = value, ... }");
    }
}

const ConfigNode* TableReader::entry(std::string_view name) const {
    if (entries_ == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(entries_->begin(), entries_->end(),
                                    [&](const ConfigNode& node) { return node.key == name; });
    return found == entries_->end() ? nullptr : &*found;
}

const ConfigNode* TableReader::find(std::string_view name) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        known_.emplace_back(name);
        findings_->note_known(path_, name);
    }
    return entry(name);
}

std::optional<std::string> TableReader::text(std::string_view name) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&node->value);
    if (text == nullptr) {
        reject(name, "is not a text", "write it in quotes: " + std::string(name) + " = \"...\"");
        return std::nullopt;
    }
    if (text->size() > kTextBytesMax) {
        reject(name, "is longer than " + std::to_string(kTextBytesMax) + " bytes", "shorten it");
        return std::nullopt;
    }
    if (std::any_of(text->begin(), text->end(), is_control)) {
        reject(name, "holds a line break or another control character", "take it out");
        return std::nullopt;
    }
    return *text;
}

std::string TableReader::required_text(std::string_view name) {
    if (!has(name)) {
        reject(name, "is missing", "add " + std::string(name) + " = \"...\"");
        return "";
    }
    const std::optional<std::string> value = text(name);
    if (value == "") {
        reject(name, "is empty", "write it out or leave the whole table out");
    }
    return value.value_or("");
}

std::string TableReader::required_name(std::string_view name) {
    std::string value = required_text(name);
    if (value.size() > kNameBytesMax) {
        reject(name, "is longer than " + std::to_string(kNameBytesMax) + " letters", "shorten it");
        return "";
    }
    if (!std::all_of(value.begin(), value.end(), is_name_character)) {
        reject(name, in_quotes(value) + " holds more than letters, digits, '.', '_' and '-'",
               "use those alone: the name becomes part of SIP addresses");
        return "";
    }
    return value;
}

bool TableReader::boolean(std::string_view name, bool fallback) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return fallback;
    }
    const bool* value = std::get_if<bool>(&node->value);
    if (value == nullptr) {
        reject(name, "is neither true nor false", "write true or false, without quotes");
        return fallback;
    }
    return *value;
}

std::uint32_t TableReader::integer(std::string_view name, ConfigRange<std::uint32_t> range) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return range.fallback;
    }
    const auto* value = std::get_if<std::int64_t>(&node->value);
    if (value == nullptr) {
        reject(name, "is not a whole number", "write it as digits, without quotes");
        return range.fallback;
    }
    if (*value < range.least || *value > range.most) {
        reject(name, std::to_string(*value) + " is out of range",
               "write a number from " + std::to_string(range.least) + " to " +
                   std::to_string(range.most));
        return range.fallback;
    }
    return static_cast<std::uint32_t>(*value);
}

double TableReader::number(std::string_view name, ConfigRange<double> range) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return range.fallback;
    }
    const std::optional<double> value = number_in(*node, range);
    if (!value) {
        reject(name,
               "is not a number from " + written_number(range.least) + " to " +
                   written_number(range.most),
               "write one, without quotes");
    }
    return value.value_or(range.fallback);
}

std::vector<double> TableReader::numbers(std::string_view name, ConfigRange<double> range,
                                         std::size_t count_max) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return {};
    }
    const auto* list = std::get_if<ConfigList>(&node->value);
    if (list == nullptr) {
        reject(name, "is not a list of numbers", "write " + std::string(name) + " = [1, 2.5]");
        return {};
    }
    if (list->items.size() > count_max) {
        reject(name, "has " + std::to_string(list->items.size()) + " entries",
               "write at most " + std::to_string(count_max));
        return {};
    }
    std::vector<double> result;
    result.reserve(list->items.size());
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const std::optional<double> value = number_in(list->items[i], range);
        if (!value) {
            reject_at(list->items[i].at, std::string(name) + "[" + std::to_string(i) + "]",
                      "is not a number from " + written_number(range.least) + " to " +
                          written_number(range.most),
                      "write one, without quotes");
        }
        result.push_back(value.value_or(range.fallback));
    }
    return result;
}

Duration TableReader::duration(std::string_view name, ConfigRange<Duration> range) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return range.fallback;
    }
    const auto* text = std::get_if<std::string>(&node->value);
    const auto value = text == nullptr ? std::nullopt : parse_duration(*text);
    if (!value) {
        reject(name,
               (text == nullptr ? std::string("it") : in_quotes(*text)) + " is not a duration",
               "write a whole number and its unit in quotes: \"500ms\", \"20s\", \"2m\" or \"1h\"");
        return range.fallback;
    }
    if (*value < range.least || *value > range.most) {
        reject(name, in_quotes(*text) + " is out of range",
               "write a duration from \"" + written_duration(range.least) + "\" to \"" +
                   written_duration(range.most) + "\"");
        return range.fallback;
    }
    return *value;
}

std::uint32_t TableReader::share_permille(std::string_view name, std::uint32_t fallback) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return fallback;
    }
    double share = -1;
    if (const double* number = std::get_if<double>(&node->value)) {
        share = *number;
    } else if (const auto* integer = std::get_if<std::int64_t>(&node->value)) {
        share = static_cast<double>(*integer);
    }
    // Written so that "not a number" is refused as well.
    if (!(share >= 0.001 && share <= 1.0)) {
        reject(name, "is not a share above 0 and up to 1", "write 0.8 for 80 %");
        return fallback;
    }
    return static_cast<std::uint32_t>(std::lround(share * 1000));
}

std::optional<std::string> TableReader::choice_text(std::string_view name,
                                                    const std::vector<std::string>& known) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&node->value);
    if (text == nullptr) {
        reject(name, "is not a text", "write " + join_quoted(known, " or "));
        return std::nullopt;
    }
    if (std::find(known.begin(), known.end(), *text) == known.end()) {
        reject(name, in_quotes(*text) + " is not known", "write " + join_quoted(known, " or "));
        return std::nullopt;
    }
    return *text;
}

std::vector<ConfigText> TableReader::texts(std::string_view name, std::size_t count_max) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return {};
    }
    if (const auto* text = std::get_if<std::string>(&node->value)) {
        return {{*text, node->at, std::string(name)}};
    }
    const auto* list = std::get_if<ConfigList>(&node->value);
    if (list == nullptr) {
        reject(name, "is neither a text nor a list of texts",
               "write " + std::string(name) + " = [\"...\", \"...\"]");
        return {};
    }
    if (list->items.size() > count_max) {
        reject(name, "has " + std::to_string(list->items.size()) + " entries",
               "write at most " + std::to_string(count_max));
        return {};
    }
    std::vector<ConfigText> result;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const ConfigNode& item = list->items[i];
        std::string field = std::string(name) + "[" + std::to_string(i) + "]";
        if (const auto* text = std::get_if<std::string>(&item.value)) {
            result.push_back({*text, item.at, std::move(field)});
        } else {
            reject_at(item.at, field, "is not a text", "write it in quotes");
        }
    }
    return result;
}

std::optional<TableReader> TableReader::table(std::string_view name) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return std::nullopt;
    }
    return TableReader(*node, field_path(name), *findings_);
}

std::vector<TableReader> TableReader::tables(std::string_view name, std::size_t count_max) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return {};
    }
    const auto* list = std::get_if<ConfigList>(&node->value);
    if (list == nullptr) {
        reject(name, "stands there once, without its double brackets",
               "write [[" + std::string(name) + "]] before each");
        return {};
    }
    if (list->items.size() > count_max) {
        reject(name, "stands there " + std::to_string(list->items.size()) + " times",
               "write at most " + std::to_string(count_max));
        return {};
    }
    std::vector<TableReader> result;
    result.reserve(list->items.size());
    for (const ConfigNode& item : list->items) {
        const std::string index = "[" + std::to_string(result.size()) + "]";
        result.emplace_back(item, field_path(name) + index, *findings_);
    }
    return result;
}

std::vector<std::pair<const ConfigNode*, std::int64_t>> TableReader::integers_by_key(
    std::string_view name) {
    const ConfigNode* node = find(name);
    if (node == nullptr) {
        return {};
    }
    const auto* table = std::get_if<ConfigTable>(&node->value);
    if (table == nullptr) {
        reject(name, "is not a table of names and numbers",
               "write " + std::string(name) + " = { name = 1, other = 2 }");
        return {};
    }
    std::vector<std::pair<const ConfigNode*, std::int64_t>> result;
    for (const ConfigNode& item : table->entries) {
        const auto* value = std::get_if<std::int64_t>(&item.value);
        if (value == nullptr) {
            reject_at(item.at, std::string(name) + "." + item.key, "is not a whole number",
                      "write it as digits, without quotes");
        } else {
            result.emplace_back(&item, *value);
        }
    }
    return result;
}

void TableReader::reject(std::string_view name, std::string problem, std::string remedy) {
    reject_at(position_of(name), name, std::move(problem), std::move(remedy));
}

void TableReader::reject_at(ConfigPosition at, std::string_view name, std::string problem,
                            std::string remedy) {
    findings_->add(at, field_path(name), std::move(problem), std::move(remedy));
}

void TableReader::reject_unknown() {
    if (entries_ == nullptr) {
        return;
    }
    for (const ConfigNode& node : *entries_) {
        if (std::find(known_.begin(), known_.end(), node.key) != known_.end()) {
            continue;
        }
        const auto nearest = nearest_name(node.key, known_);
        std::string remedy = nearest ? "did you mean \"" + *nearest + "\"?"
                                     : "known here are " + join_quoted(known_, " and ");
        reject_at(node.at, shown(node.key), "is not known", std::move(remedy));
    }
}

std::string TableReader::field_path(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

ConfigPosition TableReader::position_of(std::string_view name) const {
    const ConfigNode* node = entry(name);
    return node == nullptr ? at_ : node->at;
}

}  // namespace lanze::app
