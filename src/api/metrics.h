// Metrics: the centre's figures and the queues' views in Prometheus' text format; no persons.
#pragma once

#include <cstddef>
#include <string>

#include "api/picture.h"
#include "ports/centre.h"

namespace lanze::api {

// What the API counts of itself.
struct ApiFigures {
    std::size_t sockets = 0;  // WebSockets open
};

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const ports::CentreFigures& centre, const Picture& picture,
                         const ApiFigures& api);

}  // namespace lanze::api
