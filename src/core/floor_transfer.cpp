// Applying what needs no look at routing: hold, and what agents do with contacts among themselves.
#include "core/floor.h"

namespace lanze::core {

void Floor::forget_consultation(const Contact& consultation) {
    const auto place = consultations_.find(origin_of(consultation.id));
    origins_.erase(consultation.id);
    if (place != consultations_.end() && std::erase(place->second, consultation.id) > 0 &&
        place->second.empty()) {
        consultations_.erase(place);
    }
}

void Floor::on(const ContactBlocked& /*event*/, Time /*at*/) {
    // Counted by the measures; nothing on the floor changes.
}

void Floor::on(const ContactHeld& event, Time /*at*/) {
    std::get<Connected>(contact(event.contact).state).is_on_hold = true;
}

void Floor::on(const ContactResumed& event, Time /*at*/) {
    std::get<Connected>(contact(event.contact).state).is_on_hold = false;
}

void Floor::on(const ConsultationJoined& event, Time /*at*/) {
    contact(event.contact).is_joined = true;
}

// Others who were asked stay with the caller.
void Floor::on(const TransferCompleted& event, Time at) {
    Contact& taken = contact(event.contact);
    taken.channel = event.channel;
    taken.needs = event.needs;
    taken.queued = at - event.waited;
    origins_.erase(event.contact);
    taken.is_joined = false;
    std::get<Connected>(taken.state).since = at;
    auto others = consultations_.extract(event.origin);
    if (others.empty()) {
        return;
    }
    std::erase(others.mapped(), event.contact);
    for (const ContactId other : others.mapped()) {
        origins_[other] = event.contact;
    }
    if (!others.mapped().empty()) {
        others.key() = event.contact;
        consultations_.insert(std::move(others));
    }
}

}  // namespace lanze::core
