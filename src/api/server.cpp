#include "api/server.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "api/certificate_keeper.h"
#include "api/connection.h"
#include "api/counted.h"
#include "api/guests.h"
#include "api/http_message.h"
#include "api/mailbox.h"
#include "api/routes.h"
#include "api/shelf.h"
#include "api/system_time.h"
#include "api/websocket.h"
#include "api/work_pool.h"

namespace lanze::api {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kHeaderMax = 16 * 1024;
constexpr std::size_t kRequestMax = kHeaderMax + kBodyMax;
constexpr std::size_t kLeftoverMax = 1'048'576;  // read and dropped after a refused request
constexpr auto kLeftoverWithin = seconds(2);
constexpr auto kWriteWithin = seconds(30);
constexpr auto kFileWithin = seconds(60);  // for sending us one
constexpr auto kTick = milliseconds(250);
constexpr auto kRecheck = minutes(1);
constexpr std::size_t kHashThreads = 2;  // 19 MiB each
constexpr std::size_t kHashesWaitingMax = 64;
constexpr std::size_t kReadsWaitingMax = 64;
constexpr std::size_t kSignInsWaitingMax = 16;      // each may wait for the provider
constexpr std::size_t kExplanationsWaitingMax = 4;  // each may replay days

IpAddress to_ip(const asio::ip::address& address) {
    return IpAddress::parse(address.to_string()).value_or(IpAddress{});
}

tcp::endpoint to_tcp(const Endpoint& endpoint) {
    return {asio::ip::make_address(endpoint.address.to_string()), endpoint.port};
}

bool wants_websocket(const Request& request) {
    return equals_ignoring_case(request.header("Upgrade"), "websocket");
}

// An answer that may come later, from another thread, or never.
struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : arrival(executor) {}
    std::optional<Response> response;
    asio::steady_timer arrival;
};

class Server final : public ApiServer {
public:
    Server(Settings settings, ports::Centre& centre, People people,
           std::vector<NewPassword> new_people, Shelf shelf)
        : settings_(std::move(settings)),
          centre_(centre),
          people_(std::move(people)),
          shelf_(std::move(shelf)),
          new_people_(std::move(new_people)),
          pages_(settings_.page_directory,
                 settings_.call_page.is_enabled
                     ? std::optional(frame_ancestors_of(settings_.call_page))
                     : std::nullopt),
          live_(centre),
          certificate_(settings_.certificate) {}
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() override { stop(); }

    Result<void, std::string> take_certificate() { return certificate_.take(); }
    Result<void, std::string> listen();
    void run();

    std::uint16_t port() const override { return port_; }
    const std::vector<NewPassword>& new_people() const override { return new_people_; }
    void renew_certificate() override {
        mailbox_->post([this] { look_at_certificate(); });
    }
    void stop() override;

private:
    std::optional<OidcProvider> make_provider() const {
        return settings_.oidc
                   ? std::optional<OidcProvider>(std::in_place, *settings_.oidc, fetch_over_network)
                   : std::nullopt;
    }
    Context make_context();
    void look_at_certificate();
    asio::awaitable<void> accept_all(tcp::acceptor acceptor);
    asio::awaitable<void> serve(tcp::socket socket);
    asio::awaitable<void> serve_secured(Connection& stream);
    asio::awaitable<void> send_to_https(Connection& stream, beast::flat_buffer& buffer);
    asio::awaitable<void> refuse_full(Connection& stream);
    FileTurn file_turn(const http::request<http::string_body>& head, const IpAddress& from);
    asio::awaitable<void> serve_requests(Connection& stream, beast::flat_buffer buffer);
    asio::awaitable<bool> await_request(Connection& stream, beast::flat_buffer& buffer);
    std::optional<Guests> make_guests() {
        return settings_.call_page.is_enabled
                   ? std::optional<Guests>(std::in_place, centre_, live_.picture(), live_.chats(),
                                           settings_.call_page)
                   : std::nullopt;
    }
    void start_guests();
    SocketHost host_for(Identity identity);
    SocketHost host_for_guest(const IpAddress& from);
    asio::awaitable<void> answer_websocket(Connection& stream, Request request);
    asio::awaitable<Response> answer(Request request);
    asio::awaitable<bool> write(Connection& stream, http::response<http::string_body>&&);
    asio::awaitable<void> drop_leftovers(Connection& stream);
    asio::awaitable<void> keep_time();

