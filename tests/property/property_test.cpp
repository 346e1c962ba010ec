// Random worlds and random commands: after each command the floor keeps its invariants, every
// presentation is the one a plain scan would choose, and events alone rebuild the same floor.
// RC_PARAMS="max_success=10000" tries more worlds, RC_PARAMS="reproduce=..." repeats one that
// failed.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "property/naive_router.h"

namespace lanze::property {
namespace {

using core::AgentId;
using core::ContactId;
using core::QueueId;

constexpr int kSkills = 3;
constexpr std::uint8_t kKinds = 24;  // of steps, see command_of()

// One step as numbers, so that rapidcheck can shrink it; what they mean depends on the floor.
struct Step {
    std::uint8_t kind = 0;
    std::uint8_t which = 0;
    std::uint8_t detail = 0;
    std::uint16_t wait_ms = 0;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
    return out << int{step.kind} << '/' << int{step.which} << '/' << int{step.detail} << " after "
               << step.wait_ms << " ms";
}

struct World {
    core::Config config;
    std::vector<Step> steps;
};

std::vector<core::SkillLevel> skills_of(std::uint32_t bits) {
    std::vector<core::SkillLevel> skills;
    for (int i = 0; i < kSkills; ++i) {
        const auto level = static_cast<std::uint8_t>((bits >> (2 * i)) & 3U);
        if (level > 0) {
            skills.push_back({std::string(1, static_cast<char>('a' + i)), level});
        }
    }
    return skills;
}

core::Config config_of(const std::vector<std::uint8_t>& queues,
                       const std::vector<std::uint16_t>& agents) {
    core::Config config;
    config.name = "world";
    config.contacts_max = 12;
    for (const std::uint8_t bits : queues) {
        core::QueueConfig& queue = config.queues.emplace_back();
        queue.name = "queue" + std::to_string(config.queues.size());
        queue.needs = skills_of(bits & 0x15U);  // level 0 or 1
        queue.waiting_max = 3 + bits % 5U;
    }
    for (const std::uint16_t bits : agents) {
        core::AgentConfig& agent = config.agents.emplace_back();
        agent.name = "agent" + std::to_string(config.agents.size());
        agent.skills = skills_of(bits);
        agent.wrap_up = (bits & 0x40U) != 0 ? seconds(2) : Duration{};
        agent.present_for = seconds(3);
        agent.starts_ready = (bits & 0x80U) != 0;
        agent.is_stand_in = (bits & 0x700U) == 0x700U;
        agent.starts_reachable = (bits & 0x1800U) != 0x1800U;
    }
    return config;
}

template <typename T>
const T& pick(const std::vector<T>& all, std::uint8_t which) {
    return all[which % all.size()];
}

// Contacts in the order of their ids, and now and then one that is not there.
ContactId some_contact(const core::Floor& floor, const Step& step) {
    std::vector<ContactId> ids{ContactId{999'999}};
    for (const auto& [id, contact] : floor.contacts()) {
        ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end(), std::greater<>());
    return pick(ids, static_cast<std::uint8_t>(step.which + 1));
}

core::PresentationId some_presentation(const core::Floor& floor, const Step& step) {
    std::vector<core::PresentationId> ids{core::PresentationId{0}};
    for (const core::Agent& agent : floor.agents()) {
        if (const auto* alerting = std::get_if<core::Alerting>(&agent.activity)) {
            ids.push_back(alerting->presentation);
        }
    }
    return pick(ids, static_cast<std::uint8_t>(step.which + 1));
}

// The same centre with another set of queues and agents.
core::Config changed(const World& world, const Step& step) {
    core::Config config = world.config;
    if (step.which % 2 == 0 && config.queues.size() > 1) {
        config.queues.pop_back();
    }
    if (step.detail % 2 == 0 && config.agents.size() > 1) {
        config.agents.pop_back();
    } else {
        config.agents.front().skills = skills_of(step.detail);
    }
    return config;
}

core::Command command_of(const World& world, const core::Floor& floor, const Step& step) {
    const AgentId agent = pick(floor.agents(), step.which).id;
    switch (step.kind) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            return core::EnterQueue{pick(floor.queues(), step.which).id};
        case 5:
        case 6:
        case 7:
            return core::Answer{some_presentation(floor, step)};
        case 8:
        case 9:
            return core::Decline{some_presentation(floor, step),
                                 static_cast<core::DeclineReason>(step.detail % 5)};
        case 10:
            return core::Hold{some_contact(floor, step)};
        case 11:
            return core::Resume{some_contact(floor, step)};
        case 12:
        case 13:
        case 14:
            return core::HangUp{some_contact(floor, step),
                                static_cast<core::EndedBy>(step.detail % 3)};
        case 15:
            return core::CutOff{some_contact(floor, step),
                                static_cast<core::CutOffCause>(step.detail % 6)};
        case 16:
        case 17:
            return core::Ready{agent};
        case 18:
            return core::NotReady{agent, static_cast<core::NotReadyReason>(step.detail % 6)};
        case 19:
            return core::OpenDesk{agent};
        case 20:
            return core::CloseDesk{agent};
        case 21:
            return core::EndWrapUp{agent, step.detail % 2 == 0 ? "solved" : ""};
        case 22:
            return step.detail % 2 == 0 ? core::Command{core::PhoneSeen{agent}}
                                        : core::Command{core::PhoneLost{agent}};
        default:
            return step.detail % 8 == 0 ? core::Command{core::Configure{changed(world, step)}}
                                        : core::Command{core::AdvanceTime{}};
    }
}

// Applies the events to the shadow and asks the naive router about each presentation. A new
// configuration may set several free at once; who is first then is its own order.
void judge(core::Floor& shadow, const core::Outcome& outcome, Time now) {
    bool is_configured = false;
    for (const core::Event& event : outcome.events) {
        is_configured = is_configured || std::holds_alternative<core::Configured>(event);
        if (const auto* presented = std::get_if<core::ContactPresented>(&event)) {
            const core::Contact& contact = *shadow.find_contact(presented->contact);
            const core::Agent& agent = *shadow.find_agent(presented->agent);
            RC_ASSERT(could_take(shadow, agent, contact));
            const bool is_best_agent = agent_for(shadow, contact) == presented->agent;
            const bool is_best_contact = contact_for(shadow, agent) == presented->contact;
            const bool is_right =
                is_configured ? is_best_agent || is_best_contact : is_best_agent && is_best_contact;
            RC_ASSERT(is_right);
        }
        shadow.apply(event, now);
    }
}

void live_through(const World& world) {
    core::Floor floor;
    core::Floor shadow;
    Time now = from_micros(1'000'000'000);
    judge(shadow, floor.handle(core::Configure{world.config}, now), now);
    std::uint64_t refused = 0;
    for (const Step& step : world.steps) {
        now += milliseconds(step.wait_ms);
        const core::Command command = command_of(world, floor, step);
        const core::Outcome outcome = floor.handle(command, now);
        judge(shadow, outcome, now);
        RC_ASSERT(floor.is_same_as(shadow));  // so a refused command has changed nothing either
        RC_ASSERT(problem_of(floor) == "");
        RC_ASSERT(!floor.next_deadline() || *floor.next_deadline() > now);
        refused += outcome.refusal ? 1U : 0U;
    }
    RC_TAG(refused * 4 > world.steps.size() ? "many refused" : "few refused");
}

// rapidcheck's own numbers grow with the size of the case; here each bit means something.
template <typename Number>
rc::Gen<Number> any_bits() {
    return rc::gen::inRange<Number>(0, std::numeric_limits<Number>::max());
}

rc::Gen<Step> any_step() {
    return rc::gen::build<Step>(
        rc::gen::set(&Step::kind, rc::gen::inRange<std::uint8_t>(0, kKinds)),
        rc::gen::set(&Step::which, any_bits<std::uint8_t>()),
        rc::gen::set(&Step::detail, any_bits<std::uint8_t>()),
        rc::gen::set(&Step::wait_ms, rc::gen::oneOf(rc::gen::just<std::uint16_t>(0),
                                                    rc::gen::inRange<std::uint16_t>(0, 4'000))));
}

RC_GTEST_PROP(Floor, KeepsItsPromisesInRandomWorlds, ()) {
    World world;
    const auto queues = *rc::gen::inRange<std::size_t>(1, 5);
    const auto agents = *rc::gen::inRange<std::size_t>(1, 8);
    world.config = config_of(
        *rc::gen::container<std::vector<std::uint8_t>>(queues, any_bits<std::uint8_t>()),
        *rc::gen::container<std::vector<std::uint16_t>>(agents, any_bits<std::uint16_t>()));
    world.steps = *rc::gen::container<std::vector<Step>>(any_step());
    live_through(world);
}

}  // namespace
}  // namespace lanze::property
