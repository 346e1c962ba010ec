// The signal thread's loop. About 600 lines because what the floor, edge, sockets, journal and
// media say to each other stands here and nowhere else.
#include "app/live_centre.h"

#include <atomic>
#include <boost/asio.hpp>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <variant>

#include "app/centre_figures.h"
#include "app/live_clock.h"
#include "app/log.h"
#include "app/outside_news.h"
#include "app/own_days.h"
#include "app/remembered_answers.h"
#include "app/resolver.h"
#include "app/sip_sockets.h"
#include "app/trunk_news.h"
#include "app/view.h"
#include "base/variant.h"
#include "core/floor.h"
#include "edge/edge.h"

namespace lanze::app {

namespace asio = boost::asio;

namespace {

constexpr Duration kViewEvery = milliseconds(20);
constexpr Duration kDeskGrace = seconds(30);  // after a start, until desks have come back
constexpr Duration kHoursEvery = hours(24);
constexpr Duration kStopWithin = seconds(3);

using Done = std::function<void(Result<std::uint64_t, ports::CommandRefused>)>;
using Answer = Result<std::uint64_t, ports::CommandRefused>;

class Loop final : public LiveCentre {
public:
    Loop(LiveCentreSettings settings, ports::Journal& journal)
        : settings_(std::move(settings)),
          journal_(journal),
          timer_(loop_),
          view_timer_(loop_),
          tell_timer_(loop_),
          hours_timer_(loop_) {}
    ~Loop() override { media_.reset(); }

    Result<void, std::string> open_sockets();
    Result<void, std::string> open_media(const MakeMedia& make_media);

    void run() override;
    void stop() override;
    const std::vector<edge::Listener>& listeners() const override { return sockets_->listeners(); }

    void configure(LiveConfiguration next, Done done) override;
    void submit(core::Command command, std::string request_id, Done done) override;
    void hang_up(core::AgentId agent, core::ContactId contact, Done done) override;
    void reject(core::AgentId agent, core::ContactId contact, Done done) override;
    void take(core::AgentId agent, core::ContactId contact, Done done) override;
    void remark(core::AgentId agent, core::ContactId contact, std::string text, Done done) override;
    void own_day(core::AgentId agent,
                 std::function<void(std::optional<ports::OwnDay>)> done) override;
    void talk_with(core::AgentId agent, ports::TalkPartner partner, Done done) override;
    void dial(core::AgentId agent, std::string number, ports::DialFor what, Done done) override;
    void call_somebody(core::AgentId agent, ports::OwnCallTarget target, Done done) override;
    void outside(core::AgentId agent, ports::OutsideStep step, Done done) override;
    void phone(core::AgentId agent, ports::PhoneMessage message) override;
    void watch_phones(std::function<void(core::AgentId, const ports::PhoneNews&)> tell) override;
    void guest(ports::GuestId guest, ports::GuestMessage message) override;
    void watch_guests(std::function<void(ports::GuestId, const ports::GuestNews&)> tell) override;
    void watch(std::function<void(std::shared_ptr<const ports::View>)> watch) override;
    ports::CentreFigures figures() const override;

private:
    struct Waiting {
        std::uint64_t sequence;
        Done done;
        Answer answer;
    };

    void recover();
    void close_lost_desks();
    void tell_hours();
    void tell(const std::vector<core::SetHours>& hours, Time now);
    Answer take(LiveConfiguration next);
    void take_reports();
    void on_durable(std::uint64_t sequence);
    void finish_turn();
    void look_up(const edge::ProviderLookup& lookup);
    void answer_waiting();
    void arm_timer();
    void arm_view();
    void arm_telling();
    void publish();
    void update_figures();
    void end_when_quiet(Time deadline);
    void do_at_desk(std::function<std::optional<core::Refusal>(Time)> work, Done done);
    void do_outside(std::function<edge::PhoneRefused(Time)> work, Done done);
    void tell_of_outside();
    void do_command(const std::string& request_id,
                    const std::function<std::optional<core::Refusal>(Time)>& work, Done done);
    void post_media(ports::MediaReport report);

