#include "api/routes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "api/openapi.h"
#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

TEST_F(RoutesTest, TheTableAndTheOpenApiDocumentTellTheSame) {
    std::set<std::string> of_table;
    for (const Route& route : routes()) {
        of_table.insert(std::string(route.method) + " " + std::string(route.path));
    }
    std::set<std::string> of_document;
    const auto document = boost::json::parse(openapi_document());
    for (const auto& path : document.at("paths").as_object()) {
        for (const auto& operation : path.value().as_object()) {
            std::string method(operation.key());
            std::ranges::transform(method, method.begin(),
                                   [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            of_document.insert(method + " " + std::string(path.key()));
        }
    }
    EXPECT_EQ(of_table, of_document);
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
}

TEST_F(RoutesTest, OnlyOpenRoutesAreToldToBeOpen) {
    const auto document = boost::json::parse(openapi_document());
    for (const Route& route : routes()) {
        std::string method(route.method);
        std::ranges::transform(method, method.begin(),
                               [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        const auto& operation =
            document.at("paths").at(std::string(route.path)).at(method).as_object();
        EXPECT_EQ(operation.contains("security"), route.access == Access::open) << route.path;
    }
}

TEST_F(RoutesTest, NobodyPassesWhereSigningInIsNeeded) {
    for (const Route& route : routes()) {
        if (route.access == Access::open || route.access == Access::figures) {
            continue;
        }
        std::string path(route.path);
        if (const auto id = path.find("{id}"); id != std::string::npos) {
            path.replace(id, 4, "1");
        }
        EXPECT_EQ(ask(request(std::string(route.method), path)).status, 401U) << path;
    }
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, AgentsCommandNobodyElse) {
    EXPECT_EQ(post_as("anna", "/api/v1/agents/2/ready").status, 403U);
    EXPECT_EQ(post_as("admin", "/api/v1/desk/ready").status, 403U) << "admin has no desk";
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, UnknownAddressesAndMethodsAreRefused) {
    EXPECT_EQ(read_as("admin", "/api/v1/nothing").status, 404U);
    EXPECT_EQ(read_as("admin", "/api/v1/queues/0").status, 404U);
    EXPECT_EQ(read_as("admin", "/api/v1/queues/4294967297").status, 404U) << "not cut to 1";
    EXPECT_EQ(read_as("admin", "/api/v1/queues/x").status, 404U);
    EXPECT_EQ(read_as("admin", "/api/v1/queues/1/x").status, 404U);
    const Response wrong = ask(request("PUT", "/api/v1/session"));
    EXPECT_EQ(wrong.status, 405U);
    EXPECT_EQ(wrong.headers.front().value, "POST, GET, DELETE");
}

TEST_F(RoutesTest, SigningInGivesACookie) {
    const Response response = sign_in("anna", passwords["anna"]);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body, R"({"name":"anna","roles":["agent"],"agent":1})");
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].name, "Set-Cookie");
    Request next = request("GET", "/api/v1/session");
    next.headers.push_back({"Cookie", response.headers[0].value});
    EXPECT_EQ(ask(next).body, response.body);
    EXPECT_EQ(people.audit_trail(1)->front().what, "signed in from 127.0.0.1");
}

TEST_F(RoutesTest, WrongAndUnknownNamesAreAnsweredAlike) {
    const Response wrong = sign_in("anna", "wrong");
    const Response unknown = sign_in("nobody", "wrong");
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(wrong.body, unknown.body);
    EXPECT_EQ(people.audit_trail(1)->front().who, "(unknown name)");
}

TEST_F(RoutesTest, FiveFailuresLockTheNameOut) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(sign_in("anna", "wrong").status, 401U);
    }
    const Response locked = sign_in("anna", passwords["anna"]);
    EXPECT_EQ(locked.status, 429U);
    EXPECT_EQ(locked.headers.front().name, "Retry-After");
    EXPECT_EQ(locked.headers.front().value, "900");
    EXPECT_EQ(sign_in("ben", passwords["ben"]).status, 200U);
    now += minutes(15);
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U);
}

TEST_F(RoutesTest, BusyWorkersAreNoFailure) {
    is_busy = true;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(sign_in("anna", "x").status, 503U);
    }
    is_busy = false;
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U);
}

