#include "api/picture.h"

#include <utility>

namespace lanze::api {

namespace {

template <typename Key, typename Value>
const Value* find_in(const std::map<Key, Value>& things, Key key) {
    const auto found = things.find(key);
    return found == things.end() ? nullptr : &found->second;
}

}  // namespace

void Picture::apply(const ports::View& view) {
    if (view.is_snapshot) {
        queues_.clear();
        agents_.clear();
        contacts_.clear();
        agents_by_name_.clear();
        skills_ = view.skills;
        has_begun_ = true;
    }
    sequence_ = view.sequence;
    at_ = view.at;
    for (const ports::QueueView& queue : view.queues) {
        queues_.insert_or_assign(queue.id, queue);
    }
    for (const ports::AgentView& agent : view.agents) {
        agents_.insert_or_assign(agent.id, agent);
        agents_by_name_.insert_or_assign(agent.name, agent.id);
    }
    for (const ports::ContactView& contact : view.contacts) {
        contacts_.insert_or_assign(contact.id, contact);
    }
    for (const core::ContactId gone : view.contacts_gone) {
        remove_contact(gone);
    }
}

void Picture::remove_contact(core::ContactId id) {
    auto node = contacts_.extract(id);
    if (node.empty() || !node.mapped().agent.is_set()) {
        return;
    }
    if (recent_.insert_or_assign(id, std::move(node.mapped())).second) {
        recent_order_.push_back(id);
    }
    if (recent_order_.size() > kRecentMax) {
        recent_.erase(recent_order_.front());
        recent_order_.pop_front();
    }
}

const ports::QueueView* Picture::queue(core::QueueId id) const {
    return find_in(queues_, id);
}

const ports::AgentView* Picture::agent(core::AgentId id) const {
    return find_in(agents_, id);
}

const ports::AgentView* Picture::agent_named(const std::string& name) const {
    const auto found = agents_by_name_.find(name);
    return found == agents_by_name_.end() ? nullptr : agent(found->second);
}

const ports::ContactView* Picture::contact(core::ContactId id) const {
    return find_in(contacts_, id);
}

const ports::ContactView* Picture::contact_of(core::AgentId id) const {
    const ports::AgentView* view = agent(id);
    const ports::ContactView* found = view == nullptr ? nullptr : contact(view->contact);
    return found != nullptr && found->agent == id ? found : nullptr;
}

std::vector<const ports::ContactView*> Picture::contacts_of(core::AgentId id) const {
    std::vector<const ports::ContactView*> found;
    const ports::AgentView* view = agent(id);
    const auto add = [&](core::ContactId each) {
        const ports::ContactView* seen = contact(each);
        if (seen != nullptr && seen->agent == id) {
            found.push_back(seen);
        }
    };
    if (view != nullptr) {
        add(view->contact);
        for (const ports::WrittenView& each : view->written) {
            add(each.contact);
        }
    }
    return found;
}

const ports::ContactView* Picture::contact_or_recent(core::ContactId id) const {
    const auto recent = recent_.find(id);
    return recent == recent_.end() ? contact(id) : &recent->second;
}

}  // namespace lanze::api
