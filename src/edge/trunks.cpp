#include "edge/trunks.h"

#include <algorithm>

namespace lanze::edge {

Trunks::Trunks(const std::vector<Trunk>& trunks, std::string realm, std::string secret)
    : trunks_(trunks), digest_(std::move(realm), std::move(secret)) {}

Admission Trunks::admit(const sip::Message& invite, const IpAddress& source, Time now) {
    if (const auto trunk = trunk_of(invite, source)) {
        return Admitted{*trunk, trunks_[*trunk].trusts_identity};
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

// Several accounts at one provider are told apart by the contact that is called.
std::optional<std::size_t> Trunks::trunk_of(const sip::Message& invite,
                                            const IpAddress& source) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < trunks_.size(); ++i) {
        if (!is_provider(i, source)) {
            continue;
        }
        if (trunks_[i].account->username == invite.uri.user) {
            return i;
        }
        found = found ? found : i;
    }
    for (std::size_t i = 0; i < trunks_.size() && !found; ++i) {
        const bool is_listed =
            std::any_of(trunks_[i].from.begin(), trunks_[i].from.end(),
                        [&](const Network& network) { return network.contains(source); });
        found = is_listed ? std::optional(i) : std::nullopt;
    }
    return found;
}

bool Trunks::is_provider(std::size_t trunk, const IpAddress& source) const {
    const auto place = provider_addresses_.find(trunks_[trunk].name);
    return trunks_[trunk].account && place != provider_addresses_.end() &&
           std::find(place->second.begin(), place->second.end(), source) != place->second.end();
}

std::vector<std::string> Trunks::challenges(Time now, bool is_stale) const {
    return digest_.challenges(now, is_stale);
}

void Trunks::configure(const std::vector<Trunk>& trunks) {
    trunks_ = trunks;
}

void Trunks::set_provider_addresses(const std::string& trunk, std::vector<IpAddress> addresses) {
    provider_addresses_[trunk] = std::move(addresses);
}

}  // namespace lanze::edge
