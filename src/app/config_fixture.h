// What the tests of the configuration's reader have in common.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "app/config.h"

namespace lanze::app {

// `text` with its first `from` replaced; fails the test where there is none.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

// All errors in a file x.toml with this text, a line each; "" if it is fine.
inline std::string errors_of(const std::string& text) {
    const ConfigResult result = parse_config(text, "x.toml");
    std::string lines;
    for (std::size_t i = 0; !result && i < result.error().size(); ++i) {
        lines += (lines.empty() ? "" : "\n") + to_string(result.error()[i]);
    }
    return lines;
}

}  // namespace lanze::app
