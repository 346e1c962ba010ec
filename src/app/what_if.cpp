#include "app/what_if.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "app/calendar.h"
#include "app/check.h"
#include "app/config.h"
#include "app/journal_text.h"
#include "app/local_time.h"
#include "app/report.h"
#include "app/text_file.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

// The calendars are told for some time beyond the past, for those who still wait then.
constexpr Duration kHoursBeyond = hours(24 * 7);

struct Window {
    Time from = Time::min();
    Time to = Time::max();
};

Result<Window, std::string> window_of(const WhatIfOptions& options) {
    Window window;
    const Time now = time_now();
    for (const auto& [text, time] :
         {std::pair(&options.from, &window.from), std::pair(&options.to, &window.to)}) {
        if (text->empty()) {
            continue;
        }
        const auto parsed = parse_local(*text, now);
        if (!parsed) {
            return Unexpected("\"" + *text +
                              "\" is not a time; write 2026-03-01, \"2026-03-01 08:30\", today or "
                              "yesterday");
        }
        *time = *parsed;
    }
    if (window.to <= window.from) {
        return Unexpected(std::string("the time would end before it begins"));
    }
    return window;
}

Result<sim::Past, std::string> read_past(const JournalPlace& place, const Window& window) {
    auto reader = open_journal(place.journal_path, place.keys_path);
    if (!reader) {
        return Unexpected(reader.error());
    }
    sim::PastKeeper keeper(window.from, window.to);
    const auto read = (*reader)->replay_kept([&](const journal::JournalReader::KeptDecision& kept) {
        const ports::Decision& decision = kept.decision;
        if (kept.is_carried_over) {
            keeper.learn(decision.events, decision.at);
            return true;
        }
        return keeper.note(decision.command, decision.events, decision.at);
    });
    if (!read) {
        return Unexpected(read.error());
    }
    if (*read == journal::JournalReader::Kept::key_gone) {
        return Unexpected(std::string(
            "the keys of the journal's days are missing; without them the past cannot be told"));
    }
    auto past = keeper.take();
    if (!past || past->contacts.empty()) {
        return Unexpected(std::string("no contact arrived in that time"));
    }
    return std::move(*past);
}

std::vector<std::vector<core::OpenSpan>> hours_of(const CentreConfig& config,
                                                  const sim::Past& past) {
    std::vector<std::vector<core::OpenSpan>> hours(config.core.queues.size());
    for (std::size_t i = 0; i < hours.size(); ++i) {
        if (config.queue_calendars[i]) {
            hours[i] = open_spans(config.calendars[*config.queue_calendars[i]], past.start,
                                  past.end + kHoursBeyond, offset_of_zone);
        }
    }
    return hours;
}

bool has_agent(const std::vector<core::AgentConfig>& agents, const std::string& name) {
    return std::any_of(agents.begin(), agents.end(),
                       [&](const core::AgentConfig& agent) { return agent.name == name; });
}

void name_agents(const CentreConfig& config, WhatIf& what_if) {
    const std::vector<core::AgentConfig> then = sim::recorded_config(what_if.past).agents;
    for (const core::AgentConfig& agent : config.core.agents) {
        if (!has_agent(then, agent.name)) {
            what_if.new_agents.push_back(agent.name);
        }
    }
    for (const core::AgentConfig& agent : then) {
        if (!has_agent(config.core.agents, agent.name)) {
            what_if.gone_agents.push_back(agent.name);
        }
    }
}

void show_progress(int done, int all) {
    std::fprintf(stderr, "\r%d of %d replications%s", done, all, done == all ? "\r\x1b[K" : "");
}

}  // namespace

Result<WhatIf, std::string> make_what_if(const JournalPlace& journal, const WhatIfOptions& options,
                                         const CentreConfig& other) {
    const auto begin = std::chrono::steady_clock::now();
    const auto window = window_of(options);
    if (!window) {
        return Unexpected(window.error());
    }
    auto past = read_past(journal, *window);
    if (!past) {
        return Unexpected(past.error());
    }
    WhatIf what_if;
    what_if.past = std::move(*past);
    sim::take_redials(what_if.past, options.redials);
    what_if.other_path = options.other_path;
    what_if.seed = options.seed;
    name_agents(other, what_if);
    const core::Config recorded = sim::recorded_config(what_if.past);
    sim::ComparisonPlan plan;
    plan.seed = options.seed;
    plan.replications = options.replications;
    if (::isatty(STDERR_FILENO) != 0) {
        plan.on_progress = [&](int done) { show_progress(done, options.replications); };
    }
    auto comparison = sim::compare(what_if.past, {&recorded, what_if.past.hours},
                                   {&other.core, hours_of(other, what_if.past)}, plan);
    if (!comparison) {
        return Unexpected(options.other_path + ": " + comparison.error());
    }
    what_if.comparison = std::move(*comparison);
    what_if.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return what_if;
}

int run_what_if(const JournalPlace& journal, const WhatIfOptions& options) {
    const ConfigResult config = load_config(options.other_path);
    if (!config) {
        std::fputs(report_errors(config.error()).c_str(), stderr);
        return 1;
    }
    // Its calendars are in its zone.
    return print_text(config->time_zone, [&]() -> Result<std::string, std::string> {
        const auto what_if = make_what_if(journal, options, *config);
        if (!what_if) {
            return Unexpected(what_if.error());
        }
        if (!options.html_path.empty() &&
            !write_text_file(options.html_path, what_if_page(*what_if))) {
            return Unexpected(options.html_path + ": cannot be written; choose another place");
        }
        return journal.is_json ? what_if_json(*what_if) : what_if_text(*what_if);
    });
}

}  // namespace lanze::app
