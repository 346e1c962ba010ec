#include "api/guests.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <tuple>
#include <utility>

#include "api/json_view.h"
#include "api/passwords.h"
#include "base/variant.h"

namespace lanze::api {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kKeyBytes = 32;
// Calls that are over and whose pages may still ask why; so many for each that may be open.
constexpr std::size_t kKeptPerOpen = 4;
constexpr Duration kFullRetry = seconds(30);

std::shared_ptr<const std::string> shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

std::string flag(bool is_set) {
    return is_set ? "true" : "false";
}

}  // namespace

Guests::Guests(ports::Centre& centre, const Picture& picture, Chats& chats,
               CallPageSettings settings)
    : centre_(centre),
      picture_(picture),
      chats_(chats),
      settings_(std::move(settings)),
      rate_(settings_.calls_per_minute, settings_.calls_per_hour),
      challenges_(random_hex(kKeyBytes)) {
    chats_.tell_guests([this](ports::GuestId guest, const Chats::Message& message) {
        if (const Session* session = find(guest)) {
            send(*session, *message);
        }
    });
}

bool Guests::asks_challenge(Time now) {
    return std::max(open_, rate_.in_last_minute(now)) >= settings_.proof_of_work_from;
}

const CallConcern* Guests::concern(std::string_view queue) const {
    const auto found = std::ranges::find(settings_.concerns, queue, &CallConcern::queue);
    return found == settings_.concerns.end() ? nullptr : &*found;
}

std::string Guests::concerns_json(Time now) {
    std::vector<std::string> texts;
    for (const auto& [id, queue] : picture_.queues()) {
        const CallConcern* found = concern(queue.name);
        if (found == nullptr) {
            continue;
        }
        const bool says_when = queue.changes_at && !queue.is_open;
        texts.push_back("{\"queue\":" + text_json(queue.name) + ",\"title\":{\"de\":" +
                        text_json(found->title_de) + ",\"en\":" + text_json(found->title_en) +
                        "},\"is_open\":" + flag(queue.is_open) + ",\"opens_at\":" +
                        (says_when ? text_json(time_text(*queue.changes_at)) : "null") +
                        ",\"waiting\":" + std::to_string(queue.waiting) +
                        ",\"told_wait\":" + told_wait_json(queue.told_wait) + "}");
    }
    return "{\"concerns\":" + array_json(texts) +
           ",\"asks_challenge\":" + flag(asks_challenge(now)) + "}";
}

std::string Guests::challenge_json(const IpAddress& from, Time now) {
    const Challenge made = challenges_.make(address_key(from), settings_.proof_of_work_bits, now);
    return "{\"challenge\":" + text_json(made.text) + ",\"bits\":" + std::to_string(made.bits) +
           ",\"expires\":" + text_json(time_text(made.expires)) + "}";
}

std::size_t Guests::open_of(const std::string& address) const {
    return static_cast<std::size_t>(std::ranges::count_if(sessions_, [&](const auto& entry) {
        return !entry.second.over && entry.second.address == address;
    }));
}

// In the order in which a page can do something about it; what costs us least comes first.
std::optional<Guests::Refused> Guests::refusal_of(const GuestWish& wish, const std::string& address,
                                                  Time now) {
    const auto& queues = picture_.queues();
    const bool is_there = std::ranges::any_of(
        queues, [&](const auto& entry) { return entry.second.name == wish.queue; });
    if (concern(wish.queue) == nullptr || !is_there) {
        return Refused{404, "unknown_queue", "This concern cannot be called from a page.", {}};
    }
    const bool asks = asks_challenge(now);  // by the others
    const Refused unsolved{428,
                           "challenge_needed",
                           "Many call at the moment; solve a challenge of POST "
                           "/api/v1/call/challenge and send it as solution.",
                           {}};
    if (asks && wish.challenge.empty()) {
        return unsolved;  // a question, not an attempt: it does not count
    }
    if (const auto wait = rate_.begin(address, now)) {
        return Refused{429, "too_many_calls", "Too many calls came from this address; wait.",
                       *wait};
    }
    if (open_of(address) >= settings_.calls_at_once) {
        return Refused{429, "too_many_at_once",
                       "Too many calls are open from this address; end one first.", kFullRetry};
    }
    if (asks && !challenges_.solve(address, wish.challenge, wish.answer,
                                   settings_.proof_of_work_bits, now)) {
        return unsolved;
    }
    if (open_ >= settings_.at_once || sessions_.size() >= settings_.at_once * kKeptPerOpen) {
        return Refused{503, "too_many_guests", "Too many people call from pages at the moment.",
                       kFullRetry};
    }
    return std::nullopt;
}

