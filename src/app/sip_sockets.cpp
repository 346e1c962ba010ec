#include "app/sip_sockets.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <cstring>
#include <deque>
#include <unordered_map>

#include "media/datagram_batch.h"

namespace lanze::app {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t kBurst = 64;
constexpr int kSocketBuffer = 8 << 20;

asio::ip::address to_asio(const IpAddress& address) {
    if (address.is_v6) {
        return asio::ip::address_v6(address.bytes);
    }
    asio::ip::address_v4::bytes_type bytes;
    std::copy_n(address.bytes.begin() + 12, bytes.size(), bytes.begin());
    return asio::ip::address_v4(bytes);
}

template <typename AsioEndpoint>
Endpoint from_asio(const AsioEndpoint& endpoint) {
    Endpoint result;
    result.port = endpoint.port();
    if (endpoint.address().is_v4()) {
        const auto bytes = endpoint.address().to_v4().to_bytes();
        result.address = IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
    } else {
        result.address.is_v6 = true;
        const auto bytes = endpoint.address().to_v6().to_bytes();
        std::copy(bytes.begin(), bytes.end(), result.address.bytes.begin());
    }
    return result;
}

struct UdpListener {
    explicit UdpListener(asio::io_context& loop) : socket(loop) {}
    udp::socket socket;
    std::uint16_t index = 0;
};

struct TcpListener {
    explicit TcpListener(asio::io_context& loop) : acceptor(loop) {}
    tcp::acceptor acceptor;
    std::uint16_t index = 0;
};

struct Connection {
    explicit Connection(asio::io_context& loop) : socket(loop), idle(loop) {}
    tcp::socket socket;
    asio::steady_timer idle;
    sip::Flow flow;
    sip::StreamFramer framer;
    std::array<char, 16384> incoming{};
    std::deque<std::string> outgoing;
    std::size_t unsent = 0;
    bool is_open = false;
    bool closes_after_sending = false;
};

// A head that could not be cut from its stream, such that it gets 400 for certain: one without
// Content-Length would otherwise be a complete message, and carried out.
std::string as_refused(std::string head) {
    const std::size_t line_end = head.find("\r\n");
    if (line_end != std::string::npos) {
        head.insert(line_end, "\r\nContent-Length: -1");
    }
    return head;
}

// Buffers for recvmmsg, made once.
struct Burst {
    std::array<std::array<char, 65536>, kBurst> bytes;
    std::array<iovec, kBurst> vectors;
    std::array<sockaddr_storage, kBurst> sources;
    std::array<mmsghdr, kBurst> headers;
};

}  // namespace

struct SipSockets::State : std::enable_shared_from_this<State> {
    State(asio::io_context& io, Callbacks given, SipSocketLimits given_limits)
        : loop(io), callbacks(std::move(given)), limits(given_limits) {}

    asio::io_context& loop;
    Callbacks callbacks;
    SipSocketLimits limits;
    std::vector<edge::Listener> listeners;
    std::vector<std::unique_ptr<UdpListener>> udp_by_listener;
    std::vector<std::unique_ptr<TcpListener>> tcp_listeners;
    std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections;
    std::unordered_map<Endpoint, std::uint64_t> connection_to;  // those we opened
    std::uint64_t connection_last = 0;
    std::uint64_t sent = 0;  // by TCP
    media::SendBatch datagrams;
    std::unique_ptr<Burst> burst = std::make_unique<Burst>();
    bool is_stopped = false;

    void open(const edge::Listener& listener);
    void wait_udp(UdpListener& listener);
    bool read_burst(UdpListener& listener);
    void accept(TcpListener& listener);
    void start(const std::shared_ptr<Connection>& connection);
    void read(const std::shared_ptr<Connection>& connection);
    void on_bytes(const std::shared_ptr<Connection>& connection, std::size_t size);
    void restart_idle(const std::shared_ptr<Connection>& connection);
    void write(const std::shared_ptr<Connection>& connection, std::string bytes);
    void write_next(const std::shared_ptr<Connection>& connection);
    void close(const std::shared_ptr<Connection>& connection);
    void send_udp(const sip::Send& send);
    void send_tcp(const sip::Send& send);
    std::shared_ptr<Connection> connect(const sip::Flow& flow);
};