TEST_F(RoutesTest, SignInBodiesAreChecked) {
    const auto status = [this](const std::string& body) {
        return ask(request("POST", "/api/v1/session", body)).status;
    };
    EXPECT_EQ(status(""), 400U);
    EXPECT_EQ(status("{}"), 400U);
    EXPECT_EQ(status(R"({"name":5,"password":"x"})"), 400U);
    EXPECT_EQ(status(R"({"name":")" + std::string(65, 'a') + R"(","password":"x"})"), 400U);
    Request form = request("POST", "/api/v1/session");
    form.body = "name=anna&password=x";
    form.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    EXPECT_EQ(ask(form).status, 415U);
}

TEST_F(RoutesTest, SigningOutEndsTheSession) {
    Request out = as("anna", request("DELETE", "/api/v1/session"));
    const Response response = ask(out);
    EXPECT_EQ(response.status, 204U);
    EXPECT_NE(response.headers.front().value.find("Max-Age=0"), std::string::npos);
    out.method = "GET";
    EXPECT_EQ(ask(out).status, 401U);
}

TEST_F(RoutesTest, ForeignPagesChangeNothing) {
    Request foreign = as("anna", request("POST", "/api/v1/desk/ready"));
    foreign.headers[1].value = "http://evil.example";
    EXPECT_EQ(code_of(ask(foreign)), "wrong_origin");
    Request silent = as("anna", request("POST", "/api/v1/desk/ready"));
    silent.headers.erase(silent.headers.begin() + 1);
    EXPECT_EQ(code_of(ask(silent)), "wrong_origin");
    Request fetched = silent;
    fetched.headers.push_back({"Sec-Fetch-Site", "cross-site"});
    EXPECT_EQ(code_of(ask(fetched)), "wrong_origin");
    Request sign_in_there = request("POST", "/api/v1/session", R"({"name":"a","password":"b"})");
    sign_in_there.headers[1].value = "null";
    EXPECT_EQ(code_of(ask(sign_in_there)), "wrong_origin");
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, ForeignNamesAreRefused) {
    Request rebound = as("anna", request("GET", "/api/v1/queues"));
    rebound.headers[0].value = "evil.example:8080";
    EXPECT_EQ(code_of(ask(rebound)), "unknown_host");
    Request page = request("GET", "/");
    page.headers.clear();
    EXPECT_EQ(code_of(ask(page)), "unknown_host");
}

TEST_F(RoutesTest, ProgramsUseTokensWithoutAnOrigin) {
    const std::string token = people.add_token("crm", now).value();
    Request post = request("POST", "/api/v1/agents/2/ready");
    post.headers = {{"Host", "localhost"}, {"Authorization", "Bearer " + token}};
    EXPECT_EQ(ask(post).body, R"({"sequence":42})");
    EXPECT_EQ(centre.commands().back(), core::Command{core::Ready{core::AgentId{2}}});
    post.headers[1].value = "Bearer wrong";
    EXPECT_EQ(ask(post).status, 401U);
    post.headers[1].value = "Bearer " + token;
    post.target = "/api/v1/desk/ready";
    EXPECT_EQ(code_of(ask(post)), "no_desk");
}

TEST_F(RoutesTest, AWebSocketNeedsOurOriginOrAToken) {
    const auto admitted = [this](const Request& made) {
        return std::holds_alternative<Identity>(router.admit_live(made));
    };
    const Request good = as("anna", request("GET", "/api/v1/live"));
    EXPECT_TRUE(admitted(good));
    Request foreign = good;
    foreign.headers[1].value = "http://evil.example";
    EXPECT_FALSE(admitted(foreign));
    Request silent = good;
    silent.headers.erase(silent.headers.begin() + 1);
    EXPECT_FALSE(admitted(silent));
    EXPECT_FALSE(admitted(request("GET", "/api/v1/live"))) << "nobody";
    EXPECT_FALSE(admitted(as("anna", request("GET", "/api/v1/queues"))));
    Request program = request("GET", "/api/v1/live");
    program.headers = {{"Host", "localhost"},
                       {"Authorization", "Bearer " + people.add_token("crm", now).value()}};
    EXPECT_TRUE(admitted(program));
}

TEST_F(RoutesTest, HealthTellsTheSequence) {
    EXPECT_EQ(ask(request("GET", "/api/v1/health")).body,
              R"({"status":"ok","version":"0.1.0","sequence":10,)"
              R"("trunks":{"registering":2,"registered":1}})");
}

