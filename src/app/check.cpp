#include "app/check.h"

#include <cstdio>

#include "app/articles.h"
#include "app/config_text.h"
#include "app/live_clock.h"

namespace lanze::app {

namespace {

std::string counted(std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// 850 as "85 %", 875 as "87.5 %".
std::string percent(std::uint32_t permille) {
    const std::string rest = permille % 10 == 0 ? "" : "." + std::to_string(permille % 10);
    return std::to_string(permille / 10) + rest + " %";
}

std::string ceiling_line(const core::Charter& charter) {
    if (charter.occupancy_max_permille == 1'000) {
        return "no ceiling: nothing is withheld from agents who had a full hour";
    }
    return "nothing is presented to agents who handled contacts for more than " +
           percent(charter.occupancy_max_permille) + " of the last hour";
}

std::string breather_line(const core::Charter& charter) {
    if (charter.breather == Duration::zero()) {
        return "no breather";
    }
    return "a breather of " + written_duration(charter.breather) + " at the agent's own word";
}

std::string starvation_line(const core::Charter& charter) {
    if (charter.starvation_factor == 0) {
        return "no starvation bound: priorities and reserves may let callers wait for ever";
    }
    return "who waited " + std::to_string(charter.starvation_factor) +
           " times the queue's threshold goes before priorities and reserves";
}

// The names of the queues with this purpose; "" without one.
std::string queues_with(const CentreConfig& config, QueuePurpose purpose) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < config.queue_purposes.size(); ++i) {
        if (config.queue_purposes[i] == purpose) {
            names.push_back(config.core.queues[i].name);
        }
    }
    return join_quoted(names, " and ");
}

}  // namespace

std::string charter_text(const CentreConfig& config) {
    const core::Charter& charter = config.core.charter;
    std::string result =
        "charter:\n  " + ceiling_line(charter) + "\n  " +
        (charter.gives_breaks ? "breaks that are due by law are given at desks"
                              : "breaks are left to the agents") +
        "\n  " +
        (charter.ends_shifts ? "nothing is presented that would probably outlast a shift"
                             : "shifts may end in the middle of a contact") +
        "\n  " + breather_line(charter) + "\n  " + starvation_line(charter);
    const std::string cancelling = queues_with(config, QueuePurpose::cancel);
    const std::string buying = queues_with(config, QueuePurpose::buy);
    if (!cancelling.empty() && !buying.empty()) {
        result +=
            "\n  cancelling (" + cancelling + ") is never slower than buying (" + buying + ")";
    } else if (!buying.empty()) {
        result += "\n  nothing for those who cancel: " + buying +
                  " is for buying, but no queue has purpose = \"cancel\"";
    }
    return result;
}

std::string dial_out_text(const CentreConfig& config) {
    const edge::DialOut& rules = config.edge.dial_out;
    if (rules.trunk.empty() || rules.allowed.empty()) {
        return "dial out: no number outside is dialled";
    }
    return "dial out: " + edge::describe_allowed(rules) + ", through trunk " +
           in_quotes(rules.trunk) + "\n  premium-rate numbers only where `allowed` names them" +
           "\n  at most " + counted(rules.calls_max, "call") + " at once, " +
           std::to_string(rules.calls_per_hour) + " an hour for an agent, " +
           written_duration(rules.length_max) + " each";
}

std::string call_page_text(const CentreConfig& config) {
    const api::CallPageSettings& page = config.call_page;
    if (!page.is_enabled) {
        return "";
    }
    std::string concerns;
    for (const api::CallConcern& concern : page.concerns) {
        concerns += (concerns.empty() ? "\"" : ", \"") + concern.queue + "\"";
    }
    std::string sites;
    for (const std::string& site : page.frame_ancestors) {
        sites += (sites.empty() ? "" : ", ") + site;
    }
    return "call page:\n  anybody may call or write from /call: " + concerns + "\n  " +
           (sites.empty() ? "in no other site's frame" : "also in a frame of " + sites) +
           "\n  of one address " + std::to_string(page.calls_per_minute) + " a minute, " +
           std::to_string(page.calls_per_hour) + " an hour, " + std::to_string(page.calls_at_once) +
           " at once; of all " + std::to_string(page.at_once) + " at once\n  from " +
           std::to_string(page.proof_of_work_from) + " on, pages have to work before they may\n";
}

std::string summary(const CentreConfig& config) {
    std::string result = config.path + ": fine: " + counted(config.core.queues.size(), "queue") +
                         ", " + counted(config.core.agents.size(), "agent") + " (" +
                         std::to_string(config.desk_agents.size()) + " with a desk, " +
                         std::to_string(config.built_in_agents.size()) + " built in), " +
                         counted(config.edge.trunks.size(), "trunk");
    if (!config.built_in_callers.empty()) {
        result += ", " + counted(config.built_in_callers.size(), "built-in caller");
    }
    if (config.edge.trunks.empty()) {
        result += "\nnote: without a [[trunk]] every call from outside is refused with 403";
    }
    return result;
}

std::vector<ConfigError> certificate_errors(const CentreConfig& config, Time now) {
    const api::CertificateFiles& files = config.http.certificate;
    if (!files.is_given()) {
        return {};
    }
    const auto loaded = api::Certificate::load(files);
    std::string problem = loaded ? loaded->problem_at(now) : loaded.error().what;
    if (problem.empty()) {
        return {};
    }
    return {{config.path, 0, 0, "http.certificate", files.certificate + " " + problem,
             "put a new certificate and its key in their places"}};
}

std::vector<ConfigError> article_errors(const CentreConfig& config) {
    if (config.desk.articles.empty()) {
        return {};
    }
    const auto articles = read_articles(config.desk.articles);
    if (articles) {
        return {};
    }
    return {{config.path, config.desk.articles_line, 1, "desk.articles", articles.error(),
             "name a folder with files of Markdown, each beginning with # and a title"}};
}

std::string report_errors(const std::vector<ConfigError>& errors) {
    std::string result;
    for (const ConfigError& error : errors) {
        result += to_string(error) + "\n";
    }
    return result + counted(errors.size(), "error") + "\n";
}

int run_check(const CheckOptions& options) {
    const ConfigResult config = load_config(options.config_path);
    if (!config) {
        std::fputs(report_errors(config.error()).c_str(), stderr);
        return 1;
    }
    std::vector<ConfigError> errors = article_errors(*config);
    const auto dated = certificate_errors(*config, LiveClock(Time{}).now());
    errors.insert(errors.end(), dated.begin(), dated.end());
    if (!errors.empty()) {
        std::fputs(report_errors(errors).c_str(), stderr);
        return 1;
    }
    std::puts((summary(*config) + "\n" + call_page_text(*config) + dial_out_text(*config) + "\n" +
               charter_text(*config))
                  .c_str());
    return 0;
}

}  // namespace lanze::app
