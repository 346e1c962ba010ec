// What was measured in a past, counted as a simulation counts.
#include <algorithm>

#include "base/check.h"
#include "sim/past_scenario.h"

namespace lanze::sim {

namespace {

void count_wait(StreamTally& tally, Duration wait) {
    ++tally.offered;
    tally.wait += wait;
    tally.wait_max = std::max(tally.wait_max, wait);
}

void count_answered(StreamTally& tally, const PastContact& contact,
                    const core::ServiceLevel& level) {
    const Duration wait = *contact.answered - contact.arrived;
    count_wait(tally, wait);
    ++tally.answered;
    tally.answered_within += wait <= level.within ? 1U : 0U;
    tally.answered_wait += wait;
    tally.waits.add(wait);
    ++tally.answers;
    tally.talk += *contact.ended - *contact.answered;
    tally.wrap_up += *contact.wrap_up;
}

void count_lost(StreamTally& tally, const PastContact& contact, const core::ServiceLevel& level) {
    const Duration wait = *contact.ended - contact.arrived;
    count_wait(tally, wait);
    if (contact.end != core::ContactEnd::abandoned) {
        ++tally.let_go;
        return;
    }
    ++tally.abandoned;
    tally.abandoned_within += wait <= level.within ? 1U : 0U;
    tally.abandoned_short += wait < level.short_abandon ? 1U : 0U;
    tally.abandoned_after.add(wait);
}

void count(StreamTally& tally, const PastContact& contact, const core::ServiceLevel& level) {
    ++(contact.is_redial ? tally.redials : tally.arrivals);
    if (contact.blocked) {
        ++tally.blocked;
        return;
    }
    tally.waited += contact.is_presented_at_once ? 0U : 1U;
    tally.callbacks += contact.left_line ? 1U : 0U;
    if (contact.answered) {
        count_answered(tally, contact, level);
    } else {
        count_lost(tally, contact, level);
    }
}

// Streams differ in what contacts have in common; there are few.
std::size_t stream_for(const Scenario& scenario, const PastContact& contact) {
    const auto place =
        std::find_if(scenario.streams.begin(), scenario.streams.end(), [&](const Stream& stream) {
            return stream.name == contact.queue && stream.channel == contact.channel &&
                   stream.priority == contact.priority && stream.needs == contact.needs;
        });
    LANZE_CHECK(place != scenario.streams.end());
    return static_cast<std::size_t>(place - scenario.streams.begin());
}

}  // namespace

Tally tally_of(const Past& past, const Scenario& scenario) {
    Tally tally;
    const Plan plan = plan_of(past, 0);
    tally.counted = plan.length - plan.warm_up;
    tally.streams.resize(scenario.streams.size());
    tally.queues.resize(scenario.config.queues.size());
    tally.pools.resize(scenario.pools.size());
    for (PoolTally& pool : tally.pools) {
        pool.answered_of.resize(scenario.streams.size());
    }
    for (std::size_t i = 0; i < past.agents.size(); ++i) {
        tally.pools[i].handling = past.agents[i].handling;
        tally.pools[i].ready = past.agents[i].ready;
        tally.pools[i].missed = past.agents[i].no_answer + past.agents[i].rejects;
    }
    for (const PastContact& contact : past.contacts) {
        const std::size_t stream = stream_for(scenario, contact);
        const std::size_t queue = scenario.streams[stream].queue;
        if (!contact.blocked) {
            // Of all: they wait among those who are counted.
            const Time until = contact.answered.value_or(contact.ended.value_or(past.end));
            tally.streams[stream].waiting += std::min(until, past.end) - contact.arrived;
            ++tally.contacts;
        }
        if (contact.is_complete()) {
            count(tally.streams[stream], contact, scenario.config.queues[queue].service_level);
        } else if (!contact.is_from_before && !contact.is_cut_short) {
            ++tally.unresolved;
        }
    }
    return tally;
}

}  // namespace lanze::sim