    Settings settings_;
    ports::Centre& centre_;
    People people_;
    Shelf shelf_;
    std::vector<NewPassword> new_people_;
    Pages pages_;
    Lockout lockout_;
    Live live_;
    std::optional<Guests> guests_ = make_guests();
    CertificateKeeper certificate_;
    std::optional<OidcProvider> oidc_ = make_provider();
    std::uint16_t port_ = 0;
    std::size_t connections_ = 0;
    FileTurns files_coming_;
    // Below what their coroutines and work refer to, so that these are destroyed first.
    std::optional<asio::io_context> io_{std::in_place, 1};
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(*io_);
    std::optional<tcp::acceptor> acceptor_;
    Context context_ = make_context();
    Router router_{context_};
    std::optional<WorkPool> hashes_{std::in_place, kHashThreads, kHashesWaitingMax};
    std::optional<WorkPool> reads_{std::in_place, 1U, kReadsWaitingMax};
    std::optional<WorkPool> explanations_{std::in_place, 1U, kExplanationsWaitingMax};
    std::optional<WorkPool> provider_{std::in_place, 1U, kSignInsWaitingMax};
    std::thread thread_;
};

Context Server::make_context() {
    return {
        .centre = centre_,
        .people = people_,
        .live = live_,
        .lockout = lockout_,
        .pages = pages_,
        .names = {settings_.listen.address, settings_.host_names,
                  settings_.behind_proxy || settings_.certificate.is_given()},
        .version = settings_.version,
        .centre_name = settings_.centre_name,
        .read_records = settings_.read_records,
        .reload = settings_.reload,
        .read_why = settings_.read_why,
        .read_memory = settings_.read_memory,
        .remember_days = settings_.remember_days,
        .screen_pops = settings_.screen_pops,
        .read_handler = settings_.read_handler,
        .knowledge = &shelf_.knowledge,
        .thanks = &shelf_.thanks,
        .now = settings_.now,
        .renew_certificate = [this] { renew_certificate(); },
        .on_worker = [this](std::function<void()> work) { return hashes_->add(std::move(work)); },
        .on_reader = [this](std::function<void()> work) { return reads_->add(std::move(work)); },
        .on_explainer =
            [this](std::function<void()> work) { return explanations_->add(std::move(work)); },
        .oidc = oidc_ ? &*oidc_ : nullptr,
        .on_provider =
            [this](std::function<void()> work) { return provider_->add(std::move(work)); },
        .guests = guests_ ? &*guests_ : nullptr,
        .on_web = [mailbox =
                       mailbox_](std::function<void()> work) { mailbox->post(std::move(work)); },
    };
}

void Server::look_at_certificate() {
    const auto outcome = certificate_.look(settings_.now());
    if (!outcome) {
        return;
    }
    people_.note(settings_.now(), "(centre)", outcome->sentence);
    if (settings_.tell_certificate) {
        settings_.tell_certificate(outcome->is_taken, outcome->sentence);
    }
}

Result<void, std::string> Server::listen() {
    const tcp::endpoint endpoint = to_tcp(settings_.listen);
    beast::error_code error;
    tcp::acceptor acceptor(*io_);
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return Unexpected("The API cannot listen on " + settings_.listen.to_string() + ": " +
                          error.message() + ".");
    }
    port_ = acceptor.local_endpoint(error).port();
    acceptor_ = std::move(acceptor);
    return {};
}

void Server::run() {
    asio::co_spawn(*io_, accept_all(std::move(*acceptor_)), asio::detached);
    asio::co_spawn(*io_, keep_time(), asio::detached);
    acceptor_.reset();
    thread_ = std::thread([this] { io_->run(); });
    // `this` is safe: nothing that is posted runs once the mailbox is closed and io_ stopped.
    live_.tell_ice_servers([this](core::AgentId agent) {
        return ice_servers_json(settings_.ice_servers, "agent-" + std::to_string(agent.value()),
                                settings_.now());
    });
    centre_.watch_phones(
        [this, mailbox = mailbox_](core::AgentId agent, const ports::PhoneNews& news) {
            mailbox->post([this, agent, news] { live_.tell_phone(agent, news); });
        });
    start_guests();
    centre_.watch([this, mailbox = mailbox_](std::shared_ptr<const ports::View> view) {
        mailbox->post([this, view = std::move(view)] {
            live_.apply(*view, settings_.now());
            if (guests_) {
                guests_->apply(*view, settings_.now());
            }
        });
    });
}

