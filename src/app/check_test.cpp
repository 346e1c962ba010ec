#include "app/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace lanze::app {

TEST(Check, sums_up_what_is_fine) {
    const ConfigResult config = load_config("examples/hanse/lanze.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(summary(*config),
              "examples/hanse/lanze.toml: fine: 4 queues, 8 agents (2 with a desk, 6 built in), 1 "
              "trunk, 3 built-in callers");
}

TEST(Check, notes_that_nobody_may_call) {
    CentreConfig config;
    config.path = "x.toml";
    EXPECT_EQ(summary(config),
              "x.toml: fine: 0 queues, 0 agents (0 with a desk, 0 built in), 0 trunks\n"
              "note: without a [[trunk]] every call from outside is refused with 403");
}

// Good in January 2020 and never again.
constexpr const char* kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBAzCBqgIBATAKBggqhkjOPQQDAjAOMQwwCgYDVQQDDANvbGQwHhcNMjAwMTAx
MDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAOMQwwCgYDVQQDDANvbGQwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQXMmRYpBQU5MUpTInSTWy/bumG12Gw0qIQC8H8IrJA
pgRXGG+P+IUiV7mzssvs2dyhNYJXBGokIlSuwjZg2TkJMAoGCCqGSM49BAMCA0gA
MEUCIHTsD1/9RpcDgYAD6oP+FR8PLiUByA1QGXWLDLCX0WCLAiEA9A34dENAEtDw
DYuZkCGzrgcxuUnkymrr48Cv3Me2/kE=
-----END CERTIFICATE-----
)";
constexpr const char* kKey = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIK9KZZet5ztqpaML5lJRnwaL0E8jtlThQadWKTPkMcoOoAoGCCqGSM49
AwEHoUQDQgAEFzJkWKQUFOTFKUyJ0k1sv27phtdhsNKiEAvB/CKyQKYEVxhvj/iF
Ile5s7LL7NncoTWCVwRqJCJUrsI2YNk5CQ==
-----END EC PRIVATE KEY-----
)";

TEST(Check, tells_a_certificate_that_has_expired) {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("lanze_check_" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "old.pem") << kCertificate;
    std::ofstream(folder / "old.key") << kKey;
    CentreConfig config;
    config.path = "x.toml";
    EXPECT_TRUE(certificate_errors(config, Time{}).empty());
    config.http.certificate = {folder / "old.pem", folder / "old.key"};
    const Time at_that_time{seconds(1'578'000'000)};
    EXPECT_TRUE(certificate_errors(config, at_that_time).empty());
    const auto errors = certificate_errors(config, at_that_time + hours(24 * 365));
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(to_string(errors.front()),
              "x.toml: http.certificate: " + config.http.certificate.certificate +
                  " expired on 2020-02-01; put a new certificate and its key in their places");
    std::filesystem::remove_all(folder);
}

TEST(Check, says_the_charter_in_plain_words) {
    const ConfigResult config = load_config("examples/hanse/lanze.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(charter_text(*config), R"(charter:
  nothing is presented to agents who handled contacts for more than 85 % of the last hour
  breaks that are due by law are given at desks
  nothing is presented that would probably outlast a shift
  a breather of 2m at the agent's own word
  who waited 5 times the queue's threshold goes before priorities and reserves
  cancelling ("cancel") is never slower than buying ("mobile"))");
}

TEST(Check, says_who_may_call_from_a_page) {
    CentreConfig config;
    EXPECT_EQ(call_page_text(config), "");
    config.call_page.is_enabled = true;
    config.call_page.concerns = {{"bank", "Konto", "Account"}, {"travel", "Reise", "Travel"}};
    EXPECT_EQ(call_page_text(config), R"(call page:
  anybody may call or write from /call: "bank", "travel"
  in no other site's frame
  of one address 6 a minute, 30 an hour, 4 at once; of all 200 at once
  from 40 on, pages have to work before they may
)");
    config.call_page.frame_ancestors = {"https://www.example.org"};
    EXPECT_NE(call_page_text(config).find("also in a frame of https://www.example.org\n"),
              std::string::npos);
}

TEST(Check, says_what_is_not_promised) {
    CentreConfig config;
    config.core.charter.breather = seconds(0);
    EXPECT_EQ(charter_text(config), R"(charter:
  no ceiling: nothing is withheld from agents who had a full hour
  breaks are left to the agents
  shifts may end in the middle of a contact
  no breather
  no starvation bound: priorities and reserves may let callers wait for ever)");
    config.core.charter.occupancy_max_permille = 875;
    config.core.queues.emplace_back().name = "mobile";
    config.queue_purposes = {QueuePurpose::buy};
    const std::string text = charter_text(config);
    EXPECT_NE(text.find("more than 87.5 %"), std::string::npos) << text;
    EXPECT_NE(text.find("nothing for those who cancel: \"mobile\" is for buying"),
              std::string::npos)
        << text;
}

TEST(Check, counts_the_errors) {
    const ConfigError error{"x.toml", 1, 2, "centre.name", "is missing", "add it"};
    EXPECT_EQ(report_errors({error}), "x.toml:1:2: centre.name: is missing; add it\n1 error\n");
    EXPECT_EQ(run_check({"no/such.toml"}), 1);
    EXPECT_EQ(run_check({"examples/hanse/lanze.toml"}), 0);
}

}  // namespace lanze::app
