#include "sip/skeleton.h"

#include <osipparser2/osip_parser.h>

#include <algorithm>

#include "base/check.h"
#include "sip/grammar.h"

namespace lanze::sip {

namespace {

// token or paramchar, RFC 3261 §25.1
constexpr CharacterSet kParameterCharacters("-.!%*_+`'~[]/:&$()");
// Of an address's password and of its headers (§25.1), the escapes' own mark included.
constexpr CharacterSet kPasswordCharacters("-_.!~*'()&=+$,%");
constexpr CharacterSet kUriHeaderCharacters("-_.!~*'()[]/?:+$%&=");
constexpr char kPercentMark = 0x1a;  // a control character, refused in the text itself

// Length of the quoted string at the start of `text`, with its quotes; 0: it is not closed.
std::size_t quoted_length(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        } else if (is_control(text[i]) && text[i] != '\t') {
            return 0;
        }
    }
    return 0;
}

bool is_parameter_value(std::string_view value) {
    if (!value.empty() && value.front() == '"') {
        return quoted_length(value) == value.size();
    }
    return std::none_of(value.begin(), value.end(), [](char c) {
        return is_control(c) || c == ' ' || c == '"' || c == '<' || c == '>' || c == ',' ||
               c == ';';
    });
}

bool is_parameter_name(std::string_view name) {
    return !name.empty() && kParameterCharacters.contains_all(name);
}

// In an address a value has fewer characters than in a header: '?' would begin its headers.
bool is_uri_parameter_value(std::string_view value) {
    return kParameterCharacters.contains_all(value);
}

// False if one of them is malformed.
bool take_parameters(const osip_list_t& list, const Skeleton& skeleton, Parameters& parameters,
                     bool (*is_value)(std::string_view) = is_parameter_value) {
    osip_list_iterator_t place{};
    auto* parameter = static_cast<osip_generic_param_t*>(osip_list_get_first(&list, &place));
    parameters.reserve(static_cast<std::size_t>(osip_list_size(&list)));
    while (osip_list_iterator_has_elem(place)) {
        std::string name = skeleton.restore(parameter->gname);
        std::string value = skeleton.restore(parameter->gvalue);
        if (!is_parameter_name(name) || !is_value(value)) {
            return false;
        }
        parameters.emplace_back(std::move(name), std::move(value));
        parameter = static_cast<osip_generic_param_t*>(osip_list_get_next(&place));
    }
    return true;
}

bool take_port(const char* text, std::uint16_t& port) {
    if (text == nullptr) {
        return true;
    }
    const auto number = parse_number<std::uint16_t>(text, 65535);
    port = number.value_or(0);
    return number.has_value() && *number != 0;
}

bool is_user(std::string_view escaped) {
    return std::none_of(escaped.begin(), escaped.end(), [](char c) {
        return is_control(c) || c == ' ' || c == '"' || c == '<' || c == '>' || c == '@';
    });
}

std::string headers_text(const osip_list_t& list, const Skeleton& skeleton) {
    std::string text;
    osip_list_iterator_t place{};
    auto* header = static_cast<osip_uri_header_t*>(osip_list_get_first(&list, &place));
    while (osip_list_iterator_has_elem(place)) {
        text += text.empty() ? "" : "&";
        text += skeleton.restore(header->gname) + "=" + skeleton.restore(header->gvalue);
        header = static_cast<osip_uri_header_t*>(osip_list_get_next(&place));
    }
    return text;
}

// tel:+49-30-1234;phone-context=example.org (RFC 3966)
std::optional<Uri> take_tel(std::string_view text) {
    Uri result;
    result.scheme = "tel";
    std::size_t end = text.find(';');
    const std::string_view number = text.substr(0, end);
    if (number.empty() || !is_user(number) || number.find('%') != std::string_view::npos) {
        return std::nullopt;
    }
    result.user = number;
    while (end != std::string_view::npos) {
        text.remove_prefix(end + 1);
        end = text.find(';');
        const std::string_view parameter = text.substr(0, end);
        const std::size_t equals = parameter.find('=');
        std::string_view value;
        if (equals != std::string_view::npos) {
            value = parameter.substr(equals + 1);
        }
        if (!is_parameter_name(parameter.substr(0, equals)) || !is_uri_parameter_value(value)) {
            return std::nullopt;
        }
        result.parameters.emplace_back(parameter.substr(0, equals), value);
    }
    return result;
}

std::optional<Uri> take_opaque(std::string scheme, std::string text) {
    const bool is_clean = std::none_of(text.begin(), text.end(), [](char c) {
        return is_control(c) || c == ' ' || c == '"' || c == '<' || c == '>';
    });
    if (text.empty() || !is_clean || !is_token(scheme)) {
        return std::nullopt;
    }
    if (scheme == "tel") {
        return take_tel(text);
    }
    Uri result;
    result.scheme = std::move(scheme);
    result.opaque = std::move(text);
    return result;
}

}  // namespace

bool Skeleton::append_quoted(std::string_view& rest) {
    const std::size_t length = quoted_length(rest);
    if (length == 0) {
        return false;
    }
    put_aside(rest.substr(0, length));
    rest.remove_prefix(length);
    return true;
}

void Skeleton::put_aside(std::string_view text) {
    text_ += '"';
    text_ += std::to_string(aside_.size());
    text_ += '"';
    aside_.emplace_back(text);
}

