#include "media/phone_audio.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/rng.h"
#include "media/g711.h"

namespace lanze::media {

namespace {

constexpr Duration kFrameTime = milliseconds(20);
constexpr Duration kBehindMax = milliseconds(500);  // more is not made up for
constexpr std::size_t kMeasuredMin = 800;           // 100 ms

OutgoingStream::Start start_of(std::uint64_t seed) {
    Rng rng(seed);
    return {.ssrc = static_cast<std::uint32_t>(rng.next() >> 32U),
            .sequence = static_cast<std::uint16_t>(rng.next() >> 48U),
            .timestamp = static_cast<std::uint32_t>(rng.next() >> 32U)};
}

}  // namespace

PhoneAudio::PhoneAudio(PhoneAudioSettings settings)
    : settings_(std::move(settings)), out_(start_of(settings_.seed)) {
    heard_.reserve(kSampleRate);
}

void PhoneAudio::set_remote(const PhoneAudioRemote& remote, Time now) {
    if (!remote_ || !remote_->may_send) {
        due_ = now;
        out_.break_off();
    }
    remote_ = remote;
}

std::optional<Time> PhoneAudio::next_tick() const {
    const bool is_sending = remote_ && remote_->may_send && remote_->rtp.port != 0;
    return is_sending ? std::optional(due_) : std::nullopt;
}

std::vector<std::uint8_t> PhoneAudio::tick(Time now) {
    const std::optional<Time> due = next_tick();
    if (!due || *due > now) {
        return {};
    }
    due_ = now - *due > kBehindMax ? now + kFrameTime : *due + kFrameTime;
    RtpHeader header = out_.play(kFrameSamples, now);
    header.payload_type = remote_->payload_type;
    std::vector<std::uint8_t> packet(kRtpHeaderSize + kFrameSamples);
    write_rtp_header(header, std::span(packet).first<kRtpHeaderSize>());
    const std::span<std::uint8_t> payload = std::span(packet).subspan(kRtpHeaderSize);
    if (const auto* prompt = std::get_if<Prompt>(&settings_.sound)) {
        const auto frame = prompt->frame(frames_sent_, remote_->law);
        std::copy(frame.begin(), frame.end(), payload.begin());
    } else {
        const std::vector<std::int16_t> samples =
            make_tone(std::get<Tone>(settings_.sound), kFrameSamples, frames_sent_ * kFrameSamples);
        std::transform(samples.begin(), samples.end(), payload.begin(),
                       [this](std::int16_t sample) { return encode(sample, remote_->law); });
    }
    ++frames_sent_;
    out_.note_sent(payload.size());
    return packet;
}

// Each digit comes in many packets with one timestamp (RFC 4733 §2.5.1).
void PhoneAudio::note_event(const RtpHeader& header, Bytes payload) {
    constexpr std::string_view kDigits = "0123456789*#ABCD";
    const bool is_digit = payload.size() >= 4 && payload[0] < kDigits.size();
    if (is_digit && digit_at_ != header.timestamp && digits_.size() < kDigitsMax) {
        digits_.push_back(kDigits[payload[0]]);
        digit_at_ = header.timestamp;
    }
}

void PhoneAudio::receive(Bytes datagram, Time now) {
    const Result<RtpPacket, RtpError> packet = parse_rtp(datagram);
    const bool is_event = packet && remote_ && remote_->event_payload_in != 0 &&
                          packet->header.payload_type == remote_->event_payload_in;
    if (is_event) {
        in_.note(packet->header, now, false);
        note_event(packet->header, datagram.subspan(packet->payload_offset, packet->payload_size));
        return;
    }
    const bool is_audio = classify(datagram) == DatagramKind::rtp && packet && remote_ &&
                          packet->header.payload_type == remote_->payload_type_in;
    if (!is_audio) {
        ++refused_;
        return;
    }
    in_.note(packet->header, now);
    if (last_received_) {
        gap_max_ = std::max(gap_max_, now - *last_received_);
    }
    last_received_ = now;
    hear(datagram.subspan(packet->payload_offset, packet->payload_size));
}

void PhoneAudio::hear(Bytes payload) {
    for (const std::uint8_t code : payload) {
        heard_.push_back(decode(code, remote_->law));
        if (heard_.size() < kSampleRate) {
            continue;
        }
        if (seconds_.size() == kSecondsKept) {
            seconds_.erase(seconds_.begin());
        }
        seconds_.push_back(measure(heard_));
        ++whole_seconds_;
        heard_.clear();
    }
}

PhoneAudioReport PhoneAudio::report() const {
    PhoneAudioReport report;
    report.packets_sent = frames_sent_;
    report.packets_received = in_.received();
    report.packets_lost = in_.lost();
    report.packets_refused = refused_;
    report.jitter = in_.jitter_max();
    report.gap_max = gap_max_;
    report.seconds = seconds_;
    report.whole_seconds = whole_seconds_;
    if (!seconds_.empty()) {
        report.last_whole = seconds_.back();
    }
    report.digits = digits_;
    if (heard_.size() >= kMeasuredMin) {
        report.seconds.push_back(measure(heard_));
    }
    return report;
}

}  // namespace lanze::media
