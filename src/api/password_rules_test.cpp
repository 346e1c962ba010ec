#include "api/password_rules.h"

#include <gtest/gtest.h>

#include "api/passwords.h"

namespace lanze::api {
namespace {

const std::vector<std::string> words = {"anna", "Hanse Bank", "desk.hanse.example", "al"};

TEST(PasswordRules, WhatIsLongAndOnesOwnIsTaken) {
    for (const char* password : {
             "correct horse battery staple",
             "kx7qpwmznvrtdhs",      // 15 small letters: no rule about kinds
             "839201748392650",      // or digits alone
             "öfen ohne wärme",      // counted in characters, not in bytes
             "пароль длиннее всех",  // any script
             "🦊🐢🦉🐝🦋🐌🐙🦑🦐🦀🐡🐠🐬🐳🦈",
             "anna liest jeden Abend",  // words of the list may be in it
         }) {
        EXPECT_EQ(fault_of(password, words), std::nullopt) << password;
    }
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(fault_of(fresh_password(), words), std::nullopt);
    }
}

TEST(PasswordRules, LengthsAreOfCharactersAndTheLimitOfBytes) {
    EXPECT_EQ(fault_of("kx7qpwmznvrtdh", words), PasswordFault::too_short) << "14";
    EXPECT_EQ(fault_of("äöüäßéàèìòùâêî", words), PasswordFault::too_short) << "14, but 28 bytes";
    std::string longest;
    for (int i = 0; i < 32; ++i) {
        longest += "🦊" + std::string("\xF0\x9F\x90") + static_cast<char>(0x80 + i);
    }
    EXPECT_EQ(longest.size(), kPasswordBytesMax);
    EXPECT_EQ(fault_of(longest, words), std::nullopt) << "64 characters of four bytes";
    EXPECT_EQ(fault_of(longest + "x", words), PasswordFault::too_long);
    EXPECT_EQ(fault_of("", words), PasswordFault::too_short);
}

TEST(PasswordRules, WhatAnybodyWouldTryIsNot) {
    for (const char* password : {
             "passwordpassword1",
             "Passwort2026!!!",
             "12345678901234567890",
             "qwertzuiopasdfghjkl",
             "poiuztrewqlkjhgf",
             "abcdefghijklmnop",
             "annaHanseBank2026",
             "hanse-bank-anna!!!",
             "deskhanseexample1",
             "administrator1234",
             "LanzeLanzeLanze12",
         }) {
        EXPECT_EQ(fault_of(password, words), PasswordFault::guessable) << password;
    }
    EXPECT_EQ(fault_of("annaHanseBank2026", {}), std::nullopt) << "elsewhere nobody would";
}

TEST(PasswordRules, OnePieceAgainAndAgainIsNot) {
    for (const char* password : {"aaaaaaaaaaaaaaaa", "x7x7x7x7x7x7x7x7x", "kx7qpkx7qpkx7qp"}) {
        EXPECT_EQ(fault_of(password, words), PasswordFault::repeated) << password;
    }
}

TEST(PasswordRules, OtherBytesThanUtf8AreNoText) {
    for (const char* password :
         {"\xFFkx7qpwmznvrtdhs", "kx7qpwmznvrtdh\xC3", "kx7qpwmznvrtd\xC0\x80",
          "kx7qpwmznvrtd\xED\xA0\x80", "kx7qpwmznvrtd\xF4\x90\x80\x80"}) {
        EXPECT_EQ(fault_of(password, words), PasswordFault::not_text);
    }
}

TEST(PasswordRules, EachFaultHasItsCodeAndItsSentence) {
    for (const PasswordFault fault :
         {PasswordFault::not_text, PasswordFault::too_short, PasswordFault::too_long,
          PasswordFault::repeated, PasswordFault::guessable}) {
        EXPECT_TRUE(code_of(fault).starts_with("password_"));
        EXPECT_TRUE(sentence_of(fault).ends_with("."));
    }
}

}  // namespace
}  // namespace lanze::api
