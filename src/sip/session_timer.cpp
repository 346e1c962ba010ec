#include "sip/session_timer.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace lanze::sip {

namespace {

// RFC 4028 §4: nobody may ask for less.
constexpr Duration kIntervalFloor = seconds(90);
// Longer than any call; keeps a peer's number from overflowing ours.
constexpr Duration kIntervalCeiling = hours(24);

struct SessionExpires {
    Duration interval{};
    std::string_view refresher;  // "uac", "uas" or ""
};

// The number before the first parameter; nothing if there is none.
std::optional<Duration> read_seconds(std::string_view value) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc::result_out_of_range) {
        return kIntervalCeiling;
    }
    const auto rest = value.substr(static_cast<std::size_t>(end - value.data()));
    const bool is_clean = rest.empty() || rest.front() == ';' || rest.front() == ' ';
    if (error != std::errc{} || !is_clean) {
        return std::nullopt;
    }
    return std::min<Duration>(seconds(number), kIntervalCeiling);
}

std::optional<SessionExpires> session_expires(const Message& message) {
    const auto value = message.header("Session-Expires");
    const auto interval = value ? read_seconds(*value) : std::nullopt;
    if (!interval) {
        return std::nullopt;
    }
    SessionExpires result{*interval, {}};
    constexpr std::string_view kName = "refresher=";
    const std::size_t place = value->find(kName);
    if (place != std::string_view::npos) {
        result.refresher = value->substr(place + kName.size(), 3);
    }
    return result;
}

Duration interval_min(const Message& message) {
    const auto value = message.header("Min-SE");
    return std::max(value ? read_seconds(*value).value_or(kIntervalFloor) : kIntervalFloor,
                    kIntervalFloor);
}

std::string in_seconds(Duration duration) {
    return std::to_string(std::chrono::duration_cast<seconds>(duration).count());
}

void add_token(Message& message, std::string_view name, std::string_view token) {
    if (message.header_has_token(name, token)) {
        return;
    }
    const auto present = message.header(name);
    message.set_header(
        name, present ? std::string(*present) + ", " + std::string(token) : std::string(token));
}

}  // namespace

std::optional<SessionTimer> agree_session_timer(const Message& request,
                                                const SessionTimerWish& wish) {
    const bool is_supported = request.header_has_token("Supported", "timer") ||
                              request.header_has_token("Require", "timer");
    const auto asked = session_expires(request);
    const Duration lower = std::max(interval_min(request), wish.interval_min);
    if (!asked) {
        return SessionTimer{std::max(wish.interval, lower), Refresher::us};
    }
    if (asked->interval < wish.interval_min) {
        // A proxy may have put it there for a caller that knows no 422 (§8.1).
        return is_supported ? std::nullopt
                            : std::optional(SessionTimer{wish.interval_min, Refresher::us});
    }
    const Duration interval = std::min(asked->interval, std::max(wish.interval, lower));
    // Where the caller leaves the choice to us we refresh: so we learn first that it is gone.
    const bool they_refresh = is_supported && asked->refresher == "uac";
    return SessionTimer{interval, they_refresh ? Refresher::them : Refresher::us};
}

void apply_session_timer(Message& response, const Message& request, const SessionTimer& timer) {
    if (timer.interval == Duration::zero()) {
        return;
    }
    const bool they_refresh = timer.refresher == Refresher::them;
    response.set_header(
        "Session-Expires",
        in_seconds(timer.interval) + (they_refresh ? ";refresher=uac" : ";refresher=uas"));
    // §9, table 2: never demanded of a caller that does not know it.
    if (they_refresh || request.header_has_token("Supported", "timer")) {
        add_token(response, "Require", "timer");
    }
    add_token(response, "Supported", "timer");
}

void request_session_timer(Message& request, const SessionTimerWish& wish,
                           std::optional<Refresher> refresher) {
    std::string value = in_seconds(wish.interval);
    if (refresher) {
        value += *refresher == Refresher::us ? ";refresher=uac" : ";refresher=uas";
    }
    request.set_header("Session-Expires", value);
    request.set_header("Min-SE", in_seconds(std::max(wish.interval_min, kIntervalFloor)));
    add_token(request, "Supported", "timer");
}

SessionTimer read_session_timer(const Message& response, const SessionTimerWish& wish) {
    const auto agreed = session_expires(response);
    if (!agreed) {
        return {wish.interval, Refresher::us};  // they know no timers: we ask on our own (§7.2)
    }
    return {std::max(agreed->interval, kIntervalFloor),
            agreed->refresher == "uas" ? Refresher::them : Refresher::us};
}

Duration session_timer_due(const SessionTimer& timer) {
    if (timer.interval == Duration::zero()) {
        return Duration::max();
    }
    if (timer.refresher == Refresher::us) {
        return timer.interval / 2;
    }
    return timer.interval - std::min<Duration>(seconds(32), timer.interval / 3);
}

std::optional<SessionTimerWish> wish_after_refusal(const Message& response,
                                                   const SessionTimerWish& wish) {
    const auto value = response.header("Min-SE");
    const auto asked = value ? read_seconds(*value) : std::nullopt;
    if (response.status != 422 || !asked || *asked >= kIntervalCeiling) {
        return std::nullopt;
    }
    return SessionTimerWish{std::max(wish.interval, *asked), std::max(wish.interval_min, *asked)};
}

}  // namespace lanze::sip
