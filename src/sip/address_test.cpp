#include <gtest/gtest.h>

#include <string>

#include "sip/message.h"

namespace lanze::sip {
namespace {

TEST(Uri, ReadsItsParts) {
    const auto uri = Uri::parse("SIP:anna%40home:secret@[2001:db8::1]:5070;lr;x=%20y?h=1&b=2");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scheme, "sip");
    EXPECT_EQ(uri->user, "anna@home");
    EXPECT_EQ(uri->password, "secret");
    EXPECT_EQ(uri->host, "2001:db8::1");
    EXPECT_EQ(uri->port, 5070);
    EXPECT_EQ(find_parameter(uri->parameters, "LR"), "");
    EXPECT_EQ(find_parameter(uri->parameters, "x"), "%20y");
    EXPECT_EQ(uri->headers, "h=1&b=2");
    EXPECT_EQ(uri->to_string(), "sip:anna%40home:secret@[2001:db8::1]:5070;lr;x=%20y?h=1&b=2");
}

TEST(Uri, TextComesBack) {
    for (const std::string text :
         {"sip:example.org", "sips:anna@example.org:5061", "sip:+4930123@example.org;user=phone",
          "tel:+49-30-1234;phone-context=example.org", "sip:a%22b%3E@example.org",
          "sip:192.0.2.1:5060;transport=tcp;lr", "urn:service:sos", "sip:x@a_b.example"}) {
        const auto uri = Uri::parse(text);
        ASSERT_TRUE(uri) << text;
        EXPECT_EQ(uri->to_string(), text);
    }
}

TEST(Uri, RefusesWhatIsNone) {
    for (const std::string text : {"",
                                   "sip:",
                                   "anna",
                                   "sip:a b@example.org",
                                   "sip:a@exa mple.org",
                                   "sip:a@b@example.org",
                                   "sip:a@example.org:0",
                                   "sip:a@example.org:65536",
                                   "sip:a@example.org:x",
                                   "sip:a%zz@example.org",
                                   "sip:a%4@example.org",
                                   "sip:a@[::1",
                                   "sip:a@1:2:3",
                                   "sip:a<b@example.org",
                                   "sip:a\"b@example.org",
                                   "sip:a@example.org;x=\"1\"z",
                                   "sip:a@example.org\r\nX: y",
                                   "tel:",
                                   "tel:;x=1",
                                   "isbn:a b",
                                   "<sip:a@example.org>"}) {
        EXPECT_FALSE(Uri::parse(text)) << text;
    }
    EXPECT_FALSE(Uri::parse(std::string("sip:a\0b@example.org", 19)));
}

TEST(Uri, EscapesWhatAUserPartMayNotHold) {
    Uri uri;
    uri.user = "a>;b@c\r\nd:\"\xc3\xa4#";
    uri.host = "example.org";
    EXPECT_EQ(uri.to_string(), "sip:a%3E;b%40c%0D%0Ad%3A%22%C3%A4%23@example.org");
    EXPECT_EQ(Uri::parse(uri.to_string()), uri);
}

struct AddressCase {
    const char* text;
    const char* display_name;
    const char* uri;
    const char* tag;
};

TEST(NameAddress, ReadsWhatPhonesSend) {
    constexpr AddressCase kCases[] = {
        {"sip:anna@example.org;tag=1", "", "sip:anna@example.org", "1"},
        {"<sip:anna@example.org;lr>;tag=1", "", "sip:anna@example.org;lr", "1"},
        {"\"\" <sip:anna@example.org>;tag=1", "", "sip:anna@example.org", "1"},
        {"\"Anna \\\"A\\\" <x>, M\" <sip:anna@example.org>", "Anna \"A\" <x>, M",
         "sip:anna@example.org", ""},
        {"J\xc3\xbcrgen (B\xc3\xbcro) <sip:j@example.org>", "J\xc3\xbcrgen (B\xc3\xbcro)",
         "sip:j@example.org", ""},
        {"Meier, Anna <sip:anna@example.org> ; tag = 2", "Meier, Anna", "sip:anna@example.org",
         "2"},
        {"anna<sip:anna@example.org>", "anna", "sip:anna@example.org", ""},
        {"< sip:anna@example.org >;x=\"a\\\"b;c\";tag=3", "", "sip:anna@example.org", "3"},
        {"<tel:+4930123;phone-context=x>;tag=4", "", "tel:+4930123;phone-context=x", "4"},
        {"<sip:anna@[2001:db8::1]:5060>", "", "sip:anna@[2001:db8::1]:5060", ""},
    };
    for (const AddressCase& expected : kCases) {
        const auto address = NameAddress::parse(expected.text);
        ASSERT_TRUE(address) << expected.text;
        EXPECT_EQ(address->display_name, expected.display_name);
        EXPECT_EQ(address->uri.to_string(), expected.uri);
        EXPECT_EQ(address->tag(), expected.tag);
        EXPECT_EQ(NameAddress::parse(address->to_string()), address) << address->to_string();
    }
}

TEST(NameAddress, RefusesWhatIsNone) {
    for (const std::string text :
         {"", "<>", "\"Anna <sip:a@example.org>", "\"a\" b <sip:a@example.org>",
          "<sip:a@example.org", "<sip:a@example.org>x", "sip:a@example.org?x=1",
          "<sip:a@example.org>;tag=a b", "<sip:a@example.org>;=x", "<sip:a@example.org>;y=\"1\"x",
          "a\x01<sip:a@example.org>", "sip:a@example.org,sip:b@example.org",
          "<<sip:a@example.org>>", "*"}) {
        EXPECT_FALSE(NameAddress::parse(text)) << text;
    }
}

TEST(NameAddress, QuotesTheNameItWrites) {
    NameAddress address;
    address.display_name = "A\"\\\r\nB\x01";
    address.uri.host = "example.org";
    EXPECT_EQ(address.to_string(), "\"A\\\"\\\\  B\\\x01\" <sip:example.org>");
}

TEST(Parameters, AreFoundWithoutCase) {
    Parameters parameters = {{"Tag", "1"}, {"lr", ""}};
    EXPECT_EQ(find_parameter(parameters, "tAG"), "1");
    EXPECT_EQ(find_parameter(parameters, "x"), std::nullopt);
    set_parameter(parameters, "tag", "2");
    set_parameter(parameters, "x", "3");
    EXPECT_EQ(parameters, (Parameters{{"Tag", "2"}, {"lr", ""}, {"x", "3"}}));
}

}  // namespace
}  // namespace lanze::sip
