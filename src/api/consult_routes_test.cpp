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

}  // namespace
}  // namespace lanze::api
