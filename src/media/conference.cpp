#include "media/conference.h"

#include <algorithm>
#include <limits>

#include "media/g711.h"

namespace lanze::media {

namespace {

std::int16_t saturated(std::int32_t sample) {
    using Limits = std::numeric_limits<std::int16_t>;
    return static_cast<std::int16_t>(
        std::clamp<std::int32_t>(sample, Limits::min(), Limits::max()));
}

}  // namespace

bool Conference::has(std::uint32_t port) const {
    return std::ranges::any_of(members_, [&](const Member& each) { return each.port == port; });
}

bool Conference::add(std::uint32_t port) {
    if (has(port) || members_.size() >= kMembersMax) {
        return has(port);
    }
    members_.emplace_back().port = port;
    return true;
}

void Conference::remove(std::uint32_t port) {
    std::erase_if(members_, [&](const Member& each) { return each.port == port; });
}

void Conference::speak(std::uint32_t port, const RtpHeader& header, Bytes payload,
                       ports::G711 law) {
    std::array<std::int16_t, JitterBuffer::kDelayMax> samples{};
    const std::size_t size = std::min(payload.size(), samples.size());
    for (std::size_t i = 0; i < size; ++i) {
        samples[i] = decode(payload[i], law);
    }
    speak(port, header, std::span<const std::int16_t>(samples).first(size));
}

void Conference::speak(std::uint32_t port, const RtpHeader& header,
                       std::span<const std::int16_t> samples) {
    const auto member =
        std::ranges::find_if(members_, [&](const Member& each) { return each.port == port; });
    if (member != members_.end()) {
        member->buffer.put(header, samples);
    }
}

void Conference::mix() {
    sum_.fill(0);
    speakers_ = 0;
    for (Member& member : members_) {
        member.speaks = member.buffer.take(member.frame);
        if (!member.speaks) {
            continue;
        }
        ++speakers_;
        for (std::size_t i = 0; i < kFrameSamples; ++i) {
            sum_[i] += member.frame[i];
        }
    }
}

void Conference::heard(std::size_t index, ports::G711 law,
                       std::span<std::uint8_t, kFrameSamples> frame) const {
    const Member& listener = members_[index];
    // Mostly one person speaks, and then hears nobody.
    if (speakers_ == (listener.speaks ? 1U : 0U)) {
        std::ranges::fill(frame, silence_of(law));
        return;
    }
    for (std::size_t i = 0; i < kFrameSamples; ++i) {
        const std::int32_t own = listener.speaks ? listener.frame[i] : 0;
        frame[i] = encode(saturated(sum_[i] - own), law);
    }
}

}  // namespace lanze::media
