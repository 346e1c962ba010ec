#include "base/timer_heap.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"

namespace lanze {
namespace {

Time at(std::int64_t micros) {
    return from_micros(micros);
}

TEST(TimerHeap, is_empty_at_first) {
    TimerHeap<int> heap;
    EXPECT_EQ(heap.next(), std::nullopt);
    EXPECT_EQ(heap.pop_due(at(1'000'000)), std::nullopt);
    EXPECT_EQ(heap.deadline(1), std::nullopt);
    heap.cancel(1);
    EXPECT_EQ(heap.size(), 0U);
}

TEST(TimerHeap, gives_what_is_due_in_order_of_time) {
    TimerHeap<std::string> heap;
    heap.set("late", at(30));
    heap.set("early", at(10));
    heap.set("middle", at(20));
    EXPECT_EQ(heap.next(), at(10));
    EXPECT_EQ(heap.pop_due(at(9)), std::nullopt);
    EXPECT_EQ(heap.pop_due(at(20)), std::pair(at(10), std::string("early")));
    EXPECT_EQ(heap.pop_due(at(20)), std::pair(at(20), std::string("middle")));
    EXPECT_EQ(heap.pop_due(at(20)), std::nullopt);
    EXPECT_EQ(heap.size(), 1U);
}

TEST(TimerHeap, orders_equal_times_by_key_whatever_came_first) {
    for (const std::vector<int>& order : {std::vector{1, 2, 3}, {3, 2, 1}, {2, 3, 1}}) {
        TimerHeap<int> heap;
        for (const int key : order) {
            heap.set(key, at(5));
        }
        for (const int key : {1, 2, 3}) {
            EXPECT_EQ(heap.pop_due(at(5)), std::pair(at(5), key));
        }
    }
}

TEST(TimerHeap, moves_a_deadline_both_ways) {
    TimerHeap<int> heap;
    heap.set(1, at(10));
    heap.set(2, at(20));
    heap.set(1, at(30));
    EXPECT_EQ(heap.next(), at(20));
    EXPECT_EQ(heap.deadline(1), at(30));
    heap.set(1, at(5));
    EXPECT_EQ(heap.next(), at(5));
    EXPECT_EQ(heap.size(), 2U);
}

TEST(TimerHeap, forgets_what_is_cancelled) {
    TimerHeap<int> heap;
    heap.set(1, at(10));
    heap.set(2, at(20));
    heap.cancel(1);
    EXPECT_EQ(heap.deadline(1), std::nullopt);
    EXPECT_EQ(heap.pop_due(at(100)), std::pair(at(20), 2));
    EXPECT_EQ(heap.pop_due(at(100)), std::nullopt);
}

// The model: a map and a search for the least (time, key).
class Model {
public:
    void set(int key, Time time) { deadlines_[key] = time; }
    void cancel(int key) { deadlines_.erase(key); }
    std::optional<std::pair<Time, int>> pop_due(Time now) {
        std::set<std::pair<Time, int>> order;
        for (const auto& [key, time] : deadlines_) {
            order.insert({time, key});
        }
        if (order.empty() || order.begin()->first > now) {
            return std::nullopt;
        }
        deadlines_.erase(order.begin()->second);
        return *order.begin();
    }

private:
    std::map<int, Time> deadlines_;
};

TEST(TimerHeap, agrees_with_a_map_over_random_steps) {
    Rng rng(42);
    TimerHeap<int> heap;
    Model model;
    for (int step = 0; step < 5'000; ++step) {
        const int key = static_cast<int>(rng.below(40));
        const Time time = at(rng.below(100));
        switch (rng.below(4)) {
            case 0:
                heap.cancel(key);
                model.cancel(key);
                break;
            case 1:
                ASSERT_EQ(heap.pop_due(time), model.pop_due(time)) << step;
                break;
            default:
                heap.set(key, time);
                model.set(key, time);
        }
    }
}

}  // namespace
}  // namespace lanze
