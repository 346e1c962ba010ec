// The server as a whole on a loopback port, with a small HTTP and WebSocket speaker of the test.
#include "api/server.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <variant>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Answer = http::response<http::string_body>;
using Ask = http::request<http::string_body>;
using WebSocket = beast::websocket::stream<tcp::socket, false>;

class ServerTest : public testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() /
                 ("lanze_api_" + std::to_string(std::random_device{}()));
        std::filesystem::create_directories(folder / "dist" / "assets");
        write("dist/index.html", "<!doctype html><title>built</title>");
        write("dist/assets/app.js", "console.log(1)");
        write("secret.txt", "secret");
        settings.listen = {IpAddress::v4(127, 0, 0, 1), 0};
        settings.people_path = (folder / "people").string();
        settings.page_directory = (folder / "dist").string();
        settings.desk_agents = {"anna"};
        settings.connections_max = 8;
        settings.read_within = milliseconds(300);
    }
    void TearDown() override {
        server.reset();
        std::filesystem::remove_all(folder);
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name) << text;
    }
    void start() {
        auto started = ApiServer::start(settings, centre);
        ASSERT_TRUE(started) << started.error();
        server = std::move(*started);
        host = "127.0.0.1:" + std::to_string(server->port());
        centre.show(test_snapshot());
    }

    tcp::socket connect() {
        tcp::socket socket(io);
        socket.connect({asio::ip::make_address("127.0.0.1"), server->port()});
        return socket;
    }
    Ask ask(http::verb verb, const std::string& target, const std::string& body = "") const {
        Ask request{verb, target, 11};
        request.set("Host", host);
        request.set("Origin", "http://" + host);
        if (!cookie.empty()) {
            request.set("Cookie", cookie);
        }
        if (!body.empty()) {
            request.set("Content-Type", "application/json");
            request.body() = body;
        }
        request.prepare_payload();
        return request;
    }
    static Answer read_answer(tcp::socket& socket) {
        beast::flat_buffer buffer;
        Answer answer;
        beast::error_code error;
        http::read(socket, buffer, answer, error);
        return error ? Answer{} : answer;
    }
    Answer send(const Ask& request) {
        tcp::socket socket = connect();
        http::write(socket, request);
        return read_answer(socket);
    }
    Answer send_raw(const std::string& text) {
        tcp::socket socket = connect();
        asio::write(socket, asio::buffer(text));
        return read_answer(socket);
    }
    std::string password_of(const std::string& name) const {
        for (const NewPassword& person : server->new_people()) {
            if (person.name == name) {
                return person.password;
            }
        }
        return "";
    }
    Answer sign_in(const std::string& name, const std::string& password) {
        const Answer answer =
            send(ask(http::verb::post, "/api/v1/session",
                     R"({"name":")" + name + R"(","password":")" + password + "\"}"));
        const std::string set(answer["Set-Cookie"]);
        cookie = set.substr(0, set.find(';'));
        return answer;
    }
    // The WebSocket, or the status it was refused with.
    std::variant<WebSocket, unsigned> open_live(const std::string& origin,
                                                const std::string& path = "/api/v1/live") {
        WebSocket page(connect());
        page.set_option(beast::websocket::stream_base::decorator(
            [this, origin](beast::websocket::request_type& request) {
                request.set("Cookie", cookie);
                request.set("Origin", origin);
            }));
        page.read_message_max(std::size_t{64} << 20U);
        beast::websocket::response_type answer;
        beast::error_code error;
        page.handshake(answer, host, path, error);
        if (error) {
            return answer.result_int();
        }
        return page;
    }
    WebSocket open_own_live() { return std::get<WebSocket>(open_live("http://" + host)); }
    static std::string read(WebSocket& page) {
        beast::flat_buffer buffer;
        beast::error_code error;
        page.read(buffer, error);
        return error ? "closed " + std::to_string(page.reason().code)
                     : beast::buffers_to_string(buffer.data());
    }
    // Waits for what another thread does, with a deadline.
    template <typename Condition>
    static bool comes_true(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + seconds(20);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }

    std::filesystem::path folder;
    asio::io_context io;
    FakeCentre centre;
    Settings settings;
    std::unique_ptr<ApiServer> server;
    std::string host;
    std::string cookie;
};

TEST_F(ServerTest, ListensOnLoopbackOnlyWithoutAProxy) {
    settings.listen.address = IpAddress::v4(0, 0, 0, 0);
    const auto refused = ApiServer::start(settings, centre);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("behind_proxy = true"), std::string::npos);
}

