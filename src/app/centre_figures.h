// The running centre's figures for /metrics, as far as the edge knows them.
#pragma once

#include "base/time.h"
#include "edge/edge.h"
#include "ports/centre.h"

namespace lanze::app {

// Without what the journal and the sockets count.
ports::CentreFigures figures_of(const edge::Edge& edge, Time now);

}  // namespace lanze::app
