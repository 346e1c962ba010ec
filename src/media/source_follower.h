// SourceFollower: from which address a leg's packets are taken and where ours go (symmetric RTP).
#pragma once

#include <cstdint>

#include "base/endpoint.h"

namespace lanze::media {

// Phones behind NAT send from another address than their SDP says, and attackers send from anywhere
// ("RTP bleed", CVE-2017-14099). So: a packet from SDP's address fixes it at once. Another source
// is taken only if it wins the vote among the first packets while none came from SDP's address.
// Once fixed, the rest is refused until the next offer and answer.
class SourceFollower {
public:
    static constexpr std::uint32_t kVotesToFix = 5;

    // What SDP says; opens the following anew. If SDP repeats itself, packets go on to the source
    // found before, for a phone behind NAT may be silent now.
    void follow(const Endpoint& expected);

    // From now on ICE says where packets go, and SDP nothing any more; unspecified: nowhere yet.
    void lead(const Endpoint& target);

    // Whether a packet from there belongs to the leg.
    bool admit(const Endpoint& source) {
        if (is_fixed_) {
            return source == source_;
        }
        return admit_open(source);
    }

    bool is_fixed() const { return is_fixed_; }
    // Where RTP is sent.
    const Endpoint& target() const { return target_; }
    // RTCP comes from another port, so only the address is compared.
    bool knows(const IpAddress& address) const;

private:
    bool admit_open(const Endpoint& source);
    void fix(const Endpoint& source);

    Endpoint expected_;
    Endpoint source_;  // fixed, or the candidate with votes_
    Endpoint target_;
    std::uint32_t votes_ = 0;
    bool is_fixed_ = false;
    bool is_led_ = false;
};

}  // namespace lanze::media
