#include "api/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace lanze::api {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string name, std::string help, MetricType type) {
    MetricFamily result;
    result.name = std::move(name);
    result.help = std::move(help);
    result.type = type;
    return result;
}

// A value without a label, or of one queue or trunk.
void add_value(MetricFamily& target, std::uint64_t value, const std::string& name = "",
               const char* label = "queue") {
    prometheus::ClientMetric metric;
    if (!name.empty()) {
        metric.label.push_back({label, name});
    }
    // Prometheus knows doubles only; exact up to 2^53.
    if (target.type == MetricType::Counter) {
        metric.counter.value = static_cast<double>(value);
    } else {
        metric.gauge.value = static_cast<double>(value);
    }
    target.metric.push_back(std::move(metric));
}

struct Figure {
    const char* name;
    const char* help;
    MetricType type;
    std::uint64_t ports::CentreFigures::*value;
};

constexpr Figure kCentreFigures[] = {
    {"lanze_commands_total", "Commands handled.", MetricType::Counter,
     &ports::CentreFigures::commands},
    {"lanze_refusals_total", "Commands refused.", MetricType::Counter,
     &ports::CentreFigures::refusals},
    {"lanze_batches_total", "Batches handed to the journal.", MetricType::Counter,
     &ports::CentreFigures::batches},
    {"lanze_batches_waiting", "Batches waiting for the disk.", MetricType::Gauge,
     &ports::CentreFigures::batches_waiting},
    {"lanze_sip_received_total", "SIP messages received.", MetricType::Counter,
     &ports::CentreFigures::sip_received},
    {"lanze_sip_sent_total", "SIP messages sent.", MetricType::Counter,
     &ports::CentreFigures::sip_sent},
    {"lanze_sip_rejected_total", "SIP requests answered with 4xx to 6xx.", MetricType::Counter,
     &ports::CentreFigures::sip_rejected},
    {"lanze_sip_transactions", "SIP transactions alive.", MetricType::Gauge,
     &ports::CentreFigures::transactions},
    {"lanze_calls", "Contacts with a call now.", MetricType::Gauge, &ports::CentreFigures::calls},
    {"lanze_media_ports_free", "Pairs of media ports ready to be lent.", MetricType::Gauge,
     &ports::CentreFigures::ports_free},
};

struct QueueFigure {
    const char* name;
    const char* help;
    std::uint64_t (*value)(const ports::QueueView&);
};

// Gauges all: the counts are of today and begin again at midnight.
constexpr QueueFigure kQueueFigures[] = {
    {"lanze_queue_waiting", "Contacts waiting or alerting.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.waiting; }},
    {"lanze_queue_talking", "Contacts talking or on hold.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.talking; }},
    {"lanze_queue_agents_ready", "Agents ready, with those whom the ceiling withholds.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.agents_ready; }},
    {"lanze_queue_agents_signed_on", "Agents ready, alerting, talking or in wrap-up.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.agents_signed_on; }},
    {"lanze_queue_short_of", "Agents whom contacts wait for and the ceiling withholds.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.short_of; }},
    {"lanze_queue_offered", "Contacts offered today.",
     [](const ports::QueueView& q) { return q.offered; }},
    {"lanze_queue_answered", "Contacts answered today.",
     [](const ports::QueueView& q) { return q.answered; }},
    {"lanze_queue_abandoned", "Contacts abandoned today.",
     [](const ports::QueueView& q) { return q.abandoned; }},
    {"lanze_queue_cut_off", "Contacts cut off today.",
     [](const ports::QueueView& q) { return q.cut_off; }},
    {"lanze_queue_diverted",
     "Contacts that went on to another queue today, or were let go at closing.",
     [](const ports::QueueView& q) { return q.diverted; }},
    {"lanze_queue_open", "1 while the queue is open.",
     [](const ports::QueueView& q) -> std::uint64_t { return q.is_open ? 1 : 0; }},
    {"lanze_queue_blocked", "Contacts blocked today.",
     [](const ports::QueueView& q) { return q.blocked; }},
    {"lanze_queue_service_level_part", "Numerator of today's service level.",
     [](const ports::QueueView& q) { return q.service_level_part; }},
    {"lanze_queue_service_level_whole", "Denominator of today's service level.",
     [](const ports::QueueView& q) { return q.service_level_whole; }},
};

// Only of trunks that register at a provider.
void add_trunks(std::vector<MetricFamily>& families, const ports::CentreFigures& centre) {
    MetricFamily registered =
        family("lanze_trunk_registered", "1 while the provider holds our registration, else 0.",
               MetricType::Gauge);
    MetricFamily status =
        family("lanze_trunk_register_status",
               "The provider's last answer to REGISTER; 0: it gave none.", MetricType::Gauge);
    for (const ports::TrunkFigures& trunk : centre.trunks) {
        add_value(registered, trunk.is_registered ? 1 : 0, trunk.name, "trunk");
        add_value(status, trunk.status, trunk.name, "trunk");
    }
    families.push_back(std::move(registered));
    families.push_back(std::move(status));
}

void add_guests(std::vector<MetricFamily>& families, const GuestFigures& guests) {
    families.push_back(family("lanze_guests", "Calls and chats from web pages that are not over.",
                              MetricType::Gauge));
    add_value(families.back(), guests.open);
    families.push_back(family("lanze_guests_begun_total", "Calls and chats begun from web pages.",
                              MetricType::Counter));
    add_value(families.back(), guests.begun);
    families.push_back(family("lanze_guests_refused_total",
                              "Calls and chats from web pages refused: too many, closed, unsolved.",
                              MetricType::Counter));
    add_value(families.back(), guests.refused);
}

// Since when the oldest contact waits, as seconds up to the picture's time.
MetricFamily longest_wait(const Picture& picture) {
    MetricFamily result =
        family("lanze_queue_longest_wait_seconds",
               "How long the longest waiting contact has waited.", MetricType::Gauge);
    for (const auto& [id, queue] : picture.queues()) {
        const Time since = queue.longest_waiting_since.value_or(picture.at());
        const Duration wait = std::max(Duration{}, picture.at() - since);
        add_value(result, 0, queue.name);
        result.metric.back().gauge.value = std::chrono::duration<double>(wait).count();
    }
    return result;
}

}  // namespace

std::string metrics_text(const ports::CentreFigures& centre, const Picture& picture,
                         const ApiFigures& api) {
    std::vector<MetricFamily> families;
    for (const Figure& figure : kCentreFigures) {
        families.push_back(family(figure.name, figure.help, figure.type));
        add_value(families.back(), centre.*figure.value);
    }
    if (!centre.trunks.empty()) {
        add_trunks(families, centre);
    }
    families.push_back(family("lanze_api_sockets", "WebSockets open.", MetricType::Gauge));
    add_value(families.back(), api.sockets);
    families.push_back(
        family("lanze_chat_bytes", "Lines and files of chats in memory.", MetricType::Gauge));
    add_value(families.back(), api.chat_bytes);
    if (api.guests) {
        add_guests(families, *api.guests);
    }
    for (const QueueFigure& figure : kQueueFigures) {
        families.push_back(family(figure.name, figure.help, MetricType::Gauge));
        for (const auto& [id, queue] : picture.queues()) {
            add_value(families.back(), figure.value(queue), queue.name);
        }
    }
    families.push_back(longest_wait(picture));
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace lanze::api
