// The torture messages of RFC 4475, read where they lie; each line of the table names its section.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "sip/message.h"

namespace lanze::sip {
namespace {

struct Expected {
    const char* name;
    const char* section;
    int status;          // 0: must parse; otherwise what to answer a request
    bool is_answerable;  // enough was readable to answer
};

constexpr Expected kMessages[] = {
    {"wsinv", "3.1.1.1", 0, false},
    {"intmeth", "3.1.1.2", 0, false},
    {"esc01", "3.1.1.3", 0, false},
    {"escnull", "3.1.1.4", 0, false},
    {"esc02", "3.1.1.5", 0, false},
    {"lwsdisp", "3.1.1.6", 0, false},
    {"longreq", "3.1.1.7", 0, false},
    {"dblreq", "3.1.1.8", 0, false},
    {"semiuri", "3.1.1.9", 0, false},
    {"transports", "3.1.1.10", 0, false},
    {"mpart01", "3.1.1.11", 0, false},
    {"unreason", "3.1.1.12", 0, false},
    {"noreason", "3.1.1.13", 0, false},
    {"badinv01", "3.1.2.1", 400, false},  // the Via an answer needs is what is broken
    {"clerr", "3.1.2.2", 400, true},
    {"ncl", "3.1.2.3", 400, true},
    {"scalar02", "3.1.2.4", 400, false},  // its CSeq cannot be repeated
    {"scalarlg", "3.1.2.5", 400, false},  // a response
    {"quotbal", "3.1.2.6", 400, false},   // its To cannot be repeated
    {"ltgtruri", "3.1.2.7", 400, true},
    {"lwsruri", "3.1.2.8", 400, true},
    {"lwsstart", "3.1.2.9", 400, true},
    {"trws", "3.1.2.10", 400, true},
    {"escruri", "3.1.2.11", 400, true},
    {"baddate", "3.1.2.12", 0, false},  // may be accepted; we use no Date
    {"regbadct", "3.1.2.13", 400, true},
    {"badaspec", "3.1.2.14", 0, false},  // may be accepted; blanks inside of <> are dropped
    {"baddn", "3.1.2.15", 400, true},    // the file ends before the empty line, too
    {"badvers", "3.1.2.16", 505, true},
    {"mismatch01", "3.1.2.17", 400, true},
    {"mismatch02", "3.1.2.18", 400, true},  // 400 or 501
    {"bigcode", "3.1.2.19", 400, false},    // a response: dropped
    {"badbranch", "3.2.1", 0, false},       // the transaction layer's business
    {"insuf", "3.3.1", 400, false},
    {"unkscm", "3.3.2", 416, true},
    {"novelsc", "3.3.3", 416, true},
    {"unksm2", "3.3.4", 0, false},    // To and Contact of foreign schemes: the registrar's business
    {"bext01", "3.3.5", 0, false},    // 420 by the server
    {"invut", "3.3.6", 0, false},     // 415 by the server
    {"regaut01", "3.3.7", 0, false},  // 401 by the registrar
    {"multi01", "3.3.8", 400, true},
    {"mcl01", "3.3.9", 400, true},
    {"bcast", "3.3.10", 0, false},   // a response: matches no transaction
    {"zeromf", "3.3.11", 0, false},  // 483 only for proxies
    {"cparam01", "3.3.12", 0, false},
    {"cparam02", "3.3.13", 0, false},
    {"regescrt", "3.3.14", 0, false},
    {"sdp01", "3.3.15", 0, false},  // 406 or 488 by the server
    {"inv2543", "3.4.1", 0, false},
};

std::filesystem::path message_folder() {
    const char* const named = std::getenv("LANZE_REFERENCE_DATA");
    return std::filesystem::path(named != nullptr ? named : "../shared/data") / "rfc4475";
}

std::string read_bytes(const std::string& name) {
    std::ifstream file(message_folder() / (name + ".dat"), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class Torture : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(message_folder())) {
            GTEST_SKIP() << "skipped: no reference data";
        }
    }

