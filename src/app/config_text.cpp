#include "app/config_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace lanze::app {

namespace {

struct Unit {
    std::string_view name;
    Duration length;
};

// The largest first, so that written_duration finds the shortest way to write.
constexpr std::array kUnits{Unit{"h", hours(1)}, Unit{"m", minutes(1)}, Unit{"s", seconds(1)},
                            Unit{"ms", milliseconds(1)}};
// Keeps the product below far from overflow: 100 years.
constexpr Duration kDurationMax = hours(24 * 36'525);
constexpr std::size_t kShownMax = 60;
// Longer names than any of ours are not worth the comparison.
constexpr std::size_t kComparedMax = 64;

// Levenshtein's distance, by one row of its table.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) {
        return std::nullopt;
    }
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& candidate : kUnits) {
        if (candidate.name == unit && count <= kDurationMax / candidate.length) {
            return candidate.length * count;
        }
    }
    return std::nullopt;
}

std::string written_duration(Duration duration) {
    if (duration == Duration::zero()) {
        return "0s";
    }
    for (const Unit& unit : kUnits) {
        if (duration % unit.length == Duration::zero()) {
            return std::to_string(duration / unit.length) + std::string(unit.name);
        }
    }
    return std::to_string(duration.count()) + "us";
}

std::string written_share(std::uint32_t permille) {
    std::string digits = std::to_string(1'000 + permille % 1'000).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    return std::to_string(permille / 1'000) + (digits.empty() ? "" : "." + digits);
}

std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& candidates) {
    // A third of the letters may differ.
    if (name.size() > kComparedMax) {
        return std::nullopt;
    }
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::optional<std::string> result;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best) {
            best = distance;
            result = candidate;
        }
    }
    return result;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

std::string shown(std::string_view text) {
    std::string result(text.substr(0, kShownMax));
    std::replace_if(result.begin(), result.end(), is_control, '?');
    return text.size() > kShownMax ? result + "..." : result;
}

std::string in_quotes(std::string_view text) {
    return '"' + shown(text) + '"';
}

std::string join_quoted(const std::vector<std::string>& words, std::string_view last_joint) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) {
            result += i + 1 == words.size() ? last_joint : std::string_view(", ");
        }
        result += '"' + words[i] + '"';
    }
    return result;
}

}  // namespace lanze::app
