// Centre: the floor, the edge and a journal as app/live_centre.cpp joins them, in simulated time,
// with a fake media; it can die at any moment and come back from its journal.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/floor.h"
#include "edge/edge.h"
#include "journal/memory_journal.h"
#include "ports/seeded_entropy.h"
#include "soak/person.h"
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
    Time last_crash() const override { return last_crash_; }
    void add_listener(const Endpoint& rtp, Person& person) { setting_.listeners[rtp] = &person; }

    // The process dies and starts again at once.
    void crash();
    // Another configuration is taken: some of the agents, perhaps one queue less, other numbers.
    void reconfigure();
    // Somebody does something at a desk.
    void work_at_desk();
    // After the last call: nothing may be left of any.
    void expect_nothing_left();
    std::string describe() const;
    std::size_t reconfigured() const { return reconfigured_; }
    std::size_t crashes() const { return crashes_; }
    std::size_t contacts_queued() const { return contacts_queued_; }
    std::size_t contacts_answered() const { return contacts_answered_; }

private:
    struct MediaLeg {
        ports::MediaPort port;
        std::optional<Endpoint> remote;
        std::optional<ports::LegId> bridged_to;
        std::uint64_t watch = 0;  // of the last WatchSilence
    };

    void open();
    void recover();
    void finish_turn();
    void store(ports::Batch batch);
    void arm();
    // In this life of the process only.
    void later(Duration delay, std::function<void()> action);
    void report(const ports::MediaReport& report);
    void check();
    void check_records();
    void check_replay();

    // centre_media.cpp
    void lend_ports();
    void carry_out(const ports::MediaOrder& order);
    void on(const ports::OpenLeg& order);
    void on(const ports::SetRemote& order);
    void on(const ports::Play& order);
    void on(const ports::Bridge& order);
    void on(const ports::Unbridge& order);
    void on(const ports::WatchSilence& order);
    void on(const ports::CloseLeg& order);
    void on(const ports::ReturnPort& order);
    void listen_to(ports::LegId leg, std::uint64_t watch, Duration silence);
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
    Time last_crash_;
    std::size_t crashes_ = 0;
    std::size_t reconfigured_ = 0;
    std::size_t contacts_queued_ = 0;
    std::size_t contacts_answered_ = 0;
};

}  // namespace lanze::soak
