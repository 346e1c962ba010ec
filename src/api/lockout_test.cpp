#include "api/lockout.h"

#include <gtest/gtest.h>

namespace lanze::api {
namespace {

const Time kStart = from_micros(1'000'000'000);

TEST(Lockout, FiveFailuresOfANameMakeItWait) {
    Lockout lockout;
    for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(lockout.begin("anna", "a" + std::to_string(i), kStart + minutes(i)));
    }
    EXPECT_EQ(lockout.begin("anna", "b", kStart + minutes(5)), minutes(10));
    EXPECT_FALSE(lockout.begin("ben", "b", kStart + minutes(5)));
    EXPECT_FALSE(lockout.begin("anna", "b", kStart + minutes(15))) << "the first is forgotten";
}

TEST(Lockout, TwentyFailuresOfAnAddressMakeItWait) {
    Lockout lockout;
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(lockout.begin("name" + std::to_string(i), "a", kStart));
    }
    EXPECT_TRUE(lockout.begin("other", "a", kStart));
    EXPECT_FALSE(lockout.begin("other", "b", kStart));
}

TEST(Lockout, ASuccessForgetsTheNameButNotTheAddress) {
    Lockout lockout;
    for (int i = 0; i < 4; ++i) {
        EXPECT_FALSE(lockout.begin("anna", "a", kStart));
    }
    EXPECT_FALSE(lockout.begin("anna", "a", kStart));
    lockout.succeed("anna", "a");
    EXPECT_FALSE(lockout.begin("anna", "a", kStart));
    for (int i = 0; i < 15; ++i) {
        EXPECT_FALSE(lockout.begin("name" + std::to_string(i), "a", kStart)) << i;
    }
    EXPECT_TRUE(lockout.begin("other", "a", kStart));
}

TEST(Lockout, ManyAtOnceGainNothing) {
    Lockout lockout;
    int admitted = 0;
    for (int i = 0; i < 100; ++i) {
        admitted += lockout.begin("anna", "a" + std::to_string(i), kStart) ? 0 : 1;
    }
    EXPECT_EQ(admitted, 5);
    lockout.withdraw("anna", "a4");
    EXPECT_FALSE(lockout.begin("anna", "b", kStart)) << "one was not carried out";
}

TEST(Lockout, RemembersABoundedNumberOfNames) {
    Lockout lockout;
    for (std::size_t i = 0; i < Lockout::kKeysMax + 10; ++i) {
        EXPECT_FALSE(lockout.begin("n" + std::to_string(i), "a" + std::to_string(i), kStart));
    }
}

TEST(Lockout, WithoutANameTheAddressAloneCounts) {
    Lockout lockout;
    const Time now{hours(1)};
    for (std::size_t i = 0; i < Lockout::kFailuresPerAddress; ++i) {
        EXPECT_FALSE(lockout.begin("", "192.0.2.1", now));
    }
    EXPECT_TRUE(lockout.begin("", "192.0.2.1", now));
    EXPECT_TRUE(lockout.begin("anna", "192.0.2.1", now));
    EXPECT_FALSE(lockout.begin("", "192.0.2.2", now));
    lockout.succeed("", "192.0.2.1");
    EXPECT_FALSE(lockout.begin("anna", "192.0.2.1", now));
}

}  // namespace
}  // namespace lanze::api
