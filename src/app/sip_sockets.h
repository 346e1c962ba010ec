// SipSockets: the UDP and TCP sockets of SIP on an asio loop; bytes in by callback, bytes out by
// send().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edge/settings.h"
#include "sip/message.h"
#include "sip/transaction.h"

namespace boost::asio {
class io_context;
}

namespace lanze::app {

struct SipSocketLimits {
    std::size_t connections_max = 4'000;       // TCP; one more is closed at once
    std::size_t unsent_bytes_max = 1U << 20U;  // waiting for one connection; more closes it
    int idle_minutes_max = 65;                 // without a message; registrations live an hour
};

// All on the loop's one thread.
class SipSockets {
public:
    struct Callbacks {
        // One datagram or framed message.
        std::function<void(std::string_view bytes, const sip::Flow& flow)> on_message;
        // The connection is gone, or could not be opened (then flow.connection is 0).
        std::function<void(const sip::Flow& flow)> on_failed;
        // After a burst of messages: time to decide and send.
        std::function<void()> on_burst_end;
    };

    // Binds all listeners; port 0 takes any free one, see listeners(). The error is a sentence.
    static Result<std::unique_ptr<SipSockets>, std::string> open(
        boost::asio::io_context& loop, const std::vector<edge::Listener>& listeners,
        Callbacks callbacks, SipSocketLimits limits = {});
    ~SipSockets();

    const std::vector<edge::Listener>& listeners() const;
    // Datagrams of one socket leave together.
    void send(const std::vector<sip::Send>& sends);
    std::size_t connection_count() const;
    std::uint64_t sent_count() const;

private:
    struct State;
    explicit SipSockets(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace lanze::app