std::variant<Guests::Begun, Guests::Refused> Guests::begin(const GuestWish& wish,
                                                           const IpAddress& from, Time now) {
    const std::string address = address_key(from);
    if (auto refused = refusal_of(wish, address, now)) {
        ++refused_;
        return std::move(*refused);
    }
    ++begun_;
    const std::string token = random_hex(kTokenBytes);
    Session session;
    session.id = ports::GuestId{++last_guest_};
    session.token_hash = sha256_hex(token);
    session.address = address;
    for (const auto& [id, queue] : picture_.queues()) {
        session.queue = queue.name == wish.queue ? id : session.queue;
    }
    session.queue_name = wish.queue;
    session.channel = wish.channel;
    session.name = wish.name;
    session.expires = now + settings_.token_valid;
    by_token_.emplace(session.token_hash, session.id);
    const Begun begun{token, session.expires};
    sessions_.emplace(session.id, std::move(session));
    ++open_;
    return begun;
}

Guests::Session* Guests::find(ports::GuestId id) {
    const auto place = sessions_.find(id);
    return place == sessions_.end() ? nullptr : &place->second;
}

// By its hash, so that how long the look-up takes tells nothing of tokens that exist.
Guests::Session* Guests::find_token(std::string_view token) {
    const auto place = by_token_.find(sha256_hex(token));
    return place == by_token_.end() ? nullptr : find(place->second);
}

std::optional<ports::GuestId> Guests::known(std::string_view token) {
    const Session* session = find_token(token);
    return session == nullptr ? std::nullopt : std::optional(session->id);
}

bool Guests::hang_up(std::string_view token, Time now) {
    Session* session = find_token(token);
    if (session == nullptr || session->over) {
        return false;
    }
    say(*session, ports::PhoneClosed{true}, now);
    return true;
}

// What was never connected is unknown to the centre.
void Guests::say(Session& session, const ports::GuestMessage& message, Time now) {
    const auto* closed = std::get_if<ports::PhoneClosed>(&message);
    if (session.has_called) {
        centre_.guest(session.id, message);
    } else if (closed != nullptr && closed->is_meant) {
        end(session, ports::GuestOverReason::hung_up, now);
    }
}

Guests::SocketId Guests::join(Socket& socket, const IpAddress& from, Time now) {
    const std::string address = address_key(from);
    std::size_t strangers = 0;
    std::size_t of_address = 0;
    for (const auto& [id, page] : pages_) {
        const bool is_stranger = !page.guest.is_set();
        strangers += is_stranger ? 1U : 0U;
        of_address += is_stranger && page.address == address ? 1U : 0U;
    }
    if (strangers >= kStrangersMax || of_address >= kStrangersPerAddress) {
        socket.close({kCloseTryAgain, "too_many_connections"});
        return 0;
    }
    const SocketId id = ++last_socket_;
    Page page;
    page.socket = &socket;
    page.address = address;
    page.since = now;
    pages_.emplace(id, std::move(page));
    return id;
}

void Guests::leave(SocketId id, Time now) {
    const auto place = pages_.find(id);
    if (place == pages_.end()) {
        return;
    }
    Session* session = find(place->second.guest);
    pages_.erase(place);
    if (session == nullptr || session->socket != id) {
        return;
    }
    session->socket = 0;
    if (!session->over) {
        say(*session, ports::PhoneClosed{false}, now);
    }
}

void Guests::close(Page& page, std::string reason) {
    page.is_closing = true;
    page.socket->close({kClosePolicy, std::move(reason)});
}

void Guests::hear(SocketId id, std::string_view text, Time now) {
    const auto place = pages_.find(id);
    if (place == pages_.end() || place->second.is_closing) {
        return;
    }
    Page& page = place->second;
    if (now - page.second >= seconds(1)) {
        page.second = now;
        page.heard = 0;
    }
    if (++page.heard > kTextsPerSecond) {
        close(page, "too_many_messages");
        return;
    }
    if (Session* session = find(page.guest)) {
        hear_known(*session, page, text, now);
        return;
    }
    const auto says = read_guest_message(text);
    const auto* hello = says ? std::get_if<GuestHello>(&*says) : nullptr;
    if (hello == nullptr) {
        close(page, "no_hello");  // a stranger is told nothing
    } else {
        say_hello(id, page, *hello, now);
    }
}

void Guests::hear_known(Session& session, Page& page, std::string_view text, Time now) {
    const auto says = read_guest_message(text);
    if (!says || std::holds_alternative<GuestHello>(*says)) {
        refuse(*page.socket, "bad_message",
               says ? "This page has said hello already." : says.error());
    } else if (const auto* line = std::get_if<GuestLine>(&*says)) {
        if (const auto refused = chats_.guest_says(session.id, line->text, now)) {
            refuse(*page.socket, refused->code, refused->message);
        }
    } else if (std::holds_alternative<GuestTypes>(*says)) {
        chats_.guest_types(session.id);
    } else if (!session.over) {
        say(session, std::get<ports::GuestMessage>(*says), now);
    }
}

