#include "api/thanks.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

class ThanksTest : public testing::Test {
protected:
    Thanks thanks = std::move(*Thanks::open(":memory:"));
};

TEST_F(ThanksTest, AnAgentReadsAndRemovesHisOwn) {
    EXPECT_TRUE(thanks.add("anna", {0, "so patient", "bank", "greta", test_time()}));
    EXPECT_TRUE(thanks.add("anna", {0, "so quick", "", "greta", test_time()}));
    EXPECT_TRUE(thanks.add("ben", {0, "so kind", "bank", "greta", test_time()}));
    const auto of_anna = thanks.of("anna");
    ASSERT_EQ(of_anna.size(), 2U);
    EXPECT_EQ(of_anna[0].text, "so quick");
    EXPECT_EQ(of_anna[1], (Thank{of_anna[1].id, "so patient", "bank", "greta", test_time()}));
    EXPECT_FALSE(thanks.remove("ben", of_anna[0].id)) << "not his";
    EXPECT_TRUE(thanks.remove("anna", of_anna[0].id));
    EXPECT_FALSE(thanks.remove("anna", of_anna[0].id));
    EXPECT_EQ(thanks.of("anna").size(), 1U);
    EXPECT_TRUE(thanks.of("nobody").empty());
}

TEST_F(ThanksTest, TheOldestGoesWhenThereAreTooMany) {
    for (std::size_t i = 0; i <= Thanks::kPerAgentMax; ++i) {
        EXPECT_TRUE(thanks.add("anna", {0, std::to_string(i), "", "greta", test_time()}));
    }
    const auto kept = thanks.of("anna");
    EXPECT_EQ(kept.size(), Thanks::kPerAgentMax);
    EXPECT_EQ(kept.back().text, "1");
}

}  // namespace
}  // namespace lanze::api
