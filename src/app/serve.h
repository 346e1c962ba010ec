// lanze serve: the running centre.
#pragma once

#include <string>

namespace lanze::app {

struct ServeOptions {
    std::string config_path;
    bool is_quiet = false;  // without the built-in callers
};

// Runs until SIGINT or SIGTERM. 0: an orderly end; 1: it could not start (the reason is on stderr).
int run_serve(const ServeOptions& options);

}  // namespace lanze::app
