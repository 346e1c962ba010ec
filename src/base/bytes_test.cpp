#include "base/bytes.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>

namespace lanze {
namespace {

std::string number_bytes(std::uint64_t value) {
    ByteWriter writer;
    writer.number(value);
    return writer.take();
}

TEST(Bytes, writes_numbers_as_leb128) {
    struct Row {
        std::uint64_t value;
        std::string bytes;
    };
    const Row rows[] = {
        {0, std::string(1, '\0')},
        {1, "\x01"},
        {127, "\x7f"},
        {128, std::string("\x80\x01", 2)},
        {300, "\xac\x02"},
        {16383, "\xff\x7f"},
        {std::numeric_limits<std::uint64_t>::max(), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(number_bytes(row.value), row.bytes) << row.value;
        ByteReader reader(row.bytes);
        EXPECT_EQ(reader.number(), row.value);
        EXPECT_TRUE(reader.is_at_end());
        EXPECT_FALSE(reader.has_failed());
    }
}

TEST(Bytes, keeps_small_signed_numbers_short) {
    for (const std::int64_t value : {0, 1, -1, 63, -64}) {
        ByteWriter writer;
        writer.signed_number(value);
        EXPECT_EQ(writer.bytes().size(), 1U) << value;
    }
}

TEST(Bytes, reads_every_signed_number_back) {
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t value :
         {Limits::min(), Limits::min() + 1, std::int64_t{-65}, std::int64_t{-1}, std::int64_t{0},
          std::int64_t{64}, Limits::max()}) {
        ByteWriter writer;
        writer.signed_number(value);
        ByteReader reader(writer.bytes());
        EXPECT_EQ(reader.signed_number(), value);
        EXPECT_TRUE(reader.is_at_end());
    }
}

TEST(Bytes, reads_a_mixed_record_back) {
    ByteWriter writer;
    writer.text("sales");
    writer.fixed64(0x0123456789abcdefULL);
    writer.text("");
    writer.raw("tail");
    const std::string bytes = writer.take();
    ByteReader reader(bytes);
    EXPECT_EQ(reader.text(), "sales");
    EXPECT_EQ(reader.fixed64(), 0x0123456789abcdefULL);
    EXPECT_EQ(reader.text(), "");
    EXPECT_EQ(reader.remaining(), 4U);
    EXPECT_EQ(reader.raw(4), "tail");
    EXPECT_TRUE(reader.is_at_end());
    EXPECT_FALSE(reader.has_failed());
}

TEST(Bytes, writes_fixed_numbers_little_end_first) {
    ByteWriter writer;
    writer.fixed64(0x0807060504030201ULL);
    EXPECT_EQ(writer.bytes(), "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(Bytes, fails_at_every_place_where_a_record_is_cut) {
    ByteWriter writer;
    writer.text("a queue");
    writer.number(1'000'000);
    writer.fixed64(7);
    const std::string whole = writer.take();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        ByteReader reader(std::string_view(whole).substr(0, size));
        (void)reader.text();
        (void)reader.number();
        (void)reader.fixed64();
        EXPECT_TRUE(reader.has_failed()) << size;
    }
}

TEST(Bytes, gives_nothing_after_the_first_bad_read) {
    const std::string bytes(
        "\x05"
        "ab",
        3);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.text(), "");
    EXPECT_TRUE(reader.has_failed());
    EXPECT_EQ(reader.number(), 0U);
    EXPECT_EQ(reader.fixed64(), 0U);
    EXPECT_EQ(reader.raw(1), "");
    EXPECT_EQ(reader.remaining(), 0U);
}

TEST(Bytes, refuses_a_length_beyond_memory) {
    const std::string bytes = number_bytes(std::numeric_limits<std::uint64_t>::max()) + "x";
    ByteReader reader(bytes);
    EXPECT_EQ(reader.text(), "");
    EXPECT_TRUE(reader.has_failed());
}

TEST(Bytes, refuses_a_number_that_never_ends) {
    const std::string bytes(11, '\xff');
    ByteReader reader(bytes);
    EXPECT_EQ(reader.number(), 0U);
    EXPECT_TRUE(reader.has_failed());
}

}  // namespace
}  // namespace lanze
