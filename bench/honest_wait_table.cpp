// The waits that callers are told, judged: some centres in simulated time, and a table of how far
// each way of predicting was off. It measures figures, not speed.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <string>
#include <vector>

#include "base/rng.h"
#include "core/floor.h"
#include "predict/wait_judge.h"

namespace lanze::bench {
namespace {

struct QueueSetup {
    std::string name;
    double load = 0;  // arrivals x mean handle time at a load of 1 in all
    double handle_s = 300;
    std::uint8_t priority = core::kPriorityNormal;
};

struct PoolSetup {
    std::vector<std::string> skills;
    int agents = 0;
};

struct Setup {
    std::string name;
    std::vector<QueueSetup> queues;
    std::vector<PoolSetup> pools;
    double load = 0.9;  // of all arrivals / of all agents
    double patience_s = 300;
};

core::Config config_of(const Setup& setup) {
    core::Config config;
    config.name = setup.name;
    for (const QueueSetup& each : setup.queues) {
        core::QueueConfig queue;
        queue.name = each.name;
        queue.needs = {{each.name, 1}};
        queue.priority = each.priority;
        config.queues.push_back(queue);
    }
    for (const PoolSetup& pool : setup.pools) {
        for (int i = 0; i < pool.agents; ++i) {
            core::AgentConfig agent;
            agent.name = "agent" + std::to_string(config.agents.size() + 1);
            for (const std::string& skill : pool.skills) {
                agent.skills.push_back({skill, 1});
            }
            agent.wrap_up = Duration::zero();
            agent.starts_ready = true;
            config.agents.push_back(agent);
        }
    }
    return config;
}

// Arrivals by chance, exponential handle times and patience; agents answer at once.
class Centre {
public:
    Centre(const Setup& setup, std::uint64_t seed) : setup_(setup), rng_(seed) {
        decide(core::Configure{config_of(setup)});
        for (std::uint32_t queue = 0; queue < setup.queues.size(); ++queue) {
            plan(Kind::arrive, queue, mean_gap(queue));
        }
    }

    void run(std::uint64_t contacts) {
        while (contacts_ < contacts) {
            const Deed deed = deeds_.top();
            deeds_.pop();
            now_ = deed.at;
            if (deed.kind == Kind::arrive) {
                plan(Kind::arrive, deed.subject, mean_gap(deed.subject));
                decide(
                    core::EnterQueue{core::QueueId{static_cast<std::uint32_t>(deed.subject) + 1}});
                ++contacts_;
            } else if (deed.kind == Kind::finish || !is_connected(core::ContactId{deed.subject})) {
                decide(core::HangUp{core::ContactId{deed.subject}});
            }
        }
    }
    const predict::WaitJudge& judge() const { return judge_; }

private:
    enum class Kind : std::uint8_t { arrive, give_up, finish };
    struct Deed {
        Time at;
        std::uint64_t number = 0;
        Kind kind = Kind::arrive;
        std::uint64_t subject = 0;  // queue or contact
        friend bool operator<(const Deed& a, const Deed& b) {
            return a.at != b.at ? a.at > b.at : a.number > b.number;
        }
    };

    double mean_gap(std::uint64_t queue) const {
        const QueueSetup& each = setup_.queues[queue];
        return each.handle_s / (each.load * setup_.load);
    }

    void plan(Kind kind, std::uint64_t subject, double mean_s) {
        const double after = -std::log(1 - rng_.unit()) * mean_s * 1e6;
        deeds_.push({now_ + Duration(std::llround(after)), ++deed_last_, kind, subject});
    }

    // A hang-up of somebody who is gone is refused, and nothing happens.
    void decide(const core::Command& command) {
        std::vector<core::PresentationId> presented;
        for (const core::Event& event : floor_.handle(command, now_).events) {
            judge_.note(event, now_, floor_);
            if (const auto* queued = std::get_if<core::ContactQueued>(&event)) {
                plan(Kind::give_up, queued->contact.value(), setup_.patience_s);
            } else if (const auto* one = std::get_if<core::ContactPresented>(&event)) {
                presented.push_back(one->presentation);
            } else if (const auto* answered = std::get_if<core::ContactAnswered>(&event)) {
                const core::Contact* contact = floor_.find_contact(answered->contact);
                const auto queue = contact->queue.value() - 1;
                plan(Kind::finish, answered->contact.value(), setup_.queues[queue].handle_s);
            }
        }
        for (const core::PresentationId presentation : presented) {
            decide(core::Answer{presentation});
        }
    }

