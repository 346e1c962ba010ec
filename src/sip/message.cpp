#include "sip/message.h"

#include <algorithm>
#include <array>

#include "sip/grammar.h"

namespace lanze::sip {

namespace {

struct Phrase {
    int status;
    std::string_view text;
};
// RFC 3261 §21 and the IANA registry of what we send or are likely to meet; in ascending order.
constexpr std::array kPhrases = std::to_array<Phrase>({
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity Info"},
    {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"},
    {469, "Bad Info Package"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
});
// Of 1xx, 2xx ... for codes that are not in the table (§8.1.3.2: treat as x00).
constexpr std::array<std::string_view, 6> kClassPhrases = {
    "Session Progress", "OK", "Multiple Choices", "Bad Request", "Server Internal Error",
    "Busy Everywhere"};

constexpr std::uint16_t kPortDefault = 5060;  // §19.1.2

}  // namespace

std::string_view reason_phrase(int status) {
    const auto found =
        std::lower_bound(kPhrases.begin(), kPhrases.end(), status,
                         [](const Phrase& phrase, int wanted) { return phrase.status < wanted; });
    if (found != kPhrases.end() && found->status == status) {
        return found->text;
    }
    const bool has_class = status >= 100 && status <= 699;
    return has_class ? kClassPhrases[static_cast<std::size_t>(status / 100 - 1)] : "Unknown";
}

std::optional<std::string_view> Message::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& entry) {
        return equals_ignoring_case(entry.name, name);
    });
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->value);
}

std::vector<std::string> Message::header_list(std::string_view name) const {
    std::vector<std::string> values;
    for (const Header& entry : headers) {
        if (!equals_ignoring_case(entry.name, name)) {
            continue;
        }
        for (const std::string_view part : split_list(entry.value)) {
            if (!part.empty()) {
                values.emplace_back(part);
            }
        }
    }
    return values;
}

bool Message::header_has_token(std::string_view name, std::string_view token) const {
    const std::vector<std::string> values = header_list(name);
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return equals_ignoring_case(value, token);
    });
}

void Message::set_header(std::string_view name, std::string_view value) {
    const auto is_named = [&](const Header& entry) {
        return equals_ignoring_case(entry.name, name);
    };
    const auto found = std::find_if(headers.begin(), headers.end(), is_named);
    if (found == headers.end()) {
        headers.push_back({std::string(name), std::string(value)});
        return;
    }
    found->value = value;
    headers.erase(std::remove_if(found + 1, headers.end(), is_named), headers.end());
}

Message make_response(const Message& request, int status, std::string_view reason,
                      std::string_view to_tag) {
    Message response;
    response.status = status;
    response.reason = reason.empty() ? reason_phrase(status) : reason;
    response.vias = request.vias;
    response.from = request.from;
    response.to = request.to;
    response.call_id = request.call_id;
    response.cseq = request.cseq;
    if (!to_tag.empty() && response.to.tag().empty()) {
        set_parameter(response.to.parameters, "tag", to_tag);
    }
    // §12.1.1 for what may make a dialog; 100 never does.
    if (status > 100 && status < 300) {
        response.record_routes = request.record_routes;
    }
    return response;
}

void note_source(Message& request, const Flow& flow) {
    if (request.vias.empty()) {
        return;
    }
    Via& top = request.vias.front();
    const std::string source = flow.remote.address.to_string();
    // RFC 3581 §4: who asks for rport gets received, too, even if it equals sent-by.
    if (find_parameter(top.parameters, "rport")) {
        set_parameter(top.parameters, "rport", std::to_string(flow.remote.port));
        set_parameter(top.parameters, "received", source);
        return;
    }
    if (IpAddress::parse(top.host) != flow.remote.address) {
        set_parameter(top.parameters, "received", source);
    }
}

Endpoint response_target(const Via& top, const Endpoint& source) {
    // On a connection the response takes the way the request came (§18.2.2).
    if (top.transport == Transport::tcp) {
        return source;
    }
    // maddr is left aside on purpose: multicast is not served, and it would let anybody point our
    // answers at a third party.
    if (const auto rport = find_parameter(top.parameters, "rport")) {
        return source;
    }
    return {source.address, top.port != 0 ? top.port : kPortDefault};
}

}  // namespace lanze::sip
