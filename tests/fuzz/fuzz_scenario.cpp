// Any text as a scenario, and after a line "---" as the file it names: no crash; what is refused
// says where, what and what to do; what is taken can be simulated for a short while.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/scenario_file.h"
#include "base/check.h"
#include "sim/world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lanze;
    constexpr std::string_view kBorder = "\n---\n";
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t border = text.find(kBorder);
    const bool has_file = border != std::string_view::npos;
    const std::string file(has_file ? text.substr(border + kBorder.size()) : std::string_view{});
    const auto result =
        app::parse_scenario(text.substr(0, border), "fuzz/scenario.toml",
                            [&](const std::string&) { return std::optional(file); });
    if (!result) {
        LANZE_CHECK(!result.error().empty());
        for (const app::ConfigError& error : result.error()) {
            LANZE_CHECK(!error.problem.empty() && !error.remedy.empty());
            LANZE_CHECK(app::to_string(error).find('\n') == std::string::npos);
        }
        return 0;
    }
    std::size_t agents = 0;
    double rate = 0;
    for (const sim::Pool& pool : result->scenario.pools) {
        agents += pool.count;
    }
    for (const sim::Stream& stream : result->scenario.streams) {
        for (const sim::RatePiece& piece : stream.rates) {
            rate += piece.per_second;
        }
        rate += static_cast<double>(stream.arrivals.size());
    }
    if (agents <= 20 && rate <= 10) {
        sim::Plan plan;
        plan.length = seconds(20);
        plan.interval = seconds(10);
        (void)sim::World(result->scenario, plan).run();
    }
    return 0;
}
