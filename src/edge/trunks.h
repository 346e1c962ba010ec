// Trunks: who may bring callers in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "edge/settings.h"
#include "sip/digest.h"
#include "sip/message.h"

namespace lanze::edge {

// What becomes of an INVITE from outside.
struct Admitted {
    std::size_t trunk = 0;
    bool trusts_identity = false;
};
struct Challenged {
    bool is_stale = false;
};
struct Forbidden {};
using Admission = std::variant<Admitted, Challenged, Forbidden>;

class Trunks {
public:
    Trunks(const std::vector<Trunk>& trunks, std::string realm, std::string secret);

    // Sources first, a provider's before those of a range; then, if some trunk has credentials,
    // digest.
    Admission admit(const sip::Message& invite, const IpAddress& source, Time now);
    std::vector<std::string> challenges(Time now, bool is_stale) const;

    // Other trunks from now on; challenges that are out stay good, and so do the addresses of
    // providers whose trunks keep their names.
    void configure(const std::vector<Trunk>& trunks);

    // The provider of the trunk of that name was found at these addresses: calls from there are the
    // trunk's.
    void set_provider_addresses(const std::string& trunk, std::vector<IpAddress> addresses);

private:
    std::optional<std::size_t> trunk_of(const sip::Message& invite, const IpAddress& source) const;
    bool is_provider(std::size_t trunk, const IpAddress& source) const;

    std::vector<Trunk> trunks_;
    std::map<std::string, std::vector<IpAddress>> provider_addresses_;  // by the trunk's name
    sip::DigestServer digest_;
};

}  // namespace lanze::edge
