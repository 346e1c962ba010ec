#include "api/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace lanze::api {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Owned by its reading and its writing coroutine; its host borrows it in between (asio's idiom).
class WebSocket final : public Socket, public std::enable_shared_from_this<WebSocket> {
public:
    explicit WebSocket(Connection connection)
        : stream_(std::move(connection)),
          wake_(stream_.get_executor()),
          cut_off_(stream_.get_executor()) {}

    asio::awaitable<bool> accept(Request upgrade);
    // Until the page is gone. What it says as a telephone goes to `hear`; commands come by HTTP.
    asio::awaitable<void> read(std::function<void(std::string_view)> hear);
    asio::awaitable<void> write();
    void end();

    void send(std::shared_ptr<const std::string> message) override;
    void close(CloseReason reason) override;

private:
    void cut_off_later();

    websocket::stream<Connection, false> stream_;
    asio::steady_timer wake_;     // ends the writer's sleep
    asio::steady_timer cut_off_;  // ends a close that nobody answers
    std::deque<std::shared_ptr<const std::string>> queue_;
    std::size_t queued_bytes_ = 0;
    std::optional<CloseReason> closing_;
    bool has_ended_ = false;
};

asio::awaitable<bool> WebSocket::accept(Request upgrade) {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = std::chrono::duration_cast<seconds>(kCloseWithin);
    limits.idle_timeout = std::chrono::duration_cast<seconds>(kSilenceMax);
    limits.keep_alive_pings = true;
    stream_.next_layer().tcp().expires_never();
    stream_.set_option(limits);
    stream_.read_message_max(kIncomingMax);
    beast::http::request<beast::http::empty_body> request{beast::http::verb::get, upgrade.target,
                                                          11};
    for (const Header& header : upgrade.headers) {
        request.insert(header.name, header.value);
    }
    const auto [error] = co_await stream_.async_accept(request, kAwait);
    co_return !error;
}

asio::awaitable<void> WebSocket::read(std::function<void(std::string_view)> hear) {
    beast::flat_buffer buffer;
    while (true) {
        const auto [error, size] = co_await stream_.async_read(buffer, kAwait);
        if (error) {
            co_return;
        }
        const auto bytes = buffer.cdata();
        hear({static_cast<const char*>(bytes.data()), bytes.size()});
        buffer.clear();
    }
}

asio::awaitable<void> WebSocket::write() {
    const auto self = shared_from_this();
    while (!has_ended_) {
        if (closing_) {
            const websocket::close_reason reason(static_cast<websocket::close_code>(closing_->code),
                                                 closing_->text);
            co_await stream_.async_close(reason, kAwait);
            co_return;
        }
        if (queue_.empty()) {
            wake_.expires_at(asio::steady_timer::time_point::max());
            co_await wake_.async_wait(kAwait);
            continue;
        }
        const auto message = std::move(queue_.front());
        queue_.pop_front();
        queued_bytes_ -= message->size();
        stream_.text(true);
        const auto [error, size] = co_await stream_.async_write(asio::buffer(*message), kAwait);
        if (error) {
            end();
        }
    }
}

void WebSocket::end() {
    has_ended_ = true;
    queue_.clear();
    cut_off_.cancel();
    wake_.cancel();
    stream_.next_layer().tcp().close();
}

void WebSocket::send(std::shared_ptr<const std::string> message) {
    if (closing_ || has_ended_) {
        return;
    }
    // A snapshot of a large centre is larger than the limit; alone it may be.
    if (!queue_.empty() && queued_bytes_ + message->size() > kQueuedMax) {
        close({kCloseTryAgain, "reads too slowly"});
        return;
    }
    queued_bytes_ += message->size();
    queue_.push_back(std::move(message));
    wake_.cancel();
}

void WebSocket::close(CloseReason reason) {
    if (closing_ || has_ended_) {
        return;
    }
    closing_ = std::move(reason);
    queue_.clear();
    queued_bytes_ = 0;
    wake_.cancel();
    cut_off_later();
}

// The close frame waits behind the message being written, which a page that reads nothing holds up.
void WebSocket::cut_off_later() {
    cut_off_.expires_after(kCloseWithin);
    cut_off_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!error && self) {
            self->end();
        }
    });
}

// Tells the host of the socket and, whatever ends the coroutine, of its end.
class Presence {
public:
    Presence(SocketHost host, Socket& socket) : host_(std::move(host)), id_(host_.join(socket)) {}
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    ~Presence() { host_.leave(id_); }
    void hear(std::string_view text) { host_.hear(id_, text); }

private:
    SocketHost host_;
    std::uint64_t id_;
};

}  // namespace

asio::awaitable<void> serve_socket(Connection connection, Request upgrade, SocketHost host) {
    const auto executor = connection.get_executor();
    const auto socket = std::make_shared<WebSocket>(std::move(connection));
    const bool is_open = co_await socket->accept(std::move(upgrade));
    if (!is_open) {
        co_return;
    }
    {
        Presence presence(std::move(host), *socket);
        asio::co_spawn(executor, socket->write(), asio::detached);
        co_await socket->read([&presence](std::string_view text) { presence.hear(text); });
    }
    socket->end();
}

}  // namespace lanze::api
