// Ids: every kind of thing is numbered by a type of its own, so that no id is taken for another.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace lanze {

// A number that names one thing of kind `Tag`. 0 means "none" and is never given to a thing.
template <typename Tag, typename Rep = std::uint32_t>
class Id {
public:
    using Representation = Rep;

    constexpr Id() = default;
    constexpr explicit Id(Rep value) : value_(value) {}

    constexpr Rep value() const { return value_; }
    constexpr bool is_set() const { return value_ != 0; }

    friend constexpr auto operator<=>(Id, Id) = default;

private:
    Rep value_ = 0;
};

}  // namespace lanze

template <typename Tag, typename Rep>
struct std::hash<lanze::Id<Tag, Rep>> {
    std::size_t operator()(lanze::Id<Tag, Rep> id) const noexcept {
        return std::hash<Rep>{}(id.value());
    }
};
