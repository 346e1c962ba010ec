// SocketAddress: an Endpoint in the form the kernel wants, and back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/endpoint.h"

namespace lanze::media {

class SocketAddress {
public:
    SocketAddress() = default;
    explicit SocketAddress(const Endpoint& endpoint);

    Endpoint endpoint() const;
    int family() const { return storage_.any.sa_family; }
    const sockaddr* data() const { return &storage_.any; }
    sockaddr* data() { return &storage_.any; }
    socklen_t size() const;
    static constexpr socklen_t capacity() { return sizeof(Storage); }

private:
    union Storage {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };
    Storage storage_{.v6 = {}};
};

}  // namespace lanze::media