// One page holds a call: a second one with the same token takes it over.
void Guests::say_hello(SocketId id, Page& page, const GuestHello& hello, Time now) {
    Session* session = find_token(hello.token);
    if (session == nullptr) {
        close(page, "unknown_token");
        return;
    }
    if (const auto other = pages_.find(session->socket); other != pages_.end()) {
        other->second.guest = {};
        close(other->second, "taken_over");
    }
    page.guest = session->id;
    session->socket = id;
    session->told.clear();
    page.socket->send(shared(welcome_json(session->queue_name, session->channel)));
    if (const auto chat = chats_.whole_for_guest(session->id)) {
        page.socket->send(chat);
    }
    if (session->over) {
        send(*session, over_json(*session->over));
        return;
    }
    if (session->has_called) {
        say(*session, ports::PhoneOpened{}, now);
        show_places(now);
        return;
    }
    session->has_called = true;
    centre_.guest(session->id, ports::GuestCalls{session->queue, session->channel, session->name});
}

void Guests::send(const Session& session, std::string text) {
    const auto page = pages_.find(session.socket);
    if (page != pages_.end() && !page->second.is_closing) {
        page->second.socket->send(shared(std::move(text)));
    }
}

void Guests::end(Session& session, ports::GuestOverReason reason, Time now) {
    if (session.over) {
        return;
    }
    session.over = reason;
    session.over_at = now;
    by_contact_.erase(session.contact);
    --open_;
    send(session, over_json(reason));
}

void Guests::tell(ports::GuestId guest, const ports::GuestNews& news, Time now) {
    Session* session = find(guest);
    if (session == nullptr) {
        return;
    }
    if (const auto* queued = std::get_if<ports::GuestQueued>(&news)) {
        by_contact_.erase(session->contact);
        session->contact = queued->contact;
        session->shown.reset();
        by_contact_[queued->contact] = guest;
        if (session->channel == core::Channel::chat) {
            chats_.open(guest, queued->contact, picture_);
        }
        show_places(now);
    } else if (const auto* over = std::get_if<ports::GuestOver>(&news)) {
        end(*session, over->reason, now);
    } else {
        send(*session, guest_phone_json(news, ice_servers_(guest)));
    }
}

// A new state of a guest is told at once; places, which others change too, at most so often.
void Guests::apply(const ports::View& view, Time now) {
    is_changed_ = true;
    for (const ports::ContactView& contact : view.contacts) {
        const auto place = by_contact_.find(contact.id);
        const Session* session = place == by_contact_.end() ? nullptr : find(place->second);
        if (session != nullptr && session->shown != contact.state) {
            show_places(now);
            return;
        }
    }
}

void Guests::tick(Time now) {
    for (auto& [id, page] : pages_) {
        if (!page.guest.is_set() && !page.is_closing && now - page.since >= kHelloWithin) {
            close(page, "no_hello");
        }
    }
    for (auto it = sessions_.begin(); it != sessions_.end();) {
        Session& session = it->second;
        if (!session.over && !session.has_called && now >= session.expires) {
            end(session, ports::GuestOverReason::hung_up, now);
        }
        if (!session.over || now - session.over_at < kOverKept) {
            ++it;
            continue;
        }
        if (const auto page = pages_.find(session.socket); page != pages_.end()) {
            page->second.guest = {};
            close(page->second, "over");
        }
        by_token_.erase(session.token_hash);
        it = sessions_.erase(it);
    }
    if (is_changed_ && now - places_shown_ >= kPlacesEvery) {
        show_places(now);
    }
}

// As the router orders one queue, whatever the rule between queues (docs/call-page.md).
Guests::Rank Guests::rank_of(const ports::ContactView& contact) {
    return {!contact.is_overdue, contact.is_overdue ? std::uint8_t{0} : contact.priority,
            contact.queued, contact.id};
}

Guests::Ranks Guests::ranks() const {
    Ranks ranks;
    for (const auto& [contact, guest] : by_contact_) {
        const ports::ContactView* view = picture_.contact(contact);
        if (view != nullptr && view->state == ports::ContactState::waiting) {
            ranks[view->queue];
        }
    }
    if (ranks.empty()) {
        return ranks;
    }
    for (const auto& [id, contact] : picture_.contacts()) {
        const auto queue = ranks.find(contact.queue);
        if (queue != ranks.end() && contact.state == ports::ContactState::waiting) {
            queue->second.push_back(rank_of(contact));
        }
    }
    for (auto& [queue, list] : ranks) {
        std::ranges::sort(list);
    }
    return ranks;
}

void Guests::show_places(Time now) {
    is_changed_ = false;
    places_shown_ = now;
    const Ranks by_queue = ranks();
    for (const auto& [contact, guest] : by_contact_) {
        Session* session = find(guest);
        const ports::ContactView* view = picture_.contact(contact);
        if (session == nullptr || view == nullptr) {
            continue;
        }
        GuestPlace place{view->state, {}, {}, view->queued, view->since};
        if (view->state == ports::ContactState::waiting) {
            const std::vector<Rank>& list = by_queue.at(view->queue);
            const auto at = std::ranges::lower_bound(list, rank_of(*view));
            place.before = static_cast<std::uint32_t>(at - list.begin());
            place.told_wait = view->told_wait;
        }
        session->shown = view->state;
        std::string text = place_json(place);
        if (text != session->told) {
            session->told = text;
            send(*session, std::move(text));
        }
    }
}

}  // namespace lanze::api
