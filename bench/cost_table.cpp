#include "cost_table.h"

#include <array>
#include <cstdio>
#include <iostream>

namespace lanze::bench {

namespace {

struct Column {
    const char* name;
    const char* form;
};
constexpr std::array<Column, 6> kColumns = {{{"p50", " %9.3f"},
                                             {"p99", " %9.3f"},
                                             {"p99.9", " %9.3f"},
                                             {"max", " %9.1f"},
                                             {"over_20", " %8.0f"},
                                             {"count", " %9.0f"}}};

// Google Benchmark adds how it was run ("/iterations:1/manual_time"), which is the same in all
// rows.
std::string short_name(const std::string& name) {
    return name.substr(0, name.find("/iterations:"));
}

void write_cell(const char* form, double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), form, value);
    std::cout << text.data();
}

}  // namespace

void show(benchmark::State& state, const Summary& summary) {
    if (summary.count == 0) {
        state.SkipWithError("did not happen");
        return;
    }
    for (auto _ : state) {
        state.SetIterationTime(summary.mean * 1e-9);
    }
    state.counters["p50"] = summary.p50 / 1'000;
    state.counters["p99"] = summary.p99 / 1'000;
    state.counters["p99.9"] = summary.p999 / 1'000;
    state.counters["max"] = summary.max / 1'000;
    state.counters["over_20"] = static_cast<double>(summary.over_target);
    state.counters["count"] = static_cast<double>(summary.count);
}

bool CostTable::ReportContext(const Context& context) {
    PrintBasicContext(&GetErrorStream(), context);
    std::printf("%-50s %9s %9s %9s %9s %9s %8s %9s\n", "us", "mean", "p50", "p99", "p99.9", "max",
                "over 20", "count");
    return true;
}

void CostTable::ReportRuns(const std::vector<Run>& runs) {
    for (const Run& run : runs) {
        write(run);
    }
    std::cout.flush();
}

void CostTable::write(const Run& run) {
    std::array<char, 80> name{};
    std::snprintf(name.data(), name.size(), "%-50s", short_name(run.benchmark_name()).c_str());
    std::cout << name.data();
    if (run.error_occurred) {
        std::cout << ' ' << run.error_message << '\n';
        return;
    }
    write_cell(" %9.3f", run.GetAdjustedRealTime());
    benchmark::UserCounters rest = run.counters;
    const bool has_percentiles = rest.contains("p50");
    for (const Column& column : kColumns) {
        if (has_percentiles) {
            write_cell(column.form, rest[column.name]);
        }
        rest.erase(column.name);
    }
    for (const auto& [counter, value] : rest) {
        std::cout << "  " << counter << '=';
        write_cell("%.1f", value);
    }
    std::cout << '\n';
}

}  // namespace lanze::bench
