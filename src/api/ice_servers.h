// IceServer: a STUN or TURN server that pages are told of, with credentials that soon expire.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace lanze::api {

struct IceServer {
    std::vector<std::string> urls;   // "turns:turn.example.org:5349?transport=tcp"
    std::string secret;              // shared with the TURN server; "": it asks for none
    Duration valid_for = hours(12);  // a shift: a call must not outlive them
    friend bool operator==(const IceServer&, const IceServer&) = default;
};

// "stun:", "turn:" or "turns:", a host, and what may follow (RFC 7064, RFC 7065).
bool is_ice_url(std::string_view url);

// For RTCPeerConnection's configuration, as JSON. Name and password as coturn checks them with
// use-auth-secret: "EXPIRY:name", and HMAC-SHA1 of it by the secret in base64
// (draft-uberti-behave-turn-rest-00). The name is nobody's: it says which agent's number asked.
std::string ice_servers_json(const std::vector<IceServer>& servers, std::string_view name,
                             Time now);

}  // namespace lanze::api