void Server::start_guests() {
    if (!guests_) {
        return;
    }
    guests_->tell_ice_servers([this](ports::GuestId guest) {
        return ice_servers_json(settings_.ice_servers, "guest-" + std::to_string(guest.value()),
                                settings_.now());
    });
    centre_.watch_guests(
        [this, mailbox = mailbox_](ports::GuestId guest, const ports::GuestNews& news) {
            mailbox->post([this, guest, news] { guests_->tell(guest, news, settings_.now()); });
        });
}

SocketHost Server::host_for(Identity identity) {
    return {
        [this, identity = std::move(identity)](Socket& socket) {
            return live_.join(socket, identity);
        },
        [this](std::uint64_t id, std::string_view text) { live_.hear(id, text, settings_.now()); },
        [this](std::uint64_t id) { live_.leave(id, settings_.now()); }};
}

SocketHost Server::host_for_guest(const IpAddress& from) {
    return {[this, from](Socket& socket) { return guests_->join(socket, from, settings_.now()); },
            [this](std::uint64_t id, std::string_view text) {
                guests_->hear(id, text, settings_.now());
            },
            [this](std::uint64_t id) { guests_->leave(id, settings_.now()); }};
}

void Server::stop() {
    if (!io_) {
        return;
    }
    mailbox_->close();
    io_->stop();
    if (thread_.joinable()) {
        thread_.join();
    }
    hashes_.reset();
    reads_.reset();
    explanations_.reset();
    provider_.reset();
    acceptor_.reset();
    io_.reset();  // and with it every connection
}

asio::awaitable<void> Server::accept_all(tcp::acceptor acceptor) {
    asio::steady_timer pause(*io_);
    while (true) {
        auto [error, socket] = co_await acceptor.async_accept(kAwait);
        if (!error) {
            asio::co_spawn(*io_, serve(std::move(socket)), asio::detached);
            continue;
        }
        // Out of descriptors or memory: others may close meanwhile.
        pause.expires_after(milliseconds(100));
        co_await pause.async_wait(kAwait);
    }
}

asio::awaitable<void> Server::serve(tcp::socket socket) {
    const bool is_full = connections_ >= settings_.connections_max;
    const Counted counted(connections_);
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    Connection stream(std::move(socket));
    if (is_full && !certificate_.current()) {
        co_await refuse_full(stream);
    } else if (!is_full && certificate_.current()) {
        co_await serve_secured(stream);
    } else if (!is_full) {
        co_await serve_requests(stream, beast::flat_buffer(kRequestMax));
    }
    // Full under TLS: a handshake costs more than there is to say.
    if (stream.is_open()) {
        co_await drop_leftovers(stream);
    }
}

asio::awaitable<void> Server::refuse_full(Connection& stream) {
    Response full = error_response(503, "too_many_connections", "Try again in a moment.");
    full.headers.push_back({"Retry-After", "5"});
    auto message = to_message(std::move(full), false);
    message.keep_alive(false);
    co_await write(stream, std::move(message));
}

// The first bytes tell TLS from plain HTTP; who speaks the latter is told the right address.
asio::awaitable<void> Server::serve_secured(Connection& stream) {
    beast::flat_buffer buffer(kRequestMax);
    stream.tcp().expires_after(settings_.read_within);
    const auto [error, is_tls] = co_await beast::async_detect_ssl(stream.tcp(), buffer, kAwait);
    if (error) {
        co_return;
    }
    if (!is_tls) {
        co_await send_to_https(stream, buffer);
        co_return;
    }
    // asio's context frees what it is given, and what we have belongs to the certificate.
    SSL_CTX_up_ref(certificate_.current()->context());
    asio::ssl::context context(certificate_.current()->context());
    Connection::Tls& tls = stream.start_tls(context);
    const auto [refused, used] =
        co_await tls.async_handshake(asio::ssl::stream_base::server, buffer.data(), kAwait);
    if (!refused) {
        buffer.consume(used);
        co_await serve_requests(stream, std::move(buffer));
    }
}

