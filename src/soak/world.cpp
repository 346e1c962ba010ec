#include "soak/world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace lanze::soak {

namespace {

// Of a run's entries in the agenda; a run has some tens of thousands.
constexpr std::uint64_t kEntriesMax = 3'000'000;
constexpr std::size_t kProblemsMax = 20;
// RFC 3261 §17.1.1.1: what takes longer is sent again meanwhile.
constexpr Duration kT1 = milliseconds(500);
// A BYE or ACK is lost on purpose this often at most, so that its repetitions (10 in 32 s) come.
constexpr int kAimedMax = 3;
constexpr Duration kCancelLateMin = milliseconds(200);
constexpr Duration kCancelLateMax = seconds(8);

// "BYE" or "SIP/2.0".
std::string_view first_word(std::string_view bytes) {
    return bytes.substr(0, bytes.find(' '));
}

// What repetitions have in common, an ACK's too, whose branch is new each time.
std::string call_of(std::string_view method, const std::string& bytes) {
    const std::size_t begin = bytes.find("Call-ID: ");
    const std::size_t end = bytes.find('\r', begin);
    return std::string(method) +
           (begin == std::string::npos ? bytes : bytes.substr(begin, end - begin));
}

}  // namespace

World::World(std::uint64_t seed, Listener listener)
    : rng_(seed), faults_(any_faults(rng_)), listener_(std::move(listener)) {}

Duration World::between(Duration least, Duration most) {
    const auto span = std::chrono::duration_cast<milliseconds>(most - least).count();
    return least + milliseconds(rng_.below(static_cast<std::uint32_t>(span) + 1));
}

void World::at(Time time, std::function<void()> action) {
    entries_.push({std::max(time, now_), ++order_, std::move(action)});
}

bool World::run_until(Time end) {
    const std::uint64_t order_max = order_ + kEntriesMax;
    while (!entries_.empty() && entries_.top().time <= end && problems_.empty()) {
        const Entry entry = entries_.top();
        entries_.pop();
        now_ = entry.time;
        entry.action();
        if (order_ > order_max) {
            return false;
        }
    }
    if (problems_.empty()) {
        now_ = std::max(now_, end);
    }
    return true;
}

void World::carry(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    fingerprint_ = split_mix(fingerprint_ ^ std::hash<std::string>{}(bytes) ^
                             static_cast<std::uint64_t>(to_micros(now_)));
    note(Happening::packet);
    const Packet packet{from, to, bytes, ++packets_};
    send(packet);
    if (faults_.doubling > 0 && chance(faults_.doubling)) {
        note(Happening::packet_doubled);
        send(packet);
    }
}

// Whether the faults single this one out.
bool World::is_aimed_at(std::string_view method, const std::string& bytes) {
    const double share = method == "BYE"   ? faults_.bye_loss
                         : method == "ACK" ? faults_.ack_loss
                                           : 0;
    return share > 0 && chance(share) && ++aimed_at_[call_of(method, bytes)] <= kAimedMax;
}

void World::send(Packet packet) {
    const std::string_view method = first_word(packet.bytes);
    const bool is_lost =
        (faults_.loss > 0 && chance(faults_.loss)) || is_aimed_at(method, packet.bytes);
    if (listener_) {
        tell(packet.from.to_string() + " > " + packet.to.to_string() + (is_lost ? " LOST " : " ") +
             packet.bytes.substr(0, packet.bytes.find('\r')));
    }
    if (is_lost) {
        note(Happening::packet_lost);
        if (method == "BYE" || method == "ACK") {
            note(method == "BYE" ? Happening::bye_lost : Happening::ack_lost);
        }
        return;
    }
    Duration delay =
        microseconds(1 + rng_.below(static_cast<std::uint32_t>(faults_.delay_max.count())));
    if (faults_.has_late_cancels && method == "CANCEL" && chance(0.7)) {
        note(Happening::cancel_late);
        delay += between(kCancelLateMin, kCancelLateMax);
    }
    if (delay > kT1) {
        note(Happening::packet_late);
    }
    after(delay, [this, packet = std::move(packet)] { deliver(packet); });
}

void World::deliver(const Packet& packet) {
    std::uint64_t& newest = newest_[{packet.from, packet.to}];
    if (packet.order < newest) {
        note(Happening::packet_reordered);
    }
    newest = std::max(newest, packet.order);
    const auto place = places_.find(packet.to);
    if (place != places_.end()) {
        place->second(packet.bytes, packet.from);
    }
}

void World::complain(const std::string& problem) {
    tell("PROBLEM " + problem);
    if (problems_.size() < kProblemsMax) {
        problems_.push_back({since_start(), problem});
    }
}

void World::tell(const std::string& line) {
    if (!listener_) {
        return;
    }
    char time[32];
    std::snprintf(time, sizeof time, "%8.3f ",
                  std::chrono::duration<double>(since_start()).count());
    listener_(time + line);
}

}  // namespace lanze::soak
