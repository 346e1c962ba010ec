#include "api/bodies.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"
#include "api/json_view.h"
#include "core/skills.h"

namespace lanze::api {
namespace {

const std::vector<std::string> kSkills = {"a", "b", "c", "d", "e", "f", "french", "g", "h", "i"};

// What is said of a body that is not taken; empty if it is.
template <typename Value>
std::string said(const FromBody<Value>& read) {
    return read ? "" : read.error();
}

std::string shift_said(const std::string& body) {
    return said(read_shift(body, core::AgentId{1}, test_time()));
}

std::string shift(const std::string& begin, const std::string& end, const std::string& more = "") {
    return R"({"begin":")" + begin + R"(","end":")" + end + "\"" + more + "}";
}

std::string day_with(const std::string& breaks) {
    return shift("2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z", R"(,"breaks":)" + breaks);
}

TEST(ParseTime, TakesWhatTheApiWritesAndWhatRfc3339Allows) {
    for (const std::int64_t micros : {0LL, 1'795'428'000'123'456LL, 951'782'399'999'999LL}) {
        EXPECT_EQ(parse_time(time_text(from_micros(micros))), from_micros(micros));
    }
    for (const char* ten : {"2026-11-23T10:00:00Z", "2026-11-23T11:00:00+01:00",
                            "2026-11-23T04:30:00.000-05:30", "2026-11-24T00:00:00.0+14:00"}) {
        EXPECT_EQ(parse_time(ten), test_time()) << ten;
    }
    EXPECT_EQ(parse_time("2026-11-23T10:00:00.25Z"), test_time() + milliseconds(250));
}

TEST(ParseTime, TakesNothingElse) {
    for (const char* text :
         {"", "2026-11-23", "2026-11-23T10:00Z", "2026-11-23T10:00:00", "2026-11-23 10:00:00Z",
          "2026-11-31T10:00:00Z", "2026-13-01T10:00:00Z", "2026-11-23T24:00:00Z",
          "2026-11-23T10:60:00Z", "2026-11-23T10:00:60Z", "2026-11-23T10:00:00.Z",
          "2026-11-23T10:00:00.1234567Z", "2026-11-23T10:00:00Zx", "2026-11-23T10:00:00+1",
          "2026-11-23T10:00:00+25:00", "-026-11-23T10:00:00Z", "2026-11-23T10:0", "2026-11-23T"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

TEST(Bodies, AgentsAreNumbers) {
    EXPECT_EQ(read_agent(R"({"agent":3})").value(), core::AgentId{3});
    for (const char* body : {R"({"agent":0})", R"({"agent":-1})", R"({"agent":4294967296})",
                             R"({"agent":"3"})", R"({"agent":3.5})", "{}"}) {
        EXPECT_EQ(said(read_agent(body)),
                  "agent is missing or no id; send the number under id of /agents.")
            << body;
    }
}

TEST(Bodies, WhatIsNoObjectAndUnknownFieldsAreTold) {
    for (const char* body : {"", "[]", "3", "{", R"({"agent":[[[[[1]]]]]})"}) {
        EXPECT_EQ(said(read_agent(body)), "The body is no JSON object; send one with agent.");
    }
    EXPECT_EQ(said(read_agent(R"({"agent":3,"agnet":4})")),
              "agnet is no field that is known here; there is agent.");
    EXPECT_EQ(shift_said(day_with(R"([{"from":"2026-11-23T12:00:00Z","minuets":3}])")),
              "breaks[0].minuets is no field that is known here; there is from, minutes.");
}

TEST(Bodies, PrioritiesGoFromOneToNine) {
    EXPECT_EQ(read_priority(R"({"priority":1})").value(), 1);
    EXPECT_EQ(read_priority(R"({"priority":9})").value(), 9);
    for (const char* body : {R"({"priority":0})", R"({"priority":10})", R"({"priority":257})",
                             R"({"priority":"1"})", "{}"}) {
        EXPECT_EQ(said(read_priority(body)),
                  "priority is missing or out of range; send a whole number from 1, which goes "
                  "first, to 9.")
            << body;
    }
}

TEST(Bodies, NeedsComeOutWellFormed) {
    const auto needs = read_needs(R"({"needs":{"french":2,"b":99,"a":1,"b":3}})", kSkills);
    EXPECT_EQ(needs.value(), (core::Skills{{"a", 1}, {"b", 3}, {"french", 2}}));
    EXPECT_TRUE(core::is_well_formed(needs.value()));
    EXPECT_TRUE(read_needs(R"({"needs":{}})", kSkills).value().empty()) << "takes them away";
}

TEST(Bodies, NeedsThatNobodyCanFulfilAreRefused) {
    const auto told = [](const std::string& needs) {
        return said(read_needs("{\"needs\":" + needs + "}", kSkills));
    };
    EXPECT_EQ(told(R"({"frensh":2})"),
              "needs.frensh is a skill that no agent has; check its spelling.");
    EXPECT_EQ(told(R"({"":2})"), "needs. is a skill that no agent has; check its spelling.");
    for (const char* level : {"0", "100", "258", "\"2\"", "null", "2.5"}) {
        EXPECT_EQ(told("{\"french\":" + std::string(level) + "}"),
                  "needs.french is out of range; send a level from 1 to 99.");
    }
    EXPECT_TRUE(told("[]").starts_with("needs is missing or no JSON object;"));
    EXPECT_TRUE(said(read_needs("{}", kSkills)).starts_with("needs is missing"));
    EXPECT_TRUE(told(R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1})")
                    .starts_with("needs is too long; send at most 8 skills"));
}

TEST(Bodies, AShiftHasABeginAnEndAndPerhapsBreaks) {
    const Time nine = test_time() - hours(1);
    const auto plain = read_shift(shift("2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z"),
                                  core::AgentId{1}, test_time());
    EXPECT_EQ(plain.value(), (core::PlanShift{core::AgentId{1}, nine, nine + hours(8), {}}));
    const auto full = read_shift(day_with(R"([{"from":"2026-11-23T09:00:00Z","minutes":15},)"
                                          R"({"from":"2026-11-23T09:15:00Z","minutes":1},)"
                                          R"({"from":"2026-11-23T16:30:00Z","minutes":30}])"),
                                 core::AgentId{1}, test_time());
    ASSERT_TRUE(full) << full.error();
    EXPECT_EQ(full->breaks.size(), 3U);
    EXPECT_EQ(full->breaks[2], (core::PlannedBreak{nine + minutes(450), minutes(30)}));
}

TEST(Bodies, ShiftsThatCannotBeAreToldByField) {
    EXPECT_EQ(shift_said("{}"), "begin is missing; send a time such as 2026-11-23T09:00:00Z.");
    EXPECT_EQ(shift_said(shift("2026-11-23T09:00:00Z", "17:00")),
              "end is no time; send a time such as 2026-11-23T09:00:00Z.");
    EXPECT_EQ(shift_said(shift("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z")),
              "end is not after begin; check both.");
    EXPECT_EQ(shift_said(shift("2026-11-23T09:00:00Z", "2026-11-24T09:00:01Z")),
              "end is over 24 hours after begin; check both.");
    for (const char* year : {"2024", "2062"}) {
        EXPECT_EQ(shift_said(shift(std::string(year) + "-11-23T09:00:00Z", "2026-11-23T09:00:00Z")),
                  "begin is more than a year away; check the date.");
    }
}

TEST(Bodies, BreaksThatCannotBeAreToldByField) {
    const auto at = [](const std::string& from, const std::string& minutes) {
        return R"({"from":"2026-11-23T)" + from + R"(:00Z","minutes":)" + minutes + "}";
    };
    EXPECT_TRUE(shift_said(day_with("{}")).starts_with("breaks is no list;"));
    EXPECT_EQ(shift_said(day_with("[5]")),
              "breaks[0] is no JSON object; send one with from, minutes.");
    EXPECT_TRUE(
        shift_said(day_with(R"([{"minutes":5}])")).starts_with("breaks[0].from is missing"));
    for (const char* length : {"0", "241", "-5", "\"15\"", "15.5"}) {
        EXPECT_EQ(shift_said(day_with("[" + at("12:00", length) + "]")),
                  "breaks[0].minutes is missing or out of range; send a whole number from 1 to "
                  "240.");
    }
    EXPECT_TRUE(shift_said(day_with("[" + at("08:59", "15") + "]"))
                    .starts_with("breaks[0].from is before the shift begins;"));
    EXPECT_TRUE(shift_said(day_with("[" + at("12:00", "15") + "," + at("12:14", "15") + "]"))
                    .starts_with("breaks[1].from is before the break before it is over;"));
    EXPECT_TRUE(shift_said(day_with("[" + at("16:46", "15") + "]"))
                    .starts_with("breaks[0] is not over when the shift ends;"));
    std::string many = at("09:00", "1");
    for (int i = 0; i < 16; ++i) {
        many += "," + at("10:" + std::to_string(10 + i), "1");
    }
    EXPECT_TRUE(shift_said(day_with("[" + many + "]")).starts_with("breaks is too long;"));
}

}  // namespace
}  // namespace lanze::api
