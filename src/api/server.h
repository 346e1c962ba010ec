// ApiServer: HTTP and WebSocket for desks, wallboards and programs, on a thread of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/call_page.h"
#include "api/certificate.h"
#include "api/ice_servers.h"
#include "api/knowledge.h"
#include "api/oidc.h"
#include "api/people.h"
#include "api/records.h"
#include "api/reload.h"
#include "api/screen_pop.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "base/time.h"
#include "core/config.h"
#include "ports/centre.h"

namespace lanze::api {

struct Settings {
    Endpoint listen;                       // port 0: any free one, see ApiServer::port()
    bool behind_proxy = false;             // a proxy speaks TLS for us: cookies are Secure
    CertificateFiles certificate;          // not given: plain HTTP
    std::optional<OidcSettings> oidc;      // nothing: sign in by password only
    std::vector<std::string> host_names;   // further names in Host, e.g. "lanze.example.org"
    std::string centre_name;               // its words are no passwords
    std::string people_path;               // SQLite file, made if missing
    std::string page_directory;            // the built page (ui/dist); may be empty or missing
    std::vector<std::string> desk_agents;  // agents who get a person at start
    std::vector<IceServer> ice_servers;    // that pages are told of
    CallPageSettings call_page;            // callers from web pages
    Reload reload;                         // empty: the configuration cannot be read again
    ReadRecords read_records;              // empty: ended contacts are answered with 503
    ReadWhy read_why;                      // empty: likewise
    ReadMemory read_memory;                // empty: likewise
    std::uint32_t remember_days = 0;       // how long callers are known again
    ScreenPops screen_pops;                // pages of a customer system
    ReadHandler read_handler;              // empty: nobody can be thanked for an ended contact
    std::string desk_path;                 // articles and thanks, a SQLite file, made if missing
    std::vector<ArticleText> articles;     // read in if there never was one
    std::function<Time()> now;             // called on the web thread; empty: the system's clock
    // What became of a certificate that was read while running, as a sentence for the log; on the
    // web thread. May be empty.
    std::function<void(bool is_taken, const std::string& sentence)> tell_certificate;
    std::string version = "0.1.0";

    std::size_t connections_max = 1'000;   // one more gets 503
    Duration read_within = seconds(10);    // a whole request, once its first byte came
    Duration idle_max = seconds(60);       // between two requests of a connection
    Duration answer_within = seconds(15);  // a command whose outcome nobody tells: 503
};

// Listens from start() to stop(); the destructor stops too. `centre` must outlive it. What the
// centre calls back after stop() is dropped.
class ApiServer {
public:
    // Opens the people file, makes missing people and listens. The error is a sentence for the
    // operator. Refuses to listen outside loopback without a certificate unless behind_proxy:
    // passwords would be readable.
    static Result<std::unique_ptr<ApiServer>, std::string> start(Settings settings,
                                                                 ports::Centre& centre);

    virtual ~ApiServer() = default;

    virtual std::uint16_t port() const = 0;
    // People made by this start with their passwords, to be printed once.
    virtual const std::vector<NewPassword>& new_people() const = 0;
    // Reads the certificate's files again, from any thread, if they are others than before. What
    // is wrong with them is told, and the former certificate stays. Also done once a minute.
    virtual void renew_certificate() = 0;
    virtual void stop() = 0;
};

}  // namespace lanze::api
