#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

TEST_F(RoutesTest, OnlyAdministratorsReloadTheConfiguration) {
    const std::string path = "/api/v1/configuration/reload";
    ASSERT_TRUE(people.add_person({"lead", {.supervisor = true}, ""}, now));
    Request program = request("POST", path);
    program.headers = {{"Host", "localhost"},
                       {"Authorization", "Bearer " + people.add_token("crm", now).value()}};
    EXPECT_EQ(code_of(ask(program)), "not_an_administrator");
    EXPECT_EQ(post_as("lead", path).status, 403U);
    EXPECT_EQ(post_as("anna", path).status, 403U);
    EXPECT_EQ(reloads, 0);
    EXPECT_EQ(code_of(post_as("admin", path)), "too_busy");
    reload_outcome =
        Reloaded{7, {{{"night"}, {}, {}}, {{}, {"ben"}, {"anna"}}, {}, {"charter"}}, {}};
    const Response taken = post_as("admin", path);
    EXPECT_EQ(taken.status, 200U);
    EXPECT_EQ(taken.body,
              R"({"sequence":7,"queues":{"added":["night"],"removed":[],"changed":[]},)"
              R"("agents":{"added":[],"removed":["ben"],"changed":["anna"]},)"
              R"("trunks":{"added":[],"removed":[],"changed":[]},"sections":["charter"],)"
              R"("people_made":[]})");
    EXPECT_EQ(people.audit_trail(1)->front().what, "reloaded the configuration");
}

TEST_F(RoutesTest, WhatIsWrongWithTheConfigurationIsTold) {
    reload_outcome = Unexpected(std::vector<ReloadError>{
        {12, "queue[0].answer", "\"at once\" is not known", "write \"at_once\""},
        {0, "sip.listen", "was A and is now B", "restart the centre for this"}});
    const Response refused = post_as("admin", "/api/v1/configuration/reload");
    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(code_of(refused), "configuration_refused");
    EXPECT_TRUE(refused.body.ends_with(
        R"("errors":[{"line":12,"field":"queue[0].answer","what":"\"at once\" is not known",)"
        R"("remedy":"write \"at_once\""},{"line":null,"field":"sip.listen",)"
        R"("what":"was A and is now B","remedy":"restart the centre for this"}]})"))
        << refused.body;
}

}  // namespace
}  // namespace lanze::api
