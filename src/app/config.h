// CentreConfig: everything the configuration file says, checked; or all that is wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/call_page.h"
#include "api/certificate.h"
#include "api/ice_servers.h"
#include "app/calendar.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "base/time.h"
#include "core/config.h"
#include "edge/settings.h"

namespace lanze::app {

// The limits of one centre. A file beyond one of them is refused with its name.
inline constexpr std::size_t kConfigBytesMax = 16U << 20U;
inline constexpr std::size_t kQueuesMax = 1'000;
inline constexpr std::size_t kAgentsMax = 20'000;
inline constexpr std::size_t kTrunksMax = 100;
inline constexpr std::size_t kDesksMax = 1'000;  // made at start; each password costs 40 ms
inline constexpr std::size_t kCallersMax = 100;
inline constexpr std::size_t kBuiltInAgentsMax = 100;
inline constexpr std::size_t kListenersMax = 16;
inline constexpr std::size_t kMediaAddressesMax = 64;
inline constexpr std::size_t kListMax = 1'000;    // numbers of a queue, networks of a trunk
inline constexpr std::size_t kSkillsMax = 64;     // of one queue or agent
inline constexpr std::size_t kPurposesMax = 100;  // queues whose purpose is to buy or to cancel
inline constexpr std::size_t kCalendarsMax = 50;
inline constexpr std::size_t kSpecialDaysMax = 200;  // of one calendar
inline constexpr int kCalendarYearMax = 2099;
inline constexpr std::size_t kNameBytesMax = 64;
inline constexpr std::size_t kTextBytesMax = 500;

// One address RTP is received on, and what SDP says instead of it (behind NAT).
struct MediaAddress {
    IpAddress bind;
    std::optional<IpAddress> advertise;
    friend bool operator==(const MediaAddress&, const MediaAddress&) = default;
};

struct MediaConfig {
    std::vector<MediaAddress> addresses;  // pairs of ports are taken in turn from each
    std::uint16_t port_first = 20'000;    // even
    std::uint16_t port_last = 29'999;     // odd, included
    std::string waiting_music;            // WAV file; "": the built-in music
    std::string closed_prompt;            // WAV file for callers of a closed queue; "": none
    std::string right_back_prompt;        // WAV file while an agent's page is away; "": a tone
    std::uint32_t workers = 1;
    Duration port_rest = seconds(10);         // until a freed pair of ports is used again
    std::vector<api::IceServer> ice_servers;  // for pages
};

struct HttpConfig {
    Endpoint listen;                      // port 0: any free one
    bool is_behind_proxy = false;         // a proxy speaks TLS for us
    api::CertificateFiles certificate;    // not given: plain HTTP
    std::vector<std::string> host_names;  // further names in Host
    std::string pages;                    // folder of the built page; "": where it is installed
};

// An OpenID provider that vouches for people; without an issuer there is none.
struct OidcConfig {
    std::string issuer;
    std::string id;
    std::string secret_path;  // "": PKCE alone
    std::string claim;
    std::string name;  // on the button
};

struct JournalConfig {
    std::string path;
    std::string keys_path;    // what encrypts personal data; never on the same backup
    std::string people_path;  // who may sign in: a SQLite file
};

// An agent whose phone is a part of this program: answers and says a sentence. The edge's phone for
// it is not in Settings::phones; it is added when its port is bound.
struct BuiltInAgent {
    std::string agent;
    std::string says;
    std::string language;    // a voice of espeak-ng: "de", "en"
    std::uint16_t port = 0;  // 0: any free one of 127.0.0.1
    friend bool operator==(const BuiltInAgent&, const BuiltInAgent&) = default;
};

// A caller who is a part of this program and rings now and then.
struct BuiltInCaller {
    std::string name;
    std::string number;            // a queue's
    Duration every = seconds(40);  // mean of the times between two calls
    Duration talk_for = seconds(20);
    Duration patience = seconds(60);
    std::string says;  // "": a tone
    std::string language;
    friend bool operator==(const BuiltInCaller&, const BuiltInCaller&) = default;
};

// What callers of a queue want, where the charter looks at it: cancelling is never slower than
// buying (the idea of § 312k BGB). Nothing for the core: the configuration is refused instead.
enum class QueuePurpose : std::uint8_t { any, buy, cancel };

// What agents' desks show beside the call.
struct DeskConfig {
    std::string screen_pop;  // a page of the customer system; "": none
    // As core.queues: nothing: the centre's; "": none.
    std::vector<std::optional<std::string>> queue_screen_pops;
    std::uint32_t remember_days = 90;  // how long a caller is known again; 0: never
    std::string path;                  // articles and thanks, a SQLite file
    // A folder of articles that the first start reads in; "": none. Only who serves or checks
    // looks into it.
    std::string articles;
    std::uint32_t articles_line = 0;
};

struct CentreConfig {
    std::string path;  // of the file
    std::string time_zone;
    core::Config core;
    std::vector<QueuePurpose> queue_purposes;  // as core.queues
    std::vector<Calendar> calendars;
    // As core.queues: which of `calendars`; nothing: the queue is always open.
    std::vector<std::optional<std::size_t>> queue_calendars;
    edge::Settings edge;
    MediaConfig media;
    HttpConfig http;
    OidcConfig oidc;
    api::CallPageSettings call_page;
    JournalConfig journal;
    DeskConfig desk;
    std::vector<std::string> desk_agents;  // who get a person (and a password) at start
    std::vector<BuiltInAgent> built_in_agents;
    std::vector<BuiltInCaller> built_in_callers;
};

// One thing that is wrong, for a person: where, what, and what to do. Line and column count from 1;
// 0 if the file as a whole is meant.
struct ConfigError {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string field;  // "queue[0].service_level.within"; lists count from 0
    std::string problem;
    std::string remedy;
    friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

// The one line of a file with a secret; "" if there is none, or more.
std::string read_secret(const std::string& path);

// hanse.toml:12:1: queue[1].answer: "at once" is not known; write "at_once" or "when_connected"
std::string to_string(const ConfigError& error);

// The one error of a file that is wrong as a whole.
std::vector<ConfigError> whole_file_error(const std::string& path, std::string problem,
                                          std::string remedy);

using ConfigResult = Result<CentreConfig, std::vector<ConfigError>>;

// Reads and checks the file. All errors are given, in the order of the file; a text that is not
// TOML gives one, since nothing after it can be trusted.
ConfigResult load_config(const std::string& path);

// The same for a text that stands (or would stand) in `path`; other files it names are looked for
// in that folder.
ConfigResult parse_config(std::string_view text, const std::string& path);

// Every field the parser knows, as in the documents: "queue[].service_level.within".
std::vector<std::string> known_config_fields();

}  // namespace lanze::app