asio::awaitable<void> Server::send_to_https(Connection& stream, beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kHeaderMax);
    parser.body_limit(kBodyMax);
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (error) {
        co_return;
    }
    const Request request = to_plain(parser.release(), {}, false);
    Response response = error_response(400, "https_only", "This port speaks HTTPS only.");
    const bool is_read = request.method == "GET" || request.method == "HEAD";
    if (is_read && is_our_name(request.header("Host"), context_.names)) {
        response.status = 301;
        response.headers.push_back(
            {"Location", "https://" + std::string(request.header("Host")) + request.target});
    }
    auto message = to_message(std::move(response), request.method == "HEAD");
    message.keep_alive(false);
    co_await write(stream, std::move(message));
}

// Bodies of the usual length are always read; longer ones only of who may send them, and of few at
// once, for they lie in memory.
FileTurn Server::file_turn(const http::request<http::string_body>& head, const IpAddress& from) {
    if (!takes_file(head.method_string(), head.target())) {
        return nullptr;
    }
    const Request request =
        to_plain(http::request<http::string_body>(head), from, settings_.behind_proxy);
    return router_.may_send_file(request) ? files_coming_.take(request.from) : nullptr;
}

asio::awaitable<void> Server::serve_requests(Connection& stream, beast::flat_buffer buffer) {
    beast::error_code ignored;
    const IpAddress from = to_ip(stream.tcp().socket().remote_endpoint(ignored).address());
    bool goes_on = true;
    while (goes_on && co_await await_request(stream, buffer)) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(kHeaderMax);
        parser.body_limit(kChatFileMax);
        stream.tcp().expires_after(settings_.read_within);
        auto [error, size] = co_await http::async_read_header(stream, buffer, parser, kAwait);
        const FileTurn file = error ? nullptr : file_turn(parser.get(), from);
        if (file != nullptr) {
            stream.tcp().expires_after(kFileWithin);
        } else if (!error && parser.content_length().value_or(0) > kBodyMax) {
            error = http::error::body_limit;
        } else {
            parser.body_limit(kBodyMax);  // of a body that does not say its length
        }
        if (!error) {
            std::tie(error, size) = co_await http::async_read(stream, buffer, parser, kAwait);
        }
        std::optional<Response> response;
        bool is_head = false;
        goes_on = !error && parser.keep_alive();
        if (error) {
            response = refusal_of(error);
        } else {
            Request request = to_plain(parser.release(), from, settings_.behind_proxy);
            if (wants_websocket(request)) {
                co_await answer_websocket(stream, std::move(request));
                co_return;
            }
            is_head = request.method == "HEAD";
            response = co_await answer(std::move(request));
        }
        if (!response) {
            co_return;
        }
        if (stream.tls() != nullptr) {
            response->headers.push_back({"Strict-Transport-Security", "max-age=31536000"});
        }
        const auto held = std::move(response->held);
        auto message = to_message(std::move(*response), is_head);
        message.keep_alive(goes_on);
        const bool is_written = co_await write(stream, std::move(message));
        goes_on = goes_on && is_written;
    }
}

// Between two requests a connection may rest; the time for reading starts with the first byte.
asio::awaitable<bool> Server::await_request(Connection& stream, beast::flat_buffer& buffer) {
    if (buffer.size() > 0) {
        co_return true;
    }
    stream.tcp().expires_after(settings_.idle_max);
    const auto [error, size] = co_await stream.async_read_some(buffer.prepare(4096), kAwait);
    buffer.commit(size);
    co_return !error;
}

asio::awaitable<void> Server::answer_websocket(Connection& stream, Request request) {
    SocketHost host;
    std::optional<Response> refused;
    if (Router::is_for_guests(request)) {
        refused = router_.refusal_of_guest(request);
        host = refused ? SocketHost{} : host_for_guest(request.from);
    } else {
        auto admitted = router_.admit_live(request);
        if (Response* response = std::get_if<Response>(&admitted)) {
            refused = std::move(*response);
        } else {
            host = host_for(std::move(std::get<Identity>(admitted)));
        }
    }
    if (refused) {
        auto message = to_message(std::move(*refused), false);
        message.keep_alive(false);
        co_await write(stream, std::move(message));
        co_return;
    }
    co_await serve_socket(std::move(stream), std::move(request), std::move(host));
}

