#include "app/trunk_news.h"

#include <algorithm>
#include <chrono>

namespace lanze::app {

namespace {

std::string in_seconds(Duration duration) {
    return std::to_string(std::chrono::ceil<seconds>(duration).count()) + " s";
}

// The provider's answer as it gave it, and what an operator can do about it.
std::string refusal(const edge::ProviderStanding& standing) {
    std::string answer = std::to_string(standing.status) + " " + standing.reason;
    switch (standing.status) {
        case 401:
        case 403:
        case 407:
            return answer + "; check username and password under register";
        case 404:
        case 604:
            return answer + "; check username and domain under register";
        case 423:
            return answer + "; check expires under register";
        default:
            return answer;
    }
}

std::string next_try(const edge::ProviderStanding& standing, Time now) {
    if (!standing.due || *standing.due <= now) {
        return "; the next server is tried";
    }
    std::string text = "; tried again in " + in_seconds(*standing.due - now);
    if (now < standing.registered_until) {
        text += ", the last registration holds for " + in_seconds(standing.registered_until - now);
    }
    return text;
}

}  // namespace

std::string describe(const edge::ProviderStanding& standing, Time now) {
    const std::string begin = standing.trunk + ": ";
    const std::string provider = "the provider at " + standing.server.to_string();
    switch (standing.state) {
        case edge::ProviderState::registered:
            return begin + "registered at " + standing.server.to_string() + " for " +
                   in_seconds(std::max(Duration{}, standing.registered_until - now));
        case edge::ProviderState::refused:
            return begin + provider + " refused our registration with " + refusal(standing) +
                   next_try(standing, now);
        case edge::ProviderState::silent:
            return begin + provider + " does not answer" + next_try(standing, now);
        case edge::ProviderState::not_found:
            return begin + "DNS knows no address of " + standing.host +
                   " that an entry of sip.listen can reach" + next_try(standing, now);
        case edge::ProviderState::trying:
            break;
    }
    return begin + "registering at " + standing.host;
}

}  // namespace lanze::app
