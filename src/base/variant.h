// Visiting closed sets: one lambda per alternative, and the compiler names the one that is missing.
#pragma once

#include <utility>
#include <variant>

namespace lanze {

template <typename... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;  // clang 16 needs the guide

// match(value, [](const A&) {...}, [](const B&) {...}): std::visit with the variant first.
template <typename Variant, typename... Fs>
decltype(auto) match(Variant&& variant, Fs&&... fs) {
    return std::visit(Overloaded{std::forward<Fs>(fs)...}, std::forward<Variant>(variant));
}

}  // namespace lanze
