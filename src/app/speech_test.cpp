#include "app/speech.h"

#include <gtest/gtest.h>

namespace lanze::app {

TEST(RunProgram, gives_what_it_wrote_and_how_it_ended) {
    const auto outcome = run_program({"printf", "%s", "Moin; $HOME"}, seconds(10));
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->exit_code, 0);
    EXPECT_EQ(outcome->output, "Moin; $HOME");
    EXPECT_EQ(run_program({"false"}, seconds(10))->exit_code, 1);
}

TEST(RunProgram, says_what_is_not_there) {
    EXPECT_EQ(run_program({"no-such-program-of-ours"}, seconds(10))->exit_code, 127);
}

TEST(RunProgram, stops_what_takes_too_long) {
    const auto outcome = run_program({"sleep", "60"}, milliseconds(20));
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), "sleep did not come to an end in time and was stopped");
}

TEST(RunProgram, keeps_only_the_start_of_a_flood) {
    const auto outcome = run_program({"seq", "1", "20000"}, seconds(10));
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->output.size(), 1'000U);
}

TEST(Speak, refuses_a_folder_that_cannot_be_made) {
    const auto path = speak({"Moin", "de"}, "/dev/null/cache");
    ASSERT_FALSE(path.has_value());
    EXPECT_EQ(path.error().substr(0, 43), "The folder /dev/null/cache cannot be made: ");
}

}  // namespace lanze::app