    LiveCentreSettings settings_;
    ports::Journal& journal_;
    asio::io_context loop_;
    asio::steady_timer timer_;
    asio::steady_timer view_timer_;
    asio::steady_timer tell_timer_;
    asio::steady_timer hours_timer_;
    LiveEntropy entropy_;
    std::unique_ptr<LiveClock> clock_;
    core::Floor floor_;
    std::unique_ptr<SipSockets> sockets_;
    std::unique_ptr<edge::Edge> edge_;
    std::unique_ptr<ViewKeeper> view_;
    std::unique_ptr<OwnDays> days_;

    std::unique_ptr<Resolver> resolver_;

    std::mutex reports_mutex_;
    std::vector<ports::MediaReport> reports_;
    std::unique_ptr<ports::Media> media_;  // after the queue its threads report to

    std::atomic<std::uint64_t> durable_told_ = 0;
    std::atomic<bool> is_durable_posted_ = false;
    std::uint64_t durable_ = 0;
    std::uint64_t taken_ = 0;
    std::deque<Waiting> waiting_;
    RememberedAnswers remembered_;
    std::set<core::AgentId> desks_seen_;
    std::optional<Time> armed_for_;
    std::function<void(std::shared_ptr<const ports::View>)> watch_;
    std::function<void(core::AgentId, const ports::PhoneNews&)> tell_phone_ = [](auto, auto&) {};
    std::function<void(ports::GuestId, const ports::GuestNews&)> tell_guest_ = [](auto, auto&) {};
    bool is_view_armed_ = false;
    bool is_telling_armed_ = false;
    bool is_stopping_ = false;

    mutable std::mutex figures_mutex_;
    ports::CentreFigures figures_;
};

Result<void, std::string> Loop::open_sockets() {
    SipSockets::Callbacks callbacks{[this](std::string_view bytes, const sip::Flow& flow) {
                                        if (edge_) {
                                            edge_->receive(bytes, flow, clock_->now());
                                        }
                                    },
                                    [this](const sip::Flow& flow) {
                                        if (edge_) {
                                            edge_->transport_failed(flow, clock_->now());
                                        }
                                    },
                                    [this] {
                                        if (edge_) {
                                            finish_turn();
                                        }
                                    }};
    auto opened = SipSockets::open(loop_, settings_.edge.listeners, std::move(callbacks));
    if (!opened) {
        return Unexpected(opened.error());
    }
    sockets_ = std::move(*opened);
    settings_.edge.listeners = sockets_->listeners();
    return {};
}

Result<void, std::string> Loop::open_media(const MakeMedia& make_media) {
    auto media = make_media([this](ports::MediaReport report) { post_media(std::move(report)); });
    if (!media) {
        return Unexpected(media.error());
    }
    media_ = std::move(*media);
    return {};
}

void Loop::recover() {
    Time last{};
    std::uint64_t events = 0;
    core::RecordKeeper records;
    view_ = std::make_unique<ViewKeeper>(
        floor_, settings_.local_offset, [this](core::ContactId contact) {
            return edge_ ? edge_->caller_text(contact) : std::string_view{};
        });
    view_->show_outside(
        {[this](core::ContactId contact) {
             return edge_ ? edge_->outside_of(contact) : std::nullopt;
         },
         [this] { return edge_ ? edge_->dialable() : std::nullopt; },
         [this](core::AgentId agent) { return edge_ ? edge_->own_call_of(agent) : std::nullopt; }});
    days_ = std::make_unique<OwnDays>(floor_, settings_.local_offset);
    journal_.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            floor_.apply(event, decision.at);
            records.note(event, decision.at);
            view_->note(event, decision.at);
            days_->note(event, decision.at);
            ++events;
        }
        (void)records.take_finished();
        (void)records.take_blocked();
        (void)records.take_diverted();
        last = std::max(last, decision.at);
    });
    days_->resume(last);
    clock_ = std::make_unique<LiveClock>(last);
    edge_ = std::make_unique<edge::Edge>(floor_, settings_.edge, entropy_);
    edge_->records() = std::move(records);
    durable_ = taken_ = journal_.last_sequence();
    edge_->restore(journal_.notes(), durable_, clock_->now());
    if (events > 0) {
        log_info("journal", "read " + std::to_string(events) + " events; " +
                                std::to_string(floor_.contacts().size()) +
                                " contacts were open and are closed as cut off");
    }
}

