#include "app/check.h"

#include <gtest/gtest.h>

namespace lanze::app {

TEST(Check, sums_up_what_is_fine) {
    const ConfigResult config = load_config("examples/hanse/lanze.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(summary(*config),
              "examples/hanse/lanze.toml: fine: 3 queues, 8 agents (2 with a desk, 6 built in), 1 "
              "trunk, 3 built-in callers");
}

TEST(Check, notes_that_nobody_may_call) {
    CentreConfig config;
    config.path = "x.toml";
    EXPECT_EQ(summary(config),
              "x.toml: fine: 0 queues, 0 agents (0 with a desk, 0 built in), 0 trunks\n"
              "note: without a [[trunk]] every call from outside is refused with 403");
}

TEST(Check, counts_the_errors) {
    const ConfigError error{"x.toml", 1, 2, "centre.name", "is missing", "add it"};
    EXPECT_EQ(report_errors({error}), "x.toml:1:2: centre.name: is missing; add it\n1 error\n");
    EXPECT_EQ(run_check({"no/such.toml"}), 1);
    EXPECT_EQ(run_check({"examples/hanse/lanze.toml"}), 0);
}

}  // namespace lanze::app
