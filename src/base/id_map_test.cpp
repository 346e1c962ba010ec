#include "base/id_map.h"

#include <gtest/gtest.h>

#include <map>

#include "base/id.h"
#include "base/rng.h"

namespace lanze {
namespace {

using ThingId = Id<struct ThingTag>;

TEST(IdMap, AddsFindsAndRemoves) {
    IdMap<ThingId, int> map;
    EXPECT_EQ(map.find(ThingId{7}), nullptr);
    map.add(ThingId{7}) = 70;
    map.add(ThingId{23}) = 230;  // the same home among sixteen
    ASSERT_NE(map.find(ThingId{23}), nullptr);
    EXPECT_EQ(*map.find(ThingId{23}), 230);
    map.remove(ThingId{7});
    map.remove(ThingId{7});
    EXPECT_EQ(map.find(ThingId{7}), nullptr);
    EXPECT_EQ(*map.find(ThingId{23}), 230);
    EXPECT_EQ(map.size(), 1U);
}

// The same as a std::map, whatever is done: ids that crowd, wrap around and leave holes.
TEST(IdMap, IsAMap) {
    Rng rng(3);
    IdMap<ThingId, std::uint32_t> map;
    std::map<ThingId, std::uint32_t> naive;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        const ThingId id{1 + rng.below(i % 2 == 0 ? 40 : 400)};
        if (rng.below(2) == 0) {
            map.remove(id);
            naive.erase(id);
        } else if (naive.emplace(id, i).second) {
            map.add(id) = i;
        }
        ASSERT_EQ(map.size(), naive.size());
        const ThingId other{1 + rng.below(400)};
        const auto place = naive.find(other);
        const std::uint32_t* found = map.find(other);
        ASSERT_EQ(found != nullptr, place != naive.end());
        ASSERT_TRUE(found == nullptr || *found == place->second);
    }
    for (const auto& [id, value] : naive) {
        ASSERT_NE(map.find(id), nullptr);
        EXPECT_EQ(*map.find(id), value);
    }
}

}  // namespace
}  // namespace lanze
