// Guests: callers from web pages: who may begin a call, their tokens, their pages, and where each
// stands in the queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "api/call_page.h"
#include "api/chats.h"
#include "api/guest_gate.h"
#include "api/guest_messages.h"
#include "api/live.h"
#include "api/picture.h"
#include "base/endpoint.h"
#include "base/time.h"
#include "ports/centre.h"
#include "ports/guest.h"

namespace lanze::api {

struct GuestFigures {
    std::size_t open = 0;     // not over
    std::uint64_t begun = 0;  // since the start, as is
    std::uint64_t refused = 0;
};

// Used on the web thread only. Whatever comes from a guest is of a stranger: each thing has a
// limit.
class Guests {
public:
    using SocketId = std::uint64_t;
    static constexpr Duration kHelloWithin = seconds(5);
    static constexpr Duration kOverKept = seconds(60);  // for a page that comes back too late
    static constexpr Duration kPlacesEvery = seconds(1);
    static constexpr std::size_t kTextsPerSecond = 20;
    static constexpr std::size_t kStrangersMax = 100;  // connections without a token yet
    static constexpr std::size_t kStrangersPerAddress = 8;

    // `picture` is the one the API shows, `chats` holds what guests write; all outlive this.
    Guests(ports::Centre& centre, const Picture& picture, Chats& chats, CallPageSettings settings);

    const CallPageSettings& settings() const { return settings_; }
    // The concerns with who waits and the wait that is told, and whether a challenge is asked.
    std::string concerns_json(Time now);

    // Why a call cannot begin.
    struct Refused {
        unsigned status = 400;
        std::string code;
        std::string message;
        std::optional<Duration> retry_after;
    };
    struct Begun {
        std::string token;  // 256 random bits, told once, kept as a hash
        Time expires;       // until the page connects
    };
    std::string challenge_json(const IpAddress& from, Time now);
    std::variant<Begun, Refused> begin(const GuestWish& wish, const IpAddress& from, Time now);
    // Hangs up without a connection. False: there is no such call.
    bool hang_up(std::string_view token, Time now);
    // Whose token it is; nothing: nobody's (any more).
    std::optional<ports::GuestId> known(std::string_view token);
    Chats& chats() { return chats_; }

    // A connection; 0: too many that have not said who they are.
    SocketId join(Socket& socket, const IpAddress& from, Time now);
    void leave(SocketId id, Time now);
    void hear(SocketId id, std::string_view text, Time now);

    void tell(ports::GuestId guest, const ports::GuestNews& news, Time now);
    // After the picture has taken the view.
    void apply(const ports::View& view, Time now);
    // Call a few times a second.
    void tick(Time now);
    void tell_ice_servers(std::function<std::string(ports::GuestId)> servers) {
        ice_servers_ = std::move(servers);
    }

    GuestFigures figures() const { return {open_, begun_, refused_}; }

private:
    struct Session {
        ports::GuestId id;
        std::string token_hash;
        std::string address;
        core::QueueId queue;
        std::string queue_name;
        core::Channel channel = core::Channel::voice;
        std::string name;
        Time expires;             // unless the page has connected
        bool has_called = false;  // it has
        SocketId socket = 0;      // 0: the page is away
        core::ContactId contact;
        std::optional<ports::ContactState> shown;
        std::string told;  // the last place
        std::optional<ports::GuestOverReason> over;
        Time over_at;
    };
    struct Page {
        Socket* socket = nullptr;
        std::string address;
        Time since;
        ports::GuestId guest;  // unset: a stranger
        Time second{};         // in which `heard` texts came
        std::size_t heard = 0;
        bool is_closing = false;
    };
    // The order in which the contacts of one queue are taken.
    using Rank = std::tuple<bool, std::uint8_t, Time, core::ContactId>;
    using Ranks = std::map<core::QueueId, std::vector<Rank>>;

    bool asks_challenge(Time now);
    const CallConcern* concern(std::string_view queue) const;
    std::optional<Refused> refusal_of(const GuestWish& wish, const std::string& address, Time now);
    std::size_t open_of(const std::string& address) const;
    Session* find(ports::GuestId id);
    Session* find_token(std::string_view token);
    void say_hello(SocketId id, Page& page, const GuestHello& hello, Time now);
    void say(Session& session, const ports::GuestMessage& message, Time now);
    void hear_known(Session& session, Page& page, std::string_view text, Time now);
    void close(Page& page, std::string reason);
    void send(const Session& session, std::string text);
    void end(Session& session, ports::GuestOverReason reason, Time now);
    void show_places(Time now);
    Ranks ranks() const;
    static Rank rank_of(const ports::ContactView& contact);

    ports::Centre& centre_;
    const Picture& picture_;
    Chats& chats_;
    CallPageSettings settings_;
    GuestRate rate_;
    GuestChallenges challenges_;
    std::function<std::string(ports::GuestId)> ice_servers_ = [](ports::GuestId) { return "[]"; };
    std::map<ports::GuestId, Session> sessions_;
    std::unordered_map<std::string, ports::GuestId> by_token_;
    std::unordered_map<core::ContactId, ports::GuestId> by_contact_;
    std::map<SocketId, Page> pages_;
    std::size_t open_ = 0;  // sessions that are not over
    std::uint64_t last_guest_ = 0;
    std::uint64_t begun_ = 0;
    std::uint64_t refused_ = 0;
    SocketId last_socket_ = 0;
    bool is_changed_ = false;
    Time places_shown_;
};

}  // namespace lanze::api
