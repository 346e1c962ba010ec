#include "media/datagram_batch.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "media/socket_address.h"

namespace lanze::media {

struct ReceiveBatch::Buffers {
    std::array<std::array<std::uint8_t, kDatagramMax + kRoomBehind>, kBatchMax> bytes{};
    std::array<SocketAddress, kBatchMax> sources{};
    std::array<iovec, kBatchMax> vectors{};
    std::array<mmsghdr, kBatchMax> messages{};
};

ReceiveBatch::ReceiveBatch() : buffers_(std::make_unique<Buffers>()) {
    for (std::size_t i = 0; i < kBatchMax; ++i) {
        buffers_->vectors[i] = {.iov_base = buffers_->bytes[i].data(), .iov_len = kDatagramMax};
        msghdr& header = buffers_->messages[i].msg_hdr;
        header.msg_name = buffers_->sources[i].data();
        header.msg_iov = &buffers_->vectors[i];
        header.msg_iovlen = 1;
    }
}

ReceiveBatch::~ReceiveBatch() = default;

std::size_t ReceiveBatch::receive(int socket) {
    for (mmsghdr& message : buffers_->messages) {
        message.msg_hdr.msg_namelen = SocketAddress::capacity();
    }
    const int count = recvmmsg(socket, buffers_->messages.data(), kBatchMax, MSG_DONTWAIT, nullptr);
    return static_cast<std::size_t>(std::max(count, 0));
}

Endpoint ReceiveBatch::source(std::size_t index) const {
    return buffers_->sources[index].endpoint();
}

PacketBuffer ReceiveBatch::datagram(std::size_t index) {
    const mmsghdr& message = buffers_->messages[index];
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        return {};
    }
    const std::span<std::uint8_t> all = buffers_->bytes[index];
    return {.bytes = all.first(message.msg_len), .room = all.size() - message.msg_len};
}

struct SendBatch::Buffers {
    std::array<SocketAddress, kBatchMax> targets{};
    std::array<iovec, kBatchMax> vectors{};
    std::array<mmsghdr, kBatchMax> messages{};
};

SendBatch::SendBatch() : buffers_(std::make_unique<Buffers>()) {
    for (std::size_t i = 0; i < kBatchMax; ++i) {
        msghdr& header = buffers_->messages[i].msg_hdr;
        header.msg_name = buffers_->targets[i].data();
        header.msg_iov = &buffers_->vectors[i];
        header.msg_iovlen = 1;
    }
}

SendBatch::~SendBatch() = default;

void SendBatch::add(int socket, const Endpoint& to, Bytes bytes) {
    if (count_ == kBatchMax || (count_ > 0 && socket != socket_)) {
        flush();
    }
    socket_ = socket;
    buffers_->targets[count_] = SocketAddress(to);
    buffers_->messages[count_].msg_hdr.msg_namelen = buffers_->targets[count_].size();
    // The kernel only reads; iovec serves both ways and so lacks the const.
    buffers_->vectors[count_] = {.iov_base = const_cast<std::uint8_t*>(bytes.data()),
                                 .iov_len = bytes.size()};
    ++count_;
}

void SendBatch::flush() {
    const std::size_t sent = send_collected();
    sent_ += sent;
    unsent_ += count_ - sent;
    count_ = 0;
}

// The kernel stops at the first that cannot leave; the others go on without it.
std::size_t SendBatch::send_collected() {
    std::size_t sent = 0;
    for (std::size_t next = 0; next < count_;) {
        const int count = sendmmsg(socket_, &buffers_->messages[next],
                                   static_cast<unsigned>(count_ - next), MSG_DONTWAIT);
        sent += static_cast<std::size_t>(std::max(count, 0));
        next += static_cast<std::size_t>(std::max(count, 1));
    }
    return sent;
}

}  // namespace lanze::media
