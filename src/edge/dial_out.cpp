#include "edge/dial_out.h"

#include <algorithm>

namespace lanze::edge {

namespace {

constexpr std::size_t kDigitsMax = 15;  // ITU-T E.164 §6
constexpr std::string_view kBetween = " -/.()\t";

// Premium and shared rates, satellites, and those islands of +1 that fraud likes: a wide prefix
// such as "+49" does not open them. The list cannot be complete; limits and `forbidden` are for the
// rest.
constexpr std::string_view kExpensive[] = {
    "+49900",  "+49190",  "+49137", "+49138", "+49180", "+49118", "+43810", "+43820", "+43900",
    "+43901",  "+43930",  "+43931", "+43118", "+41900", "+41901", "+41906", "+4118",  "+449",
    "+4470",   "+44871",  "+44872", "+44873", "+44118", "+3389",  "+33118", "+31900", "+31906",
    "+31909",  "+32900",  "+32902", "+32903", "+39144", "+39166", "+39199", "+39892", "+39894",
    "+39895",  "+39899",  "+34803", "+34806", "+34807", "+34905", "+34118", "+4870",  "+420900",
    "+420906", "+420909", "+1900",  "+1242",  "+1246",  "+1264",  "+1268",  "+1284",  "+1345",
    "+1441",   "+1473",   "+1649",  "+1658",  "+1664",  "+1721",  "+1758",  "+1767",  "+1784",
    "+1809",   "+1829",   "+1849",  "+1868",  "+1869",  "+1876",  "+808",   "+870",   "+878",
    "+881",    "+882",    "+883",   "+979"};

// The country of "49891234": its code has one, two or three digits (ITU-T E.164, list of assigned
// country codes).
std::string_view country_of(std::string_view digits) {
    constexpr std::string_view kOfTwo[] = {
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"};
    if (digits.starts_with('1') || digits.starts_with('7')) {
        return digits.substr(0, 1);
    }
    const bool is_two = std::ranges::find(kOfTwo, digits.substr(0, 2)) != std::end(kOfTwo);
    return digits.substr(0, is_two ? 2 : 3);
}

// What an exchange would take for the way out of an area or country, at the front of the national
// part. Italy, San Marino, the Ivory Coast, Gabon and Congo have numbers that begin with 0.
bool has_zero_inside(std::string_view digits) {
    constexpr std::string_view kWithZero[] = {"39", "378", "225", "241", "242"};
    const std::string_view country = country_of(digits);
    const std::string_view national = digits.substr(country.size());
    if (country == "1") {
        return national.starts_with('0') || national.starts_with('1');
    }
    return national.starts_with('0') &&
           std::ranges::find(kWithZero, country) == std::end(kWithZero);
}

template <typename Prefixes>
std::size_t longest_match(std::string_view number, const Prefixes& prefixes) {
    std::size_t longest = 0;
    for (const std::string_view prefix : prefixes) {
        longest = number.starts_with(prefix) ? std::max(longest, prefix.size()) : longest;
    }
    return longest;
}

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_international(std::string_view digits) {
    return digits.starts_with('+') || digits.starts_with("00");
}

// Without what people write between digits. "(0)" stands in numbers that begin with a country: it
// is dialled within that country only.
std::string without_marks(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("(0)") && is_international(digits)) {
            i += 2;
        } else if (kBetween.find(text[i]) == std::string_view::npos) {
            digits += text[i];
        }
    }
    return digits;
}

std::string listed(const std::vector<std::string>& prefixes) {
    std::string text;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
        const bool is_last = i + 1 == prefixes.size();
        text += (i == 0 ? "" : is_last ? " or " : ", ") + prefixes[i];
    }
    return text;
}

}  // namespace

std::string_view explain(NumberProblem problem) {
    switch (problem) {
        case NumberProblem::empty:
            return "is empty; send the digits of a number";
        case NumberProblem::unreadable:
            return "is no number; send digits, with + before the country";
        case NumberProblem::too_long:
            return "has more than 15 digits, which no number has";
        case NumberProblem::without_country:
            return "begins with 0, and no country is configured; send it with + and its country";
        case NumberProblem::zero_inside:
            return "has a 0 after its country that is dialled within that country only; leave it "
                   "out";
    }
    return "";
}

Result<std::string, NumberProblem> normalised_number(std::string_view text,
                                                     std::string_view country) {
    std::string number = without_marks(text);
    if (number.starts_with("00")) {
        number.replace(0, 2, "+");
    } else if (number.starts_with('0')) {
        if (country.empty()) {
            return Unexpected(NumberProblem::without_country);
        }
        number.replace(0, 1, "+" + std::string(country));
    }
    const std::string_view digits =
        std::string_view(number).substr(number.starts_with('+') ? 1 : 0);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) {
        return Unexpected(NumberProblem::unreadable);
    }
    if (digits.empty()) {
        return Unexpected(NumberProblem::empty);
    }
    if (digits.size() > kDigitsMax) {
        return Unexpected(NumberProblem::too_long);
    }
    if (number.starts_with("+0")) {
        return Unexpected(NumberProblem::unreadable);
    }
    if (number.starts_with('+') && has_zero_inside(digits)) {
        return Unexpected(NumberProblem::zero_inside);
    }
    return number;
}

bool is_prefix(std::string_view text) {
    const std::string_view digits = text.substr(text.starts_with('+') ? 1 : 0);
    return !digits.empty() && digits.size() <= kDigitsMax && digits.front() != '0' &&
           std::all_of(digits.begin(), digits.end(), is_digit);
}

DialVerdict judge_number(std::string_view number, const DialOut& rules) {
    if (longest_match(number, rules.forbidden) > 0) {
        return DialVerdict::forbidden;
    }
    const std::size_t allowed = longest_match(number, rules.allowed);
    if (allowed == 0) {
        return DialVerdict::not_allowed;
    }
    return longest_match(number, kExpensive) > allowed ? DialVerdict::expensive
                                                       : DialVerdict::allowed;
}

std::string describe_allowed(const DialOut& rules) {
    if (rules.trunk.empty() || rules.allowed.empty()) {
        return "no numbers";
    }
    const std::string but =
        rules.forbidden.empty() ? "" : ", but not with " + listed(rules.forbidden);
    return "numbers that begin with " + listed(rules.allowed) + but;
}

bool DialQuota::take(core::AgentId agent, Time now, std::uint32_t per_hour) {
    std::deque<Time>& calls = calls_[agent];
    while (!calls.empty() && calls.front() <= now - hours(1)) {
        calls.pop_front();
    }
    if (calls.size() >= per_hour) {
        return false;
    }
    calls.push_back(now);
    return true;
}

}  // namespace lanze::edge
