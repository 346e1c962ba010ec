#include <osipparser2/osip_parser.h>

#include <algorithm>
#include <memory>

#include "sip/grammar.h"
#include "sip/message.h"
#include "sip/skeleton.h"

namespace lanze::sip {

namespace {

struct UriDeleter {
    void operator()(osip_uri_t* uri) const { osip_uri_free(uri); }
};
struct FromDeleter {
    void operator()(osip_from_t* from) const { osip_from_free(from); }
};

}  // namespace

std::optional<std::string_view> find_parameter(const Parameters& parameters,
                                               std::string_view name) {
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& entry) {
        return equals_ignoring_case(entry.first, name);
    });
    return found == parameters.end() ? std::nullopt
                                     : std::optional<std::string_view>(found->second);
}

void set_parameter(Parameters& parameters, std::string_view name, std::string_view value) {
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& entry) {
        return equals_ignoring_case(entry.first, name);
    });
    if (found == parameters.end()) {
        parameters.emplace_back(name, value);
    } else {
        found->second = value;
    }
}

std::optional<Uri> Uri::parse(std::string_view text) {
    prepare_osip();
    Skeleton skeleton;
    osip_uri_t* raw = nullptr;
    if (text.size() > kMessageSizeMax || !skeleton.append(text) || osip_uri_init(&raw) != 0) {
        return std::nullopt;
    }
    const std::unique_ptr<osip_uri_t, UriDeleter> uri(raw);
    if (osip_uri_parse(raw, skeleton.text().c_str()) != 0) {
        return std::nullopt;
    }
    return take_uri(*raw, skeleton);
}

std::optional<NameAddress> NameAddress::parse(std::string_view text) {
    prepare_osip();
    Skeleton skeleton;
    osip_from_t* raw = nullptr;
    if (text.size() > kMessageSizeMax || !skeleton.append_address(text) ||
        !is_bracketed_if_needed(skeleton.text()) || osip_from_init(&raw) != 0) {
        return std::nullopt;
    }
    const std::unique_ptr<osip_from_t, FromDeleter> address(raw);
    if (osip_from_parse(raw, skeleton.text().c_str()) != 0) {
        return std::nullopt;
    }
    return take_name_address(*raw, skeleton);
}

std::string_view NameAddress::tag() const {
    return find_parameter(parameters, "tag").value_or(std::string_view{});
}

std::string_view Via::branch() const {
    return find_parameter(parameters, "branch").value_or(std::string_view{});
}

}  // namespace lanze::sip
