#include "journal/batch_codec.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/codec_fixture.h"
#include "core/floor.h"

namespace lanze::journal {
namespace {

class OldBatchTest : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, OldBatchTest, ::testing::Values(1, 2, 3));

// A batch of 400 commands as an older version wrote it, and the floor it left: written once, by
// that version, and never again.
TEST_P(OldBatchTest, RebuildsItsFloor) {
    std::ifstream corpus("tests/corpus/codec_v" + std::to_string(GetParam()) + ".txt");
    std::string bytes;
    std::string state;
    for (std::string kind; corpus >> kind;) {
        std::string rest;
        std::getline(corpus >> std::ws, rest);
        bytes = kind == "batch" ? core::from_hex(rest) : bytes;
        state = kind == "state" ? rest : state;
    }
    core::PlainCodebook book;
    const auto decisions = decode_decisions(bytes, book);
    ASSERT_TRUE(decisions);
    core::Floor floor;
    for (const ports::Decision& decision : *decisions) {
        for (const core::Event& event : decision.events) {
            floor.apply(event, decision.at);
        }
    }
    std::string actual;
    for (const core::Agent& agent : floor.agents()) {
        actual += std::to_string(agent.activity.index()) + (agent.is_ready() ? "r " : " ");
    }
    actual += "contacts " + std::to_string(floor.contacts().size()) + " next " +
              std::to_string(floor.next_contact().value()) + " " +
              std::to_string(floor.next_presentation().value());
    EXPECT_EQ(actual, state);
}

TEST(BatchCodecTest, RefusesAVersionThatIsYetToCome) {
    core::PlainCodebook book;
    std::string bytes = encode_decisions({}, book);
    EXPECT_TRUE(decode_decisions(bytes, book));
    bytes[0] = static_cast<char>(core::kCodecVersion + 1);
    EXPECT_FALSE(decode_decisions(bytes, book));
    bytes[0] = 0;
    EXPECT_FALSE(decode_decisions(bytes, book));
}

}  // namespace
}  // namespace lanze::journal
