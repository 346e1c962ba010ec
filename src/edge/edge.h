// Edge: turns SIP and media into commands, and events into SIP and media; bytes and time in, values
// out.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "core/floor.h"
#include "core/record.h"
#include "edge/dial_out.h"
#include "edge/leg.h"
#include "edge/methods.h"
#include "edge/outbox.h"
#include "edge/phones.h"
#include "edge/port_pool.h"
#include "edge/provider.h"
#include "edge/settings.h"
#include "edge/trunks.h"
#include "ports/centre.h"
#include "ports/clock.h"
#include "ports/guest.h"
#include "ports/journal.h"
#include "ports/media.h"
#include "ports/outside.h"
#include "ports/phone.h"
#include "sip/message.h"
#include "sip/transaction.h"

namespace lanze::edge {

// Counted for /metrics and the log.
struct EdgeFigures {
    std::uint64_t commands = 0;
    std::uint64_t refusals = 0;
    std::uint64_t received = 0;
    std::uint64_t malformed = 0;
    std::uint64_t rejected = 0;  // answered 4xx–6xx by us
};

// Why what a page said as a telephone had no effect; nothing: it had.
using PhoneRefused = std::optional<ports::CommandRefused>;

class Edge {
public:
    // `floor` outlives the edge; only the edge changes it from now on.
    Edge(core::Floor& floor, Settings settings, ports::Entropy& entropy);

    // One datagram or framed message.
    void receive(std::string_view bytes, const sip::Flow& flow, Time now);
    // A connection broke, or a datagram could not be sent.
    void transport_failed(const sip::Flow& flow, Time now);
    void report(const ports::MediaReport& report, Time now);
    // A command of the API or the application. Refused: nothing changed.
    std::optional<core::Refusal> command(const core::Command& command, Time now);
    // Other people, queues, rules, numbers, trunks and phones from now on; refused, nothing
    // changes, and the message names in plain words what stands in the way. Calls in progress and
    // registrations of who stays go on. Sockets, realm and the accounts at providers must be those
    // of before.
    Result<void, ports::CommandRefused> configure(Settings next, core::Config config, Time now);
    // The agent hangs up, declines, or takes a chat at the desk. Unset: the call.
    std::optional<core::Refusal> hang_up(core::AgentId agent, core::ContactId contact, Time now);
    std::optional<core::Refusal> reject(core::AgentId agent, core::ContactId contact, Time now);
    std::optional<core::Refusal> take(core::AgentId agent, core::ContactId contact, Time now);
    // What the agent writes down about the contact he is in, or whose wrap-up he is in; takes the
    // place of what was written before. The text's limit is the asker's affair.
    std::optional<core::Refusal> remark(core::AgentId agent, core::ContactId contact,
                                        std::string text);
    // The agent who asks a colleague turns to him, or to the caller; the other one hears music.
    std::optional<core::Refusal> talk_with(core::AgentId agent, ports::TalkPartner partner,
                                           Time now);
    // Calls a number outside about the contact the agent talks in, if the configuration allows it;
    // `text` is the number as a person writes it. Refused: nothing was sent.
    PhoneRefused dial(core::AgentId agent, const std::string& text, ports::DialFor what, Time now);
    PhoneRefused outside(core::AgentId agent, ports::OutsideStep step, Time now);
    // The number outside that has a part in the contact, or had the last one.
    std::optional<ports::OutsideView> outside_of(core::ContactId contact) const;
    // Nothing: no number at all.
    std::optional<ports::Dialable> dialable() const;
    // Calls somebody of the agent's own accord, while he has no call: his telephone first. Refused:
    // nothing rings.
    PhoneRefused call_somebody(core::AgentId agent, const ports::OwnCallTarget& target, Time now);
    // The last of these calls; nothing: there was none.
    std::optional<ports::OwnCallView> own_call_of(core::AgentId agent) const;
    // What the agent's page says as his telephone.
    PhoneRefused phone(core::AgentId agent, const ports::PhoneMessage& message, Time now);
    // What a guest's page says; what became of it comes as news.
    void guest(ports::GuestId guest, const ports::GuestMessage& message, Time now);
    void advance(Time now);
    std::optional<Time> next_deadline() const;
    // Media queues or the journal are full: new calls get 503 until told otherwise.
    void set_overloaded(bool is_overloaded) { is_overloaded_ = is_overloaded; }
    // The provider of `trunk` was looked up; no endpoint: it is looked up again later.
    void provider_found(std::size_t trunk, std::vector<Endpoint> endpoints, Time now);
    // The centre closes: providers are told, so that callers hear it from them at once.
    void leave_providers(Time now);

