#include "api/lockout.h"

#include <algorithm>

namespace lanze::api {

namespace {

void drop_old(std::deque<Time>& times, Time now) {
    while (!times.empty() && now - times.front() >= Lockout::kWithin) {
        times.pop_front();
    }
}

}  // namespace

std::optional<Duration> Lockout::begin(const std::string& name, const std::string& address,
                                       Time now) {
    forget_old(by_name_, now);
    forget_old(by_address_, now);
    std::deque<Time>& of_name = by_name_[name];
    std::deque<Time>& of_address = by_address_[address];
    drop_old(of_name, now);
    drop_old(of_address, now);
    Duration wait{};
    if (of_name.size() >= kFailuresPerName) {
        wait = std::max(wait, of_name.front() + kWithin - now);
    }
    if (of_address.size() >= kFailuresPerAddress) {
        wait = std::max(wait, of_address.front() + kWithin - now);
    }
    if (wait > Duration{}) {
        return wait;
    }
    of_name.push_back(now);
    of_address.push_back(now);
    return std::nullopt;
}

void Lockout::succeed(const std::string& name, const std::string& address) {
    by_name_.erase(name);
    take_back(by_address_, address);
}

void Lockout::withdraw(const std::string& name, const std::string& address) {
    take_back(by_name_, name);
    take_back(by_address_, address);
}

void Lockout::take_back(Failures& failures, const std::string& key) {
    const auto found = failures.find(key);
    if (found != failures.end() && !found->second.empty()) {
        found->second.pop_back();
    }
}

// Only when the table is full, so that an attempt stays cheap. What is still counting then is
// forgotten too if nothing is old: more than 20,000 names in 15 minutes mean an attack from many
// addresses, against which the slow hash has to stand.
void Lockout::forget_old(Failures& failures, Time now) {
    if (failures.size() < kKeysMax) {
        return;
    }
    std::erase_if(failures, [now](const auto& entry) {
        return entry.second.empty() || now - entry.second.back() >= kWithin;
    });
    if (failures.size() >= kKeysMax) {
        failures.clear();
    }
}

}  // namespace lanze::api
