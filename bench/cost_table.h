// CostTable: Google Benchmark's results as a table of percentiles, in microseconds.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "samples.h"

namespace lanze::bench {

// Turns samples into a row: their mean as the benchmark's time, the rest as counters.
void show(benchmark::State& state, const Summary& summary);

// Rows of show() under columns; of other rows the time and the counters.
class CostTable final : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context& context) override;
    void ReportRuns(const std::vector<Run>& runs) override;

private:
    void write(const Run& run);
};

}  // namespace lanze::bench
