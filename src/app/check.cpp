#include "app/check.h"

#include <cstdio>

namespace lanze::app {

namespace {

std::string counted(std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

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
    std::puts(summary(*config).c_str());
    return 0;
}

}  // namespace lanze::app
