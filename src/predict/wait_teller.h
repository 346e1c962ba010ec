// WaitTeller: what all who wait, and whoever enters next, are told of their wait, now.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"
#include "ports/told_wait.h"
#include "predict/promise.h"
#include "predict/wait_predictor.h"

namespace lanze::predict {

class WaitTeller {
public:
    explicit WaitTeller(const core::Floor& floor) : floor_(floor) {}

    // Every event, in order, after it was applied; also those of a replay.
    void note(const core::Event& event, Time at);

    // Whose telling is new.
    struct News {
        std::vector<core::QueueId> queues;
        std::vector<core::ContactId> contacts;
    };
    // Looks at everything once; its cost grows with how many wait.
    News tell(Time now);

    // Null: nothing was told yet, or does not wait for an agent's voice any more.
    const ports::ToldWait* of(core::ContactId contact) const;
    // What a caller is told who enters now. It may rise: it is no promise to anybody.
    const ports::ToldWait* entering(core::QueueId queue) const;

    // Time alone may make something new.
    bool is_anybody_waiting() const { return predictor_.lineup().waiting_count() > 0; }

private:
    const core::Floor& floor_;
    WaitPredictor predictor_;
    std::unordered_map<core::ContactId, Promise> promises_;
    std::unordered_map<core::QueueId, ports::ToldWait> entering_;
};

}  // namespace lanze::predict
