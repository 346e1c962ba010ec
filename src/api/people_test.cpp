#include "api/people.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/passwords.h"

namespace lanze::api {
namespace {

const Time kNow = from_micros(1'795'428'000'000'000);

class PeopleTest : public testing::Test {
protected:
    void SetUp() override {
        auto opened = People::open(":memory:");
        ASSERT_TRUE(opened) << opened.error();
        people = std::move(*opened);
    }
    std::string add_anna() {
        auto made = people->add_person({"anna", {.agent = true}, "anna"}, kNow);
        EXPECT_TRUE(made);
        return made->password;
    }
    std::string session_of(const std::string& name, Time at = kNow) {
        return people->open_session(name, at).value();
    }

    std::optional<People> people;
};

TEST(Roles, AreWordsWithCommas) {
    EXPECT_EQ(Roles::parse("agent,administrator"), (Roles{.agent = true, .administrator = true}));
    EXPECT_EQ((Roles{.agent = true, .supervisor = true}).to_string(), "agent,supervisor");
    EXPECT_FALSE(Roles::parse(""));
    EXPECT_FALSE(Roles::parse("agent, supervisor"));
    EXPECT_FALSE(Roles::parse("boss"));
}

TEST_F(PeopleTest, TheFirstStartMakesAdminAndOnePersonPerAgent) {
    const auto made = people->ensure_people({"anna", "ben"}, kNow);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), 3U);
    EXPECT_EQ(made->at(0).name, "admin");
    EXPECT_EQ(made->at(1).name, "anna");
    EXPECT_NE(made->at(1).password, made->at(2).password);
    EXPECT_TRUE(is_password(*people->password_hash("anna"), made->at(1).password));
    EXPECT_EQ(people->find("admin")->roles, (Roles{.supervisor = true, .administrator = true}));
    EXPECT_EQ(people->find("ben"), (Person{"ben", {.agent = true}, "ben"}));
}

TEST_F(PeopleTest, LaterStartsMakeOnlyWhoIsNewAndNotWhoWasRemoved) {
    ASSERT_TRUE(people->ensure_people({"anna"}, kNow));
    ASSERT_TRUE(people->remove_person("anna", kNow));
    const auto made = people->ensure_people({"anna", "ben"}, kNow);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), 1U);
    EXPECT_EQ(made->at(0).name, "ben");
    EXPECT_FALSE(people->find("anna"));
    EXPECT_TRUE(people->add_person({"anna", {.agent = true}, "anna"}, kNow)) << "at her own word";
    EXPECT_TRUE(people->find("anna"));
}

TEST_F(PeopleTest, RefusalsSayWhatToDo) {
    add_anna();
    EXPECT_FALSE(people->add_person({"anna", {.agent = true}, "anna"}, kNow));
    EXPECT_FALSE(people->add_person({"", {.agent = true}, "x"}, kNow));
    EXPECT_FALSE(people->add_person({"a\nb", {.agent = true}, "x"}, kNow));
    EXPECT_FALSE(people->add_person({std::string(65, 'a'), {.agent = true}, "x"}, kNow));
    EXPECT_FALSE(people->add_person({"x", {}, "x"}, kNow));
    EXPECT_FALSE(people->add_person({"x", {.agent = true}, ""}, kNow));
    EXPECT_EQ(people->remove_person("nobody", kNow).error(),
              "There is no person \"nobody\"; `lanze person list` shows all.");
    EXPECT_FALSE(people->renew_password("nobody", kNow));
    EXPECT_FALSE(people->remove_token("nothing", kNow));
}

TEST_F(PeopleTest, HashesAreArgon2idAndUnknownNamesAreNeverRight) {
    const std::string password = add_anna();
    const std::string hash = people->password_hash("anna").value();
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(is_password(hash, password));
    EXPECT_FALSE(is_password(hash, password + "x"));
    EXPECT_FALSE(is_password("", ""));
    EXPECT_FALSE(people->password_hash("nobody"));
}

TEST_F(PeopleTest, ASessionBelongsToItsPerson) {
    add_anna();
    const std::string token = session_of("anna");
    EXPECT_EQ(token.size(), 64U);
    EXPECT_EQ(people->session(token, kNow)->name, "anna");
    EXPECT_FALSE(people->session(std::string(64, '0'), kNow));
    people->end_session(token);
    EXPECT_FALSE(people->session(token, kNow));
}