TEST_F(RoutesTest, BeforeTheFirstPictureTheCentreIsStarting) {
    Live empty{centre};
    Context early{.centre = centre,
                  .people = people,
                  .live = empty,
                  .lockout = lockout,
                  .pages = pages,
                  .names = context.names,
                  .version = "0.1.0",
                  .read_records = {},
                  .reload = {},
                  .read_why = {},
                  .now = context.now,
                  .on_worker = context.on_worker,
                  .on_reader = context.on_reader,
                  .on_explainer = context.on_explainer,
                  .on_web = context.on_web};
    Router early_router{early};
    for (const char* target : {"/api/v1/health", "/api/v1/queues", "/api/v1/contacts"}) {
        unsigned status = 0;
        early_router.handle(as("anna", request("GET", target)),
                            [&status](const Response& response) { status = response.status; });
        EXPECT_EQ(status, 503U) << target;
    }
}

TEST_F(RoutesTest, QueuesAndAgentsAreListed) {
    EXPECT_TRUE(read_as("anna", "/api/v1/queues").body.starts_with(R"({"queues":[{"id":1,)"));
    EXPECT_TRUE(read_as("anna", "/api/v1/queues/1").body.starts_with(R"({"id":1,)"));
    EXPECT_EQ(read_as("anna", "/api/v1/queues/2").status, 404U);
    EXPECT_NE(read_as("admin", "/api/v1/agents").body.find("ben"), std::string::npos);
    EXPECT_EQ(read_as("anna", "/api/v1/agents").body.find("ben"), std::string::npos);
    EXPECT_EQ(read_as("anna", "/api/v1/agents/1").status, 200U);
    EXPECT_EQ(read_as("anna", "/api/v1/agents/2").status, 403U);
    EXPECT_EQ(read_as("anna", "/api/v1/agents/9").status, 403U) << "as if it were there";
    EXPECT_EQ(read_as("admin", "/api/v1/agents/9").status, 404U);
}

TEST_F(RoutesTest, OpenContactsComeNewestFirst) {
    const auto ids = [this](const std::string& name, const std::string& query) {
        std::vector<std::int64_t> found;
        const Response response = read_as(name, "/api/v1/contacts" + query);
        const auto body = boost::json::parse(response.body);
        for (const auto& contact : body.at("contacts").as_array()) {
            found.push_back(contact.at("id").as_int64());
        }
        return found;
    };
    EXPECT_EQ(ids("admin", "?state=open"), (std::vector<std::int64_t>{6, 5}));
    EXPECT_EQ(ids("admin", "?before=6"), (std::vector<std::int64_t>{5}));
    EXPECT_EQ(ids("admin", "?limit=1"), (std::vector<std::int64_t>{6}));
    EXPECT_EQ(ids("anna", ""), (std::vector<std::int64_t>{5}));
    EXPECT_EQ(ids("ben", ""), (std::vector<std::int64_t>{}));
}

TEST_F(RoutesTest, ContactQueriesAreChecked) {
    for (const char* query :
         {"?limit=0", "?limit=1001", "?limit=-1", "?limit=x", "?before=x", "?state=lost"}) {
        EXPECT_EQ(read_as("admin", std::string("/api/v1/contacts") + query).status, 400U) << query;
    }
}

TEST_F(RoutesTest, EndedContactsAreForSupervisors) {
    core::ContactRecord record;
    record.contact = core::ContactId{3};
    records = {record};
    EXPECT_EQ(read_as("anna", "/api/v1/contacts?state=ended").status, 403U);
    const Response response = read_as("admin", "/api/v1/contacts?state=ended&limit=7&before=9");
    EXPECT_TRUE(response.body.starts_with(R"({"contacts":[{"id":3,)")) << response.body;
    EXPECT_EQ(asked_records->limit, 7U);
    EXPECT_EQ(asked_records->before, core::ContactId{9});
}

TEST_F(RoutesTest, OneContactIsOpenOrEnded) {
    EXPECT_EQ(read_as("anna", "/api/v1/contacts/5").status, 200U);
    EXPECT_EQ(read_as("anna", "/api/v1/contacts/6").status, 404U) << "not hers";
    EXPECT_EQ(read_as("admin", "/api/v1/contacts/6").status, 200U);
    EXPECT_EQ(read_as("admin", "/api/v1/contacts/3").status, 404U);
    EXPECT_EQ(asked_records->only, core::ContactId{3});
    context.read_records = nullptr;
    EXPECT_EQ(read_as("admin", "/api/v1/contacts/3").status, 503U);
}

