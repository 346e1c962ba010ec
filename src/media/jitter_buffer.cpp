#include "media/jitter_buffer.h"

#include <algorithm>

namespace lanze::media {

namespace {

// Signed, on the circle of timestamps.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

}  // namespace

void JitterBuffer::start(const RtpHeader& header) {
    samples_.fill(0);
    ssrc_ = header.ssrc;
    next_ = header.timestamp - kDelay;
    end_ = header.timestamp;
    empty_ = 0;
    is_running_ = true;
}

void JitterBuffer::skip_to(std::uint32_t timestamp) {
    while (distance(next_, timestamp) > 0) {
        samples_[next_++ % kSize] = 0;
    }
}

void JitterBuffer::put(const RtpHeader& header, std::span<const std::int16_t> samples) {
    samples = samples.first(std::min<std::size_t>(samples.size(), kDelayMax));
    const auto size = static_cast<std::uint32_t>(samples.size());
    const bool is_other = !is_running_ || header.ssrc != ssrc_;
    const std::int32_t ahead = distance(next_, header.timestamp);
    // A jump is a source that began anew. What comes too late although nothing else is here has
    // been under way for longer than the delay allows for: it gets the delay from now on.
    const bool is_late = ahead + static_cast<std::int32_t>(size) <= 0;
    const bool is_jump =
        ahead > static_cast<std::int32_t>(kDelayMax) || ahead < -static_cast<std::int32_t>(kSize);
    if (is_other || is_jump || (is_late && held() == 0)) {
        start(header);
    } else if (is_late) {
        return;
    }
    for (std::uint32_t i = 0; i < size; ++i) {
        if (distance(next_, header.timestamp + i) >= 0) {
            samples_[(header.timestamp + i) % kSize] = samples[i];
        }
    }
    if (distance(end_, header.timestamp + size) > 0) {
        end_ = header.timestamp + size;
    }
    empty_ = 0;
    if (held() > kDelayMax) {
        skip_to(end_ - kDelay);  // the other clock is faster, or the network let go of a burst
    }
}

bool JitterBuffer::take(std::span<std::int16_t, kFrameSamples> frame) {
    if (!is_running_) {
        std::ranges::fill(frame, 0);
        return false;
    }
    const bool has_any = distance(next_, end_) > 0;
    for (std::int16_t& sample : frame) {
        sample = samples_[next_ % kSize];
        samples_[next_++ % kSize] = 0;
    }
    if (distance(next_, end_) <= 0) {
        end_ = next_;
        is_running_ = ++empty_ < kEmptyMax;
    }
    return has_any;
}

}  // namespace lanze::media
