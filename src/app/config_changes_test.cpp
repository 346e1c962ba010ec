#include "app/config_changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/config_fixture.h"

namespace lanze::app {
namespace {

const std::string kFile = R"([centre]
name = "Hanse"
time_zone = "UTC"
contacts_max = 1000
[sip]
listen = ["udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"]
calls_max = 500
[media]
address = "127.0.0.1"
ports = [20000, 29999]
workers = 1
silence_max = "60s"
[http]
listen = "127.0.0.1:8080"
[journal]
path = "hanse.db"
[routing]
seed = 1
[charter]
starvation = 5
[[trunk]]
name = "here"
from = ["127.0.0.0/8"]
[[trunk]]
name = "city"
register = { registrar = "sip.example.org", username = "100", password = "first" }
[[hours]]
name = "office"
week = { mon-fri = "08:00-18:00" }
[[queue]]
name = "bank"
numbers = ["bank"]
hours = "office"
[[queue]]
name = "travel"
numbers = ["travel"]
[[agent]]
name = "anna"
phone = "registered"
password = "anna-on-trial"
[[agent]]
name = "robot"
built_in = true
says = "Hello"
[[caller]]
name = "lena"
number = "bank"
)";

CentreConfig read(const std::string& text) {
    auto config = parse_config(text, "x.toml");
    EXPECT_TRUE(config) << errors_of(text);
    return config ? std::move(*config) : CentreConfig{};
}

CentreConfig with(const std::string& from, const std::string& to) {
    return read(replaced(kFile, from, to));
}

struct RestartCase {
    std::string from;
    std::string to;
    RestartField wanted;
};

TEST(ConfigChanges, needs_a_restart_for_what_is_bound_at_start) {
    const RestartCase cases[] = {
        {"\"UTC\"", "\"Europe/Berlin\"", {"centre.time_zone", "\"UTC\"", "\"Europe/Berlin\""}},
        {", \"tcp://127.0.0.1:5060\"]",
         "]",
         {"sip.listen", R"(["udp://127.0.0.1:5060", "tcp://127.0.0.1:5060"])",
          R"(["udp://127.0.0.1:5060"])"}},
        {"calls_max",
         "advertise = \"192.0.2.1\"\ncalls_max",
         {"sip.advertise", "nothing", "\"192.0.2.1\""}},
        {"calls_max", "realm = \"hanse\"\ncalls_max", {"sip.realm", "\"lanze\"", "\"hanse\""}},
        {"address = \"127.0.0.1\"",
         "address = [\"127.0.0.1\", \"127.0.0.2\"]",
         {"media.address", R"(["127.0.0.1"])", R"(["127.0.0.1", "127.0.0.2"])"}},
        {"ports =",
         "advertise = \"192.0.2.1\"\nports =",
         {"media.advertise", "[]", R"(["192.0.2.1"])"}},
        {"29999]", "28999]", {"media.ports", "[20000, 29999]", "[20000, 28999]"}},
        {"workers = 1", "workers = 2", {"media.workers", "1", "2"}},
        {"workers", "port_rest = \"5s\"\nworkers", {"media.port_rest", "\"10s\"", "\"5s\""}},
        {"workers",
         "waiting_music = \"/proc/version\"\nworkers",
         {"media.waiting_music", "\"\"", "\"/proc/version\""}},
        {"workers",
         "closed_prompt = \"/proc/version\"\nworkers",
         {"media.closed_prompt", "\"\"", "\"/proc/version\""}},
        {"workers",
         "right_back_prompt = \"/proc/version\"\nworkers",
         {"media.right_back_prompt", "\"\"", "\"/proc/version\""}},
        {"127.0.0.1:8080",
         "127.0.0.1:8081",
         {"http.listen", "\"127.0.0.1:8080\"", "\"127.0.0.1:8081\""}},
        {"[journal]", "behind_proxy = true\n[journal]", {"http.behind_proxy", "false", "true"}},
        {"[journal]",
         "host_names = [\"desk.example.org\"]\n[journal]",
         {"http.host_names", "[]", R"(["desk.example.org"])"}},
        {"[journal]", "pages = \"/srv/page\"\n[journal]", {"http.pages", "\"\"", "\"/srv/page\""}},
        {"[routing]",
         "keys = \"other.keys\"\n[routing]",
         {"journal.keys", "\"hanse.keys\"", "\"other.keys\""}},
        {"[routing]",
         "people = \"other.db\"\n[routing]",
         {"journal.people", "\"hanse.people.db\"", "\"other.db\""}},
        {"sip.example.org",
         "sip.example.com",
         {"trunk[].register", "[city at sip.example.org]", "[city at sip.example.com]"}},
        {"\"first\"",
         "\"second\"",
         {"trunk[].register", "[city at sip.example.org]",
          "[city at sip.example.org] with other settings"}},
        {"\"Hello\"", "\"Moin\"", {"agent[].built_in", "[robot]", "[robot] with other settings"}},
        {"name = \"lena\"", "name = \"paul\"", {"caller", "[lena]", "[paul]"}},
    };
    const CentreConfig before = read(kFile);
    for (const RestartCase& one : cases) {
        const auto needed = restart_needed(before, with(one.from, one.to));
        ASSERT_EQ(needed.size(), 1U) << one.wanted.field << ", " << needed.back().field;
        EXPECT_EQ(needed[0], one.wanted) << needed[0].before << " " << needed[0].after;
    }
}

TEST(ConfigChanges, needs_a_restart_for_other_paths_of_the_certificate) {
    const CentreConfig before = read(kFile);
    CentreConfig after = before;
    after.http.certificate = {"/a.pem", "/a.key"};
    const std::vector<RestartField> wanted = {{"http.certificate", "\"\"", "\"/a.pem\""},
                                              {"http.key", "\"\"", "\"/a.key\""}};
    EXPECT_EQ(restart_needed(before, after), wanted);
}

TEST(ConfigChanges, needs_a_restart_for_another_provider) {
    const CentreConfig before = read(kFile);
    const CentreConfig after = with(
        "[journal]", "[oidc]\nissuer = \"https://id.example\"\nclient_id = \"lanze\"\n[journal]");
    const auto needed = restart_needed(before, after);
    ASSERT_EQ(needed.size(), 4U) << "no secret";
    EXPECT_EQ(needed[0], (RestartField{"oidc.issuer", "\"\"", "\"https://id.example\""}));
}

TEST(ConfigChanges, needs_a_restart_for_another_journal) {
    const auto needed = restart_needed(read(kFile), with("\"hanse.db\"", "\"other.db\""));
    ASSERT_EQ(needed.size(), 4U) << "its keys, people and articles stand beside it";
    EXPECT_EQ(needed[0], (RestartField{"journal.path", "\"hanse.db\"", "\"other.db\""}));
}

TEST(ConfigChanges, tells_no_password) {
    for (const RestartField& field : restart_needed(read(kFile), with("first", "second"))) {
        EXPECT_EQ((field.before + field.after).find("first"), std::string::npos);
        EXPECT_EQ((field.before + field.after).find("second"), std::string::npos);
    }
}

// The secret alone is another server, too, and is not shown.
TEST(ConfigChanges, tells_no_secret_of_a_relay) {
    const auto server = [](const std::string& secret) {
        return with("[http]", "[[media.ice_server]]\nurls = [\"turn:relay.example\"]\nsecret = \"" +
                                  secret + "\"\n[http]");
    };
    EXPECT_EQ(restart_needed(server("north"), server("south")),
              (std::vector<RestartField>{{"media.ice_server", "[turn:relay.example]",
                                          "[turn:relay.example] with other settings"}}));
    EXPECT_TRUE(restart_needed(server("north"), server("north")).empty());
}

TEST(ConfigChanges, needs_no_restart_for_people_queues_and_rules) {
    const CentreConfig before = read(kFile);
    EXPECT_TRUE(restart_needed(before, before).empty());
    const std::pair<std::string, std::string> cases[] = {
        {"\"Hanse\"", "\"Other\""},
        {"contacts_max = 1000", "contacts_max = 2000"},
        {"calls_max = 500", "calls_max = 600\nsession_interval = \"10m\""},
        {"silence_max = \"60s\"", "silence_max = \"30s\"\nearly_media_max = \"1m\""},
        {"silence_max = \"60s\"", "silence_max = \"60s\"\nopus = false"},
        {"seed = 1", "seed = 2"},
        {"starvation = 5", "starvation = 4"},
        {"127.0.0.0/8", "192.0.2.0/24"},
        {"[[trunk]]\nname = \"city\"",
         "[[trunk]]\nname = \"more\"\nfrom = [\"192.0.2.9\"]\n[[trunk]]\nname = \"city\""},
        {"08:00-18:00", "09:00-17:00"},
        {"numbers = [\"bank\"]", "numbers = [\"bank\", \"100\"]"},
        {"anna-on-trial", "another"},
    };
    for (const auto& [from, to] : cases) {
        const CentreConfig after = with(from, to);
        EXPECT_TRUE(restart_needed(before, after).empty()) << to;
        EXPECT_FALSE(changes_between(before, after).is_empty()) << to;
    }
    EXPECT_TRUE(changes_between(before, before).is_empty());
}

TEST(ConfigChanges, names_what_is_otherwise) {
    struct Case {
        std::string from;
        std::string to;
        std::string described;
    };
    const Case cases[] = {
        {"[[queue]]\nname = \"travel\"\nnumbers = [\"travel\"]",
         "[[queue]]\nname = \"night\"\nnumbers = [\"travel\"]",
         R"(queues: 1 added ("night"), 1 removed ("travel"))"},
        {"[\"travel\"]", "[\"travel-2\"]", R"(queues: 1 changed ("travel"))"},
        {"08:00-18:00", "08:00-17:00", R"(queues: 1 changed ("bank"))"},
        {"hours = \"office\"\n", "", R"(queues: 1 changed ("bank"))"},
        {"anna-on-trial", "another", "agents: 1 changed"},
        {"name = \"anna\"", "name = \"ben\"", "agents: 1 added, 1 removed"},
        {"127.0.0.0/8", "127.0.0.0/16", R"(trunks: 1 changed ("here"))"},
        {"starvation = 5", "starvation = 4", "charter"},
        {"seed = 1", "seed = 2", "routing"},
        {"\"Hanse\"", "\"Other\"", "centre"},
        {"calls_max = 500", "calls_max = 600", "sip"},
        {"\"60s\"", "\"30s\"", "media"},
    };
    const CentreConfig before = read(kFile);
    EXPECT_EQ(describe(changes_between(before, before)), "nothing is otherwise than before");
    for (const Case& one : cases) {
        EXPECT_EQ(describe(changes_between(before, with(one.from, one.to))), one.described);
    }
}

TEST(ConfigChanges, keeps_its_fields_in_the_document) {
    std::ifstream file("docs/configuration.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    const std::size_t begin = document.find("## What needs a restart");
    ASSERT_NE(begin, std::string::npos);
    const std::string section = document.substr(begin, document.find("\n## ", begin + 1) - begin);
    for (const std::string_view field : restart_fields()) {
        EXPECT_NE(section.find("`" + std::string(field) + "`"), std::string::npos) << field;
    }
}

}  // namespace
}  // namespace lanze::app
