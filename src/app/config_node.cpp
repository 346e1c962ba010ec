#include "app/config_node.h"

// toml++ 3.3 asserts what a text can break ("[?]", found by fuzzing), and with NDEBUG it lets the
// compiler assume it. Neither is wanted: the checks that follow in the library report the error.
#undef NDEBUG
#define TOML_ASSERT(condition) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>
#include <algorithm>
#include <tuple>

namespace lanze::app {

namespace {

ConfigPosition position(const toml::source_region& region) {
    return {region.begin.line, region.begin.column};
}

ConfigNode convert(const toml::node& node);

ConfigTable convert_table(const toml::table& table) {
    ConfigTable result;
    result.entries.reserve(table.size());
    for (const auto& [key, value] : table) {
        ConfigNode& entry = result.entries.emplace_back(convert(value));
        entry.key = std::string(key.str());
        // A list of tables ([[queue]]) has no key of its own in the text.
        if (const ConfigPosition at = position(key.source()); at.line != 0) {
            entry.at = at;
        }
    }
    // The library sorts by name.
    std::stable_sort(result.entries.begin(), result.entries.end(),
                     [](const ConfigNode& a, const ConfigNode& b) {
                         return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
                     });
    return result;
}

ConfigList convert_list(const toml::array& array) {
    ConfigList result;
    result.items.reserve(array.size());
    for (const toml::node& item : array) {
        result.items.push_back(convert(item));
    }
    return result;
}

// Recursion is bounded by the library's own limit on nesting (TOML_MAX_NESTED_VALUES, 256).
ConfigNode convert(const toml::node& node) {
    ConfigNode result;
    result.at = position(node.source());
    if (const toml::table* table = node.as_table()) {
        result.value = convert_table(*table);
    } else if (const toml::array* array = node.as_array()) {
        result.value = convert_list(*array);
    } else if (const auto* text = node.as_string()) {
        result.value = text->get();
    } else if (const auto* integer = node.as_integer()) {
        result.value = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        result.value = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        result.value = boolean->get();
    } else {
        result.value = ConfigDate{};
    }
    return result;
}

}  // namespace

Result<ConfigNode, TomlError> parse_toml(std::string_view text) {
    const toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error& error = result.error();
        return Unexpected(TomlError{position(error.source()), std::string(error.description())});
    }
    return convert(result.table());
}

}  // namespace lanze::app
