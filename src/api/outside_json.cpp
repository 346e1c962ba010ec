#include "api/outside_json.h"

#include "api/json_view.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

std::string_view word(ports::OutsideState state) {
    switch (state) {
        case ports::OutsideState::calling:
            return "calling";
        case ports::OutsideState::ringing:
            return "ringing";
        case ports::OutsideState::talking:
            return "talking";
        case ports::OutsideState::ended:
            return "ended";
    }
    return "";
}

std::string_view word(ports::OutsideEnd end) {
    switch (end) {
        case ports::OutsideEnd::by_us:
            return "by_us";
        case ports::OutsideEnd::by_them:
            return "by_them";
        case ports::OutsideEnd::busy:
            return "busy";
        case ports::OutsideEnd::no_answer:
            return "no_answer";
        case ports::OutsideEnd::rejected:
            return "rejected";
        case ports::OutsideEnd::unknown_number:
            return "unknown_number";
        case ports::OutsideEnd::failed:
            return "failed";
        case ports::OutsideEnd::too_long:
            return "too_long";
    }
    return "";
}

json::value end_json(std::optional<ports::OutsideEnd> end) {
    return end ? json::value(word(*end)) : json::value(nullptr);
}

json::array texts_json(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

}  // namespace

json::value outside_json(const std::optional<ports::OutsideView>& outside) {
    if (!outside) {
        return nullptr;
    }
    return json::object{{"number", outside->number},
                        {"state", word(outside->state)},
                        {"is_joined", outside->is_joined},
                        {"end", end_json(outside->end)}};
}

json::value own_call_json(const std::optional<ports::OwnCallView>& call) {
    return call ? json::value(json::object{{"to", call->to}, {"end", end_json(call->end)}})
                : json::value(nullptr);
}

json::value dialable_json(const std::optional<ports::Dialable>& dialable) {
    return dialable ? json::value(json::object{{"allowed", texts_json(dialable->allowed)},
                                               {"forbidden", texts_json(dialable->forbidden)}})
                    : json::value(nullptr);
}

}  // namespace lanze::api
