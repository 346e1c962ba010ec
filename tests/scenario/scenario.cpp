#include "scenario/scenario.h"

#include "scenario/centre_lines.h"

namespace lanze::scenario {

using namespace core;

namespace {

std::string joined(const std::string& first, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first + "; " + second;
}

std::uint8_t small_number(const std::string& text) {
    const bool is_number = !text.empty() && text.size() < 4 &&
                           text.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? static_cast<std::uint8_t>(std::stoi(text)) : std::uint8_t{255};
}

}  // namespace

std::string Scenario::declare(const Words& words) {
    if (is_configured_ && !is_declared_anew_) {
        is_declared_anew_ = true;
        config_ = Config{};
    }
    return read_centre_line(words, config_);
}

// enter CONTACT QUEUE [channel=CHANNEL] [needs=SKILLS] [priority=N] [preferred=AGENT]
Command Scenario::enter(const Words& words) {
    EnterQueue enter;
    teller_.expect(words.size() > 1 ? words[1] : "");
    enter.queue = floor_.queue_by_name(words.size() > 2 ? words[2] : "");
    for (std::size_t i = 3; i < words.size(); ++i) {
        const std::size_t equals = std::min(words[i].find('='), words[i].size() - 1);
        const std::string key = words[i].substr(0, equals);
        const std::string value = words[i].substr(equals + 1);
        if (key == "needs") {
            enter.needs = parse_skills(value);
        } else if (key == "priority") {
            enter.priority = small_number(value);
        } else if (key == "preferred") {
            enter.preferred = floor_.agent_by_name(value);
        } else if (key == "channel" && channels().contains(value)) {
            enter.channel = channels().at(value);
        }
    }
    return enter;
}

// transfer|consult CONTACT FOLLOWER QUEUE|- [agent=AGENT]
template <typename Kind>
Command Scenario::hand_on(const Words& words) {
    Kind kind;
    kind.contact = teller_.contact(words.size() > 1 ? words[1] : "");
    teller_.expect(words.size() > 2 ? words[2] : "");
    const std::string queue = words.size() > 3 ? words[3] : "-";
    kind.queue = queue == "-" ? QueueId{} : floor_.queue_by_name(queue);
    if (words.size() > 4) {
        kind.agent = floor_.agent_by_name(words[4].substr(words[4].find('=') + 1));
    }
    return kind;
}

// dial AGENT CONTACT [QUEUE]
Command Scenario::dial(const Words& words) {
    teller_.expect(words.size() > 2 ? words[2] : "");
    return Dial{floor_.agent_by_name(words.size() > 1 ? words[1] : ""),
                words.size() > 3 ? floor_.queue_by_name(words[3]) : QueueId{}};
}

// plan_shift AGENT BEGIN END [break=FROM/SECONDS]
Command Scenario::plan_shift(const Words& words) {
    const auto time = [](const std::string& text) {
        return Time{parse_clock(text).value_or(Duration{})};
    };
    PlanShift plan;
    plan.agent = floor_.agent_by_name(words.size() > 1 ? words[1] : "");
    plan.begin = time(words.size() > 2 ? words[2] : "");
    plan.end = time(words.size() > 3 ? words[3] : "");
    for (std::size_t i = 4; i < words.size(); ++i) {
        const Words parts = split(words[i].substr(words[i].find('=') + 1), '/');
        if (parts.size() == 2) {
            plan.breaks.push_back({time(parts[0]), parse_seconds(parts[1]).value_or(Duration{})});
        }
    }
    return plan;
}

// hours QUEUE [FROM-TO ...]
Command Scenario::hours(const Words& words) {
    SetHours hours{floor_.queue_by_name(words.size() > 1 ? words[1] : ""), {}};
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::size_t dash = std::min(words[i].find('-'), words[i].size() - 1);
        const auto from = parse_clock(words[i].substr(0, dash));
        const auto to = parse_clock(words[i].substr(dash + 1));
        hours.open.push_back({dash == 0 || !from ? Time{} - seconds(1) : Time{*from},
                              dash + 1 == words[i].size() || !to ? Time::max() : Time{*to}});
    }
    return hours;
}