    // Notes of the old process: its dialogs are ended, registrations are taken over.
    // `last_sequence` is the journal's; the next batch follows it.
    void restore(const std::vector<ports::Note>& notes, std::uint64_t last_sequence, Time now);
    // The process ends, or came back and knows none of its contacts any more.
    void cut_off_all(core::CutOffCause cause, Time now);
    core::RecordKeeper& records() { return records_; }

    // What was decided since the last call, for the journal; nothing: its effects are free at once.
    std::optional<ports::Batch> take_batch();
    // Everything up to `durable` is safe: its effects leave, in order.
    void release(std::uint64_t durable, Time now);
    // Bytes for the wire and orders for the media since the last call.
    std::vector<sip::Send> take_sends() { return std::exchange(transaction_output_.sends, {}); }
    std::vector<ports::MediaOrder> take_orders() { return std::exchange(orders_, {}); }
    // For agents' pages since the last call.
    std::vector<SendNews> take_phone_news() { return std::exchange(phone_news_, {}); }
    // For guests' pages since the last call.
    std::vector<SendGuestNews> take_guest_news() { return std::exchange(guest_news_, {}); }
    // Calls to numbers outside since the last call, for the log.
    std::vector<ports::OutsideNews> take_outside_news() { return std::exchange(outside_news_, {}); }
    // Talks in which a number outside has done something since the last call.
    std::vector<core::ContactId> take_changed_talks() { return std::exchange(changed_talks_, {}); }
    // Providers to be looked up by DNS since the last call.
    std::vector<ProviderLookup> take_lookups() { return std::exchange(lookups_, {}); }
    // How registrations at providers stand now, and what changed since the last call.
    std::vector<ProviderStanding> provider_standings() const;
    std::vector<ProviderStanding> take_provider_news() { return std::exchange(provider_news_, {}); }
    // What happened since the last call, for the live view.
    std::vector<core::Event> take_events() { return std::exchange(events_, {}); }

    const EdgeFigures& figures() const { return figures_; }
    std::size_t transaction_count() const { return transactions_.size(); }
    std::size_t leg_count() const { return legs_.size(); }
    std::size_t free_port_count() const { return port_pool_.size(); }
    // No leg is left and nobody owes us an answer to a BYE or to our leaving.
    bool is_quiet() const;
    // Everything kept of calls and of requests of ours; nothing when the last one is long over.
    std::size_t remembered_count() const;
    // Who calls, as signalled; "" for an unknown contact.
    std::string_view caller_text(core::ContactId contact) const;
    // Invariants for tests and simulation: every leg belongs to a contact or is about to end.
    bool is_consistent() const;

private:
    // What a client transaction was for.
    enum class Purpose : std::uint8_t { invite, refresh, bye, check, prack, provider };
    struct Pending {
        Purpose purpose = Purpose::invite;
        LegId leg;
        core::AgentId agent;
        std::size_t trunk = 0;
    };
    enum class TimerKind : std::uint8_t {
        first_sign,     // leg: no 1xx
        early_repeat,   // leg: 18x again
        early_limit,    // leg: when_connected has waited long enough
        session,        // leg: RFC 4028
        leaving,        // leg: what it hears is over
        cancel_limit,   // leg: a cancelled INVITE got no final response
        check,          // agent: OPTIONS is due
        check_limit,    // agent: no answer to OPTIONS
        phone_back,     // agent: taken to be there again
        registrations,  // bindings expire
        forget_invite,  // client transaction: repetitions of its 2xx have ended
        provider,       // trunk: to be looked up, or our registration there to be renewed
        web_away,       // agent: his page does not come back
        outside,        // leg: nobody answers, or it has taken too long
        guest_away,     // guest: his page does not come back, or sets up no audio
        own_phone,      // leg: the agent does not lift for a call of his own
    };
    struct TimerKey {
        TimerKind kind;
        std::uint64_t id;
        friend auto operator<=>(const TimerKey&, const TimerKey&) = default;
    };
    struct TimerKeyHash {
        std::size_t operator()(const TimerKey& key) const noexcept {
            return std::hash<std::uint64_t>{}(key.id * 16 + static_cast<std::uint64_t>(key.kind));
        }
    };
    // The INVITE of a new caller on its way through the checks.
    struct Arrival {
        const sip::RequestReceived& request;
        core::QueueId queue;
        const QueueLine* line = nullptr;
        std::optional<sip::SessionDescription> offer;
        std::optional<sip::SessionTimer> session;
        std::string caller_text;
        bool trusts_identity = false;
    };

