// Live: spreads the centre's views to the WebSockets, each seeing what its role may, and keeps an
// agent's desk open as long as a page of his is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/chats.h"
#include "api/people.h"
#include "api/picture.h"
#include "api/telephone.h"
#include "core/config.h"
#include "ports/centre.h"

namespace lanze::api {

// Who asks, and by what he is known.
struct Identity {
    Person person;
    std::string credential;  // the session's or the program's token
    bool is_program = false;
};

// Why a WebSocket is closed (RFC 6455 §7.4).
struct CloseReason {
    std::uint16_t code = 1000;
    std::string text;
};
inline constexpr std::uint16_t kClosePolicy = 1008;    // no longer signed in
inline constexpr std::uint16_t kCloseTryAgain = 1013;  // reads too slowly

// One WebSocket as Live sees it. Both calls only note what is to be done and return at once.
class Socket {
public:
    virtual ~Socket() = default;
    virtual void send(std::shared_ptr<const std::string> message) = 0;
    virtual void close(CloseReason reason) = 0;
};

// Used on the web thread only. `now` is steady enough for seconds of grace.
class Live {
public:
    // How long an agent's desk stays open without a page: a reload is quicker.
    static constexpr Duration kGrace = seconds(10);
    // After a start pages come back by themselves, but not at once.
    static constexpr Duration kGraceAfterStart = seconds(30);
    // Agents see their own state at once; the queues' figures are gathered this long, as with many
    // desks each change of a queue would otherwise go out a thousandfold.
    static constexpr Duration kQueuesEvery = milliseconds(500);

    using SocketId = std::uint64_t;
    static constexpr std::size_t kTextsPerSecond = 50;

    explicit Live(ports::Centre& centre);

    void apply(const ports::View& view, Time now);
    // Sends the snapshot (or later, when there is one) and opens the agent's desk. `socket` must
    // stay until leave().
    SocketId join(Socket& socket, Identity identity);
    void leave(SocketId id, Time now);
    // A text from the page; too many in a second end it.
    void hear(SocketId id, std::string_view text, Time now);
    // What pages that become telephones are told to use: RTCPeerConnection's iceServers as JSON.
    void tell_ice_servers(std::function<std::string(core::AgentId)> servers) {
        telephones_.tell_ice_servers(std::move(servers));
    }
    // News for the agent's telephone.
    void tell_phone(core::AgentId agent, const ports::PhoneNews& news) {
        telephones_.tell(agent, news);
    }
    // Agents' pages are told of theirs here; whoever lets guests in says where those are told.
    Chats& chats() { return chats_; }
    // Call a few times a second.
    void tick(Time now);
    // Closes the WebSockets of those for whom `is_over` says so.
    void close_where(const std::function<bool(const Identity&)>& is_over);

    const Picture& picture() const { return picture_; }
    std::size_t sockets() const { return sockets_.size(); }

private:
    using Message = std::shared_ptr<const std::string>;
    struct Page {
        Socket* socket;
        Identity identity;
        Time second{};  // in which `heard` texts came
        std::size_t heard = 0;
        bool is_closing = false;  // told to go: what it still says is not heard
    };
    // An agent's pages that are open, by agent name; the agent's id is known by the picture.
    struct Desk {
        std::set<SocketId> pages;
        std::optional<Time> close_at;
    };
    // What changed for one agent.
    struct Change {
        bool is_agent_changed = false;
        std::vector<core::ContactId> contacts;
        std::vector<core::ContactId> contacts_gone;
    };

    void begin_again(const ports::View& view, Time now);
    void send_to_agent(core::AgentId id, const Message& message);
    void send_chats(Socket& socket, const ports::AgentView& agent) const;
    void look_at_chats(const ports::View& view, Time now);
    void hear_agent(SocketId id, Page& page, core::AgentId agent, std::string_view text, Time now);
    void open_new_desks();
    std::map<core::AgentId, Change> changes_by_agent(const ports::View& view) const;
    bool has_pages(core::AgentId id) const;
    // The agent at whose desk the person sits; null: none.
    const ports::AgentView* own_agent(const Identity& identity) const;
    // Without the queues and agents that look to others as before: that something was sent would
    // tell what is an agent's own matter.
    ports::View seen_by_others(ports::View view) const;
    void send_to_supervisors(const ports::View& seen,
                             const std::map<core::AgentId, Change>& changes);
    // All that is seen, and `own` (null: none) as he sees himself.
    Message changes_text(const ports::View& seen, const ports::AgentView* own) const;
    void send_to_desk(core::AgentId id, const Change& change);
    void send_queues_to_desks();
    void open_desk(const std::string& name);
    Message snapshot_for(const Identity& identity);
    Message whole_snapshot(const ports::AgentView* own) const;
    std::string head(std::string_view type) const;

    ports::Centre& centre_;
    Telephones telephones_;
    Chats chats_;
    Picture picture_;
    std::map<SocketId, Page> sockets_;
    std::map<std::string, Desk> desks_;
    std::set<core::QueueId> queues_changed_;  // since desks were told
    Time queues_sent_;
    Message whole_snapshot_;  // as it is for many; null: to be made again
    SocketId last_socket_ = 0;
};

}  // namespace lanze::api
