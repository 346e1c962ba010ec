#include "api/file_turns.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace lanze::api {
namespace {

IpAddress address(std::size_t last) {
    return *IpAddress::parse("192.0.2." + std::to_string(last));
}

TEST(FileTurns, OneAddressHasAFewAndTheyComeBack) {
    FileTurns turns;
    std::vector<FileTurn> taken;
    for (std::size_t i = 0; i < kFileTurnsOfOneMax; ++i) {
        taken.push_back(turns.take(address(1)));
        EXPECT_NE(taken.back(), nullptr);
    }
    EXPECT_EQ(turns.take(address(1)), nullptr);
    EXPECT_NE(turns.take(address(2)), nullptr) << "another's";
    taken.pop_back();
    EXPECT_NE(turns.take(address(1)), nullptr);
}

TEST(FileTurns, AllTogetherHaveNoMore) {
    FileTurns turns;
    std::vector<FileTurn> taken;
    for (std::size_t i = 0; i < kFileTurnsMax; ++i) {
        taken.push_back(turns.take(address(i)));
    }
    EXPECT_NE(taken.back(), nullptr);
    EXPECT_EQ(turns.take(address(99)), nullptr);
    taken.clear();
    EXPECT_NE(turns.take(address(99)), nullptr);
}

TEST(FileTurns, ATurnMayOutliveThem) {
    std::optional<FileTurns> turns(std::in_place);
    const FileTurn taken = turns->take(address(1));
    turns.reset();
    EXPECT_NE(taken, nullptr);
}

}  // namespace
}  // namespace lanze::api
