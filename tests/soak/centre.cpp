#include "soak/centre.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "base/variant.h"

namespace lanze::soak {

namespace {

// As the application does, new calls are refused while so much waits for the disk.
constexpr std::size_t kBatchesWaitingMax = 200;

}  // namespace

Centre::Centre(World& world, std::uint64_t seed, Setting setting)
    : world_(world), entropy_(split_mix(seed)), setting_(std::move(setting)), whole_(setting_) {
    world_.join(setting_.address, [this](std::string_view bytes, const Endpoint& from) {
        edge_->receive(bytes, {sip::Transport::udp, 0, 0, from}, world_.now());
        finish_turn();
    });
    open();
}

void Centre::open() {
    ++life_;
    armed_for_.reset();
    media_.clear();
    disk_free_at_ = world_.now();
    journal_.on_durable([this](std::uint64_t sequence) { durable_ = sequence; });
    recover();
    edge_->cut_off_all(core::CutOffCause::restart, world_.now());
    if (edge_->command(core::Configure{setting_.core}, world_.now())) {
        world_.complain("the configuration was refused");
    }
    lend_ports();
    finish_turn();
}

void Centre::recover() {
    floor_ = std::make_unique<core::Floor>();
    core::RecordKeeper records;
    journal_.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            floor_->apply(event, decision.at);
            records.note(event, decision.at);
        }
        (void)records.take_finished();
        (void)records.take_blocked();
    });
    edge_ = std::make_unique<edge::Edge>(*floor_, setting_.edge, entropy_);
    edge_->records() = std::move(records);
    durable_ = told_durable_ = journal_.last_sequence();
    edge_->restore(journal_.notes(), durable_, world_.now());
}

void Centre::crash() {
    world_.tell("the centre dies");
    ++crashes_;
    last_crash_ = world_.now();
    journal_.crash(world_.faults().has_torn_writes && world_.chance(0.5));
    open();
}

void Centre::finish_turn() {
    const Time now = world_.now();
    while (true) {
        edge_->release(durable_, now);
        auto batch = edge_->take_batch();
        if (!batch) {
            edge_->release(durable_, now);
            break;
        }
        store(std::move(*batch));
    }
    for (const sip::Send& send : edge_->take_sends()) {
        world_.carry(setting_.address, send.flow.remote, send.bytes);
    }
    for (const ports::MediaOrder& order : edge_->take_orders()) {
        carry_out(order);
    }
    for (const core::Event& event : edge_->take_events()) {
        contacts_queued_ += std::holds_alternative<core::ContactQueued>(event) ? 1U : 0U;
        contacts_answered_ += std::holds_alternative<core::ContactAnswered>(event) ? 1U : 0U;
    }
    edge_->set_overloaded(journal_.waiting() > kBatchesWaitingMax);
    check();
    arm();
}

// The disk writes in order; now and then it stands still for a while (full, or another's load).
void Centre::store(ports::Batch batch) {
    const std::uint64_t sequence = batch.sequence;
    journal_.append(std::move(batch));
    Duration takes = world_.between(milliseconds(0), milliseconds(20));
    if (world_.faults().has_slow_disk && world_.chance(0.002)) {
        takes = world_.between(seconds(1), seconds(40));
    }
    disk_free_at_ = std::max(disk_free_at_, world_.now()) + takes;
    later(disk_free_at_ - world_.now(), [this, sequence] {
        journal_.make_durable(sequence);
        finish_turn();
    });
}

void Centre::arm() {
    const auto next = edge_->next_deadline();
    if (!next || (armed_for_ && *armed_for_ <= *next)) {
        return;
    }
    armed_for_ = next;
    later(*next - world_.now(), [this] {
        armed_for_.reset();
        edge_->advance(world_.now());
        finish_turn();
    });
}

void Centre::later(Duration delay, std::function<void()> action) {
    world_.after(delay, [this, life = life_, action = std::move(action)] {
        if (life == life_) {
            action();
        }
    });
}

void Centre::report(const ports::MediaReport& report) {
    edge_->report(report, world_.now());
    finish_turn();
}

void Centre::reconfigure() {
    Setting next = whole_;
    std::vector<edge::Phone>& phones = next.edge.phones;
    for (std::size_t i = phones.size(); i > 1; --i) {  // the first one always stays
        if (world_.chance(0.3)) {
            phones.erase(phones.begin() + static_cast<std::ptrdiff_t>(i) - 1);
            next.core.agents.erase(next.core.agents.begin() + static_cast<std::ptrdiff_t>(i) - 1);
        } else if (world_.chance(0.2)) {
            phones[i - 1].check_every = seconds(5);
        }
    }
    if (world_.chance(0.3)) {
        next.core.queues.pop_back();
        next.edge.queues.pop_back();
    } else if (world_.chance(0.3)) {
        std::swap(next.edge.queues[0].numbers, next.edge.queues[1].numbers);
    }
    const auto configured = edge_->configure(next.edge, next.core, world_.now());
    if (configured) {
        world_.tell("another configuration");
        ++reconfigured_;
        setting_.edge = std::move(next.edge);
        setting_.core = std::move(next.core);
    } else if (configured.error().code != "queue_not_empty") {
        world_.complain("the configuration was refused: " + configured.error().message);
    }
    finish_turn();
}

