// Faults: what can go wrong in a soaked centre, the random subset of it that a seed draws, and the
// counts of what did happen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/rng.h"
#include "base/time.h"

namespace lanze::soak {

struct Faults {
    double loss = 0;
    double doubling = 0;
    Duration delay_max = milliseconds(5);
    // Beside `loss`: the first few sendings of a BYE or ACK, so that repetitions must heal it.
    double bye_loss = 0;
    double ack_loss = 0;
    bool has_late_cancels = false;           // CANCEL takes seconds longer than what it overtakes
    bool has_double_answers = false;         // two phones behind one address both say 200
    bool has_answers_beside_cancel = false;  // picked up in the moment of the CANCEL
    bool has_kills = false;
    bool has_torn_writes = false;
    bool has_slow_disk = false;  // now and then it stands still
    bool has_power_cuts = false;
    bool has_few_ports = false;

    // Packets and processes do what they should.
    bool is_calm() const {
        return loss == 0 && bye_loss == 0 && ack_loss == 0 && !has_kills && !has_slow_disk &&
               !has_power_cuts;
    }
    // In words, for whoever reads what a seed drew.
    std::string to_text() const;
};

// Each fault is chosen or not by itself.
Faults any_faults(Rng& rng);

// What is counted. Up to `kFaultLast` something went wrong; the rest says what else went on.
enum class Happening : std::uint8_t {
    packet_lost,
    packet_doubled,
    packet_late,       // later than T1, so that it was sent again
    packet_reordered,  // came after one that was sent later
    bye_lost,
    ack_lost,
    cancel_late,
    answer_doubled,
    answer_beside_cancel,
    phone_vanished,
    phone_came_back,
    caller_vanished,
    kill,
    torn_write,
    disk_stall,
    turned_away,  // by the centre: no port, no room, or on its way down
    packet,
    call,
    contact,
    answer,
    hold,
    resumption,
    transfer,
    registration,
    configuration,
    desk_work,
    check,  // of all invariants of the router, after a turn in which something happened
};
inline constexpr std::size_t kFaultKinds = static_cast<std::size_t>(Happening::packet);
inline constexpr std::size_t kHappeningKinds = static_cast<std::size_t>(Happening::check) + 1;

// "packets lost", for people; `key_of` gives "packets_lost", for programs.
std::string_view name_of(Happening happening);
std::string key_of(Happening happening);

class Counts {
public:
    void note(Happening happening) { ++counts_[static_cast<std::size_t>(happening)]; }
    std::uint64_t of(Happening happening) const {
        return counts_[static_cast<std::size_t>(happening)];
    }
    Counts& operator+=(const Counts& other);
    friend bool operator==(const Counts&, const Counts&) = default;

private:
    std::array<std::uint64_t, kHappeningKinds> counts_{};
};

}  // namespace lanze::soak
