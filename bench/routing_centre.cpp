#include "routing_centre.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/rng.h"

namespace lanze::bench {

namespace {

constexpr std::array kLanguages = {"de", "en", "fr", "pl", "tr"};

std::string topic(std::uint32_t number) {
    return "topic-" + std::to_string(number);
}

// Four queues in full, one more only after widening, two or three of five languages, every second
// set with complaints. Which ones is spread so that with 200 sets each kind of need is served by
// three to sixteen of them.
core::Skills skills_of_set(const CentreSetup& setup, std::uint32_t set) {
    const std::uint32_t base = set % setup.queues;
    const std::uint32_t shift = base + set / setup.queues;
    std::map<std::string, std::uint8_t> levels;
    levels[topic((base + 33) % setup.queues)] = 1;
    for (const std::uint32_t distance : {0U, 1U, 7U, 20U}) {
        levels[topic((base + distance) % setup.queues)] =
            static_cast<std::uint8_t>(3 + split_mix(4 * set + distance) % 7);
    }
    levels[kLanguages[0]] = 9;
    levels[kLanguages[shift % kLanguages.size()]] = 9;
    levels[kLanguages[(shift + 2) % kLanguages.size()]] = 5;
    if (shift % 2 == 0) {
        levels["complaint"] = 4;
    }
    core::Skills skills;
    for (const auto& [skill, level] : levels) {
        skills.push_back({skill, level});
    }
    return skills;
}

core::QueueConfig queue_config(const CentreSetup& setup, std::uint32_t number) {
    core::QueueConfig queue;
    queue.name = "queue-" + std::to_string(number);
    queue.needs = {{topic(number), 3}};
    queue.waiting_max = 2 * setup.waiting + 10'000;
    queue.agent_rule = setup.agent_rule;
    if (setup.has_charter) {
        queue.widening = {{seconds(30), {{topic(number), 1}}, false}, {seconds(120), {}, true}};
        queue.preferred_for = seconds(20);
        if (number % 5 == 0) {
            queue.reserves = {{{{"complaint", 1}}, 3}};
        }
    }
    return queue;
}

}  // namespace

double CentreSetup::arrivals_per_second() const {
    const double served = agents / std::chrono::duration<double>(kHandle).count();
    if (!is_crowded()) {
        return served / 2;
    }
    return served + waiting / std::chrono::duration<double>(patience()).count();
}

// In a crowd as many give up as are not served, and each of those who wait is as likely to.
Duration CentreSetup::patience() const {
    constexpr Duration kLeast = seconds(120);
    return std::max(kLeast, kHandle * waiting / agents);
}

core::Config config_of(const CentreSetup& setup) {
    core::Config config;
    config.name = "centre";
    for (std::uint32_t i = 0; i < setup.queues; ++i) {
        config.queues.push_back(queue_config(setup, i));
    }
    for (std::uint32_t i = 0; i < setup.agents; ++i) {
        core::AgentConfig& agent = config.agents.emplace_back();
        agent.name = "agent-" + std::to_string(i);
        agent.skills = skills_of_set(setup, i % setup.skill_sets);
        agent.is_stand_in = setup.has_charter && i % 20 == 0;
        agent.place = i;
    }
    config.contacts_max = 2 * setup.waiting + 2 * setup.agents + 10'000;
    config.contact_rule = setup.contact_rule;
    config.seed = 1;
    if (setup.has_charter) {
        config.charter.occupancy_max_permille = 850;
        config.charter.gives_breaks = true;
        config.charter.ends_shifts = true;
        config.charter.starvation_factor = 10;
    }
    return config;
}

core::Skills own_needs(std::uint32_t kind) {
    core::Skills needs;
    if (kind % 2 == 1) {
        needs.push_back({"complaint", 3});
    }
    needs.push_back({kLanguages[kind / 2], 4});
    return needs;
}

}  // namespace lanze::bench
