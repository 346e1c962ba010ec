// Pace: how fast callers come and give up, and how long agents alert, learned from the events.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "base/time.h"
#include "core/event.h"

namespace lanze::predict {

// Rates are per second, times in seconds. Consultations, which are nobody's attempt to reach the
// centre, count for nothing.
class Pace {
public:
    // Contacts that have waited, before a rate of giving up is believed; many are halved, so that
    // the recent ones weigh more.
    static constexpr std::uint32_t kWaitedMin = 20;
    static constexpr std::uint32_t kWaitedMax = 1'000;
    static constexpr std::uint32_t kAlertedMax = 200;
    // How far back arrivals count.
    static constexpr Duration kMemory = minutes(15);

    // Every event, in order.
    void note(const core::Event& event, Time at);

    // Of one caller who waits: those who gave up by all the time that was waited, answered or not,
    // which is the most likely rate if patience is exponential. 0 while too few have waited.
    double giving_up_rate(core::QueueId queue) const;
    // Of contacts that enter with this priority, over the last quarter of an hour or so.
    double arrival_rate(core::QueueId queue, std::uint8_t priority, Time now) const;
    // From presenting to the answer; 0 while there was none.
    double alerting_time(core::QueueId queue) const;

private:
    struct Sum {
        double seconds = 0;
        std::uint32_t count = 0;
    };
    // Decays by 1/e in kMemory.
    struct Arrivals {
        double count = 0;
        Time at;
        Time since;
    };
    struct Learned {
        Sum waited;
        double given_up = 0;
        Sum alerted;
        std::array<Arrivals, core::kPriorityMax + 1> arrivals{};
    };
    struct Entry {
        core::QueueId queue;
        Time entered;
        Time presented;
        std::uint8_t priority = core::kPriorityNormal;
        bool gives_up = false;  // its caller is on the line and can
    };

    void on_entered(const Entry& entry);
    void on_answered(const Entry& entry, Time at);
    void on_waited(const Entry& entry, Time at, bool has_given_up);

    // If it waits or alerts.
    template <typename Change>
    void change(core::ContactId contact, Change&& change);

    std::unordered_map<core::QueueId, Learned> learned_;
    std::unordered_map<core::ContactId, Entry> waiting_;  // or alerting
};

}  // namespace lanze::predict