void Loop::run() {
    journal_.on_durable([this](std::uint64_t sequence) {
        durable_told_.store(sequence);
        if (!is_durable_posted_.exchange(true)) {
            asio::post(loop_, [this] {
                is_durable_posted_.store(false);
                on_durable(durable_told_.load());
            });
        }
    });
    recover();
    edge_->cut_off_all(core::CutOffCause::restart, clock_->now());
    if (const auto refusal = edge_->command(core::Configure{settings_.core}, clock_->now())) {
        log_error("core", std::string(core::explain(*refusal)));
    }
    tell_hours();
    finish_turn();
    auto desks = std::make_shared<asio::steady_timer>(loop_, kDeskGrace);
    desks->async_wait([this, desks](const boost::system::error_code& error) {
        if (!error) {
            close_lost_desks();
        }
    });
    const auto work = asio::make_work_guard(loop_);
    loop_.run();
    sockets_.reset();
}

// Desks that were open in the process before and did not come back.
void Loop::close_lost_desks() {
    for (const core::Agent& agent : std::vector<core::Agent>(floor_.agents())) {
        if (agent.has_desk && !desks_seen_.contains(agent.id)) {
            (void)edge_->command(core::CloseDesk{agent.id}, clock_->now());
        }
    }
    finish_turn();
}

// Before the first call comes in, and daily, since the floor knows the hours of some months only.
void Loop::tell_hours() {
    const Time now = clock_->now();
    tell(missing_hours(floor_, settings_.opening, now, settings_.local_offset), now);
    hours_timer_.expires_after(kHoursEvery);
    hours_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            tell_hours();
            finish_turn();
        }
    });
}

void Loop::tell(const std::vector<core::SetHours>& hours, Time now) {
    for (const core::SetHours& command : hours) {
        if (const auto refusal = edge_->command(command, now)) {
            log_error("core", std::string(core::explain(*refusal)));
        }
    }
}

void Loop::configure(LiveConfiguration next, Done done) {
    asio::post(loop_, [this, next = std::move(next), done = std::move(done)]() mutable {
        Answer answer = take(std::move(next));
        finish_turn();
        if (answer) {
            answer = taken_;
        }
        waiting_.push_back({taken_, std::move(done), std::move(answer)});
        answer_waiting();
    });
}

// The hours follow in the same turn: no call comes in between, and whoever has waited long does not
// overflow before they are told.
Answer Loop::take(LiveConfiguration next) {
    const Time now = clock_->now();
    next.edge.listeners = settings_.edge.listeners;
    next.edge.web_fingerprint = settings_.edge.web_fingerprint;
    const core::Config first = without_early_overflow(next.core, settings_.opening, next.opening);
    auto configured = edge_->configure(next.edge, first, now);
    if (configured) {
        tell(changed_hours(floor_, settings_.opening, next.opening, now, settings_.local_offset),
             now);
    }
    if (configured && first != next.core) {
        configured = edge_->configure(next.edge, next.core, now);
    }
    if (!configured) {
        return Unexpected(configured.error());
    }
    settings_.core = std::move(next.core);
    settings_.edge = std::move(next.edge);
    settings_.opening = std::move(next.opening);
    return taken_;
}

void Loop::stop() {
    asio::post(loop_, [this] {
        if (is_stopping_) {
            return;
        }
        is_stopping_ = true;
        edge_->set_overloaded(true);
        edge_->cut_off_all(core::CutOffCause::centre_closed, clock_->now());
        edge_->leave_providers(clock_->now());
        finish_turn();
        end_when_quiet(clock_->now() + kStopWithin);
    });
}

