// WaitJudge: what each way of predicting would have told whoever had to wait, compared with the
// wait that came true.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"
#include "predict/wait_predictor.h"

namespace lanze::predict {

// Compared: ours, and what needs nothing but the waits seen (Ibrahim, Whitt 2009).
enum class Method : std::uint8_t {
    ours,          // the mean of WaitPredictor's forecast
    last_served,   // the wait of the contact of the queue that was answered last
    head_of_line,  // how long the first in the queue has waited; 0 if it is empty
    last_ten,      // mean of the last ten answered waits of the queue, of those that had to wait
    last_fifty,    // likewise
};
inline constexpr std::size_t kMethods = 5;
std::string_view to_string(Method method);

// Judged are contacts that had to wait: not presented at the moment they entered. Each is predicted
// at its entry by all methods; as long as one of them has nothing to say, nobody is judged.
//
// Who gave up has no wait that came true. Its patience cut it off, and leaving it out would favour
// short waits. So there are two sets of figures: of the answered as they are, and of all, in which
// an answered contact counts 1 / P(patience > its wait) times, for those like it who gave up sooner
// (inverse probability of censoring; Robins, Rotnitzky 1992). P is the Kaplan-Meier estimate from
// the queue's own waits; weights end at kWeightMax. Contacts that went elsewhere are left out.
//
// It follows the events of any run, simulated or out of a journal, one by one or a turn at a time.
class WaitJudge {
public:
    static constexpr std::size_t kEntriesMax = 1'000'000;  // more are counted, but not judged
    static constexpr double kWeightMax = 50;

    // In order, after it was applied; the floor may be at the end of its turn already.
    void note(const core::Event& event, Time at, const core::Floor& floor);

    // In seconds; error = told - true.
    struct Errors {
        double mean_absolute = 0;
        double root_mean_square = 0;
        double bias = 0;
        double relative = 0;  // mean absolute error / mean wait
    };
    struct Figures {
        double mean_wait = 0;
        std::array<Errors, kMethods> errors{};  // by method
        // Of the range we tell at entry: shares of waits within it, below it and above it.
        double within = 0;
        double below = 0;
        double above = 0;
        double width = 0;  // mean, in seconds
    };
    struct Row {
        core::QueueId queue;  // unset: all queues
        std::uint64_t answered = 0;
        std::uint64_t abandoned = 0;
        Figures of_answered;
        Figures of_all;  // weighted
    };
    struct Table {
        std::vector<Row> rows;        // all queues, then each with anybody judged
        std::uint64_t unjudged = 0;   // had to wait, but a method had nothing to say, or too many
        std::uint64_t elsewhere = 0;  // were judged, but went to another queue or were cut off
    };
    Table table() const;

private:
    struct Entry {
        core::QueueId queue;
        bool is_answered = false;
        float wait = 0;
        std::array<float, kMethods> told{};
        float low = 0;
        float high = 0;
    };
    struct Open {
        Entry entry;
        Time at;
        bool is_judged = false;
        bool has_waited = false;  // presented later than it entered, or not at all
    };
    struct Seen {
        std::optional<double> last;
        std::deque<double> waits;  // answered after waiting; the newest last
    };

    class Sums;

    static Row judge_queue(std::vector<Entry>& entries, Sums& all_answered, Sums& all_weighted);
    void on_queued(const core::ContactQueued& event, Time at, const core::Floor& floor);
    void on_presented(core::ContactId contact, Time at);
    void on_moved(core::ContactId contact);
    void on_over(core::ContactId contact, Time at, bool is_answered);
    void on_ended(const core::ContactEnded& event, Time at);
    std::optional<Entry> predict(core::ContactId contact, const core::Floor& floor, Time at);

    WaitPredictor predictor_;
    std::unordered_map<core::ContactId, Open> open_;
    std::map<core::QueueId, Seen> seen_;
    std::map<core::QueueId, std::set<std::pair<Time, core::ContactId>>> lines_;
    std::vector<Entry> entries_;
    std::uint64_t unjudged_ = 0;
    std::uint64_t elsewhere_ = 0;
};

}  // namespace lanze::predict
