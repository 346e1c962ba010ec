#include "sip/session_timer.h"

#include <gtest/gtest.h>

namespace lanze::sip {
namespace {

// A request or response with the headers given; "" leaves one out.
Message with(const std::string& supported, const std::string& session_expires,
             const std::string& min_se = {}) {
    Message message;
    message.method = "INVITE";
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"Supported", supported},
                                      {"Session-Expires", session_expires},
                                      {"Min-SE", min_se}}) {
        if (!value.empty()) {
            message.set_header(name, value);
        }
    }
    return message;
}

std::string written(const std::optional<SessionTimer>& timer) {
    if (!timer) {
        return "422";
    }
    return std::to_string(std::chrono::duration_cast<seconds>(timer->interval).count()) +
           (timer->refresher == Refresher::us ? " us" : " them");
}

TEST(SessionTimerUas, AgreesAsRfc4028Table2) {
    struct Case {
        const char* name;
        Message request;
        const char* agreed;
    };
    const SessionTimerWish wish{seconds(1800), seconds(120)};
    for (const Case& test : std::vector<Case>{
             {"knows no timer", with("", ""), "1800 us"},
             {"a proxy asks for one that knows none", with("", "600;refresher=uac"), "600 us"},
             {"a proxy asks too briefly", with("", "100"), "120 us"},
             {"knows timers, asks nothing", with("100rel, timer", ""), "1800 us"},
             {"asks for less", with("timer", "600"), "600 us"},
             {"asks for more", with("timer", "7200"), "1800 us"},
             {"asks for more and forbids less", with("timer", "7200", "3600"), "3600 us"},
             {"forbids what we wish", with("timer", "", "3600"), "3600 us"},
             {"refreshes itself", with("timer", "600;refresher=uac"), "600 them"},
             {"wants us to refresh", with("timer", "600;refresher=uas"), "600 us"},
             {"asks too briefly", with("timer", "119"), "422"},
             {"asks nonsense", with("timer", "soon"), "1800 us"},
             {"asks beyond all bounds", with("timer", "99999999999;refresher=uac"), "1800 them"},
         }) {
        SCOPED_TRACE(test.name);
        EXPECT_EQ(written(agree_session_timer(test.request, wish)), test.agreed);
    }
}

TEST(SessionTimerUas, WritesTheAnswer) {
    Message response;
    response.set_header("Supported", "100rel");
    apply_session_timer(response, with("timer", ""), {seconds(600), Refresher::them});
    EXPECT_EQ(response.header("Session-Expires"), "600;refresher=uac");
    EXPECT_EQ(response.header("Require"), "timer");
    EXPECT_TRUE(response.header_has_token("Supported", "100rel"));
    EXPECT_TRUE(response.header_has_token("Supported", "timer"));
}

TEST(SessionTimerUas, DemandsNothingOfACallerWithoutTimers) {
    Message response;
    apply_session_timer(response, with("", ""), {seconds(600), Refresher::us});
    EXPECT_EQ(response.header("Session-Expires"), "600;refresher=uas");
    EXPECT_FALSE(response.header("Require"));
    Message none;
    apply_session_timer(none, with("timer", ""), {});
    EXPECT_TRUE(none.headers.empty());
}

TEST(SessionTimerUac, AsksAndReadsTheAnswer) {
    const SessionTimerWish wish{seconds(1800), seconds(90)};
    Message request;
    request_session_timer(request, wish);
    EXPECT_EQ(request.header("Session-Expires"), "1800");
    EXPECT_EQ(request.header("Min-SE"), "90");
    EXPECT_TRUE(request.header_has_token("Supported", "timer"));
    request_session_timer(request, wish, Refresher::us);
    EXPECT_EQ(request.header("Session-Expires"), "1800;refresher=uac");
    request_session_timer(request, wish, Refresher::them);
    EXPECT_EQ(request.header("Session-Expires"), "1800;refresher=uas");

    EXPECT_EQ(written(read_session_timer(with("", "600;refresher=uac"), wish)), "600 us");
    EXPECT_EQ(written(read_session_timer(with("", "600;refresher=uas"), wish)), "600 them");
    EXPECT_EQ(written(read_session_timer(with("", "600"), wish)), "600 us");
    EXPECT_EQ(written(read_session_timer(with("", ""), wish)), "1800 us");
    // Nobody makes us refresh every few seconds.
    EXPECT_EQ(written(read_session_timer(with("", "1;refresher=uac"), wish)), "90 us");
}

TEST(SessionTimerUac, AsksForMoreAfterA422) {
    const SessionTimerWish wish{seconds(300), seconds(90)};
    Message refusal = with("", "", "600");
    refusal.status = 422;
    const auto more = wish_after_refusal(refusal, wish);
    ASSERT_TRUE(more);
    EXPECT_EQ(more->interval, seconds(600));
    EXPECT_EQ(more->interval_min, seconds(600));
    refusal.set_header("Min-SE", "4000000000");
    EXPECT_FALSE(wish_after_refusal(refusal, wish));
    EXPECT_FALSE(wish_after_refusal(with("", ""), wish));
}

TEST(SessionTimerDue, IsHalfForUsAndNearTheEndForThem) {
    EXPECT_EQ(session_timer_due({seconds(1800), Refresher::us}), seconds(900));
    EXPECT_EQ(session_timer_due({seconds(1800), Refresher::them}), seconds(1768));
    EXPECT_EQ(session_timer_due({seconds(90), Refresher::them}), seconds(60));
    EXPECT_EQ(session_timer_due({}), Duration::max());
}

}  // namespace
}  // namespace lanze::sip
