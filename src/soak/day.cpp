#include "soak/day.h"

#include <utility>

namespace lanze::soak {

namespace {

constexpr std::uint8_t kAgents = 6;
constexpr Duration kBusy = minutes(3);
// Patience, talks and rests run out; then 64*T1 for what is still under way, and again for what
// that leads to.
constexpr Duration kEvening = minutes(15);
// At its end the disk must have caught up.
constexpr Duration kDiskRuns = minutes(3);
// Longer than any phone rings, any talk of that morning and any wrap-up.
constexpr Duration kMorning = minutes(5);
// Everybody must be asked, and phones must be back, before the first call of the morning.
constexpr Duration kBeforeWork = minutes(2);
// A phone that counts as gone is asked or trusted again in half of that.
constexpr Duration kPhonesBack = minutes(1);
constexpr int kWritingsMax = 100;
constexpr Duration kVigilEvery = seconds(10);
// So long a contact may be kept whose caller or agent is gone: half the session's interval, 64*T1
// until the question whether it still stands is given up, and a disk that stalls in between.
constexpr Duration kForlornMax = seconds(240);
constexpr const char* kPassword = "soaked";

Endpoint centre_address() {
    return {IpAddress::v4(127, 0, 0, 1), 5060};
}

std::string agent_name(std::uint8_t agent) {
    return "agent" + std::to_string(agent);
}

core::AgentConfig agent_config(std::uint8_t number) {
    core::AgentConfig agent;
    agent.name = agent_name(number);
    agent.skills = {{"bank", 1}};
    if (number % 3 != 0) {
        agent.skills.push_back({"travel", 1});
    }
    agent.wrap_up = number % 2 == 0 ? Duration::zero() : seconds(3);
    agent.starts_ready = true;
    agent.is_stand_in = number == kAgents - 1;
    return agent;
}

}  // namespace

Day::Day(std::uint64_t seed, World::Listener listener)
    : world_(seed, std::move(listener)),
      faults_(world_.faults()),
      registering_(world_.chance(0.5)),
      centre_(world_, seed, setting()) {
    world_.tell("a day with " + faults_.to_text());
    for (std::uint8_t i = 0; i < kAgents; ++i) {
        const Endpoint address{IpAddress::v4(127, 0, 1, i), 5060};
        phones_.push_back(std::make_unique<AgentPhone>(world_, centre_, address, centre_address()));
        AgentPhone& phone = *phones_.back();
        centre_.add_listener(phone.rtp(), phone);
        if (registers(i)) {
            phone.sign_in(agent_name(i), kPassword);
        }
    }
}

Centre::Setting Day::setting() {
    Centre::Setting setting;
    setting.address = centre_address();
    setting.core.name = "soak";
    setting.core.queues = {{"bank", {{"bank", 1}}, {}, 100}, {"travel", {{"travel", 1}}, {}, 8}};
    setting.edge.listeners = {{sip::Transport::udp, centre_address()}};
    setting.edge.queues = {{"bank", {"bank"}, edge::AnswerMode::at_once},
                           {"travel", {"travel"}, edge::AnswerMode::when_connected}};
    setting.edge.trunks = {{"local", {*Network::parse("127.0.0.0/8")}, {}, {}, false}};
    setting.edge.silence_max = seconds(20);
    setting.edge.early_media_max = seconds(50);
    setting.edge.early_repeat = seconds(15);
    setting.edge.session_interval = seconds(90);
    const bool asks = world_.chance(0.5);
    for (std::uint8_t i = 0; i < kAgents; ++i) {
        core::AgentConfig agent = agent_config(i);
        edge::Phone phone;
        phone.agent = agent.name;
        phone.check_every = asks ? Duration(seconds(10)) : Duration::zero();
        if (registers(i)) {
            phone.password = kPassword;
            agent.starts_reachable = false;
        } else {
            phone.address = sip::Uri::parse("sip:a@127.0.1." + std::to_string(i) + ":5060");
        }
        setting.core.agents.push_back(std::move(agent));
        setting.edge.phones.push_back(std::move(phone));
    }
    return setting;
}

Caller::Temper Day::any_temper() {
    Caller::Temper temper;
    temper.number = world_.chance(0.5) ? "bank" : "travel";
    temper.hangs_up = world_.chance(0.6);
    temper.requires_prack = temper.number == "travel" && world_.chance(0.25);
    temper.offers_late = !temper.requires_prack && world_.chance(0.15);
    temper.allows_update = world_.chance(0.5);
    temper.patience = world_.chance(0.2) ? world_.between(milliseconds(0), seconds(3))
                                         : world_.between(seconds(1), seconds(60));
    temper.talk = world_.between(milliseconds(10), seconds(world_.chance(0.1) ? 120 : 30));
    if (world_.faults().has_power_cuts && world_.chance(0.05)) {
        temper.power_lasts = world_.between(milliseconds(0), seconds(60));
    }
    if (world_.chance(0.2)) {
        temper.holds_for = world_.between(milliseconds(200), seconds(20));
    }
    return temper;
}

Caller& Day::add_caller(std::uint32_t number) {
    const Endpoint address{IpAddress::v4(127, 0, 2, static_cast<std::uint8_t>(number + 1)), 5060};
    callers_.push_back(std::make_unique<Caller>(world_, centre_, address, centre_address()));
    Caller& caller = *callers_.back();
    centre_.add_listener(caller.rtp(), caller);
    return caller;
}

void Day::plan(std::uint32_t count, const std::function<void()>& action) {
    for (std::uint32_t i = 0; i < count; ++i) {
        world_.after(world_.between(milliseconds(0), kBusy), action);
    }
}

void Day::plan_calls() {
    const std::uint32_t count = 20 + world_.rng().below(80);
    for (std::uint32_t i = 0; i < count; ++i) {
        Caller& caller = add_caller(i);
        const Caller::Temper temper = any_temper();
        plan(1, [this, &caller, temper, i] {
            caller.dial(temper, std::to_string(i));
            callers_by_name_[caller.caller_now()] = &caller;
        });
    }
}

void Day::plan_kills() {
    if (!world_.faults().has_kills) {
        return;
    }
    plan(1 + world_.rng().below(4), [this] { centre_.kill(); });
    plan(world_.rng().below(4), [this] { centre_.kill_while_writing(); });
}

void Day::plan_power_cuts() {
    if (!world_.faults().has_power_cuts) {
        return;
    }
    plan(1 + world_.rng().below(12), [this] {
        AgentPhone& phone = *phones_[world_.rng().below(kAgents)];
        phone.lose_power_for(world_.between(seconds(1), seconds(40)));
    });
}

void Day::plan_work() {
    plan(world_.rng().below(12), [this] { centre_.reconfigure(); });
    plan(world_.rng().below(100), [this] { centre_.work_at_desk(); });
    plan(world_.rng().below(40), [this] { centre_.transfer(); });
}

void Day::live() {
    plan_calls();
    plan_kills();
    plan_power_cuts();
    plan_work();
    keep_vigil();
    bool is_finite = world_.run_until(world_.now() + kBusy);
    if (is_finite && world_.problems().empty()) {
        for (const auto& phone : phones_) {
            phone->be_good();
        }
        is_finite = world_.run_until(world_.now() + kEvening - kDiskRuns);
        world_.spare_disk();
        is_finite = is_finite && world_.run_until(world_.now() + kDiskRuns);
    }
    if (!is_finite) {
        world_.complain("it never ends");
    }
    if (world_.problems().empty()) {
        live_evening();
    }
    if (world_.problems().empty()) {
        live_morning();
    }
}

// Phones register at all times; it is looked at when nothing is on its way to the disk.
void Day::live_evening() {
    for (int i = 0; i < kWritingsMax && !centre_.is_written(); ++i) {
        (void)world_.run_until(world_.now() + milliseconds(10));
    }
    centre_.expect_nothing_left();
    expect_people_at_rest();
    compare_records();
}

// Every contact that is kept has somebody on the line, or will be ended soon.
void Day::keep_vigil() {
    std::map<core::ContactId, Time> before = std::exchange(forlorn_since_, {});
    for (const Centre::Party& party : centre_.parties()) {
        const auto caller = callers_by_name_.find(party.caller);
        bool is_forlorn = caller == callers_by_name_.end() || !caller->second->has_call();
        if (!party.agent.empty()) {
            const auto& phone = phones_[static_cast<std::size_t>(party.agent.back() - '0')];
            is_forlorn = is_forlorn || !phone->is_in_call() || phone->caller_now() != party.caller;
        }
        if (!is_forlorn) {
            continue;
        }
        const auto known = before.find(party.contact);
        const Time since = known == before.end() ? world_.now() : known->second;
        forlorn_since_[party.contact] = since;
        if (world_.now() - since > kForlornMax) {
            world_.complain("contact " + std::to_string(party.contact.value()) +
                            " is kept, and nobody is on it");
        }
    }
    world_.after(kVigilEvery, [this] { keep_vigil(); });
}

void Day::expect_people_at_rest() {
    for (const auto& phone : phones_) {
        if (phone->is_in_call()) {
            world_.complain("a phone believes in a call: " + phone->describe());
        }
    }
    for (const auto& caller : callers_) {
        if (!caller->is_at_rest()) {
            world_.complain("a caller is not at rest: " + caller->describe());
        }
    }
}

void Day::compare_records() {
    Witnesses witnesses;
    for (const auto& [name, caller] : callers_by_name_) {
        witnesses.callers.emplace(name, caller->diary().back());
    }
    for (std::uint8_t i = 0; i < kAgents; ++i) {
        const core::AgentId agent = centre_.agent_by_name(agent_name(i));
        witnesses.phones.emplace(agent, phones_[i]->diary());
        witnesses.phone_addresses.emplace(phones_[i]->address(), agent);
    }
    for (const std::string& difference :
         compare(centre_.on_record(), witnesses, faults_.is_calm())) {
        world_.complain(difference);
    }
}

// Nothing goes wrong any more; as many callers as there are agents dial at once.
void Day::live_morning() {
    world_.tell("the next morning");
    world_.calm();
    // Before another configuration, which looks at every phone anew.
    (void)world_.run_until(world_.now() + kPhonesBack);
    centre_.expect_nobody_stuck();
    centre_.begin_morning();
    (void)world_.run_until(world_.now() + kBeforeWork);
    if (!world_.problems().empty()) {
        return;
    }
    centre_.expect_nobody_stuck();
    std::vector<const Caller*> callers;
    callers.reserve(kAgents);
    for (std::uint8_t i = 0; i < kAgents; ++i) {
        const auto number = static_cast<std::uint32_t>(callers_.size());
        Caller& caller = add_caller(number);
        Caller::Temper temper;
        temper.number = "bank";
        temper.patience = temper.talk = minutes(1);
        caller.dial(temper, std::to_string(number));
        callers_by_name_[caller.caller_now()] = &caller;
        callers.push_back(&caller);
    }
    (void)world_.run_until(world_.now() + kMorning);
    if (!world_.problems().empty()) {
        return;
    }
    expect_every_agent_heard(callers);
    live_evening();
}

void Day::expect_every_agent_heard(const std::vector<const Caller*>& callers) {
    std::map<Endpoint, int> heard;
    for (const Caller* caller : callers) {
        const DiaryEntry& entry = caller->diary().back();
        if (entry.heard.empty()) {
            world_.complain("a caller of the next morning got nobody: " + caller->describe());
        } else {
            ++heard[entry.heard.front().other];
        }
    }
    for (const auto& phone : phones_) {
        if (heard[phone->address()] != 1) {
            world_.complain("the agent at " + phone->describe() + " took " +
                            std::to_string(heard[phone->address()]) +
                            " callers of the next morning, not one");
        }
    }
}

}  // namespace lanze::soak