void Loop::end_when_quiet(Time deadline) {
    if ((edge_->is_quiet() && durable_ == taken_) || clock_->now() >= deadline) {
        loop_.stop();
        return;
    }
    auto wait = std::make_shared<asio::steady_timer>(loop_, milliseconds(20));
    wait->async_wait(
        [this, wait, deadline](const boost::system::error_code&) { end_when_quiet(deadline); });
}

void Loop::post_media(ports::MediaReport report) {
    const std::lock_guard lock(reports_mutex_);
    reports_.push_back(std::move(report));
    if (reports_.size() == 1) {
        asio::post(loop_, [this] { take_reports(); });
    }
}

void Loop::take_reports() {
    std::vector<ports::MediaReport> reports;
    {
        const std::lock_guard lock(reports_mutex_);
        reports = std::exchange(reports_, {});
    }
    if (!edge_) {
        return;
    }
    for (const ports::MediaReport& report : reports) {
        edge_->report(report, clock_->now());
    }
    finish_turn();
}

void Loop::on_durable(std::uint64_t sequence) {
    durable_ = sequence;
    finish_turn();
}

// After each burst of input: what was decided goes to the journal, what is free to leave leaves.
void Loop::finish_turn() {
    const Time now = clock_->now();
    std::vector<core::Reason> reasons;
    while (true) {
        edge_->release(durable_, now);
        auto batch = edge_->take_batch();
        if (!batch) {
            edge_->release(durable_, now);
            break;
        }
        taken_ = batch->sequence;
        for (const ports::Decision& one : batch->decisions) {
            reasons.insert(reasons.end(), one.reasons.begin(), one.reasons.end());
        }
        journal_.append(std::move(*batch));
    }
    sockets_->send(edge_->take_sends());
    for (const ports::MediaOrder& order : edge_->take_orders()) {
        media_->order(order);
    }
    for (const edge::ProviderLookup& lookup : edge_->take_lookups()) {
        look_up(lookup);
    }
    for (const edge::ProviderStanding& news : edge_->take_provider_news()) {
        const bool is_good = news.state == edge::ProviderState::registered;
        (is_good ? log_info : log_warning)("trunk", describe(news, now));
    }
    for (const edge::SendNews& news : edge_->take_phone_news()) {
        tell_phone_(news.agent, news.news);
    }
    for (const edge::SendGuestNews& news : edge_->take_guest_news()) {
        tell_guest_(news.guest, news.news);
    }
    for (const core::Event& event : edge_->take_events()) {
        view_->note(event, now);
        days_->note(event, now);
    }
    tell_of_outside();
    view_->explain(reasons);
    edge_->set_overloaded(is_stopping_ || !media_->has_room() || settings_.is_journal_full());
    answer_waiting();
    arm_timer();
    arm_view();
}

// Only a centre that registers somewhere has the thread for it.
void Loop::look_up(const edge::ProviderLookup& lookup) {
    if (!resolver_) {
        resolver_ =
            std::make_unique<Resolver>([this](std::size_t trunk, std::vector<Endpoint> endpoints) {
                asio::post(loop_, [this, trunk, endpoints = std::move(endpoints)]() mutable {
                    edge_->provider_found(trunk, std::move(endpoints), clock_->now());
                    finish_turn();
                });
            });
    }
    resolver_->ask(lookup);
}

void Loop::answer_waiting() {
    while (!waiting_.empty() && waiting_.front().sequence <= durable_) {
        Waiting waiting = std::move(waiting_.front());
        waiting_.pop_front();
        waiting.done(waiting.answer);
    }
}

void Loop::arm_timer() {
    const auto next = edge_->next_deadline();
    if (!next || (armed_for_ && *armed_for_ <= *next && *armed_for_ > clock_->now())) {
        return;
    }
    armed_for_ = next;
    timer_.expires_after(std::max(Duration::zero(), *next - clock_->now()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        armed_for_.reset();
        edge_->advance(clock_->now());
        finish_turn();
    });
}

