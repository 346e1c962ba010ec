// Applying what happens to queues.
#include <algorithm>

#include "core/floor.h"

namespace lanze::core {

void Floor::on(const QueueShort& event, Time /*at*/) {
    queues_[event.queue.value() - 1].short_of = event.agents;
}

void Floor::on(const HoursSet& event, Time /*at*/) {
    Queue& queue = queues_[event.queue.value() - 1];
    queue.hours = event.open;
    set_deadline(queue);
}

void Floor::on(const QueueOpened& event, Time /*at*/) {
    Queue& queue = queues_[event.queue.value() - 1];
    queue.is_open = true;
    queue.serves_rest = false;
    routing_.set_open(queue.id, true);
    set_deadline(queue);
}

// The span that is over is forgotten.
void Floor::on(const QueueClosed& event, Time at) {
    Queue& queue = queues_[event.queue.value() - 1];
    queue.is_open = false;
    routing_.set_open(queue.id, false);
    std::erase_if(queue.hours, [at](const OpenSpan& span) { return span.to <= at; });
    set_deadline(queue);
}

void Floor::on(const RestServed& event, Time /*at*/) {
    Queue& queue = queues_[event.queue.value() - 1];
    queue.serves_rest = true;
    set_deadline(queue);
}

}  // namespace lanze::core
