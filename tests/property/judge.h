// Judge: lives beside a floor and says where it departs from the naive models.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/candidates.h"
#include "property/naive_charter.h"
#include "property/naive_router.h"

namespace lanze::property {

// What was seen, so that nobody has to believe that enough was.
struct Tally {
    std::uint64_t worlds = 0;
    std::uint64_t commands = 0;
    std::uint64_t refused = 0;
    std::map<std::size_t, std::uint64_t> events;  // by kind
    std::uint64_t breaks_due = 0;
    std::uint64_t shifts_over = 0;
    std::uint64_t transferred = 0;
    std::uint64_t consultations = 0;
    std::uint64_t beside = 0;  // presentations to agents with chats or messages
    std::uint64_t reasons = 0;
    std::uint64_t reason_bytes = 0;  // encoded

    template <typename Kind>
    std::uint64_t of() const {
        const auto place = events.find(core::Event(Kind{}).index());
        return place == events.end() ? 0 : place->second;
    }
};

class Judge {
public:
    explicit Judge(Tally& tally) : tally_(&tally) {}

    // The events of a command that was not refused, or of one that was: the first thing in them
    // that is not as it should be; "" if all is.
    std::string hear(const core::Command& command, const std::vector<core::Event>& events,
                     Time now);
    // Likewise of all that came of the command; before its events are heard. The floor rebuilt from
    // events decides the same and for the same reasons, and each reason counts whom one finds when
    // one looks at every agent by himself.
    std::string weigh(const core::Command& command, const core::Outcome& outcome, Time now) const;
    // Likewise of the floor after the command.
    std::string compare(const core::Floor& floor, Time now) const;
    // The floor as rebuilt from the events alone.
    const core::Floor& floor() const { return shadow_; }

private:
    void count(const core::Event& event);
    std::string judge(const core::ContactPresented& presented, bool is_configured, Time now) const;

    Tally* tally_;
    core::Floor shadow_;
    NaiveCharter charter_;
};

}  // namespace lanze::property
