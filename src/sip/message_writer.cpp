#include <array>
#include <charconv>

#include "sip/grammar.h"
#include "sip/message.h"

namespace lanze::sip {

namespace {

// Line ends become spaces, so that no value can add a header.
void append_clean(std::string& out, std::string_view text) {
    const std::size_t begin = out.size();
    out += text;
    for (std::size_t i = begin; i < out.size(); ++i) {
        if (out[i] == '\r' || out[i] == '\n') {
            out[i] = ' ';
        }
    }
}

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), result.ptr);
}

// RFC 3261 §25.1: unreserved and user-unreserved.
constexpr CharacterSet kUserCharacters("-_.!~*'()&=+$,;?/");

void append_user(std::string& out, std::string_view user) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : user) {
        if (kUserCharacters.contains(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
}

void append_host_port(std::string& out, std::string_view host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string_view::npos;
    out += is_v6 ? "[" : "";
    append_clean(out, host);
    out += is_v6 ? "]" : "";
    if (port != 0) {
        out += ':';
        append_number(out, port);
    }
}

void append_parameters(std::string& out, const Parameters& parameters) {
    for (const auto& [name, value] : parameters) {
        out += ';';
        append_clean(out, name);
        if (!value.empty()) {
            out += '=';
            append_clean(out, value);
        }
    }
}

void append_uri(std::string& out, const Uri& uri) {
    append_clean(out, uri.scheme);
    out += ':';
    if (!uri.opaque.empty()) {
        append_clean(out, uri.opaque);
        return;
    }
    if (uri.scheme == "tel") {
        append_clean(out, uri.user);
        append_parameters(out, uri.parameters);
        return;
    }
    if (!uri.user.empty()) {
        append_user(out, uri.user);
        if (!uri.password.empty()) {
            out += ':';
            append_clean(out, uri.password);
        }
        out += '@';
    }
    append_host_port(out, uri.host, uri.port);
    append_parameters(out, uri.parameters);
    if (!uri.headers.empty()) {
        out += '?';
        append_clean(out, uri.headers);
    }
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '\r' || c == '\n') {
            out += ' ';  // not even a quoted pair may be a line end
            continue;
        }
        if (c == '"' || c == '\\' || (is_control(c) && c != '\t')) {
            out += '\\';
        }
        out += c;
    }
    out += '"';
}

// Always in angle brackets: so no parameter of the URI is taken for one of the header.
void append_name_address(std::string& out, const NameAddress& address) {
    if (!address.display_name.empty()) {
        append_quoted(out, address.display_name);
        out += ' ';
    }
    out += '<';
    append_uri(out, address.uri);
    out += '>';
    append_parameters(out, address.parameters);
}

void append_via(std::string& out, const Via& via) {
    out += "SIP/2.0/";
    append_clean(out, via.protocol.empty() ? to_string(via.transport) : via.protocol);
    out += ' ';
    append_host_port(out, via.host, via.port);
    append_parameters(out, via.parameters);
}

void append_address_header(std::string& out, std::string_view name, const NameAddress& address) {
    out += name;
    append_name_address(out, address);
    out += "\r\n";
}

void append_text_header(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    append_clean(out, value);
    out += "\r\n";
}

void append_number_header(std::string& out, std::string_view name, std::uint64_t number) {
    out += name;
    append_number(out, number);
    out += "\r\n";
}

void append_start_line(std::string& out, const Message& message) {
    if (message.is_request()) {
        append_clean(out, message.method);
        out += ' ';
        append_uri(out, message.uri);
        out += " SIP/2.0\r\n";
        return;
    }
    out += "SIP/2.0 ";
    append_number(out, static_cast<std::uint64_t>(message.status));
    out += ' ';
    append_clean(out, message.reason);
    out += "\r\n";
}

void append_contacts(std::string& out, const Message& message) {
    if (message.has_contact_star) {
        out += "Contact: *\r\n";
    }
    for (const NameAddress& contact : message.contacts) {
        append_address_header(out, "Contact: ", contact);
    }
}

void append_body(std::string& out, const Message& message) {
    if (!message.content_type.empty()) {
        out += "Content-Type: ";
        append_clean(out, message.content_type);
        append_parameters(out, message.content_parameters);
        out += "\r\n";
    }
    append_number_header(out, "Content-Length: ", message.body.size());
    out += "\r\n";
    out += message.body;
}

}  // namespace

std::string_view to_string(Transport transport) {
    switch (transport) {
        case Transport::udp:
            return "UDP";
        case Transport::tcp:
            return "TCP";
    }
    return "UDP";
}

std::string Uri::to_string() const {
    std::string out;
    append_uri(out, *this);
    return out;
}

std::string NameAddress::to_string() const {
    std::string out;
    append_name_address(out, *this);
    return out;
}

std::string Via::to_string() const {
    std::string out;
    append_via(out, *this);
    return out;
}

std::string write_message(const Message& message) {
    std::string out;
    out.reserve(1024 + message.body.size());
    append_start_line(out, message);
    for (const Via& via : message.vias) {
        out += "Via: ";
        append_via(out, via);
        out += "\r\n";
    }
    for (const NameAddress& route : message.routes) {
        append_address_header(out, "Route: ", route);
    }
    for (const NameAddress& route : message.record_routes) {
        append_address_header(out, "Record-Route: ", route);
    }
    if (message.max_forwards) {
        append_number_header(out,
                             "Max-Forwards: ", static_cast<std::uint64_t>(*message.max_forwards));
    }
    append_address_header(out, "From: ", message.from);
    append_address_header(out, "To: ", message.to);
    append_text_header(out, "Call-ID: ", message.call_id);
    out += "CSeq: ";
    append_number(out, message.cseq.number);
    append_text_header(out, " ", message.cseq.method);
    append_contacts(out, message);
    for (const Header& header : message.headers) {
        append_clean(out, header.name);
        append_text_header(out, ": ", header.value);
    }
    append_body(out, message);
    return out;
}

}  // namespace lanze::sip
