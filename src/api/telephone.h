// Telephones: which page of an agent is his telephone, and the messages between it and the centre.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "api/bodies.h"
#include "base/time.h"
#include "core/ids.h"
#include "ports/centre.h"
#include "ports/phone.h"

namespace lanze::api {

class Socket;

// The page wants to be the agent's telephone, if need be in place of another page of his.
struct PhoneOpen {
    bool takes_over = false;
    friend bool operator==(const PhoneOpen&, const PhoneOpen&) = default;
};
// He wants no calls there any more.
struct PhoneClose {
    friend bool operator==(const PhoneClose&, const PhoneClose&) = default;
};
// What the agent writes in a chat of his, and that he is about to.
struct ChatSays {
    core::ContactId contact;
    std::string text;
    friend bool operator==(const ChatSays&, const ChatSays&) = default;
};
struct ChatTypes {
    core::ContactId contact;
    friend bool operator==(const ChatTypes&, const ChatTypes&) = default;
};
using PageSays = std::variant<PhoneOpen, PhoneClose, ports::PhoneMessage, ChatSays, ChatTypes>;

// A JSON text from a page (docs/browser-phone.md). The error is a sentence.
FromBody<PageSays> read_page_message(std::string_view text);

// What the page is told, as JSON; `ice_servers` is an array.
std::string phone_news_json(const ports::PhoneNews& news, std::string_view ice_servers);

// Tells a page that it was refused something, by a stable code and a sentence.
void refuse(Socket& socket, std::string_view code, std::string_view message);

// Used on the web thread only. A socket must stay until left().
class Telephones {
public:
    using SocketId = std::uint64_t;

    explicit Telephones(ports::Centre& centre) : centre_(centre) {}

    // RTCPeerConnection's iceServers as JSON, for whoever is told that his page is the telephone.
    void tell_ice_servers(std::function<std::string(core::AgentId)> servers) {
        ice_servers_ = std::move(servers);
    }

    // A message about the telephone from a page of the agent; what cannot be done is told to the
    // page.
    void said(SocketId id, Socket& socket, core::AgentId agent, const PageSays& message);
    // News for the agent's telephone; without a page they are dropped, for it is told anew.
    void tell(core::AgentId agent, const ports::PhoneNews& news);
    // The page is gone.
    void left(SocketId id);

private:
    // One page is the telephone; others that wanted to be it wait until it goes.
    struct Line {
        SocketId holder = 0;  // 0: none
        Socket* socket = nullptr;
        std::map<SocketId, Socket*> waiting;
    };

    void open(SocketId id, Socket& socket, core::AgentId agent, const PhoneOpen& wish);
    void let_go(core::AgentId agent, Line& line, bool is_meant);

    ports::Centre& centre_;
    std::function<std::string(core::AgentId)> ice_servers_ = [](core::AgentId) { return "[]"; };
    std::map<core::AgentId, Line> lines_;
};

}  // namespace lanze::api
