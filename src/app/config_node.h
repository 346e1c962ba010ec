// ConfigNode: a parsed TOML text as plain values with their positions; the library stays behind it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace lanze::app {

struct ConfigPosition {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct ConfigNode;

struct ConfigTable {
    std::vector<ConfigNode> entries;  // in the order of the text
};
struct ConfigList {
    std::vector<ConfigNode> items;
};
struct ConfigDate {
    std::string text;  // "2026-12-24"; "" for a time of day, and for a date with one
};

struct ConfigNode {
    std::string key;    // "" for an item of a list
    ConfigPosition at;  // of the key, or of the item
    std::variant<ConfigTable, ConfigList, std::string, std::int64_t, double, bool, ConfigDate>
        value;
};

struct TomlError {
    ConfigPosition at;
    std::string problem;
};

// The whole text as one table.
Result<ConfigNode, TomlError> parse_toml(std::string_view text);

}  // namespace lanze::app
