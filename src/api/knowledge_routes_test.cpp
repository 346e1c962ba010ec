// Articles over HTTP: who may write, and that nobody overwrites what he has not read.
#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

class KnowledgeRoutesTest : public RoutesTest {
protected:
    KnowledgeRoutesTest() { context.knowledge = &knowledge; }

    Response write_as(const std::string& name, const std::string& method, const std::string& target,
                      const std::string& body, const std::string& version) {
        Request made = request(method, target, body);
        if (!version.empty()) {
            made.headers.push_back({"If-Match", version});
        }
        return ask(as(name, made));
    }
    std::string newest_note() { return people.audit_trail(1).value().at(0).what; }

    static constexpr const char* kCard =
        R"({"title":"Lost card","queues":["cards"],"body":"Block it."})";
    Knowledge knowledge = std::move(*Knowledge::open(":memory:"));
};

TEST_F(KnowledgeRoutesTest, SupervisorsWriteAndAllWhoAreSignedInRead) {
    EXPECT_EQ(code_of(post_as("anna", "/api/v1/knowledge", kCard)), "not_a_supervisor");
    const Response added = post_as("admin", "/api/v1/knowledge", kCard);
    ASSERT_EQ(added.status, 201U) << added.body;
    EXPECT_EQ(newest_note(), "article 1 (Lost card) added");
    const Response read = read_as("anna", "/api/v1/knowledge/1");
    EXPECT_EQ(read.body, R"({"id":1,"version":1,"title":"Lost card","queues":["cards"],)"
                         R"("body":"Block it.","changed":"2026-11-23T10:00:00.000000Z",)"
                         R"("changed_by":"admin"})");
    ASSERT_FALSE(read.headers.empty());
    EXPECT_EQ(read.headers[0].value, "\"1\"");
    EXPECT_EQ(read_as("anna", "/api/v1/knowledge?text=blo&queue=cards").body,
              "{\"articles\":[{\"id\":1,\"title\":\"Lost card\",\"queues\":[\"cards\"],"
              "\"excerpt\":\"\\u0002Block\\u0003 it.\",\"is_of_queue\":true}]}");
    EXPECT_EQ(read_as("anna", "/api/v1/knowledge?text=%22NEAR(").body, R"({"articles":[]})");
    EXPECT_EQ(read_as("anna", "/api/v1/knowledge/9").status, 404U);
    for (const std::string limit : {"0", "101", "x"}) {
        EXPECT_EQ(code_of(read_as("anna", "/api/v1/knowledge?limit=" + limit)), "bad_query");
    }
}

TEST_F(KnowledgeRoutesTest, WhoHasNotReadTheNewestOverwritesNothing) {
    ASSERT_EQ(post_as("admin", "/api/v1/knowledge", kCard).status, 201U);
    const std::string address = "/api/v1/knowledge/1";
    const std::string fresh = R"({"title":"Lost card","queues":[],"body":"Ask first."})";
    for (const std::string version : {"", "1", "\"x\"", "\"\"", "*"}) {
        EXPECT_EQ(write_as("admin", "PUT", address, fresh, version).status, 428U) << version;
        EXPECT_EQ(write_as("admin", "DELETE", address, "", version).status, 428U) << version;
    }
    EXPECT_EQ(write_as("anna", "PUT", address, fresh, "\"1\"").status, 403U);
    EXPECT_EQ(write_as("anna", "DELETE", address, "", "\"1\"").status, 403U);
    const Response changed = write_as("admin", "PUT", address, fresh, "\"1\"");
    EXPECT_EQ(changed.status, 200U);
    EXPECT_EQ(changed.headers.at(0).value, "\"2\"");
    EXPECT_EQ(newest_note(), "article 1 (Lost card) changed");
    const Response late = write_as("admin", "PUT", address, kCard, "\"1\"");
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(code_of(late), "changed_meanwhile");
    EXPECT_EQ(write_as("admin", "DELETE", address, "", "\"1\"").status, 409U);
    EXPECT_EQ(write_as("admin", "DELETE", address, "", "\"2\"").status, 204U);
    EXPECT_EQ(newest_note(), "article 1 (Lost card) removed");
    EXPECT_EQ(write_as("admin", "PUT", address, fresh, "\"2\"").status, 404U);
}

