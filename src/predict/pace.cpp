#include "predict/pace.h"

#include <cmath>

#include "base/variant.h"

namespace lanze::predict {

namespace {

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double decay(Duration over) {
    return std::exp(-in_seconds(over) / in_seconds(Pace::kMemory));
}

}  // namespace

void Pace::on_entered(const Entry& entry) {
    Arrivals& arrivals = learned_[entry.queue].arrivals[entry.priority];
    if (arrivals.count == 0) {
        arrivals.since = entry.entered;
    }
    arrivals.count = arrivals.count * decay(entry.entered - arrivals.at) + 1;
    arrivals.at = entry.entered;
}

void Pace::on_waited(const Entry& entry, Time at, bool has_given_up) {
    if (!entry.gives_up) {
        return;
    }
    Learned& learned = learned_[entry.queue];
    learned.waited.seconds += in_seconds(at - entry.entered);
    // Who waited for nothing says nothing about patience.
    learned.waited.count += at > entry.entered ? 1U : 0U;
    learned.given_up += has_given_up ? 1 : 0;
    if (learned.waited.count > kWaitedMax) {
        learned.waited.count /= 2;
        learned.waited.seconds /= 2;
        learned.given_up /= 2;
    }
}

void Pace::on_answered(const Entry& entry, Time at) {
    on_waited(entry, at, false);
    Sum& alerted = learned_[entry.queue].alerted;
    alerted.seconds += in_seconds(at - entry.presented);
    if (++alerted.count > kAlertedMax) {
        alerted.count /= 2;
        alerted.seconds /= 2;
    }
}

template <typename Change>
void Pace::change(core::ContactId contact, Change&& change) {
    const auto place = waiting_.find(contact);
    if (place != waiting_.end()) {
        change(place->second);
    }
}

void Pace::note(const core::Event& event, Time at) {
    const auto leaves_the_line = [&](Entry& entry) {
        on_waited(entry, at, false);
        entry.gives_up = false;
    };
    match(
        event,
        [&](const core::ContactQueued& queued) {
            if (core::is_internal(queued.channel)) {
                return;
            }
            const bool gives_up = core::is_on_the_line(queued.channel);
            const Entry entry{queued.queue, at, at, queued.priority, gives_up};
            waiting_.insert_or_assign(queued.contact, entry);
            on_entered(entry);
        },
        [&](const core::ContactMoved& moved) {
            change(moved.contact, [&](Entry& entry) {
                on_waited(entry, at, false);
                entry.queue = moved.queue;
                entry.entered = at;
                on_entered(entry);
            });
        },
        [&](const core::ContactPrioritised& changed) {
            change(changed.contact, [&](Entry& entry) { entry.priority = changed.priority; });
        },
        [&](const core::CallbackRequested& left) { change(left.contact, leaves_the_line); },
        [&](const core::MessageLeft& left) { change(left.contact, leaves_the_line); },
        [&](const core::ContactPresented& presented) {
            change(presented.contact, [&](Entry& entry) { entry.presented = at; });
        },
        [&](const core::ContactAnswered& answered) {
            change(answered.contact, [&](const Entry& entry) { on_answered(entry, at); });
            waiting_.erase(answered.contact);
        },
        [&](const core::ContactEnded& ended) {
            const bool has_given_up = ended.end == core::ContactEnd::abandoned;
            change(ended.contact, [&](Entry& entry) { on_waited(entry, at, has_given_up); });
            waiting_.erase(ended.contact);
        },
        [](const auto&) {});
}

double Pace::giving_up_rate(core::QueueId queue) const {
    const auto place = learned_.find(queue);
    if (place == learned_.end() || place->second.waited.count < kWaitedMin) {
        return 0;
    }
    return place->second.given_up / place->second.waited.seconds;
}

double Pace::arrival_rate(core::QueueId queue, std::uint8_t priority, Time now) const {
    const auto place = learned_.find(queue);
    if (place == learned_.end() || place->second.arrivals[priority].count == 0) {
        return 0;
    }
    const Arrivals& arrivals = place->second.arrivals[priority];
    // In the beginning, what is remembered is as long as it has been seen, and never a moment.
    const double seen = 1 - decay(std::max<Duration>(now - arrivals.since, minutes(1)));
    return arrivals.count * decay(now - arrivals.at) / (in_seconds(kMemory) * seen);
}

double Pace::alerting_time(core::QueueId queue) const {
    const auto place = learned_.find(queue);
    const Sum alerted = place == learned_.end() ? Sum{} : place->second.alerted;
    return alerted.count == 0 ? 0 : alerted.seconds / alerted.count;
}

}  // namespace lanze::predict
