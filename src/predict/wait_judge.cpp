#include "predict/wait_judge.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/variant.h"

namespace lanze::predict {

namespace {

constexpr std::size_t kWaitsKept = 50;

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

// Of the last `count`; nothing if there are fewer.
std::optional<double> mean_of_last(const std::deque<double>& waits, std::size_t count) {
    if (waits.size() < count) {
        return std::nullopt;
    }
    const auto first = waits.end() - static_cast<std::ptrdiff_t>(count);
    return std::accumulate(first, waits.end(), 0.0) / static_cast<double>(count);
}

std::size_t index(Method method) {
    return static_cast<std::size_t>(method);
}

}  // namespace

// Sums of an entry's figures, each with a weight.
class WaitJudge::Sums {
public:
    void add(const Entry& entry, double weight) {
        const double wait = entry.wait;
        weight_ += weight;
        sums_.mean_wait += weight * wait;
        for (std::size_t i = 0; i < kMethods; ++i) {
            const double error = entry.told[i] - wait;
            sums_.errors[i].mean_absolute += weight * std::abs(error);
            sums_.errors[i].root_mean_square += weight * error * error;
            sums_.errors[i].bias += weight * error;
        }
        const bool is_below = wait < entry.low;
        const bool is_above = wait > entry.high;
        sums_.below += is_below ? weight : 0;
        sums_.above += is_above ? weight : 0;
        sums_.within += is_below || is_above ? 0 : weight;
        sums_.width += weight * (entry.high - entry.low);
    }

