// `lanze replay --with`: the real past again under another configuration, side by side with what
// was.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"
#include "sim/comparison.h"

namespace lanze::app {

struct WhatIfOptions {
    std::string other_path;  // the other configuration
    std::string from;        // "": the beginning; see parse_local()
    std::string to;          // "": the end
    std::uint64_t seed = 1;
    int replications = 20;
    std::string html_path;  // "": no page
    double redials = 0;     // share of the lost callers who are taken to have called again
};

struct JournalPlace {
    std::string journal_path;
    std::string keys_path;  // "": the journal's name with the ending .keys
    bool is_json = false;
};

// What was compared, and of what.
struct WhatIf {
    sim::Past past;
    sim::Comparison comparison;
    std::string other_path;
    std::uint64_t seed = 1;
    std::vector<std::string> new_agents;   // whom the past does not know
    std::vector<std::string> gone_agents;  // whom the other configuration does not know
    double seconds = 0;                    // it took
};

// The zone must be set: the calendars of `other` are in it. The error is for a person.
Result<WhatIf, std::string> make_what_if(const JournalPlace& journal, const WhatIfOptions& options,
                                         const CentreConfig& other);

// The exit code: 0 done, 1 failed. Whether the past was reproduced stands in what is printed.
int run_what_if(const JournalPlace& journal, const WhatIfOptions& options);

std::string what_if_text(const WhatIf& what_if);
std::string what_if_json(const WhatIf& what_if);
// One page, complete in itself: no script, nothing from outside.
std::string what_if_page(const WhatIf& what_if);

// What text and page share: a planner's rows of a queue or of the whole centre, without those that
// are zero everywhere. Cells: past, again, must lie in, does it, with, difference.
struct WhatIfRow {
    std::string name;
    std::vector<std::string> cells;
    const sim::Compared* measure = nullptr;
};
std::vector<WhatIfRow> what_if_queue_rows(const std::vector<sim::Compared>& measures);
std::vector<WhatIfRow> what_if_centre_rows(const std::vector<sim::Compared>& measures);
// What was compared, and how far to trust it: lines of text.
std::string what_if_head(const WhatIf& what_if);
std::string what_if_trust(const WhatIf& what_if);

}  // namespace lanze::app
