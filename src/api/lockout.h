// Lockout: counts attempts to sign in, so that passwords cannot be tried out.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace lanze::api {

// Five failures of one name, or twenty of one address, within 15 minutes: wait. An attempt counts
// as a failure from its start, so that many at once gain nothing; a success takes its own back.
class Lockout {
public:
    static constexpr std::size_t kFailuresPerName = 5;
    static constexpr std::size_t kFailuresPerAddress = 20;
    static constexpr Duration kWithin = minutes(15);
    static constexpr std::size_t kKeysMax = 20'000;  // names or addresses remembered

    // `name` may be empty where an attempt is of no one name: then the address alone counts.
    // Nothing: go on, the attempt is counted. Otherwise how long to wait.
    std::optional<Duration> begin(const std::string& name, const std::string& address, Time now);
    // The password was right: the name's failures are forgotten, the address's stay but for this.
    void succeed(const std::string& name, const std::string& address);
    // The attempt was not carried out and does not count.
    void withdraw(const std::string& name, const std::string& address);

private:
    using Failures = std::unordered_map<std::string, std::deque<Time>>;
    static void take_back(Failures& failures, const std::string& key);
    static void forget_old(Failures& failures, Time now);

    Failures by_name_;
    Failures by_address_;
};

}  // namespace lanze::api
