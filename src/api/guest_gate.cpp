#include "api/guest_gate.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>

#include "api/passwords.h"
#include "api/target.h"
#include "base/check.h"

namespace lanze::api {

namespace {

constexpr std::size_t kRandomBytes = 12;
constexpr std::size_t kSignBytes = 16;

Duration wait_for(const std::deque<Time>& times, std::size_t most, Duration within, Time now) {
    if (most == 0) {
        return within;
    }
    return times.size() < most ? Duration{}
                               : std::max(Duration{}, times[times.size() - most] + within - now);
}

std::uint64_t whole_seconds(Time time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<seconds>(time.time_since_epoch()).count());
}

}  // namespace

std::string address_key(const IpAddress& address) {
    IpAddress counted = address;
    constexpr std::size_t kPrefixBytes = 8;
    // An IPv4 address that came over a socket for both kinds (RFC 4291 §2.5.5.2) is one of IPv4.
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (counted.is_v6 && std::equal(kMapped.begin(), kMapped.end(), counted.bytes.begin())) {
        return IpAddress::v4(counted.bytes[12], counted.bytes[13], counted.bytes[14],
                             counted.bytes[15])
            .to_string();
    }
    if (counted.is_v6) {
        std::fill(counted.bytes.begin() + kPrefixBytes, counted.bytes.end(), std::uint8_t{0});
    }
    return counted.to_string();
}

std::optional<Duration> GuestRate::begin(const std::string& address, Time now) {
    forget_old(now);
    std::deque<Time>& times = by_address_[address];
    while (!times.empty() && now - times.front() >= hours(1)) {
        times.pop_front();
    }
    const Duration wait = std::max(wait_for(times, per_minute_, minutes(1), now),
                                   wait_for(times, per_hour_, hours(1), now));
    if (wait > Duration{}) {
        return wait;
    }
    times.push_back(now);
    all_.push_back(now);
    return std::nullopt;
}

std::size_t GuestRate::in_last_minute(Time now) {
    while (!all_.empty() && now - all_.front() >= minutes(1)) {
        all_.pop_front();
    }
    return all_.size();
}

// Only when the table is full. What still counts is forgotten too if nothing is old: with more
// addresses than that, limits by address are no protection, and the work that is asked for is.
void GuestRate::forget_old(Time now) {
    if (by_address_.size() < kAddressesMax) {
        return;
    }
    std::erase_if(by_address_, [now](const auto& entry) {
        return entry.second.empty() || now - entry.second.back() >= hours(1);
    });
    if (by_address_.size() >= kAddressesMax) {
        by_address_.clear();
    }
}

std::string GuestChallenges::sign(const std::string& address, std::string_view body) const {
    const std::string text = address + "|" + std::string(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto* made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                            digest.data(), &size);
    LANZE_CHECK(made != nullptr && size >= kSignBytes);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (std::size_t i = 0; i < kSignBytes; ++i) {
        hex.push_back(kDigits[digest[i] >> 4U]);
        hex.push_back(kDigits[digest[i] & 15U]);
    }
    return hex;
}

Challenge GuestChallenges::make(const std::string& address, std::uint32_t bits, Time now) const {
    const Time expires = now + kValid;
    const std::string body = std::to_string(whole_seconds(expires)) + "." + std::to_string(bits) +
                             "." + random_hex(kRandomBytes);
    return {body + "." + sign(address, body), bits, expires};
}

bool GuestChallenges::solve(const std::string& address, std::string_view challenge,
                            std::string_view answer, std::uint32_t bits, Time now) {
    const std::size_t last = challenge.rfind('.');
    if (challenge.size() > kSolutionMax || answer.size() > kSolutionMax ||
        last == std::string_view::npos) {
        return false;
    }
    const std::string body(challenge.substr(0, last));
    const std::string expected = sign(address, body);
    const std::string_view given = challenge.substr(last + 1);
    if (given.size() != expected.size() ||
        CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0) {
        return false;
    }
    // It is ours, so it is well formed: expiry, bits, chance.
    const std::size_t first_dot = body.find('.');
    const std::size_t second_dot = body.find('.', first_dot + 1);
    const auto expires = parse_number(std::string_view(body).substr(0, first_dot));
    const auto asked =
        parse_number(std::string_view(body).substr(first_dot + 1, second_dot - first_dot - 1));
    if (!expires || !asked || *expires < whole_seconds(now) || *asked < bits ||
        leading_zero_bits(std::string(challenge) + ":" + std::string(answer)) < *asked) {
        return false;
    }
    std::erase_if(solved_, [now](const auto& entry) { return entry.second < now; });
    if (solved_.size() >= kSolvedMax) {
        return false;
    }
    return solved_.emplace(body, now + kValid).second;
}

std::uint32_t leading_zero_bits(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::uint32_t bits = 0;
    for (const unsigned char byte : digest) {
        bits += static_cast<std::uint32_t>(std::countl_zero(byte));
        if (byte != 0) {
            break;
        }
    }
    return bits;
}

}  // namespace lanze::api
