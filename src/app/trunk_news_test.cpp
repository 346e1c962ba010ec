#include "app/trunk_news.h"

#include <gtest/gtest.h>

namespace lanze::app {
namespace {

using edge::ProviderState;

struct News {
    const char* name;
    ProviderState state;
    int status;
    const char* reason;
    Duration due;
    Duration registered_for;
    const char* text;
};

class TrunkNewsTest : public testing::TestWithParam<News> {};

TEST_P(TrunkNewsTest, SaysWhatHappenedAndWhatIsNext) {
    const News& news = GetParam();
    const Time now = from_micros(1'000'000'000);
    edge::ProviderStanding standing{"city",
                                    "sip.example.org",
                                    news.state,
                                    *Endpoint::parse("192.0.2.7:5060"),
                                    news.status,
                                    news.reason,
                                    now + news.registered_for,
                                    now + news.due};
    EXPECT_EQ(describe(standing, now), news.text);
}

INSTANTIATE_TEST_SUITE_P(
    news, TrunkNewsTest,
    testing::Values(
        News{"registered", ProviderState::registered, 200, "OK", seconds(540), seconds(600),
             "city: registered at 192.0.2.7:5060 for 600 s"},
        News{"wrong_password", ProviderState::refused, 403, "Forbidden", seconds(30), seconds(0),
             "city: the provider at 192.0.2.7:5060 refused our registration with 403 Forbidden; "
             "check username and password under register; tried again in 30 s"},
        News{"unknown_name", ProviderState::refused, 404, "Not Found", seconds(30), seconds(0),
             "city: the provider at 192.0.2.7:5060 refused our registration with 404 Not Found; "
             "check username and domain under register; tried again in 30 s"},
        News{"out_of_order", ProviderState::refused, 500, "Oops", milliseconds(29'100), seconds(60),
             "city: the provider at 192.0.2.7:5060 refused our registration with 500 Oops; tried "
             "again in 30 s, the last registration holds for 60 s"},
        News{"next_server", ProviderState::silent, 0, "", seconds(0), seconds(0),
             "city: the provider at 192.0.2.7:5060 does not answer; the next server is tried"},
        News{"no_server_left", ProviderState::silent, 0, "", seconds(60), seconds(0),
             "city: the provider at 192.0.2.7:5060 does not answer; tried again in 60 s"},
        News{"not_found", ProviderState::not_found, 0, "", seconds(30), seconds(0),
             "city: DNS knows no address of sip.example.org that an entry of sip.listen can "
             "reach; tried again in 30 s"},
        News{"trying", ProviderState::trying, 0, "", seconds(0), seconds(0),
             "city: registering at sip.example.org"}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace lanze::app
