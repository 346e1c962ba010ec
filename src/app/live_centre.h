// LiveCentre: the signal thread's loop: floor, edge, sockets, journal and media wired together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/opening.h"
#include "base/result.h"
#include "edge/settings.h"
#include "ports/centre.h"
#include "ports/journal.h"
#include "ports/media.h"

namespace lanze::app {

// What can be changed while the centre runs.
struct LiveConfiguration {
    core::Config core;
    edge::Settings edge;
    Opening opening;
};

struct LiveCentreSettings {
    core::Config core;
    edge::Settings edge;
    // Seconds that local time is ahead of UTC at that moment: when "today" begins.
    std::function<Duration(Time)> local_offset;
    Opening opening;  // when queues are open
    std::function<bool()> is_journal_full;
    std::function<std::uint64_t()> batches_waiting;
};

// Owns the signal thread's work, not the thread: run() is called on it. Everything of the seam
// ports::Centre may be called from any thread.
class LiveCentre : public ports::Centre {
public:
    // Binds the SIP sockets. The error is a sentence for the operator. `media_of` makes the media
    // seam; it gets where its reports go.
    using MakeMedia = std::function<Result<std::unique_ptr<ports::Media>, std::string>(
        std::function<void(ports::MediaReport)>)>;
    static Result<std::unique_ptr<LiveCentre>, std::string> open(LiveCentreSettings settings,
                                                                 ports::Journal& journal,
                                                                 const MakeMedia& make_media);

    // Rebuilds the floor from the journal, ends what the process before left open, takes the
    // configuration and serves until stop().
    virtual void run() = 0;
    // Hangs up all, waits for the last effects a moment, ends run(). From any thread or a signal.
    virtual void stop() = 0;
    // From any thread. All of it is taken or nothing; `done` is called on the signal thread when
    // the outcome is durable. Listeners stay as they are.
    virtual void configure(
        LiveConfiguration next,
        std::function<void(Result<std::uint64_t, ports::CommandRefused>)> done) = 0;
    // Where SIP listens, with the ports the system chose for 0.
    virtual const std::vector<edge::Listener>& listeners() const = 0;
};

}  // namespace lanze::app
