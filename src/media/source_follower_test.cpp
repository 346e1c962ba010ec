#include "media/source_follower.h"

#include <gtest/gtest.h>

namespace lanze::media {
namespace {

Endpoint at(std::uint8_t host, std::uint16_t port) {
    return {.address = IpAddress::v4(192, 0, 2, host), .port = port};
}

const Endpoint kSdp = at(1, 4000);
const Endpoint kNat = at(2, 5000);
const Endpoint kAttacker = at(66, 6666);

TEST(SourceFollower, PrefersSdpsAddress) {
    SourceFollower follower;
    follower.follow(kSdp);
    EXPECT_TRUE(follower.admit(kNat));
    EXPECT_TRUE(follower.admit(kSdp));
    EXPECT_TRUE(follower.is_fixed());
    EXPECT_EQ(follower.target(), kSdp);
    EXPECT_FALSE(follower.admit(kNat));
}

TEST(SourceFollower, TakesAnotherSourceFromTheFirstPackets) {
    SourceFollower follower;
    follower.follow(kSdp);
    for (unsigned i = 0; i < SourceFollower::kVotesToFix; ++i) {
        EXPECT_EQ(follower.target(), kSdp) << "nothing goes elsewhere before it is fixed";
        EXPECT_TRUE(follower.admit(kNat));
    }
    EXPECT_EQ(follower.target(), kNat);
    EXPECT_FALSE(follower.admit(kSdp)) << "fixed is fixed";
    EXPECT_FALSE(follower.admit(kAttacker));
}

TEST(SourceFollower, ComesOverAStrayPacket) {
    SourceFollower follower;
    follower.follow(kSdp);
    follower.admit(kAttacker);
    EXPECT_FALSE(follower.admit(kNat));
    for (unsigned i = 0; i < SourceFollower::kVotesToFix; ++i) {
        EXPECT_TRUE(follower.admit(kNat));
    }
    EXPECT_EQ(follower.target(), kNat);
}

TEST(SourceFollower, ReopensAndKeepsItsTargetIfSdpRepeatsItself) {
    SourceFollower follower;
    follower.follow(kSdp);
    for (unsigned i = 0; i < SourceFollower::kVotesToFix; ++i) {
        follower.admit(kNat);
    }
    follower.follow(kSdp);
    EXPECT_FALSE(follower.is_fixed());
    EXPECT_EQ(follower.target(), kNat);
    follower.follow(at(9, 9000));
    EXPECT_EQ(follower.target(), at(9, 9000));
    EXPECT_TRUE(follower.admit(at(9, 9000)));
}

TEST(SourceFollower, KnowsTheAddressForRtcp) {
    SourceFollower follower;
    follower.follow(kSdp);
    EXPECT_TRUE(follower.knows(kSdp.address));
    EXPECT_FALSE(follower.knows(kAttacker.address));
}

TEST(SourceFollower, IsLedByIceWhateverSdpSays) {
    const Endpoint chosen{.address = IpAddress::v4(192, 0, 2, 77), .port = 5000};
    SourceFollower follower;
    follower.lead({});
    EXPECT_EQ(follower.target(), Endpoint{});
    follower.lead(chosen);
    follower.follow({});
    EXPECT_EQ(follower.target(), chosen);
    EXPECT_TRUE(follower.is_fixed());
}

}  // namespace
}  // namespace lanze::media