TEST_F(RoutesTest, WhyIsForSupervisors) {
    EXPECT_EQ(read_as("anna", "/api/v1/contacts/17/why").status, 403U);
    const Response told = read_as("admin", "/api/v1/contacts/17/why");
    EXPECT_EQ(told.status, 200U);
    EXPECT_EQ(told.body, R"({"contact":17})");
    EXPECT_EQ(read_as("admin", "/api/v1/contacts/18/why").status, 404U);
    is_journal_damaged = true;
    const Response damaged = read_as("admin", "/api/v1/contacts/17/why");
    EXPECT_EQ(damaged.status, 500U);
    EXPECT_EQ(code_of(damaged), "journal_unreadable");
    context.read_why = nullptr;
    EXPECT_EQ(read_as("admin", "/api/v1/contacts/17/why").status, 503U);
}

TEST_F(RoutesTest, MetricsTellQueuesAndNoPersons) {
    const Response response = ask(request("GET", "/metrics"));
    for (const char* line :
         {"lanze_trunk_registered{trunk=\"city\"} 1", "lanze_trunk_registered{trunk=\"country\"} 0",
          "lanze_trunk_register_status{trunk=\"country\"} 403"}) {
        EXPECT_NE(response.body.find(line), std::string::npos) << response.body;
    }
    EXPECT_EQ(response.status, 200U);
    EXPECT_NE(response.body.find("lanze_queue_waiting{queue=\"bank\"} 1"), std::string::npos);
    EXPECT_NE(response.body.find("lanze_commands_total 17"), std::string::npos);
    EXPECT_EQ(response.body.find("anna"), std::string::npos);
    context.names.is_secure = true;
    Request by_proxy = request("GET", "/metrics");
    EXPECT_EQ(ask(by_proxy).status, 401U);
}

TEST_F(RoutesTest, DeskCommandsAreOfTheOwnAgent) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/ready").body, R"({"sequence":42})");
    EXPECT_EQ(centre.commands().back(), core::Command{core::Ready{core::AgentId{1}}});
    EXPECT_EQ(post_as("ben", "/api/v1/desk/not-ready", R"({"reason":"meeting"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::NotReady{core::AgentId{2}, core::NotReadyReason::meeting}}));
    EXPECT_EQ(post_as("anna", "/api/v1/desk/wrap-up/end", R"({"outcome":"solved"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::EndWrapUp{core::AgentId{1}, "solved"}}));
    EXPECT_EQ(post_as("anna", "/api/v1/desk/wrap-up/end").status, 200U);
    EXPECT_EQ(post_as("anna", "/api/v1/desk/reject").status, 200U);
    EXPECT_EQ(centre.rejected(), (FakeCentre::Asked{{core::AgentId{1}, {}}}));
    EXPECT_EQ(post_as("ben", "/api/v1/desk/hang-up").status, 200U);
    EXPECT_EQ(centre.hung_up(), (FakeCentre::Asked{{core::AgentId{2}, {}}}));
}

TEST_F(RoutesTest, DeskBodiesAreChecked) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/not-ready").status, 400U);
    EXPECT_EQ(post_as("anna", "/api/v1/desk/not-ready", R"({"reason":"missed"})").status, 400U);
    EXPECT_EQ(post_as("anna", "/api/v1/desk/wrap-up/end",
                      R"({"outcome":")" + std::string(65, 'x') + "\"}")
                  .status,
              400U);
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, RefusalsOfTheCentreAreConflicts) {
    centre.refuse_next("agent_not_in_wrap_up");
    const Response response = post_as("anna", "/api/v1/desk/wrap-up/end");
    EXPECT_EQ(response.status, 409U);
    EXPECT_EQ(response.body,
              R"({"error":{"code":"agent_not_in_wrap_up","message":"It stood in the way."}})");
}

TEST_F(RoutesTest, TheIdempotencyKeyIsTheAskersOwn) {
    Request post = as("anna", request("POST", "/api/v1/desk/ready"));
    post.headers.push_back({"Idempotency-Key", "k1"});
    ask(post);
    EXPECT_EQ(centre.request_ids().back(), "anna:k1");
    post.headers.back().value = std::string(129, 'k');
    EXPECT_EQ(ask(post).status, 400U);
    post.headers.back().value = "two words";
    EXPECT_EQ(ask(post).status, 400U);
}

TEST_F(RoutesTest, SupervisorsCommandsAreNoted) {
    EXPECT_EQ(post_as("admin", "/api/v1/agents/2/not-ready", R"({"reason":"training"})").status,
              200U);
    EXPECT_EQ(people.audit_trail(1)->front().what, "made not ready: ben");
    EXPECT_EQ(post_as("admin", "/api/v1/agents/9/ready").status, 404U);
    EXPECT_EQ(post_as("admin", "/api/v1/agents/4294967297/ready").status, 404U);
}

TEST_F(RoutesTest, WrapUpIsTheAgentsOwn) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/wrap-up/extend").status, 200U);
    EXPECT_EQ(centre.commands().back(), (core::Command{core::ExtendWrapUp{core::AgentId{1}, {}}}));
    EXPECT_EQ(post_as("admin", "/api/v1/desk/wrap-up/extend").status, 403U);
}