    // edge.cpp
    void drain(Time now);
    void on(const sip::RequestReceived& event, Time now);
    void on(const sip::CancelReceived& event, Time now);
    void on(const sip::ResponseReceived& event, Time now);
    void on(const sip::ClientFailed& event, Time now);
    void on(const sip::AckMissing& event, Time now);
    void on(const ports::PortsLent& report, Time now);
    void on(const ports::LegSilent& report, Time now);
    void on(const ports::LegClosed& report, Time now);
    void fire(const TimerKey& key, Time now);
    void send_effect(Effect effect, Time now);
    core::Outcome decide(const core::Command& command, Time now);
    void follow_up(core::Command command) { follow_ups_.push_back(std::move(command)); }
    void run_follow_ups(Time now);

    // edge_events.cpp: events → legs
    void react(const core::Event& event, Time now);
    void react(const core::ContactQueued& event);
    void react(const core::ContactPresented& event, Time now);
    void react(const core::PresentationEnded& event, Time now);
    void react(const core::ContactAnswered& event, Time now);
    void react(const core::ContactEnded& event, Time now);
    void hang_up_caller(Line& line, const core::ContactEnded& event, Time now);
    void hang_up_agent(Leg& leg, Time now);
    void say_goodbye(Leg& caller);
    void end_unacknowledged(const std::string& dialog, bool says_bye);

    // edge_talk.cpp: who hears whom, among the caller, his agent and the colleagues who are asked
    struct Room {
        std::vector<Leg*> present;
        bool misses_page = false;  // somebody's page is away
    };
    void react(const core::ConsultationJoined& event);
    void react(const core::TransferCompleted& event);
    void begin_consultation(const core::ContactQueued& event);
    void leave_talk_about(const Line& consultation);
    void touch(const Line& line);
    void arrange_touched();
    void arrange(core::ContactId talk);
    void arrange_line(core::ContactId contact);
    void enter(Room& room, Leg* leg);
    void settle_room(const Room& room, ports::Sound alone);
    void let_hear(Leg& leg, std::optional<ports::Sound> sound);
    void settle_holds(Time now);
    void settle_hold(core::ContactId contact, Time now);
    bool is_away(const Leg& leg) const { return leg.is_web && !leg.is_described; }
    const Leg* other_side(const Line& line);
    static std::string_view codec_of(const Leg* leg);
    core::Command leave_by(const Line& line) const;
    bool leave_to_joined(const Line& line, Time now);

    // edge_outside.cpp: numbers outside
    struct OutsideWay {
        sip::Flow flow;
        sip::Uri to;
        sip::NameAddress from;
        std::optional<sip::Credentials> credentials;
    };
    struct OutsideOrder {
        OutsideWay way;
        std::string number;
        core::AgentId agent;
        ports::DialFor what;
    };
    Outside* find_outside(LegId leg);
    Outside* outside_with(LegId leg);
    std::optional<OutsideWay> way_outside(const std::string& number, Time now) const;
    PhoneRefused refuse_outside(core::AgentId agent, ports::DialFor what);
    PhoneRefused refuse_number(const std::string& number, Time now) const;
    PhoneRefused count_number(core::AgentId agent, const std::string& number, Time now);
    void call_outside(Line& line, const ports::MediaPort& port, const OutsideOrder& wanted,
                      Time now);
    void send_outside_invite(
        Leg& leg, const std::optional<std::pair<std::string, std::string>>& authorization);
    void on_outside_response(Leg& leg, const sip::ResponseReceived& event, Time now);
    bool answer_outside_challenge(Leg& leg, Outside& call, const sip::Message& response);
    void outside_answered(Leg& leg, const sip::ResponseReceived& event, Time now);
    void outside_changed(const Outside* call);
    void arrange_outside(const Outside& call);
    void arrange_leg(const Leg& leg);
    void hand_out(Line& line);
    void leave_outside(Line& line, const core::ContactEnded& event, Time now);
    void outside_failed(Outside& call, ports::OutsideEnd end, Time now);
    void take_back(Outside& call, ports::OutsideEnd end, Time now);
    void let_go_of(Leg& caller, ports::GuestOverReason reason);
    void finish_outside(Outside& ended, ports::OutsideEnd end, Time now);
    bool end_outside_by(const Leg& leg, ports::OutsideEnd end, Time now);
    void outside_due(LegId leg, Time now);
    core::Command leave_with(Line& line, Outside& call);

