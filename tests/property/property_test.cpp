// Random worlds and random commands: after each command the floor keeps its invariants, every
// presentation is the one a plain scan would choose, and events alone rebuild the same floor.
// RC_PARAMS="max_success=10000" tries more worlds, RC_PARAMS="reproduce=..." repeats one that
// failed.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/codec.h"
#include "property/judge.h"
#include "scenario/scenario.h"

namespace lanze::property {
namespace {

using core::AgentId;
using core::ContactId;
using core::QueueId;

constexpr int kSkills = 3;
constexpr std::uint8_t kKinds = 48;  // of steps, see command_of()

// One step as numbers, so that rapidcheck can shrink it; what they mean depends on the floor.
struct Step {
    std::uint8_t kind = 0;
    std::uint8_t which = 0;
    std::uint8_t detail = 0;
    std::uint32_t wait_ms = 0;
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

// The rules of a queue; all bits 0: the plain ones.
void set_rules(core::QueueConfig& queue, std::uint32_t bits) {
    queue.agent_rule = static_cast<core::AgentRule>(bits & 7U);
    queue.priority = static_cast<std::uint8_t>(5 - ((bits >> 3U) & 3U));
    queue.service_level.within = seconds(1 + ((bits >> 5U) & 7U));
    queue.preferred_for = seconds(1 + ((bits >> 8U) & 3U));
    if ((bits & 0x400U) != 0) {
        queue.widening.push_back({seconds(3), skills_of((bits >> 11U) & 0x15U), false});
        queue.widening.push_back({seconds(7), {}, (bits & 0x20000U) != 0});
    }
    if ((bits & 0x40000U) != 0) {
        queue.reserves.push_back({skills_of((bits >> 19U) & 0x15U), 1 + ((bits >> 24U) & 1U)});
    }
    if ((bits & 0x2000000U) != 0) {
        queue.reserves.push_back({skills_of((bits >> 26U) & 0x15U), 1});
    }
}

void set_rules(core::Config& config, std::uint32_t bits) {
    config.seed = bits;
    config.contact_rule = static_cast<core::ContactRule>((bits & 3U) % 3);
    config.charter.starvation_factor = (bits >> 2U) & 3U;
    // 3 minutes of an hour, so that the ceiling is soon reached.
    config.charter.occupancy_max_permille = (bits & 0x10U) != 0 ? 50 : 1'000;
    config.charter.gives_breaks = (bits & 0x20U) != 0;
    config.charter.ends_shifts = (bits & 0x40U) != 0;
    config.charter.breather = seconds(4);
}

core::Config config_of(const std::vector<std::pair<std::uint8_t, std::uint32_t>>& queues,
                       const std::vector<std::uint16_t>& agents) {
    core::Config config;
    config.name = "world";
    config.contacts_max = 12;
    for (const auto& [bits, rules] : queues) {
        core::QueueConfig& queue = config.queues.emplace_back();
        queue.name = "queue" + std::to_string(config.queues.size());
        queue.needs = skills_of(bits & 0x15U);  // level 0 or 1
        queue.waiting_max = 3 + bits % 5U;
        set_rules(queue, rules);
        // Only ever to a later queue, so that there are no circles.
        if (config.queues.size() > 1 && (rules & 0x10000000U) != 0) {
            core::QueueConfig& before = config.queues[config.queues.size() - 2];
            before.overflows = {{queue.name, seconds(4), 0, {}},
                                {queue.name, {}, 2, {}},
                                {queue.name, {}, 0, seconds(3)},
                                {"", seconds(6), 0, {}, core::Channel::callback}};
            before.at_closing = static_cast<core::AtClosing>(bits % 3);
            before.closing_to = queue.name;
        }
    }
    for (const std::uint16_t bits : agents) {
        core::AgentConfig& agent = config.agents.emplace_back();
        agent.name = "agent" + std::to_string(config.agents.size());
        agent.skills = skills_of(bits);
        agent.wrap_up = (bits & 0x40U) != 0 ? seconds(2) : Duration{};
        agent.present_for = seconds(3);
        agent.starts_ready = (bits & 0x80U) != 0;
        agent.is_stand_in = (bits & 0x700U) == 0x700U;
        agent.place = (bits >> 8U) & 3U;
        agent.starts_reachable = (bits & 0x1800U) != 0x1800U;
        agent.capacity.chats = static_cast<std::uint8_t>(1 + ((bits >> 12U) & 3U));
        agent.capacity.messages = static_cast<std::uint8_t>(1 + ((bits >> 14U) & 1U));
        agent.capacity.calls_interrupt_chats = (bits & 0x8000U) != 0;
        agent.capacity.calls_interrupt_messages = (bits & 0x2000U) != 0;
        agent.capacity.chats_interrupt_messages = (bits & 0x4000U) != 0;
        agent.capacity.messages_interrupt_chats = (bits & 0xC000U) == 0xC000U;
    }
    return config;
}

// Everybody can take everything and is there, so that conferences come about.
void make_easy(core::Config& config) {
    for (core::QueueConfig& queue : config.queues) {
        queue.needs.clear();
    }
    for (core::AgentConfig& agent : config.agents) {
        agent.starts_ready = true;
        agent.starts_reachable = true;
        agent.present_for = seconds(60);
    }
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

template <typename Fits>
ContactId some_contact_that(const core::Floor& floor, const Step& step, Fits&& fits) {
    std::vector<ContactId> ids;
    for (const auto& [id, contact] : floor.contacts()) {
        if (fits(contact)) {
            ids.push_back(id);
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids.empty() ? some_contact(floor, step) : pick(ids, step.which);
}

ContactId some_connected(const core::Floor& floor, const Step& step) {
    return some_contact_that(floor, step, [](const core::Contact& contact) {
        return std::holds_alternative<core::Connected>(contact.state);
    });
}

ContactId some_consultation(const core::Floor& floor, const Step& step) {
    return some_contact_that(floor, step,
                             [](const core::Contact& each) { return each.is_consultation(); });
}

std::optional<core::PresentationId> presented_consultation(const core::Floor& floor) {
    const ContactId id = some_consultation(floor, Step{});
    const core::Contact* contact = floor.find_contact(id);
    const auto* presented =
        contact == nullptr ? nullptr : std::get_if<core::Presented>(&contact->state);
    return presented == nullptr || !contact->is_consultation()
               ? std::nullopt
               : std::optional(presented->presentation);
}

// Now and then none.
QueueId some_queue(const core::Floor& floor, const Step& step) {
    return step.detail % 3 == 0 ? QueueId{} : pick(floor.queues(), step.detail).id;
}

AgentId some_colleague(const core::Floor& floor, const Step& step) {
    return step.detail % 5 == 0 ? pick(floor.agents(), step.detail).id : AgentId{};
}

core::PresentationId some_presentation(const core::Floor& floor, const Step& step) {
    std::vector<core::PresentationId> ids{core::PresentationId{0}};
    for (const core::Agent& agent : floor.agents()) {
        if (const auto* alerting = std::get_if<core::Alerting>(&agent.activity)) {
            ids.push_back(alerting->presentation);
        }
        for (const core::Written& each : agent.written) {
            if (each.phase == core::Written::Phase::alerting) {
                ids.push_back(each.presentation);
            }
        }
    }
    return pick(ids, static_cast<std::uint8_t>(step.which + 1));
}

// The same centre with another set of queues and agents.
core::Config changed(const World& world, const Step& step) {
    core::Config config = world.config;
    if (step.which % 2 == 0 && config.queues.size() > 1) {
        config.queues.pop_back();
        core::QueueConfig& last = config.queues.back();
        last.overflows.clear();
        last.at_closing = core::AtClosing::serve;
    }
    if (step.detail % 2 == 0 && config.agents.size() > 1) {
        config.agents.pop_back();
    } else {
        config.agents.front().skills = skills_of(step.detail);
        config.agents.front().capacity.chats = static_cast<std::uint8_t>(step.which & 3U);
        config.agents.front().capacity.messages = static_cast<std::uint8_t>(step.which >> 7U);
    }
    return config;
}

// A shift that ends in up to two hours, perhaps with a break in it.
core::PlanShift plan_shift(AgentId agent, Time now, const Step& step) {
    core::PlanShift plan{agent, now, now + minutes(step.detail % 120), {}};
    if (step.detail % 3 == 0) {
        plan.breaks.push_back({now + minutes(step.which % 60), minutes(15)});
    }
    return plan;
}

// Open now or soon, for a while, and once more.
core::SetHours set_hours(QueueId queue, Time now, const Step& step) {
    core::SetHours hours{queue, {}};
    const Time from = now + seconds(step.detail % 4 * 3) - seconds(3);
    hours.open.push_back({from, from + seconds(5 + step.which % 64)});
    hours.open.push_back({from + seconds(100), Time::max()});
    return hours;
}

// What agents do among themselves.
core::Command colleagues_command_of(const core::Floor& floor, const Step& step) {
    switch (step.kind) {
        case 36:
            return step.detail % 4 == 0
                       ? core::Command{core::LeaveMessage{some_contact(floor, step)}}
                       : core::Command{core::Transfer{some_connected(floor, step),
                                                      some_queue(floor, step),
                                                      some_colleague(floor, step)}};
        case 37:
            if (step.detail % 3 == 0) {
                return core::Dial{pick(floor.agents(), step.which).id,
                                  step.detail % 2 == 0 ? QueueId{} : some_queue(floor, step)};
            }
            [[fallthrough]];
        case 38:
            return core::Consult{some_connected(floor, step), some_queue(floor, step),
                                 some_colleague(floor, step)};
        // A conference takes many steps, so these come often.
        case 39:
        case 40:
        case 41:
            return core::Consult{some_connected(floor, step), {}, {}};
        case 42:
        case 43:
        case 44:
            return core::Answer{some_presentation(floor, step)};
        case 45:
        case 46:
        case 47:
            if (const auto asked = presented_consultation(floor)) {
                return core::Answer{*asked};
            }
            return step.detail % 3 != 0
                       ? core::Command{core::Join{some_consultation(floor, step)}}
                       : core::Command{core::CompleteTransfer{some_consultation(floor, step)}};
        default:
            return core::AdvanceTime{};
    }
}

// What the rules of routing add.
core::Command rarer_command_of(const World& world, const core::Floor& floor, const Step& step,
                               Time now) {
    const AgentId agent = pick(floor.agents(), step.which).id;
    if (step.kind >= 36) {
        return colleagues_command_of(floor, step);
    }
    switch (step.kind) {
        case 23:
            return core::EnterQueue{pick(floor.queues(), step.which).id,
                                    skills_of(step.detail & 0x15U),
                                    static_cast<std::uint8_t>(step.detail % 11),
                                    {}};
        case 32:
        case 33:
            return core::EnterQueue{
                pick(floor.queues(), step.which).id,
                {},
                0,
                step.detail % 16 == 0 ? pick(floor.agents(), step.detail).id : AgentId{},
                static_cast<core::Channel>(step.detail % 5)};
        case 34:
            return step.detail % 4 == 0
                       ? core::Command{core::NotReached{some_contact(floor, step)}}
                       : core::Command{core::RequestCallback{some_contact(floor, step)}};
        case 35: {
            const auto& written = pick(floor.agents(), step.which).written;
            if (step.detail % 3 == 0) {
                return core::ExtendWrapUp{agent, {}};
            }
            return core::EndWrapUp{
                agent, "",
                written.empty() ? some_contact(floor, step) : pick(written, step.detail).contact};
        }
        case 24:
            return core::EnterQueue{
                pick(floor.queues(), step.which).id, {}, 0, pick(floor.agents(), step.detail).id};
        case 25:
            return core::TakeBreather{agent};
        case 29:
            return core::MoveContact{some_contact(floor, step),
                                     pick(floor.queues(), step.detail).id};
        case 30:
            return set_hours(pick(floor.queues(), step.which).id, now, step);
        case 28:
            return plan_shift(agent, now, step);
        case 26:
            return core::ChangeNeeds{some_contact(floor, step), skills_of(step.detail & 0x15U)};
        case 27:
            return step.detail % 2 == 0
                       ? core::Command{core::Prioritise{
                             some_contact(floor, step),
                             static_cast<std::uint8_t>(step.detail / 2 % 11)}}
                       : core::Command{core::Assign{some_contact(floor, step),
                                                    pick(floor.agents(), step.detail).id}};
        default:
            return step.detail % 8 == 0 ? core::Command{core::Configure{changed(world, step)}}
                                        : core::Command{core::AdvanceTime{}};
    }
}

core::Command command_of(const World& world, const core::Floor& floor, const Step& step, Time now) {
    const AgentId agent = pick(floor.agents(), step.which).id;
    switch (step.kind) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            return core::EnterQueue{pick(floor.queues(), step.which).id,
                                    {},
                                    0,
                                    {},
                                    // In a quarter of the worlds most is in writing.
                                    (world.config.seed & 0x100U) == 0
                                        ? core::Channel::voice
                                        : static_cast<core::Channel>(step.detail % 4)};
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
            return rarer_command_of(world, floor, step, now);
    }
}

void count(const std::vector<core::Reason>& reasons, const core::Floor& floor, Time now,
           Tally& tally) {
    ByteWriter out;
    for (const core::Reason& reason : reasons) {
        RC_ASSERT(reason.candidates <= floor.agents().size());
        core::encode(reason, now, core::PlainCodebook{}, out);
    }
    tally.reasons += reasons.size();
    tally.reason_bytes += out.bytes().size();
}

// The world's story as a scenario; `text` keeps up with it, also when it breaks off.
void live_through(const World& world, Tally& tally, std::string& text) {
    core::Floor floor;
    Judge judge(tally);
    scenario::ScenarioWriter writer(floor);
    Time now{};
    const core::Command configure = core::Configure{world.config};
    const core::Outcome configured = floor.handle(configure, now);
    writer.note(configure, configured, now);
    RC_ASSERT(judge.hear(configure, configured.events, now) == "");
    ++tally.worlds;
    for (const Step& step : world.steps) {
        now += milliseconds(step.wait_ms);
        const core::Command command = command_of(world, floor, step, now);
        const core::Outcome outcome = floor.handle(command, now, core::Explaining::yes);
        writer.note(command, outcome, now);
        text = writer.text();
        count(outcome.reasons, floor, now, tally);
        ++tally.commands;
        tally.refused += outcome.refusal ? 1U : 0U;
        RC_ASSERT(judge.weigh(command, outcome, now) == "");
        RC_ASSERT(judge.hear(command, outcome.events, now) == "");
        RC_ASSERT(judge.compare(floor, now) == "");
    }
}

// What was written can be run, and goes the same way.
void run_again(const std::string& text) {
    scenario::Scenario scenario;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        RC_ASSERT(scenario.run(line) == "");
    }
}

// Each bit means something by itself, so they are taken away one by one; rapidcheck's own way
// towards zero would count down.
template <typename Number>
rc::Seq<Number> without_a_bit(Number number) {
    std::vector<Number> fewer;
    for (Number bit = 1; bit != 0; bit = static_cast<Number>(bit << 1U)) {
        if ((number & bit) != 0) {
            fewer.push_back(static_cast<Number>(number & ~bit));
        }
    }
    return rc::seq::fromContainer(fewer);
}

template <typename Number>
rc::Gen<Number> any_bits() {
    return rc::gen::shrink(
        rc::gen::noShrink(rc::gen::inRange<Number>(0, std::numeric_limits<Number>::max())),
        without_a_bit<Number>);
}

rc::Gen<Step> any_step() {
    return rc::gen::build<Step>(
        rc::gen::set(&Step::kind, rc::gen::inRange<std::uint8_t>(0, kKinds)),
        rc::gen::set(&Step::which, any_bits<std::uint8_t>()),
        rc::gen::set(&Step::detail, any_bits<std::uint8_t>()),
        rc::gen::set(&Step::wait_ms,
                     rc::gen::weightedOneOf<std::uint32_t>(
                         {{8, rc::gen::just<std::uint32_t>(0)},
                          {12, rc::gen::inRange<std::uint32_t>(0, 4'000)},
                          {2, rc::gen::inRange<std::uint32_t>(0, 120'000)},
                          {1, rc::gen::inRange<std::uint32_t>(0, 4 * 3'600'000)}})));
}

World any_world() {
    World world;
    const auto queues = *rc::gen::inRange<std::size_t>(1, 5);
    const auto agents = *rc::gen::inRange<std::size_t>(1, 8);
    // Half of the worlds have rules of every kind, the others the plain ones.
    const auto rules = rc::gen::oneOf(rc::gen::just<std::uint32_t>(0), any_bits<std::uint32_t>());
    world.config = config_of(
        *rc::gen::container<std::vector<std::pair<std::uint8_t, std::uint32_t>>>(
            queues, rc::gen::pair(any_bits<std::uint8_t>(), rules)),
        *rc::gen::container<std::vector<std::uint16_t>>(agents, any_bits<std::uint16_t>()));
    set_rules(world.config, *rules);
    if ((world.config.seed & 0x600U) != 0) {
        make_easy(world.config);
    }
    world.steps = *rc::gen::container<std::vector<Step>>(any_step());
    return world;
}

void report(const Tally& tally) {
    std::cout << tally.worlds << " worlds, " << tally.commands << " commands, " << tally.refused
              << " refused; " << tally.of<core::ContactPresented>() << " presentations, "
              << tally.of<core::ContactWidened>() << " widened, "
              << tally.of<core::PreferenceEnded>() << " preferences ended, "
              << tally.of<core::ContactOverdue>() << " overdue, " << tally.of<core::AgentWithheld>()
              << " withheld (" << tally.breaks_due << " for a break, " << tally.shifts_over
              << " after a shift), " << tally.of<core::ContactMoved>() << " moved, "
              << tally.of<core::OverflowRefused>() << " overflows refused, "
              << tally.of<core::QueueClosed>() << " queues closed, "
              << tally.of<core::CallbackRequested>() << " callbacks, "
              << tally.of<core::AlternativeProposed>() << " proposals, " << tally.transferred
              << " transferred, " << tally.consultations << " consultations, "
              << tally.of<core::ConsultationJoined>() << " joined, "
              << tally.of<core::TransferCompleted>() << " completed, " << tally.of<core::Dialled>()
              << " dialled, " << tally.beside << " presented beside others, "
              << tally.of<core::QueueShort>() << " shortages told; " << tally.reasons
              << " reasons of " << tally.reason_bytes / std::max<std::uint64_t>(tally.reasons, 1)
              << " bytes on average\n";
}

// The world that failed, as small as rapidcheck could make it, as a scenario.
void keep(const std::string& text) {
    const auto path = std::filesystem::temp_directory_path() / "lanze_property_failure.scn";
    std::ofstream(path) << text;
    std::cout << "The smallest world that failed, also in " << path << ":\n" << text;
}

TEST(Floor, KeepsItsPromisesInRandomWorlds) {
    Tally tally;
    std::string text;
    const bool is_kept = rc::check("the floor keeps its promises", [&] {
        const World world = any_world();
        live_through(world, tally, text);
        if (world.steps.size() % 8 == 0) {
            run_again(text);
        }
    });
    report(tally);
    if (!is_kept) {
        keep(text);
    }
    EXPECT_TRUE(is_kept);
    EXPECT_LT(tally.reason_bytes, 200 * tally.reasons);
    for (const std::uint64_t seen :
         {tally.of<core::ContactWidened>(), tally.of<core::PreferenceEnded>(),
          tally.of<core::ContactOverdue>(), tally.of<core::QueueShort>(),
          tally.of<core::ContactMoved>(), tally.of<core::OverflowRefused>(),
          tally.of<core::QueueClosed>(), tally.of<core::CallbackRequested>(),
          tally.of<core::AlternativeProposed>(), tally.of<core::MessageLeft>(), tally.transferred,
          tally.consultations, tally.of<core::ConsultationJoined>(),
          tally.of<core::TransferCompleted>(), tally.of<core::Dialled>(), tally.beside,
          tally.breaks_due, tally.shifts_over}) {
        EXPECT_GT(seen, 0U) << "the worlds no longer show everything";
    }
}

}  // namespace
}  // namespace lanze::property
