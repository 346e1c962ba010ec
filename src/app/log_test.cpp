#include "app/log.h"

#include <gtest/gtest.h>

namespace lanze::app {

TEST(Log, keeps_to_one_line) {
    EXPECT_EQ(log_line("sip", "contact 17 ended"), "sip: contact 17 ended");
    EXPECT_EQ(log_line("sip", "a\r\n2026-01-01 error forged\x1b[2J"),
              "sip: a  2026-01-01 error forged [2J");
    EXPECT_EQ(log_line("sip", std::string(10'000, 'x')).size(), 2'005U);
}

}  // namespace lanze::app
