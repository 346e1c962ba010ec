#include "app/config.h"

#include <gtest/gtest.h>
#include <chrono>
#include <fstream>
#include <iterator>

#include "app/config_fixture.h"

namespace lanze::app {

namespace {

// A small centre in which nothing is wrong; the cases below change one thing each.
const std::string kFine = R"([centre]
name = "Hanse"
time_zone = "Europe/Berlin"
[sip]
listen = ["udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"]
[media]
address = "127.0.0.1"
ports = [20000, 29999]
[[trunk]]
name = "any"
from = ["127.0.0.0/8"]
[http]
listen = "127.0.0.1:8080"
[journal]
path = "hanse.db"
[[queue]]
name = "bank"
numbers = ["bank", "+4954112345"]
skills = { bank = 1 }
service_level = { share = 0.8, within = "20s", definition = "answered_within/offered", short_abandon = "5s" }
answer = "at_once"
[[agent]]
name = "anna"
skills = { bank = 3, mobile = 1 }
phone = "sip:anna@127.0.0.1:6001"
starts = "ready"
wrap_up = "20s"
present_for = "15s"
check_every = "30s"
[[agent]]
name = "ben"
skills = { bank = 1 }
phone = "registered"
password = "ben-on-trial"
)";

std::string changed(const std::string& from, const std::string& to) {
    return replaced(kFine, from, to);
}

CentreConfig read(const std::string& text) {
    const ConfigResult result = parse_config(text, "centre/hanse.toml");
    EXPECT_TRUE(result.has_value()) << to_string(result.error().at(0));
    return result ? *result : CentreConfig{};
}

struct WrongCase {
    std::string from;
    std::string to;
    std::string error;  // after "x.toml:"
};

void expect_errors(const std::vector<WrongCase>& cases) {
    for (const WrongCase& one : cases) {
        EXPECT_EQ(errors_of(changed(one.from, one.to)), "x.toml:" + one.error)
            << one.from << " -> " << one.to;
    }
}

}  // namespace

TEST(Config, reads_what_the_core_needs) {
    const core::Config core = read(kFine).core;
    EXPECT_EQ(core.name, "Hanse");
    ASSERT_EQ(core.queues.size(), 1U);
    const core::QueueConfig& queue = core.queues[0];
    EXPECT_EQ(queue.name, "bank");
    EXPECT_EQ(queue.needs, (std::vector<core::SkillLevel>{{"bank", 1}}));
    EXPECT_EQ(queue.service_level.share_permille, 800U);
    EXPECT_EQ(queue.service_level.within, seconds(20));
    EXPECT_EQ(queue.service_level.definition,
              core::ServiceLevelDefinition::answered_within_per_offered);
    EXPECT_EQ(queue.service_level.short_abandon, seconds(5));
    ASSERT_EQ(core.agents.size(), 2U);
    EXPECT_EQ(core.agents[0].skills, (std::vector<core::SkillLevel>{{"bank", 3}, {"mobile", 1}}));
    EXPECT_EQ(core.agents[0].wrap_up, seconds(20));
    EXPECT_EQ(core.agents[0].present_for, seconds(15));
    EXPECT_TRUE(core.agents[0].starts_ready);
    EXPECT_FALSE(core.agents[1].starts_ready);
}

TEST(Config, reads_what_the_edge_needs) {
    const edge::Settings edge = read(kFine).edge;
    ASSERT_EQ(edge.listeners.size(), 2U);
    EXPECT_EQ(edge.listeners[1].transport, sip::Transport::tcp);
    EXPECT_EQ(edge.listeners[1].bound, Endpoint::parse("127.0.0.1:5060"));
    ASSERT_EQ(edge.queues.size(), 1U);
    EXPECT_EQ(edge.queues[0].numbers, (std::vector<std::string>{"bank", "+4954112345"}));
    ASSERT_EQ(edge.phones.size(), 2U);
    EXPECT_EQ(edge.phones[0].address->to_string(), "sip:anna@127.0.0.1:6001");
    EXPECT_EQ(edge.phones[0].check_every, seconds(30));
    EXPECT_FALSE(edge.phones[1].address.has_value());
    EXPECT_EQ(edge.phones[1].password, "ben-on-trial");
    ASSERT_EQ(edge.trunks.size(), 1U);
    EXPECT_EQ(edge.trunks[0].from[0].to_string(), "127.0.0.0/8");
}