TEST_F(ServerTest, AnAddressInUseIsToldPlainly) {
    start();
    Settings second = settings;
    second.listen.port = server->port();
    FakeCentre other;
    const auto refused = ApiServer::start(second, other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("cannot listen on " + host), std::string::npos);
}

TEST_F(ServerTest, SignsInWithACookieAndCommands) {
    start();
    EXPECT_EQ(send(ask(http::verb::get, "/api/v1/session")).result_int(), 401U);
    const Answer in = sign_in("anna", password_of("anna"));
    EXPECT_EQ(in.result_int(), 200U);
    EXPECT_NE(in["Set-Cookie"].find("HttpOnly; SameSite=Strict"), std::string::npos);
    EXPECT_EQ(in["Set-Cookie"].find("Secure"), std::string::npos);
    EXPECT_EQ(in["Cache-Control"], "no-store");
    EXPECT_TRUE(comes_true([this] {
        return send(ask(http::verb::get, "/api/v1/session")).body() ==
               R"({"name":"anna","roles":["agent"],"agent":1})";
    }));
    EXPECT_EQ(send(ask(http::verb::post, "/api/v1/desk/ready")).body(), R"({"sequence":42})");
    EXPECT_EQ(send(ask(http::verb::delete_, "/api/v1/session")).result_int(), 204U);
    EXPECT_EQ(send(ask(http::verb::get, "/api/v1/session")).result_int(), 401U);
}

TEST_F(ServerTest, ThePeopleFileIsForItsOwnerOnly) {
    start();
    const auto permissions = std::filesystem::status(settings.people_path).permissions();
    EXPECT_EQ(permissions & std::filesystem::perms::mask,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ServerTest, FailuresLockOut) {
    start();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(sign_in("anna", "wrong").result_int(), 401U);
    }
    const Answer locked = sign_in("anna", password_of("anna"));
    EXPECT_EQ(locked.result_int(), 429U);
    EXPECT_FALSE(locked["Retry-After"].empty());
}

// Some proxies add a header of their own behind the one that the client has made up.
TEST_F(ServerTest, BehindAProxyTheLastAddressOfTheLastHeaderCounts) {
    settings.behind_proxy = true;
    start();
    const auto fail_from = [&](int made_up) {
        Ask request = ask(http::verb::post, "/api/v1/session",
                          R"({"name":"nobody)" + std::to_string(made_up) + R"(","password":"x"})");
        request.set("Origin", "https://" + host);
        request.insert("X-Forwarded-For", "203.0.113." + std::to_string(made_up));
        request.insert("X-Forwarded-For", "198.51.100.1, 192.0.2.7");
        return send(request).result_int();
    };
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(fail_from(i), 401U) << i;
    }
    EXPECT_EQ(fail_from(99), 429U);
}

TEST_F(ServerTest, AConnectionServesManyRequests) {
    start();
    tcp::socket socket = connect();
    for (int i = 0; i < 3; ++i) {
        http::write(socket, ask(http::verb::get, "/api/v1/health"));
        EXPECT_EQ(read_answer(socket).result_int(), 200U);
    }
    http::write(socket, ask(http::verb::head, "/"));
    http::response_parser<http::empty_body> parser;
    parser.skip(true);
    beast::flat_buffer buffer;
    http::read(socket, buffer, parser);
    EXPECT_EQ(parser.get()["Content-Length"], "35");
}

