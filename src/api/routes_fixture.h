// RoutesTest: asks the API as somebody, without a socket.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/fake_centre.h"
#include "api/routes.h"

namespace lanze::api {

// Slow work is done at once.
class RoutesTest : public testing::Test {
protected:
    RoutesTest() {
        const auto made = people.ensure_people({"anna", "ben"}, now);
        for (const NewPassword& person : *made) {
            passwords[person.name] = person.password;
        }
        live.apply(test_snapshot(), now);
    }

    // The request as a page of ours sends it.
    Request request(std::string method, std::string target, std::string body = "") const {
        Request made{std::move(method), std::move(target), {}, std::move(body), {}};
        made.from = IpAddress::v4(127, 0, 0, 1);
        made.headers = {{"Host", "127.0.0.1:8080"}, {"Origin", "http://127.0.0.1:8080"}};
        if (!made.body.empty()) {
            made.headers.push_back({"Content-Type", "application/json"});
        }
        return made;
    }
    Request as(const std::string& name, Request made) {
        const std::string token = people.open_session(name, now).value();
        made.headers.push_back({"Cookie", "lanze_session=" + token});
        return made;
    }
    Response ask(const Request& made) {
        std::optional<Response> answer;
        router.handle(made, [&answer](Response response) { answer = std::move(response); });
        return answer.value_or(Response{.status = 0});
    }
    Response read_as(const std::string& name, const std::string& target) {
        return ask(as(name, request("GET", target)));
    }
    Response post_as(const std::string& name, const std::string& target,
                     const std::string& body = "") {
        return ask(as(name, request("POST", target, body)));
    }
    Response ask_as(const std::string& name, std::string method, const std::string& target,
                    const std::string& body = "") {
        return ask(as(name, request(std::move(method), target, body)));
    }
    Response sign_in(const std::string& name, const std::string& password) {
        return ask(request("POST", "/api/v1/session",
                           R"({"name":")" + name + R"(","password":")" + password + "\"}"));
    }
    static std::string code_of(const Response& response) {
        const auto body = boost::json::parse(response.body);
        return std::string(body.at("error").at("code").as_string());
    }

    Time now = test_time();
    FakeCentre centre;
    People people = std::move(*People::open(":memory:"));
    std::map<std::string, std::string> passwords;
    Live live{centre};
    Lockout lockout;
    Pages pages{""};
    std::vector<core::ContactRecord> records;
    std::optional<RecordQuery> asked_records;
    int reloads = 0;
    std::optional<ReloadOutcome> reload_outcome;  // nothing: too many wait
    Context context{
        .centre = centre,
        .people = people,
        .live = live,
        .lockout = lockout,
        .pages = pages,
        .names = {IpAddress::v4(127, 0, 0, 1), {}, false},
        .version = "0.1.0",
        .read_records =
            [this](const RecordQuery& query) {
                asked_records = query;
                return records;
            },
        .reload =
            [this](const std::function<void(ReloadOutcome)>& done) {
                ++reloads;
                if (reload_outcome) {
                    done(*reload_outcome);
                }
                return reload_outcome.has_value();
            },
        .read_why = [this](core::ContactId id) -> Result<std::optional<std::string>, std::string> {
            if (is_journal_damaged) {
                return Unexpected(std::string("batch 3 of the journal is damaged"));
            }
            return id.value() == 17 ? std::optional<std::string>(R"({"contact":17})")
                                    : std::nullopt;
        },
        .now = [this] { return now; },
        .on_worker =
            [this](const std::function<void()>& work) {
                if (!is_busy) {
                    work();
                }
                return !is_busy;
            },
        .on_reader =
            [](const std::function<void()>& work) {
                work();
                return true;
            },
        .on_explainer =
            [](const std::function<void()>& work) {
                work();
                return true;
            },
        .on_web = [](const std::function<void()>& work) { work(); },
    };
    Router router{context};
    bool is_busy = false;
    bool is_journal_damaged = false;
};

}  // namespace lanze::api
