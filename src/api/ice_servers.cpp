#include "api/ice_servers.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>

#include "api/json_view.h"
#include "base/check.h"

namespace lanze::api {

namespace {

constexpr std::size_t kUrlMax = 300;

std::string password_for(std::string_view login, std::string_view secret) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto* text = reinterpret_cast<const unsigned char*>(login.data());
    const auto* made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), text,
                            login.size(), digest.data(), &size);
    LANZE_CHECK(made != nullptr);
    std::array<unsigned char, 64> base64{};
    const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

std::string server_json(const IceServer& server, std::string_view name, Time now) {
    std::vector<std::string> urls;
    urls.reserve(server.urls.size());
    for (const std::string& url : server.urls) {
        urls.push_back(text_json(url));
    }
    std::string text = "{\"urls\":" + array_json(urls);
    if (!server.secret.empty()) {
        const auto expiry =
            std::chrono::duration_cast<seconds>((now + server.valid_for).time_since_epoch());
        const std::string login = std::to_string(expiry.count()) + ":" + std::string(name);
        text += ",\"username\":" + text_json(login) +
                ",\"credential\":" + text_json(password_for(login, server.secret));
    }
    return text + "}";
}

}  // namespace

bool is_ice_url(std::string_view url) {
    if (url.size() > kUrlMax) {
        return false;
    }
    for (const std::string_view scheme : {"stun:", "stuns:", "turn:", "turns:"}) {
        if (url.starts_with(scheme)) {
            const std::string_view rest = url.substr(scheme.size());
            return !rest.empty() && rest.find_first_of(" \"<>\\/@") == std::string_view::npos;
        }
    }
    return false;
}

std::string ice_servers_json(const std::vector<IceServer>& servers, std::string_view name,
                             Time now) {
    std::vector<std::string> texts;
    texts.reserve(servers.size());
    for (const IceServer& server : servers) {
        texts.push_back(server_json(server, name, now));
    }
    return array_json(texts);
}

}  // namespace lanze::api
