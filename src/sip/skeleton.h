// Skeleton: the text that libosip2 is given, and its structures turned into our values. Internal to
// the parser of messages and addresses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"

struct osip_from;
struct osip_uri;
struct osip_via;

namespace lanze::sip {

// libosip2 splits structures well but treats text carelessly: it resolves %00 into an end of string
// (RFC 4475 §3.1.1.4), stumbles over "", over escaped quotes and over names in UTF-8. So it gets a
// skeleton: every quoted string is replaced by its number in quotes, every % by a byte that cannot
// occur otherwise.
class Skeleton {
public:
    // Appends `text`; false if it has an open quote or a control character outside of quotes.
    bool append(std::string_view text);
    // Appends a name-addr or addr-spec (§25.1). The display name is put aside as a whole, for many
    // phones send what would need quotes without them; blanks just inside of <> are dropped.
    bool append_address(std::string_view text);
    // Appends text of our own, unchanged.
    void append_plain(std::string_view text) { text_ += text; }
    const std::string& text() const { return text_; }
    void reserve(std::size_t size) { text_.reserve(size); }

    // What stood there before; nullptr counts as "".
    std::string restore(const char* piece) const;

private:
    bool append_quoted(std::string_view& rest);
    void put_aside(std::string_view text);

    std::string text_;
    std::vector<std::string> aside_;
};

// Take over what libosip2 read, checking what it lets pass: host, port, user, names and values of
// parameters. Nothing: not an address or a Via as RFC 3261 §25 wants it.
std::optional<Uri> take_uri(const osip_uri& uri, const Skeleton& skeleton);
std::optional<NameAddress> take_name_address(const osip_from& address, const Skeleton& skeleton);
std::optional<Via> take_via(const osip_via& via, const Skeleton& skeleton);

// An address with a question mark or a comma must stand in angle brackets (RFC 3261 §20.10).
bool is_bracketed_if_needed(std::string_view skeleton);
// A sip:, sips: or tel: address; whatever else has a scheme is opaque.
bool is_known_scheme(std::string_view scheme);
// The tables of libosip2 are filled once per process, before its first use.
void prepare_osip();

}  // namespace lanze::sip