void SipSockets::State::open(const edge::Listener& listener) {
    const auto index = static_cast<std::uint16_t>(listeners.size());
    edge::Listener bound = listener;
    if (listener.transport == sip::Transport::udp) {
        auto opened = std::make_unique<UdpListener>(loop);
        const udp::endpoint endpoint(to_asio(listener.bound.address), listener.bound.port);
        opened->socket.open(endpoint.protocol());
        opened->socket.bind(endpoint);
        opened->socket.non_blocking(true);
        ErrorCode ignored;
        opened->socket.set_option(asio::socket_base::receive_buffer_size(kSocketBuffer), ignored);
        opened->socket.set_option(asio::socket_base::send_buffer_size(kSocketBuffer), ignored);
        opened->index = index;
        bound.bound = from_asio(opened->socket.local_endpoint());
        wait_udp(*opened);
        udp_by_listener.push_back(std::move(opened));
    } else {
        auto opened = std::make_unique<TcpListener>(loop);
        const tcp::endpoint endpoint(to_asio(listener.bound.address), listener.bound.port);
        opened->acceptor.open(endpoint.protocol());
        opened->acceptor.set_option(tcp::acceptor::reuse_address(true));
        opened->acceptor.bind(endpoint);
        opened->acceptor.listen();
        opened->index = index;
        bound.bound = from_asio(opened->acceptor.local_endpoint());
        accept(*opened);
        tcp_listeners.push_back(std::move(opened));
        udp_by_listener.push_back(nullptr);
    }
    listeners.push_back(bound);
}

void SipSockets::State::wait_udp(UdpListener& listener) {
    listener.socket.async_wait(
        udp::socket::wait_read, [self = shared_from_this(), &listener](const ErrorCode& error) {
            if (error || self->is_stopped) {
                return;
            }
            // A few bursts at most, so that timers and the journal are never starved.
            for (int rounds = 0; rounds < 4 && self->read_burst(listener); ++rounds) {
            }
            self->callbacks.on_burst_end();
            self->wait_udp(listener);
        });
}

// True if the burst was full and more may be waiting.
bool SipSockets::State::read_burst(UdpListener& listener) {
    for (std::size_t i = 0; i < kBurst; ++i) {
        burst->vectors[i] = {burst->bytes[i].data(), burst->bytes[i].size()};
        msghdr& header = burst->headers[i].msg_hdr;
        header = {};
        header.msg_name = &burst->sources[i];
        header.msg_namelen = sizeof(sockaddr_storage);
        header.msg_iov = &burst->vectors[i];
        header.msg_iovlen = 1;
    }
    const int got = recvmmsg(listener.socket.native_handle(), burst->headers.data(), kBurst,
                             MSG_DONTWAIT, nullptr);
    for (int i = 0; i < got; ++i) {
        const auto at = static_cast<std::size_t>(i);
        udp::endpoint source;
        std::memcpy(source.data(), &burst->sources[at], source.capacity());
        const sip::Flow flow{sip::Transport::udp, listener.index, 0, from_asio(source)};
        callbacks.on_message({burst->bytes[at].data(), burst->headers[at].msg_len}, flow);
    }
    return got == static_cast<int>(kBurst);
}

