#include "base/result.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace lanze {
namespace {

enum class Refused { too_large, too_small };

Result<int, Refused> small_number(int value) {
    if (value > 9) {
        return Unexpected(Refused::too_large);
    }
    return value;
}

Result<void, Refused> take_small(int value) {
    if (value > 9) {
        return Unexpected(Refused::too_large);
    }
    return {};
}

TEST(Result, holds_a_value) {
    const auto result = small_number(7);
    ASSERT_TRUE(result.has_value());
    EXPECT_TRUE(static_cast<bool>(result));
    EXPECT_EQ(*result, 7);
    EXPECT_EQ(result.value(), 7);
}

TEST(Result, holds_an_error) {
    const auto result = small_number(10);
    ASSERT_FALSE(result.has_value());
    EXPECT_FALSE(static_cast<bool>(result));
    EXPECT_EQ(result.error(), Refused::too_large);
}

TEST(Result, of_void_knows_only_whether_it_went_well) {
    EXPECT_TRUE(take_small(1).has_value());
    const auto result = take_small(10);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), Refused::too_large);
}

TEST(Result, tells_value_and_error_of_the_same_type_apart) {
    const Result<std::string, std::string> good(std::string("x"));
    const Result<std::string, std::string> bad(Unexpected(std::string("x")));
    EXPECT_TRUE(good.has_value());
    EXPECT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error(), "x");
}

TEST(Result, converts_the_error) {
    const auto fail = []() -> Result<int, std::string> { return Unexpected("no such queue"); };
    EXPECT_EQ(fail().error(), "no such queue");
}

TEST(Result, gives_a_value_away_that_cannot_be_copied) {
    Result<std::unique_ptr<int>, Refused> result(std::make_unique<int>(3));
    const std::unique_ptr<int> taken = std::move(result).value();
    EXPECT_EQ(*taken, 3);
}

TEST(Result, reaches_into_its_value) {
    Result<std::string, Refused> result(std::string("abc"));
    EXPECT_EQ(result->size(), 3U);
    result->push_back('d');
    EXPECT_EQ(*result, "abcd");
}

TEST(ResultDeathTest, reading_the_wrong_side_is_a_bug) {
    EXPECT_DEATH((void)small_number(10).value(), "bug");
    EXPECT_DEATH((void)small_number(1).error(), "bug");
    EXPECT_DEATH((void)take_small(1).error(), "bug");
}

}  // namespace
}  // namespace lanze
