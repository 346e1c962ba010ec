// GuestGate: how often one address may begin a call, and the work a page has to do when many want
// to at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/call_page.h"
#include "base/endpoint.h"
#include "base/time.h"

namespace lanze::api {

// What addresses are counted by: IPv4 as it is, IPv6 by its /64, since whoever has one such
// address has 2^64 of them.
std::string address_key(const IpAddress& address);

// Counts what began in the last minute and the last hour.
class GuestRate {
public:
    static constexpr std::size_t kAddressesMax = 20'000;  // remembered

    GuestRate(std::uint32_t per_minute, std::uint32_t per_hour)
        : per_minute_(per_minute), per_hour_(per_hour) {}

    // Nothing: go on, it is counted. Otherwise how long to wait.
    std::optional<Duration> begin(const std::string& address, Time now);
    // Of all addresses, in the last minute.
    std::size_t in_last_minute(Time now);

private:
    void forget_old(Time now);

    std::uint32_t per_minute_;
    std::uint32_t per_hour_;
    std::unordered_map<std::string, std::deque<Time>> by_address_;
    std::deque<Time> all_;
};

struct Challenge {
    std::string text;
    std::uint32_t bits = 0;
    Time expires;
};

// Nothing is kept for a challenge that is given out: its text carries the bits and the expiry under
// a key that lives as long as the process. Only what was solved is remembered, so that it counts
// once.
class GuestChallenges {
public:
    static constexpr Duration kValid = minutes(2);
    static constexpr std::size_t kSolvedMax = 100'000;
    static constexpr std::size_t kSolutionMax = 200;  // bytes of challenge and answer each

    explicit GuestChallenges(std::string key) : key_(std::move(key)) {}

    Challenge make(const std::string& address, std::uint32_t bits, Time now) const;
    // Whether SHA-256 of "challenge:answer" begins with as many zero bits as this challenge of ours
    // asks for, which was given to that address, asks for at least `bits`, has not expired and was
    // not solved before. It is solved then.
    bool solve(const std::string& address, std::string_view challenge, std::string_view answer,
               std::uint32_t bits, Time now);

private:
    std::string sign(const std::string& address, std::string_view body) const;

    std::string key_;
    std::map<std::string, Time> solved_;  // by body, with its expiry
};

// How many zero bits the SHA-256 of the text begins with.
std::uint32_t leading_zero_bits(std::string_view text);

}  // namespace lanze::api
