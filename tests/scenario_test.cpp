// Runs every tests/scenarios/*.scn: one behaviour of the core a file, in text a contact-centre
// manager can read. The form is explained in tests/scenarios/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/variant.h"
#include "core/floor.h"

namespace lanze::core {
namespace {

using Words = std::vector<std::string>;

Words split(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

// "00:09" or "01:00:09".
Duration parse_clock(const std::string& text) {
    std::istringstream stream(text);
    std::int64_t total = 0;
    for (std::string part; std::getline(stream, part, ':');) {
        total = total * 60 + std::stoll(part);
    }
    return seconds(total);
}

Duration parse_seconds(const std::string& text) {
    return seconds(std::stoll(text));
}

const std::map<std::string, NotReadyReason>& reasons() {
    static const std::map<std::string, NotReadyReason> known{
        {"signed_out", NotReadyReason::signed_out},
        {"break", NotReadyReason::break_time},
        {"meeting", NotReadyReason::meeting},
        {"training", NotReadyReason::training},
        {"other", NotReadyReason::other},
        {"wrap_up", NotReadyReason::wrap_up},
        {"phone_unreachable", NotReadyReason::phone_unreachable},
        {"phone_busy", NotReadyReason::phone_busy},
        {"missed", NotReadyReason::missed}};
    return known;
}

std::string reason_name(NotReadyReason reason) {
    for (const auto& [name, value] : reasons()) {
        if (value == reason) {
            return name;
        }
    }
    return "?";
}

std::string end_name(PresentationEnd end) {
    switch (end) {
        case PresentationEnd::expired:
            return "presentation_expired";
        case PresentationEnd::rejected:
            return "presentation_rejected";
        case PresentationEnd::busy:
            return "presentation_busy";
        case PresentationEnd::no_answer:
            return "presentation_not_answered";
        case PresentationEnd::unreachable:
            return "presentation_unreachable";
        case PresentationEnd::failed:
            return "presentation_failed";
        case PresentationEnd::withdrawn:
            return "presentation_withdrawn";
    }
    return "?";
}

class Scenario {
public:
    // Runs one line; "" if it went as the line says, else what was wrong.
    std::string run(const std::string& line);

private:
    std::string declare(const Words& words);
    std::string step(const std::string& line);
    std::optional<Command> command(const Words& words);
    std::string told(const Event& event);
    void configure();

    std::string agent_name(AgentId id) const { return floor_.find_agent(id)->config.name; }
    std::string contact_name(ContactId id) const {
        const auto place = contact_names_.find(id);
        return place == contact_names_.end() ? "?" : place->second;
    }
    ContactId contact(const std::string& name) const {
        const auto place = contacts_.find(name);
        return place == contacts_.end() ? ContactId{} : place->second;
    }
    // The last presentation of a contact, also one that is over (to answer too late).
    PresentationId presentation(const std::string& name) const {
        const auto place = presentations_.find(name);
        return place == presentations_.end() ? PresentationId{} : place->second;
    }

    Config config_;
    bool is_configured_ = false;
    Floor floor_;
    Floor replayed_;
    std::map<std::string, ContactId> contacts_;
    std::map<ContactId, std::string> contact_names_;
    std::map<std::string, PresentationId> presentations_;
    std::string entering_;
};

std::vector<SkillLevel> parse_skills(const std::string& text) {
    std::vector<SkillLevel> skills;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        const std::size_t colon = part.find(':');
        const int level = colon == std::string::npos ? 1 : std::stoi(part.substr(colon + 1));
        skills.push_back({part.substr(0, colon), static_cast<std::uint8_t>(level)});
    }
    std::sort(skills.begin(), skills.end());
    return skills;
}

// queue NAME needs SKILLS [waiting_max=N] / agent NAME SKILLS [wrap_up=N] [present_for=N] [...]
std::string Scenario::declare(const Words& words) {
    if (words[0] == "queue" && words.size() >= 4) {
        QueueConfig queue{words[1], parse_skills(words[3]), {}, 1000};
        for (std::size_t i = 4; i < words.size(); ++i) {
            queue.waiting_max =
                static_cast<std::uint32_t>(std::stoul(words[i].substr(words[i].find('=') + 1)));
        }
        config_.queues.push_back(queue);
        return "";
    }
    if (words.size() < 3) {
        return "cannot read this line";
    }
    AgentConfig agent;
    agent.name = words[1];
    agent.skills = parse_skills(words[2]);
    agent.wrap_up = Duration::zero();
    for (std::size_t i = 3; i < words.size(); ++i) {
        const std::string key = words[i].substr(0, words[i].find('='));
        const std::string value = words[i].substr(words[i].find('=') + 1);
        if (key == "wrap_up") {
            agent.wrap_up = parse_seconds(value);
        } else if (key == "present_for") {
            agent.present_for = parse_seconds(value);
        } else if (key == "starts_ready") {
            agent.starts_ready = true;
        } else if (key == "stand_in") {
            agent.is_stand_in = true;
        } else {
            return "unknown setting " + key;
        }
    }
    config_.agents.push_back(agent);
    return "";
}

void Scenario::configure() {
    is_configured_ = true;
    const Outcome outcome = floor_.handle(Configure{config_}, Time{});
    for (const Event& event : outcome.events) {
        replayed_.apply(event, Time{});
    }
}

std::optional<Command> Scenario::command(const Words& words) {
    const std::string& verb = words[0];
    const std::string name = words.size() > 1 ? words[1] : "";
    const std::string more = words.size() > 2 ? words[2] : "";
    const AgentId agent = floor_.agent_by_name(name);
    static const std::map<std::string, DeclineReason> declines{
        {"reject", DeclineReason::rejected},
        {"busy", DeclineReason::busy},
        {"no_answer", DeclineReason::no_answer},
        {"unreachable", DeclineReason::unreachable},
        {"fail", DeclineReason::failed}};
    if (const auto decline = declines.find(verb); decline != declines.end()) {
        return Decline{presentation(name), decline->second};
    }
    const std::map<std::string, Command> simple{
        {"time", AdvanceTime{}},
        {"answer", Answer{presentation(name)}},
        {"hold", Hold{contact(name)}},
        {"resume", Resume{contact(name)}},
        {"cut_off", CutOff{contact(name), CutOffCause::media_silent}},
        {"hang_up", HangUp{contact(name), more == "agent" ? EndedBy::agent : EndedBy::caller}},
        {"ready", Ready{agent}},
        {"open_desk", OpenDesk{agent}},
        {"close_desk", CloseDesk{agent}},
        {"end_wrap_up", EndWrapUp{agent, more}},
        {"phone_seen", PhoneSeen{agent}},
        {"phone_lost", PhoneLost{agent}}};
    if (const auto found = simple.find(verb); found != simple.end()) {
        return found->second;
    }
    if (verb == "enter") {
        entering_ = name;
        return EnterQueue{floor_.queue_by_name(more)};
    }
    if (verb == "not_ready" && reasons().contains(more)) {
        return NotReady{agent, reasons().at(more)};
    }
    if (verb == "remove_agent") {
        Config without = floor_.config();
        std::erase_if(without.agents, [&](const AgentConfig& each) { return each.name == name; });
        return Configure{without};
    }
    return std::nullopt;
}

std::string Scenario::told(const Event& event) {
    return match(
        event, [](const Configured&) { return std::string("configured"); },
        [&](const ContactQueued& queued) {
            contacts_[entering_] = queued.contact;
            contact_names_[queued.contact] = entering_;
            return "contact_queued " + entering_ + " " +
                   floor_.find_queue(queued.queue)->config.name;
        },
        [&](const ContactBlocked&) { return "contact_blocked " + entering_; },
        [&](const ContactPresented& presented) {
            presentations_[contact_name(presented.contact)] = presented.presentation;
            return "contact_presented " + contact_name(presented.contact) + " " +
                   agent_name(presented.agent);
        },
        [&](const PresentationEnded& ended) {
            return end_name(ended.end) + " " + contact_name(ended.contact) + " " +
                   agent_name(ended.agent);
        },
        [&](const ContactAnswered& answered) {
            return "contact_answered " + contact_name(answered.contact) + " " +
                   agent_name(answered.agent);
        },
        [&](const ContactHeld& held) { return "contact_held " + contact_name(held.contact); },
        [&](const ContactResumed& resumed) {
            return "contact_resumed " + contact_name(resumed.contact);
        },
        [&](const ContactEnded& ended) {
            const std::string name = contact_name(ended.contact);
            switch (ended.end) {
                case ContactEnd::abandoned:
                    return "contact_abandoned " + name;
                case ContactEnd::cut_off:
                    return "contact_cut_off " + name;
                case ContactEnd::finished:
                    break;
            }
            const std::string by = ended.by == EndedBy::agent ? "agent" : "caller";
            return "contact_finished " + name + " " + by;
        },
        [&](const AgentReady& ready) { return "agent_ready " + agent_name(ready.agent); },
        [&](const AgentNotReady& not_ready) {
            return "agent_not_ready " + agent_name(not_ready.agent) + " " +
                   reason_name(not_ready.reason);
        },
        [&](const AgentWishNoted& wish) {
            return "wish_noted " + agent_name(wish.agent) + " " +
                   (wish.wants_ready ? "ready" : reason_name(wish.reason));
        },
        [&](const AgentRests& rests) {
            return "agent_rests " + agent_name(rests.agent) + " " + reason_name(rests.reason);
        },
        [&](const WrapUpStarted& started) {
            return "wrap_up_started " + agent_name(started.agent) + " " +
                   contact_name(started.contact);
        },
        [&](const WrapUpEnded& ended) {
            return "wrap_up_ended " + agent_name(ended.agent) + " " + contact_name(ended.contact) +
                   (ended.outcome.empty() ? "" : " " + ended.outcome);
        },
        [&](const DeskOpened& desk) { return "desk_opened " + agent_name(desk.agent); },
        [&](const DeskClosed& desk) { return "desk_closed " + agent_name(desk.agent); },
        [&](const PhoneFound& phone) { return "phone_found " + agent_name(phone.agent); },
        [&](const PhoneMissing& phone) { return "phone_missing " + agent_name(phone.agent); });
}

std::string Scenario::step(const std::string& line) {
    const std::size_t arrow = line.find("->");
    Words words = split(line.substr(0, arrow));
    if (arrow == std::string::npos || words.size() < 2) {
        return "write: TIME COMMAND -> EVENTS, or -> nothing, or -> refused REASON";
    }
    const Time now{parse_clock(words[0])};
    words.erase(words.begin());
    const auto command = this->command(words);
    if (!command) {
        return "unknown command " + words[0];
    }
    const Outcome outcome = floor_.handle(*command, now);
    std::string actual;
    for (const Event& event : outcome.events) {
        replayed_.apply(event, now);
        actual += (actual.empty() ? "" : "; ") + told(event);
    }
    if (outcome.refusal) {
        actual +=
            (actual.empty() ? "refused " : "; refused ") + std::string(to_string(*outcome.refusal));
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
    if (words[0] == "queue" || words[0] == "agent") {
        return is_configured_ ? "declare queues and agents before the first command"
                              : declare(words);
    }
    if (!is_configured_) {
        configure();
    }
    return step(content);
}

class ScenarioTest : public testing::TestWithParam<std::string> {};

TEST_P(ScenarioTest, goes_as_written) {
    std::ifstream file(GetParam());
    Scenario scenario;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::string problem = scenario.run(line);
        ASSERT_EQ(problem, "") << GetParam() << ":" << number << ": " << line;
    }
}

std::vector<std::string> scenario_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator("tests/scenarios")) {
        if (entry.path().extension() == ".scn") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

INSTANTIATE_TEST_SUITE_P(all, ScenarioTest, testing::ValuesIn(scenario_files()),
                         [](const auto& each) {
                             return std::filesystem::path(each.param).stem().string();
                         });

// The runner itself can fail.
TEST(ScenarioRunner, tells_what_happened_instead) {
    Scenario scenario;
    EXPECT_EQ(scenario.run("queue sales needs sales"), "");
    EXPECT_EQ(scenario.run("agent anna sales"), "");
    EXPECT_EQ(scenario.run("00:00 ready anna -> nothing"),
              "\n  expected: nothing\n  happened: agent_ready anna");
    EXPECT_EQ(scenario.run("00:01 dance anna -> nothing"), "unknown command dance");
}

}  // namespace
}  // namespace lanze::core
