// Words: how a scenario file spells the core's reasons, rules, skills and times.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/floor.h"

namespace lanze::scenario {

using Words = std::vector<std::string>;

Words split(const std::string& text, char separator = ' ');  // without empty words

// "00:09", "01:00:09", "00:09.250".
std::optional<Duration> parse_clock(const std::string& text);
std::string clock_text(Duration time);
// "20", "0.5": seconds.
std::optional<Duration> parse_seconds(const std::string& text);
std::string seconds_text(Duration time);

// "bank:2,german"; "-": none.
core::Skills parse_skills(const std::string& text);
std::string skills_text(const core::Skills& skills);

const std::map<std::string, core::NotReadyReason>& reasons();
const std::map<std::string, core::DeclineReason>& declines();
const std::map<std::string, core::AgentRule>& agent_rules();
const std::map<std::string, core::ContactRule>& contact_rules();
const std::map<std::string, core::MoveCause>& move_causes();
const std::map<std::string, core::EndedBy>& sides();
const std::map<std::string, core::CutOffCause>& causes();
const std::map<std::string, core::Channel>& channels();
// "calls:chats": may be presented while he has those.
const std::map<std::string, bool core::Capacity::*>& interruptions();

template <typename Value>
std::string name_in(const std::map<std::string, Value>& names, Value value) {
    for (const auto& [name, each] : names) {
        if (each == value) {
            return name;
        }
    }
    return "?";
}

}  // namespace lanze::scenario
