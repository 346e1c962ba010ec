#include "media/socket_address.h"

#include <cstring>

namespace lanze::media {

namespace {

constexpr std::size_t kV4Offset = 12;  // see IpAddress

}  // namespace

SocketAddress::SocketAddress(const Endpoint& endpoint) {
    const auto& bytes = endpoint.address.bytes;
    if (endpoint.address.is_v6) {
        storage_.v6.sin6_family = AF_INET6;
        storage_.v6.sin6_port = htons(endpoint.port);
        std::memcpy(&storage_.v6.sin6_addr, bytes.data(), bytes.size());
    } else {
        storage_.v4.sin_family = AF_INET;
        storage_.v4.sin_port = htons(endpoint.port);
        std::memcpy(&storage_.v4.sin_addr, bytes.data() + kV4Offset, bytes.size() - kV4Offset);
    }
}

Endpoint SocketAddress::endpoint() const {
    Endpoint endpoint;
    auto& bytes = endpoint.address.bytes;
    if (storage_.any.sa_family == AF_INET6) {
        endpoint.address.is_v6 = true;
        endpoint.port = ntohs(storage_.v6.sin6_port);
        std::memcpy(bytes.data(), &storage_.v6.sin6_addr, bytes.size());
    } else {
        endpoint.port = ntohs(storage_.v4.sin_port);
        std::memcpy(bytes.data() + kV4Offset, &storage_.v4.sin_addr, bytes.size() - kV4Offset);
    }
    return endpoint;
}

socklen_t SocketAddress::size() const {
    return storage_.any.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

}  // namespace lanze::media