void Loop::do_command(const std::string& request_id,
                      const std::function<std::optional<core::Refusal>(Time)>& work, Done done) {
    if (const Answer* known = remembered_.find(request_id)) {
        waiting_.push_back({taken_, std::move(done), *known});
        answer_waiting();
        return;
    }
    const auto refusal = work(clock_->now());
    finish_turn();
    Answer answer =
        refusal ? Answer(Unexpected(ports::CommandRefused{std::string(core::to_string(*refusal)),
                                                          std::string(core::explain(*refusal))}))
                : Answer(taken_);
    remembered_.add(request_id, answer);
    waiting_.push_back({taken_, std::move(done), std::move(answer)});
    answer_waiting();
}

void Loop::submit(core::Command command, std::string request_id, Done done) {
    asio::post(loop_, [this, command = std::move(command), request_id = std::move(request_id),
                       done = std::move(done)]() mutable {
        if (const auto* desk = std::get_if<core::OpenDesk>(&command)) {
            desks_seen_.insert(desk->agent);
        }
        do_command(
            request_id, [&](Time now) { return edge_->command(command, now); }, std::move(done));
    });
}

void Loop::do_at_desk(std::function<std::optional<core::Refusal>(Time)> work, Done done) {
    asio::post(loop_, [this, work = std::move(work), done = std::move(done)]() mutable {
        do_command("", work, std::move(done));
    });
}

void Loop::hang_up(core::AgentId agent, core::ContactId contact, Done done) {
    do_at_desk([=, this](Time now) { return edge_->hang_up(agent, contact, now); },
               std::move(done));
}

void Loop::talk_with(core::AgentId agent, ports::TalkPartner partner, Done done) {
    do_at_desk([=, this](Time now) { return edge_->talk_with(agent, partner, now); },
               std::move(done));
}

// As do_command, with refusals the floor does not know.
void Loop::do_outside(std::function<edge::PhoneRefused(Time)> work, Done done) {
    asio::post(loop_, [this, work = std::move(work), done = std::move(done)]() mutable {
        const edge::PhoneRefused refused = work(clock_->now());
        finish_turn();
        waiting_.push_back(
            {taken_, std::move(done), refused ? Answer(Unexpected(*refused)) : Answer(taken_)});
        answer_waiting();
    });
}

void Loop::dial(core::AgentId agent, std::string number, ports::DialFor what, Done done) {
    do_outside([=, this, number = std::move(number)](
                   Time now) { return edge_->dial(agent, number, what, now); },
               std::move(done));
}

void Loop::call_somebody(core::AgentId agent, ports::OwnCallTarget target, Done done) {
    do_outside([=, this, target = std::move(target)](
                   Time now) { return edge_->call_somebody(agent, target, now); },
               std::move(done));
}

void Loop::outside(core::AgentId agent, ports::OutsideStep step, Done done) {
    do_outside([=, this](Time now) { return edge_->outside(agent, step, now); }, std::move(done));
}

// Each call to a number costs money: who called is written down, also if the process ends before it
// is over.
void Loop::tell_of_outside() {
    for (const ports::OutsideNews& news : edge_->take_outside_news()) {
        const core::Agent* agent = floor_.find_agent(news.agent);
        log_info("outside", describe(news, agent == nullptr ? "" : agent->config.name));
    }
    for (const core::ContactId contact : edge_->take_changed_talks()) {
        view_->touch(contact);
    }
}

void Loop::reject(core::AgentId agent, core::ContactId contact, Done done) {
    do_at_desk([=, this](Time now) { return edge_->reject(agent, contact, now); }, std::move(done));
}

void Loop::take(core::AgentId agent, core::ContactId contact, Done done) {
    do_at_desk([=, this](Time now) { return edge_->take(agent, contact, now); }, std::move(done));
}