TEST_F(PeopleTest, ASessionEndsAfterTwelveIdleHours) {
    add_anna();
    const std::string token = session_of("anna");
    EXPECT_TRUE(people->session(token, kNow + hours(11)));
    EXPECT_TRUE(people->session(token, kNow + hours(22))) << "used in between";
    EXPECT_FALSE(people->session(token, kNow + hours(34)));
}

TEST_F(PeopleTest, ASessionEndsAfterThirtyDaysOfUse) {
    add_anna();
    const std::string token = session_of("anna");
    for (int hour = 0; hour < 24 * 30; hour += 11) {
        EXPECT_TRUE(people->session(token, kNow + hours(hour))) << hour;
    }
    EXPECT_FALSE(people->session(token, kNow + hours(24 * 30)));
}

TEST_F(PeopleTest, AllSessionsOfAPersonEndTogether) {
    add_anna();
    const std::string one = session_of("anna");
    const std::string other = session_of("anna");
    ASSERT_TRUE(people->end_sessions("anna", kNow));
    EXPECT_FALSE(people->session(one, kNow));
    EXPECT_FALSE(people->session(other, kNow));
}

TEST_F(PeopleTest, ANewPasswordEndsTheOtherSessions) {
    add_anna();
    const std::string kept = session_of("anna");
    const std::string other = session_of("anna");
    ASSERT_TRUE(people->set_password_hash("anna", "hash", kept, kNow));
    EXPECT_TRUE(people->session(kept, kNow));
    EXPECT_FALSE(people->session(other, kNow));
    ASSERT_TRUE(people->renew_password("anna", kNow));
    EXPECT_FALSE(people->session(kept, kNow));
}

TEST_F(PeopleTest, TheOldestOfTooManySessionsGoes) {
    add_anna();
    const std::string oldest = session_of("anna");
    for (std::size_t i = 1; i < People::kSessionsPerPerson; ++i) {
        session_of("anna", kNow + seconds(static_cast<int>(i)));
    }
    EXPECT_TRUE(people->session(oldest, kNow));
    session_of("anna", kNow + minutes(1));
    EXPECT_FALSE(people->session(oldest, kNow));
}

TEST_F(PeopleTest, RemovingAPersonEndsTheSessions) {
    add_anna();
    const std::string token = session_of("anna");
    ASSERT_TRUE(people->remove_person("anna", kNow));
    EXPECT_FALSE(people->session(token, kNow));
    EXPECT_TRUE(people->persons()->empty());
}

TEST_F(PeopleTest, TokensAreToldOnceAndStoredHashed) {
    const auto token = people->add_token("crm", kNow);
    ASSERT_TRUE(token);
    EXPECT_EQ(people->program(*token), (Person{"crm", {.supervisor = true}, ""}));
    EXPECT_FALSE(people->program("lanze_nothing"));
    EXPECT_FALSE(people->add_token("crm", kNow)) << "one name, one token";
    EXPECT_EQ(people->tokens().value(), (std::vector<TokenEntry>{{"crm", kNow}}));
    ASSERT_TRUE(people->remove_token("crm", kNow));
    EXPECT_FALSE(people->program(*token));
}

TEST_F(PeopleTest, TheAuditTrailTellsWhoDidWhat) {
    add_anna();
    people->note(kNow + seconds(1), "anna", "signed in from 127.0.0.1");
    const auto trail = people->audit_trail(10);
    ASSERT_TRUE(trail);
    ASSERT_EQ(trail->size(), 2U);
    EXPECT_EQ(trail->front(), (AuditEntry{kNow + seconds(1), "anna", "signed in from 127.0.0.1"}));
    EXPECT_EQ(trail->back().what, "person added: agent");
}

TEST(FreshPassword, HasFourGroupsWithoutLookAlikes) {
    const std::string password = fresh_password();
    EXPECT_EQ(password.size(), 19U);
    EXPECT_EQ(std::ranges::count(password, '-'), 3);
    EXPECT_EQ(password.find_first_of("01lo"), std::string::npos);
}

TEST(Sha256, IsTheOneOfTheStandard) {
    // FIPS 180-4, example "abc".
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace lanze::api
