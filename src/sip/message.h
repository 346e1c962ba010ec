// Message: a SIP request or response as a plain value; its structure is read by libosip2's parser,
// checking and writing are ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"

namespace lanze::sip {

// Larger messages are refused (413); RFC 3261 names no bound, 64 KiB is what a UDP datagram can
// hold.
inline constexpr std::size_t kMessageSizeMax = 65535;
// A message with more header lines, each value of a list counted as one, is refused (400).
inline constexpr std::size_t kHeaderCountMax = 256;

enum class Transport : std::uint8_t { udp, tcp };
std::string_view to_string(Transport transport);  // "UDP", "TCP"

// Where a message came from or goes to: our own socket (index into the configured listeners), the
// connection for TCP (0 for UDP or "open one"), and the other side.
struct Flow {
    Transport transport = Transport::udp;
    std::uint16_t listener = 0;
    std::uint64_t connection = 0;
    Endpoint remote;

    friend auto operator<=>(const Flow&, const Flow&) = default;
};

// name=value; the value is empty for a bare name, and as written (quotes, %-escapes) otherwise.
// Names compare without case.
using Parameters = std::vector<std::pair<std::string, std::string>>;
// The value, "" for a bare name, nothing if the parameter is missing.
std::optional<std::string_view> find_parameter(const Parameters& parameters, std::string_view name);
void set_parameter(Parameters& parameters, std::string_view name, std::string_view value);

// A sip:, sips: or tel: address; of any other scheme only the text after the colon is kept. The
// scheme is in lower case, the user part unescaped; a tel: number stands in `user`.
struct Uri {
    std::string scheme = "sip";
    std::string user;
    std::string host;        // an IPv6 address without its brackets
    std::uint16_t port = 0;  // 0: not written
    Parameters parameters;
    std::string headers;   // what stands after '?', as written
    std::string password;  // after the user part, as written; deprecated (§19.1.1)
    std::string opaque;    // another scheme: what follows its colon, as written

    static std::optional<Uri> parse(std::string_view text);
    std::string to_string() const;
    friend bool operator==(const Uri&, const Uri&) = default;
};

// "Anna" <sip:anna@example.org>;tag=1, as in From, To, Contact, Route, P-Asserted-Identity.
struct NameAddress {
    std::string display_name;  // unquoted
    Uri uri;
    Parameters parameters;

    static std::optional<NameAddress> parse(std::string_view text);
    std::string to_string() const;
    std::string_view tag() const;  // "" if there is none
    friend bool operator==(const NameAddress&, const NameAddress&) = default;
};

struct Via {
    Transport transport = Transport::udp;
    std::string host;
    std::uint16_t port = 0;
    Parameters parameters;  // branch, rport, received ...
    std::string protocol;   // "TLS", "WS" ...: a transport we do not speak, kept for the echo

    std::string_view branch() const;  // "" if there is none
    std::string to_string() const;
    friend bool operator==(const Via&, const Via&) = default;
};

struct CSeq {
    std::uint32_t number = 0;
    std::string method;
    friend bool operator==(const CSeq&, const CSeq&) = default;
};

struct Header {
    std::string name;
    std::string value;
    friend bool operator==(const Header&, const Header&) = default;
};

struct Message {
    // Request: method and uri. Response: status and reason, method empty.
    std::string method;
    Uri uri;
    int status = 0;
    std::string reason;

    std::vector<Via> vias;
    NameAddress from;
    NameAddress to;
    std::string call_id;
    CSeq cseq;
    std::optional<int> max_forwards;
    std::vector<NameAddress> contacts;
    bool has_contact_star = false;
    std::vector<NameAddress> routes;
    std::vector<NameAddress> record_routes;
    std::vector<Header> headers;  // all others, in order, names as written or in full form
    std::string content_type;     // "application/sdp", lower case, without parameters
    std::string body;
    Parameters content_parameters;  // of Content-Type: boundary, charset ...

    bool is_request() const { return status == 0; }
    // First header of that name (without case; compact forms are expanded by the parser).
    std::optional<std::string_view> header(std::string_view name) const;
    // All values of that name, lists split at their commas, trimmed.
    std::vector<std::string> header_list(std::string_view name) const;
    // True if `token` stands in the comma list of `name`, without case.
    bool header_has_token(std::string_view name, std::string_view token) const;
    void set_header(std::string_view name, std::string_view value);  // replaces or adds

    friend bool operator==(const Message&, const Message&) = default;
};

// Why bytes are not a message, and how much could be read of them: enough to answer a request.
struct ParseError {
    int status = 400;    // what to answer a request: 400, 413, 416, 505 ...
    std::string reason;  // what was wrong, for the reason phrase and the log; no caller's data
    // What an answer needs (Via, From, To, Call-ID, CSeq), if that much was readable and it was a
    // request; nothing: stay silent (UDP) or close (TCP).
    std::optional<Message> answerable;
};

// One whole datagram or one framed message. Checks what RFC 3261 §8.1.1 and §20 demand: mandatory
// headers, CSeq method equal to the request's, version, numbers in range, Content-Length not beyond
// the bytes there (UDP: bytes beyond it are cut off, §18.3).
Result<Message, ParseError> parse_message(std::string_view bytes);

// Writes the message with Content-Length. Header values must not hold CR or LF: they are replaced
// by spaces, so no input can add a header.
std::string write_message(const Message& message);

// A response to `request` as RFC 3261 §8.2.6: Via, From, To, Call-ID, CSeq copied; Record-Route
// copied for 101–299. `to_tag` is added to To if it has none and it is not empty.
Message make_response(const Message& request, int status, std::string_view reason = {},
                      std::string_view to_tag = {});

// The usual phrase for a status ("Not Found"); the class's phrase where the code is unknown.
std::string_view reason_phrase(int status);

// Adds received and rport to the topmost Via of a request that came over `flow` (RFC 3581,
// §18.2.1).
void note_source(Message& request, const Flow& flow);

// Where a response to a request with this topmost Via goes (§18.2.2, RFC 3581), given where the
// request came from.
Endpoint response_target(const Via& top, const Endpoint& source);

// Cuts a TCP byte stream into messages by Content-Length (§18.3). Keep-alives (CRLF) are skipped.
class StreamFramer {
public:
    struct Frame {
        std::string message;   // complete, unparsed
        bool is_ping = false;  // a double CRLF: answer with one CRLF (RFC 5626 §3.5.1)
    };
    // Appends bytes; false when the stream can no longer be cut (no or bad Content-Length, several
    // that differ, header part over 16 KiB, message over kMessageSizeMax): answer 400 to what
    // `broken_head()` holds, if that can be done, and close the connection.
    bool feed(std::string_view bytes);
    std::optional<Frame> next();
    bool is_broken() const { return is_broken_; }
    const std::string& broken_head() const { return buffer_; }

private:
    // How much of the rest of the buffer a step has used; 0: it needs more bytes.
    std::size_t cut_one(std::string_view rest);
    bool find_head_end(std::string_view rest);

    std::string buffer_;            // bytes not yet cut, or the head that could not be
    std::size_t scanned_ = 0;       // of the head at its start: no empty line before this
    std::size_t message_size_ = 0;  // head and body; 0: the head is not complete
    std::vector<Frame> ready_;
    std::size_t ready_next_ = 0;
    bool is_broken_ = false;
};

}  // namespace lanze::sip
