#include <osipparser2/osip_parser.h>

#include <algorithm>
#include <array>
#include <memory>

#include "sip/grammar.h"
#include "sip/message.h"
#include "sip/skeleton.h"

namespace lanze::sip {

namespace {

// What stood in the way; `reason` is one of our own sentences, never the sender's text.
struct Failure {
    int status = 400;
    std::string_view reason;
};
using Checked = std::optional<Failure>;  // nothing: it is fine

// CSeq must stay below 2**31 (§8.1.1.5).
constexpr std::uint32_t kCSeqMax = 0x7fffffff;
constexpr int kMaxForwardsMax = 255;  // §20.22

enum class Kind : std::uint8_t {
    via,
    contact,
    route,
    record_route,
    from,
    to,
    call_id,
    cseq,
    max_forwards,
    content_type,
    content_length,
    other
};
constexpr std::size_t kListKinds = 4;  // via to record_route: these may stand several times
constexpr std::size_t kKnownKinds = 11;

struct Name {
    std::string_view full;
    char compact;  // 0: none
    Kind kind;
};
// §7.3.3 and the registered compact forms of later RFCs.
constexpr std::array kNames = std::to_array<Name>({
    {"Via", 'v', Kind::via},
    {"Contact", 'm', Kind::contact},
    {"Route", 0, Kind::route},
    {"Record-Route", 0, Kind::record_route},
    {"From", 'f', Kind::from},
    {"To", 't', Kind::to},
    {"Call-ID", 'i', Kind::call_id},
    {"CSeq", 0, Kind::cseq},
    {"Max-Forwards", 0, Kind::max_forwards},
    {"Content-Type", 'c', Kind::content_type},
    {"Content-Length", 'l', Kind::content_length},
    {"Accept-Contact", 'a', Kind::other},
    {"Referred-By", 'b', Kind::other},
    {"Request-Disposition", 'd', Kind::other},
    {"Content-Encoding", 'e', Kind::other},
    {"Reject-Contact", 'j', Kind::other},
    {"Supported", 'k', Kind::other},
    {"Identity-Info", 'n', Kind::other},
    {"Event", 'o', Kind::other},
    {"Refer-To", 'r', Kind::other},
    {"Subject", 's', Kind::other},
    {"Allow-Events", 'u', Kind::other},
    {"Session-Expires", 'x', Kind::other},
    {"Identity", 'y', Kind::other},
});

Name find_name(std::string_view text) {
    for (const Name& name : kNames) {
        const bool is_compact = text.size() == 1 && to_lower(text.front()) == name.compact;
        if (is_compact || equals_ignoring_case(text, name.full)) {
            return name;
        }
    }
    return {text, 0, Kind::other};
}

// The head cut into its parts; views into the bytes, nothing interpreted yet.
struct Head {
    std::string_view method;
    std::string_view uri;
    int status = 0;
    std::string_view reason;
    std::array<std::vector<std::string_view>, kListKinds> lists;
    std::array<std::optional<std::string_view>, kKnownKinds> singles;
    std::vector<Header> others;
    std::size_t line_count = 0;  // as we would write it: one line for each value of a list

    std::vector<std::string_view>& list(Kind kind) { return lists[static_cast<std::size_t>(kind)]; }
    const std::vector<std::string_view>& list(Kind kind) const {
        return lists[static_cast<std::size_t>(kind)];
    }
    std::optional<std::string_view>& single(Kind kind) {
        return singles[static_cast<std::size_t>(kind)];
    }
    const std::optional<std::string_view>& single(Kind kind) const {
        return singles[static_cast<std::size_t>(kind)];
    }
};

// Control characters may only stand behind a backslash, as a quoted pair (§25.1).
bool has_bare_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\r' && text[i + 1] != '\n') {
            ++i;
        } else if (is_control(text[i]) && text[i] != '\t') {
            return true;
        }
    }
    return false;
}

// A line that begins with a blank goes on with the one before (§7.3.1).
std::string unfold(std::string_view head) {
    std::string result;
    result.reserve(head.size());
    while (!head.empty()) {
        if (head.size() > 2 && head.substr(0, 2) == "\r\n" && is_blank(head[2])) {
            head.remove_prefix(2);
            while (!head.empty() && is_blank(head.front())) {
                head.remove_prefix(1);
            }
            result += ' ';
            continue;
        }
        result += head.front();
        head.remove_prefix(1);
    }
    return result;
}

