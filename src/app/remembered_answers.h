// RememberedAnswers: what commands with a number came to, so that one that is repeated on the way
// is answered like the first and not done twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/result.h"
#include "ports/centre.h"

namespace lanze::app {

class RememberedAnswers {
public:
    using Answer = Result<std::uint64_t, ports::CommandRefused>;
    static constexpr std::size_t kMax = 10'000;  // the oldest is forgotten first

    // Null: not known.
    const Answer* find(const std::string& request_id) const {
        const auto known = answers_.find(request_id);
        return known == answers_.end() ? nullptr : &known->second;
    }

    // Without a number nothing is remembered.
    void add(const std::string& request_id, Answer answer) {
        if (request_id.empty()) {
            return;
        }
        answers_.emplace(request_id, std::move(answer));
        order_.push_back(request_id);
        if (order_.size() > kMax) {
            answers_.erase(order_.front());
            order_.pop_front();
        }
    }

private:
    std::unordered_map<std::string, Answer> answers_;
    std::deque<std::string> order_;
};

}  // namespace lanze::app
