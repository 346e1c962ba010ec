// The keys by which messages find their transaction, and the keyed hash over them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sip/message.h"

namespace lanze::sip {

// Every branch made by RFC 3261 begins so (§8.1.1.7).
inline constexpr std::string_view kMagicCookie = "z9hG4bK";

// SipHash-1-3 (Aumasson and Bernstein 2012): whoever does not know the seed cannot choose branches
// that fall into one bucket.
std::uint64_t keyed_hash(std::uint64_t seed, std::string_view bytes);

struct KeyHash {
    using is_transparent = void;
    std::uint64_t seed = 0;
    // Not noexcept: so libstdc++ keeps the hash in each node instead of computing it anew.
    std::size_t operator()(std::string_view key) const { return keyed_hash(seed, key); }
};
template <typename Value>
using KeyMap = std::unordered_map<std::string, Value, KeyHash, std::equal_to<>>;

// §17.1.3: the branch is ours and unique; CANCEL shares it with its INVITE, so the method belongs
// to the key.
std::string client_key(std::string_view branch, std::string_view method);

// §17.2.3. `method` is that of the transaction looked for: INVITE for an ACK or a CANCEL's target.
// A branch without the magic cookie is one of RFC 2543: then Request-URI, tags, Call-ID, CSeq and
// the whole topmost Via count. The tag of To is left out `without_to_tag`: the ACK to our error
// carries our own tag, which the INVITE could not.
std::string server_key(const Message& request, std::string_view method,
                       bool without_to_tag = false);
bool has_magic_cookie(const Message& request);

// Requests that took two ways from one sender agree in this (§8.2.2.2).
std::string merge_key(const Message& request);

}  // namespace lanze::sip