    // edge_own_call.cpp: calls of an agent's own accord
    PhoneRefused refuse_called(core::AgentId agent, const ports::OwnCallTarget& target,
                               Time now) const;
    void react(const core::Dialled& event, Time now);
    void reach_called(core::ContactId contact, Time now);
    core::Outcome answer(Leg& leg, Time now);
    void decline(const Leg& leg, core::DeclineReason reason, Time now);
    void own_call_missed(const core::PresentationEnded& event);
    void called_left(core::ContactId talk, const core::ContactEnded& event);
    void end_own_call(core::ContactId talk, ports::OutsideEnd end);
    void forget_own_call(const Line& line);

    // edge_configure.cpp: another configuration
    void react(const core::Configured& event, Time now);
    void set_numbers();
    void take(Settings next);
    void set_phones();
    void watch_phone(const core::Agent& agent, const Phone* before, Time now);
    void forget_phone(core::AgentId agent);
    void forget_leavers();
    ports::CommandRefused explain(core::Refusal refusal, const core::Config& config) const;

    // edge_caller.cpp: a new caller
    void on_invite(const sip::RequestReceived& request, Time now);
    bool is_provider_contact(std::string_view name) const;
    const QueueLine* dialled_line(const sip::Message& invite) const;
    bool is_full() const;
    bool check_arrival(Arrival& arrival, Time now);
    bool check_trunk(Arrival& arrival, Time now);
    bool check_session(Arrival& arrival, Time now);
    void let_in(Arrival& arrival, Time now);
    void start_waiting(LegId id, Time now);
    void answer_caller(Leg& leg, Time now);
    void send_early(Leg& leg, Time now);

    // edge_closed.cpp: callers of a closed queue, and others who are not let in
    core::QueueId serving_queue(core::QueueId dialled) const;
    void turn_away(Leg& leg, const core::Outcome& outcome, Time now);
    void tell_closed(Leg& leg, core::QueueId queue, Time now);
    void end_leaving(Leg& leg, int status, Time now);
    sip::Message closed_response(const Leg& leg, core::QueueId queue, Time now) const;

    // edge_agent.cpp: the agent's phone
    void call_phone(const core::ContactPresented& event, Time now);
    std::optional<ports::MediaPort> port_for(const Line& line);
    void call_agent(const core::ContactPresented& event, const PhoneTarget& target, Time now);
    sip::Message make_invite(Leg& leg) const;
    void plan_invite(Leg& leg, sip::Message invite, core::AgentId agent);
    bool take_2xx(Leg& leg, const sip::ResponseReceived& event, Time now);
    void on_agent_response(Leg& leg, const sip::ResponseReceived& event, Time now);
    void on_agent_answered(Leg& leg, const sip::ResponseReceived& event, Time now);
    void acknowledge(const Leg& leg, const sip::Message& response);
    void send_prack(Leg& leg, const sip::Message& response);
    void phone_was_lost(core::AgentId agent, Time now);
    void end_stray_dialog(const sip::ResponseReceived& event);
    void close_cancelled(Leg& leg, Time now);
    void check_phone(core::AgentId agent, Time now);
    void note_phone(core::AgentId agent, bool is_there, Time now);
    void on_register(const sip::RequestReceived& request, Time now);
    void apply_binding_changes(const std::vector<BindingChange>& changes, Time now);

