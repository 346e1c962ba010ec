#include "media/port_pool.h"

#include <gtest/gtest.h>

namespace lanze::media {
namespace {

const Time kStart = from_micros(1'000'000'000);

class Pool : public ::testing::Test {
protected:
    // Does what the worker does: binds what is missing and lends it.
    std::vector<ports::MediaPort> lend_all(Time now) {
        const std::size_t wanted = pool.wanted(now);
        while (pool.free_count() < wanted && pool.size() < bindable) {
            pool.add({});
        }
        std::vector<ports::MediaPort> lent = pool.lend(wanted);
        pool.wanted(now);  // it looks again at once and sees that all is there
        return lent;
    }

    PortPool pool{{.lent_min = 4, .lent_max = 16, .rest = seconds(10)}};
    std::size_t bindable = 1000;
};

TEST_F(Pool, LendsTheLeastAtFirst) {
    EXPECT_EQ(lend_all(kStart).size(), 4U);
    EXPECT_EQ(lend_all(kStart).size(), 0U);
}

TEST_F(Pool, RefillsAtHalf) {
    lend_all(kStart);
    ASSERT_TRUE(pool.open(0));
    EXPECT_EQ(lend_all(kStart + seconds(60)).size(), 0U);
    ASSERT_TRUE(pool.open(1));
    EXPECT_EQ(lend_all(kStart + seconds(60)).size(), 2U);
}

TEST_F(Pool, GrowsWhenPairsGoFast) {
    lend_all(kStart);
    EXPECT_EQ(pool.wanted(kStart), 0U);
    pool.open(0);
    pool.open(1);
    EXPECT_EQ(lend_all(kStart + milliseconds(500)).size(), 6U) << "eight at the edge from now on";
    for (std::uint32_t i = 2; i < 200; ++i) {
        pool.open(i);
        lend_all(kStart + milliseconds(500));
        lend_all(kStart + milliseconds(500));
    }
    EXPECT_LE(pool.lent_count(), 16U);
    EXPECT_GE(pool.lent_count(), 8U);
}

TEST_F(Pool, LetsAPairRest) {
    bindable = 4;
    lend_all(kStart);
    for (std::uint32_t i = 0; i < 4; ++i) {
        pool.open(i);
    }
    EXPECT_TRUE(lend_all(kStart + seconds(60)).empty()) << "all are in use";
    ASSERT_TRUE(pool.release(2, kStart + seconds(60)));
    EXPECT_EQ(pool.next_deadline(), kStart + seconds(70));
    pool.advance(kStart + seconds(70) - microseconds(1));
    EXPECT_TRUE(lend_all(kStart + seconds(70)).empty());
    pool.advance(kStart + seconds(70));
    const auto lent = lend_all(kStart + seconds(70));
    ASSERT_EQ(lent.size(), 1U);
    EXPECT_EQ(lent[0].index, 2U);
}

TEST_F(Pool, TakesBackWhatWasNotUsed) {
    lend_all(kStart);
    EXPECT_TRUE(pool.release(3, kStart));
    EXPECT_EQ(pool.lent_count(), 3U);
    EXPECT_EQ(pool.resting_count(), 1U);
}

TEST_F(Pool, RefusesWhatIsNotLent) {
    EXPECT_FALSE(pool.open(0));
    EXPECT_FALSE(pool.release(0, kStart));
    lend_all(kStart);
    EXPECT_TRUE(pool.open(0));
    EXPECT_FALSE(pool.open(0));
    EXPECT_TRUE(pool.release(0, kStart));
    EXPECT_FALSE(pool.release(0, kStart));
    EXPECT_FALSE(pool.open(0));
}

}  // namespace
}  // namespace lanze::media