bool Skeleton::append_address(std::string_view text) {
    const bool is_quoted = text.starts_with('"');
    const std::size_t quoted = is_quoted ? quoted_length(text) : 0;
    const std::size_t open = text.find('<', quoted);
    if (open == std::string_view::npos || (is_quoted && quoted == 0)) {
        return append(text);
    }
    const std::string_view display = trim(text.substr(0, open));
    const std::size_t close = text.find('>', open);
    const bool has_control = std::any_of(display.begin() + static_cast<std::ptrdiff_t>(quoted),
                                         display.end(), is_control);
    const std::string_view rest = text.substr(std::min(close, text.size() - 1) + 1);
    const bool has_tail = !trim(rest).empty() && trim(rest).front() != ';';
    if (close == std::string_view::npos || has_control || has_tail) {
        return false;
    }
    if (!display.empty()) {
        put_aside(display);
    }
    text_ += '<';
    const bool is_fine = append(trim(text.substr(open + 1, close - open - 1)));
    return append(text.substr(close)) && is_fine;
}

bool Skeleton::append(std::string_view text) {
    while (!text.empty()) {
        const auto special = std::find_if(text.begin(), text.end(), [](char c) {
            return c == '"' || c == '%' || (is_control(c) && c != '\t');
        });
        const auto plain = static_cast<std::size_t>(special - text.begin());
        text_ += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            return true;
        }
        if (text.front() == '%') {
            text_ += kPercentMark;
            text.remove_prefix(1);
        } else if (text.front() != '"' || !append_quoted(text)) {
            return false;
        }
    }
    return true;
}

std::string Skeleton::restore(const char* piece) const {
    if (piece == nullptr) {
        return {};
    }
    std::string text = piece;
    if (!text.empty() && text.front() == '"') {
        const std::string_view inside = std::string_view(text).substr(1, text.size() - 2);
        const auto number = text.size() > 2 && text.back() == '"'
                                ? parse_number<std::size_t>(inside, SIZE_MAX)
                                : std::nullopt;
        return number && *number < aside_.size() ? aside_[*number] : text;
    }
    std::replace(text.begin(), text.end(), kPercentMark, '%');
    return text;
}

bool is_bracketed_if_needed(std::string_view skeleton) {
    return skeleton.find('<') != std::string_view::npos ||
           skeleton.find_first_of("?,") == std::string_view::npos;
}

bool is_known_scheme(std::string_view scheme) {
    return scheme == "sip" || scheme == "sips" || scheme == "tel";
}

void prepare_osip() {
    static const bool is_prepared = [] {
        // Without a function of ours it writes what it refuses to standard output.
        osip_trace_initialize_func(
            TRACE_LEVEL0, [](const char*, int, osip_trace_level_t, const char*, va_list) {});
        return parser_init() == 0;
    }();
    LANZE_CHECK(is_prepared);
}

std::optional<Uri> take_uri(const osip_uri& uri, const Skeleton& skeleton) {
    std::string scheme = to_lower(skeleton.restore(uri.scheme));
    if (uri.string != nullptr) {
        return take_opaque(std::move(scheme), skeleton.restore(uri.string));
    }
    Uri result;
    result.scheme = std::move(scheme);
    const std::string escaped_user = skeleton.restore(uri.username);
    auto user = unescape(escaped_user);
    result.password = skeleton.restore(uri.password);
    result.host = skeleton.restore(uri.host);
    if (!user || !is_user(escaped_user) || !kPasswordCharacters.contains_all(result.password) ||
        !is_host(result.host) || !take_port(uri.port, result.port) ||
        !take_parameters(uri.url_params, skeleton, result.parameters, is_uri_parameter_value)) {
        return std::nullopt;
    }
    result.user = *std::move(user);
    result.headers = headers_text(uri.url_headers, skeleton);
    const bool is_fine = kUriHeaderCharacters.contains_all(result.headers);
    return is_fine ? std::optional(std::move(result)) : std::nullopt;
}

namespace {

// libosip2 reads no shorter address in angle brackets, and that is how we write them all: so a
// shorter one is refused outside of them, too.
bool is_too_short(const Uri& uri) {
    constexpr std::size_t kLengthMin = 6;
    return uri.user.size() + uri.host.size() < kLengthMin && uri.to_string().size() < kLengthMin;
}

}  // namespace

std::optional<NameAddress> take_name_address(const osip_from& address, const Skeleton& skeleton) {
    if (address.url == nullptr) {
        return std::nullopt;
    }
    auto uri = take_uri(*address.url, skeleton);
    NameAddress result;
    if (!uri || is_too_short(*uri) ||
        !take_parameters(address.gen_params, skeleton, result.parameters)) {
        return std::nullopt;
    }
    result.uri = *std::move(uri);
    const std::string display = skeleton.restore(address.displayname);
    const bool has_quotes = display.find('"') != std::string::npos;
    if (has_quotes && (display.front() != '"' || quoted_length(display) != display.size())) {
        return std::nullopt;
    }
    result.display_name = unquote(display);
    return result;
}

std::optional<Via> take_via(const osip_via& via, const Skeleton& skeleton) {
    Via result;
    const std::string version = skeleton.restore(via.version);
    std::string protocol = skeleton.restore(via.protocol);
    result.host = skeleton.restore(via.host);
    // The version of the message was checked; an answer to one of another version needs its Vias.
    if (version.find_first_not_of("0123456789.") != std::string::npos || !is_token(protocol) ||
        !is_host(result.host) || !take_port(via.port, result.port) ||
        !take_parameters(via.via_params, skeleton, result.parameters)) {
        return std::nullopt;
    }
    if (equals_ignoring_case(protocol, "TCP")) {
        result.transport = Transport::tcp;
    } else if (!equals_ignoring_case(protocol, "UDP")) {
        result.protocol = std::move(protocol);
    }
    return result;
}

}  // namespace lanze::sip
