#include "predict/wait_teller.h"

#include "base/variant.h"

namespace lanze::predict {

void WaitTeller::note(const core::Event& event, Time at) {
    predictor_.note(event, at, floor_);
    match(
        event, [&](const core::ContactAnswered& answered) { promises_.erase(answered.contact); },
        [&](const core::MessageLeft& left) { promises_.erase(left.contact); },
        [&](const core::ContactEnded& ended) { promises_.erase(ended.contact); },
        [](const auto&) {});
}

WaitTeller::News WaitTeller::tell(Time now) {
    News news;
    predictor_.visit_all(floor_, now,
                         {[&](core::ContactId contact, const Forecast& forecast) {
                              if (promises_[contact].update(forecast, now)) {
                                  news.contacts.push_back(contact);
                              }
                          },
                          [&](core::QueueId queue, const Forecast& forecast) {
                              const ports::ToldWait next = told(forecast, now);
                              const auto [place, is_first] = entering_.try_emplace(queue, next);
                              if (is_first || is_news(place->second, next)) {
                                  place->second = next;
                                  news.queues.push_back(queue);
                              }
                          }});
    return news;
}

const ports::ToldWait* WaitTeller::of(core::ContactId contact) const {
    const auto place = promises_.find(contact);
    return place == promises_.end() ? nullptr : &place->second.told();
}

const ports::ToldWait* WaitTeller::entering(core::QueueId queue) const {
    const auto place = entering_.find(queue);
    return place == entering_.end() ? nullptr : &place->second;
}

}  // namespace lanze::predict
