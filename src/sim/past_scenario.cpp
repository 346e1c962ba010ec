#include "sim/past_scenario.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <tuple>

namespace lanze::sim {

namespace {

constexpr std::size_t kTimesMax = 100'000;  // of one empirical distribution

// Contacts that a stream has in common.
using Kind = std::tuple<std::string, core::Channel, std::uint8_t, core::Skills>;

Kind kind_of(const PastContact& contact) {
    return {contact.queue, contact.channel, contact.priority, contact.needs};
}

std::map<Kind, std::size_t> kinds_of(const Past& past) {
    std::map<Kind, std::size_t> kinds;
    for (const PastContact& contact : past.contacts) {
        kinds.emplace(kind_of(contact), 0);
    }
    std::size_t next = 0;
    for (auto& [kind, place] : kinds) {
        place = next++;
    }
    return kinds;
}

std::optional<std::size_t> queue_named(const core::Config& config, const std::string& name) {
    for (std::size_t i = 0; i < config.queues.size(); ++i) {
        if (config.queues[i].name == name) {
            return i;
        }
    }
    return std::nullopt;
}

// When the caller no longer waits as far as he is concerned.
std::optional<Time> end_of_wait(const PastContact& contact, Time end) {
    if (contact.blocked) {
        return std::nullopt;
    }
    return contact.left_line  ? contact.left_line
           : contact.answered ? contact.answered
                              : std::optional(contact.ended.value_or(end));
}

bool has_given_up(const PastContact& contact) {
    return !contact.answered && !contact.left_line && contact.ended &&
           contact.end == core::ContactEnd::abandoned;
}

// Not of one whom nobody reached: how long that would have taken is not known.
std::optional<Duration> talk_of(const PastContact& contact) {
    const bool is_known = contact.answered && contact.ended && !contact.is_cut_short &&
                          contact.end != core::ContactEnd::not_reached;
    return is_known ? std::optional(*contact.ended - *contact.answered) : std::nullopt;
}

template <typename Time>
void keep(std::vector<Duration>& times, const Time& time) {
    if (time && times.size() < kTimesMax) {
        times.push_back(*time);
    }
}

struct HandleTimes {
    std::vector<Duration> talk;
    std::vector<Duration> wrap_up;
    void add(const PastContact& contact) {
        keep(talk, talk_of(contact));
        keep(wrap_up, contact.wrap_up);
    }
};

struct Learned {
    std::map<std::pair<std::string, core::Channel>, HandleTimes> by_queue;
    HandleTimes all;
    std::map<std::string, std::optional<Duration>> patience;
    std::map<core::Channel, std::pair<std::uint64_t, std::uint64_t>> reached;  // of answered
    std::vector<Duration> delays;
    std::uint64_t presented = 0;
    std::uint64_t no_answer = 0;
    std::uint64_t rejects = 0;
};

Learned learn(const Past& past) {
    Learned learned;
    for (const PastContact& contact : past.contacts) {
        learned.by_queue[{contact.queue, contact.channel}].add(contact);
        learned.all.add(contact);
        if (contact.answered) {
            auto& [reached, all] = learned.reached[contact.channel];
            reached += contact.end != core::ContactEnd::not_reached ? 1U : 0U;
            ++all;
        }
    }
    for (const core::QueueConfig& queue : past.config.queues) {
        learned.patience[queue.name] = mean_patience(past, queue.name);
    }
    for (const PastAgent& agent : past.agents) {
        for (const Duration delay : agent.answer_delays) {
            keep(learned.delays, std::optional(delay));
        }
        learned.presented += agent.presented;
        learned.no_answer += agent.no_answer;
        learned.rejects += agent.rejects;
    }
    return learned;
}

void set_distribution(Distribution& to, const std::vector<Duration>& own,
                      const std::vector<Duration>& all) {
    if (!own.empty() || !all.empty()) {
        to = Distribution::empirical(own.empty() ? all : own);
    }
}

double share_of(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Stream stream_of(const Kind& kind, const Past& past, const Learned& learned, std::size_t queue) {
    const auto& [name, channel, priority, needs] = kind;
    Stream stream;
    stream.name = name;
    stream.queue = queue;
    stream.channel = channel;
    stream.priority = priority;
    stream.needs = needs;
    const auto times = learned.by_queue.find({name, channel});
    static const HandleTimes none;
    const HandleTimes& own = times == learned.by_queue.end() ? none : times->second;
    set_distribution(stream.talk, own.talk, learned.all.talk);
    set_distribution(stream.wrap_up, own.wrap_up, learned.all.wrap_up);
    if (const auto mean = learned.patience.at(name)) {
        stream.patience = Distribution::exponential(*mean);
    }
    if (const auto place = past.proposals.find(name); place != past.proposals.end()) {
        stream.accepts_callback =
            share_of(place->second.callbacks_accepted, place->second.callbacks);
        stream.accepts_message = share_of(place->second.messages_accepted, place->second.messages);
    }
    if (const auto place = learned.reached.find(channel); place != learned.reached.end()) {
        stream.reached = share_of(place->second.first, place->second.second);
    }
    return stream;
}

Arrival arrival_of(const PastContact& contact, const Past& past) {
    Arrival arrival;
    arrival.at = contact.arrived - past.start;
    arrival.talk = talk_of(contact);
    arrival.wrap_up = contact.wrap_up;
    arrival.is_counted = contact.is_complete();
    const auto until = end_of_wait(contact, past.end);
    if (until && has_given_up(contact)) {
        arrival.patience = *until - contact.arrived;
    } else if (until) {
        arrival.waited = *until - contact.arrived;
    }
    for (std::size_t i = 0; i < past.agents.size() && !contact.preferred.empty(); ++i) {
        if (past.agents[i].config.name == contact.preferred) {
            arrival.preferred = i;
        }
    }
    return arrival;
}

// What an agent does about what is presented, as far as he has shown it.
void set_answers(Pool& pool, const PastAgent* past, const Learned& learned) {
    const bool knows_delays = past != nullptr && past->answer_delays.size() >= kOwnAnswersMin;
    set_distribution(pool.answers_after,
                     knows_delays ? past->answer_delays : std::vector<Duration>{}, learned.delays);
    const bool knows_misses = past != nullptr && past->presented >= kOwnAnswersMin;
    pool.no_answer = knows_misses ? share_of(past->no_answer, past->presented)
                                  : share_of(learned.no_answer, learned.presented);
    pool.rejects = knows_misses ? share_of(past->rejects, past->presented)
                                : share_of(learned.rejects, learned.presented);
}

const core::AgentConfig* agent_named(const core::Config& config, const std::string& name) {
    for (const core::AgentConfig& agent : config.agents) {
        if (agent.name == name) {
            return &agent;
        }
    }
    return nullptr;
}

bool is_known(const Past& past, const std::string& name) {
    return std::any_of(past.agents.begin(), past.agents.end(),
                       [&](const PastAgent& agent) { return agent.config.name == name; });
}

// When anybody first said that he is ready.
Duration first_ready(const Past& past) {
    Duration first = past.end - past.start;
    for (const PastAgent& agent : past.agents) {
        if (agent.config.starts_ready) {
            return {};
        }
        for (const Moment& moment : agent.past) {
            if (std::holds_alternative<core::Ready>(moment.says)) {
                first = std::min(first, moment.at);
                break;
            }
        }
    }
    return first;
}

void add_pools(const Past& past, const core::Config& config, const Learned& learned,
               Scenario& scenario) {
    for (const PastAgent& agent : past.agents) {
        Pool& pool = scenario.pools.emplace_back();
        pool.name = agent.config.name;
        const core::AgentConfig* now = agent_named(config, pool.name);
        pool.count = now == nullptr ? 0 : 1;  // nobody, but the others draw what they drew
        pool.agent = now == nullptr ? agent.config : *now;
        pool.past = agent.past;
        set_answers(pool, &agent, learned);
    }
    for (const core::AgentConfig& agent : config.agents) {
        if (is_known(past, agent.name)) {
            continue;
        }
        Pool& pool = scenario.pools.emplace_back();
        pool.name = agent.name;
        pool.agent = agent;
        pool.past.emplace();
        if (!agent.starts_ready) {
            const Duration from = first_ready(past);
            pool.past->push_back({from, core::OpenDesk{}});
            pool.past->push_back({from, core::Ready{}});
        }
        set_answers(pool, nullptr, learned);
    }
}

std::string unknown_queues(const Past& past, const core::Config& config) {
    std::string names;
    for (const core::QueueConfig& queue : past.config.queues) {
        const bool is_used =
            std::any_of(past.contacts.begin(), past.contacts.end(),
                        [&](const PastContact& contact) { return contact.queue == queue.name; });
        if (is_used && !queue_named(config, queue.name)) {
            names += (names.empty() ? "\"" : ", \"") + queue.name + "\"";
        }
    }
    return names;
}

}  // namespace

std::optional<Duration> mean_patience(const Past& past, const std::string& queue) {
    std::uint64_t abandons = 0;
    Duration waited{};
    for (const PastContact& contact : past.contacts) {
        const auto until = end_of_wait(contact, past.end);
        if (contact.queue == queue && until && core::is_on_the_line(contact.channel)) {
            abandons += has_given_up(contact) ? 1U : 0U;
            waited += *until - contact.arrived;
        }
    }
    return abandons == 0 ? std::nullopt
                         : std::optional(std::max(Duration{1},
                                                  waited / static_cast<Duration::rep>(abandons)));
}

core::Config recorded_config(const Past& past) {
    core::Config config = past.config;
    for (const PastAgent& agent : past.agents) {
        config.agents.push_back(agent.config);
    }
    return config;
}

Result<Scenario, std::string> scenario_of(const Past& past, const Terms& terms) {
    const std::string missing = unknown_queues(past, *terms.config);
    if (!missing.empty()) {
        return Unexpected("the other configuration has no queue " + missing +
                          ", to which contacts came; give it one of that name");
    }
    const std::map<Kind, std::size_t> kinds = kinds_of(past);
    if (kinds.size() > kStreamsMax) {
        return Unexpected("the contacts are of " + std::to_string(kinds.size()) +
                          " kinds (queue, channel, priority, needs), at most " +
                          std::to_string(kStreamsMax) + " can be simulated; take a shorter time");
    }
    const Learned learned = learn(past);
    Scenario scenario;
    scenario.config = *terms.config;
    scenario.config.agents.clear();
    scenario.start = past.start;
    scenario.hours = terms.hours;
    for (const auto& [kind, place] : kinds) {
        const std::size_t queue = *queue_named(*terms.config, std::get<0>(kind));
        scenario.streams.push_back(stream_of(kind, past, learned, queue));
        const auto after = past.redials_after.find(std::get<0>(kind));
        if (after != past.redials_after.end()) {
            scenario.streams.back().redial = {past.redial_share,
                                              Distribution::empirical(after->second)};
        }
    }
    for (const PastContact& contact : past.contacts) {
        if (!contact.is_redial) {
            scenario.streams[kinds.at(kind_of(contact))].arrivals.push_back(
                arrival_of(contact, past));
        }
    }
    add_pools(past, *terms.config, learned, scenario);
    return scenario;
}

void take_redials(Past& past, double share) {
    constexpr Duration kRedialWithin = minutes(30);
    struct Lost {
        std::deque<Time> at;  // who was lost and has not called again
        double owed = 0;      // redials to be found
    };
    std::map<std::string, Lost> lost;
    past.redial_share = share;
    past.redials_after.clear();
    for (PastContact& contact : past.contacts) {
        Lost& queue = lost[contact.queue];
        while (!queue.at.empty() && queue.at.front() < contact.arrived - kRedialWithin) {
            queue.at.pop_front();
        }
        contact.is_redial = contact.is_complete() && queue.owed >= 1 && !queue.at.empty() &&
                            queue.at.front() <= contact.arrived;
        if (contact.is_redial) {
            past.redials_after[contact.queue].push_back(contact.arrived - queue.at.front());
            queue.at.pop_front();
            queue.owed -= 1;
        }
        if (contact.blocked || has_given_up(contact)) {
            queue.at.push_back(contact.blocked ? contact.arrived : *contact.ended);
            queue.owed += share;
        }
    }
}

Plan plan_of(const Past& past, std::uint64_t seed) {
    Plan plan;
    plan.seed = seed;
    plan.warm_up = Duration{1};
    plan.length = past.end - past.start;
    return plan;
}

Drawn drawn_of(const Past& past) {
    Drawn drawn;
    std::map<std::string, std::uint64_t> lost;  // by queue, that nobody has called again for
    for (const PastContact& contact : past.contacts) {
        if (!contact.is_complete()) {
            continue;
        }
        ++drawn.contacts;
        drawn.redials += contact.is_redial ? 1U : 0U;
        drawn.patience += has_given_up(contact) || contact.left_line ? 0U : 1U;
        drawn.handle_times += talk_of(contact) ? 0U : 1U;
        std::uint64_t& open = lost[contact.queue];
        if (open > 0) {
            --open;
            ++drawn.may_be_redials;
        }
        open += contact.blocked || has_given_up(contact) ? 1U : 0U;
    }
    return drawn;
}

}  // namespace lanze::sim
