#include "sip/registration.h"

#include <gtest/gtest.h>

namespace lanze::sip {
namespace {

const char* const kChallenge =
    "Digest realm=\"provider\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

// Plays the provider against one registration.
class RegistrationTest : public testing::Test {
protected:
    RegistrationTest() {
        account_.registrar = *Uri::parse("sip:provider.example");
        account_.address = *NameAddress::parse("<sip:4930123@provider.example>");
        account_.contact = *NameAddress::parse("<sip:trunk@198.51.100.1:5060>");
        account_.credentials = {"4930123", "secret"};
        registration_ = make_registration(account_, "call", "tag", now_);
    }

    std::optional<Message> advance() {
        last_ = advance_registration(registration_, account_, now_, "cnonce");
        return last_;
    }

    std::optional<Message> answer(int status,
                                  const std::vector<std::pair<std::string, std::string>>& headers,
                                  const std::vector<std::string>& contacts = {}) {
        Message response = make_response(last_.value(), status, {}, "theirs");
        for (const auto& [name, value] : headers) {
            response.set_header(name, value);
        }
        for (const std::string& contact : contacts) {
            response.contacts.push_back(*NameAddress::parse(contact));
        }
        auto next = registration_answered(registration_, account_, response, now_, "cnonce");
        if (next) {
            last_ = next;
        }
        return next;
    }

    void pass(Duration time) { now_ += time; }
    Duration until_due() const { return registration_.due - now_; }

    RegistrationAccount account_;
    Registration registration_;
    std::optional<Message> last_;
    Time now_ = from_micros(5'000'000);
};

TEST_F(RegistrationTest, SendsAWholeRegister) {
    const auto request = advance();
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, "REGISTER");
    EXPECT_EQ(request->uri.to_string(), "sip:provider.example");
    EXPECT_EQ(request->from.tag(), "tag");
    EXPECT_EQ(request->to.tag(), "");
    EXPECT_EQ(request->cseq, (CSeq{1, "REGISTER"}));
    EXPECT_EQ(request->header("Expires"), "600");
    EXPECT_EQ(request->contacts, std::vector{account_.contact});
    EXPECT_FALSE(advance());  // one at a time
    EXPECT_FALSE(registration_due(registration_));
}

TEST_F(RegistrationTest, RefreshesAtNineTenthsOfWhatIsGranted) {
    advance();
    answer(200, {{"Expires", "1000"}},
           {"<sip:other@192.0.2.7>;expires=60", "<sip:trunk@198.51.100.1:5060>;expires=300"});
    EXPECT_TRUE(is_registered(registration_, now_));
    EXPECT_EQ(until_due(), seconds(270));
    EXPECT_FALSE(advance());
    pass(seconds(270));
    ASSERT_TRUE(advance());
    EXPECT_EQ(last_->cseq.number, 2U);
    EXPECT_EQ(last_->call_id, "call");
    answer(200, {{"Expires", "100"}});
    EXPECT_EQ(until_due(), seconds(90));
}

TEST_F(RegistrationTest, AnswersAChallengeAndKeepsItForRefreshes) {
    advance();
    const auto second = answer(401, {{"WWW-Authenticate", kChallenge}});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->cseq.number, 2U);
    ASSERT_TRUE(second->header("Authorization"));
    EXPECT_NE(second->header("Authorization")->find("nc=00000001"), std::string_view::npos);
    answer(200, {});
    EXPECT_EQ(until_due(), seconds(540));
    pass(seconds(540));
    ASSERT_TRUE(advance());
    EXPECT_NE(last_->header("Authorization")->find("nc=00000002"), std::string_view::npos);
    // The provider wants a fresh nonce.
    const auto renewed = answer(
        401, {{"WWW-Authenticate", "Digest realm=\"provider\", nonce=\"n2\", qop=\"auth\""}});
    ASSERT_TRUE(renewed);
    EXPECT_NE(renewed->header("Authorization")->find("n2"), std::string_view::npos);
}

TEST_F(RegistrationTest, AnswersAProxyToo) {
    advance();
    const auto second = answer(407, {{"Proxy-Authenticate", kChallenge}});
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->header("Proxy-Authorization"));
    EXPECT_FALSE(second->header("Authorization"));
}

TEST_F(RegistrationTest, DoesNotGuessTwiceAtAPassword) {
    advance();
    ASSERT_TRUE(answer(401, {{"WWW-Authenticate", kChallenge}}));
    EXPECT_FALSE(answer(
        401, {{"WWW-Authenticate", "Digest realm=\"provider\", nonce=\"n9\", qop=\"auth\""}}));
    EXPECT_EQ(registration_.last_status, 401);
    EXPECT_FALSE(is_registered(registration_, now_));
    EXPECT_EQ(until_due(), seconds(30));
}