asio::awaitable<Response> Server::answer(Request request) {
    const auto pending = std::make_shared<Pending>(io_->get_executor());
    pending->arrival.expires_after(settings_.answer_within);
    // The one who answers holds the request's state weakly, as he may do so when we are gone.
    const Respond respond = [mailbox = mailbox_,
                             weak = std::weak_ptr<Pending>(pending)](Response response) {
        mailbox->post([weak, response = std::move(response)]() mutable {
            const auto waiting = weak.lock();
            if (waiting && !waiting->response) {
                waiting->response = std::move(response);
                waiting->arrival.cancel();
            }
        });
    };
    router_.handle(request, respond);
    co_await pending->arrival.async_wait(kAwait);
    if (!pending->response) {
        co_return error_response(503, "no_answer",
                                 "The centre did not tell the outcome in time; look before you "
                                 "repeat the command.");
    }
    co_return std::move(*pending->response);
}

asio::awaitable<bool> Server::write(Connection& stream,
                                    http::response<http::string_body>&& response) {
    const auto message = std::move(response);
    stream.tcp().expires_after(kWriteWithin);
    const auto [error, size] = co_await http::async_write(stream, message, kAwait);
    co_return !error;
}

// Closing with unread bytes would reset the connection and take our answer with it.
asio::awaitable<void> Server::drop_leftovers(Connection& stream) {
    stream.tcp().expires_after(kLeftoverWithin);
    if (Connection::Tls* tls = stream.tls()) {
        co_await tls->async_shutdown(kAwait);
    }
    beast::error_code ignored;
    stream.tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> dropped;
    std::size_t total = 0;
    while (total < kLeftoverMax) {
        const auto [error, size] =
            co_await stream.tcp().async_read_some(asio::buffer(dropped), kAwait);
        if (error) {
            co_return;
        }
        total += size;
    }
}

asio::awaitable<void> Server::keep_time() {
    asio::steady_timer timer(*io_);
    Time next_recheck = settings_.now() + kRecheck;
    while (true) {
        timer.expires_after(kTick);
        co_await timer.async_wait(kAwait);
        const Time now = settings_.now();
        live_.tick(now);
        if (guests_) {
            guests_->tick(now);
        }
        if (now >= next_recheck) {
            live_.close_where([this, now](const Identity& identity) {
                return !is_still_known(identity, people_, now);
            });
            look_at_certificate();
            next_recheck = now + kRecheck;
        }
    }
}

}  // namespace

Result<std::unique_ptr<ApiServer>, std::string> ApiServer::start(Settings settings,
                                                                 ports::Centre& centre) {
    const bool is_secure = settings.behind_proxy || settings.certificate.is_given();
    if (!settings.listen.address.is_loopback() && !is_secure) {
        return Unexpected("The API does not listen on " + settings.listen.to_string() +
                          ": it speaks plain HTTP, and passwords would be readable on the way. "
                          "Listen on 127.0.0.1, give a certificate and a key, or put a proxy with "
                          "TLS in front and set behind_proxy = true.");
    }
    if (!settings.now) {
        settings.now = system_time();
    }
    auto people = People::open(settings.people_path);
    if (!people) {
        return Unexpected(people.error());
    }
    auto fresh = people->ensure_people(settings.desk_agents, settings.now());
    if (!fresh) {
        return Unexpected(fresh.error());
    }
    auto shelf = open_shelf(settings.desk_path, settings.articles, settings.now());
    if (!shelf) {
        return Unexpected(shelf.error());
    }
    auto server = std::make_unique<Server>(std::move(settings), centre, std::move(*people),
                                           std::move(*fresh), std::move(*shelf));
    if (const auto taken = server->take_certificate(); !taken) {
        return Unexpected(taken.error());
    }
    if (const auto listening = server->listen(); !listening) {
        return Unexpected(listening.error());
    }
    server->run();
    return std::unique_ptr<ApiServer>(std::move(server));
}

}  // namespace lanze::api
