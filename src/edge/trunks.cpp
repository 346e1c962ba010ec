#include "edge/trunks.h"

#include <algorithm>

namespace lanze::edge {

Trunks::Trunks(const std::vector<Trunk>& trunks, std::string realm, std::string secret)
    : trunks_(trunks), digest_(std::move(realm), std::move(secret)) {}

Admission Trunks::admit(const sip::Message& invite, const IpAddress& source, Time now) {
    for (std::size_t i = 0; i < trunks_.size(); ++i) {
        const bool is_listed =
            std::any_of(trunks_[i].from.begin(), trunks_[i].from.end(),
                        [&](const Network& network) { return network.contains(source); });
        const auto provider = provider_addresses_.find(i);
        const bool is_provider = provider != provider_addresses_.end() &&
                                 std::find(provider->second.begin(), provider->second.end(),
                                           source) != provider->second.end();
        if (is_listed || is_provider) {
            return Admitted{i, trunks_[i].trusts_identity};
        }
    }
    bool asks_credentials = false;
    const std::string username = digest_.username(invite);
    for (std::size_t i = 0; i < trunks_.size(); ++i) {
        if (!trunks_[i].credentials) {
            continue;
        }
        asks_credentials = true;
        if (username.empty() || username != trunks_[i].credentials->username) {
            continue;
        }
        switch (digest_.verify_password(invite, now, trunks_[i].credentials->password)) {
            case sip::DigestServer::Verdict::accepted:
                return Admitted{i, trunks_[i].trusts_identity};
            case sip::DigestServer::Verdict::stale:
                return Challenged{true};
            case sip::DigestServer::Verdict::missing:
                return Challenged{false};
            case sip::DigestServer::Verdict::wrong:
                return Forbidden{};
        }
    }
    if (asks_credentials && username.empty()) {
        return Challenged{false};
    }
    return Forbidden{};
}

std::vector<std::string> Trunks::challenges(Time now, bool is_stale) const {
    return digest_.challenges(now, is_stale);
}

void Trunks::set_provider_addresses(std::size_t trunk, std::vector<IpAddress> addresses) {
    provider_addresses_[trunk] = std::move(addresses);
}

}  // namespace lanze::edge
