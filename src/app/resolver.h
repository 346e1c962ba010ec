// Resolver: finds a provider's servers by DNS (RFC 3263): SRV, then addresses; on a thread of its
// own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "edge/provider.h"

namespace lanze::app {

// Asks for SRV if `port` is 0 and `host` is no IP address; blocks. In the order of priority, within
// one priority of weight, heaviest first; at most 16. Empty if nothing was found.
std::vector<Endpoint> look_up(const edge::ProviderLookup& lookup);

// One thread, one question after the other; answers come on that thread.
class Resolver {
public:
    using Answer = std::function<void(std::size_t trunk, std::vector<Endpoint> endpoints)>;
    explicit Resolver(Answer answer);
    ~Resolver();  // waits for the question under way
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    void ask(const edge::ProviderLookup& lookup);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lanze::app