TEST(Config, looks_for_files_in_its_own_folder) {
    const CentreConfig config = read(kFine);
    EXPECT_EQ(config.path, "centre/hanse.toml");
    EXPECT_EQ(config.journal.path, "centre/hanse.db");
    EXPECT_EQ(config.journal.keys_path, "centre/hanse.keys");
    EXPECT_EQ(config.journal.people_path, "centre/hanse.people.db");
    EXPECT_EQ(read(changed("hanse.db\"", "/var/x.db\"")).journal.keys_path, "/var/x.keys");
}

TEST(Config, has_defaults_for_whole_sections) {
    const CentreConfig config = read(R"(
centre.name = "x"
[[queue]]
name = "a"
numbers = "a"
[[agent]]
name = "b"
built_in = true
)");
    EXPECT_EQ(config.time_zone, "UTC");
    EXPECT_EQ(config.edge.listeners.size(), 2U);
    EXPECT_EQ(config.http.listen.to_string(), "127.0.0.1:8080");
    EXPECT_EQ(config.media.addresses.size(), 1U);
    EXPECT_EQ(config.media.port_last, 29'999);
    EXPECT_TRUE(config.edge.web_opus);
    EXPECT_EQ(config.journal.path, "centre/lanze.db");
    EXPECT_EQ(config.core.queues[0].service_level, core::ServiceLevel{});
}

TEST(Config, knows_which_phones_must_first_be_seen) {
    struct Case {
        std::string from;
        std::string to;
        bool starts_reachable;
        bool has_desk;
    };
    const std::vector<Case> cases{
        {"name = \"anna\"", "name = \"anna\"", false, false},
        {"check_every = \"30s\"", "check_every = \"0s\"", true, false},
        {"starts = \"ready\"\n", "", false, true},
        {"starts = \"ready\"\n", "desk = true\n", false, true},
        {"phone = \"sip:anna@127.0.0.1:6001\"", "phone = \"registered\"\npassword = \"x\"", false,
         false},
        {"phone = \"sip:anna@127.0.0.1:6001\"\nstarts = \"ready\"\nwrap_up = \"20s\"\n"
         "present_for = \"15s\"\ncheck_every = \"30s\"",
         "phone = \"browser\"\nstarts = \"ready\"", false, false},
    };
    for (const Case& one : cases) {
        const CentreConfig config = read(changed(one.from, one.to));
        EXPECT_EQ(config.core.agents.at(0).starts_reachable, one.starts_reachable) << one.to;
        EXPECT_EQ(config.desk_agents.at(0) == "anna", one.has_desk) << one.to;
    }
    const CentreConfig registered = read(changed("password = \"ben",
                                                 "check_every = \"0s\"\n"
                                                 "password = \"ben"));
    EXPECT_FALSE(registered.core.agents.at(1).starts_reachable);
}

TEST(Config, builds_phones_in) {
    const CentreConfig config = read(changed("phone = \"registered\"\npassword = \"ben-on-trial\"",
                                             "built_in = true\nsays = \"Moin\"\nlanguage = "
                                             "\"de\"\nstand_in = true"));
    ASSERT_EQ(config.built_in_agents.size(), 1U);
    EXPECT_EQ(config.built_in_agents[0].agent, "ben");
    EXPECT_EQ(config.built_in_agents[0].says, "Moin");
    EXPECT_EQ(config.edge.phones.size(), 1U);
    EXPECT_TRUE(config.core.agents[1].is_stand_in);
    EXPECT_TRUE(config.core.agents[1].starts_ready);
    EXPECT_TRUE(config.core.agents[1].starts_reachable);
}

TEST(Config, makes_many_agents_of_a_pattern) {
    const CentreConfig config = read(kFine + R"([[agents]]
count = 2800
name = "load-{}"
phone = "sip:l{}@127.0.0.1:6001"
skills = { bank = 1 }
starts = "ready"
check_every = "0s"
)");
    ASSERT_EQ(config.core.agents.size(), 2'802U);
    EXPECT_EQ(config.core.agents[2].name, "load-1");
    EXPECT_EQ(config.core.agents.back().name, "load-2800");
    EXPECT_EQ(config.edge.phones.back().address->user, "l2800");
    EXPECT_TRUE(config.core.agents.back().starts_reachable);
    EXPECT_EQ(config.desk_agents, std::vector<std::string>{"ben"});
}

TEST(Config, advertises_other_addresses) {
    const CentreConfig config =
        read(changed("address = \"127.0.0.1\"",
                     "address = [\"127.0.0.1\", \"127.0.0.2\"]\nadvertise = [\"203.0.113.5\", "
                     "\"203.0.113.6\"]"));
    ASSERT_EQ(config.media.addresses.size(), 2U);
    EXPECT_EQ(config.media.addresses[1].bind, IpAddress::v4(127, 0, 0, 2));
    EXPECT_EQ(config.media.addresses[1].advertise, IpAddress::v4(203, 0, 113, 6));
}

TEST(Config, registers_at_a_provider) {
    const CentreConfig config = read(
        changed("from = [\"127.0.0.0/8\"]",
                "register = { registrar = \"sip.example.org\", transport = \"tcp\", username = "
                "\"u\", password = \"p\", expires = \"10m\" }\ntrusts_identity = true"));
    const edge::Trunk& trunk = config.edge.trunks.at(0);
    ASSERT_TRUE(trunk.account.has_value());
    EXPECT_EQ(trunk.account->registrar, "sip.example.org");
    EXPECT_EQ(trunk.account->transport, sip::Transport::tcp);
    EXPECT_EQ(trunk.account->expires, minutes(10));
    EXPECT_TRUE(trunk.trusts_identity);
}

TEST(Config, a_registrar_is_a_host_with_or_without_port) {
    const auto with = [](const std::string& registrar) {
        return changed("from = [\"127.0.0.0/8\"]", "register = { registrar = \"" + registrar +
                                                       "\", username = \"u\", password = \"p\" }");
    };
    for (const char* good :
         {"sip.example.org", "sip.example.org:5070", "192.0.2.7", "192.0.2.7:5060", "2001:db8::1",
          "[2001:db8::1]", "[2001:db8::1]:5060"}) {
        EXPECT_EQ(errors_of(with(good)), "") << good;
    }
    for (const char* bad : {"sip:example.org", "example.org:0", "example.org:70000", "example.org:",
                            ":5060", "a:b:c", "[2001:db8::1", "[2001:db8::1]:0", "a b", "u@host"}) {
        EXPECT_NE(errors_of(with(bad)).find("is no host"), std::string::npos) << bad;
    }
}

TEST(ConfigErrors, of_the_centre_and_its_connections) {
    expect_errors({
        {"name = \"Hanse\"\n", "", R"(1:2: centre.name: is missing; add name = "...")"},
        {"name = \"Hanse\"", "name = 3",
         R"(2:1: centre.name: is not a text; write it in quotes: name = "...")"},
        {"Berlin", "Berln",
         R"(3:1: centre.time_zone: "Europe/Berln" is no time zone of this machine; did you mean "Europe/Berlin"?)"},
        {"Europe/Berlin", "../../etc/passwd",
         R"(3:1: centre.time_zone: "../../etc/passwd" is no name of a time zone; write one such as "Europe/Berlin")"},
        {"time_zone", "timezone",
         R"(3:1: centre.timezone: is not known; did you mean "time_zone"?)"},
        {"udp://127.0.0.1", "tls://127.0.0.1",
         R"(5:11: sip.listen[0]: "tls://127.0.0.1:5060" is no address to listen on; write "udp://127.0.0.1:5060" or "tcp://127.0.0.1:5060", with an IP address and a port from 1 to 65535)"},
        {"tcp://127.0.0.1", "udp://127.0.0.1",
         R"(5:35: sip.listen[1]: "udp://127.0.0.1:5060" stands there twice; take one of them out)"},
        {"udp://127.0.0.1", "udp://0.0.0.0",
         R"(5:1: sip.listen: stands for every address, and phones need one; add advertise = "..." with the address that phones can reach)"},
        {"listen = [", "advertise = \"example.org\"\nlisten = [",
         R"(5:1: sip.advertise: "example.org" is no IP address that others can reach; write one such as "203.0.113.5"; names are not looked up)"},
        {"listen = [", "session_interval = \"30s\"\nlisten = [",
         R"(5:1: sip.session_interval: "30s" is out of range; write a duration from "90s" to "24h")"},
        {"listen = [", "calls_max = 0\nlisten = [",
         R"(5:1: sip.calls_max: 0 is out of range; write a number from 1 to 1000000)"},
        {"[\"127.0.0.0/8\"]", "[\"127.0.0.0/33\"]",
         R"(11:9: trunk[0].from[0]: "127.0.0.0/33" is no range of addresses; write one such as "192.0.2.0/24" or "192.0.2.7"; names are not looked up)"},
        {"from = [\"127.0.0.0/8\"]\n", "",
         R"(9:1: trunk[0].from: is missing, and so nobody could come in; add from = ["192.0.2.0/24"], credentials = { ... } or register = { ... })"},
        {"[[trunk]]", "[trunk]",
         R"(9:2: trunk: stands there once, without its double brackets; write [[trunk]] before each)"},
        {"127.0.0.1:8080", "127.0.0.1",
         R"(13:1: http.listen: "127.0.0.1" is no address to listen on; write an IP address and a port, such as "127.0.0.1:8080")"},
        {"127.0.0.1:8080", "192.0.2.1:80",
         R"(13:1: http.listen: "192.0.2.1:80" can be reached from outside without TLS, so passwords could be read on the way; listen on 127.0.0.1, name a certificate and its key, or put a proxy that speaks TLS in front and add behind_proxy = true)"},
        {"[journal]", "certificate = \"/none.pem\"\n[journal]",
         R"(14:1: http.certificate: stands alone; name both files: certificate and key)"},
        {"[journal]", "key = \"/none.key\"\n[journal]",
         R"(14:1: http.key: stands alone; name both files: certificate and key)"},
        {"[journal]", "certificate = \"/none.pem\"\nkey = \"/none.key\"\n[journal]",
         R"(14:1: http.certificate: /none.pem cannot be read; give the PEM files of a certificate with its chain, and of its key without a password)"},
        {"[journal]", "[oidc]\nissuer = \"http://id.example\"\nclient_id = \"lanze\"\n[journal]",
         R"(15:1: oidc.issuer: "http://id.example" is no https address; write it as the provider does, such as "https://id.example.org")"},
        {"[journal]",
         "[oidc]\nissuer = \"https://id.example\"\nclient_id = \"lanze\"\nclient_secret_file = "
         "\"/none\"\n[journal]",
         R"(17:1: oidc.client_secret_file: /none holds no secret; write the secret that the provider gave into it, on one line)"},
        {"127.0.0.1:8080", "127.0.0.1:5060",
         R"(13:1: http.listen: is the same address and port as sip.listen in line 5; choose another port)"},
        {"path = \"hanse.db\"", "path = \"hanse.keys\"",
         R"(15:1: journal.path: is the same file as keys or people; give each of the three a name of its own)"},
    });
}

TEST(ConfigErrors, of_the_media) {
    expect_errors({
        {"address = \"127.0.0.1\"", "address = \"localhost\"",
         R"(7:1: media.address: "localhost" is no IP address; write one such as "127.0.0.1"; names are not looked up)"},
        {"address = \"127.0.0.1\"", "address = [\"127.0.0.1\", 4]",
         R"(7:25: media.address[1]: is not a text; write it in quotes)"},
        {"address = \"127.0.0.1\"", "advertise = [\"192.0.2.1\", \"192.0.2.2\"]",
         R"(7:1: media.advertise: does not have one entry for each entry of address; write 1, in the same order)"},
        {"[20000, 29999]", "20000",
         R"(8:1: media.ports: is no range of ports; write the first and the last, such as [20000, 29999], from 1024 to 65535)"},
        {"[20000, 29999]", "[29999, 20000]",
         R"(8:1: media.ports: is no range of ports; write the first and the last, such as [20000, 29999], from 1024 to 65535)"},
        {"[20000, 29999]", "[20001, 29999]",
         R"(8:1: media.ports: does not hold whole pairs; begin with an even port (RTP) and end with an odd one (RTCP))"},
        {"[20000, 29999]", "[5000, 5999]",
         R"(8:1: media.ports: holds port 5060 of sip.listen in line 5; choose a range without it)"},
        {"ports =", "waiting_music = \"no.wav\"\nports =",
         R"(8:1: media.waiting_music: "no.wav" is not there; write the path of a WAV file, from the folder of this file on)"},
        {"ports =", "opus = 1\nports =",
         R"(8:1: media.opus: is neither true nor false; write true or false, without quotes)"},
        {"ports =", "silence_max = 60\nports =",
         R"(8:1: media.silence_max: it is not a duration; write a whole number and its unit in quotes: "500ms", "20s", "2m" or "1h")"},
    });
}

TEST(ConfigErrors, of_queues) {
    expect_errors({
        {"\"at_once\"", "\"at once\"",
         R"(21:1: queue[0].answer: "at once" is not known; write "at_once" or "when_connected")"},
        {"share = 0.8", "share = 80",
         R"(20:19: queue[0].service_level.share: is not a share above 0 and up to 1; write 0.8 for 80 %)"},
        {"within = \"20s\"", "within = \"20\"",
         R"(20:32: queue[0].service_level.within: "20" is not a duration; write a whole number and its unit in quotes: "500ms", "20s", "2m" or "1h")"},
        {"answered_within/offered", "80/20",
         R"(20:48: queue[0].service_level.definition: "80/20" is not known; write "answered_within/offered_less_short", "answered_within/offered", "answered_within/answered" or "answered_or_abandoned_within/offered")"},
        {"short_abandon", "short_abandons",
         R"(20:88: queue[0].service_level.short_abandons: is not known; did you mean "short_abandon"?)"},
        {"\"+4954112345\"", "\"+49 541\"",
         R"(18:20: queue[0].numbers[1]: "+49 541" cannot be dialled; write a number such as "+4954112345" or a name such as "bank", without spaces)"},
        {"\"+4954112345\"", "\"bank\"",
         R"(18:20: queue[0].numbers[1]: "bank" is already taken in line 18; choose another one here or there)"},
        {"numbers = [\"bank\", \"+4954112345\"]\n", "",
         R"(16:1: queue[0].numbers: is missing, and so nobody could reach the queue; add numbers = ["+4954112345"])"},
        {"skills = { bank = 1 }", "skills = { bank = 4, gold = 1 }",
         R"(19:1: queue[0].skills: no agent has all of { bank = 4, gold = 1 }; give them to an agent, or lower what the queue needs)"},
        {"skills = { bank = 1 }", "skills = { bank = 0 }",
         R"(19:12: queue[0].skills.bank: 0 is out of range; write a level from 1 to 99)"},
        {"skills = { bank = 1 }", "skills = \"bank\"",
         R"(19:1: queue[0].skills: is not a table of names and numbers; write skills = { name = 1, other = 2 })"},
        {"[[agent]]", "[[queue]]\nname = \"bank\"\nnumbers = [\"x\"]\n[[agent]]",
         R"(23:1: queue[1].name: "bank" is already taken in line 17; choose another one here or there)"},
    });
}

TEST(ConfigErrors, of_agents) {
    expect_errors({
        {"name = \"anna\"", "name = \"anna b\"",
         R"(23:1: agent[0].name: "anna b" holds more than letters, digits, '.', '_' and '-'; use those alone: the name becomes part of SIP addresses)"},
        {"name = \"ben\"", "name = \"anna\"",
         R"(31:1: agent[1].name: "anna" is already taken in line 23; choose another one here or there)"},
        {"sip:anna@127.0.0.1:6001", "sip:anna@phone.example:6001",
         R"(25:1: agent[0].phone: "sip:anna@phone.example:6001" is no phone's address; write "sip:NAME@ADDRESS:PORT" with an IP address, "registered" or "browser")"},
        {"phone = \"sip:anna@127.0.0.1:6001\"\n", "",
         R"(22:1: agent[0].phone: is missing; add phone = "browser", phone = "registered" or phone = "sip:NAME@ADDRESS:PORT")"},
        {"starts = \"ready\"", "starts = true",
         R"(26:1: agent[0].starts: is not a text; write "ready" or "not_ready")"},
        {"wrap_up", "wrapup", R"(27:1: agent[0].wrapup: is not known; did you mean "wrap_up"?)"},
        {"present_for = \"15s\"", "present_for = \"15min\"",
         R"(28:1: agent[0].present_for: "15min" is not a duration; write a whole number and its unit in quotes: "500ms", "20s", "2m" or "1h")"},
        {"check_every = \"30s\"", "check_every = \"1s\"",
         R"(29:1: agent[0].check_every: is too often; write "0s" for never, or "5s" and more)"},
        {"password = \"ben-on-trial\"\n", "",
         R"(30:1: agent[1].password: is missing, and the phone signs in with it; add password = "...")"},
        {"starts = \"ready\"", "password = \"x\"",
         R"(26:1: agent[0].password: has no use: only a registered phone signs in; take it out, or write phone = "registered")"},
        {"phone = \"registered\"\npassword = \"ben-on-trial\"", "phone = \"x\"\nbuilt_in = true",
         R"(33:1: agent[1].phone: contradicts built_in = true; take one of the two out)"},
        {"phone = \"sip:anna@127.0.0.1:6001\"", "built_in = true",
         R"(29:1: agent[0].check_every: has no use: only SIP phones outside are asked; take it out)"},
        {"starts = \"ready\"", "says = \"x\"",
         R"(26:1: agent[0].says: has no use: only a phone that is built in has it; take it out, or write built_in = true instead of phone)"},
    });
}

TEST(ConfigErrors, of_patterns_and_callers) {
    const std::string pattern = "[[agents]]\nname = \"load-{}\"\nphone = \"sip:l{}@127.0.0.1:1\"\n";
    EXPECT_EQ(errors_of(kFine + pattern),
              "x.toml:35:1: agents[0].count: is missing; add count = 100, or write "
              "[[agent]] for one");
    EXPECT_EQ(errors_of(kFine + pattern + "count = 30000\n"),
              "x.toml:38:1: agents[0].count: 30000 is out of range; write a number from "
              "1 to 20000");
    EXPECT_EQ(errors_of(kFine + pattern + "count = 19999\n"),
              "x.toml:38:1: agents[0].count: goes beyond the limit; let there be at "
              "most 20000 agents in all");
    EXPECT_EQ(errors_of(kFine + "[[agents]]\ncount = 2\nname = \"load\"\nphone = "
                                "\"sip:l{}@127.0.0.1:1\"\n"),
              "x.toml:37:1: agents[0].name: \"load\" is no pattern for names; write "
              "letters, digits, '.', '_', '-' and \"{}\" where the number goes");
    EXPECT_EQ(errors_of(kFine + "[[caller]]\nname = \"lena\"\nnumber = \"bnk\"\n"),
              "x.toml:37:1: caller[0].number: \"bnk\" is the number of no queue; did "
              "you mean \"bank\"?");
}

TEST(ConfigErrors, are_all_given_in_the_order_of_the_file) {
    std::string text = changed("\"at_once\"", "\"at once\"");
    text.replace(text.find("wrap_up"), 7, "wrapup");
    text.replace(text.find("Berlin"), 6, "Berln");
    EXPECT_EQ(
        errors_of(text),
        R"(x.toml:3:1: centre.time_zone: "Europe/Berln" is no time zone of this machine; did you mean "Europe/Berlin"?
x.toml:21:1: queue[0].answer: "at once" is not known; write "at_once" or "when_connected"
x.toml:27:1: agent[0].wrapup: is not known; did you mean "wrap_up"?)");
}

TEST(ConfigErrors, of_the_text_as_a_whole) {
    // The library's own assertions once ended the program here.
    for (const char* text : {"[?]", "[[\tx", "[[", "[", "\"", "a.", "a = [", "a = {", "=", "\xff",
                             "ä", "a =ä", "a ä"}) {
        EXPECT_EQ(errors_of(text).substr(0, 8), "x.toml:1") << text;
    }
    // The library quotes the line break it did not expect.
    EXPECT_EQ(errors_of("name =i\n").find('\n'), std::string::npos);
    EXPECT_EQ(errors_of("[centre\n").substr(0, 34), "x.toml:1:8: is not TOML here: Erro");
    EXPECT_EQ(errors_of(""),
              "x.toml:1:1: centre.name: is missing; add name = \"...\"\n"
              "x.toml:1:1: queue: is missing: there is nothing callers could wait in; "
              "add [[queue]] with name, numbers and skills");
    EXPECT_EQ(errors_of(std::string(kConfigBytesMax + 1, '\n')),
              "x.toml: is larger than 16 MiB; describe many alike by [[agents]]");
    const ConfigResult missing = load_config("no/such.toml");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(to_string(missing.error().at(0)),
              "no/such.toml: cannot be read; check that it is there and that you may read it");
}

TEST(Config, reads_a_large_centre_quickly) {
    std::string text = kFine;
    for (int i = 0; i < 10'000; ++i) {
        const std::string name = "agent-" + std::to_string(i);
        text += "[[agent]]\nname = \"" + name + "\"\nskills = { bank = 1, mobile = 2 }\n" +
                "phone = \"sip:" + name + "@127.0.0.1:6001\"\nstarts = \"ready\"\n";
    }
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(read(text).core.agents.size(), 10'002U);
    // Far from the limit; sanitizers on a busy machine cost a factor of ten and more.
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(20));
}

TEST(Config, reads_the_example) {
    const ConfigResult result = load_config("examples/hanse/lanze.toml");
    ASSERT_TRUE(result.has_value()) << to_string(result.error().at(0));
    EXPECT_EQ(result->core.queues.size(), 4U);
    EXPECT_EQ(result->core.agents.size(), 8U);
    EXPECT_EQ(result->desk_agents, (std::vector<std::string>{"anna", "ben"}));
    EXPECT_EQ(result->built_in_agents.size(), 6U);
    EXPECT_EQ(result->built_in_callers.size(), 3U);
}

TEST(Config, has_every_field_in_its_document) {
    std::ifstream file("docs/configuration.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    for (const std::string& field : known_config_fields()) {
        EXPECT_NE(document.find("`" + field + "`"), std::string::npos)
            << field << " is missing in docs/configuration.md";
    }
}

}  // namespace lanze::app
