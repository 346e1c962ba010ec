// Consultations by an agent's own desk, and what others may not do with them.
#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

// anna (1) talks in contact 5 and asks ben (2), who talks in 7.
class ConsultRoutesTest : public RoutesTest {
protected:
    void show(bool is_joined) {
        ports::View view = test_snapshot();
        view.agents[1] = agent_view(2, "ben", ports::AgentState::talking, 7);
        view.contacts[0].state = ports::ContactState::on_hold;
        view.contacts[0].consultations = {{core::ContactId{7}, core::QueueId{1}, core::AgentId{2},
                                           "ben", ports::ContactState::talking, is_joined}};
        ports::ContactView asked = contact_view(7, ports::ContactState::talking, 2);
        asked.about = core::ContactId{5};
        asked.about_caller = view.contacts[0].caller;
        asked.caller = "anna";
        asked.is_joined = is_joined;
        view.contacts.push_back(asked);
        live.apply(view, now);
    }
    static std::string path(const char* what) {
        return std::string("/api/v1/desk/consultation/") + what;
    }
    const core::ContactId asked_{7};
};

TEST_F(ConsultRoutesTest, AColleagueIsAsked) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/consult", R"({"agent":"ben"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::Consult{core::ContactId{5}, {}, core::AgentId{2}}}));
    EXPECT_EQ(post_as("anna", "/api/v1/desk/consult", R"({"queue":"bank"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::Consult{core::ContactId{5}, core::QueueId{1}, {}}}));
    for (const char* body : {"", "{}", R"({"queue":"nowhere"})", R"({"agent":7})"}) {
        EXPECT_EQ(post_as("anna", "/api/v1/desk/consult", body).status, 400U) << body;
    }
    EXPECT_EQ(post_as("admin", "/api/v1/desk/consult", R"({"agent":"ben"})").status, 403U);
}

TEST_F(ConsultRoutesTest, TheOpenOneIsMeant) {
    show(false);
    EXPECT_EQ(post_as("anna", path("join")).status, 200U);
    EXPECT_EQ(centre.commands().back(), core::Command{core::Join{asked_}});
    EXPECT_EQ(post_as("anna", path("complete"), R"({"contact":7})").status, 200U);
    EXPECT_EQ(centre.commands().back(), core::Command{core::CompleteTransfer{asked_}});
    EXPECT_EQ(post_as("anna", path("end"), "{}").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::HangUp{asked_, core::EndedBy::caller}}));
}

TEST_F(ConsultRoutesTest, InAConferenceTheFirstIsMeantAndNobodyJoinsTwice) {
    show(true);
    EXPECT_EQ(code_of(post_as("anna", path("join"))), "no_consultation");
    EXPECT_EQ(post_as("anna", path("complete")).status, 200U);
    EXPECT_EQ(centre.commands().back(), core::Command{core::CompleteTransfer{asked_}});
}

