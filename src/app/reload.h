// Reloader: reads the configuration file again and hands it to the running centre, as a whole or
// not at all.
#pragma once

#include <functional>

#include "api/reload.h"
#include "api/work_pool.h"
#include "app/config.h"
#include "app/live_centre.h"

namespace lanze::app {

class Reloader {
public:
    // `running` is the configuration as the centre runs, with what was added at start (phones that
    // are built in). `centre` outlives the reloader and runs until it is gone.
    Reloader(CentreConfig running, LiveCentre& centre);

    // From any thread. One reload after the other: a second one waits; false: too many wait, it is
    // not done. `done` is called on the reloader's thread.
    [[nodiscard]] bool request(std::function<void(api::ReloadOutcome)> done);
    // Finishes the reload that is under way; no more is done. Call it while the centre runs.
    void stop() { work_.stop(); }

private:
    api::ReloadOutcome reload();
    api::ReloadOutcome take(CentreConfig next);

    CentreConfig running_;
    LiveCentre& centre_;
    api::WorkPool work_;
};

}  // namespace lanze::app
