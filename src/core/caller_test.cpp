#include "core/caller.h"

#include <gtest/gtest.h>

namespace lanze::core {
namespace {

TEST(CallerTest, TheNumberStandsBehindTheName) {
    EXPECT_EQ(caller_number("+4954112345"), "+4954112345");
    EXPECT_EQ(caller_number("Ada <+4954112345>"), "+4954112345");
    EXPECT_EQ(caller_number("A <b> <+49>"), "+49");
    EXPECT_EQ(caller_number("a < b"), "a < b");
    EXPECT_EQ(caller_number(""), "");
    EXPECT_EQ(caller_number(">"), ">");
}

TEST(CallerTest, OneNumberIsOneAddressHoweverItIsWritten) {
    for (const char* written : {"+49 541 12345", "+49-541/12345", "0049 (541) 12345",
                                "Ada <+4954112345>", "+4954112345"}) {
        EXPECT_EQ(caller_address(written), "+4954112345") << written;
    }
    EXPECT_EQ(caller_address("anna.b-c"), "anna.b-c") << "a name stays as it is";
}

TEST(CallerTest, WhoWithholdsHisNumberIsNobody) {
    for (const char* written : {"", "anonymous", "Anonymous <anonymous>", "ANONYMOUS",
                                "anonymous.invalid", "Restricted", "x <unavailable>"}) {
        EXPECT_EQ(caller_address(written), "") << written;
    }
    EXPECT_EQ(caller_address("anonymousa"), "anonymousa");
}

TEST(CallerTest, WhoComesFromAWebPageIsNobodyWhateverHeCallsHimself) {
    for (const char* written : {"web", "Max <web>", "Ada <+4954112345> <web>"}) {
        EXPECT_EQ(caller_address(written), "") << written;
    }
}

}  // namespace
}  // namespace lanze::core
