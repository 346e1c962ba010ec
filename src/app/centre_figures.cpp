#include "app/centre_figures.h"

#include <utility>

namespace lanze::app {

ports::CentreFigures figures_of(const edge::Edge& edge, Time now) {
    ports::CentreFigures figures;
    const edge::EdgeFigures& counts = edge.figures();
    figures.commands = counts.commands;
    figures.refusals = counts.refusals;
    figures.sip_received = counts.received;
    figures.sip_rejected = counts.rejected;
    figures.transactions = edge.transaction_count();
    figures.calls = edge.leg_count();
    figures.ports_free = edge.free_port_count();
    for (edge::ProviderStanding& standing : edge.provider_standings()) {
        figures.trunks.push_back({std::move(standing.trunk), standing.registered_until > now,
                                  static_cast<std::uint64_t>(standing.status)});
    }
    return figures;
}

}  // namespace lanze::app
