// Resolver: finds a provider's servers by DNS (RFC 3263): SRV, then addresses; on a thread of its
// own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.h"
#include "base/rng.h"
#include "edge/provider.h"

namespace lanze::app {

// A server that DNS names for a service (RFC 2782).
struct Service {
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    std::uint16_t port = 0;
    std::string host;  // never an address; without the final dot
    friend bool operator==(const Service&, const Service&) = default;
};

// More servers of one name are not looked at, those of the lowest priority first.
inline constexpr std::size_t kServicesMax = 32;

// The services in the bytes of a DNS answer, in the order of priority. Nothing: the answer names
// none, or cannot be read to its end, and the name itself is to be looked up. None, though it names
// one: its target is ".", the service is decidedly not there (RFC 2782).
std::optional<std::vector<Service>> parse_services(std::string_view answer);

// Services in the order of priority are put in the order in which they are tried: those of one
// priority by chance, in proportion to their weights (RFC 2782, "Weight").
void shuffle_by_weight(std::vector<Service>& services, Rng& rng);

// Asks for SRV if `port` is 0 and `host` is no IP address; blocks. In the order in which they are
// to be tried; at most 16. Empty if nothing was found.
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
