#include "media/source_follower.h"

namespace lanze::media {

void SourceFollower::follow(const Endpoint& expected) {
    if (is_led_) {
        return;
    }
    if (expected != expected_) {
        expected_ = expected;
        target_ = expected;
    }
    is_fixed_ = false;
    votes_ = 0;
}

void SourceFollower::lead(const Endpoint& target) {
    is_led_ = true;
    expected_ = target;
    fix(target);
}

void SourceFollower::fix(const Endpoint& source) {
    source_ = source;
    target_ = source;
    is_fixed_ = true;
}

// The vote is the one of Boyer and Moore (1991): a stray packet of an earlier source cannot keep
// the steady one out.
bool SourceFollower::admit_open(const Endpoint& source) {
    if (source == expected_) {
        fix(source);
        return true;
    }
    if (votes_ == 0) {
        source_ = source;
    }
    if (source != source_) {
        --votes_;
        return false;
    }
    if (++votes_ >= kVotesToFix) {
        fix(source);
    }
    return true;
}

bool SourceFollower::knows(const IpAddress& address) const {
    return address == target_.address || (!is_fixed_ && address == expected_.address);
}

}  // namespace lanze::media
