#include "edge/dial_out.h"

#include <gtest/gtest.h>

namespace lanze::edge {
namespace {

std::string normalised(std::string_view text, std::string_view country = "49") {
    const auto number = normalised_number(text, country);
    return number ? *number : "!" + std::string(explain(number.error()).substr(0, 6));
}

TEST(DialOut, writes_numbers_as_one_country_dials_another) {
    struct Case {
        std::string_view text;
        std::string_view expected;
    };
    const Case cases[] = {
        {"+49 (0)89 / 123-45", "+498912345"},
        {"0049 89 12345", "+498912345"},
        {"0049 (0) 89 12345", "+498912345"},
        {"0049(0)89.12345", "+498912345"},
        {"089 12345", "+498912345"},
        {"(089) 12345", "+498912345"},
        {"(0) 89 12345", "+498912345"},
        {"+43-1-2345", "+4312345"},
        {"4711", "4711"},
        {"112", "112"},
        {"", "!is emp"},
        {" -()", "!is emp"},
        {"+", "!is emp"},
        {"+49 89 HALLO", "!is no "},
        {"*21*089123#", "!is no "},
        {"+49+89", "!is no "},
        {"089;phone-context=x", "!is no "},
        {"sip:evil@example.org", "!is no "},
        {"+0 89 1", "!is no "},
        {"000 49 89", "!is no "},
        {"+4934567890123456", "!has mo"},
        {"+493456789012345", "+493456789012345"},
        {"+49 0900 123456", "!has a "},
        {"0049 089 123", "!has a "},
        {"+49 (0)0900 123456", "!has a "},
        {"+49 00 43 1", "!has a "},
        {"+1 011 49 89 1", "!has a "},
        {"+1 0 212 555 1234", "!has a "},
        {"+1 212 555 1234", "+12125551234"},
        {"+423 0 1234", "!has a "},
        {"+39 06 123456", "+3906123456"},
        {"+225 07 123456", "+22507123456"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(normalised(each.text), each.expected) << each.text;
    }
    EXPECT_EQ(normalised("0900 1", ""), "!begins");
    EXPECT_EQ(normalised("0049 900 1", ""), "+499001");
}

TEST(DialOut, knows_a_prefix) {
    for (const std::string_view good : {"+49", "+4989", "47", "+1"}) {
        EXPECT_TRUE(is_prefix(good)) << good;
    }
    for (const std::string_view bad : {"", "+", "089", "+0", "49 89", "x", "+49-89", "**"}) {
        EXPECT_FALSE(is_prefix(bad)) << bad;
    }
}

TEST(DialOut, dials_nothing_by_default) {
    EXPECT_EQ(judge_number("+4989123", {}), DialVerdict::not_allowed);
    EXPECT_EQ(judge_number("112", {}), DialVerdict::not_allowed);
    EXPECT_EQ(describe_allowed({}), "no numbers");
}

TEST(DialOut, the_longest_match_decides_and_what_is_forbidden_wins) {
    DialOut rules;
    rules.trunk = "here";
    rules.allowed = {"+49", "+41900", "47"};
    rules.forbidden = {"+4915"};
    EXPECT_EQ(judge_number("+4989123", rules), DialVerdict::allowed);
    EXPECT_EQ(judge_number("4711", rules), DialVerdict::allowed);
    EXPECT_EQ(judge_number("+4712", rules), DialVerdict::not_allowed);
    EXPECT_EQ(judge_number("+4312345", rules), DialVerdict::not_allowed);
    EXPECT_EQ(judge_number("+49151234", rules), DialVerdict::forbidden);
    EXPECT_EQ(judge_number("+49900123", rules), DialVerdict::expensive);
    EXPECT_EQ(judge_number("+41900123", rules), DialVerdict::allowed);  // named
    rules.allowed.push_back("+4915123");
    EXPECT_EQ(judge_number("+49151234", rules), DialVerdict::forbidden);
    rules.allowed = {"+1"};
    EXPECT_EQ(judge_number("+18765551234", rules), DialVerdict::expensive);
    EXPECT_EQ(judge_number("+12125551234", rules), DialVerdict::allowed);
    EXPECT_EQ(describe_allowed(rules), "numbers that begin with +1, but not with +4915");
}

TEST(DialOut, counts_the_calls_of_an_hour_for_each_agent) {
    DialQuota quota;
    const Time start = from_micros(0) + hours(10);
    EXPECT_TRUE(quota.take(core::AgentId{1}, start, 2));
    EXPECT_TRUE(quota.take(core::AgentId{1}, start + minutes(30), 2));
    EXPECT_FALSE(quota.take(core::AgentId{1}, start + minutes(59), 2));
    EXPECT_TRUE(quota.take(core::AgentId{2}, start + minutes(59), 2));
    EXPECT_TRUE(quota.take(core::AgentId{1}, start + minutes(60), 2));
    EXPECT_FALSE(quota.take(core::AgentId{1}, start + minutes(61), 2));
    EXPECT_FALSE(quota.take(core::AgentId{3}, start, 0));
}

}  // namespace
}  // namespace lanze::edge
