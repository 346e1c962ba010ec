// FakeCentre: a centre for the API's tests that notes what it is asked and shows what it is told.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/time.h"
#include "ports/centre.h"

namespace lanze::api {

class FakeCentre final : public ports::Centre {
public:
    using Done = std::function<void(Result<std::uint64_t, ports::CommandRefused>)>;

    void submit(core::Command command, std::string request_id, Done done) override {
        {
            const std::lock_guard lock(mutex_);
            commands_.push_back(command);
            request_ids_.push_back(request_id);
        }
        answer(done);
    }
    void hang_up(core::AgentId agent, core::ContactId contact, Done done) override {
        note(hung_up_, agent, contact, done);
    }
    void reject(core::AgentId agent, core::ContactId contact, Done done) override {
        note(rejected_, agent, contact, done);
    }
    void take(core::AgentId agent, core::ContactId contact, Done done) override {
        note(taken_, agent, contact, done);
    }
    void remark(core::AgentId agent, core::ContactId contact, std::string text,
                Done done) override {
        remarks_.push_back({agent, contact, std::move(text)});
        answer(done);
    }
    void own_day(core::AgentId agent,
                 std::function<void(std::optional<ports::OwnDay>)> done) override {
        const auto day = own_days_.find(agent);
        done(day == own_days_.end() ? std::nullopt : std::optional(day->second));
    }
    void talk_with(core::AgentId agent, ports::TalkPartner partner, Done done) override {
        talked_with_.emplace_back(agent, partner);
        answer(done);
    }
    void dial(core::AgentId agent, std::string number, ports::DialFor what, Done done) override {
        dialled_.emplace_back(agent, std::move(number), what);
        answer(done);
    }
    void call_somebody(core::AgentId agent, ports::OwnCallTarget target, Done done) override {
        called_.emplace_back(agent, std::move(target));
        answer(done);
    }
    void outside(core::AgentId agent, ports::OutsideStep step, Done done) override {
        outside_steps_.emplace_back(agent, step);
        answer(done);
    }
    void phone(core::AgentId agent, ports::PhoneMessage message) override {
        phone_messages_.emplace_back(agent, std::move(message));
    }
    void watch_phones(
        std::function<void(core::AgentId, const ports::PhoneNews&)> /*tell*/) override {}
    void guest(ports::GuestId guest, ports::GuestMessage message) override {
        guest_messages_.emplace_back(guest, std::move(message));
    }
    void watch_guests(
        std::function<void(ports::GuestId, const ports::GuestNews&)> /*tell*/) override {}
    void watch(std::function<void(std::shared_ptr<const ports::View>)> watch) override {
        watch_ = std::move(watch);
    }
    ports::CentreFigures figures() const override {
        return {.commands = 17,
                .ports_free = 4,
                .trunks = {{"city", true, 200}, {"country", false, 403}}};
    }

    void show(ports::View view) { watch_(std::make_shared<const ports::View>(std::move(view))); }
    void refuse_next(std::string code) {
        const std::lock_guard lock(mutex_);
        refusal_ = ports::CommandRefused{std::move(code), "It stood in the way."};
    }
    void answer_nothing() { is_silent_ = true; }

    void set_own_day(core::AgentId agent, const ports::OwnDay& day) { own_days_[agent] = day; }
    struct Remark {
        core::AgentId agent;
        core::ContactId contact;
        std::string text;
    };
    const std::vector<Remark>& remarks() const { return remarks_; }

    std::vector<core::Command> commands() const {
        const std::lock_guard lock(mutex_);
        return commands_;
    }
    std::vector<std::string> request_ids() const {
        const std::lock_guard lock(mutex_);
        return request_ids_;
    }
    const std::vector<std::pair<core::AgentId, ports::PhoneMessage>>& phone_messages() const {
        return phone_messages_;
    }
    // Who asked, and for which contact (unset: the call).
    using Asked = std::vector<std::pair<core::AgentId, core::ContactId>>;
    const Asked& hung_up() const { return hung_up_; }
    const Asked& rejected() const { return rejected_; }
    const Asked& taken() const { return taken_; }
    const std::vector<std::pair<ports::GuestId, ports::GuestMessage>>& guest_messages() const {
        return guest_messages_;
    }
    const std::vector<std::pair<core::AgentId, ports::TalkPartner>>& talked_with() const {
        return talked_with_;
    }

