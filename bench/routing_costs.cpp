#include "routing_costs.h"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <utility>

#include "core/floor.h"
#include "routing_people.h"

namespace lanze::bench {

namespace {

using SteadyClock = std::chrono::steady_clock;

double involuntary_switches() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return static_cast<double>(usage.ru_nivcsw);
}

class Measured {
public:
    explicit Measured(const CentreSetup& setup)
        : people_(setup),
          explaining_(setup.is_explained ? core::Explaining::yes : core::Explaining::no),
          kinds_(kKinds) {}

    Costs run(std::size_t commands) {
        settle();
        events_ = 0;
        refused_ = 0;
        const double switches = involuntary_switches();
        for (std::size_t i = 0; i < commands; ++i) {
            const Step step = people_.next(floor_);
            const auto took = tell(step);
            kinds_[static_cast<std::size_t>(step.kind)].add(took);
            all_.add(took);
            ask_deadline();
        }
        Costs costs = summary();
        costs.events = static_cast<double>(events_) / static_cast<double>(commands);
        costs.switches = involuntary_switches() - switches;
        costs.reconfigure = reconfigure();
        return costs;
    }

private:
    void settle() {
        while (!people_.is_settled()) {
            const Step step = people_.next(floor_);
            const auto took = tell(step);
            const bool is_only_now = step.kind <= Kind::fill;
            if (is_only_now) {
                kinds_[static_cast<std::size_t>(step.kind)].add(took);
            }
        }
    }

    // Nothing but the decision lies between the two looks at the clock.
    std::chrono::nanoseconds tell(const Step& step) {
        const auto begin = SteadyClock::now();
        const core::Outcome outcome = floor_.handle(step.command, step.at, explaining_);
        const auto end = SteadyClock::now();
        events_ += outcome.events.size();
        refused_ += outcome.refusal.has_value();
        people_.observe(outcome.events, step.at);
        return end - begin;
    }

    // The program asks after each command when to wake it.
    void ask_deadline() {
        const auto begin = SteadyClock::now();
        const auto deadline = floor_.next_deadline();
        const auto end = SteadyClock::now();
        benchmark::DoNotOptimize(deadline);
        next_deadline_.add(end - begin);
    }

    Summary reconfigure() {
        const Step step{people_.now(), Kind::configure, core::Configure{floor_.whole_config()}};
        Samples samples;
        samples.add(tell(step));
        return std::move(samples).summary();
    }

    Costs summary() {
        Costs costs;
        for (Samples& samples : kinds_) {
            costs.kinds.push_back(std::move(samples).summary());
        }
        costs.all = std::move(all_).summary();
        costs.next_deadline = std::move(next_deadline_).summary();
        costs.refused = refused_;
        costs.pools = floor_.routing().pool_count();
        costs.lines = floor_.routing().line_count();
        for (const auto& [id, contact] : floor_.contacts()) {
            costs.waiting += std::holds_alternative<core::Waiting>(contact.state);
        }
        for (const core::Agent& agent : floor_.agents()) {
            costs.idle += agent.is_ready();
        }
        return costs;
    }

    core::Floor floor_;
    People people_;
    core::Explaining explaining_;
    std::vector<Samples> kinds_;
    Samples all_;
    Samples next_deadline_;
    std::size_t events_ = 0;
    std::size_t refused_ = 0;
};

}  // namespace

Costs measure(const CentreSetup& setup, std::size_t commands) {
    return Measured(setup).run(commands);
}

}  // namespace lanze::bench
