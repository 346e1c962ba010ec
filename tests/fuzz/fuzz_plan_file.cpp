// Any text as a plan, and after a line "---" as the CSV file it names: no crash; what is refused
// says where, what and what to do; what is taken is within the limits.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/plan_file.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lanze::app;
    constexpr std::string_view kBorder = "\n---\n";
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t border = text.find(kBorder);
    const bool has_file = border != std::string_view::npos;
    const std::string file(has_file ? text.substr(border + kBorder.size()) : std::string_view{});
    const auto result = parse_plan(text.substr(0, border), "fuzz/plan.toml",
                                   [&](const std::string&) { return std::optional(file); });
    if (result) {
        LANZE_CHECK(!result->queues.empty() && result->queues.size() <= kPlanQueuesMax);
        for (const PlannedQueue& queue : result->queues) {
            LANZE_CHECK(queue.arrivals.size() == result->queues[0].arrivals.size());
            LANZE_CHECK(!queue.arrivals.empty() && queue.arrivals.size() <= kPlanIntervalsMax);
            LANZE_CHECK(queue.handle_time.mean() > 0);
        }
        LANZE_CHECK(!result->begin_text(kPlanIntervalsMax).empty());
        return 0;
    }
    LANZE_CHECK(!result.error().empty());
    for (const ConfigError& error : result.error()) {
        LANZE_CHECK(!error.problem.empty() && !error.remedy.empty());
        LANZE_CHECK(to_string(error).find('\n') == std::string::npos);
    }
    return 0;
}
