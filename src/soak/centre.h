// Centre: the floor, the edge and a journal as app/live_centre.cpp joins them, in simulated time,
// with a fake media; it can be killed at any moment and comes back from its journal.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/floor.h"
#include "edge/edge.h"
#include "journal/memory_journal.h"
#include "ports/seeded_entropy.h"
#include "soak/person.h"
#include "soak/records_check.h"
#include "soak/world.h"

namespace lanze::soak {

class Centre final : public Audio {
public:
    struct Setting {
        edge::Settings edge;
        core::Config core;
        Endpoint address;
        std::map<Endpoint, Person*> listeners;  // who hears what goes to this RTP address
    };
    Centre(World& world, std::uint64_t seed, Setting setting);

    bool plays_to(const Endpoint& rtp) const override;
    Time last_start() const override { return last_start_; }
    void add_listener(const Endpoint& rtp, Person& person) { setting_.listeners[rtp] = &person; }

    // The process dies, now or while it writes next, and starts again a while later.
    void kill();
    void kill_while_writing() { dies_writing_ = true; }
    // Another configuration is taken: some of the agents, perhaps one queue less, other numbers.
    void reconfigure();
    // Somebody does something at a desk.
    void work_at_desk();
    // An agent gives the caller away.
    void transfer();
    // The next morning: everybody and all queues, all ports, all agents ready at their desks.
    void begin_morning();

    // Who should be on the line, by the centre's view.
    struct Party {
        core::ContactId contact;
        std::string caller;
        std::string agent;  // "" while the contact waits
    };
    std::vector<Party> parties() const;

    // The disk has caught up.
    bool is_written() const { return journal_.waiting() == 0; }
    // After the last call: nothing may be left of any.
    void expect_nothing_left();
    // No agent is kept from contacts but by his own wish or his phone.
    void expect_nobody_stuck();
    OnRecord on_record();
    core::AgentId agent_by_name(std::string_view name) const { return floor_->agent_by_name(name); }
    void replay(const std::function<void(const ports::Decision&)>& visit) {
        journal_.replay(visit);
    }
    std::string describe() const;

private:
    static constexpr std::uint16_t kPorts = 80;
    static constexpr std::uint16_t kFewPorts = 9;

    struct MediaLeg {
        ports::MediaPort port;
        std::optional<Endpoint> remote;
        std::optional<ports::LegId> bridged_to;
        std::uint64_t watch = 0;  // of the last WatchSilence
        bool is_caller = false;   // of the two that are bridged
    };

    void open();
    void recover();
    void finish_turn();
    void note(const core::Event& event);
    void send_out();
    void store(ports::Batch batch);
    void arm();
    // In this life of the process only.
    void later(Duration delay, std::function<void()> action);
    void report(const ports::MediaReport& report);
    void check(bool has_changed);
    void check_records(const std::map<core::ContactId, core::ContactRecord>& records);

    // centre_desk.cpp
    core::AgentId any_agent();
    void do_at_desk(core::AgentId agent);
    void hang_up_at_desk(core::AgentId agent);
    Setting another_setting();

    // centre_media.cpp
    void lend_ports(std::uint16_t first, std::uint16_t end);
    void tell_bridged(const MediaLeg& caller, const MediaLeg& agent);
    void carry_out(const ports::MediaOrder& order);
    void on(const ports::OpenLeg& order);
    void on(const ports::SetRemote& order);
    void on(const ports::SecureLeg& order);
    void on(const ports::Play& order);
    void on(const ports::Bridge& order);
    void on(const ports::Unbridge& order);
    void on(const ports::Confer& order);
    void on(const ports::WatchSilence& order);
    void on(const ports::CloseLeg& order);
    void on(const ports::ReturnPort& order);
    void listen_to(ports::LegId leg, std::uint64_t watch, Duration silence, int silent_looks);
    void rest(const ports::MediaPort& port);
    Person* listener(const std::optional<Endpoint>& remote) const;

    World& world_;
    ports::SeededEntropy entropy_;
    Setting setting_;      // as it is now
    const Setting whole_;  // with everybody and all queues
    journal::MemoryJournal journal_;
    std::unique_ptr<core::Floor> floor_;
    std::unique_ptr<edge::Edge> edge_;
    std::map<ports::LegId, MediaLeg> media_;
    std::uint64_t watches_ = 0;
    std::uint64_t durable_ = 0;
    std::uint64_t told_durable_ = 0;  // what the disk will have written by all that is under way
    Time disk_free_at_;
    std::uint64_t life_ = 0;
    std::optional<Time> armed_for_;
    Time last_start_;
    bool is_down_ = false;
    bool dies_writing_ = false;
    std::uint16_t ports_lent_ = 0;
    std::set<Time> starts_;
    std::set<core::ContactId> hung_up_at_desk_;
};

}  // namespace lanze::soak