void SipSockets::State::send_udp(const sip::Send& send) {
    const std::size_t index = send.flow.listener;
    UdpListener* listener = index < udp_by_listener.size() ? udp_by_listener[index].get() : nullptr;
    if (listener == nullptr) {
        return;
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(send.bytes.data());
    datagrams.add(listener->socket.native_handle(), send.flow.remote, {bytes, send.bytes.size()});
}

void SipSockets::State::accept(TcpListener& listener) {
    auto connection = std::make_shared<Connection>(loop);
    listener.acceptor.async_accept(connection->socket, [self = shared_from_this(), connection,
                                                        &listener](const ErrorCode& error) {
        if (error == asio::error::operation_aborted || self->is_stopped) {
            return;
        }
        if (!error && self->connections.size() < self->limits.connections_max) {
            ErrorCode gone;
            const auto remote = connection->socket.remote_endpoint(gone);
            if (!gone) {
                connection->flow = {sip::Transport::tcp, listener.index, ++self->connection_last,
                                    from_asio(remote)};
                self->connections[connection->flow.connection] = connection;
                self->start(connection);
            }
        }
        self->accept(listener);
    });
}

void SipSockets::State::start(const std::shared_ptr<Connection>& connection) {
    connection->is_open = true;
    ErrorCode ignored;
    connection->socket.set_option(tcp::no_delay(true), ignored);
    restart_idle(connection);
    read(connection);
    write_next(connection);
}

void SipSockets::State::read(const std::shared_ptr<Connection>& connection) {
    connection->socket.async_read_some(
        asio::buffer(connection->incoming),
        [self = shared_from_this(), connection](const ErrorCode& error, std::size_t size) {
            if (self->is_stopped) {
                return;
            }
            if (error) {
                self->close(connection);
                return;
            }
            self->on_bytes(connection, size);
        });
}

void SipSockets::State::on_bytes(const std::shared_ptr<Connection>& connection, std::size_t size) {
    const bool is_sound = connection->framer.feed({connection->incoming.data(), size});
    bool got_message = false;
    while (const auto frame = connection->framer.next()) {
        if (frame->is_ping) {
            write(connection, "\r\n");
            continue;
        }
        got_message = true;
        callbacks.on_message(frame->message, connection->flow);
    }
    if (!is_sound) {
        // The stream cannot be cut any further: what can be answered gets 400, then it is closed.
        connection->closes_after_sending = true;
        callbacks.on_message(as_refused(connection->framer.broken_head()), connection->flow);
    }
    callbacks.on_burst_end();
    if (!is_sound) {
        if (connection->outgoing.empty()) {
            close(connection);
        }
        return;
    }
    if (got_message) {
        restart_idle(connection);
    }
    read(connection);
}

void SipSockets::State::restart_idle(const std::shared_ptr<Connection>& connection) {
    connection->idle.expires_after(std::chrono::minutes(limits.idle_minutes_max));
    connection->idle.async_wait([self = shared_from_this(), connection](const ErrorCode& error) {
        if (!error) {
            self->close(connection);
        }
    });
}

void SipSockets::State::write(const std::shared_ptr<Connection>& connection, std::string bytes) {
    connection->unsent += bytes.size();
    if (connection->unsent > limits.unsent_bytes_max) {
        close(connection);
        return;
    }
    connection->outgoing.push_back(std::move(bytes));
    if (connection->is_open && connection->outgoing.size() == 1) {
        write_next(connection);
    }
}

void SipSockets::State::write_next(const std::shared_ptr<Connection>& connection) {
    if (connection->outgoing.empty()) {
        if (connection->closes_after_sending) {
            close(connection);
        }
        return;
    }
    asio::async_write(
        connection->socket, asio::buffer(connection->outgoing.front()),
        [self = shared_from_this(), connection](const ErrorCode& error, std::size_t size) {
            if (error || self->is_stopped || connection->outgoing.empty()) {
                self->close(connection);
                return;
            }
            ++self->sent;
            connection->unsent -= size;
            connection->outgoing.pop_front();
            self->write_next(connection);
        });
}

void SipSockets::State::close(const std::shared_ptr<Connection>& connection) {
    if (connections.erase(connection->flow.connection) == 0) {
        return;
    }
    const auto opened = connection_to.find(connection->flow.remote);
    if (opened != connection_to.end() && opened->second == connection->flow.connection) {
        connection_to.erase(opened);
    }
    ErrorCode ignored;
    connection->idle.cancel();
    connection->socket.close(ignored);
    sip::Flow failed = connection->flow;
    if (!connection->is_open) {
        failed.connection = 0;
    }
    asio::post(loop, [self = shared_from_this(), failed] {
        if (!self->is_stopped) {
            self->callbacks.on_failed(failed);
            self->callbacks.on_burst_end();
        }
    });
}

std::shared_ptr<Connection> SipSockets::State::connect(const sip::Flow& flow) {
    auto connection = std::make_shared<Connection>(loop);
    connection->flow = flow;
    connection->flow.connection = ++connection_last;
    connections[connection->flow.connection] = connection;
    connection_to[flow.remote] = connection->flow.connection;
    connection->socket.async_connect(
        tcp::endpoint(to_asio(flow.remote.address), flow.remote.port),
        [self = shared_from_this(), connection](const ErrorCode& error) {
            if (error || self->is_stopped) {
                self->close(connection);
                return;
            }
            self->start(connection);
        });
    return connection;
}

void SipSockets::State::send_tcp(const sip::Send& send) {
    std::shared_ptr<Connection> connection;
    if (const auto known = connections.find(send.flow.connection); known != connections.end()) {
        connection = known->second;
    } else if (const auto opened = connection_to.find(send.flow.remote);
               opened != connection_to.end()) {
        connection = connections.at(opened->second);
    } else if (connections.size() < limits.connections_max) {
        connection = connect(send.flow);
    } else {
        asio::post(loop, [self = shared_from_this(), flow = send.flow] {
            self->callbacks.on_failed(flow);
            self->callbacks.on_burst_end();
        });
        return;
    }
    write(connection, send.bytes);
}

Result<std::unique_ptr<SipSockets>, std::string> SipSockets::open(
    asio::io_context& loop, const std::vector<edge::Listener>& listeners, Callbacks callbacks,
    SipSocketLimits limits) {
    auto state = std::make_shared<State>(loop, std::move(callbacks), limits);
    for (const edge::Listener& listener : listeners) {
        const std::string name =
            std::string(listener.transport == sip::Transport::udp ? "udp" : "tcp") + "://" +
            listener.bound.to_string();
        try {
            state->open(listener);
        } catch (const boost::system::system_error& error) {
            state->is_stopped = true;
            return Unexpected("cannot listen on " + name + ": " + error.code().message() +
                              "; choose another address or port in [sip] listen, or end the "
                              "program that uses it");
        }
    }
    return std::unique_ptr<SipSockets>(new SipSockets(std::move(state)));
}

SipSockets::SipSockets(std::shared_ptr<State> state) : state_(std::move(state)) {}

SipSockets::~SipSockets() {
    state_->is_stopped = true;
    ErrorCode ignored;
    for (const auto& listener : state_->udp_by_listener) {
        if (listener) {
            listener->socket.close(ignored);
        }
    }
    for (const auto& listener : state_->tcp_listeners) {
        listener->acceptor.close(ignored);
    }
    for (const auto& [id, connection] : state_->connections) {
        connection->idle.cancel();
        connection->socket.close(ignored);
    }
}

const std::vector<edge::Listener>& SipSockets::listeners() const {
    return state_->listeners;
}

void SipSockets::send(const std::vector<sip::Send>& sends) {
    for (const sip::Send& send : sends) {
        if (send.flow.transport == sip::Transport::udp) {
            state_->send_udp(send);
        } else {
            state_->send_tcp(send);
        }
    }
    // A full buffer or an unreachable port is a lost datagram: the transaction's timers know.
    state_->datagrams.flush();
}

std::size_t SipSockets::connection_count() const {
    return state_->connections.size();
}

std::uint64_t SipSockets::sent_count() const {
    return state_->sent + state_->datagrams.sent();
}

}  // namespace lanze::app
