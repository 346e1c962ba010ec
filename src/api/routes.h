// The table of routes and the way of a request through it: from plain Request to Respond, without a
// socket.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/file_turns.h"
#include "api/gate.h"
#include "api/http.h"
#include "api/knowledge.h"
#include "api/live.h"
#include "api/lockout.h"
#include "api/oidc.h"
#include "api/pages.h"
#include "api/people.h"
#include "api/records.h"
#include "api/reload.h"
#include "api/screen_pop.h"
#include "api/target.h"
#include "api/thanks.h"
#include "ports/centre.h"

namespace lanze::api {

class Guests;

// What routes work with. Everything is borrowed and used on the web thread, except what on_worker
// and on_reader are given.
struct Context {
    ports::Centre& centre;
    People& people;
    Live& live;
    Lockout& lockout;
    const Pages& pages;
    Names names;
    std::string version;
    std::string centre_name{};  // its words are no passwords
    ReadRecords read_records;
    Reload reload;
    ReadWhy read_why;
    ReadMemory read_memory{};         // within on_reader
    std::uint32_t remember_days = 0;  // how long callers are known again
    ScreenPops screen_pops{};
    ReadHandler read_handler{};      // within on_reader
    Knowledge* knowledge = nullptr;  // within on_reader
    Thanks* thanks = nullptr;
    std::function<Time()> now;
    std::function<void()> renew_certificate{};  // looks at its files again
    // Runs slow work elsewhere; false: too much waits already.
    std::function<bool(std::function<void()>)> on_worker;     // password hashes
    std::function<bool(std::function<void()>)> on_reader;     // records, one at a time
    std::function<bool(std::function<void()>)> on_explainer;  // lives of contacts, likewise
    // Null: sign in by password only. Used within on_provider only, but for its settings().
    OidcProvider* oidc = nullptr;
    std::function<bool(std::function<void()>)> on_provider{};  // one at a time
    Guests* guests = nullptr;                                  // null: no calls from web pages
    FileTurns files_going{};
    // Comes back to the web thread.
    std::function<void(std::function<void()>)> on_web;
};

// One request on its way to its handler; lives only during the handler's call.
struct Call {
    const Request& request;
    const Target& target;
    Context& context;
    Identity identity;     // nobody if the route is open and the asker unknown
    std::uint64_t id = 0;  // the {id} of the path
};

enum class Access : std::uint8_t {
    open,           // anybody
    figures,        // anybody on loopback by plain HTTP, else who sees records
    signed_in,      // any role
    supervisor,     // or administrator
    administrator,  // no program: its token has the role of a supervisor
    desk,           // an agent at the own desk
};

enum class Body : std::uint8_t {
    json,  // at most kBodyMax, or none
    file,  // any bytes, at most kChatFileMax
};
inline constexpr std::size_t kBodyMax = 65'536;

struct Route {
    std::string_view method;
    std::string_view path;  // "/api/v1/queues/{id}"
    Access access;
    void (*handler)(const Call& call, const Respond& respond);
    Body body = Body::json;
};

std::span<const Route> routes();

// Whether the body may be a file, and so longer than kBodyMax.
bool takes_file(std::string_view method, std::string_view target);

// The WebSocket's path; the server takes the connection over from there.
inline constexpr std::string_view kLivePath = "/api/v1/live";
// The same for guests, who say in their first message who they are.
inline constexpr std::string_view kGuestLivePath = "/api/v1/call/live";

class Router {
public:
    explicit Router(Context& context) : context_(context) {}

    // Answers exactly once, perhaps later and from another thread.
    void handle(const Request& request, const Respond& respond);

    // Whether who sends this head may send a file: somebody signed in, or a guest in a call.
    bool may_send_file(const Request& head);

    // Whether a WebSocket may be opened, and for whom.
    std::variant<Identity, Response> admit_live(const Request& request);
    // Whether a guest's page may open one; who it is, its first message says.
    std::optional<Response> refusal_of_guest(const Request& request) const;
    static bool is_for_guests(const Request& request);

private:
    std::optional<Response> refusal_at_gate(const Request& request, const Target& target) const;
    void answer_route(const Route& route, Call& call, const Respond& respond);

    Context& context_;
};

}  // namespace lanze::api
