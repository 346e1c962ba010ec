// Any text as a configuration: no crash; what is refused says where, what and what to do.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/config.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto result = lanze::app::parse_config(text, "fuzz/lanze.toml");
    if (result) {
        LANZE_CHECK(!result->core.queues.empty() && !result->edge.listeners.empty());
        LANZE_CHECK(result->core.agents.size() <= lanze::app::kAgentsMax);
        return 0;
    }
    LANZE_CHECK(!result.error().empty());
    for (const lanze::app::ConfigError& error : result.error()) {
        const std::string line = lanze::app::to_string(error);
        LANZE_CHECK(!error.problem.empty() && !error.remedy.empty());
        LANZE_CHECK(line.find('\n') == std::string::npos);
    }
    return 0;
}
