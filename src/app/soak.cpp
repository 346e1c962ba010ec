#include "app/soak.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "soak/day.h"
#include "soak/invariants.h"

namespace lanze::app {

namespace {

constexpr std::uint64_t kDaysUsual = 10;

// What the process says if one of our own checks ends it: which day it was.
char last_words[128];

void on_abort(int signal) {
    const std::size_t size = std::char_traits<char>::length(last_words);
    if (write(STDERR_FILENO, last_words, size) < 0) {
        std::_Exit(1);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::string command_for(std::uint64_t seed) {
    return "lanze soak --seed " + std::to_string(seed) + " --story";
}

void remember(std::uint64_t seed) {
    std::snprintf(last_words, sizeof last_words,
                  "lanze: it ended in a day of the soak; again: %s\n", command_for(seed).c_str());
}

std::uint64_t seed_of_clock() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string with_decimals(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

void live(std::uint64_t seed, const SoakOptions& options, Soaked& soaked) {
    remember(seed);
    soak::World::Listener listener;
    if (options.tells_story) {
        listener = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    }
    soak::Day day(seed, listener);
    day.live();
    soaked.counts += day.counts();
    soaked.simulated += day.lasted();
    if (!day.problems().empty()) {
        soaked.failures.push_back({seed, day.faults(), day.problems()});
    }
}

// Two columns; the faults first.
std::string counts_text(const soak::Counts& counts) {
    std::string text = "\nWhat went wrong\n";
    for (std::size_t i = 0; i < soak::kHappeningKinds; ++i) {
        const auto happening = static_cast<soak::Happening>(i);
        char line[96];
        std::snprintf(line, sizeof line, "  %-24s%12llu\n",
                      std::string(soak::name_of(happening)).c_str(),
                      static_cast<unsigned long long>(counts.of(happening)));
        text += (i == soak::kFaultKinds ? "\nWhat went on\n" : "") + std::string(line);
    }
    return text;
}

std::string failures_text(const std::vector<SoakFailure>& failures) {
    std::string text;
    for (const SoakFailure& failure : failures) {
        text += "\nSeed " + std::to_string(failure.seed) + " (" + failure.faults.to_text() + "):\n";
        for (const soak::Problem& problem : failure.problems) {
            text += "  after " + with_decimals(in_seconds(problem.at), 3) + " s: " + problem.text +
                    "\n";
        }
        text += "  again, with its story: " + command_for(failure.seed) + "\n";
    }
    return text;
}

boost::json::object counts_json(const soak::Counts& counts, std::size_t begin, std::size_t end) {
    boost::json::object out;
    for (std::size_t i = begin; i < end; ++i) {
        const auto happening = static_cast<soak::Happening>(i);
        out[soak::key_of(happening)] = counts.of(happening);
    }
    return out;
}

std::string soak_json(const Soaked& soaked, Duration took) {
    boost::json::array failures;
    for (const SoakFailure& failure : soaked.failures) {
        boost::json::array problems;
        for (const soak::Problem& problem : failure.problems) {
            problems.push_back(boost::json::object{{"after_seconds", in_seconds(problem.at)},
                                                   {"problem", problem.text}});
        }
        failures.push_back(boost::json::object{{"seed", failure.seed},
                                               {"faults", failure.faults.to_text()},
                                               {"problems", std::move(problems)},
                                               {"again", command_for(failure.seed)}});
    }
    boost::json::array invariants;
    for (const std::string_view invariant : soak::kInvariants) {
        invariants.push_back(boost::json::string(invariant));
    }
    const boost::json::object out{
        {"first_seed", soaked.first},
        {"seeds", soaked.seeds},
        {"simulated_seconds", in_seconds(soaked.simulated)},
        {"seconds", in_seconds(took)},
        {"faults", counts_json(soaked.counts, 0, soak::kFaultKinds)},
        {"life", counts_json(soaked.counts, soak::kFaultKinds, soak::kHappeningKinds)},
        {"invariants", std::move(invariants)},
        {"failures", std::move(failures)}};
    return boost::json::serialize(out) + "\n";
}

}  // namespace

std::string soak_text(const Soaked& soaked, const SoakOptions& options, Duration took) {
    if (options.is_json) {
        return soak_json(soaked, took);
    }
    std::string text = "Seeds " + std::to_string(soaked.first) + " to " +
                       std::to_string(soaked.first + soaked.seeds - 1) + ": " +
                       with_decimals(in_seconds(soaked.simulated) / 3600, 1) +
                       " hours of a centre in " + with_decimals(in_seconds(took), 1) + " s.\n";
    text += counts_text(soaked.counts) + "\nWhat was checked\n";
    for (const std::string_view invariant : soak::kInvariants) {
        text += "  - " + std::string(invariant) + "\n";
    }
    text += failures_text(soaked.failures);
    if (soaked.failures.empty()) {
        return text + "\nNothing was found.\n";
    }
    return text + "\n" + std::to_string(soaked.failures.size()) + " of " +
           std::to_string(soaked.seeds) + " days were not as they should be.\n";
}

int run_soak(SoakOptions options) {
    const bool is_drawn = options.seed == 0;
    Soaked soaked;
    soaked.first = is_drawn ? seed_of_clock() : options.seed;
    soaked.seeds = options.seeds != 0 ? options.seeds : is_drawn ? kDaysUsual : 1;
    std::signal(SIGABRT, on_abort);
    std::signal(SIGSEGV, on_abort);
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < soaked.seeds; ++i) {
        live(soaked.first + i, options, soaked);
    }
    const auto took = std::chrono::steady_clock::now() - begin;
    std::fputs(soak_text(soaked, options, std::chrono::duration_cast<Duration>(took)).c_str(),
               stdout);
    return soaked.failures.empty() ? 0 : 1;
}

}  // namespace lanze::app
