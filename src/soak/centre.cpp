#include "soak/centre.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/variant.h"
#include "soak/floor_checks.h"

namespace lanze::soak {

namespace {

// As the application does, new calls are refused while so much waits for the disk.
constexpr std::size_t kBatchesWaitingMax = 200;
// How long the process is down, at most.
constexpr Duration kDownMax = seconds(12);

std::string numbered(core::ContactId contact) {
    return "contact " + std::to_string(contact.value());
}

std::string words_of(const core::ContactEnded& ended) {
    switch (ended.end) {
        case core::ContactEnd::abandoned:
            return "abandoned";
        case core::ContactEnd::finished:
            return ended.by == core::EndedBy::caller ? "the caller hung up" : "the agent hung up";
        case core::ContactEnd::cut_off:
            return "cut off, cause " + std::to_string(static_cast<int>(ended.cause));
        case core::ContactEnd::closed:
            return "its queue has closed";
        case core::ContactEnd::not_reached:
            return "nobody was reached";
        case core::ContactEnd::transferred:
            return "transferred";
    }
    return {};
}

}  // namespace

Centre::Centre(World& world, std::uint64_t seed, Setting setting)
    : world_(world), entropy_(split_mix(seed)), setting_(std::move(setting)), whole_(setting_) {
    world_.join(setting_.address, [this](std::string_view bytes, const Endpoint& from) {
        if (is_down_) {
            return;
        }
        edge_->receive(bytes, {sip::Transport::udp, 0, 0, from}, world_.now());
        finish_turn();
    });
    open();
}

void Centre::open() {
    is_down_ = false;
    last_start_ = world_.now();
    starts_.insert(last_start_);
    disk_free_at_ = world_.now();
    journal_.on_durable([this](std::uint64_t sequence) { durable_ = sequence; });
    recover();
    edge_->cut_off_all(core::CutOffCause::restart, world_.now());
    if (edge_->command(core::Configure{setting_.core}, world_.now())) {
        world_.complain("the configuration was refused");
    }
    ports_lent_ = world_.faults().has_few_ports ? kFewPorts : kPorts;
    lend_ports(0, ports_lent_);
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

// Its sockets are gone, so nobody hears anything; what the disk had not written is lost.
void Centre::kill() {
    if (is_down_) {
        return;
    }
    world_.tell("the centre is killed");
    world_.note(Happening::kill);
    const bool is_torn =
        world_.faults().has_torn_writes && journal_.waiting() > 0 && world_.chance(0.7);
    if (is_torn) {
        world_.note(Happening::torn_write);
    }
    journal_.crash(is_torn);
    ++life_;
    is_down_ = true;
    dies_writing_ = false;
    armed_for_.reset();
    media_.clear();
    const Duration down =
        world_.chance(0.5) ? Duration::zero() : Duration(world_.between(milliseconds(1), kDownMax));
    later(down, [this] { open(); });
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
    send_out();
    edge_->set_overloaded(journal_.waiting() > kBatchesWaitingMax);
    const std::vector<core::Event> events = edge_->take_events();
    for (const core::Event& event : events) {
        note(event);
    }
    check(!events.empty());
    arm();
}

void Centre::note(const core::Event& event) {
    match(
        event,
        [&](const core::ContactQueued& queued) {
            world_.note(Happening::contact);
            world_.tell(numbered(queued.contact) + " of " +
                        std::string(edge_->caller_text(queued.contact)) + " is queued");
        },
        [&](const core::ContactPresented& presented) {
            world_.tell(numbered(presented.contact) + " is presented to " +
                        floor_->find_agent(presented.agent)->config.name);
        },
        [&](const core::ContactAnswered& answered) {
            world_.note(Happening::answer);
            world_.tell(numbered(answered.contact) + " is answered");
        },
        [&](const core::ContactHeld& held) { world_.tell(numbered(held.contact) + " is held"); },
        [&](const core::ContactResumed& resumed) {
            world_.tell(numbered(resumed.contact) + " is resumed");
        },
        [&](const core::ContactEnded& ended) {
            world_.tell(numbered(ended.contact) + " has ended: " + words_of(ended));
        },
        [](const auto&) {});  // neither counted nor told
}

void Centre::send_out() {
    for (const sip::Send& send : edge_->take_sends()) {
        world_.carry(setting_.address, send.flow.remote, send.bytes);
    }
    for (const ports::MediaOrder& order : edge_->take_orders()) {
        carry_out(order);
    }
}

// The disk writes in order; now and then it stands still for a while (full, or another's load).
void Centre::store(ports::Batch batch) {
    const std::uint64_t sequence = batch.sequence;
    journal_.append(std::move(batch));
    Duration takes = world_.between(milliseconds(0), milliseconds(20));
    if (world_.faults().has_slow_disk && world_.chance(0.002)) {
        world_.note(Happening::disk_stall);
        takes = world_.between(seconds(1), seconds(40));
    }
    if (dies_writing_) {
        dies_writing_ = false;
        later(Duration::zero(), [this] { kill(); });
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

// After every turn: the edge's own invariants and the router's.
void Centre::check(bool has_changed) {
    if (!edge_->is_consistent()) {
        world_.complain("the edge is not consistent");
    }
    // What was due while the process was down is done when it is woken for the first time.
    const auto next = edge_->next_deadline();
    if (next && *next < world_.now() - seconds(1) && last_start_ < world_.now()) {
        world_.complain("a deadline was not kept");
    }
    if (!has_changed) {
        return;
    }
    world_.note(Happening::check);
    if (const std::string problem = check_floor(*floor_, world_.now()); !problem.empty()) {
        world_.complain(problem);
    }
}

void Centre::expect_nothing_left() {
    // What OPTIONS and REGISTER leave behind: two every 5 s at most, kept for 32 s.
    const auto asks = [](const edge::Phone& phone) {
        return phone.check_every > Duration::zero() || !phone.address;
    };
    const auto& now = setting_.edge.phones;
    const auto& all = whole_.edge.phones;
    const bool are_asked =
        std::any_of(now.begin(), now.end(), asks) || std::any_of(all.begin(), all.end(), asks);
    const std::size_t transactions_max = are_asked ? all.size() * 15 : 0;
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
    if (const std::string problem = check_decisions(journal_, *floor_); !problem.empty()) {
        world_.complain(problem);
    }
}

// Ready with an idle phone, or not ready for a reason that is somebody's wish.
void Centre::expect_nobody_stuck() {
    for (const core::Agent& agent : floor_->agents()) {
        const bool is_idle = std::holds_alternative<core::Idle>(agent.activity);
        if (!agent.is_retired && !is_idle &&
            !std::holds_alternative<core::Resting>(agent.activity)) {
            world_.complain("agent " + agent.config.name +
                            " still has something, and nobody calls");
        }
        if (!agent.is_retired && !agent.is_reachable) {
            world_.complain("the phone of agent " + agent.config.name + " counts as gone");
        }
    }
}

// Every contact that was ever let in has one record; quality that came later may replace it.
OnRecord Centre::on_record() {
    OnRecord result;
    result.hung_up_at_desk = hung_up_at_desk_;
    result.starts = starts_;
    for (core::ContactRecord record : journal_.finished()) {
        record.caller_leg = record.agent_leg = {};
        const auto [place, is_new] = result.records.emplace(record.contact, record);
        if (!is_new && !(place->second == record)) {
            world_.complain("two records of " + numbered(record.contact));
        }
    }
    constexpr std::string_view kPrefix = "caller/";
    for (const ports::Note& note : journal_.notes()) {
        if (note.key.starts_with(kPrefix)) {
            result.callers[core::ContactId{std::stoull(note.key.substr(kPrefix.size()))}] =
                note.text;
        }
    }
    check_records(result.records);
    return result;
}

void Centre::check_records(const std::map<core::ContactId, core::ContactRecord>& records) {
    std::set<core::ContactId> queued;
    journal_.replay([&](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            if (const auto* entered = std::get_if<core::ContactQueued>(&event)) {
                queued.insert(entered->contact);
            }
        }
    });
    for (const auto& [contact, record] : records) {
        if (!queued.contains(contact)) {
            world_.complain("a record of no contact");
        }
    }
    for (const core::ContactId contact : queued) {
        if (!records.contains(contact)) {
            world_.complain("no record of " + numbered(contact));
        }
    }
}

std::vector<Centre::Party> Centre::parties() const {
    std::vector<Party> result;
    if (is_down_) {
        return result;
    }
    for (const auto& [id, contact] : floor_->contacts()) {
        Party party{id, std::string(edge_->caller_text(id)), {}};
        if (const auto* connected = std::get_if<core::Connected>(&contact.state)) {
            party.agent = floor_->find_agent(connected->agent)->config.name;
        }
        result.push_back(std::move(party));
    }
    return result;
}

std::string Centre::describe() const {
    return std::to_string(edge_->leg_count()) + " legs, " +
           std::to_string(floor_->contacts().size()) + " contacts, " +
           std::to_string(edge_->transaction_count()) + " transactions, " +
           std::to_string(edge_->remembered_count()) + " things remembered" +
           (edge_->is_quiet() ? "" : ", not quiet");
}

}  // namespace lanze::soak
