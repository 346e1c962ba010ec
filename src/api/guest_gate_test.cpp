#include "api/guest_gate.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

IpAddress ip(std::string_view text) {
    return IpAddress::parse(text).value();
}

std::string answer_to(const Challenge& challenge) {
    for (int i = 0;; ++i) {
        if (leading_zero_bits(challenge.text + ":" + std::to_string(i)) >= challenge.bits) {
            return std::to_string(i);
        }
    }
}

TEST(GuestGate, CountsIpv6ByItsNetwork) {
    EXPECT_EQ(address_key(ip("192.0.2.7")), "192.0.2.7");
    EXPECT_EQ(address_key(ip("2001:db8:1:2::7")), address_key(ip("2001:db8:1:2:ffff::1")));
    EXPECT_NE(address_key(ip("2001:db8:1:2::7")), address_key(ip("2001:db8:1:3::7")));
    EXPECT_EQ(address_key(ip("::ffff:192.0.2.7")), "192.0.2.7");
}

TEST(GuestGate, LimitsByMinuteAndByHour) {
    GuestRate rate(2, 4);
    const Time start = test_time();
    EXPECT_FALSE(rate.begin("a", start));
    EXPECT_FALSE(rate.begin("a", start + seconds(10)));
    EXPECT_EQ(rate.begin("a", start + seconds(20)), Duration(seconds(40)));
    EXPECT_FALSE(rate.begin("b", start + seconds(20))) << "another address";
    EXPECT_FALSE(rate.begin("a", start + seconds(60)));
    EXPECT_FALSE(rate.begin("a", start + seconds(70)));
    EXPECT_EQ(rate.begin("a", start + minutes(10)), Duration(minutes(50))) << "four in the hour";
    EXPECT_FALSE(rate.begin("a", start + minutes(60)));
}

TEST(GuestGate, CountsWhatBeganInAMinute) {
    GuestRate rate(9, 9);
    (void)rate.begin("a", test_time());
    (void)rate.begin("b", test_time() + seconds(30));
    EXPECT_EQ(rate.in_last_minute(test_time() + seconds(40)), 2U);
    EXPECT_EQ(rate.in_last_minute(test_time() + seconds(60)), 1U);
}

TEST(GuestGate, ForgetsAddressesWhenThereAreTooMany) {
    GuestRate rate(1, 1);
    for (std::size_t i = 0; i < GuestRate::kAddressesMax; ++i) {
        EXPECT_FALSE(rate.begin(std::to_string(i), test_time()));
    }
    EXPECT_TRUE(rate.begin("7", test_time() + seconds(1)).has_value() == false) << "forgotten";
}

TEST(GuestGate, TakesASolutionOnce) {
    GuestChallenges challenges("key");
    const Challenge made = challenges.make("a", 10, test_time());
    const std::string answer = answer_to(made);
    EXPECT_TRUE(challenges.solve("a", made.text, answer, 10, test_time()));
    EXPECT_FALSE(challenges.solve("a", made.text, answer, 10, test_time())) << "again";
}

TEST(GuestGate, RefusesWhatIsNoSolutionOfAChallengeOfOurs) {
    GuestChallenges challenges("key");
    const Time now = test_time();
    const Challenge made = challenges.make("a", 10, now);
    const std::string answer = answer_to(made);
    EXPECT_FALSE(challenges.solve("b", made.text, answer, 10, now)) << "another address";
    EXPECT_FALSE(challenges.solve("a", made.text, answer, 11, now)) << "not hard enough by now";
    EXPECT_FALSE(challenges.solve("a", made.text, answer + "x", 10, now));
    EXPECT_FALSE(challenges.solve("a", made.text, "", 10, now));
    EXPECT_FALSE(challenges.solve("a", "", answer, 10, now));
    EXPECT_FALSE(challenges.solve("a", "..", answer, 10, now));
    EXPECT_FALSE(challenges.solve("a", "9999999999.0.00." + std::string(32, '0'), "1", 0, now));
    EXPECT_FALSE(challenges.solve("a", std::string(5'000, '.'), answer, 10, now));
    EXPECT_FALSE(GuestChallenges("other").solve("a", made.text, answer, 10, now)) << "not ours";
    EXPECT_FALSE(
        challenges.solve("a", made.text, answer, 10, now + GuestChallenges::kValid + seconds(1)));
    EXPECT_TRUE(challenges.solve("a", made.text, answer, 10, now));
}

TEST(GuestGate, CountsZeroBits) {
    // SHA-256 of "abc" begins with ba (FIPS 180-2, B.1): no zero bit.
    EXPECT_EQ(leading_zero_bits("abc"), 0U);
    // Of "hello:4" with 0x00 0x... is looked for by hand in no table; one of many must have some.
    std::uint32_t most = 0;
    for (int i = 0; i < 1'000; ++i) {
        most = std::max(most, leading_zero_bits(std::to_string(i)));
    }
    EXPECT_GE(most, 7U);
    EXPECT_LE(most, 24U);
}

}  // namespace
}  // namespace lanze::api
