// `lanze report`: traffic, service level, handle times and occupancy out of a journal, per queue
// and interval; also while the centre runs.
#pragma once

#include <string>

#include "app/report_lines.h"
#include "app/report_text.h"
#include "base/result.h"

namespace lanze::app {

struct ReportOptions {
    std::string journal_path;
    std::string keys_path;         // "": the journal's name with the ending .keys
    std::string from;              // "": today; see parse_local()
    std::string to;                // "": up to now
    std::string interval = "30m";  // 15m, 30m, 1h, 1d
    std::string queue;             // "": all
    std::string format = "table";  // table, csv, json
    std::string time_zone;         // "": the system's
};

// The exit code: 0 done, 1 failed; the report goes to standard output.
int run_report(const ReportOptions& options);

// The same as values, at a time told. The zone must be set. The error is for a person.
Result<Report, std::string> make_report(const ReportOptions& options, Time now);

// The key file that belongs to a journal when none is named.
std::string keys_path_of(const std::string& journal_path);

// The system's clock.
Time time_now();

}  // namespace lanze::app
