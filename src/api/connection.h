// Connection: one peer's stream, plain or under TLS, as one type, so that what is compiled for it
// is compiled once. Only server.cpp and websocket.cpp include this.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace lanze::api {

class Connection {
public:
    using executor_type =  // NOLINT(readability-identifier-naming): asio's name
        boost::beast::tcp_stream::executor_type;
    using Tls = boost::beast::ssl_stream<boost::beast::tcp_stream&>;

    explicit Connection(boost::asio::ip::tcp::socket socket)
        : tcp_(std::make_unique<boost::beast::tcp_stream>(std::move(socket))) {}

    // From now on everything is read and written through TLS; the handshake is the caller's.
    // OpenSSL counts who uses the context, so `context` may die before the connection.
    Tls& start_tls(boost::asio::ssl::context& context) {
        tls_ = std::make_unique<Tls>(*tcp_, context);
        return *tls_;
    }
    Tls* tls() { return tls_.get(); }  // null: plain
    // False also when it was moved to somebody else.
    bool is_open() const { return tcp_ != nullptr && tcp_->socket().is_open(); }
    boost::beast::tcp_stream& tcp() { return *tcp_; }
    executor_type get_executor() { return tcp_->get_executor(); }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, Done>(
            [this](auto&& handler, const Buffers& into) {
                if (tls_) {
                    tls_->async_read_some(into, std::forward<decltype(handler)>(handler));
                } else {
                    tcp_->async_read_some(into, std::forward<decltype(handler)>(handler));
                }
            },
            token, buffers);
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, Done>(
            [this](auto&& handler, const Buffers& from) {
                if (tls_) {
                    tls_->async_write_some(from, std::forward<decltype(handler)>(handler));
                } else {
                    tcp_->async_write_some(from, std::forward<decltype(handler)>(handler));
                }
            },
            token, buffers);
    }

    // What Beast's WebSocket calls at its end. Its own close frames have said already that nothing
    // was cut off, so that TLS need not say it again.
    template <typename Handler>
    friend void async_teardown(boost::beast::role_type role, Connection& connection,
                               Handler&& handler) {
        boost::beast::websocket::async_teardown(role, connection.tcp_->socket(),
                                                std::forward<Handler>(handler));
    }
    friend void beast_close_socket(Connection& connection) { connection.tcp_->close(); }

private:
    using Done = void(boost::beast::error_code, std::size_t);

    std::unique_ptr<boost::beast::tcp_stream> tcp_;
    std::unique_ptr<Tls> tls_;  // over *tcp_
};

}  // namespace lanze::api
