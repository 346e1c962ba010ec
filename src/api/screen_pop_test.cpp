#include "api/screen_pop.h"

#include <gtest/gtest.h>

namespace lanze::api {
namespace {

constexpr std::string_view kTemplate =
    "https://crm.example/find?phone={caller}&queue={queue}&contact={contact}";

TEST(ScreenPopTest, ValuesArePercentEncoded) {
    EXPECT_EQ(fill_screen_pop(kTemplate, {"+49541", "bank", "17"}),
              "https://crm.example/find?phone=%2B49541&queue=bank&contact=17");
    EXPECT_EQ(fill_screen_pop("https://a.example/{caller}", {"a&b=c#d/../e %\xc3\xa4", "", ""}),
              "https://a.example/a%26b%3Dc%23d%2F..%2Fe%20%25%C3%A4");
    EXPECT_EQ(fill_screen_pop("https://a.example/{caller}", {"{queue}", "bank", ""}),
              "https://a.example/%7Bqueue%7D")
        << "a value names no place";
}

TEST(ScreenPopTest, OnlySafeAddressesWithAFixedHostPass) {
    for (const std::string_view good :
         {kTemplate, std::string_view("http://127.0.0.1:9000/{contact}"),
          std::string_view("https://crm.example"),
          std::string_view("https://crm.example/#/{caller}"),
          std::string_view("https://crm.example/a-b")}) {
        EXPECT_TRUE(check_screen_pop(good)) << good;
    }
    for (const std::string_view bad :
         {"", "crm.example/{caller}", "http://crm.example/{caller}", "javascript:alert(1)",
          "https://{caller}.example/", "https://crm.example@evil.example/", "https:///{caller}",
          "https://crm.example/{name}", "https://crm.example/{caller", "https://crm.example/a}",
          "https://crm.example/a b", "https://crm.example/\"", "https://crm.example/\xc3\xa4",
          "https://crm.example/\n", "ftp://127.0.0.1/"}) {
        EXPECT_FALSE(check_screen_pop(bad)) << bad;
    }
}

TEST(ScreenPopTest, AQueuesOwnTemplateGoesFirst) {
    const ScreenPops pops{"https://a.example", {{"bank", "https://b.example"}, {"travel", ""}}};
    EXPECT_EQ(pops.of("bank"), "https://b.example");
    EXPECT_EQ(pops.of("travel"), "");
    EXPECT_EQ(pops.of("mobile"), "https://a.example");
}

}  // namespace
}  // namespace lanze::api