TEST_F(ConsultRoutesTest, OthersConsultationsAreRefusedWithTheReason) {
    show(false);
    for (const char* what : {"join", "complete", "end"}) {
        const Response stranger = post_as("anna", path(what), R"({"contact":6})");
        EXPECT_EQ(stranger.status, 403U);
        EXPECT_EQ(code_of(stranger), "not_your_consultation");
        EXPECT_EQ(post_as("admin", path(what)).status, 403U);  // no agent
        EXPECT_EQ(code_of(post_as("anna", path(what), R"({"contact":"x"})")), "bad_contact");
    }
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(ConsultRoutesTest, WithoutAQuestionThereIsNothingToEnd) {
    EXPECT_EQ(code_of(post_as("anna", path("end"))), "no_consultation");
    EXPECT_EQ(code_of(post_as("anna", path("complete"))), "no_consultation");
}

TEST_F(ConsultRoutesTest, TheAgentTurnsToOneOrTheOther) {
    EXPECT_EQ(post_as("anna", path("talk"), R"({"with":"caller"})").status, 200U);
    EXPECT_EQ(post_as("anna", path("talk"), R"({"with":"colleague"})").status, 200U);
    ASSERT_EQ(centre.talked_with().size(), 2U);
    EXPECT_EQ(centre.talked_with()[0], (std::pair{core::AgentId{1}, ports::TalkPartner::caller}));
    EXPECT_EQ(centre.talked_with()[1],
              (std::pair{core::AgentId{1}, ports::TalkPartner::colleague}));
    EXPECT_EQ(code_of(post_as("anna", path("talk"), R"({"with":"both"})")), "bad_partner");
    EXPECT_EQ(post_as("admin", path("talk"), R"({"with":"caller"})").status, 403U);
}

TEST_F(ConsultRoutesTest, TheDeskIsToldOfColleagues) {
    show(true);
    const auto body = boost::json::parse(read_as("anna", "/api/v1/contacts/5").body);
    const auto& one = body.at("consultations").as_array().at(0).as_object();
    EXPECT_EQ(one.at("colleague"), "ben");
    EXPECT_EQ(one.at("is_joined"), true);
    EXPECT_EQ(one.at("contact"), 7);
    EXPECT_TRUE(body.at("about").is_null());
}

// anna talks in contact 5 and calls a number.
class OutsideRoutesTest : public ConsultRoutesTest {
protected:
    void show_outside(ports::OutsideState state, bool is_joined = false, bool has_ben = false) {
        show(true);
        ports::View view = test_snapshot();
        view.agents[0].may_dial = ports::Dialable{{"+49"}, {"+4915"}};
        view.contacts[0].outside = ports::OutsideView{"+4940123", state, is_joined, {}};
        if (has_ben) {
            view.contacts[0].consultations = {{asked_, core::QueueId{1}, core::AgentId{2}, "ben",
                                               ports::ContactState::talking, true}};
        }
        live.apply(view, now);
    }
};

TEST_F(OutsideRoutesTest, ANumberIsAskedOrTakesTheCaller) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/consult", R"({"number":"040 123"})").status, 200U);
    EXPECT_EQ(post_as("anna", "/api/v1/desk/transfer", R"({"number":"040 123"})").status, 200U);
    ASSERT_EQ(centre.dialled().size(), 2U);
    EXPECT_EQ(centre.dialled()[0],
              (std::tuple{core::AgentId{1}, std::string("040 123"), ports::DialFor::consultation}));
    EXPECT_EQ(std::get<2>(centre.dialled()[1]), ports::DialFor::transfer);
    EXPECT_TRUE(centre.commands().empty());
    const std::string endless(65, '1');
    for (const std::string& body :
         {std::string(R"({"number":""})"), std::string(R"({"number":7})"),
          R"({"number":")" + endless + "\"}", std::string(R"({"number":"1","agent":"ben"})")}) {
        EXPECT_EQ(post_as("anna", "/api/v1/desk/consult", body).status, 400U) << body;
    }
    EXPECT_EQ(post_as("admin", "/api/v1/desk/consult", R"({"number":"1"})").status, 403U);
    EXPECT_EQ(centre.dialled().size(), 2U);
}

TEST_F(OutsideRoutesTest, WhatStandsInTheWayHasItsStatus) {
    const std::pair<const char*, unsigned> cases[] = {
        {"bad_number", 400},        {"number_not_allowed", 403},    {"dial_limit", 429},
        {"trunk_unavailable", 503}, {"contact_not_connected", 409},
    };
    for (const auto& [code, status] : cases) {
        centre.refuse_next(code);
        const Response answer = post_as("anna", "/api/v1/desk/consult", R"({"number":"1"})");
        EXPECT_EQ(answer.status, status) << code;
        EXPECT_EQ(code_of(answer), code);
    }
}

