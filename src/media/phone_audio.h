// PhoneAudio: the other end of a call as a value: RTP out every 20 ms, RTP in and measured; no
// socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/endpoint.h"
#include "base/time.h"
#include "media/outgoing_stream.h"
#include "media/prompt.h"
#include "media/reception.h"
#include "media/rtp.h"
#include "media/tone.h"
#include "ports/media.h"

namespace lanze::media {

struct PhoneAudioSettings {
    std::variant<Tone, Prompt> sound;  // what is said into the phone; the prompt repeats
    std::uint64_t seed = 1;            // of SSRC and initial numbers
};

// What offer and answer agreed on.
struct PhoneAudioRemote {
    Endpoint rtp;
    ports::G711 law = ports::G711::a_law;
    std::uint8_t payload_type = 8;  // number we send
    std::uint8_t payload_type_in = 8;
    std::uint8_t event_payload_in = 0;  // telephone-event; 0: none
    bool may_send = true;
    friend bool operator==(const PhoneAudioRemote&, const PhoneAudioRemote&) = default;
};

struct PhoneAudioReport {
    std::uint64_t packets_sent = 0;
    std::uint64_t packets_received = 0;
    std::uint64_t packets_lost = 0;
    std::uint64_t packets_refused = 0;  // malformed or of another payload type
    Duration jitter{};                  // highest
    Duration gap_max{};                 // longest time between two packets received
    // One for each second heard, the last kSecondsKept; then the one begun, from 100 ms on.
    std::vector<Measurement> seconds;
    std::uint64_t whole_seconds = 0;        // all that were heard to their end
    std::optional<Measurement> last_whole;  // the newest of them
    std::string digits;  // that were pressed at the other end, the first kDigitsMax
};

class PhoneAudio {
public:
    static constexpr std::size_t kSecondsKept = 600;
    static constexpr std::size_t kDigitsMax = 256;

    explicit PhoneAudio(PhoneAudioSettings settings);

    // Sending starts with the first remote; again after a re-INVITE.
    void set_remote(const PhoneAudioRemote& remote, Time now);
    const std::optional<PhoneAudioRemote>& remote() const { return remote_; }

    // The packet that is due, to be sent to remote()->rtp; empty when none is. To be called until
    // it gives nothing, then again at next_tick().
    std::vector<std::uint8_t> tick(Time now);
    // Nothing while there is nobody to send to.
    std::optional<Time> next_tick() const;

    void receive(Bytes datagram, Time now);

    // A last second that is not full is measured if at least 100 ms of it were heard.
    PhoneAudioReport report() const;

private:
    void hear(Bytes payload);
    void note_event(const RtpHeader& header, Bytes payload);

    PhoneAudioSettings settings_;
    std::optional<PhoneAudioRemote> remote_;
    OutgoingStream out_;
    Reception in_;
    Time due_{};
    std::uint64_t frames_sent_ = 0;
    std::uint64_t refused_ = 0;
    std::optional<Time> last_received_;
    Duration gap_max_{};
    std::vector<std::int16_t> heard_;  // of the second under way
    std::vector<Measurement> seconds_;
    std::uint64_t whole_seconds_ = 0;
    std::string digits_;
    std::optional<std::uint32_t> digit_at_;  // timestamp of the last one
};

}  // namespace lanze::media
