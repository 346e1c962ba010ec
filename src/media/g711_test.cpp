#include "media/g711.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace lanze::media {
namespace {

using ports::G711;

// The values of Tables 1 and 2 of G.711, scaled to 16 bits.
TEST(G711, KnowsTheStandardsValues) {
    EXPECT_EQ(decode_mu_law(0x80), 32124);
    EXPECT_EQ(decode_mu_law(0x00), -32124);
    EXPECT_EQ(decode_mu_law(0xFF), 0);
    EXPECT_EQ(decode_mu_law(0x7F), 0);
    EXPECT_EQ(decode_mu_law(0xFE), 8);
    EXPECT_EQ(decode_mu_law(0xEF), 132);
    EXPECT_EQ(decode_a_law(0xAA), 32256);
    EXPECT_EQ(decode_a_law(0x2A), -32256);
    EXPECT_EQ(decode_a_law(0xD5), 8);
    EXPECT_EQ(decode_a_law(0x55), -8);
    EXPECT_EQ(decode_a_law(0xC5), 264);
    EXPECT_EQ(silence_of(G711::mu_law), 0xFF);
    EXPECT_EQ(silence_of(G711::a_law), 0xD5);
}

TEST(G711, EveryCodeSurvivesDecodingAndEncoding) {
    for (int i = 0; i < 256; ++i) {
        const auto code = static_cast<std::uint8_t>(i);
        EXPECT_EQ(encode_a_law(decode_a_law(code)), code);
        // Mu-law has two zeros; the positive one is written.
        EXPECT_EQ(encode_mu_law(decode_mu_law(code)), code == 0x7F ? 0xFF : code);
    }
}

// Half a step of the segment the code lies in; steps double from segment to segment.
int half_step(std::uint8_t code, G711 law) {
    if (law == G711::mu_law) {
        return 4 << ((~code >> 4) & 7);
    }
    return 8 << std::max(((code ^ 0x55) >> 4 & 7) - 1, 0);
}

TEST(G711, EverySampleIsCodedWithinHalfAStep) {
    for (const G711 law : {G711::mu_law, G711::a_law}) {
        const int loudest = law == G711::mu_law ? 32635 : 32767;  // beyond it is clipped
        for (int sample = -loudest; sample <= loudest; ++sample) {
            const std::uint8_t code = encode(static_cast<std::int16_t>(sample), law);
            ASSERT_LE(std::abs(decode(code, law) - sample), half_step(code, law)) << sample;
        }
        EXPECT_EQ(decode(encode(32767, law), law), law == G711::mu_law ? 32124 : 32256);
        EXPECT_EQ(decode(encode(-32768, law), law), law == G711::mu_law ? -32124 : -32256);
    }
}

TEST(G711, ConversionThereAndBackChangesOneStepAtMost) {
    const auto mu_step = [](int code) { return (code ^ 0xFF) & 0x7F; };
    const auto a_step = [](int code) { return (code ^ 0x55) & 0x7F; };
    for (int i = 0; i < 256; ++i) {
        const auto code = static_cast<std::uint8_t>(i);
        const int mu = a_law_to_mu_law(mu_law_to_a_law(code));
        EXPECT_EQ(mu & 0x80, i & 0x80);
        EXPECT_LE(std::abs(mu_step(mu) - mu_step(i)), 1) << "mu-law " << i;
        const int a = mu_law_to_a_law(a_law_to_mu_law(code));
        EXPECT_EQ(a & 0x80, i & 0x80);
        EXPECT_LE(std::abs(a_step(a) - a_step(i)), 1) << "A-law " << i;
    }
}

TEST(G711, ConversionStaysWithinOneStep) {
    for (int i = 0; i < 256; ++i) {
        const auto code = static_cast<std::uint8_t>(i);
        const int mu = decode_mu_law(code);
        const int a = decode_a_law(mu_law_to_a_law(code));
        EXPECT_LE(std::abs(a - mu), std::max(12, std::abs(mu) / 22)) << "mu-law " << i;
        const int from = decode_a_law(code);
        const int to = decode_mu_law(a_law_to_mu_law(code));
        EXPECT_LE(std::abs(to - from), std::max(12, std::abs(from) / 22)) << "A-law " << i;
    }
}

// Single lines of Tables 3 and 4 where the nearest value would be another.
TEST(G711, ConversionFollowsTheTables) {
    const auto mu_code = [](int step) { return static_cast<std::uint8_t>(0xFF ^ step); };
    const auto a_code = [](int step) { return static_cast<std::uint8_t>(0xD5 ^ step); };
    const std::array<std::array<int, 2>, 6> mu_to_a = {
        {{0, 0}, {35, 30}, {48, 45}, {64, 63}, {80, 79}, {127, 127}}};
    for (const auto& [mu, a] : mu_to_a) {
        EXPECT_EQ(mu_law_to_a_law(mu_code(mu)), a_code(a)) << mu;
    }
    const std::array<std::array<int, 2>, 6> a_to_mu = {
        {{0, 1}, {31, 35}, {45, 48}, {79, 80}, {80, 80}, {127, 127}}};
    for (const auto& [a, mu] : a_to_mu) {
        EXPECT_EQ(a_law_to_mu_law(a_code(a)), mu_code(mu)) << a;
    }
}

TEST(G711, ConvertsInPlace) {
    std::array<std::uint8_t, 3> codes = {0x80, 0xFF, 0x00};
    convert(codes, G711::mu_law, G711::mu_law);
    EXPECT_EQ(codes, (std::array<std::uint8_t, 3>{0x80, 0xFF, 0x00}));
    convert(codes, G711::mu_law, G711::a_law);
    EXPECT_EQ(codes, (std::array<std::uint8_t, 3>{0xAA, 0xD5, 0x2A}));
}

}  // namespace
}  // namespace lanze::media
