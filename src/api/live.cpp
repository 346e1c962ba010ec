#include "api/live.h"

#include <utility>

#include "api/json_view.h"

namespace lanze::api {

namespace {

bool is_desk_of(const Identity& identity) {
    return identity.person.roles.agent && !identity.person.agent.empty();
}

std::string ids_json(const std::vector<core::ContactId>& ids) {
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (const core::ContactId id : ids) {
        texts.push_back(std::to_string(id.value()));
    }
    return array_json(texts);
}

// The arrays of a message, in the order of the contract.
struct Parts {
    std::vector<std::string> queues;
    std::vector<std::string> agents;
    std::vector<std::string> contacts;
};

std::string parts_json(const Parts& parts) {
    return ",\"queues\":" + array_json(parts.queues) + ",\"agents\":" + array_json(parts.agents) +
           ",\"contacts\":" + array_json(parts.contacts);
}

}  // namespace

Live::Live(ports::Centre& centre) : centre_(centre), telephones_(centre) {
    chats_.tell_agents(
        [this](core::AgentId agent, const Message& message) { send_to_agent(agent, message); });
}

void Live::apply(const ports::View& view, Time now) {
    whole_snapshot_.reset();
    if (view.is_snapshot) {
        begin_again(view, now);
        return;
    }
    if (!picture_.has_begun()) {
        return;  // changes of a picture that was never shown
    }
    const std::map<core::AgentId, Change> changes = changes_by_agent(view);
    const ports::View seen = seen_by_others(view);
    picture_.apply(view);
    send_to_supervisors(seen, changes);
    for (const auto& [agent, change] : changes) {
        send_to_desk(agent, change);
    }
    look_at_chats(view, now);
    for (const ports::QueueView& queue : view.queues) {
        queues_changed_.insert(queue.id);
    }
}

void Live::look_at_chats(const ports::View& view, Time now) {
    std::vector<core::ContactId> changed = view.contacts_gone;
    changed.reserve(changed.size() + view.contacts.size());
    for (const ports::ContactView& contact : view.contacts) {
        changed.push_back(contact.id);
    }
    chats_.update(changed, picture_, now);
}

void Live::begin_again(const ports::View& view, Time now) {
    const bool is_first = !picture_.has_begun();
    picture_.apply(view);
    queues_changed_.clear();
    queues_sent_ = now;
    for (auto& [id, page] : sockets_) {
        page.socket->send(snapshot_for(page.identity));
    }
    chats_.update_all(picture_, now);
    if (!is_first) {
        open_new_desks();
        return;
    }
    for (const auto& [id, agent] : picture_.agents()) {
        Desk& desk = desks_[agent.name];
        if (!desk.pages.empty()) {
            open_desk(agent.name);
        } else if (agent.has_desk) {
            // Open since before a restart; closed if no page comes back.
            desk.close_at = now + kGraceAfterStart;
        }
    }
    std::erase_if(desks_,
                  [](const auto& d) { return d.second.pages.empty() && !d.second.close_at; });
}

// Of agents who came with another configuration while a page of theirs was open already.
void Live::open_new_desks() {
    for (const auto& [name, desk] : desks_) {
        const ports::AgentView* agent = picture_.agent_named(name);
        if (agent != nullptr && !agent->has_desk && !desk.pages.empty()) {
            open_desk(name);
        }
    }
}

// Who is touched, by the picture as it was before the view and by the view. Only agents with a page
// open count.
std::map<core::AgentId, Live::Change> Live::changes_by_agent(const ports::View& view) const {
    std::map<core::AgentId, Change> changes;
    for (const ports::AgentView& agent : view.agents) {
        if (has_pages(agent.id)) {
            changes[agent.id].is_agent_changed = true;
        }
    }
    const auto agent_before = [this](core::ContactId id) {
        const ports::ContactView* contact = picture_.contact(id);
        return contact == nullptr ? core::AgentId{} : contact->agent;
    };
    for (const ports::ContactView& contact : view.contacts) {
        const core::AgentId before = agent_before(contact.id);
        if (has_pages(contact.agent)) {
            changes[contact.agent].contacts.push_back(contact.id);
        }
        if (before != contact.agent && has_pages(before)) {
            changes[before].contacts_gone.push_back(contact.id);
        }
    }
    for (const core::ContactId gone : view.contacts_gone) {
        if (const core::AgentId before = agent_before(gone); has_pages(before)) {
            changes[before].contacts_gone.push_back(gone);
        }
    }
    return changes;
}

bool Live::has_pages(core::AgentId id) const {
    const ports::AgentView* agent = id.is_set() ? picture_.agent(id) : nullptr;
    if (agent == nullptr) {
        return false;
    }
    const auto desk = desks_.find(agent->name);
    return desk != desks_.end() && !desk->second.pages.empty();
}

const ports::AgentView* Live::own_agent(const Identity& identity) const {
    return is_desk_of(identity) ? picture_.agent_named(identity.person.agent) : nullptr;
}

ports::View Live::seen_by_others(ports::View view) const {
    std::erase_if(view.queues, [this](const ports::QueueView& queue) {
        const ports::QueueView* before = picture_.queue(queue.id);
        return before != nullptr && *before == queue;
    });
    std::erase_if(view.agents, [this](const ports::AgentView& agent) {
        const ports::AgentView* before = picture_.agent(agent.id);
        return before != nullptr && looks_alike(*before, agent);
    });
    return view;
}

void Live::send_to_supervisors(const ports::View& seen,
                               const std::map<core::AgentId, Change>& changes) {
    const bool is_news = !seen.queues.empty() || !seen.agents.empty() || !seen.contacts.empty() ||
                         !seen.contacts_gone.empty();
    Message shared;
    for (auto& [id, page] : sockets_) {
        if (!page.identity.person.roles.sees_all()) {
            continue;
        }
        const ports::AgentView* own = own_agent(page.identity);
        const auto change = own == nullptr ? changes.end() : changes.find(own->id);
        if (change != changes.end() && change->second.is_agent_changed) {
            page.socket->send(changes_text(seen, own));
        } else if (is_news) {
            shared = shared == nullptr ? changes_text(seen, nullptr) : shared;
            page.socket->send(shared);
        }
    }
}

Live::Message Live::changes_text(const ports::View& seen, const ports::AgentView* own) const {
    Parts parts;
    for (const ports::QueueView& queue : seen.queues) {
        parts.queues.push_back(queue_json(queue));
    }
    for (const ports::AgentView& agent : seen.agents) {
        if (own == nullptr || agent.id != own->id) {
            parts.agents.push_back(agent_json(agent, Seer::others));
        }
    }
    if (own != nullptr) {
        parts.agents.push_back(agent_json(*own, Seer::himself));
    }
    for (const ports::ContactView& contact : seen.contacts) {
        parts.contacts.push_back(contact_json(contact));
    }
    return std::make_shared<const std::string>(
        head("changes") + parts_json(parts) + ",\"contacts_gone\":" + ids_json(seen.contacts_gone) +
        "}");
}

void Live::send_to_desk(core::AgentId id, const Change& change) {
    const ports::AgentView* agent = picture_.agent(id);
    if (agent == nullptr) {
        return;
    }
    Parts parts;
    if (change.is_agent_changed) {
        parts.agents.push_back(agent_json(*agent, Seer::himself));
    }
    for (const core::ContactId contact : change.contacts) {
        if (const ports::ContactView* view = picture_.contact(contact)) {
            parts.contacts.push_back(contact_json(*view));
        }
    }
    const auto message = std::make_shared<const std::string>(
        head("changes") + parts_json(parts) +
        ",\"contacts_gone\":" + ids_json(change.contacts_gone) + "}");
    for (const SocketId page : desks_[agent->name].pages) {
        const Page& open = sockets_.at(page);
        if (!open.identity.person.roles.sees_all()) {
            open.socket->send(message);
        }
    }
}

void Live::send_queues_to_desks() {
    Parts parts;
    for (const core::QueueId id : queues_changed_) {
        if (const ports::QueueView* queue = picture_.queue(id)) {
            parts.queues.push_back(queue_json(*queue));
        }
    }
    const auto message = std::make_shared<const std::string>(head("changes") + parts_json(parts) +
                                                             ",\"contacts_gone\":[]}");
    for (auto& [id, page] : sockets_) {
        if (!page.identity.person.roles.sees_all()) {
            page.socket->send(message);
        }
    }
}

Live::SocketId Live::join(Socket& socket, Identity identity) {
    const SocketId id = ++last_socket_;
    const Page& page =
        sockets_.insert_or_assign(id, Page{&socket, std::move(identity), {}, 0, false})
            .first->second;
    if (is_desk_of(page.identity)) {
        const std::string& agent = page.identity.person.agent;
        Desk& desk = desks_[agent];
        const bool was_open = !desk.pages.empty() || desk.close_at.has_value();
        desk.pages.insert(id);
        desk.close_at.reset();
        if (!was_open && picture_.has_begun()) {
            open_desk(agent);
        }
    }
    if (picture_.has_begun()) {
        socket.send(snapshot_for(page.identity));
    }
    if (const ports::AgentView* agent = own_agent(page.identity)) {
        send_chats(socket, *agent);
    }
    return id;
}

void Live::leave(SocketId id, Time now) {
    const auto found = sockets_.find(id);
    if (found == sockets_.end()) {
        return;
    }
    const Identity identity = std::move(found->second.identity);
    sockets_.erase(found);
    telephones_.left(id);
    if (!is_desk_of(identity)) {
        return;
    }
    Desk& desk = desks_[identity.person.agent];
    desk.pages.erase(id);
    if (desk.pages.empty()) {
        desk.close_at = now + kGrace;
    }
}

void Live::hear(SocketId id, std::string_view text, Time now) {
    const auto found = sockets_.find(id);
    if (found == sockets_.end()) {
        return;
    }
    Page& page = found->second;
    if (page.is_closing) {
        return;
    }
    if (now - page.second >= seconds(1)) {
        page.second = now;
        page.heard = 0;
    }
    if (++page.heard > kTextsPerSecond) {
        page.is_closing = true;
        page.socket->close({kClosePolicy, "too many messages"});
        return;
    }
    if (const ports::AgentView* agent = own_agent(page.identity)) {
        hear_agent(id, page, agent->id, text, now);
    } else {
        refuse(*page.socket, "no_desk", "Only an agent's page has a telephone.");
    }
}

void Live::hear_agent(SocketId id, Page& page, core::AgentId agent, std::string_view text,
                      Time now) {
    const auto message = read_page_message(text);
    if (!message) {
        refuse(*page.socket, "bad_message", message.error());
    } else if (const auto* line = std::get_if<ChatSays>(&*message)) {
        if (const auto refused = chats_.agent_says(agent, line->contact, line->text, now)) {
            refuse(*page.socket, refused->code, refused->message);
        }
    } else if (const auto* typing = std::get_if<ChatTypes>(&*message)) {
        chats_.agent_types(agent, typing->contact);
    } else {
        telephones_.said(id, *page.socket, agent, *message);
    }
}

void Live::send_to_agent(core::AgentId id, const Message& message) {
    const ports::AgentView* agent = picture_.agent(id);
    const auto desk = agent == nullptr ? desks_.end() : desks_.find(agent->name);
    if (desk == desks_.end()) {
        return;
    }
    for (const SocketId page : desk->second.pages) {
        sockets_.at(page).socket->send(message);
    }
}

// What was written so far, to a page that was opened or loaded again.
void Live::send_chats(Socket& socket, const ports::AgentView& agent) const {
    for (const ports::WrittenView& each : agent.written) {
        if (const auto whole = chats_.whole_for_agent(agent.id, each.contact, picture_)) {
            socket.send(whole);
        }
    }
}

void Live::tick(Time now) {
    chats_.forget(now);
    for (auto it = desks_.begin(); it != desks_.end();) {
        if (!it->second.close_at || *it->second.close_at > now) {
            ++it;
            continue;
        }
        if (const ports::AgentView* agent = picture_.agent_named(it->first)) {
            centre_.submit(core::CloseDesk{agent->id}, "", [](const auto&) {});
        }
        it = desks_.erase(it);
    }
    if (!queues_changed_.empty() && now - queues_sent_ >= kQueuesEvery) {
        send_queues_to_desks();
        queues_changed_.clear();
        queues_sent_ = now;
    }
}

void Live::close_where(const std::function<bool(const Identity&)>& is_over) {
    for (auto& [id, page] : sockets_) {
        if (is_over(page.identity)) {
            page.is_closing = true;
            page.socket->close({kClosePolicy, "signed out"});
        }
    }
}

void Live::open_desk(const std::string& name) {
    // A refusal (the desk is open, the agent is gone) changes nothing here: the view tells.
    if (const ports::AgentView* agent = picture_.agent_named(name)) {
        centre_.submit(core::OpenDesk{agent->id}, "", [](const auto&) {});
    }
}

std::string Live::head(std::string_view type) const {
    return "{\"type\":\"" + std::string(type) +
           "\",\"sequence\":" + std::to_string(picture_.sequence()) + ",\"at\":\"" +
           time_text(picture_.at()) + "\"";
}

Live::Message Live::snapshot_for(const Identity& identity) {
    const ports::AgentView* agent = own_agent(identity);
    if (identity.person.roles.sees_all()) {
        if (agent != nullptr) {
            return whole_snapshot(agent);
        }
        whole_snapshot_ = whole_snapshot_ == nullptr ? whole_snapshot(nullptr) : whole_snapshot_;
        return whole_snapshot_;
    }
    Parts parts;
    for (const auto& [id, queue] : picture_.queues()) {
        parts.queues.push_back(queue_json(queue));
    }
    if (agent != nullptr) {
        parts.agents.push_back(agent_json(*agent, Seer::himself));
        for (const ports::ContactView* contact : picture_.contacts_of(agent->id)) {
            parts.contacts.push_back(contact_json(*contact));
        }
    }
    return std::make_shared<const std::string>(head("snapshot") + parts_json(parts) + "}");
}

Live::Message Live::whole_snapshot(const ports::AgentView* own) const {
    Parts parts;
    for (const auto& [id, queue] : picture_.queues()) {
        parts.queues.push_back(queue_json(queue));
    }
    for (const auto& [id, agent] : picture_.agents()) {
        const bool is_own = own != nullptr && id == own->id;
        parts.agents.push_back(agent_json(agent, is_own ? Seer::himself : Seer::others));
    }
    for (const auto& [id, contact] : picture_.contacts()) {
        parts.contacts.push_back(contact_json(contact));
    }
    return std::make_shared<const std::string>(head("snapshot") + parts_json(parts) + "}");
}

}  // namespace lanze::api