    // edge_web.cpp: the agent's page as his telephone
    struct WebPhone {
        bool is_there = false;  // false: it is waited for
        LegId test;             // on which he hears himself
        std::optional<Time> tested;
    };
    bool has_web_phone(core::AgentId agent) const { return web_phones_.contains(agent); }
    PhoneRefused on(core::AgentId agent, const ports::PhoneOpened& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneClosed& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneDescribed& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneAnswered& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneHeld& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneBroken& message, Time now);
    PhoneRefused on(core::AgentId agent, const ports::PhoneTest& message, Time now);
    void call_web_phone(const core::ContactPresented& event, Time now);
    Leg& add_web_leg(Leg leg, const ports::MediaPort& port, std::string_view codec);
    void offer(Leg& leg);
    PhoneRefused describe(Leg& leg, const std::string& sdp);
    void take_up(Leg& leg);
    void leave_alone(Leg& leg);
    void give_up_web_phone(core::AgentId agent, Time now);
    void web_phone_is_late(core::AgentId agent, Time now);
    void put_back(core::ContactId contact, Time now);
    void end_test(core::AgentId agent);
    Leg* web_leg(core::AgentId agent, LegId id);
    Leg* web_leg_of(core::AgentId agent);
    void close_web_leg(Leg& leg);
    void tell_page(core::AgentId agent, ports::PhoneNews news);

    // edge_guest.cpp: callers in a browser
    struct Guest {
        core::ContactId contact;
        LegId leg;             // unset: he writes
        bool is_there = true;  // false: his page is waited for
    };
    void on(ports::GuestId guest, const ports::GuestCalls& message, Time now);
    void on(ports::GuestId guest, const ports::PhoneOpened& message, Time now);
    void on(ports::GuestId guest, const ports::PhoneClosed& message, Time now);
    void on(ports::GuestId guest, const ports::PhoneDescribed& message, Time now);
    void on(ports::GuestId guest, const ports::PhoneBroken& message, Time now);
    void let_guest_in(ports::GuestId guest, const ports::GuestCalls& message, Time now);
    void let_writer_in(ports::GuestId guest, const ports::GuestCalls& message, Time now);
    void follow_chat(const core::ContactQueued& event);
    void end_chat(const core::ContactEnded& event);
    void leave_chats(core::AgentId agent, Time now);
    void turn_guest_away(ports::GuestId guest, ports::GuestOverReason reason);
    void guest_goes(const Guest& guest, Time now);
    void guest_is_late(ports::GuestId guest, Time now);
    Leg* guest_leg(ports::GuestId guest, LegId id);
    void hang_up_guest(Leg& caller, const core::ContactEnded& event);
    void follow_guest(const Leg& caller);
    void end_guest(ports::GuestId guest, ports::GuestOverReason reason);
    bool is_page_there(const Leg& leg) const;
    void tell_page_of(const Leg& leg, ports::PhoneNews news);
    void tell_guest(ports::GuestId guest, ports::GuestNews news);

    // edge_dialog.cpp: requests inside a dialog
    void on_in_dialog(const sip::RequestReceived& event, Time now);
    void on_after_end(const sip::RequestReceived& event, const std::string& dialog);
    void on_ack(Leg& leg, const sip::Message& ack, Time now);
    void on_bye(Leg& leg, const sip::RequestReceived& request, Time now);
    void on_reinvite(Leg& leg, const sip::RequestReceived& request, Time now);
    void on_update(Leg& leg, const sip::RequestReceived& request, Time now);
    void on_prack(Leg& leg, const sip::RequestReceived& request, Time now);
    bool answer_offer(Leg& leg, const sip::RequestReceived& request, sip::Message& response,
                      Time now);
    void take_answer(Leg& leg, const std::string& body, Time now);
    void media_changed(Leg& leg);
    void set_held(Leg& leg, bool is_held);
    void session_due(Leg& leg, Time now);
    void refresh_session(Leg& leg, Time now);
    void limit_refresh(sip::ClientTransactionId request, Time now);
    void session_refreshed(Leg& leg, Time now);
    void on_refresh_response(Leg& leg, const sip::Message& response, Time now);
    void leg_broke(Leg& leg, core::CutOffCause cause, Time now);

    // edge_provider.cpp: our registrations at providers
    void start_providers();
    void advance_provider(std::size_t trunk, Time now);
    void use_server(Provider& provider, std::size_t endpoint);
    void send_registration(std::size_t trunk, std::optional<sip::Message> request);
    void on_provider_response(std::size_t trunk, const sip::Message& response, Time now);
    void provider_silent(std::size_t trunk, Time now);
    void provider_failed(std::size_t trunk, ProviderState state, Time now);
    void provider_connection_lost(const sip::Flow& flow, Time now);
    void tell_provider(Provider& provider, ProviderState state, Time due);
    bool is_leaving_provider() const;

