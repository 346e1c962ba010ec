// Picture: the API's own merged copy of what the centre shows.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ports/centre.h"

namespace lanze::api {

class Picture {
public:
    static constexpr std::size_t kRecentMax = 10'000;

    void apply(const ports::View& view);

    bool has_begun() const { return has_begun_; }  // false until the first snapshot
    std::uint64_t sequence() const { return sequence_; }
    Time at() const { return at_; }

    // Of the agents, sorted: what a contact may need.
    const std::vector<std::string>& skills() const { return skills_; }
    const std::map<core::QueueId, ports::QueueView>& queues() const { return queues_; }
    const std::map<core::AgentId, ports::AgentView>& agents() const { return agents_; }
    const std::map<core::ContactId, ports::ContactView>& contacts() const { return contacts_; }

    // Null if there is none.
    const ports::QueueView* queue(core::QueueId id) const;
    const ports::AgentView* agent(core::AgentId id) const;
    const ports::AgentView* agent_named(const std::string& name) const;
    const ports::ContactView* contact(core::ContactId id) const;
    // The call the agent is alerting for or talking in.
    const ports::ContactView* contact_of(core::AgentId id) const;
    // The same, then his chats and messages.
    std::vector<const ports::ContactView*> contacts_of(core::AgentId id) const;
    // The same, or what was last known of one that is over, as long as it is among the last
    // kRecentMax: in wrap-up an agent still looks at it.
    const ports::ContactView* contact_or_recent(core::ContactId id) const;

private:
    void remove_contact(core::ContactId id);

    bool has_begun_ = false;
    std::uint64_t sequence_ = 0;
    Time at_;
    std::vector<std::string> skills_;
    std::map<core::QueueId, ports::QueueView> queues_;
    std::map<core::AgentId, ports::AgentView> agents_;
    std::map<core::ContactId, ports::ContactView> contacts_;
    std::unordered_map<std::string, core::AgentId> agents_by_name_;
    std::unordered_map<core::ContactId, ports::ContactView> recent_;  // an agent had them
    std::deque<core::ContactId> recent_order_;
};

}  // namespace lanze::api
