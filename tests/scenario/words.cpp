#include "scenario/words.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <sstream>

namespace lanze::scenario {

namespace {

std::string trimmed_fraction(std::int64_t micros) {
    if (micros == 0) {
        return "";
    }
    std::string digits = std::to_string(micros);
    digits.insert(0, 6 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    return "." + digits;
}

std::optional<std::int64_t> parse_whole(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole ? std::optional(value) : std::nullopt;
}

}  // namespace

Words split(const std::string& text, char separator) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; std::getline(stream, word, separator);) {
        if (!word.empty()) {
            words.push_back(word);
        }
    }
    return words;
}

std::optional<Duration> parse_seconds(const std::string& text) {
    const std::size_t point = text.find('.');
    const auto whole = parse_whole(text.substr(0, point));
    if (!whole || point == std::string::npos) {
        return whole ? std::optional<Duration>(seconds(*whole)) : std::nullopt;
    }
    std::string digits = text.substr(point + 1);
    if (digits.size() > 6) {
        return std::nullopt;
    }
    digits.append(6 - digits.size(), '0');
    const auto micros = parse_whole(digits);
    return micros ? std::optional<Duration>(seconds(*whole) + microseconds(*micros)) : std::nullopt;
}

std::optional<Duration> parse_clock(const std::string& text) {
    Duration total{};
    for (const std::string& part : split(text, ':')) {
        const auto value = parse_seconds(part);
        if (!value) {
            return std::nullopt;
        }
        total = total * 60 + *value;
    }
    return total;
}

std::string seconds_text(Duration time) {
    return std::to_string(time / seconds(1)) + trimmed_fraction((time % seconds(1)).count());
}

std::string clock_text(Duration time) {
    std::array<char, 48> text{};
    const auto hour = static_cast<long>(time / hours(1));
    const auto minute = static_cast<int>(time % hours(1) / minutes(1));
    const auto second = static_cast<int>(time % minutes(1) / seconds(1));
    const int size =
        hour > 0 ? std::snprintf(text.data(), text.size(), "%02ld:%02d:%02d", hour, minute, second)
                 : std::snprintf(text.data(), text.size(), "%02d:%02d", minute, second);
    return std::string(text.data(), static_cast<std::size_t>(size)) +
           trimmed_fraction((time % seconds(1)).count());
}

core::Skills parse_skills(const std::string& text) {
    core::Skills skills;
    for (const std::string& part : split(text == "-" ? "" : text, ',')) {
        const Words pair = split(part, ':');
        const auto level = pair.size() > 1 ? parse_whole(pair[1]) : std::optional(std::int64_t{1});
        skills.push_back({pair[0], static_cast<std::uint8_t>(level.value_or(0))});
    }
    std::sort(skills.begin(), skills.end());
    return skills;
}

std::string skills_text(const core::Skills& skills) {
    std::string text;
    for (const core::SkillLevel& each : skills) {
        text += (text.empty() ? "" : ",") + each.skill +
                (each.level == 1 ? "" : ":" + std::to_string(each.level));
    }
    return text.empty() ? "-" : text;
}

const std::map<std::string, core::NotReadyReason>& reasons() {
    using core::NotReadyReason;
    static const std::map<std::string, NotReadyReason> known{
        {"signed_out", NotReadyReason::signed_out},
        {"break", NotReadyReason::break_time},
        {"meeting", NotReadyReason::meeting},
        {"training", NotReadyReason::training},
        {"other", NotReadyReason::other},
        {"wrap_up", NotReadyReason::wrap_up},
        {"phone_unreachable", NotReadyReason::phone_unreachable},
        {"phone_busy", NotReadyReason::phone_busy},
        {"missed", NotReadyReason::missed},
        {"breather", NotReadyReason::breather}};
    return known;
}

const std::map<std::string, core::DeclineReason>& declines() {
    using core::DeclineReason;
    static const std::map<std::string, DeclineReason> known{
        {"reject", DeclineReason::rejected},
        {"busy", DeclineReason::busy},
        {"no_answer", DeclineReason::no_answer},
        {"unreachable", DeclineReason::unreachable},
        {"fail", DeclineReason::failed}};
    return known;
}

const std::map<std::string, core::AgentRule>& agent_rules() {
    using core::AgentRule;
    static const std::map<std::string, AgentRule> known{
        {"longest_idle", AgentRule::longest_idle},
        {"random_pool", AgentRule::random_pool},
        {"random", AgentRule::random},
        {"least_occupied", AgentRule::least_occupied},
        {"best_level", AgentRule::best_level},
        {"lowest_level", AgentRule::lowest_level},
        {"fixed_order", AgentRule::fixed_order},
        {"round_robin", AgentRule::round_robin}};
    return known;
}

const std::map<std::string, core::ContactRule>& contact_rules() {
    using core::ContactRule;
    static const std::map<std::string, ContactRule> known{
        {"longest_waiting", ContactRule::longest_waiting},
        {"relative_to_target", ContactRule::relative_to_target},
        {"longer_queue", ContactRule::longer_queue}};
    return known;
}

const std::map<std::string, core::MoveCause>& move_causes() {
    using core::MoveCause;
    static const std::map<std::string, MoveCause> known{
        {"overflow_wait", MoveCause::overflow_wait},
        {"overflow_length", MoveCause::overflow_length},
        {"queue_closed", MoveCause::queue_closed},
        {"supervisor", MoveCause::supervisor},
        {"overflow_expected", MoveCause::overflow_expected}};
    return known;
}

const std::map<std::string, core::EndedBy>& sides() {
    using core::EndedBy;
    static const std::map<std::string, EndedBy> known{
        {"caller", EndedBy::caller}, {"agent", EndedBy::agent}, {"centre", EndedBy::centre}};
    return known;
}

const std::map<std::string, core::CutOffCause>& causes() {
    using core::CutOffCause;
    static const std::map<std::string, CutOffCause> known{
        {"media_silent", CutOffCause::media_silent},
        {"session_expired", CutOffCause::session_expired},
        {"signalling_lost", CutOffCause::signalling_lost},
        {"restart", CutOffCause::restart},
        {"centre_closed", CutOffCause::centre_closed},
        {"time_limit", CutOffCause::time_limit}};
    return known;
}

const std::map<std::string, core::Channel>& channels() {
    static const std::map<std::string, core::Channel> kChannels{
        {"voice", core::Channel::voice},       {"callback", core::Channel::callback},
        {"chat", core::Channel::chat},         {"message", core::Channel::message},
        {"outbound", core::Channel::outbound}, {"consultation", core::Channel::consultation}};
    return kChannels;
}

const std::map<std::string, bool core::Capacity::*>& interruptions() {
    static const std::map<std::string, bool core::Capacity::*> kInterruptions{
        {"calls:chats", &core::Capacity::calls_interrupt_chats},
        {"calls:messages", &core::Capacity::calls_interrupt_messages},
        {"chats:messages", &core::Capacity::chats_interrupt_messages},
        {"messages:chats", &core::Capacity::messages_interrupt_chats}};
    return kInterruptions;
}

}  // namespace lanze::scenario