TEST_F(ServerTest, FilesMayBeLongFromWhomTheyAreTaken) {
    start();
    Ask file = ask(http::verb::post, "/api/v1/desk/chats/7/files", std::string(200'000, 'x'));
    file.set("Content-Type", "application/octet-stream");
    EXPECT_EQ(send(file).result_int(), 413U) << "a stranger's is not read";
    EXPECT_EQ(sign_in("anna", password_of("anna")).result_int(), 200U);
    file.set("Cookie", cookie);
    const std::string judged = send(file).body();
    EXPECT_NE(judged.find("not_your_chat"), std::string::npos) << judged;
}

TEST_F(ServerTest, TooMuchIsRefused) {
    start();
    EXPECT_EQ(send(ask(http::verb::post, "/api/v1/session", std::string(65'537, 'x'))).result_int(),
              413U);
    EXPECT_EQ(send_raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nX: " + std::string(20'000, 'x') +
                       "\r\n\r\n")
                  .result_int(),
              400U);
    EXPECT_EQ(send_raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n: broken\r\n\r\n").result_int(),
              400U);
    EXPECT_EQ(send_raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n").result_int(), 400U);
    std::vector<tcp::socket> held;
    for (std::size_t i = 0; i < settings.connections_max; ++i) {
        held.push_back(connect());
        http::write(held.back(), ask(http::verb::get, "/api/v1/health"));
        EXPECT_EQ(read_answer(held.back()).result_int(), 200U) << i;
    }
    EXPECT_EQ(send(ask(http::verb::get, "/api/v1/health")).result_int(), 503U);
    held.clear();
    EXPECT_TRUE(comes_true(
        [this] { return send(ask(http::verb::get, "/api/v1/health")).result_int() == 200U; }));
}

TEST_F(ServerTest, WhoSendsTooSlowlyIsCutOff) {
    start();
    tcp::socket socket = connect();
    asio::write(socket, asio::buffer(std::string("GET / HTT")));
    std::array<char, 10> byte{};
    beast::error_code error;
    socket.read_some(asio::buffer(byte), error);
    EXPECT_EQ(error, asio::error::eof);
}

TEST_F(ServerTest, ASilentCentreIsAnsweredFor) {
    settings.answer_within = milliseconds(500);
    start();
    const auto token = People::open(settings.people_path)->add_token("crm", test_time());
    Ask command = ask(http::verb::post, "/api/v1/agents/1/ready");
    command.set("Authorization", "Bearer " + *token);
    EXPECT_TRUE(comes_true([&] { return send(command).result_int() == 200U; }));
    centre.answer_nothing();
    EXPECT_EQ(send(command).result_int(), 503U);
}

TEST_F(ServerTest, ServesThePageAndNothingElse) {
    start();
    const Answer page = send(ask(http::verb::get, "/"));
    EXPECT_EQ(page.body(), "<!doctype html><title>built</title>");
    EXPECT_EQ(page["Content-Type"], "text/html; charset=utf-8");
    EXPECT_EQ(page["Cache-Control"], "no-cache");
    EXPECT_TRUE(page["Content-Security-Policy"].starts_with("default-src 'self'"));
    Ask again = ask(http::verb::get, "/");
    again.set("If-None-Match", page["ETag"]);
    EXPECT_EQ(send(again).result_int(), 304U);
    const Answer script = send(ask(http::verb::get, "/assets/app.js"));
    EXPECT_EQ(script["Content-Type"], "text/javascript; charset=utf-8");
    EXPECT_EQ(script["Cache-Control"], "public, max-age=31536000, immutable");
    for (const char* target :
         {"/../secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt",
          "/..%2fsecret.txt", "/%2e%2e%5csecret.txt", "//secret.txt", "/secret.txt"}) {
        EXPECT_GE(send(ask(http::verb::get, target)).result_int(), 400U) << target;
    }
}

TEST_F(ServerTest, AWebSocketGetsTheSnapshotAndChanges) {
    start();
    sign_in("anna", password_of("anna"));
    WebSocket page = open_own_live();
    EXPECT_TRUE(read(page).starts_with(R"({"type":"snapshot","sequence":10)"));
    EXPECT_EQ(centre.commands(), (std::vector<core::Command>{core::OpenDesk{core::AgentId{1}}}));
    ports::View changes = test_changes();
    changes.agents = {agent_view(1, "anna", ports::AgentState::ready)};
    centre.show(changes);
    const std::string message = read(page);
    EXPECT_TRUE(message.starts_with(R"({"type":"changes","sequence":11)"));
    EXPECT_NE(message.find(R"("state":"ready")"), std::string::npos);
}

TEST_F(ServerTest, AWebSocketOfAnotherPageIsRefused) {
    start();
    sign_in("anna", password_of("anna"));
    EXPECT_EQ(std::get<unsigned>(open_live("http://evil.example")), 403U);
    EXPECT_EQ(std::get<unsigned>(open_live("null")), 403U);
    cookie.clear();
    EXPECT_EQ(std::get<unsigned>(open_live("http://" + host)), 401U);
    EXPECT_TRUE(centre.commands().empty());
}

TEST_F(ServerTest, AGuestCallsWithoutACookie) {
    write("dist/call.html", "<!doctype html><title>call</title>");
    settings.call_page.is_enabled = true;
    settings.call_page.concerns = {{"bank", "Konto", "Account"}};
    settings.call_page.frame_ancestors = {"https://www.example.org"};
    start();
    const Answer page = send(ask(http::verb::get, "/call"));
    EXPECT_EQ(page.body(), "<!doctype html><title>call</title>");
    EXPECT_NE(page["Content-Security-Policy"].find("frame-ancestors https://www.example.org;"),
              std::string_view::npos);
    EXPECT_EQ(page["Permissions-Policy"], "microphone=(self)");
    for (const char* other : {"/", "/desk", "/api/v1/call"}) {
        EXPECT_NE(send(ask(http::verb::get, other))["Content-Security-Policy"].find(
                      "frame-ancestors 'none';"),
                  std::string_view::npos);
    }
    const Answer begun =
        send(ask(http::verb::post, "/api/v1/call", R"({"queue":"bank","kind":"voice"})"));
    ASSERT_EQ(begun.result_int(), 201U) << begun.body();
    EXPECT_TRUE(begun["Set-Cookie"].empty());
    EXPECT_TRUE(begun["Access-Control-Allow-Origin"].empty());
    const std::string token = begun.body().substr(begun.body().find(":\"") + 2, 64);
    EXPECT_EQ(std::get<unsigned>(open_live("https://www.example.org", "/api/v1/call/live")), 403U);
    auto live = std::get<WebSocket>(open_live("http://" + host, "/api/v1/call/live"));
    live.write(asio::buffer(R"({"type":"hello","token":")" + token + "\"}"));
    EXPECT_TRUE(read(live).starts_with(R"({"type":"welcome")"));
    auto stranger = std::get<WebSocket>(open_live("http://" + host, "/api/v1/call/live"));
    stranger.write(asio::buffer(std::string(R"({"type":"hello","token":"x"})")));
    EXPECT_EQ(read(stranger), "closed 1008");
}

TEST_F(ServerTest, WithoutACallPageThereIsNone) {
    write("dist/call.html", "<!doctype html><title>call</title>");
    start();
    EXPECT_EQ(send(ask(http::verb::get, "/call")).result_int(), 404U);
    EXPECT_EQ(send(ask(http::verb::get, "/call.html")).result_int(), 404U);
    EXPECT_EQ(std::get<unsigned>(open_live("http://" + host, "/api/v1/call/live")), 404U);
}

TEST_F(ServerTest, ATooLongMessageClosesTheWebSocket) {
    start();
    sign_in("admin", password_of("admin"));
    WebSocket page = open_own_live();
    read(page);
    page.write(asio::buffer(std::string(65'536, 'x')));
    EXPECT_TRUE(read(page).starts_with(R"({"type":"refused")"));
    page.write(asio::buffer(std::string(65'537, 'x')));
    EXPECT_EQ(read(page), "closed 1009");
}

TEST_F(ServerTest, SigningOutClosesTheWebSocket) {
    start();
    sign_in("admin", password_of("admin"));
    WebSocket page = open_own_live();
    read(page);
    EXPECT_EQ(send(ask(http::verb::delete_, "/api/v1/session")).result_int(), 204U);
    EXPECT_EQ(read(page), "closed 1008");
}

TEST_F(ServerTest, ASlowReaderIsClosed) {
    start();
    sign_in("admin", password_of("admin"));
    WebSocket slow = open_own_live();
    // More than the kernel's buffers and the queue hold together.
    ports::View changes = test_changes();
    changes.contacts.assign(5'000, contact_view(6, ports::ContactState::waiting));
    for (int i = 0; i < 30; ++i) {
        ++changes.sequence;
        centre.show(changes);
    }
    std::string message = read(slow);
    int messages = 0;
    while (message.starts_with("{")) {
        ++messages;
        message = read(slow);
    }
    EXPECT_EQ(message, "closed 1013");
    EXPECT_LT(messages, 31);
}

TEST_F(ServerTest, StopsWithPagesOpenAndAnswersOutstanding) {
    start();
    sign_in("admin", password_of("admin"));
    WebSocket page = open_own_live();
    read(page);
    server->stop();
    centre.show(test_changes());
    EXPECT_FALSE(read(page).starts_with("{"));
}

TEST_F(ServerTest, PeopleStayOverARestart) {
    start();
    const std::string password = password_of("anna");
    server.reset();
    start();
    EXPECT_TRUE(server->new_people().empty());
    EXPECT_EQ(sign_in("anna", password).result_int(), 200U);
}

}  // namespace
}  // namespace lanze::api
