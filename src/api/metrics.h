// Metrics: the centre's figures and the queues' views in Prometheus' text format; no persons.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "api/guests.h"
#include "api/picture.h"
#include "ports/centre.h"

namespace lanze::api {

// What the API counts of itself.
struct ApiFigures {
    std::size_t sockets = 0;             // WebSockets of those who have signed in
    std::size_t chat_bytes = 0;          // of lines and files that are kept
    std::optional<GuestFigures> guests;  // nothing: no calls from web pages
};

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const ports::CentreFigures& centre, const Picture& picture,
                         const ApiFigures& api);

}  // namespace lanze::api
