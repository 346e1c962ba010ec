#include "api/routes.h"

#include <algorithm>
#include <utility>

#include "api/guests.h"
#include "api/handlers.h"

namespace lanze::api {

namespace {

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/openapi.json", Access::open, show_openapi},
    {"GET", "/api/v1/health", Access::open, show_health},
    {"GET", "/metrics", Access::figures, show_metrics},
    {"POST", "/api/v1/session", Access::open, sign_in},
    {"GET", "/api/v1/session", Access::signed_in, show_session},
    {"DELETE", "/api/v1/session", Access::signed_in, sign_out},
    {"DELETE", "/api/v1/sessions", Access::signed_in, sign_out_everywhere},
    {"POST", "/api/v1/session/password", Access::signed_in, change_password},
    {"GET", "/api/v1/session/ways", Access::open, show_ways_in},
    {"GET", "/api/v1/session/oidc", Access::open, go_to_provider},
    {"GET", "/api/v1/session/oidc/callback", Access::open, come_from_provider},
    {"GET", "/api/v1/queues", Access::signed_in, show_queues},
    {"GET", "/api/v1/queues/{id}", Access::signed_in, show_queue},
    {"GET", "/api/v1/agents", Access::signed_in, show_agents},
    {"GET", "/api/v1/agents/{id}", Access::signed_in, show_agent},
    {"POST", "/api/v1/agents/{id}/ready", Access::supervisor, make_agent_ready},
    {"POST", "/api/v1/agents/{id}/not-ready", Access::supervisor, make_agent_not_ready},
    {"PUT", "/api/v1/agents/{id}/shift", Access::supervisor, plan_shift},
    {"DELETE", "/api/v1/agents/{id}/shift", Access::supervisor, drop_shift},
    {"GET", "/api/v1/contacts", Access::signed_in, show_contacts},
    {"GET", "/api/v1/contacts/{id}", Access::signed_in, show_contact},
    {"GET", "/api/v1/contacts/{id}/why", Access::supervisor, show_why},
    {"GET", "/api/v1/contacts/{id}/desk", Access::signed_in, show_contact_at_desk},
    {"PUT", "/api/v1/contacts/{id}/remark", Access::desk, write_remark},
    {"POST", "/api/v1/contacts/{id}/assign", Access::supervisor, assign_contact},
    {"POST", "/api/v1/contacts/{id}/queue", Access::supervisor, move_contact},
    {"POST", "/api/v1/contacts/{id}/priority", Access::supervisor, prioritise_contact},
    {"POST", "/api/v1/contacts/{id}/needs", Access::supervisor, change_needs},
    {"POST", "/api/v1/configuration/reload", Access::administrator, reload_configuration},
    {"POST", "/api/v1/desk/ready", Access::desk, make_own_desk_ready},
    {"POST", "/api/v1/desk/not-ready", Access::desk, make_own_desk_not_ready},
    {"POST", "/api/v1/desk/breather", Access::desk, take_own_breather},
    {"POST", "/api/v1/desk/reject", Access::desk, reject_presented},
    {"POST", "/api/v1/desk/hang-up", Access::desk, hang_up_own_contact},
    {"POST", "/api/v1/desk/wrap-up/end", Access::desk, end_own_wrap_up},
    {"POST", "/api/v1/desk/wrap-up/extend", Access::desk, extend_own_wrap_up},
    {"POST", "/api/v1/desk/transfer", Access::desk, transfer_own_contact},
    {"POST", "/api/v1/desk/chats/{id}/take", Access::desk, take_presented_chat},
    {"POST", "/api/v1/desk/chats/{id}/reject", Access::desk, reject_presented},
    {"POST", "/api/v1/desk/chats/{id}/hang-up", Access::desk, hang_up_own_contact},
    {"POST", "/api/v1/desk/chats/{id}/wrap-up/end", Access::desk, end_own_wrap_up},
    {"POST", "/api/v1/desk/chats/{id}/wrap-up/extend", Access::desk, extend_own_wrap_up},
    {"POST", "/api/v1/desk/chats/{id}/transfer", Access::desk, transfer_own_contact},
    {"POST", "/api/v1/desk/chats/{id}/files", Access::desk, send_file_to_guest, Body::file},
    {"GET", "/api/v1/desk/files/{id}", Access::desk, show_file_to_agent},
    {"GET", "/api/v1/desk/day", Access::desk, show_own_day},
    {"POST", "/api/v1/contacts/{id}/thanks", Access::supervisor, pass_thanks_on},
    {"GET", "/api/v1/desk/thanks", Access::desk, show_own_thanks},
    {"DELETE", "/api/v1/desk/thanks/{id}", Access::desk, remove_own_thanks},
    {"GET", "/api/v1/knowledge", Access::signed_in, find_articles},
    {"POST", "/api/v1/knowledge", Access::supervisor, add_article},
    {"GET", "/api/v1/knowledge/{id}", Access::signed_in, show_article},
    {"PUT", "/api/v1/knowledge/{id}", Access::supervisor, change_article},
    {"DELETE", "/api/v1/knowledge/{id}", Access::supervisor, remove_article},
    {"POST", "/api/v1/desk/consult", Access::desk, consult_about_own_contact},
    {"POST", "/api/v1/desk/dial", Access::desk, call_somebody},
    {"POST", "/api/v1/desk/consultation/talk", Access::desk, talk_in_consultation},
    {"POST", "/api/v1/desk/consultation/join", Access::desk, join_consultation},
    {"POST", "/api/v1/desk/consultation/complete", Access::desk, complete_consultation},
    {"POST", "/api/v1/desk/consultation/end", Access::desk, end_consultation},
    {"GET", kLivePath, Access::signed_in, refuse_without_upgrade},
    {"GET", "/api/v1/call", Access::open, show_concerns},
    {"POST", "/api/v1/call", Access::open, begin_guest_call},
    {"DELETE", "/api/v1/call", Access::open, end_guest_call},
    {"POST", "/api/v1/call/files", Access::open, send_file_to_agent, Body::file},
    {"GET", "/api/v1/call/files/{id}", Access::open, show_file_to_guest},
    {"POST", "/api/v1/call/challenge", Access::open, give_challenge},
    {"GET", kGuestLivePath, Access::open, refuse_without_upgrade},
};

// Whether the path fits the route's; the number at {id} goes to `id`.
bool fits(std::string_view pattern, const Target& target, std::uint64_t& id) {
    for (const std::string& segment : target.segments) {
        if (pattern.empty()) {
            return false;
        }
        pattern.remove_prefix(1);  // the slash
        const std::size_t end = std::min(pattern.find('/'), pattern.size());
        const std::string_view wanted = pattern.substr(0, end);
        pattern.remove_prefix(end);
        if (wanted == "{id}") {
            const auto number = parse_number(segment);
            if (!number || *number == 0) {
                return false;
            }
            id = *number;
        } else if (wanted != segment) {
            return false;
        }
    }
    return pattern.empty();
}

bool is_of_the_api(const Target& target) {
    return !target.segments.empty() &&
           (target.segments.front() == "api" || target.segments.front() == "metrics");
}

bool changes_something(const Request& request) {
    return request.method != "GET" && request.method != "HEAD";
}

bool has_foreign_body(const Request& request, Body wanted) {
    const std::string_view type = request.header("Content-Type");
    const std::string_view essence = type.substr(0, type.find(';'));
    const bool is_file = wanted == Body::file;
    return (is_file || !request.body.empty()) &&
           !equals_ignoring_case(essence,
                                 is_file ? "application/octet-stream" : "application/json");
}

Response wrong_origin() {
    return error_response(403, "wrong_origin",
                          "This request does not come from Lanze's own page; programs sign in with "
                          "a bearer token.");
}

Response not_signed_in() {
    return error_response(401, "not_signed_in", "Sign in first.");
}

// Whether `identity` may use a route of that access; nobody signed in comes as null.
std::optional<Response> refusal_of(Access access, const Identity* identity, const Names& names) {
    if (access == Access::open || (access == Access::figures && !names.is_secure)) {
        return std::nullopt;
    }
    if (identity == nullptr) {
        return not_signed_in();
    }
    const Roles& roles = identity->person.roles;
    if (access == Access::figures && !roles.sees_records()) {
        return error_response(403, "not_a_planner", "Only planners and supervisors may do this.");
    }
    if (access == Access::supervisor && !roles.sees_all()) {
        return error_response(403, "not_a_supervisor", "Only supervisors may do this.");
    }
    if (access == Access::administrator && !roles.administrator) {
        return error_response(403, "not_an_administrator", "Only administrators may do this.");
    }
    if (access == Access::desk && (!roles.agent || identity->person.agent.empty())) {
        return error_response(403, "no_desk", "This person has no desk; only agents have one.");
    }
    return std::nullopt;
}

// The route, or why there is none.
struct Match {
    const Route* route = nullptr;
    std::uint64_t id = 0;
    std::string allowed;  // methods of routes with this path
};

Match find_route(std::string_view method, const Target& target) {
    Match match;
    for (const Route& route : kRoutes) {
        std::uint64_t id = 0;
        if (!fits(route.path, target, id)) {
            continue;
        }
        match.allowed += match.allowed.empty() ? "" : ", ";
        match.allowed += route.method;
        const bool is_read = method == "HEAD" && route.method == "GET";
        if (route.method == method || is_read) {
            match.route = &route;
            match.id = id;
        }
    }
    return match;
}

Response no_route(const Match& match) {
    if (match.allowed.empty()) {
        return error_response(404, "not_found", "There is nothing at this address.");
    }
    Response refused =
        error_response(405, "method_not_allowed", "This address takes: " + match.allowed + ".");
    refused.headers.push_back({"Allow", match.allowed});
    return refused;
}

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

bool takes_file(std::string_view method, std::string_view target) {
    const auto parsed = Target::parse(target);
    const Match match = parsed ? find_route(method, *parsed) : Match{};
    return match.route != nullptr && match.route->body == Body::file;
}

bool Router::may_send_file(const Request& head) {
    const auto token = bearer_token(head);
    const bool is_guest = context_.guests != nullptr && token && context_.guests->known(*token);
    return is_guest || identify(head, context_.people, context_.now());
}

void Router::handle(const Request& request, const Respond& respond) {
    const auto target = Target::parse(request.target);
    if (!target) {
        respond(error_response(400, "bad_address", "The address cannot be read."));
        return;
    }
    if (auto refused = refusal_at_gate(request, *target)) {
        respond(std::move(*refused));
        return;
    }
    if (!is_of_the_api(*target)) {
        respond(context_.pages.answer(request, *target));
        return;
    }
    const Match match = find_route(request.method, *target);
    if (match.route == nullptr) {
        respond(no_route(match));
        return;
    }
    Call call{request, *target, context_, {}, match.id};
    answer_route(*match.route, call, respond);
}

// What is refused whatever is asked for.
std::optional<Response> Router::refusal_at_gate(const Request& request,
                                                const Target& target) const {
    if (!is_our_name(request.header("Host"), context_.names)) {
        return error_response(403, "unknown_host",
                              "Lanze is not known by this name; add it to the API's host_names.");
    }
    // Whether the request says by itself that it comes from elsewhere; silence is judged later.
    if (is_of_the_api(target) && changes_something(request) &&
        !is_from_our_page(request, context_.names, true)) {
        return wrong_origin();
    }
    return std::nullopt;
}

void Router::answer_route(const Route& route, Call& call, const Respond& respond) {
    const auto identity = identify(call.request, context_.people, context_.now());
    if (auto refused = refusal_of(route.access, identity ? &*identity : nullptr, context_.names)) {
        respond(std::move(*refused));
        return;
    }
    const bool is_by_cookie = identity && !identity->is_program;
    if (is_by_cookie && changes_something(call.request) &&
        !is_from_our_page(call.request, context_.names, false)) {
        respond(wrong_origin());
        return;
    }
    if (has_foreign_body(call.request, route.body)) {
        respond(route.body == Body::file
                    ? error_response(415, "not_a_file",
                                     "Send the file's bytes as application/octet-stream.")
                    : error_response(415, "not_json", "Send the body as application/json."));
        return;
    }
    call.identity = identity.value_or(Identity{});
    route.handler(call, respond);
}

std::variant<Identity, Response> Router::admit_live(const Request& request) {
    const auto target = Target::parse(request.target);
    if (!target || target->path() != kLivePath) {
        return error_response(404, "not_found", "WebSockets are served at /api/v1/live only.");
    }
    if (auto refused = refusal_at_gate(request, *target)) {
        return std::move(*refused);
    }
    // The browser sends the cookie with a WebSocket from any page; only Origin tells which.
    const bool is_program = bearer_token(request).has_value();
    if (!is_from_our_page(request, context_.names, is_program)) {
        return wrong_origin();
    }
    auto identity = identify(request, context_.people, context_.now());
    if (!identity) {
        return not_signed_in();
    }
    return std::move(*identity);
}

bool Router::is_for_guests(const Request& request) {
    const auto target = Target::parse(request.target);
    return target && target->path() == kGuestLivePath;
}

// No cookie plays a part; Origin still keeps other sites' scripts from using their visitors'
// addresses.
std::optional<Response> Router::refusal_of_guest(const Request& request) const {
    if (context_.guests == nullptr) {
        return error_response(404, "no_call_page", "This centre takes no calls from web pages.");
    }
    if (auto refused = refusal_at_gate(request, Target{})) {
        return refused;
    }
    return is_from_our_page(request, context_.names, true) ? std::nullopt
                                                           : std::optional(wrong_origin());
}

void refuse_without_upgrade(const Call&, const Respond& respond) {
    respond(error_response(400, "upgrade_needed", "This address speaks WebSocket only."));
}

}  // namespace lanze::api