    Message read(const std::string& name) {
        auto message = parse_message(read_bytes(name));
        EXPECT_TRUE(message) << name;
        return message ? *message : Message{};
    }
};

TEST_F(Torture, EveryMessageIsJudgedAsTheRfcWants) {
    for (const Expected& expected : kMessages) {
        SCOPED_TRACE(std::string(expected.name) + ", RFC 4475 section " + expected.section);
        const auto message = parse_message(read_bytes(expected.name));
        ASSERT_EQ(message.has_value(), expected.status == 0)
            << (message ? "accepted" : message.error().reason);
        if (!message) {
            EXPECT_EQ(message.error().status, expected.status) << message.error().reason;
            EXPECT_EQ(message.error().answerable.has_value(), expected.is_answerable);
        }
    }
}

TEST_F(Torture, WhatIsWrittenReadsAsTheSame) {
    for (const Expected& expected : kMessages) {
        SCOPED_TRACE(expected.name);
        const auto message = parse_message(read_bytes(expected.name));
        if (!message) {
            continue;
        }
        const auto again = parse_message(write_message(*message));
        ASSERT_TRUE(again) << again.error().reason;
        EXPECT_EQ(*again, *message);
    }
}

TEST_F(Torture, ReadsTortuousWhitespace) {
    const Message message = read("wsinv");
    EXPECT_EQ(message.max_forwards, 68);
    EXPECT_EQ(message.cseq, (CSeq{9, "INVITE"}));
    EXPECT_EQ(message.to.tag(), "1918181833n");
    EXPECT_EQ(message.from.display_name, "J Rosenberg \\\"");
    ASSERT_EQ(message.vias.size(), 3U);
    EXPECT_EQ(message.vias[0].branch(), "390skdjuw");
    EXPECT_EQ(message.vias[1].transport, Transport::tcp);
    EXPECT_EQ(message.vias[1].host, "spindle.example.com");
    EXPECT_EQ(message.vias[2].branch(), "z9hG4bK30239");
    ASSERT_EQ(message.contacts.size(), 1U);
    EXPECT_EQ(message.contacts[0].display_name, "Quoted string \"\"");
    EXPECT_EQ(find_parameter(message.contacts[0].parameters, "secondparam"), "");
    EXPECT_EQ(message.header("NewFangledHeader"), "newfangled value continued newfangled value");
    EXPECT_EQ(message.body.size(), 150U);
}

TEST_F(Torture, ReadsUnusualCharacters) {
    const Message message = read("intmeth");
    EXPECT_EQ(message.method, "!interesting-Method0123456789_*+`.%indeed'~");
    EXPECT_EQ(message.uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    EXPECT_EQ(message.uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    EXPECT_EQ(message.to.display_name, std::string("BEL:\a NUL:\0 DEL:\x7f", 17));
    EXPECT_EQ(message.from.tag(), "_token~1'+`*%!-.");
}

TEST_F(Torture, ResolvesEscapesOfTheUserPartOnly) {
    EXPECT_EQ(read("esc01").uri.user, "sips:user@example.com");
    EXPECT_EQ(read("esc01").from.uri.user, "I have spaces");
    EXPECT_EQ(read("escnull").from.uri.user, std::string("null-\0-null", 11));
    EXPECT_EQ(read("escnull").contacts[1].uri.user, std::string("\0\0", 2));
    EXPECT_EQ(read("esc02").to.display_name, "%Z%45");
    EXPECT_EQ(read("esc02").contacts.size(), 2U);
    EXPECT_EQ(read("semiuri").uri.user, "user;par=u@example.net");
}

TEST_F(Torture, EndsAtContentLength) {
    EXPECT_EQ(read("dblreq").body, "");
    EXPECT_EQ(read("mpart01").body.size(), 553U);
    EXPECT_EQ(read("mpart01").content_type, "multipart/mixed");
    EXPECT_EQ(find_parameter(read("mpart01").content_parameters, "boundary"), "7a9cbec02ceef655");
}

TEST_F(Torture, EchoesViasOfForeignTransports) {
    const Message response = make_response(read("transports"), 200, {}, "t");
    const std::string text = write_message(response);
    for (const char* via : {"Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw\r\n",
                            "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\r\n",
                            "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj\r\n",
                            "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\r\n"}) {
        EXPECT_NE(text.find(via), std::string::npos) << text;
    }
}

TEST_F(Torture, ForeignSchemesStayAsTheyAre) {
    const Message message = read("unksm2");
    EXPECT_EQ(message.to.uri.scheme, "isbn");
    EXPECT_EQ(message.to.uri.to_string(), "isbn:2983792873");
    EXPECT_EQ(message.from.uri.to_string(), "http://www.example.com");
    EXPECT_EQ(message.contacts[0].uri.to_string(), "name:John_Smith");
}

TEST_F(Torture, TellsParametersOfHeaderAndUriApart) {
    EXPECT_EQ(find_parameter(read("cparam01").contacts[0].parameters, "unknownparam"), "");
    EXPECT_EQ(find_parameter(read("cparam02").contacts[0].uri.parameters, "unknownparam"), "");
    EXPECT_EQ(read("regescrt").contacts[0].uri.headers, "Route=%3Csip:sip.example.com%3E");
}

}  // namespace
}  // namespace lanze::sip
