// Worker: one media thread with its sockets; it carries orders and packets to its Relay.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/datagram_batch.h"
#include "media/port_pool.h"
#include "media/port_sockets.h"
#include "media/prompt.h"
#include "media/relay.h"
#include "media/workers.h"
#include "ports/media.h"

namespace lanze::media {

class Worker final : private RelayOut {
public:
    using ReportTo = MediaWorkers::ReportTo;

    // The references must outlive the worker.
    Worker(std::uint32_t number, const WorkerSettings& settings, const Sounds& sounds,
           const ReportTo& report);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() override;

    Result<void, MediaError> start();

    // From any thread.
    void order(const ports::MediaOrder& order);
    std::size_t orders_waiting() const { return orders_waiting_.load(std::memory_order_relaxed); }
    MediaCounts counts() const;

private:
    struct Sockets {
        Descriptor rtp;
        Descriptor rtcp;
    };

    // RelayOut
    void send(SocketRef from, const Endpoint& to, Bytes bytes) override;
    void send_at_once(SocketRef from, const Endpoint& to, Bytes bytes) override;
    void report(ports::MediaReport report) override;

    void run();
    void on_event(std::uint64_t tag, Time now);
    void take_orders(Time now);
    void carry_out(const ports::MediaOrder& order, Time now);
    void open(const ports::OpenLeg& order, Time now);
    void close(const ports::CloseLeg& order, Time now);
    void receive(SocketRef at, Time now);
    void tick(Time now);
    void lend(Time now);
    void bind_more(std::size_t count);
    void set_pace();
    void publish();
    void watch(std::uint32_t port, Socket socket);
    int socket_number(SocketRef ref) const;

    const WorkerSettings& settings_;
    const ReportTo& report_;

    std::mutex orders_mutex_;
    std::vector<ports::MediaOrder> orders_;  // under orders_mutex_
    std::atomic<std::size_t> orders_waiting_ = 0;
    std::atomic<bool> is_stopping_ = false;
    mutable std::mutex counts_mutex_;
    MediaCounts counts_;  // under counts_mutex_

    // The rest belongs to the thread.
    Descriptor epoll_;
    Descriptor order_event_;
    Descriptor timer_;
    Relay relay_;
    PortPool pool_;
    PortSockets port_sockets_;
    std::vector<Sockets> sockets_;  // by number of the pair
    std::vector<ports::MediaOrder> orders_taken_;
    ReceiveBatch received_;
    SendBatch outgoing_;
    bool is_receiving_ = false;
    bool is_paced_ = false;
    std::uint32_t slice_ = 0;
    std::uint64_t packets_received_ = 0;
    std::uint64_t orders_ignored_ = 0;
    std::thread thread_;
};

}  // namespace lanze::media
