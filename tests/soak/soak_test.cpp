// The whole centre in simulated time among people who lose patience, phones that lose power, a
// network that loses, doubles and reorders, a disk that stands still, and its own death: whatever
// happens, in the end nothing is left of any call and every contact has its record.
// LANZE_SOAK_SEEDS=1000 LANZE_SOAK_FIRST=1 run more; LANZE_SOAK_STORY=1 tells what happened.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "soak/centre.h"
#include "soak/people.h"

namespace lanze::soak {
namespace {

constexpr std::uint64_t kSeeds = 10;
constexpr std::uint8_t kAgents = 6;
constexpr Duration kBusy = minutes(3);
// Patience, talks and rests run out; then 64*T1 for what is still under way, and again for what
// that leads to.
constexpr Duration kEvening = minutes(15);

class Day {
public:
    explicit Day(std::uint64_t seed) : world_(seed), centre_(world_, seed, setting()) {
        for (std::uint8_t i = 0; i < kAgents; ++i) {
            const Endpoint address{IpAddress::v4(127, 0, 1, i), 5060};
            phones_.push_back(std::make_unique<AgentPhone>(world_, centre_, address, centre_at()));
            centre_.add_listener(phones_.back()->rtp(), *phones_.back());
        }
    }

    void live() {
        plan_calls();
        plan_troubles();
        bool is_finite = world_.run_until(world_.now() + kBusy);
        for (const auto& phone : phones_) {
            phone->be_good();
        }
        is_finite = is_finite && world_.run_until(world_.now() + kEvening);
        if (!is_finite) {
            world_.complain("it never ends");
        }
        if (world_.problems().empty()) {
            centre_.expect_nothing_left();
            expect_people_at_rest();
        }
    }

    const std::vector<std::string>& problems() const { return world_.problems(); }
    std::uint64_t fingerprint() const { return world_.fingerprint(); }
    std::string summary() const {
        const Faults& faults = world_.faults();
        return std::to_string(callers_.size()) + " callers, " +
               std::to_string(centre_.contacts_queued()) + " contacts, " +
               std::to_string(centre_.contacts_answered()) + " answered, " +
               std::to_string(centre_.crashes()) + " crashes, " +
               std::to_string(centre_.reconfigured()) + " other configurations; loss " +
               std::to_string(faults.loss) + ", doubling " + std::to_string(faults.doubling) +
               ", delay " + std::to_string(faults.delay_max.count() / 1000) + " ms";
    }

private:
    static Endpoint centre_at() { return *Endpoint::parse("127.0.0.1:5060"); }

    Centre::Setting setting() {
        Centre::Setting setting;
        setting.address = centre_at();
        setting.core.name = "soak";
        setting.core.queues = {{"bank", {{"bank", 1}}, {}, 100},
                               {"travel", {{"travel", 1}}, {}, 8}};
        setting.edge.listeners = {{sip::Transport::udp, centre_at()}};
        setting.edge.queues = {{"bank", {"bank"}, edge::AnswerMode::at_once},
                               {"travel", {"travel"}, edge::AnswerMode::when_connected}};
        setting.edge.trunks = {{"local", {*Network::parse("127.0.0.0/8")}, {}, {}, false}};
        setting.edge.silence_max = seconds(20);
        setting.edge.early_media_max = seconds(50);
        setting.edge.early_repeat = seconds(15);
        setting.edge.session_interval = seconds(90);
        const bool asks = world_.chance(0.5);
        for (std::uint8_t i = 0; i < kAgents; ++i) {
            core::AgentConfig agent;
            agent.name = "agent" + std::to_string(i);
            agent.skills = {{"bank", 1}};
            if (i % 3 != 0) {
                agent.skills.push_back({"travel", 1});
            }
            agent.wrap_up = i % 2 == 0 ? Duration::zero() : seconds(3);
            agent.starts_ready = true;
            agent.is_stand_in = i == 5;
            setting.core.agents.push_back(agent);
            edge::Phone phone;
            phone.agent = agent.name;
            phone.address = sip::Uri::parse("sip:a@127.0.1." + std::to_string(i) + ":5060");
            phone.check_every = asks ? Duration(seconds(10)) : Duration::zero();
            setting.edge.phones.push_back(phone);
        }
        return setting;
    }

    Caller::Temper any_temper() {
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
        return temper;
    }

    void plan_calls() {
        const std::uint32_t count = 20 + world_.rng().below(80);
        for (std::uint32_t i = 0; i < count; ++i) {
            const Endpoint address{IpAddress::v4(127, 0, 2, static_cast<std::uint8_t>(i + 1)),
                                   5060};
            callers_.push_back(std::make_unique<Caller>(world_, centre_, address, centre_at()));
            Caller& caller = *callers_.back();
            centre_.add_listener(caller.rtp(), caller);
            const Caller::Temper temper = any_temper();
            world_.after(world_.between(milliseconds(0), kBusy),
                         [&caller, temper, i] { caller.dial(temper, std::to_string(i)); });
        }
    }

    void plan_troubles() {
        const Faults& faults = world_.faults();
        const std::uint32_t crashes = faults.has_crashes ? 1 + world_.rng().below(6) : 0;
        for (std::uint32_t i = 0; i < crashes; ++i) {
            world_.after(world_.between(milliseconds(0), kBusy), [this] { centre_.crash(); });
        }
        const std::uint32_t cuts = faults.has_power_cuts ? 1 + world_.rng().below(12) : 0;
        for (std::uint32_t i = 0; i < cuts; ++i) {
            AgentPhone& phone = *phones_[world_.rng().below(kAgents)];
            const Duration lasts = world_.between(seconds(1), seconds(40));
            world_.after(world_.between(milliseconds(0), kBusy),
                         [&phone, lasts] { phone.lose_power_for(lasts); });
        }
        const std::uint32_t changes = world_.rng().below(12);
        for (std::uint32_t i = 0; i < changes; ++i) {
            world_.after(world_.between(milliseconds(0), kBusy), [this] { centre_.reconfigure(); });
        }
        const std::uint32_t desk_work = world_.rng().below(100);
        for (std::uint32_t i = 0; i < desk_work; ++i) {
            world_.after(world_.between(milliseconds(0), kBusy),
                         [this] { centre_.work_at_desk(); });
        }
    }

    void expect_people_at_rest() {
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

    World world_;
    Centre centre_;
    std::vector<std::unique_ptr<AgentPhone>> phones_;
    std::vector<std::unique_ptr<Caller>> callers_;
};

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Soak, NothingIsLeftWhateverHappens) {
    const std::uint64_t first = number_of("LANZE_SOAK_FIRST", 1);
    const std::uint64_t count = number_of("LANZE_SOAK_SEEDS", kSeeds);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        SCOPED_TRACE("LANZE_SOAK_SEEDS=1 LANZE_SOAK_FIRST=" + std::to_string(seed));
        Day day(seed);
        day.live();
        for (const std::string& problem : day.problems()) {
            ADD_FAILURE() << problem << "\n" << day.summary();
        }
    }
}

TEST(Soak, TheSameSeedGivesTheSameRun) {
    Day one(7);
    Day other(7);
    one.live();
    other.live();
    EXPECT_EQ(one.summary(), other.summary());
    EXPECT_EQ(one.fingerprint(), other.fingerprint());
    Day another(8);
    another.live();
    EXPECT_NE(one.fingerprint(), another.fingerprint());
}

}  // namespace
}  // namespace lanze::soak
