// OpusSpeaker: a voice of a browser for tests and benchmarks: a tone, as libopus encodes it.
#pragma once

#include <opus/opus.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/check.h"
#include "media/rtp.h"
#include "media/tone.h"

namespace lanze::media {

struct OpusSpeakerSettings {
    Tone tone{.frequency = 440.0, .level = -10.0};
    std::uint32_t packet_ms = 20;  // 10, 20, 40 or 60
    bool with_fec = false;
    std::uint16_t sequence = 65'530;
    std::uint32_t timestamp = 0xFFFFF000;
    std::uint32_t ssrc = 5;
    std::uint8_t payload_type = 111;
};

class OpusSpeaker {
public:
    explicit OpusSpeaker(const OpusSpeakerSettings& settings)
        : settings_(settings),
          encoder_(opus_encoder_create(kRate, 1, OPUS_APPLICATION_VOIP, nullptr)) {
        LANZE_CHECK(encoder_ != nullptr);
        // As Chromium has it.
        opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(32'000));
        opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(settings_.with_fec ? 1 : 0));
        opus_encoder_ctl(encoder_.get(), OPUS_SET_PACKET_LOSS_PERC(settings_.with_fec ? 20 : 0));
        if (settings_.with_fec) {
            // The modes of Opus that have it.
            opus_encoder_ctl(encoder_.get(), OPUS_SET_MAX_BANDWIDTH(OPUS_BANDWIDTH_WIDEBAND));
            opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
        }
    }

    // The packet that `next` is about; counts on.
    const RtpHeader& header() const { return header_; }
    const std::vector<std::uint8_t>& payload() const { return payload_; }

    void next() {
        const auto count = static_cast<std::size_t>(kRate / 1000) * settings_.packet_ms;
        // make_tone() makes samples at 8 kHz: at twice the rate the frequency is half.
        const Tone tone{.frequency = settings_.tone.frequency / 2, .level = settings_.tone.level};
        const std::vector<std::int16_t> samples = make_tone(tone, count, said_);
        said_ += count;
        payload_.resize(1275);
        const int size = opus_encode(encoder_.get(), samples.data(), static_cast<int>(count),
                                     payload_.data(), static_cast<opus_int32>(payload_.size()));
        LANZE_CHECK(size > 0);
        payload_.resize(static_cast<std::size_t>(size));
        header_ = {.marker = said_ == count,
                   .payload_type = settings_.payload_type,
                   .sequence = settings_.sequence++,
                   .timestamp = settings_.timestamp,
                   .ssrc = settings_.ssrc};
        settings_.timestamp += 48 * settings_.packet_ms;
    }

    // The next packet as it goes over the wire.
    std::vector<std::uint8_t> speak() {
        next();
        std::vector<std::uint8_t> packet(kRtpHeaderSize);
        write_rtp_header(header_, std::span(packet).first<kRtpHeaderSize>());
        packet.insert(packet.end(), payload_.begin(), payload_.end());
        return packet;
    }
    // Time in which nothing is sent.
    void pause(std::uint32_t milliseconds) { settings_.timestamp += 48 * milliseconds; }

private:
    static constexpr int kRate = 16'000;
    struct Free {
        void operator()(::OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
    };

    OpusSpeakerSettings settings_;
    std::unique_ptr<::OpusEncoder, Free> encoder_;
    std::uint64_t said_ = 0;
    RtpHeader header_;
    std::vector<std::uint8_t> payload_;
};

}  // namespace lanze::media