bool has_folds(std::string_view head) {
    std::size_t end = head.find('\n');
    while (end != std::string_view::npos && end + 1 < head.size()) {
        if (is_blank(head[end + 1])) {
            return true;
        }
        end = head.find('\n', end + 1);
    }
    return false;
}

// "SIP/" digits "." digits
bool is_version(std::string_view text) {
    if (!starts_ignoring_case(text, "SIP/")) {
        return false;
    }
    text.remove_prefix(4);
    const std::size_t dot = text.find('.');
    return dot != std::string_view::npos && parse_number<unsigned>(text.substr(0, dot), 999) &&
           parse_number<unsigned>(text.substr(dot + 1), 999);
}

Checked read_request_line(std::string_view line, Head& head) {
    const std::size_t first = line.find(' ');
    const std::string_view method = line.substr(0, first);
    if (first == std::string_view::npos || !is_token(method)) {
        return Failure{400, "Malformed request line"};
    }
    head.method = method;
    const std::size_t second = line.find(' ', first + 1);
    if (second == std::string_view::npos || !is_version(line.substr(second + 1))) {
        return Failure{400, "Malformed request line"};
    }
    if (!equals_ignoring_case(line.substr(second + 1), "SIP/2.0")) {
        return Failure{505, "Version Not Supported"};
    }
    head.uri = line.substr(first + 1, second - first - 1);
    const std::string_view scheme = head.uri.substr(0, head.uri.find(':'));
    if (scheme.size() == head.uri.size() || !is_token(scheme)) {
        return Failure{400, "Malformed Request-URI"};
    }
    if (!is_known_scheme(to_lower(scheme))) {
        return Failure{416, "Unsupported URI Scheme"};
    }
    return std::nullopt;
}

Checked read_status_line(std::string_view line, Head& head) {
    constexpr std::string_view kStart = "SIP/2.0 ";
    head.status = 1;  // a response, whatever else may be wrong with it
    const auto status =
        parse_number<int>(line.substr(std::min(kStart.size(), line.size()), 3), 699);
    const std::string_view rest = line.substr(std::min(kStart.size() + 3, line.size()));
    if (!starts_ignoring_case(line, kStart) || !status || *status < 100 ||
        (!rest.empty() && rest.front() != ' ') || has_bare_control(rest)) {
        return Failure{400, "Malformed status line"};
    }
    head.status = *status;
    head.reason = trim(rest);
    return std::nullopt;
}

Checked read_header(std::string_view line, Head& head) {
    const std::size_t colon = line.find(':');
    const std::string_view name_text = trim(line.substr(0, colon));
    if (colon == std::string_view::npos || is_blank(line.front()) || !is_token(name_text) ||
        has_bare_control(line)) {
        return Failure{400, "Malformed header line"};
    }
    const std::string_view value = trim(line.substr(colon + 1));
    const Name name = find_name(name_text);
    // Content-Length is written whether it was there or not.
    head.line_count += name.kind == Kind::content_length ? 0 : 1;
    if (head.line_count > kHeaderCountMax) {
        return Failure{400, "Too many header lines"};
    }
    if (name.kind == Kind::other) {
        const bool is_compact = name_text.size() == 1;
        head.others.push_back(
            {std::string(is_compact ? name.full : name_text), std::string(value)});
        return std::nullopt;
    }
    if (static_cast<std::size_t>(name.kind) < kListKinds) {
        auto& list = head.list(name.kind);
        const std::size_t size_before = list.size();
        append_list(value, list);
        head.line_count += list.size() - size_before - 1;
        return head.line_count > kHeaderCountMax ? Checked(Failure{400, "Too many header values"})
                                                 : std::nullopt;
    }
    if (head.single(name.kind)) {
        return Failure{400, "A header that may stand once stands twice"};
    }
    head.single(name.kind) = value;
    return std::nullopt;
}