TEST_F(OutsideRoutesTest, WhoIsCalledIsJoinedAndLeftAlone) {
    show_outside(ports::OutsideState::talking);
    EXPECT_EQ(post_as("anna", path("join")).status, 200U);
    EXPECT_EQ(post_as("anna", path("complete"), R"({"outside":true})").status, 200U);
    EXPECT_EQ(post_as("anna", path("end"), "{}").status, 200U);
    const auto steps = centre.outside_steps();
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(steps[0], (std::pair{core::AgentId{1}, ports::OutsideStep::join}));
    EXPECT_EQ(steps[1].second, ports::OutsideStep::complete);
    EXPECT_EQ(steps[2].second, ports::OutsideStep::end);
    EXPECT_EQ(code_of(post_as("anna", path("end"), R"({"outside":1})")), "bad_contact");
    EXPECT_EQ(code_of(post_as("anna", "/api/v1/desk/consult", R"({"agent":"ben"})")),
              "consultation_open");
}

TEST_F(OutsideRoutesTest, BesideColleaguesItHasToBeNamed) {
    show_outside(ports::OutsideState::talking, true, true);
    EXPECT_EQ(post_as("anna", path("end")).status, 200U);
    EXPECT_EQ(centre.commands().size(), 1U) << "the colleague";
    EXPECT_EQ(post_as("anna", path("end"), R"({"outside":true})").status, 200U);
    EXPECT_EQ(centre.outside_steps().size(), 1U);
}

TEST_F(OutsideRoutesTest, WhatHasEndedIsOver) {
    show_outside(ports::OutsideState::ended);
    EXPECT_EQ(code_of(post_as("anna", path("end"))), "no_consultation");
    EXPECT_EQ(code_of(post_as("anna", path("end"), R"({"outside":true})")), "no_consultation");
    EXPECT_TRUE(centre.outside_steps().empty());
}

TEST_F(OutsideRoutesTest, TheDeskIsToldOfIt) {
    show_outside(ports::OutsideState::ringing);
    const auto contact = boost::json::parse(read_as("anna", "/api/v1/contacts/5").body);
    EXPECT_EQ(contact.at("outside").at("number").as_string(), "+4940123");
    EXPECT_EQ(contact.at("outside").at("state").as_string(), "ringing");
    EXPECT_TRUE(contact.at("outside").at("end").is_null());
}

TEST_F(ConsultRoutesTest, SomebodyIsCalledOfHerOwnAccord) {
    const std::string dial = "/api/v1/desk/dial";
    EXPECT_EQ(post_as("anna", dial, R"({"agent":"ben"})").status, 200U);
    EXPECT_EQ(post_as("anna", dial, R"({"queue":"bank"})").status, 200U);
    EXPECT_EQ(post_as("anna", dial, R"({"number":"040 123"})").status, 200U);
    const std::vector<std::pair<core::AgentId, ports::OwnCallTarget>> expected{
        {core::AgentId{1}, {core::AgentId{2}, {}, ""}},
        {core::AgentId{1}, {{}, core::QueueId{1}, ""}},
        {core::AgentId{1}, {{}, {}, "040 123"}}};
    EXPECT_EQ(centre.called(), expected);
    for (const char* body : {"", "{}", R"({"queue":"nowhere"})", R"({"agent":7})",
                             R"({"agent":"ben","number":"1"})"}) {
        EXPECT_EQ(post_as("anna", dial, body).status, 400U) << body;
    }
    EXPECT_EQ(post_as("admin", dial, R"({"agent":"ben"})").status, 403U);
    EXPECT_EQ(centre.called().size(), 3U);

    ports::View view = test_snapshot();
    view.contacts[0].channel = core::Channel::own_call;
    live.apply(view, now);
    for (const char* body : {R"({"agent":"ben"})", R"({"number":"040 123"})"}) {
        EXPECT_EQ(code_of(post_as("anna", "/api/v1/desk/consult", body)), "channel_does_not_fit");
    }
}

}  // namespace
}  // namespace lanze::api