TEST_F(RoutesTest, AgentsTransferTheirOwnContact) {
    const core::ContactId own = context.live.picture().agent_named("anna")->contact;
    EXPECT_EQ(post_as("anna", "/api/v1/desk/transfer", R"({"queue":"bank"})").status, 200U);
    EXPECT_EQ(centre.commands().back(), (core::Command{core::Transfer{own, core::QueueId{1}, {}}}));
    EXPECT_EQ(post_as("anna", "/api/v1/desk/transfer", R"({"agent":"ben"})").status, 200U);
    EXPECT_EQ(centre.commands().back(), (core::Command{core::Transfer{own, {}, core::AgentId{2}}}));
    for (const char* body : {"", "{}", R"({"queue":7})", R"({"queue":"bank","agent":"ben"})",
                             R"({"queue":""})", R"({"queue":"nowhere"})", R"({"agent":"bank"})"}) {
        EXPECT_EQ(post_as("anna", "/api/v1/desk/transfer", body).status, 400U) << body;
    }
    EXPECT_EQ(post_as("admin", "/api/v1/desk/transfer", R"({"queue":"bank"})").status, 403U);
    EXPECT_EQ(centre.commands().size(), 2U);
}

TEST_F(RoutesTest, ABreatherIsTheAgentsOwn) {
    EXPECT_EQ(post_as("anna", "/api/v1/desk/breather").status, 200U);
    EXPECT_EQ(centre.commands().back(), core::Command{core::TakeBreather{core::AgentId{1}}});
    EXPECT_EQ(post_as("admin", "/api/v1/desk/breather").status, 403U);
}

TEST_F(RoutesTest, SupervisorsChangeWhatAContactIsDue) {
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/6/assign", R"({"agent":2})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::Assign{core::ContactId{6}, core::AgentId{2}}}));
    EXPECT_EQ(people.audit_trail(1)->front().what, "assigned contact 6") << "not to whom";
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/6/priority", R"({"priority":1})").status, 200U);
    EXPECT_EQ(centre.commands().back(), (core::Command{core::Prioritise{core::ContactId{6}, 1}}));
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/6/needs", R"({"needs":{"french":2,"english":1}})")
                  .status,
              200U);
    EXPECT_EQ(
        centre.commands().back(),
        (core::Command{core::ChangeNeeds{core::ContactId{6}, {{"english", 1}, {"french", 2}}}}));
    EXPECT_EQ(people.audit_trail(1)->front().what, "changed the needs of contact 6");
}

