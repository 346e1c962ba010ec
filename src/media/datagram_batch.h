// ReceiveBatch and SendBatch: several datagrams of one socket with one system call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/endpoint.h"
#include "media/rtp.h"

namespace lanze::media {

inline constexpr std::size_t kBatchMax = 8;

// What recvmmsg(2) gave. The bytes may be changed in place and stay until the next receive().
class ReceiveBatch {
public:
    ReceiveBatch();
    ~ReceiveBatch();
    ReceiveBatch(const ReceiveBatch&) = delete;
    ReceiveBatch& operator=(const ReceiveBatch&) = delete;

    // How many datagrams waited, at most kBatchMax; 0 if none or on an error.
    std::size_t receive(int socket);
    Endpoint source(std::size_t index) const;
    // With kRoomBehind; empty for a datagram that was longer than kDatagramMax.
    PacketBuffer datagram(std::size_t index);

private:
    struct Buffers;  // the kernel's types
    std::unique_ptr<Buffers> buffers_;
};

// Collects datagrams that leave by the same socket; the bytes must stay until flush().
class SendBatch {
public:
    SendBatch();
    ~SendBatch();
    SendBatch(const SendBatch&) = delete;
    SendBatch& operator=(const SendBatch&) = delete;

    // Sends what was collected before if it goes by another socket or if there is no room.
    void add(int socket, const Endpoint& to, Bytes bytes);
    void flush();

    std::uint64_t sent() const { return sent_; }
    std::uint64_t unsent() const { return unsent_; }

private:
    std::size_t send_collected();

    int socket_ = -1;
    std::size_t count_ = 0;
    struct Buffers;
    std::unique_ptr<Buffers> buffers_;
    std::uint64_t sent_ = 0;
    std::uint64_t unsent_ = 0;
};

}  // namespace lanze::media
