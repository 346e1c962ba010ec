// What people do to the centre other than by phone: at desks, and another configuration.
#include <utility>
#include <variant>

#include "soak/centre.h"

namespace lanze::soak {

core::AgentId Centre::any_agent() {
    const auto& agents = floor_->agents();
    return agents[world_.rng().below(static_cast<std::uint32_t>(agents.size()))].id;
}

Centre::Setting Centre::another_setting() {
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
    return next;
}

void Centre::reconfigure() {
    if (is_down_) {
        return;
    }
    Setting next = another_setting();
    const auto configured = edge_->configure(next.edge, next.core, world_.now());
    if (configured) {
        world_.tell("another configuration");
        world_.note(Happening::configuration);
        setting_.edge = std::move(next.edge);
        setting_.core = std::move(next.core);
    } else if (configured.error().code != "queue_not_empty") {
        world_.complain("the configuration was refused: " + configured.error().message);
    }
    finish_turn();
}

void Centre::hang_up_at_desk(core::AgentId agent) {
    const core::ContactId contact = core::contact_of(*floor_->find_agent(agent));
    if (!edge_->hang_up(agent, {}, world_.now())) {
        hung_up_at_desk_.insert(contact);
    }
}

void Centre::do_at_desk(core::AgentId agent) {
    const Time now = world_.now();
    switch (world_.rng().below(9)) {
        case 0:
            hang_up_at_desk(agent);
            break;
        case 1:
            (void)edge_->reject(agent, {}, now);
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
}

void Centre::work_at_desk() {
    if (is_down_) {
        return;
    }
    world_.note(Happening::desk_work);
    do_at_desk(any_agent());
    finish_turn();
}

// To a queue, to a colleague, or back to where the contact came from; in the middle of everything.
void Centre::transfer() {
    if (is_down_) {
        return;
    }
    const core::Agent& agent = *floor_->find_agent(any_agent());
    if (!std::holds_alternative<core::Talking>(agent.activity)) {
        return;
    }
    core::Transfer command{core::contact_of(agent), {}, {}};
    if (world_.chance(0.7)) {
        const auto& queues = floor_->queues();
        command.queue = queues[world_.rng().below(static_cast<std::uint32_t>(queues.size()))].id;
    }
    if (world_.chance(0.4)) {
        command.agent = any_agent();
    }
    if (!edge_->command(command, world_.now())) {
        world_.tell("a transfer");
        world_.note(Happening::transfer);
    }
    finish_turn();
}

void Centre::begin_morning() {
    const Time now = world_.now();
    dies_writing_ = false;
    lend_ports(ports_lent_, kPorts);
    ports_lent_ = kPorts;
    if (!edge_->configure(whole_.edge, whole_.core, now)) {
        world_.complain("the configuration of before was refused");
    }
    setting_.edge = whole_.edge;
    setting_.core = whole_.core;
    for (const core::Agent& agent : std::vector<core::Agent>(floor_->agents())) {
        (void)edge_->command(core::OpenDesk{agent.id}, now);
        (void)edge_->command(core::Ready{agent.id}, now);
    }
    finish_turn();
}

}  // namespace lanze::soak
