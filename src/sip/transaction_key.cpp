#include "sip/transaction_key.h"

#include <bit>

#include "base/rng.h"

namespace lanze::sip {

namespace {

// Stands between the parts of a key; no header value can hold it.
constexpr char kSeparator = '\n';

struct SipState {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void take(std::uint64_t word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }
};

std::uint64_t read_word(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return word;
}

void append_lower(std::string& key, std::string_view text) {
    for (const char c : text) {
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
}

void append_part(std::string& key, std::string_view part) {
    key.push_back(kSeparator);
    key.append(part);
}

std::string old_key(const Message& request, std::string_view method, bool without_to_tag) {
    std::string key = "2543";
    append_part(key, method);
    append_part(key, request.uri.to_string());
    append_part(key, without_to_tag ? std::string_view{} : request.to.tag());
    append_part(key, request.from.tag());
    append_part(key, request.call_id);
    append_part(key, std::to_string(request.cseq.number));
    append_part(key, request.vias.front().to_string());
    return key;
}

}  // namespace

std::uint64_t keyed_hash(std::uint64_t seed, std::string_view bytes) {
    const std::uint64_t k0 = split_mix(seed);
    const std::uint64_t k1 = split_mix(k0);
    SipState state{k0 ^ 0x736f6d6570736575ULL, k1 ^ 0x646f72616e646f6dULL,
                   k0 ^ 0x6c7967656e657261ULL, k1 ^ 0x7465646279746573ULL};
    const auto length = static_cast<std::uint64_t>(bytes.size());
    while (bytes.size() >= 8) {
        state.take(read_word(bytes.substr(0, 8)));
        bytes.remove_prefix(8);
    }
    state.take(read_word(bytes) | (length << 56U));
    state.v2 ^= 0xffU;
    state.round();
    state.round();
    state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::string client_key(std::string_view branch, std::string_view method) {
    std::string key;
    key.reserve(branch.size() + method.size() + 1);
    key.append(branch);
    append_part(key, method);
    return key;
}

bool has_magic_cookie(const Message& request) {
    const std::string_view branch = request.vias.front().branch();
    return branch.size() > kMagicCookie.size() && branch.starts_with(kMagicCookie);
}

std::string server_key(const Message& request, std::string_view method, bool without_to_tag) {
    if (!has_magic_cookie(request)) {
        return old_key(request, method, without_to_tag);
    }
    const Via& via = request.vias.front();
    const std::string_view branch = via.branch();
    std::string key;
    key.reserve(branch.size() + via.host.size() + method.size() + 8);
    key.append(branch);
    key.push_back(kSeparator);
    append_lower(key, via.host);
    append_part(key, std::to_string(via.port == 0 ? 5060 : via.port));
    append_part(key, method);
    return key;
}

std::string merge_key(const Message& request) {
    std::string key;
    key.append(request.call_id);
    append_part(key, request.from.tag());
    append_part(key, std::to_string(request.cseq.number));
    append_part(key, request.method);
    return key;
}

}  // namespace lanze::sip
