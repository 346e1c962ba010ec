// SmallCentre: a floor for tests of predicting, spoken to in verbs; its events go to a listener.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/floor.h"

namespace lanze::predict {

class SmallCentre {
public:
    using Listener = std::function<void(const core::Event&, Time, const core::Floor&)>;

    // Queues that each need the skill of their name; agents by the skills they have, who answer at
    // once and need no wrap-up.
    explicit SmallCentre(std::vector<std::string> queues, Listener tell = {})
        : listener(std::move(tell)) {
        for (const std::string& name : queues) {
            core::QueueConfig queue;
            queue.name = name;
            queue.needs = {{name, 1}};
            config.queues.push_back(queue);
        }
        config.name = "small";
    }

    void add_agents(int count, const std::vector<std::string>& skills) {
        for (int i = 0; i < count; ++i) {
            core::AgentConfig agent;
            agent.name = "agent" + std::to_string(config.agents.size() + 1);
            for (const std::string& skill : skills) {
                agent.skills.push_back({skill, 1});
            }
            agent.wrap_up = Duration::zero();
            agent.starts_ready = true;
            config.agents.push_back(agent);
        }
    }

    void open() { decide(core::Configure{config}); }
    void pass(Duration time) {
        now += time;
        decide(core::AdvanceTime{});
    }

    // Answered at once if somebody is idle.
    core::ContactId enter(std::uint32_t queue, std::uint8_t priority = 0) {
        const core::ContactId id = floor.next_contact();
        decide(core::EnterQueue{core::QueueId{queue}, {}, priority});
        return id;
    }
    void hang_up(core::ContactId contact) { decide(core::HangUp{contact}); }
    void leave(std::uint32_t agent) {
        decide(core::NotReady{core::AgentId{agent}, core::NotReadyReason::break_time});
    }
    void come(std::uint32_t agent) { decide(core::Ready{core::AgentId{agent}}); }

    // So many contacts of the queue that take so long, one after the other; agents must be idle.
    void handle(std::uint32_t queue, int count, Duration time) {
        for (int i = 0; i < count; ++i) {
            const core::ContactId contact = enter(queue);
            pass(time);
            hang_up(contact);
        }
    }

    void decide(const core::Command& command) {
        std::vector<core::PresentationId> presented;
        for (const core::Event& event : floor.handle(command, now).events) {
            if (listener) {
                listener(event, now, floor);
            }
            if (const auto* one = std::get_if<core::ContactPresented>(&event)) {
                presented.push_back(one->presentation);
            }
        }
        for (const core::PresentationId each : presented) {
            if (answers) {
                decide(core::Answer{each});
            }
        }
    }

    core::Config config;
    core::Floor floor;
    Time now = from_micros(1'795'428'000'000'000);  // 2026-11-23 10:00 UTC
    Listener listener;
    bool answers = true;
};

}  // namespace lanze::predict
