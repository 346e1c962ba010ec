// WhyKeeper: hears a journal's decisions in order and keeps what explains one contact.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/why.h"
#include "core/floor.h"
#include "ports/journal.h"

namespace lanze::app {

class WhyKeeper {
public:
    // With `floor`, all decisions since there is one are heard; without, what only a floor knows is
    // left out.
    enum class Rebuilding : std::uint8_t { floor, nothing };
    WhyKeeper(core::ContactId contact, Rebuilding rebuilding, bool has_names)
        : contact_(contact), has_names_(has_names) {
        if (rebuilding == Rebuilding::floor) {
            floor_.emplace();
        }
    }

    // `build` decided it; "": not known.
    void note(const ports::Decision& decision, std::string_view build);
    // What is carried over of days that are forgotten: no part of the timeline.
    void carry_over(const ports::Decision& decision);

    bool was_carried_over() const { return was_carried_over_; }
    bool has_begun() const { return why_.queued.contact == contact_; }
    bool is_over() const { return why_.ended.has_value(); }
    // Once, at the end.
    Why take();

private:
    bool concerns(const ports::Decision& decision) const;
    void apply(const ports::Decision& decision);
    void tell(const ports::Decision& decision, const std::vector<Search>& searches);
    void follow(const core::Event& event, Time at);
    void follow_transfer(const core::Event& event);
    Moment moment_of(const core::Event& event, Time at);
    core::Skills needs_now() const;
    std::string name_of(core::AgentId agent) const;
    const core::QueueConfig* find_queue(core::QueueId queue) const;

    std::vector<Search> searches_of(const ports::Decision& decision, const core::Floor* before);
    std::vector<Excluded> excluded_of(const core::Reason& reason) const;
    void add_names(const core::Floor& floor, Time at, Search& search) const;
    void follow_charter(Time at);

    core::ContactId contact_;
    bool has_names_;
    bool was_carried_over_ = false;
    std::optional<core::Floor> floor_;
    std::optional<core::Configured> configured_;
    // The contact's, as far as it has come.
    core::QueueId queue_;
    core::Skills own_needs_;
    std::size_t step_ = 0;
    CharterShare share_;
    std::array<bool, 3> is_withheld_{};  // somebody by it, since share_until_
    Time share_until_;
    Why why_;
};

}  // namespace lanze::app
