// Passwords, sessions and roles, asked for over the routes.
#include <gtest/gtest.h>

#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

class SessionRoutesTest : public RoutesTest {
protected:
    Response change(const std::string& old, const std::string& fresh) {
        return post_as("anna", "/api/v1/session/password",
                       R"({"old":")" + old + R"(","new":")" + fresh + "\"}");
    }
    void add(const std::string& name, const Roles& roles) {
        ASSERT_TRUE(people.add_person({name, roles, ""}, now));
    }
};

TEST_F(SessionRoutesTest, ThePasswordCanBeChanged) {
    EXPECT_EQ(change("wrong", "enough words in a row").status, 403U);
    EXPECT_EQ(people.audit_trail(1)->front().what, "password change failed");
    EXPECT_EQ(change(passwords["anna"], "enough words in a row").status, 204U);
    EXPECT_EQ(people.audit_trail(1)->front().what, "password changed");
    EXPECT_EQ(sign_in("anna", "enough words in a row").status, 200U);
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 401U);
}

TEST_F(SessionRoutesTest, AWeakPasswordIsRefusedWithTheRuleItBreaks) {
    context.centre_name = "Hanse Mobil";
    context.names.further = {"desk.nordlicht.example"};
    struct Row {
        std::string fresh;
        const char* code;
    };
    for (const Row& row : {
             Row{"kx7qpwmznvrtdh", "password_too_short"},
             Row{std::string(257, 'x'), "password_too_long"},
             Row{"abababababababab", "password_repeated"},
             Row{"anna-hanse-mobil-1", "password_guessable"},
             Row{"nordlichtnordlicht1", "password_guessable"},
             Row{"mobil-service-mobil-26", "password_guessable"},
         }) {
        const Response refused = change(passwords["anna"], row.fresh);
        EXPECT_EQ(refused.status, 400U);
        EXPECT_EQ(code_of(refused), row.code) << row.fresh;
    }
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U) << "as before";
}

TEST_F(SessionRoutesTest, SigningOutEverywhereEndsEachSession) {
    const Request here = as("anna", request("DELETE", "/api/v1/sessions"));
    const Request there = as("anna", request("GET", "/api/v1/session"));
    const Request ben = as("ben", request("GET", "/api/v1/session"));
    EXPECT_EQ(ask(there).status, 200U);
    const Response done = ask(here);
    EXPECT_EQ(done.status, 204U);
    EXPECT_NE(done.headers.front().value.find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(people.audit_trail(1)->front().what, "signed out everywhere");
    EXPECT_EQ(ask(there).status, 401U);
    EXPECT_EQ(ask(here).status, 401U);
    EXPECT_EQ(ask(ben).status, 200U);
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U) << "the person may come again";
}

TEST_F(SessionRoutesTest, AProgramHasNoSessionToEnd) {
    Request made = request("DELETE", "/api/v1/sessions");
    made.headers = {{"Host", "localhost"},
                    {"Authorization", "Bearer " + people.add_token("crm", now).value()}};
    EXPECT_EQ(code_of(ask(made)), "not_a_session");
}

TEST_F(SessionRoutesTest, APlannerSeesRecordsAndFigures) {
    add("petra", {.planner = true});
    context.names.is_secure = true;
    Request metrics = as("petra", request("GET", "/metrics"));
    EXPECT_EQ(ask(metrics).status, 200U);
    EXPECT_EQ(read_as("petra", "/api/v1/queues").status, 200U);
    EXPECT_EQ(read_as("petra", "/api/v1/contacts?state=ended").status, 200U);
    EXPECT_TRUE(asked_records.has_value());
    asked_records.reset();
    EXPECT_EQ(read_as("petra", "/api/v1/contacts/99").status, 404U) << "looked for, not refused";
    EXPECT_TRUE(asked_records.has_value());
    EXPECT_EQ(code_of(read_as("anna", "/api/v1/contacts?state=ended")), "not_a_planner");
    EXPECT_EQ(code_of(read_as("anna", "/metrics")), "not_a_planner");
}

TEST_F(SessionRoutesTest, APlannerSeesNobodysStateAndActsOnNothing) {
    add("petra", {.planner = true});
    EXPECT_EQ(read_as("petra", "/api/v1/agents").body, R"({"agents":[]})");
    EXPECT_EQ(read_as("petra", "/api/v1/agents/1").status, 403U);
    EXPECT_EQ(read_as("petra", "/api/v1/contacts").body, R"({"contacts":[]})");
    EXPECT_EQ(read_as("petra", "/api/v1/contacts/1/why").status, 403U) << "it names agents";
    for (const Route& route : routes()) {
        const bool is_session = route.path.find("/session") != std::string_view::npos;
        if (route.method == "GET" || is_session || route.path.starts_with("/api/v1/call")) {
            continue;
        }
        std::string path(route.path);
        if (const auto id = path.find("{id}"); id != std::string::npos) {
            path.replace(id, 4, "1");
        }
        Request made = request(std::string(route.method), path);
        made.headers[1].value = "http://127.0.0.1:8080";
        EXPECT_EQ(ask(as("petra", made)).status, 403U) << path;
    }
    EXPECT_TRUE(centre.commands().empty());
}

}  // namespace
}  // namespace lanze::api