TEST_F(KnowledgeRoutesTest, WhatIsNoArticleIsRefused) {
    for (const std::string bad :
         {"", "[]", "{}", R"({"title":"x","body":"y"})", R"({"title":"x","queues":[1],"body":"y"})",
          R"({"title":"x","queues":"bank","body":"y"})", R"({"title":1,"queues":[],"body":"y"})"}) {
        EXPECT_EQ(code_of(post_as("admin", "/api/v1/knowledge", bad)), "bad_article") << bad;
    }
    EXPECT_EQ(
        code_of(post_as("admin", "/api/v1/knowledge", R"({"title":"","queues":[],"body":"y"})")),
        "title_wrong");
    context.knowledge = nullptr;
    EXPECT_EQ(read_as("anna", "/api/v1/knowledge").status, 503U);
}

class ThanksRoutesTest : public RoutesTest {
protected:
    ThanksRoutesTest() {
        context.thanks = &thanks;
        context.read_handler = [](core::ContactId id) {
            return id.value() == 2 ? HandledBy{core::AgentId{2}, core::QueueId{1}} : HandledBy{};
        };
    }
    Thanks thanks = std::move(*Thanks::open(":memory:"));
};

TEST_F(ThanksRoutesTest, PraiseReachesThePersonAndTheSupervisorLearnsNoName) {
    const Response passed =
        post_as("admin", "/api/v1/contacts/2/thanks", R"({"text":"so patient"})");
    EXPECT_EQ(passed.status, 204U) << passed.body;
    EXPECT_EQ(passed.body, "");
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/5/thanks", R"({"text":"so kind"})").status, 409U)
        << "it rings: nobody has answered yet";
    EXPECT_EQ(read_as("ben", "/api/v1/desk/thanks").body,
              R"({"thanks":[{"id":1,"text":"so patient","queue":"bank","from":"admin",)"
              R"("at":"2026-11-23T10:00:00.000000Z"}]})");
    EXPECT_EQ(read_as("anna", "/api/v1/desk/thanks").body, R"({"thanks":[]})");
    EXPECT_EQ(ask_as("anna", "DELETE", "/api/v1/desk/thanks/1").status, 404U);
    EXPECT_EQ(ask_as("ben", "DELETE", "/api/v1/desk/thanks/1").status, 204U);
    EXPECT_EQ(read_as("ben", "/api/v1/desk/thanks").body, R"({"thanks":[]})");
    EXPECT_EQ(code_of(read_as("admin", "/api/v1/desk/thanks")), "no_desk");
}

TEST_F(ThanksRoutesTest, WhoHasTheContactNowIsThankedToo) {
    ports::View view = test_changes();
    view.contacts = {contact_view(5, ports::ContactState::talking, 1)};
    view.contacts[0].answered = test_time();
    live.apply(view, now);
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/5/thanks", R"({"text":"so kind"})").status, 204U);
    EXPECT_EQ(thanks.of("anna").size(), 1U);
}

TEST_F(ThanksRoutesTest, WhatCannotBePassedOnIsRefused) {
    for (const std::string& bad : {std::string("{}"), std::string(R"({"text":" \n "})"),
                                   R"({"text":")" + std::string(1'001, 'x') + "\"}"}) {
        EXPECT_EQ(code_of(post_as("admin", "/api/v1/contacts/2/thanks", bad)), "bad_thanks");
    }
    EXPECT_EQ(code_of(post_as("admin", "/api/v1/contacts/3/thanks", R"({"text":"x"})")),
              "nobody_to_thank");
    EXPECT_EQ(code_of(post_as("anna", "/api/v1/contacts/2/thanks", R"({"text":"x"})")),
              "not_a_supervisor");
}

}  // namespace
}  // namespace lanze::api
