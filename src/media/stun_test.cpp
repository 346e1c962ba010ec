#include "media/stun.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "media/wire.h"

namespace lanze::media {
namespace {

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
const StunTransaction kTransaction = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                      0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

std::vector<std::uint8_t> from_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

// RFC 5769 §2.1: a request; its padding consists of spaces.
const std::vector<std::uint8_t> kSampleRequest = from_hex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff"
    "80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf");
// §2.2 and §2.3: answers with an IPv4 and an IPv6 address.
const std::vector<std::uint8_t> kSampleAnswer4 = from_hex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96");
const std::vector<std::uint8_t> kSampleAnswer6 = from_hex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c");

std::vector<std::uint8_t> copy(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

std::vector<std::uint8_t> check(std::string_view password = kPassword) {
    StunWriter writer(StunClass::request, kTransaction);
    writer.add_username("here:there");
    writer.add_priority(77);
    writer.add_use_candidate();
    writer.add_controlling(0x0102030405060708);
    return copy(writer.finish(password));
}

// A message of these bytes behind a right header.
std::vector<std::uint8_t> with_attributes(std::string_view hex) {
    std::vector<std::uint8_t> bytes = from_hex("000100002112a442b7e7a701bc34d686fa87dfae");
    const std::vector<std::uint8_t> attributes = from_hex(hex);
    bytes.insert(bytes.end(), attributes.begin(), attributes.end());
    write16(bytes, 2, static_cast<std::uint16_t>(attributes.size()));
    return bytes;
}

TEST(Stun, ReadsTheSampleRequestOfTheRfc) {
    const auto message = parse_stun(kSampleRequest);
    ASSERT_TRUE(message) << describe(message.error());
    EXPECT_EQ(message->kind, StunClass::request);
    EXPECT_EQ(message->method, kStunBinding);
    EXPECT_EQ(message->transaction, kTransaction);
    EXPECT_EQ(message->username, "evtj:h6vY");
    EXPECT_EQ(message->priority, 0x6e0001ffU);
    EXPECT_EQ(message->controlled, 0x932ff9b151263b36U);
    EXPECT_FALSE(message->controlling);
    EXPECT_FALSE(message->has_use_candidate);
    EXPECT_TRUE(message->has_fingerprint);
    EXPECT_EQ(message->unknown_count, 0U);
    EXPECT_TRUE(has_integrity(kSampleRequest, *message, kPassword));
    EXPECT_FALSE(has_integrity(kSampleRequest, *message, "another password, of 22 c"));
}

TEST(Stun, ReadsTheSampleAnswersOfTheRfc) {
    const auto v4 = parse_stun(kSampleAnswer4);
    ASSERT_TRUE(v4) << describe(v4.error());
    EXPECT_EQ(v4->kind, StunClass::success);
    EXPECT_EQ(v4->mapped->to_string(), "192.0.2.1:32853");
    EXPECT_TRUE(has_integrity(kSampleAnswer4, *v4, kPassword));
    const auto v6 = parse_stun(kSampleAnswer6);
    ASSERT_TRUE(v6) << describe(v6.error());
    EXPECT_EQ(v6->mapped->to_string(), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
    EXPECT_TRUE(has_integrity(kSampleAnswer6, *v6, kPassword));
}

TEST(Stun, ReadsWhatItWrites) {
    const std::vector<std::uint8_t> bytes = check();
    EXPECT_EQ(classify(bytes), DatagramKind::stun);
    const auto message = parse_stun(bytes);
    ASSERT_TRUE(message) << describe(message.error());
    EXPECT_EQ(message->username, "here:there");
    EXPECT_EQ(message->priority, 77U);
    EXPECT_TRUE(message->has_use_candidate);
    EXPECT_EQ(message->controlling, 0x0102030405060708U);
    EXPECT_TRUE(message->has_fingerprint);
    EXPECT_TRUE(has_integrity(bytes, *message, kPassword));
    for (const char* address : {"192.0.2.1:32853", "[2001:db8::1]:9"}) {
        StunWriter writer(StunClass::success, kTransaction);
        writer.add_mapped(*Endpoint::parse(address));
        const Bytes answer = writer.finish(kPassword);
        EXPECT_EQ(parse_stun(answer)->mapped->to_string(), address);
    }
}

TEST(Stun, WritesErrors) {
    for (const StunCode code : {StunCode::bad_request, StunCode::unauthenticated,
                                StunCode::unknown_attribute, StunCode::role_conflict}) {
        StunWriter writer(StunClass::error, kTransaction);
        writer.add_error(code);
        const std::array<std::uint16_t, 1> types = {0x1234};
        writer.add_unknown(types);
        const Bytes bytes = writer.finish();
        const auto message = parse_stun(bytes);
        ASSERT_TRUE(message) << describe(message.error());
        EXPECT_EQ(message->kind, StunClass::error);
        EXPECT_EQ(message->error_code, static_cast<std::uint16_t>(code));
        EXPECT_FALSE(has_integrity(bytes, *message, kPassword));
    }
}

TEST(Stun, NamesWhatItDoesNotUnderstand) {
    const auto message =
        parse_stun(with_attributes("7ffe0000"
                                   "fffe0000"
                                   "00300000"));
    ASSERT_TRUE(message);
    ASSERT_EQ(message->unknown_count, 2U);
    EXPECT_EQ(message->unknown[0], 0x7ffe);
    EXPECT_EQ(message->unknown[1], 0x0030);
}

TEST(Stun, PassesOverWhatStandsBehindTheIntegrity) {
    StunWriter writer(StunClass::request, kTransaction);
    writer.add_username("here:there");
    std::vector<std::uint8_t> bytes = copy(writer.finish(kPassword));
    bytes.resize(bytes.size() - 8);  // without FINGERPRINT
    const std::vector<std::uint8_t> added = from_hex("00250000");
    bytes.insert(bytes.end(), added.begin(), added.end());
    write16(bytes, 2, static_cast<std::uint16_t>(bytes.size() - kStunHeaderSize));
    const auto message = parse_stun(bytes);
    ASSERT_TRUE(message);
    EXPECT_TRUE(has_integrity(bytes, *message, kPassword));
    EXPECT_FALSE(message->has_use_candidate) << "anybody could have added it";
}

// The last eight bytes are FINGERPRINT, which anybody may add or take away.
TEST(Stun, NoticesEveryChangedByte) {
    const std::vector<std::uint8_t> right = check();
    for (std::size_t i = 0; i < right.size() - 8; ++i) {
        std::vector<std::uint8_t> wrong = right;
        wrong[i] ^= 1U;
        const auto message = parse_stun(wrong);
        EXPECT_TRUE(!message || !has_integrity(wrong, *message, kPassword)) << "byte " << i;
    }
}

TEST(Stun, RefusesWhatIsBroken) {
    const auto error_of = [](const std::vector<std::uint8_t>& bytes) {
        const auto message = parse_stun(bytes);
        return message ? std::nullopt : std::optional(message.error());
    };
    EXPECT_EQ(error_of({}), StunError::too_short);
    EXPECT_EQ(error_of(std::vector<std::uint8_t>(kDatagramMax + 1)), StunError::too_long);
    std::vector<std::uint8_t> bytes = check();
    bytes[4] ^= 1U;
    EXPECT_EQ(error_of(bytes), StunError::not_stun);
    bytes = check();
    bytes.pop_back();
    EXPECT_EQ(error_of(bytes), StunError::bad_length);
    bytes = check();
    bytes.back() ^= 1U;
    EXPECT_EQ(error_of(bytes), StunError::bad_fingerprint);
    EXPECT_EQ(error_of(with_attributes("00060005")), StunError::bad_attribute);
    for (const char* wrong :
         {"0024000101000000", "0025000400000000", "8029000400000000", "802a0000",
          "0020000400010000", "00200008000200000000000", "000900020000000", "0008000400000000"}) {
        std::string hex = wrong;
        hex.resize((hex.size() + 7) / 8 * 8, '0');
        EXPECT_EQ(error_of(with_attributes(hex)), StunError::bad_attribute) << hex;
    }
    std::string many;
    for (std::size_t i = 0; i <= kStunAttributesMax; ++i) {
        many += "fffe0000";
    }
    EXPECT_EQ(error_of(with_attributes(many)), StunError::too_many);
    const std::string long_name = "00060202" + std::string(2 * 516, '0');
    EXPECT_EQ(error_of(with_attributes(long_name)), StunError::bad_attribute);
}

TEST(Stun, CutsAUsernameThatIsTooLong) {
    StunWriter writer(StunClass::request, kTransaction);
    writer.add_username(std::string(600, 'u'));
    writer.add_priority(1);
    writer.add_use_candidate();
    writer.add_controlling(1);
    const Bytes bytes = writer.finish(kPassword);
    EXPECT_EQ(parse_stun(bytes)->username.size(), kStunUsernameMax);
}

}  // namespace
}  // namespace lanze::media
