#include "app/outside_news.h"

#include <chrono>

namespace lanze::app {

namespace {

std::string_view words(ports::OutsideEnd end) {
    switch (end) {
        case ports::OutsideEnd::by_us:
            return "hung up by us";
        case ports::OutsideEnd::by_them:
            return "hung up by them";
        case ports::OutsideEnd::busy:
            return "busy";
        case ports::OutsideEnd::no_answer:
            return "no answer";
        case ports::OutsideEnd::rejected:
            return "rejected";
        case ports::OutsideEnd::unknown_number:
            return "the number is unknown";
        case ports::OutsideEnd::failed:
            return "failed";
        case ports::OutsideEnd::too_long:
            return "ended by dial_out.length_max";
    }
    return "";
}

}  // namespace

std::string describe(const ports::OutsideNews& news, std::string_view agent) {
    const std::string who(agent.empty() ? "somebody" : agent);
    const std::string about = " about contact " + std::to_string(news.contact.value());
    if (!news.end) {
        const bool is_transfer = news.dialled_for == ports::DialFor::transfer;
        return who + (is_transfer ? " gives the caller to " : " calls ") + news.number + about;
    }
    const std::string talked =
        news.talked
            ? " after " +
                  std::to_string(std::chrono::duration_cast<seconds>(*news.talked).count()) +
                  " s of talk"
            : ", not answered";
    return who + "'s call to " + news.number + about +
           " is over: " + std::string(words(*news.end)) + talked;
}

}  // namespace lanze::app
