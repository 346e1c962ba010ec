#include "media/datagram_batch.h"

#include <algorithm>

namespace lanze::media {

ReceiveBatch::ReceiveBatch() {
    for (std::size_t i = 0; i < kBatchMax; ++i) {
        vectors_[i] = {.iov_base = buffers_[i].data(), .iov_len = buffers_[i].size()};
        messages_[i].msg_hdr.msg_name = sources_[i].data();
        messages_[i].msg_hdr.msg_iov = &vectors_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
    }
}

std::size_t ReceiveBatch::receive(int socket) {
    for (mmsghdr& message : messages_) {
        message.msg_hdr.msg_namelen = SocketAddress::capacity();
    }
    const int count = recvmmsg(socket, messages_.data(), kBatchMax, MSG_DONTWAIT, nullptr);
    return static_cast<std::size_t>(std::max(count, 0));
}

std::span<std::uint8_t> ReceiveBatch::datagram(std::size_t index) {
    const mmsghdr& message = messages_[index];
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        return {};
    }
    return std::span(buffers_[index]).first(message.msg_len);
}

void SendBatch::add(int socket, const Endpoint& to, Bytes bytes) {
    if (count_ == kBatchMax || (count_ > 0 && socket != socket_)) {
        flush();
    }
    socket_ = socket;
    targets_[count_] = SocketAddress(to);
    // The kernel only reads; iovec serves both ways and so lacks the const.
    vectors_[count_] = {.iov_base = const_cast<std::uint8_t*>(bytes.data()),
                        .iov_len = bytes.size()};
    ++count_;
}

void SendBatch::flush() {
    if (count_ == 0) {
        return;
    }
    const std::size_t sent = send_collected();
    sent_ += sent;
    unsent_ += count_ - sent;
    count_ = 0;
}

std::size_t SendBatch::send_collected() {
    if (count_ == 1) {
        const ssize_t size = sendto(socket_, vectors_[0].iov_base, vectors_[0].iov_len,
                                    MSG_DONTWAIT, targets_[0].data(), targets_[0].size());
        return size >= 0 ? 1 : 0;
    }
    std::array<mmsghdr, kBatchMax> messages{};
    for (std::size_t i = 0; i < count_; ++i) {
        messages[i].msg_hdr.msg_name = targets_[i].data();
        messages[i].msg_hdr.msg_namelen = targets_[i].size();
        messages[i].msg_hdr.msg_iov = &vectors_[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent =
        sendmmsg(socket_, messages.data(), static_cast<unsigned>(count_), MSG_DONTWAIT);
    return static_cast<std::size_t>(std::max(sent, 0));
}

}  // namespace lanze::media
