// One page's WebSocket, from the accepted upgrade to its close. Only server.cpp includes this.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>

#include "api/connection.h"
#include "api/http.h"
#include "api/live.h"

namespace lanze::api {

inline constexpr std::size_t kIncomingMax = 65'536;   // a message from the page: else 1009
inline constexpr std::size_t kQueuedMax = 1'048'576;  // bytes behind the one being written
inline constexpr Duration kSilenceMax = seconds(40);  // a ping after half of it
inline constexpr Duration kCloseWithin = seconds(5);  // then the connection is cut

// Answers the upgrade and serves the socket until either side ends it. `live` must outlive it.
boost::asio::awaitable<void> serve_live(Connection connection, Request upgrade, Identity identity,
                                        Live& live, std::function<Time()> now);

}  // namespace lanze::api
