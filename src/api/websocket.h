// One page's WebSocket, from the accepted upgrade to its close. Only server.cpp includes this.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "api/connection.h"
#include "api/http.h"
#include "api/live.h"
#include "base/time.h"

namespace lanze::api {

inline constexpr std::size_t kIncomingMax = 65'536;   // a message from the page: else 1009
inline constexpr std::size_t kQueuedMax = 4U << 20U;  // bytes behind the one being written
inline constexpr Duration kSilenceMax = seconds(40);  // a ping after half of it
inline constexpr Duration kCloseWithin = seconds(5);  // then the connection is cut

// Whom a socket belongs to. `join` gives it a number, with which the others speak of it.
struct SocketHost {
    std::function<std::uint64_t(Socket&)> join;
    std::function<void(std::uint64_t, std::string_view)> hear;
    std::function<void(std::uint64_t)> leave;
};

// Answers the upgrade and serves the socket until either side ends it. `host` must outlive it.
boost::asio::awaitable<void> serve_socket(Connection connection, Request upgrade, SocketHost host);

}  // namespace lanze::api