    WaitJudge::Figures figures() const {
        WaitJudge::Figures result = sums_;
        if (weight_ == 0) {
            return result;
        }
        for (double* sum :
             {&result.mean_wait, &result.below, &result.above, &result.within, &result.width}) {
            *sum /= weight_;
        }
        for (WaitJudge::Errors& errors : result.errors) {
            errors.mean_absolute /= weight_;
            errors.bias /= weight_;
            errors.root_mean_square = std::sqrt(errors.root_mean_square / weight_);
            errors.relative = result.mean_wait > 0 ? errors.mean_absolute / result.mean_wait : 0;
        }
        return result;
    }

private:
    WaitJudge::Figures sums_;
    double weight_ = 0;
};

std::string_view to_string(Method method) {
    switch (method) {
        case Method::ours:
            return "ours";
        case Method::last_served:
            return "last_served";
        case Method::head_of_line:
            return "head_of_line";
        case Method::last_ten:
            return "last_ten";
        case Method::last_fifty:
            return "last_fifty";
    }
    return "";
}

void WaitJudge::note(const core::Event& event, Time at, const core::Floor& floor) {
    predictor_.note(event, at, floor);
    match(
        event, [&](const core::ContactQueued& queued) { on_queued(queued, at, floor); },
        [&](const core::ContactPresented& one) { on_presented(one.contact, at); },
        [&](const core::ContactAnswered& one) { on_over(one.contact, at, true); },
        [&](const core::ContactMoved& one) { on_moved(one.contact); },
        [&](const core::CallbackRequested& one) { on_moved(one.contact); },
        [&](const core::MessageLeft& one) { on_moved(one.contact); },
        [&](const core::ContactEnded& one) { on_ended(one, at); }, [](const auto&) {});
}

void WaitJudge::on_queued(const core::ContactQueued& event, Time at, const core::Floor& floor) {
    if (event.channel != core::Channel::voice) {
        return;
    }
    Open open{{event.queue, false, 0, {}, 0, 0}, at, false, true};
    const core::Contact* contact = floor.find_contact(event.contact);
    if (contact != nullptr && std::holds_alternative<core::Waiting>(contact->state)) {
        if (const auto entry = predict(event.contact, floor, at)) {
            open.entry = *entry;
            open.is_judged = true;
        }
    }
    open_.insert_or_assign(event.contact, open);
    lines_[event.queue].emplace(at, event.contact);
}

// Nothing as long as one method is without a word.
std::optional<WaitJudge::Entry> WaitJudge::predict(core::ContactId contact,
                                                   const core::Floor& floor, Time at) {
    const core::QueueId queue = floor.find_contact(contact)->queue;
    const Seen& seen = seen_[queue];
    const auto ten = mean_of_last(seen.waits, 10);
    const auto fifty = mean_of_last(seen.waits, 50);
    if (entries_.size() >= kEntriesMax || !seen.last || !ten || !fifty) {
        return std::nullopt;
    }
    const auto forecast = predictor_.forecast(contact, floor, at);
    if (!forecast || forecast->found_by != ports::FoundBy::service_rate) {
        return std::nullopt;
    }
    const auto& line = lines_[queue];
    Entry entry{queue, false, 0, {}, 0, 0};
    const double head = line.empty() ? 0 : in_seconds(at - line.begin()->first);
    entry.told[index(Method::ours)] = static_cast<float>(forecast->mean);
    entry.told[index(Method::last_served)] = static_cast<float>(*seen.last);
    entry.told[index(Method::head_of_line)] = static_cast<float>(head);
    entry.told[index(Method::last_ten)] = static_cast<float>(*ten);
    entry.told[index(Method::last_fifty)] = static_cast<float>(*fifty);
    entry.low = static_cast<float>(forecast->low);
    entry.high = static_cast<float>(forecast->high);
    return entry;
}

void WaitJudge::on_presented(core::ContactId contact, Time at) {
    const auto place = open_.find(contact);
    if (place != open_.end() && place->second.at == at) {
        place->second.has_waited = false;
        place->second.is_judged = false;
    }
}

void WaitJudge::on_moved(core::ContactId contact) {
    const auto place = open_.find(contact);
    if (place != open_.end()) {
        elsewhere_ += place->second.is_judged ? 1U : 0U;
        lines_[place->second.entry.queue].erase({place->second.at, contact});
        open_.erase(place);
    }
}

void WaitJudge::on_over(core::ContactId contact, Time at, bool is_answered) {
    const auto place = open_.find(contact);
    if (place == open_.end()) {
        return;
    }
    const Open open = place->second;
    open_.erase(place);
    lines_[open.entry.queue].erase({open.at, contact});
    const double wait = in_seconds(at - open.at);
    if (is_answered) {
        Seen& seen = seen_[open.entry.queue];
        seen.last = wait;
        if (open.has_waited) {
            seen.waits.push_back(wait);
        }
        if (seen.waits.size() > kWaitsKept) {
            seen.waits.pop_front();
        }
    }
    if (!open.is_judged || entries_.size() >= kEntriesMax) {
        unjudged_ += open.has_waited ? 1U : 0U;
        return;
    }
    entries_.push_back(open.entry);
    entries_.back().wait = static_cast<float>(wait);
    entries_.back().is_answered = is_answered;
}

void WaitJudge::on_ended(const core::ContactEnded& event, Time at) {
    if (event.end == core::ContactEnd::abandoned) {
        on_over(event.contact, at, false);
    } else {
        on_moved(event.contact);
    }
}

// Shorter waits first; of equal ones who was answered: an answer only ends the observing of a
// patience.
WaitJudge::Row WaitJudge::judge_queue(std::vector<Entry>& entries, Sums& all_answered,
                                      Sums& all_weighted) {
    std::ranges::sort(entries, {},
                      [](const Entry& e) { return std::pair(e.wait, !e.is_answered); });
    Row row{entries.front().queue, 0, 0, {}, {}};
    Sums answered;
    Sums weighted;
    double patient = 1;  // P(patience > wait), by Kaplan and Meier
    auto at_risk = static_cast<double>(entries.size());
    for (const Entry& entry : entries) {
        ++(entry.is_answered ? row.answered : row.abandoned);
        if (entry.is_answered) {
            const double weight = std::min(kWeightMax, 1 / std::max(patient, 1e-9));
            answered.add(entry, 1);
            all_answered.add(entry, 1);
            weighted.add(entry, weight);
            all_weighted.add(entry, weight);
        } else {
            patient *= 1 - 1 / at_risk;
        }
        --at_risk;
    }
    row.of_answered = answered.figures();
    row.of_all = weighted.figures();
    return row;
}

WaitJudge::Table WaitJudge::table() const {
    std::map<core::QueueId, std::vector<Entry>> by_queue;
    for (const Entry& entry : entries_) {
        by_queue[entry.queue].push_back(entry);
    }
    Table table{{Row{}}, unjudged_, elsewhere_};
    Sums all_answered;
    Sums all_weighted;
    for (auto& [queue, entries] : by_queue) {
        const Row row = judge_queue(entries, all_answered, all_weighted);
        table.rows[0].answered += row.answered;
        table.rows[0].abandoned += row.abandoned;
        table.rows.push_back(row);
    }
    table.rows[0].of_answered = all_answered.figures();
    table.rows[0].of_all = all_weighted.figures();
    return table;
}

}  // namespace lanze::predict
