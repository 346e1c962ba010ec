// Told: events and commands in the words of a scenario file.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/floor.h"

namespace lanze::scenario {

// Names contacts as the scenario does; a contact is named when it is queued.
class Teller {
public:
    explicit Teller(const core::Floor& floor) : floor_(floor) {}

    // The name for the next contact that is queued or blocked.
    void expect(const std::string& name) { entering_ = name; }
    // "contact_presented c1 anna".
    std::string told(const core::Event& event);
    // "enter c1 bank priority=2".
    std::string told(const core::Command& command);

    const std::string& expected() const { return entering_; }
    // What nobody knows is "nobody", a queue "nowhere".
    std::string name(core::AgentId id) const;
    std::string name(core::ContactId id) const;
    std::string name(core::PresentationId id) const;
    std::string name(core::QueueId id) const;
    // Nothing of that name: the unset id.
    core::ContactId contact(const std::string& name) const;
    // The last presentation of a contact, also one that is over (to answer too late).
    core::PresentationId presentation(const std::string& name) const;

private:
    template <typename Command>
    std::string way(const Command& command) const;

    const core::Floor& floor_;
    std::string entering_;
    std::map<std::string, core::ContactId> contacts_;
    std::map<core::ContactId, std::string> contact_names_;
    std::map<std::string, core::PresentationId> presentations_;
    std::map<core::PresentationId, std::string> presented_;
};

}  // namespace lanze::scenario
