#include "api/json_view.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

TEST(JsonView, TimesAreIsoUtcWithMicroseconds) {
    EXPECT_EQ(time_text(test_time()), "2026-11-23T10:00:00.000000Z");
    EXPECT_EQ(time_text(from_micros(0)), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(time_text(from_micros(951'782'399'999'999)), "2000-02-28T23:59:59.999999Z");
    EXPECT_EQ(time_text(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(JsonView, QueueHasTheFieldsOfTheContract) {
    ports::QueueView queue = bank(3);
    queue.short_of = 2;
    queue.service_level_part = 8;
    queue.service_level_whole = 10;
    queue.told_wait = ports::ToldWait{test_time(), ports::FoundBy::service_rate, seconds(40),
                                      seconds(95), std::nullopt};
    EXPECT_EQ(
        queue_json(queue),
        R"({"id":1,"name":"bank","waiting":3,"longest_waiting_since":null,"talking":0,)"
        R"("agents_ready":0,"agents_signed_on":0,"short_of":2,"is_open":true,"changes_at":null,"offered":0,"answered":0,"abandoned":0,)"
        R"("diverted":0,"cut_off":0,"blocked":0,"answered_within":0,"service_level":{"part":8,)"
        R"("whole":10,"definition":"answered_within_per_offered_less_short","within_s":20},)"
        R"("told_wait":{"low_s":40,"high_s":95,"told_at":"2026-11-23T10:00:00.000000Z",)"
        R"("found_by":"service_rate","cause":null}})");
}

TEST(JsonView, AQueueTellsWhenItOpensNext) {
    ports::QueueView queue = bank(0);
    queue.is_open = false;
    queue.changes_at = test_time();
    EXPECT_NE(
        queue_json(queue).find(R"("is_open":false,"changes_at":"2026-11-23T10:00:00.000000Z")"),
        std::string::npos);
}

TEST(JsonView, AgentHasTheFieldsOfTheContract) {
    ports::AgentView agent = agent_view(3, "anna", ports::AgentState::not_ready);
    EXPECT_EQ(agent_json(agent, Seer::others),
              R"({"id":3,"name":"anna","state":"not_ready","reason":"break_time","wish":null,)"
              R"("since":"2026-11-23T10:00:00.000000Z","until":null,"contact":null,)"
              R"("has_desk":false,"is_phone_reachable":false,"written":[]})");
}

TEST(JsonView, WhatIsAnAgentsOwnMatterIsToldToHimselfOnly) {
    ports::AgentView agent = agent_view(3, "anna", ports::AgentState::ready);
    const std::string before = agent_json(agent, Seer::others);
    for (const auto& [by, told] : {std::pair(core::WithheldBy::occupancy_ceiling, "ceiling"),
                                   std::pair(core::WithheldBy::break_due, "break_due"),
                                   std::pair(core::WithheldBy::shift_over, "shift_over")}) {
        agent.withheld = by;
        EXPECT_TRUE(agent_json(agent, Seer::himself)
                        .ends_with(R"("withheld":")" + std::string(told) +
                                   R"(","wants_breather":false,"is_wrap_up_extended":false,)" +
                                   R"("may_dial":null,"dialled":null})"));
        EXPECT_EQ(agent_json(agent, Seer::others), before);
    }
    ports::AgentView other = agent;
    other.withheld.reset();
    other.wants_breather = true;
    other.is_wrap_up_extended = true;
    other.may_dial = ports::Dialable{{"+49"}, {"+4915"}};
    other.dialled = ports::OwnCallView{"ben", ports::OutsideEnd::no_answer};
    EXPECT_TRUE(agent_json(other, Seer::himself)
                    .ends_with(R"("may_dial":{"allowed":["+49"],"forbidden":["+4915"]},)"
                               R"("dialled":{"to":"ben","end":"no_answer"}})"));
    EXPECT_TRUE(looks_alike(agent, other));
    other.has_desk = !other.has_desk;
    EXPECT_FALSE(looks_alike(agent, other));
}

TEST(JsonView, ContactHasTheFieldsOfTheContract) {
    ports::ContactView contact = contact_view(5, ports::ContactState::on_hold, 3);
    contact.step = 2;
    contact.is_overdue = true;
    contact.needs = {{"english", 1}, {"french", 2}};
    EXPECT_EQ(
        contact_json(contact),
        R"({"id":5,"queue":1,"channel":"voice","state":"on_hold","queued":"2026-11-23T10:00:00.000000Z",)"
        R"("since":"2026-11-23T10:00:00.000000Z","agent":3,"caller":"+493012345",)"
        R"("priority":5,"step":2,"is_overdue":true,"needs":{"english":1,"french":2},"told_wait":null,)"
        R"("about":null,"about_caller":null,"is_joined":false,"consultations":[],"outside":null})");
    contact.told_wait = ports::ToldWait{
        test_time(), ports::FoundBy::nobody_at_work, {}, {}, ports::RiseCause::fewer_agents};
    EXPECT_NE(contact_json(contact).find(
                  R"("told_wait":{"low_s":null,"high_s":null,)"
                  R"("told_at":"2026-11-23T10:00:00.000000Z","found_by":"nobody_at_work",)"
                  R"("cause":"fewer_agents"},)"),
              std::string::npos);
    contact.about = core::ContactId{4};
    contact.about_caller = "Lena";
    contact.is_joined = true;
    contact.consultations = {{core::ContactId{9}, core::QueueId{2}, core::AgentId{7}, "cleo",
                              ports::ContactState::talking, true},
                             {core::ContactId{10}, core::QueueId{2}, {}, {}, {}, false}};
    contact.outside =
        ports::OutsideView{"+4940123", ports::OutsideState::ended, true, ports::OutsideEnd::busy};
    EXPECT_NE(
        contact_json(contact).find(
            R"("about":4,"about_caller":"Lena","is_joined":true,"consultations":[)"
            R"({"contact":9,"queue":2,"state":"talking","colleague":"cleo","is_joined":true},)"
            R"({"contact":10,"queue":2,"state":"waiting","colleague":null,"is_joined":false}],)"
            R"("outside":{"number":"+4940123","state":"ended","is_joined":true,"end":"busy"}})"),
        std::string::npos)
        << contact_json(contact);
}

TEST(JsonView, RecordsDoNotTellTheAgent) {
    core::ContactRecord record;
    record.contact = core::ContactId{9};
    record.queue = core::QueueId{1};
    record.agent = core::AgentId{77};
    record.end = core::ContactEnd::cut_off;
    record.held = milliseconds(1500);
    const std::string text = record_json(record);
    EXPECT_EQ(text.find("77"), std::string::npos);
    EXPECT_NE(text.find(R"("cause":"signalling_lost")"), std::string::npos);
    EXPECT_NE(text.find(R"("by":null)"), std::string::npos);
    EXPECT_NE(text.find(R"("held_s":1.5E0)"), std::string::npos) << text;
}

TEST(JsonView, BytesThatAreNotUtf8AreReplaced) {
    EXPECT_EQ(text_json("Müller \xF0\x9F\x98\x80"), "\"Müller \xF0\x9F\x98\x80\"");
    for (const char* broken : {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80",
                               "\xE2\x82", "\x80", "\xF0\x80\x80\x80"}) {
        const std::string text = text_json(broken);
        EXPECT_TRUE(text.starts_with("\"\xEF\xBF\xBD")) << text;
        EXPECT_TRUE(parse_fields("{\"a\":" + text + "}")) << text;
    }
    EXPECT_EQ(text_json("a\"b\\\n"), R"("a\"b\\\n")");
}

TEST(JsonView, OnlyReasonsAPersonCanChooseAreTaken) {
    EXPECT_EQ(chosen_reason("break_time"), core::NotReadyReason::break_time);
    EXPECT_EQ(chosen_reason("other"), core::NotReadyReason::other);
    EXPECT_FALSE(chosen_reason("missed"));
    EXPECT_FALSE(chosen_reason("signed_out"));
    EXPECT_FALSE(chosen_reason(""));
}

TEST(ParseFields, KeepsTextFields) {
    const auto fields = parse_fields(R"({"name":"anna","n":5,"nothing":null,"list":[1]})");
    ASSERT_TRUE(fields);
    EXPECT_EQ(*fields, (std::map<std::string, std::string>{{"name", "anna"}}));
    EXPECT_TRUE(parse_fields("")->empty());
}

TEST(ParseFields, RefusesWhatIsNoObject) {
    for (const char* body :
         {"[]", "5", "null", "{", "{\"a\":}", "{}x", "{'a':1}", "\xFF", R"({"a":[[[[[1]]]]]})",
          R"({"a":")"
          "\xFF"
          R"("})"}) {
        EXPECT_FALSE(parse_fields(body)) << body;
    }
}

}  // namespace
}  // namespace lanze::api