void Loop::remark(core::AgentId agent, core::ContactId contact, std::string text, Done done) {
    do_at_desk(
        [=, this, text = std::move(text)](Time) { return edge_->remark(agent, contact, text); },
        std::move(done));
}

void Loop::own_day(core::AgentId agent, std::function<void(std::optional<ports::OwnDay>)> done) {
    asio::post(loop_,
               [this, agent, done = std::move(done)] { done(days_->of(agent, clock_->now())); });
}

void Loop::phone(core::AgentId agent, ports::PhoneMessage message) {
    asio::post(loop_, [this, agent, message = std::move(message)] {
        edge_->phone(agent, message, clock_->now());
        finish_turn();
    });
}

void Loop::watch_phones(std::function<void(core::AgentId, const ports::PhoneNews&)> tell) {
    asio::post(loop_, [this, tell = std::move(tell)]() mutable { tell_phone_ = std::move(tell); });
}

void Loop::guest(ports::GuestId guest, ports::GuestMessage message) {
    asio::post(loop_, [this, guest, message = std::move(message)] {
        edge_->guest(guest, message, clock_->now());
        finish_turn();
    });
}

void Loop::watch_guests(std::function<void(ports::GuestId, const ports::GuestNews&)> tell) {
    asio::post(loop_, [this, tell = std::move(tell)]() mutable { tell_guest_ = std::move(tell); });
}

void Loop::watch(std::function<void(std::shared_ptr<const ports::View>)> watch) {
    asio::post(loop_, [this, watch = std::move(watch)]() mutable {
        watch_ = std::move(watch);
        watch_(std::make_shared<const ports::View>(view_->snapshot(durable_, clock_->now())));
    });
}

void Loop::arm_view() {
    update_figures();
    arm_telling();
    if (!watch_ || is_view_armed_ || !view_->has_changes()) {
        return;
    }
    is_view_armed_ = true;
    view_timer_.expires_after(kViewEvery);
    view_timer_.async_wait([this](const boost::system::error_code& error) {
        is_view_armed_ = false;
        if (!error) {
            publish();
        }
    });
}

// Waits are told anew while time passes, whether something happens or not.
void Loop::arm_telling() {
    const auto at = watch_ ? view_->tells_at() : std::nullopt;
    if (!at || is_telling_armed_) {
        return;
    }
    is_telling_armed_ = true;
    tell_timer_.expires_after(std::max(Duration::zero(), *at - clock_->now()));
    tell_timer_.async_wait([this](const boost::system::error_code& error) {
        is_telling_armed_ = false;
        if (!error) {
            view_->tell(clock_->now());
            arm_view();
        }
    });
}

// What is shown is durable: while the journal is behind, the view waits for it.
void Loop::publish() {
    if (durable_ < taken_) {
        arm_view();
        return;
    }
    if (view_->has_changes()) {
        watch_(std::make_shared<const ports::View>(view_->changes(durable_, clock_->now())));
    }
}

void Loop::update_figures() {
    ports::CentreFigures fresh = figures_of(*edge_, clock_->now());
    fresh.batches = taken_;
    fresh.batches_waiting = settings_.batches_waiting();
    fresh.sip_sent = sockets_->sent_count();
    const std::lock_guard lock(figures_mutex_);
    figures_ = std::move(fresh);
}

ports::CentreFigures Loop::figures() const {
    const std::lock_guard lock(figures_mutex_);
    return figures_;
}

}  // namespace

Result<std::unique_ptr<LiveCentre>, std::string> LiveCentre::open(LiveCentreSettings settings,
                                                                  ports::Journal& journal,
                                                                  const MakeMedia& make_media) {
    auto loop = std::make_unique<Loop>(std::move(settings), journal);
    if (auto sockets = loop->open_sockets(); !sockets) {
        return Unexpected(sockets.error());
    }
    if (auto media = loop->open_media(make_media); !media) {
        return Unexpected(media.error());
    }
    return std::unique_ptr<LiveCentre>(std::move(loop));
}

}  // namespace lanze::app