    bool is_connected(core::ContactId id) const {
        const core::Contact* contact = floor_.find_contact(id);
        return contact != nullptr && std::holds_alternative<core::Connected>(contact->state);
    }

    Setup setup_;
    Rng rng_;
    core::Floor floor_;
    predict::WaitJudge judge_;
    std::priority_queue<Deed> deeds_;
    Time now_ = from_micros(1'795'428'000'000'000);
    std::uint64_t deed_last_ = 0;
    std::uint64_t contacts_ = 0;
};

void print_errors(const std::string& name, const predict::WaitJudge::Figures& figures) {
    std::printf("| %s | %.1f |", name.c_str(), figures.mean_wait);
    for (const predict::WaitJudge::Errors& errors : figures.errors) {
        std::printf(" %.1f (%.0f %%), %.1f, %+.1f |", errors.mean_absolute, 100 * errors.relative,
                    errors.root_mean_square, errors.bias);
    }
    std::printf("\n");
}

void print_range(const std::string& name, const predict::WaitJudge::Row& row,
                 const predict::WaitJudge::Figures& figures) {
    std::printf("| %s | %llu | %llu | %.1f %% | %.1f %% | %.1f %% | %.1f |\n", name.c_str(),
                static_cast<unsigned long long>(row.answered),
                static_cast<unsigned long long>(row.abandoned), 100 * figures.within,
                100 * figures.below, 100 * figures.above, figures.width);
}

struct Judged {
    std::string name;
    predict::WaitJudge::Row row;
};

// All queues of each centre, and of centres with several each queue.
std::vector<Judged> judge(const Setup& setup, std::uint64_t contacts) {
    Centre centre(setup, 2026);
    centre.run(contacts);
    const predict::WaitJudge::Table table = centre.judge().table();
    std::vector<Judged> judged;
    for (const predict::WaitJudge::Row& row : table.rows) {
        const bool is_the_only_one = row.queue.is_set() && table.rows.size() == 2;
        if (!is_the_only_one) {
            judged.push_back(
                {row.queue.is_set() ? "… " + setup.queues[row.queue.value() - 1].name : setup.name,
                 row});
        }
    }
    return judged;
}

void print_errors(const std::vector<Judged>& all, const std::string& of,
                  predict::WaitJudge::Figures predict::WaitJudge::Row::*figures) {
    std::printf(
        "\nOf %s, in seconds: mean absolute error (of the mean wait), root mean square "
        "error, bias\n\n| centre | mean wait |",
        of.c_str());
    for (std::size_t i = 0; i < predict::kMethods; ++i) {
        const std::string method(predict::to_string(static_cast<predict::Method>(i)));
        std::printf(" %s |", method.c_str());
    }
    std::printf("\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (const Judged& each : all) {
        print_errors(each.name, each.row.*figures);
    }
}

std::vector<Setup> all_setups() {
    const std::vector<QueueSetup> one{{"bank", 20, 300}};
    const std::vector<PoolSetup> alike{{{"bank"}, 20}};
    const std::vector<QueueSetup> three{
        {"bank", 10, 300}, {"mobile", 10, 240}, {"travel", 10, 420}};
    const std::vector<PoolSetup> chain{
        {{"bank"}, 6}, {{"bank", "mobile"}, 8}, {{"mobile", "travel"}, 8}, {{"travel"}, 8}};
    std::vector<QueueSetup> urgent = three;
    urgent[0].priority = 3;
    return {{"one queue, normal", one, alike, 0.9},
            {"one queue, overloaded", one, alike, 1.2},
            {"three queues, normal", three, chain, 0.9},
            {"three queues, overloaded", three, chain, 1.2},
            {"three queues, one of them urgent, normal", urgent, chain, 0.9},
            {"three queues, one of them urgent, overloaded", urgent, chain, 1.2}};
}

}  // namespace
}  // namespace lanze::bench

int main(int count, char** arguments) {
    using lanze::predict::WaitJudge;
    const std::uint64_t contacts = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 200'000;
    std::vector<lanze::bench::Judged> all;
    for (const auto& setup : lanze::bench::all_setups()) {
        const auto judged = lanze::bench::judge(setup, contacts);
        all.insert(all.end(), judged.begin(), judged.end());
    }
    lanze::bench::print_errors(all, "all, weighted", &WaitJudge::Row::of_all);
    lanze::bench::print_errors(all, "the answered", &WaitJudge::Row::of_answered);
    std::printf(
        "\nThe told range\n\n| centre | answered | gave up | within | below | above | "
        "width |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (const auto& each : all) {
        lanze::bench::print_range(each.name, each.row, each.row.of_all);
    }
    return 0;
}
