#include "sip/dialog.h"

#include <algorithm>
#include <array>

#include "sip/grammar.h"

namespace lanze::sip {

namespace {

constexpr std::uint16_t kSipPort = 5060;

// '\n' can stand in none of the parts.
std::string join_key(std::string_view call_id, std::string_view local_tag,
                     std::string_view remote_tag) {
    std::string key;
    key.reserve(call_id.size() + local_tag.size() + remote_tag.size() + 2);
    key.append(call_id).append(1, '\n').append(local_tag).append(1, '\n').append(remote_tag);
    return key;
}

// A Request-URI may hold neither headers nor a method (§19.1.1).
Uri as_request_uri(Uri uri) {
    uri.headers.clear();
    std::erase_if(uri.parameters, [](const auto& parameter) {
        return equals_ignoring_case(parameter.first, "method");
    });
    return uri;
}

void take_routes(Dialog& dialog, const Message& response) {
    dialog.routes.assign(response.record_routes.rbegin(), response.record_routes.rend());
}

// Methods whose Contact means something to the receiver (§20, table 2; RFC 3311).
bool carries_contact(std::string_view method) {
    constexpr std::array kWithout{"ACK", "BYE", "CANCEL", "INFO", "PRACK"};
    return std::find(kWithout.begin(), kWithout.end(), method) == kWithout.end();
}

bool refreshes_target(std::string_view method) {
    return method == "INVITE" || method == "UPDATE";  // RFC 3311 §5
}

void set_route(Message& request, const Dialog& dialog) {
    request.uri = as_request_uri(dialog.remote_target);
    request.routes = dialog.routes;
    const bool is_strict =
        !dialog.routes.empty() && !find_parameter(dialog.routes.front().uri.parameters, "lr");
    if (is_strict) {
        // A router of RFC 2543 wants itself in the Request-URI and the target last (§12.2.1.1).
        NameAddress target;
        target.uri = request.uri;
        request.uri = as_request_uri(dialog.routes.front().uri);
        request.routes.erase(request.routes.begin());
        request.routes.push_back(std::move(target));
    }
}

}  // namespace

std::string dialog_key(const Dialog& dialog) {
    return join_key(dialog.call_id, dialog.local.tag(), dialog.remote.tag());
}

std::string dialog_key(const Message& message) {
    return message.is_request() ? join_key(message.call_id, message.to.tag(), message.from.tag())
                                : join_key(message.call_id, message.from.tag(), message.to.tag());
}

Dialog make_uas_dialog(const Message& invite, const Flow& flow, std::string_view local_tag) {
    Dialog dialog;
    dialog.call_id = invite.call_id;
    dialog.local = invite.to;
    set_parameter(dialog.local.parameters, "tag", local_tag);
    dialog.remote = invite.from;
    dialog.remote_cseq = invite.cseq.number;
    dialog.remote_target = invite.contacts.empty() ? invite.from.uri : invite.contacts.front().uri;
    dialog.routes = invite.record_routes;
    dialog.flow = flow;
    return dialog;
}

Dialog make_uac_dialog(const NameAddress& local, const NameAddress& remote, const Uri& target,
                       std::string_view call_id, std::string_view local_tag, std::uint32_t cseq,
                       const Flow& flow) {
    Dialog dialog;
    dialog.is_caller = true;
    dialog.call_id = call_id;
    dialog.local = local;
    set_parameter(dialog.local.parameters, "tag", local_tag);
    dialog.remote = remote;
    dialog.local_cseq = cseq;
    dialog.remote_target = target;
    dialog.flow = flow;
    return dialog;
}

void update_from_response(Dialog& dialog, const Message& response) {
    const bool is_answer = response.status >= 200 && response.status < 300;
    const bool is_early = response.status > 100 && response.status < 200;
    const std::string_view tag = response.to.tag();
    if (!is_answer && !(is_early && !tag.empty())) {
        return;
    }
    if (dialog.is_confirmed || !dialog.is_caller || response.cseq.method != "INVITE") {
        if (refreshes_target(response.cseq.method)) {
            update_target(dialog, response);
        }
        return;
    }
    const bool is_first = dialog.remote.tag().empty();
    if (is_early && !is_first && dialog.remote.tag() != tag) {
        return;  // another fork rings: the dialog stays with the first until one answers
    }
    if (!tag.empty()) {
        set_parameter(dialog.remote.parameters, "tag", tag);
    }
    if (is_first || is_answer) {
        take_routes(dialog, response);  // a 2xx sets it anew (§13.2.2.4)
    }
    update_target(dialog, response);
    dialog.is_confirmed = is_answer;
}

void update_target(Dialog& dialog, const Message& message) {
    if (!message.contacts.empty()) {
        dialog.remote_target = message.contacts.front().uri;
    }
}

Message make_request(Dialog& dialog, std::string_view method, const NameAddress& contact,
                     std::uint32_t cseq_of_invite) {
    Message request;
    request.method = method;
    request.from = dialog.local;
    request.to = dialog.remote;
    request.call_id = dialog.call_id;
    request.max_forwards = 70;
    const bool belongs_to_invite = method == "ACK" || method == "CANCEL";
    request.cseq = {belongs_to_invite ? cseq_of_invite : ++dialog.local_cseq, std::string(method)};
    if (carries_contact(method)) {
        request.contacts.push_back(contact);
    }
    set_route(request, dialog);
    return request;
}

bool accept_cseq(Dialog& dialog, const Message& request) {
    if (request.method == "ACK" || request.method == "CANCEL") {
        return true;  // they carry the number of their INVITE
    }
    if (dialog.remote_cseq != 0 && request.cseq.number <= dialog.remote_cseq) {
        return false;
    }
    dialog.remote_cseq = request.cseq.number;
    return true;
}

NextHop next_hop(const Dialog& dialog) {
    return next_hop(dialog.routes.empty() ? dialog.remote_target : dialog.routes.front().uri);
}

NextHop next_hop(const Uri& uri) {
    NextHop hop;
    hop.host = find_parameter(uri.parameters, "maddr").value_or(uri.host);
    if (hop.host.size() > 2 && hop.host.front() == '[' && hop.host.back() == ']') {
        hop.host = hop.host.substr(1, hop.host.size() - 2);
    }
    hop.port = uri.port;
    const std::string_view transport = find_parameter(uri.parameters, "transport").value_or("");
    const bool is_tcp = equals_ignoring_case(transport, "tcp") || uri.scheme == "sips";
    hop.transport = is_tcp ? Transport::tcp : Transport::udp;
    if (const auto address = IpAddress::parse(hop.host)) {
        hop.endpoint = Endpoint{*address, uri.port == 0 ? kSipPort : uri.port};
    }
    return hop;
}

}  // namespace lanze::sip
