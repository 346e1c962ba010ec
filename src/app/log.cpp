#include "app/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <memory>

namespace lanze::app {

namespace {

// What comes from outside may be long; the start says enough.
constexpr std::size_t kLineMax = 2'000;

std::shared_ptr<spdlog::logger> make_logger() {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("lanze", std::move(sink));
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    logger->flush_on(spdlog::level::warn);
    return logger;
}

void write(spdlog::level::level_enum level, std::string_view area, std::string_view text) {
    // Made at the first line; the pointer never changes afterwards. spdlog's logger is shared by
    // its own design, and locks by itself.
    static const std::shared_ptr<spdlog::logger> logger = make_logger();
    logger->log(level, "{}", log_line(area, text));
}

}  // namespace

std::string log_line(std::string_view area, std::string_view text) {
    std::string result = std::string(area) + ": " + std::string(text.substr(0, kLineMax));
    std::replace_if(
        result.begin(), result.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return result;
}

void log_info(std::string_view area, std::string_view text) {
    write(spdlog::level::info, area, text);
}

void log_warning(std::string_view area, std::string_view text) {
    write(spdlog::level::warn, area, text);
}

void log_error(std::string_view area, std::string_view text) {
    write(spdlog::level::err, area, text);
}

}  // namespace lanze::app