std::optional<Command> Scenario::command(const Words& words) {
    const std::string& verb = words[0];
    const std::string name = words.size() > 1 ? words[1] : "";
    const std::string more = words.size() > 2 ? words[2] : "";
    const AgentId agent = floor_.agent_by_name(name);
    const ContactId contact = teller_.contact(name);
    if (const auto decline = declines().find(verb); decline != declines().end()) {
        return Decline{teller_.presentation(name), decline->second};
    }
    const auto side = sides().find(more);
    const auto cause = causes().find(more);
    const std::map<std::string, Command> simple{
        {"time", AdvanceTime{}},
        {"configure", Configure{config_}},
        {"answer", Answer{teller_.presentation(name)}},
        {"hold", Hold{contact}},
        {"resume", Resume{contact}},
        {"cut_off",
         CutOff{contact, cause == causes().end() ? CutOffCause::media_silent : cause->second}},
        {"hang_up", HangUp{contact, side == sides().end() ? EndedBy::caller : side->second}},
        {"ready", Ready{agent}},
        {"open_desk", OpenDesk{agent}},
        {"close_desk", CloseDesk{agent}},
        {"end_wrap_up", EndWrapUp{agent, more == "-" ? "" : more,
                                  teller_.contact(words.size() > 3 ? words[3] : "")}},
        {"extend_wrap_up", ExtendWrapUp{agent, teller_.contact(more)}},
        {"callback", RequestCallback{contact}},
        {"leave_message", LeaveMessage{contact}},
        {"join", Join{contact}},
        {"complete_transfer", CompleteTransfer{contact}},
        {"transfer_out", TransferOut{contact}},
        {"not_reached", NotReached{contact}},
        {"phone_seen", PhoneSeen{agent}},
        {"phone_lost", PhoneLost{agent}},
        {"breather", TakeBreather{agent}},
        {"change_needs", ChangeNeeds{contact, parse_skills(more)}},
        {"prioritise", Prioritise{contact, small_number(more)}},
        {"move", MoveContact{contact, floor_.queue_by_name(more)}},
        {"assign", Assign{contact, floor_.agent_by_name(more)}}};
    if (const auto found = simple.find(verb); found != simple.end()) {
        return found->second;
    }
    if (verb == "enter") {
        return enter(words);
    }
    if (verb == "transfer") {
        return hand_on<Transfer>(words);
    }
    if (verb == "consult") {
        return hand_on<Consult>(words);
    }
    if (verb == "dial") {
        return dial(words);
    }
    if (verb == "hours") {
        return hours(words);
    }
    if (verb == "plan_shift") {
        return plan_shift(words);
    }
    if (verb == "not_ready" && reasons().contains(more)) {
        return NotReady{agent, reasons().at(more)};
    }
    if (verb == "remove_agent") {
        Config without = floor_.whole_config();
        std::erase_if(without.agents, [&](const AgentConfig& each) { return each.name == name; });
        return Configure{without};
    }
    return std::nullopt;
}

void Scenario::hear(const Outcome& outcome, Time now, std::string& told) {
    for (const Event& event : outcome.events) {
        replayed_.apply(event, now);
        told = joined(told, teller_.told(event));
    }
}

std::string Scenario::step(const std::string& line) {
    const std::size_t arrow = line.find("->");
    Words words = split(line.substr(0, arrow));
    const auto clock = words.empty() ? std::nullopt : parse_clock(words[0]);
    if (arrow == std::string::npos || words.size() < 2 || !clock) {
        return "write: TIME COMMAND -> EVENTS, or -> nothing, or -> refused REASON";
    }
    const Time now{*clock};
    words.erase(words.begin());
    const auto command = this->command(words);
    if (!command) {
        return "unknown command " + words[0];
    }
    is_declared_anew_ = false;
    const Outcome outcome = floor_.handle(*command, now);
    std::string actual;
    hear(outcome, now, actual);
    if (outcome.refusal) {
        actual = joined(actual, "refused " + std::string(to_string(*outcome.refusal)));
    }
    actual = actual.empty() ? "nothing" : actual;
    std::string expected;
    for (const std::string& word : split(line.substr(arrow + 2))) {
        expected += (expected.empty() ? "" : " ") + word;
    }
    if (actual != expected) {
        return "\n  expected: " + expected + "\n  happened: " + actual;
    }
    return floor_.is_same_as(replayed_) ? "" : "the floor rebuilt from the events differs";
}

std::string Scenario::run(const std::string& line) {
    const std::string content = line.substr(0, line.find('#'));
    const Words words = split(content);
    if (words.empty()) {
        return "";
    }
    if (is_centre_line(words)) {
        return declare(words);
    }
    if (!is_configured_) {
        is_configured_ = true;
        std::string told;
        hear(floor_.handle(Configure{config_}, Time{}), Time{}, told);
    }
    if (words[0] == "anew") {
        is_declared_anew_ = true;
        config_ = Config{};
        return "";
    }
    return step(content);
}

void ScenarioWriter::note(const Command& command, const Outcome& outcome, Time now) {
    if (const auto* configure = std::get_if<Configure>(&command)) {
        text_ += began_ ? "anew\n" : "";
        for (const std::string& line : centre_lines(configure->config)) {
            text_ += line + "\n";
        }
    }
    if (!began_) {
        began_ = now;  // the first configuration is not written as a command
        std::string ignored;
        for (const Event& event : outcome.events) {
            ignored += teller_.told(event);
        }
        return;
    }
    if (std::holds_alternative<EnterQueue>(command) || std::holds_alternative<Transfer>(command) ||
        std::holds_alternative<Consult>(command) || std::holds_alternative<Dial>(command)) {
        teller_.expect("c" + std::to_string(++entered_));
    }
    const std::string asked = teller_.told(command);
    std::string told;
    for (const Event& event : outcome.events) {
        told = joined(told, teller_.told(event));
    }
    if (outcome.refusal) {
        told = joined(told, "refused " + std::string(to_string(*outcome.refusal)));
    }
    text_ += clock_text(now - *began_) + "  " + asked + " -> " + (told.empty() ? "nothing" : told) +
             "\n";
}

}  // namespace lanze::scenario
