// The server with a certificate, asked over OpenSSL itself.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "api/fake_centre.h"
#include "api/server.h"
#include "api/test_certificate.h"

namespace lanze::api {
namespace {

int connect_to(std::uint16_t port) {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{5, 0};
    ::setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return file;
}

// One TLS connection; the certificate is the test's own, so nothing is verified but shown.
class Caller {
public:
    explicit Caller(std::uint16_t port, int version_max = TLS1_3_VERSION)
        : context_(SSL_CTX_new(TLS_client_method())), file_(connect_to(port)) {
        SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
        SSL_CTX_set_security_level(context_, 0);
        SSL_CTX_set_max_proto_version(context_, version_max);
        ssl_ = SSL_new(context_);
        SSL_set_fd(ssl_, file_);
        is_connected_ = SSL_connect(ssl_) == 1;
    }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;
    ~Caller() {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
        ::close(file_);
    }

    bool is_connected() const { return is_connected_; }
    std::string subject() const {
        X509* shown = SSL_get1_peer_certificate(ssl_);
        std::string name(64, '\0');
        const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName,
                                                   name.data(), static_cast<int>(name.size()));
        X509_free(shown);
        name.resize(static_cast<std::size_t>(std::max(size, 0)));
        return name;
    }
    void send(const std::string& text) const {
        SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    }
    // Until `mark` was read, or nothing more comes.
    std::string read_until(const std::string& mark) const {
        std::string got;
        char piece[4096];
        while (got.find(mark) == std::string::npos) {
            const int size = SSL_read(ssl_, piece, sizeof piece);
            if (size <= 0) {
                return got;
            }
            got.append(piece, static_cast<std::size_t>(size));
        }
        return got;
    }

private:
    SSL_CTX* context_;
    int file_;
    SSL* ssl_ = nullptr;
    bool is_connected_ = false;
};

class ServerTlsTest : public testing::Test {
protected:
    ServerTlsTest() {
        std::filesystem::create_directories(folder);
        settings.listen = {IpAddress::v4(127, 0, 0, 1), 0};
        settings.people_path = folder + "/people";
        settings.desk_agents = {"anna"};
        settings.certificate = make_certificate(folder, "first");
        settings.read_within = seconds(1);
        settings.tell_certificate = [this](bool is_taken, const std::string& sentence) {
            told.push_back((is_taken ? "taken: " : "refused: ") + sentence);
            ++tellings;
        };
    }
    ~ServerTlsTest() override {
        server.reset();
        std::filesystem::remove_all(folder);
    }
    void start() {
        auto started = ApiServer::start(settings, centre);
        ASSERT_TRUE(started) << started.error();
        server = std::move(*started);
        host = "127.0.0.1:" + std::to_string(server->port());
        centre.show(test_snapshot());
    }
    std::string ask(const Caller& caller, const std::string& line, const std::string& more = "") {
        caller.send(line + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: https://" + host + "\r\n" +
                    more + "\r\n");
        return caller.read_until("\r\n\r\n");
    }
    std::string ask_plain(const std::string& text) const {
        const int file = connect_to(server->port());
        EXPECT_GT(::send(file, text.data(), text.size(), 0), 0);
        std::string got;
        char piece[4096];
        for (ssize_t size = 1; size > 0;) {
            size = ::recv(file, piece, sizeof piece, 0);
            got.append(piece, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        }
        ::close(file);
        return got;
    }
    // Puts other files in place of those that are served.
    void replace_with(const CertificateFiles& files) const {
        namespace fs = std::filesystem;
        fs::copy_file(files.certificate, settings.certificate.certificate,
                      fs::copy_options::overwrite_existing);
        fs::copy_file(files.key, settings.certificate.key, fs::copy_options::overwrite_existing);
    }
    void renew_and_wait() {
        const int before = tellings;
        server->renew_certificate();
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (tellings == before && std::chrono::steady_clock::now() < until) {
            std::this_thread::yield();
        }
        ASSERT_EQ(tellings, before + 1);
    }
    std::string sign_in_cookie(const Caller& caller) {
        const std::string body =
            R"({"name":"anna","password":")" + server->new_people().at(1).password + "\"}";
        caller.send("POST /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nOrigin: https://" +
                    host + "\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
        const std::string answer = caller.read_until("}");
        const std::size_t at = answer.find("Set-Cookie: ");
        return at == std::string::npos ? answer
                                       : answer.substr(at + 12, answer.find("\r\n", at) - at - 12);
    }

    const std::string folder = (std::filesystem::temp_directory_path() /
                                ("lanze_tls_" + std::to_string(std::random_device{}())))
                                   .string();
    FakeCentre centre;
    Settings settings;
    std::vector<std::string> told;
    std::atomic<int> tellings = 0;
    std::unique_ptr<ApiServer> server;
    std::string host;
};

TEST_F(ServerTlsTest, SpeaksTls12And13AndNothingOlder) {
    start();
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        const Caller caller(server->port(), version);
        ASSERT_TRUE(caller.is_connected()) << version;
        const std::string answer = ask(caller, "GET /api/v1/health");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
        EXPECT_NE(answer.find("Strict-Transport-Security: max-age=31536000"), std::string::npos);
    }
    EXPECT_FALSE(Caller(server->port(), TLS1_1_VERSION).is_connected());
}

TEST_F(ServerTlsTest, CookiesAreSecureAndOriginsAreHttps) {
    start();
    const Caller caller(server->port());
    const std::string cookie = sign_in_cookie(caller);
    EXPECT_TRUE(cookie.ends_with("; Secure")) << cookie;
    const std::string session = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
    caller.send("DELETE /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
                "\r\n" + session + "\r\n");
    EXPECT_TRUE(caller.read_until("\r\n\r\n").starts_with("HTTP/1.1 403"));
}

TEST_F(ServerTlsTest, PlainHttpIsSentToHttps) {
    start();
    const std::string page = ask_plain("GET /desk?x=1 HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    EXPECT_TRUE(page.starts_with("HTTP/1.1 301")) << page;
    EXPECT_NE(page.find("Location: https://" + host + "/desk?x=1\r\n"), std::string::npos) << page;
    EXPECT_EQ(page.find("Strict-Transport-Security"), std::string::npos);
    const std::string elsewhere = ask_plain("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_TRUE(elsewhere.starts_with("HTTP/1.1 400")) << elsewhere;
    EXPECT_EQ(elsewhere.find("Location"), std::string::npos);
    const std::string post = ask_plain("POST /api/v1/session HTTP/1.1\r\nHost: " + host +
                                       "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(post.starts_with("HTTP/1.1 400")) << post;
    EXPECT_NE(post.find("https_only"), std::string::npos);
    EXPECT_EQ(ask_plain("\x01\x02 nonsense\r\n\r\n"), "");
}

TEST_F(ServerTlsTest, TellsItsProviderAndSaysWhenItIsNotThere) {
    settings.oidc = OidcSettings{"http://127.0.0.1:1", "lanze", "", "email", "Nordlicht"};
    start();
    const Caller caller(server->port());
    caller.send("GET /api/v1/session/ways HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    EXPECT_NE(caller.read_until("}").find(R"("provider":"Nordlicht")"), std::string::npos);
    const Caller other(server->port());
    const std::string sent = ask(other, "GET /api/v1/session/oidc");
    EXPECT_TRUE(sent.starts_with("HTTP/1.1 303")) << sent;
    EXPECT_NE(sent.find("Location: /#/sign-in/unreachable\r\n"), std::string::npos) << sent;
}

TEST_F(ServerTlsTest, WebSocketsWorkUnderTls) {
    start();
    const Caller caller(server->port());
    const std::string cookie = sign_in_cookie(caller);
    const Caller page(server->port());
    const std::string upgraded =
        ask(page, "GET /api/v1/live",
            "Cookie: " + cookie.substr(0, cookie.find(';')) +
                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    EXPECT_TRUE(upgraded.starts_with("HTTP/1.1 101")) << upgraded;
    const std::string mark = "\"type\":\"snapshot\"";
    const std::string rest = upgraded.find(mark) == std::string::npos ? page.read_until(mark) : "";
    EXPECT_NE((upgraded + rest).find(mark), std::string::npos) << rest;
}

TEST_F(ServerTlsTest, APageThatGoesDisturbsNobody) {
    start();
    const std::string cookie = sign_in_cookie(Caller(server->port()));
    for (int i = 0; i < 20; ++i) {
        {
            const Caller page(server->port());
            ask(page, "GET /api/v1/live",
                "Cookie: " + cookie.substr(0, cookie.find(';')) +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                    "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        }
        const Caller next(server->port());
        EXPECT_TRUE(ask(next, "GET /api/v1/health").starts_with("HTTP/1.1 200"));
    }
}

TEST_F(ServerTlsTest, ANewCertificateServesNewConnectionsAndOldOnesGoOn) {
    start();
    const Caller old(server->port());
    EXPECT_EQ(old.subject(), "first");
    replace_with(make_certificate(folder, "second"));
    renew_and_wait();
    EXPECT_TRUE(told.back().starts_with("taken: ")) << told.back();
    EXPECT_EQ(Caller(server->port()).subject(), "second");
    EXPECT_TRUE(ask(old, "GET /api/v1/health").starts_with("HTTP/1.1 200"));
    server->renew_certificate();  // the same files: nothing is told
    EXPECT_EQ(Caller(server->port()).subject(), "second");
    EXPECT_EQ(tellings, 1);
}

TEST_F(ServerTlsTest, ACertificateThatDoesNotServeIsRefusedAndTheOldOneStays) {
    start();
    CertificateFiles mixed = make_certificate(folder, "second");
    mixed.key = make_certificate(folder, "third").key;
    replace_with(mixed);
    renew_and_wait();
    EXPECT_EQ(told.back(), "refused: certificate refused: " + settings.certificate.key +
                               " does not fit the certificate; the former one stays in "
                               "use");
    replace_with(make_certificate(folder, "old", {-30, -1}));
    renew_and_wait();
    EXPECT_NE(told.back().find(" expired on 20"), std::string::npos) << told.back();
    std::ofstream(settings.certificate.certificate) << "broken";
    renew_and_wait();
    EXPECT_NE(told.back().find("has no certificate in PEM form"), std::string::npos);
    EXPECT_EQ(Caller(server->port()).subject(), "first");
}

TEST_F(ServerTlsTest, WithACertificateItListensEverywhere) {
    settings.listen = {IpAddress::v4(0, 0, 0, 0), 0};
    start();
    EXPECT_TRUE(Caller(server->port()).is_connected());
    settings.certificate = {};
    EXPECT_NE(ApiServer::start(settings, centre).error().find("give a certificate"),
              std::string::npos);
    settings.certificate = {folder + "/none.pem", folder + "/none.key"};
    EXPECT_EQ(ApiServer::start(settings, centre).error(), folder + "/none.pem cannot be read");
}

TEST_F(ServerTlsTest, SilentAndHalfHandshakesAreCutOff) {
    start();
    const int silent = connect_to(server->port());
    char piece[16];
    EXPECT_EQ(::recv(silent, piece, sizeof piece, 0), 0) << "closed after read_within";
    ::close(silent);
    // A record header that promises a ClientHello and brings none.
    const std::string half("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
    const int file = connect_to(server->port());
    EXPECT_EQ(::send(file, half.data(), half.size(), 0), 11);
    EXPECT_LE(::recv(file, piece, sizeof piece, 0), 7) << "an alert at most, then the end";
    ::close(file);
    EXPECT_TRUE(Caller(server->port()).is_connected());
}

}  // namespace
}  // namespace lanze::api