void Centre::work_at_desk() {
    const Time now = world_.now();
    const auto& agents = floor_->agents();
    const core::AgentId agent =
        agents[world_.rng().below(static_cast<std::uint32_t>(agents.size()))].id;
    switch (world_.rng().below(9)) {
        case 0:
            (void)edge_->hang_up(agent, now);
            break;
        case 1:
            (void)edge_->reject(agent, now);
            break;
        case 2:
            (void)edge_->command(core::NotReady{agent, core::NotReadyReason::break_time}, now);
            break;
        case 3:
            (void)edge_->command(core::OpenDesk{agent}, now);
            break;
        case 4:
            (void)edge_->command(core::CloseDesk{agent}, now);
            break;
        case 5:
            (void)edge_->command(core::EndWrapUp{agent, "solved"}, now);
            break;
        default:
            (void)edge_->command(core::OpenDesk{agent}, now);
            (void)edge_->command(core::Ready{agent}, now);
            break;
    }
    finish_turn();
}

// After every turn: the edge's own invariants, and nobody in two talks.
void Centre::check() {
    if (!edge_->is_consistent()) {
        world_.complain("the edge is not consistent");
    }
    std::set<core::AgentId> talking;
    for (const auto& [id, contact] : floor_->contacts()) {
        const auto* connected = std::get_if<core::Connected>(&contact.state);
        if (connected != nullptr && !talking.insert(connected->agent).second) {
            world_.complain("an agent in two talks");
        }
    }
    const auto next = edge_->next_deadline();
    if (next && *next < world_.now() - seconds(1)) {
        world_.complain("a deadline was not kept");
    }
}

void Centre::expect_nothing_left() {
    // What OPTIONS leaves behind: one question every 5 s at least, kept for 32 s.
    const bool asks =
        std::any_of(setting_.edge.phones.begin(), setting_.edge.phones.end(),
                    [](const edge::Phone& phone) { return phone.check_every > Duration::zero(); });
    const std::size_t transactions_max = asks ? setting_.core.agents.size() * 10 : 0;
    if (edge_->leg_count() != 0 || !floor_->contacts().empty() || !edge_->is_quiet() ||
        edge_->transaction_count() > transactions_max ||
        edge_->remembered_count() > transactions_max) {
        world_.complain("something is left: " + describe());
    }
    if (durable_ != journal_.last_sequence() || journal_.waiting() != 0) {
        world_.complain("something was not written");
    }
    if (!media_.empty()) {
        world_.complain(std::to_string(media_.size()) + " legs are left in the media");
    }
    check_records();
    check_replay();
}

// Every contact that was ever let in has one record; quality that came later may replace it.
void Centre::check_records() {
    std::set<core::ContactId> queued;
    journal_.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            if (const auto* entered = std::get_if<core::ContactQueued>(&event)) {
                queued.insert(entered->contact);
            }
        }
    });
    std::map<core::ContactId, core::ContactRecord> records;
    for (core::ContactRecord record : journal_.finished()) {
        record.caller_leg = record.agent_leg = {};
        const auto [place, is_new] = records.emplace(record.contact, record);
        if (!is_new && !(place->second == record)) {
            world_.complain("two records of contact " + std::to_string(record.contact.value()));
        }
        if (!queued.contains(record.contact)) {
            world_.complain("a record of no contact");
        }
    }
    for (const core::ContactId contact : queued) {
        if (!records.contains(contact)) {
            world_.complain("no record of contact " + std::to_string(contact.value()));
        }
    }
}

void Centre::check_replay() {
    core::Floor rebuilt;
    journal_.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            rebuilt.apply(event, decision.at);
        }
    });
    if (!rebuilt.is_same_as(*floor_)) {
        world_.complain("the floor is not what its events make");
    }
}

std::string Centre::describe() const {
    return std::to_string(edge_->leg_count()) + " legs, " +
           std::to_string(floor_->contacts().size()) + " contacts, " +
           std::to_string(edge_->transaction_count()) + " transactions, " +
           std::to_string(edge_->remembered_count()) + " things remembered" +
           (edge_->is_quiet() ? "" : ", not quiet");
}

}  // namespace lanze::soak
