// DialOut: which numbers outside the centre may be dialled, how they are written, and how often.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"
#include "base/time.h"
#include "core/ids.h"

namespace lanze::edge {

// Nothing is dialled unless a prefix allows it. Numbers and prefixes are written as
// normalised_number() writes them.
struct DialOut {
    std::string trunk;               // its name; "": no number is dialled
    std::optional<Endpoint> server;  // of a trunk at which we do not register
    std::string country;             // "49": what 0 before a national number stands for
    std::vector<std::string> allowed;
    std::vector<std::string> forbidden;  // win over `allowed`, however long that is
    std::string shown;                   // our number; "": the account's name
    std::uint32_t calls_max = 10;        // at the same time
    std::uint32_t calls_per_hour = 20;   // of one agent
    Duration length_max = hours(1);
    Duration answer_max = seconds(30);  // then nobody answers
    friend bool operator==(const DialOut&, const DialOut&) = default;
};

enum class NumberProblem : std::uint8_t {
    empty,
    unreadable,       // letters, or keys such as * and # that command an exchange
    too_long,         // more than 15 digits (E.164)
    without_country,  // begins with 0, and nobody says of which country
    zero_inside,      // a 0 between country and number: no number is called so
};
// What is wrong and what to do, as the end of a sentence.
std::string_view explain(NumberProblem problem);

// A 0 after the country is refused where national numbers have none, since an exchange that takes
// the country away would dial something else than was judged. "+49 (0)89 / 123-45" as "+498912345";
// with country 49 also "0049 89 12345" and "089 12345". Numbers that begin with another digit are
// the exchange's own and stay as they are.
Result<std::string, NumberProblem> normalised_number(std::string_view text,
                                                     std::string_view country);

// "+4989" or "47": what a number may begin with; a 0 at the start would mean two things.
bool is_prefix(std::string_view text);

enum class DialVerdict : std::uint8_t {
    allowed,
    not_allowed,  // no prefix allows it
    forbidden,    // by the configuration
    expensive,    // premium rate, and only allowed together with others: it must be named itself
};
// Of a number as normalised_number() writes it.
DialVerdict judge_number(std::string_view number, const DialOut& rules);

// "numbers that begin with +49 or +43, but not with +4989"; for a person.
std::string describe_allowed(const DialOut& rules);

// How often each agent has dialled in the last hour.
class DialQuota {
public:
    // Counts the call; false: the agent has had his share, and nothing is counted.
    bool take(core::AgentId agent, Time now, std::uint32_t per_hour);

private:
    std::unordered_map<core::AgentId, std::deque<Time>> calls_;
};

}  // namespace lanze::edge
