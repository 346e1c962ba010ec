// `lanze erlang`: what one queue with alike agents does by the formulas, or the smallest number of
// agents that keeps a target.
#pragma once

#include <string>

#include "base/result.h"

namespace lanze::app {

// As typed; "" where nothing was. All rates and times are in one unit, which is free.
struct ErlangOptions {
    std::string model;  // b, c, a or x
    std::string lambda;
    std::string mu;
    std::string theta;
    std::string patience;
    std::string agents;
    std::string target;
    std::string places;
    std::string within;
    std::string definition = "answered_within/arrivals";
    std::string short_abandon;
    bool is_json = false;
};

// Nothing was computed: what was wrong, where, and what to do.
struct ErlangRefusal {
    int exit_code = 1;  // 1: there is no such equilibrium or number; 2: the command line is wrong
    std::string text;
};

// What is printed: a table with the definition of each measure, or one JSON object.
Result<std::string, ErlangRefusal> erlang_text(const ErlangOptions& options);

// The exit code.
int run_erlang(const ErlangOptions& options);

}  // namespace lanze::app