TEST_F(RoutesTest, SupervisorsMoveAContact) {
    EXPECT_EQ(post_as("admin", "/api/v1/contacts/6/queue", R"({"queue":"bank"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::MoveContact{core::ContactId{6}, core::QueueId{1}}}));
    EXPECT_EQ(people.audit_trail(1)->front().what, "moved to bank: contact 6");
    for (const char* body :
         {R"({"queue":"bnak"})", R"({"queue":1})", "{}", "", R"({"to":"bank"})"}) {
        const Response response = post_as("admin", "/api/v1/contacts/6/queue", body);
        EXPECT_EQ(response.status, 400U) << body;
        EXPECT_EQ(code_of(response), "bad_queue") << body;
    }
    EXPECT_EQ(post_as("anna", "/api/v1/contacts/6/queue", R"({"queue":"bank"})").status, 403U);
    EXPECT_EQ(centre.commands().size(), 1U);
}

TEST_F(RoutesTest, AgentsChangeNoContactAndNoShift) {
    EXPECT_EQ(post_as("anna", "/api/v1/contacts/5/assign", R"({"agent":2})").status, 403U);
    EXPECT_EQ(post_as("anna", "/api/v1/contacts/5/priority", R"({"priority":1})").status, 403U);
    EXPECT_EQ(post_as("anna", "/api/v1/contacts/5/needs", R"({"needs":{}})").status, 403U);
    EXPECT_EQ(ask_as("anna", "PUT", "/api/v1/agents/1/shift").status, 403U);
    EXPECT_EQ(ask_as("anna", "DELETE", "/api/v1/agents/1/shift").status, 403U);
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, BodiesOfSupervisorsAreChecked) {
    EXPECT_EQ(code_of(post_as("admin", "/api/v1/contacts/6/assign")), "bad_agent");
    EXPECT_EQ(code_of(post_as("admin", "/api/v1/contacts/6/priority", R"({"priority":0})")),
              "bad_priority");
    const Response response =
        post_as("admin", "/api/v1/contacts/6/needs", R"({"needs":{"frensh":2}})");
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(code_of(response), "bad_needs");
    EXPECT_NE(response.body.find("needs.frensh is a skill that no agent has"), std::string::npos);
    EXPECT_EQ(code_of(ask_as("admin", "PUT", "/api/v1/agents/2/shift", "{}")), "bad_shift");
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(RoutesTest, AContactThatWaitsNoMoreIsAConflict) {
    centre.refuse_next("contact_not_waiting");
    const Response response = post_as("admin", "/api/v1/contacts/5/priority", R"({"priority":1})");
    EXPECT_EQ(response.status, 409U);
    EXPECT_EQ(code_of(response), "contact_not_waiting");
}

TEST_F(RoutesTest, ShiftsArePlannedAndDropped) {
    const Response planned =
        ask_as("admin", "PUT", "/api/v1/agents/2/shift",
               R"({"begin":"2026-11-23T09:00:00Z","end":"2026-11-23T17:00:00Z",)"
               R"("breaks":[{"from":"2026-11-23T12:00:00Z","minutes":30}]})");
    EXPECT_EQ(planned.status, 200U) << planned.body;
    const Time nine = now - hours(1);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::PlanShift{
                  core::AgentId{2}, nine, nine + hours(8), {{nine + hours(3), minutes(30)}}}}));
    EXPECT_EQ(people.audit_trail(1)->front().what, "planned the shift of ben");
    EXPECT_EQ(ask_as("admin", "DELETE", "/api/v1/agents/2/shift").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::PlanShift{core::AgentId{2}, now, now, {}}}));
    EXPECT_EQ(ask_as("admin", "DELETE", "/api/v1/agents/9/shift").status, 404U);
}

TEST_F(RoutesTest, WhyNothingIsPresentedIsToldToTheAgentHimselfOnly) {
    ports::View snapshot = test_snapshot();
    snapshot.agents[1] = agent_view(2, "ben", ports::AgentState::ready);
    snapshot.agents[1].withheld = core::WithheldBy::occupancy_ceiling;
    live.apply(snapshot, now);
    for (const char* target : {"/api/v1/agents", "/api/v1/agents/2"}) {
        EXPECT_NE(read_as("ben", target).body.find(R"("withheld":"ceiling")"), std::string::npos);
        EXPECT_EQ(read_as("admin", target).body.find("withheld"), std::string::npos);
    }
}

TEST_F(RoutesTest, WithoutABuiltPageTheBuiltInOneTellsHow) {
    const Response page = ask(request("GET", "/"));
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("npm run build"), std::string::npos);
    EXPECT_EQ(ask(request("GET", "/desk")).body, page.body) << "a view of the page";
    EXPECT_EQ(ask(request("GET", "/assets/x.js")).status, 404U);
    EXPECT_EQ(ask(request("GET", "/../etc/passwd")).status, 400U);
    EXPECT_EQ(ask(request("GET", "/%2e%2e/etc/passwd")).status, 400U);
    EXPECT_EQ(ask(request("POST", "/")).status, 405U);
}

}  // namespace
}  // namespace lanze::api
