// `lanze check`: reads a configuration and says that it is fine, or all that is wrong with it.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"

namespace lanze::app {

struct CheckOptions {
    std::string config_path;
};

// The exit code: 0 fine, 1 wrong.
int run_check(const CheckOptions& options);

// "hanse.toml: fine: 3 queues, 8 agents (2 with a desk, 6 built in), 1 trunk, ..."
std::string summary(const CentreConfig& config);

// Who may call from a web page, with a line's end; "": nobody.
std::string call_page_text(const CentreConfig& config);

// What the centre promises, in plain words: "charter:" and one line for each promise.
std::string charter_text(const CentreConfig& config);

// Which numbers agents may dial: "dial out:" and a line for each limit.
std::string dial_out_text(const CentreConfig& config);

// The certificate's dates at `now`: nothing wrong, or the one error to tell.
std::vector<ConfigError> certificate_errors(const CentreConfig& config, Time now);

// What is wrong with the folder of articles: nothing, or the one error to tell.
std::vector<ConfigError> article_errors(const CentreConfig& config);

// All errors, one a line, and how many they are.
std::string report_errors(const std::vector<ConfigError>& errors);

}  // namespace lanze::app