// Goes on after a failure, so that a request can be answered; the first failure counts.
Checked read_head(std::string_view text, Head& head) {
    std::size_t end = text.find("\r\n");
    const std::string_view start_line = text.substr(0, end);
    Checked failure = starts_ignoring_case(start_line, "SIP/")
                          ? read_status_line(start_line, head)
                          : read_request_line(start_line, head);
    while (end != std::string_view::npos) {
        text.remove_prefix(end + 2);
        end = text.find("\r\n");
        const std::string_view line = text.substr(0, end);
        if (line.empty()) {
            continue;  // after the last line of a head whose empty line is missing
        }
        Checked in_line = read_header(line, head);
        failure = failure ? failure : in_line;
    }
    return failure;
}

struct OsipDeleter {
    void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using OsipMessage = std::unique_ptr<osip_message_t, OsipDeleter>;

// An address given outside of angle brackets ends at the first ';' (§20.10), and none of the
// characters that would need them may stand in it.
bool append_address(Skeleton& skeleton, std::string_view name, std::string_view value) {
    skeleton.append_plain(name);
    const std::size_t begin = skeleton.text().size();
    const bool is_fine = !value.empty() && skeleton.append_address(value) &&
                         is_bracketed_if_needed(std::string_view(skeleton.text()).substr(begin));
    skeleton.append_plain("\r\n");
    return is_fine;
}

// "SIP/2.0/UDP", with blanks around the slashes if need be (RFC 4475 §3.1.1.1). An answer to a
// request of another version still carries its Vias.
bool append_via(Skeleton& skeleton, std::string_view value) {
    skeleton.append_plain("via: ");
    const bool is_fine = starts_ignoring_case(value, "SIP") && skeleton.append(value);
    skeleton.append_plain("\r\n");
    return is_fine;
}

// True if the one address is "*" (REGISTER, §10.2.2).
bool is_star(const std::vector<std::string_view>& contacts) {
    return contacts.size() == 1 && contacts.front() == "*";
}

// Only what has a structure goes to libosip2: the URI and the headers that hold Vias and addresses.
bool write_skeleton(const Head& head, Skeleton& skeleton) {
    skeleton.reserve(1024);
    bool is_fine = true;
    if (head.status == 0) {
        skeleton.append_plain("M ");
        is_fine = skeleton.append(head.uri);
        skeleton.append_plain(" SIP/2.0\r\n");
    } else {
        skeleton.append_plain("SIP/2.0 200 OK\r\n");
    }
    for (const std::string_view via : head.list(Kind::via)) {
        is_fine = append_via(skeleton, via) && is_fine;
    }
    const auto append_all = [&](std::string_view name, Kind kind) {
        for (const std::string_view address : head.list(kind)) {
            is_fine = append_address(skeleton, name, address) && is_fine;
        }
    };
    if (!is_star(head.list(Kind::contact))) {
        append_all("contact: ", Kind::contact);
    }
    append_all("route: ", Kind::route);
    append_all("record-route: ", Kind::record_route);
    is_fine = append_address(skeleton, "from: ", *head.single(Kind::from)) && is_fine;
    is_fine = append_address(skeleton, "to: ", *head.single(Kind::to)) && is_fine;
    skeleton.append_plain("\r\n");
    return is_fine;
}

// Takes every element of a list of libosip2; false if one is malformed or the number is not the
// one that was given to it.
template <typename Raw, typename Value, typename Take>
bool take_list(const osip_list_t& list, std::size_t expected, std::vector<Value>& values,
               Take take) {
    if (static_cast<std::size_t>(osip_list_size(&list)) != expected) {
        return false;
    }
    values.reserve(expected);
    osip_list_iterator_t place{};
    auto* raw = static_cast<Raw*>(osip_list_get_first(&list, &place));
    while (osip_list_iterator_has_elem(place)) {
        std::optional<Value> value = take(*raw);
        if (!value) {
            return false;
        }
        values.push_back(*std::move(value));
        raw = static_cast<Raw*>(osip_list_get_next(&place));
    }
    return true;
}

bool take_from_and_to(const osip_message_t& raw, const Skeleton& skeleton, Message& message) {
    if (raw.from == nullptr || raw.to == nullptr) {
        return false;
    }
    auto from = take_name_address(*raw.from, skeleton);
    auto to = take_name_address(*raw.to, skeleton);
    if (!from || !to) {
        return false;
    }
    message.from = *std::move(from);
    message.to = *std::move(to);
    return true;
}

Checked take_structures(const Head& head, Message& message) {
    prepare_osip();
    Skeleton skeleton;
    osip_message_t* pointer = nullptr;
    if (!write_skeleton(head, skeleton) || osip_message_init(&pointer) != 0) {
        return Failure{400, "Malformed Via or address"};
    }
    const OsipMessage raw(pointer);
    if (osip_message_parse(pointer, skeleton.text().data(), skeleton.text().size()) != 0) {
        return Failure{400, "Malformed Request-URI, Via or address"};
    }
    if (head.status == 0) {
        auto uri = raw->req_uri == nullptr ? std::nullopt : take_uri(*raw->req_uri, skeleton);
        if (!uri || !uri->headers.empty()) {  // headers are not allowed there (§19.1.1)
            return Failure{400, "Malformed Request-URI"};
        }
        message.uri = *std::move(uri);
    }
    const auto take_address = [&](const osip_from_t& value) {
        return take_name_address(value, skeleton);
    };
    const auto take_addresses = [&](const osip_list_t& list, std::size_t expected, auto& values) {
        return take_list<osip_from_t>(list, expected, values, take_address);
    };
    message.has_contact_star = is_star(head.list(Kind::contact));
    const std::size_t contacts = message.has_contact_star ? 0 : head.list(Kind::contact).size();
    if (!take_list<osip_via_t>(raw->vias, head.list(Kind::via).size(), message.vias,
                               [&](const osip_via_t& via) { return take_via(via, skeleton); })) {
        return Failure{400, "Malformed Via"};
    }
    if (!take_addresses(raw->contacts, contacts, message.contacts) ||
        !take_addresses(raw->routes, head.list(Kind::route).size(), message.routes) ||
        !take_addresses(raw->record_routes, head.list(Kind::record_route).size(),
                        message.record_routes)) {
        return Failure{400, "Malformed Contact, Route or Record-Route"};
    }
    return take_from_and_to(*raw, skeleton, message) ? Checked()
                                                     : Failure{400, "Malformed From or To"};
}

// word [ "@" word ], §25.1
bool is_call_id(std::string_view text) {
    constexpr CharacterSet kWordCharacters("-.!%*_+`'~()<>:\\\"/[]?{}@");
    return !text.empty() && kWordCharacters.contains_all(text);
}

Checked take_cseq(std::string_view text, Message& message) {
    const std::size_t blank = text.find_first_of(" \t");
    const auto number = parse_number<std::uint32_t>(text.substr(0, blank), kCSeqMax);
    if (blank == std::string_view::npos || !number || !is_token(trim(text.substr(blank)))) {
        return Failure{400, "Malformed CSeq"};
    }
    message.cseq = {*number, std::string(trim(text.substr(blank)))};
    return std::nullopt;
}

// type "/" subtype *( ";" name "=" value )
Checked take_content_type(std::string_view text, Message& message) {
    const Failure failure{400, "Malformed Content-Type"};
    std::size_t end = text.find(';');
    const std::string_view type = trim(text.substr(0, end));
    const std::size_t slash = type.find('/');
    if (slash == std::string_view::npos || !is_token(trim(type.substr(0, slash))) ||
        !is_token(trim(type.substr(slash + 1)))) {
        return failure;
    }
    message.content_type =
        to_lower(trim(type.substr(0, slash))) + "/" + to_lower(trim(type.substr(slash + 1)));
    while (end != std::string_view::npos) {
        text.remove_prefix(end + 1);
        const std::size_t equals = text.find('=');
        const std::string_view name = trim(text.substr(0, equals));
        std::string_view value =
            equals == std::string_view::npos ? std::string_view{} : trim(text.substr(equals + 1));
        const std::size_t quote = value.starts_with('"') ? value.find('"', 1) : 0;
        end = quote == std::string_view::npos ? quote : value.find(';', quote);
        text = value;
        value = trim(value.substr(0, end));
        if (!is_token(name) || value.empty() || quote == std::string_view::npos) {
            return failure;
        }
        message.content_parameters.emplace_back(name, value);
    }
    return std::nullopt;
}

Checked take_max_forwards(std::string_view text, Message& message) {
    message.max_forwards = parse_number<int>(text, kMaxForwardsMax);
    return message.max_forwards ? Checked() : Failure{400, "Malformed Max-Forwards"};
}

Checked check_mandatory(const Head& head) {
    if (head.list(Kind::via).empty() || !head.single(Kind::from) || !head.single(Kind::to) ||
        !head.single(Kind::call_id) || !head.single(Kind::cseq)) {
        return Failure{400, "Via, From, To, Call-ID or CSeq is missing"};
    }
    return std::nullopt;
}

// All that a head says; the body is not looked at.
Checked take_head(Head& head, Message& message) {
    if (Checked failure = check_mandatory(head)) {
        return failure;
    }
    if (!is_call_id(*head.single(Kind::call_id))) {
        return Failure{400, "Malformed Call-ID"};
    }
    message.method = head.method;
    message.status = head.status;
    message.reason = head.reason;
    message.call_id = *head.single(Kind::call_id);
    Checked failure = take_cseq(*head.single(Kind::cseq), message);
    if (!failure && head.single(Kind::max_forwards)) {
        failure = take_max_forwards(*head.single(Kind::max_forwards), message);
    }
    if (!failure && head.single(Kind::content_type)) {
        failure = take_content_type(*head.single(Kind::content_type), message);
    }
    if (!failure) {
        failure = take_structures(head, message);
    }
    message.headers = std::move(head.others);
    return failure;
}

// The body by Content-Length, all there is without one (§18.3).
Checked take_body(const Head& head, std::string_view rest, Message& message) {
    std::size_t size = rest.size();
    if (const auto& text = head.single(Kind::content_length)) {
        const auto length = parse_number<std::size_t>(*text, kMessageSizeMax);
        if (!length || *length > rest.size()) {
            return Failure{400, "Bad Content-Length"};
        }
        size = *length;
    }
    message.body = rest.substr(0, size);
    return std::nullopt;
}

// What an answer to the broken request must carry, read without all that it need not.
std::optional<Message> read_answerable(const Head& head) {
    if (head.status != 0 || head.method.empty() || head.method == "ACK") {
        return std::nullopt;
    }
    Head essential;
    essential.method = head.method;
    essential.uri = "sip:unreadable.invalid";
    essential.list(Kind::via) = head.list(Kind::via);
    for (const Kind kind : {Kind::from, Kind::to, Kind::call_id, Kind::cseq}) {
        essential.single(kind) = head.single(kind);
    }
    Message message;
    const Checked failure = take_head(essential, message);
    // Of what is broken, only that is answered which reads in the answer as it read here.
    const bool is_readable =
        !failure &&
        parse_message(write_message(make_response(message, 400, {}, "tag"))).has_value();
    return is_readable ? std::optional(std::move(message)) : std::nullopt;
}

}  // namespace

Result<Message, ParseError> parse_message(std::string_view bytes) {
    if (bytes.size() > kMessageSizeMax) {
        return Unexpected(ParseError{413, "Message too large", std::nullopt});
    }
    while (bytes.starts_with("\r\n")) {  // §7.5
        bytes.remove_prefix(2);
    }
    const std::size_t head_end = bytes.find("\r\n\r\n");
    std::string_view head_text = bytes.substr(0, head_end);
    std::string unfolded;
    if (has_folds(head_text)) {
        unfolded = unfold(head_text);
        head_text = unfolded;
    }
    Head head;
    Message message;
    Checked failure = read_head(head_text, head);
    if (!failure && head_end == std::string_view::npos) {
        failure = Failure{400, "The empty line after the head is missing"};
    }
    if (!failure) {
        failure = take_body(head, bytes.substr(head_end + 4), message);
    }
    if (!failure) {
        failure = take_head(head, message);
    }
    if (!failure && message.is_request() && message.cseq.method != message.method) {
        failure = Failure{400, "CSeq names another method"};
    }
    if (failure) {
        return Unexpected(
            ParseError{failure->status, std::string(failure->reason), read_answerable(head)});
    }
    return message;
}

}  // namespace lanze::sip