    const std::vector<std::tuple<core::AgentId, std::string, ports::DialFor>>& dialled() const {
        return dialled_;
    }
    const std::vector<std::pair<core::AgentId, ports::OwnCallTarget>>& called() const {
        return called_;
    }
    const std::vector<std::pair<core::AgentId, ports::OutsideStep>>& outside_steps() const {
        return outside_steps_;
    }

private:
    void note(Asked& list, core::AgentId agent, core::ContactId contact, const Done& done) {
        list.emplace_back(agent, contact);
        answer(done);
    }
    void answer(const Done& done) {
        if (is_silent_) {
            return;
        }
        std::optional<ports::CommandRefused> refusal;
        {
            const std::lock_guard lock(mutex_);
            refusal = std::exchange(refusal_, std::nullopt);
        }
        if (refusal) {
            done(Unexpected(*refusal));
        } else {
            done(std::uint64_t{42});
        }
    }

    mutable std::mutex mutex_;
    std::vector<core::Command> commands_;
    std::vector<std::string> request_ids_;
    Asked hung_up_;
    Asked rejected_;
    Asked taken_;
    std::vector<std::tuple<core::AgentId, std::string, ports::DialFor>> dialled_;
    std::vector<std::pair<core::AgentId, ports::OwnCallTarget>> called_;
    std::vector<std::pair<core::AgentId, ports::OutsideStep>> outside_steps_;
    std::vector<std::pair<core::AgentId, ports::TalkPartner>> talked_with_;
    std::vector<std::pair<core::AgentId, ports::PhoneMessage>> phone_messages_;
    std::vector<std::pair<ports::GuestId, ports::GuestMessage>> guest_messages_;
    std::vector<Remark> remarks_;
    std::map<core::AgentId, ports::OwnDay> own_days_;
    std::optional<ports::CommandRefused> refusal_;
    std::function<void(std::shared_ptr<const ports::View>)> watch_;
    std::atomic<bool> is_silent_ = false;
};

// The centre of the tests: one queue "bank", the agents anna (1) and ben (2).
inline Time test_time() {
    return from_micros(1'795'428'000'000'000);  // 2026-11-23 10:00 UTC
}

inline ports::QueueView bank(std::uint32_t waiting = 0) {
    ports::QueueView queue;
    queue.id = core::QueueId{1};
    queue.name = "bank";
    queue.waiting = waiting;
    return queue;
}

inline ports::AgentView agent_view(std::uint32_t id, std::string name, ports::AgentState state,
                                   std::uint64_t contact = 0) {
    ports::AgentView agent;
    agent.id = core::AgentId{id};
    agent.name = std::move(name);
    agent.state = state;
    agent.since = test_time();
    agent.contact = core::ContactId{contact};
    if (state == ports::AgentState::not_ready) {
        agent.reason = core::NotReadyReason::break_time;
    }
    return agent;
}

inline ports::ContactView contact_view(std::uint64_t id, ports::ContactState state,
                                       std::uint32_t agent = 0) {
    ports::ContactView contact;
    contact.id = core::ContactId{id};
    contact.queue = core::QueueId{1};
    contact.state = state;
    contact.queued = test_time();
    contact.since = test_time();
    contact.agent = core::AgentId{agent};
    contact.caller = "+49301234" + std::to_string(id);
    return contact;
}

inline ports::View test_snapshot() {
    ports::View view;
    view.is_snapshot = true;
    view.sequence = 10;
    view.at = test_time();
    view.queues = {bank(1)};
    view.agents = {agent_view(1, "anna", ports::AgentState::talking, 5),
                   agent_view(2, "ben", ports::AgentState::not_ready)};
    view.contacts = {contact_view(5, ports::ContactState::talking, 1),
                     contact_view(6, ports::ContactState::waiting)};
    view.skills = {"english", "french"};
    return view;
}

inline ports::View test_changes() {
    ports::View view;
    view.sequence = 11;
    view.at = test_time() + seconds(1);
    return view;
}

}  // namespace lanze::api