TEST_F(RegistrationTest, AnswersAStaleNonceOnceMore) {
    advance();
    ASSERT_TRUE(answer(401, {{"WWW-Authenticate", kChallenge}}));
    const char* const stale = "Digest realm=\"provider\", nonce=\"n3\", stale=true, qop=\"auth\"";
    EXPECT_TRUE(answer(401, {{"WWW-Authenticate", stale}}));
    EXPECT_TRUE(answer(401, {{"WWW-Authenticate", stale}}));
    EXPECT_FALSE(answer(401, {{"WWW-Authenticate", stale}}));  // but not without end
}

TEST_F(RegistrationTest, AsksForTheTimeA423Demands) {
    advance();
    const auto second = answer(423, {{"Min-Expires", "1800"}});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->header("Expires"), "1800");
    EXPECT_FALSE(answer(423, {{"Min-Expires", "900"}}));
    EXPECT_EQ(until_due(), seconds(30));
}

TEST_F(RegistrationTest, WaitsLongerAfterEachFailure) {
    for (const int pause : {30, 60, 120, 240, 480, 600, 600}) {
        ASSERT_TRUE(advance());
        registration_unanswered(registration_, now_);
        EXPECT_EQ(until_due(), seconds(pause));
        pass(seconds(pause));
    }
    advance();
    answer(503, {{"Retry-After", "1200 (maintenance)"}});
    EXPECT_EQ(until_due(), seconds(1200));
    pass(seconds(1200));
    advance();
    answer(200, {});
    pass(seconds(540));
    advance();
    answer(500, {});
    EXPECT_EQ(until_due(), seconds(30));              // success forgets what was before
    EXPECT_TRUE(is_registered(registration_, now_));  // the last one still holds
    EXPECT_FALSE(is_registered(registration_, now_ + seconds(60)));
}

TEST_F(RegistrationTest, TheOnlyContactIsOursThoughItWasRewritten) {
    advance();
    answer(200, {{"Expires", "1000"}}, {"<sip:trunk@203.0.113.9:41000>;expires=300"});
    EXPECT_EQ(until_due(), seconds(270));
}

TEST_F(RegistrationTest, AnotherServerIsTriedAtOnceAndTheRoundCountsOnce) {
    for (const int pause : {30, 60}) {
        advance();
        registration_unanswered(registration_, now_);
        registration_moved(registration_, now_);
        EXPECT_EQ(until_due(), seconds(0));
        ASSERT_TRUE(advance());
        registration_moved(registration_, now_);  // nothing has failed yet
        EXPECT_FALSE(registration_due(registration_));
        registration_unanswered(registration_, now_);
        EXPECT_EQ(until_due(), seconds(pause));
        pass(seconds(pause));
    }
}

TEST_F(RegistrationTest, IsHastenedWhenTheConnectionBreaksButNotOutOfAPause) {
    advance();
    hasten_registration(registration_, now_ + seconds(1));
    EXPECT_FALSE(registration_due(registration_)) << "a request is out";
    answer(200, {});
    hasten_registration(registration_, now_ + seconds(1));
    EXPECT_EQ(until_due(), seconds(1));
    pass(seconds(1));
    advance();
    registration_unanswered(registration_, now_);
    hasten_registration(registration_, now_ + seconds(1));
    EXPECT_EQ(until_due(), seconds(30));
}

TEST_F(RegistrationTest, IsNotDrivenToRegisterWithoutPause) {
    advance();
    answer(200, {{"Expires", "0"}});
    EXPECT_EQ(until_due(), seconds(5));
}

TEST_F(RegistrationTest, EndsWithExpiresZero) {
    advance();
    answer(200, {});
    last_ = end_registration(registration_, account_, "cnonce");
    EXPECT_EQ(last_->header("Expires"), "0");
    const auto again = answer(401, {{"WWW-Authenticate", kChallenge}});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->header("Expires"), "0");
    answer(200, {});
    EXPECT_EQ(registration_.state, RegistrationState::ended);
    EXPECT_FALSE(is_registered(registration_, now_));
    EXPECT_FALSE(advance());
}

TEST_F(RegistrationTest, DoesNotListenToAnswersOfEarlierRequests) {
    advance();
    Message late = make_response(*last_, 200);
    registration_unanswered(registration_, now_);
    pass(seconds(30));
    advance();
    EXPECT_FALSE(registration_answered(registration_, account_, late, now_, "c"));
    EXPECT_FALSE(is_registered(registration_, now_));
}

}  // namespace
}  // namespace lanze::sip