    // edge_tools.cpp
    Leg* find_leg(LegId id);
    Leg* find_leg_by_dialog(const std::string& key);
    Line* find_line(core::ContactId id);
    Leg& add_leg(Leg leg);
    void close_leg(Leg& leg);  // frees its media, then forgets it
    void forget_leg(Leg& leg);
    void note_leg(const Leg& leg);
    void forget_leg_note(LegId id);
    Endpoint own_endpoint(const sip::Flow& flow) const;
    sip::NameAddress own_contact(const sip::Flow& flow) const;
    sip::Flow flow_for(const sip::Dialog& dialog) const;
    sip::TransactionLayer::ClientRequest wrap(sip::Message message, const sip::Flow& flow);
    sip::ClientTransactionId send_request(Pending pending, sip::Message message,
                                          const sip::Flow& flow);
    void send_bye(Leg& leg);
    sip::Message response_to(const sip::RequestReceived& request, int status,
                             std::string_view reason = {}) const;
    void respond(const sip::RequestReceived& request, int status, std::string_view reason = {});
    void respond(sip::ServerTransactionId transaction, sip::Message message,
                 bool is_reliable = false);
    void order(const ports::MediaOrder& order) { outbox_.push(order); }
    void order_remote(const Leg& leg);
    void end_old_leg(Leg& leg);

    core::Floor& floor_;
    Settings settings_;
    ports::Entropy& entropy_;
    sip::TransactionLayer transactions_;
    sip::TransactionOutput transaction_output_;
    Trunks trunks_;
    Phones phones_;
    std::unordered_map<LegId, Outside> outsides_;  // by its own leg
    DialQuota dial_quota_;
    std::unordered_map<core::AgentId, OwnCall> own_calls_;  // the last of each
    std::vector<ports::OutsideNews> outside_news_;
    std::vector<core::ContactId> changed_talks_;
    std::unordered_map<std::size_t, Provider> providers_;  // by trunk
    std::vector<ProviderLookup> lookups_;
    std::vector<ProviderStanding> provider_news_;
    std::unordered_map<core::AgentId, WebPhone> web_phones_;  // chosen by their agents
    std::vector<SendNews> phone_news_;
    std::unordered_map<ports::GuestId, Guest> guests_;
    struct Chat {
        ports::GuestId guest;
        std::string caller_text;  // for the desk; personal
    };
    std::unordered_map<core::ContactId, Chat> chats_;
    std::vector<SendGuestNews> guest_news_;
    PortPool port_pool_;
    std::vector<core::ContactPresented> waiting_for_port_;
    Outbox outbox_;

    std::unordered_map<LegId, Leg> legs_;
    std::unordered_map<std::string, LegId> dialogs_;  // by dialog_key
    std::unordered_map<core::ContactId, Line> lines_;
    // Callers' legs that are over while our 2xx has no ACK yet; by dialog_key.
    std::unordered_map<std::string, Leg> unacknowledged_;
    std::unordered_map<sip::ServerTransactionId, LegId> open_invites_;
    std::unordered_map<sip::ClientTransactionId, Pending> pending_;
    TimerHeap<TimerKey, TimerKeyHash> timers_;
    std::unordered_map<std::string, std::size_t> numbers_;  // dialled -> settings_.queues
    std::optional<Settings> next_settings_;                 // taken when Configure is not refused
    // Of agents who are no longer configured but still have a contact.
    std::vector<Phone> leaving_phones_;

    core::RecordKeeper records_;
    std::unordered_map<LegId, std::pair<core::ContactId, LegRole>> closing_;  // reports to come

    std::deque<core::Command> follow_ups_;
    std::vector<core::ContactId> touched_;    // who hears whom may change
    std::vector<core::ContactId> unsettled_;  // the floor may not know yet who is on hold
    bool is_deciding_ = false;
    std::vector<ports::Decision> decisions_;
    std::vector<ports::Note> notes_;
    std::vector<core::Event> events_;
    std::vector<ports::MediaOrder> orders_;
    std::uint64_t sequence_ = 0;  // of the last batch taken
    std::uint64_t leg_last_ = 0;
    std::uint64_t client_last_ = 0;
    bool is_overloaded_ = false;
    EdgeFigures figures_;
};

}  // namespace lanze::edge
