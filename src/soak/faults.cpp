#include "soak/faults.h"

#include <algorithm>
#include <cmath>

namespace lanze::soak {

namespace {

std::string percent(double share) {
    return std::to_string(std::lround(share * 100)) + " %";
}

}  // namespace

Faults any_faults(Rng& rng) {
    const auto is_chosen = [&] { return rng.below(2) == 0; };
    Faults faults;
    faults.loss = is_chosen() ? rng.unit() * 0.2 : 0;
    faults.doubling = is_chosen() ? rng.unit() * 0.2 : 0;
    faults.delay_max = is_chosen() ? milliseconds(1 + rng.below(800)) : milliseconds(5);
    faults.bye_loss = is_chosen() ? 0.2 + rng.unit() * 0.6 : 0;
    faults.ack_loss = is_chosen() ? 0.2 + rng.unit() * 0.6 : 0;
    faults.has_late_cancels = is_chosen();
    faults.has_double_answers = is_chosen();
    faults.has_answers_beside_cancel = is_chosen();
    faults.has_kills = is_chosen();
    faults.has_torn_writes = is_chosen();
    faults.has_slow_disk = is_chosen();
    faults.has_power_cuts = is_chosen();
    faults.has_few_ports = rng.below(4) == 0;
    return faults;
}

std::string Faults::to_text() const {
    std::string text = "delay up to " +
                       std::to_string(std::chrono::duration_cast<milliseconds>(delay_max).count()) +
                       " ms";
    const auto add = [&](bool is_there, const std::string& what) {
        text += is_there ? ", " + what : "";
    };
    add(loss > 0, "loss " + percent(loss));
    add(doubling > 0, "doubling " + percent(doubling));
    add(bye_loss > 0, "loss of BYE " + percent(bye_loss));
    add(ack_loss > 0, "loss of ACK " + percent(ack_loss));
    add(has_late_cancels, "late CANCEL");
    add(has_double_answers, "double answers");
    add(has_answers_beside_cancel, "answers beside CANCEL");
    add(has_kills, has_torn_writes ? "kills with torn writes" : "kills");
    add(has_slow_disk, "a disk that stalls");
    add(has_power_cuts, "power cuts");
    add(has_few_ports, "few ports");
    return text;
}

std::string_view name_of(Happening happening) {
    static constexpr std::array<std::string_view, kHappeningKinds> kNames{
        "packets lost",
        "packets doubled",
        "packets late",
        "packets reordered",
        "BYE lost",
        "ACK lost",
        "CANCEL late",
        "answers doubled",
        "answers beside a CANCEL",
        "phones vanished",
        "phones came back",
        "callers vanished",
        "kills",
        "torn writes",
        "disk stalls",
        "callers turned away",
        "packets",
        "calls",
        "contacts",
        "answers",
        "holds",
        "resumptions",
        "transfers",
        "registrations",
        "configurations",
        "commands at desks",
        "checks",
    };
    return kNames[static_cast<std::size_t>(happening)];
}

std::string key_of(Happening happening) {
    std::string key(name_of(happening));
    std::transform(key.begin(), key.end(), key.begin(), [](char letter) {
        const bool is_capital = letter >= 'A' && letter <= 'Z';
        return letter == ' ' ? '_' : is_capital ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return key;
}

Counts& Counts::operator+=(const Counts& other) {
    for (std::size_t i = 0; i < kHappeningKinds; ++i) {
        counts_[i] += other.counts_[i];
    }
    return *this;
}

}  // namespace lanze::soak
