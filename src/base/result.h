// Result: a value or the error that stood in its way; spelled like std::expected, which g++ 12
// lacks.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"

namespace lanze {

// Wraps an error so that it converts to any Result with that error type.
template <typename E>
class Unexpected {
public:
    constexpr explicit Unexpected(E error) : error_(std::move(error)) {}
    constexpr const E& error() const& { return error_; }
    constexpr E&& error() && { return std::move(error_); }

private:
    E error_;
};

// Holds a T, or an E that says why there is none. Reading the wrong one is a bug.
template <typename T, typename E>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = E;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
    template <typename G>
        requires std::is_constructible_v<E, G>
    Result(Unexpected<G> error)  // NOLINT: implicit, as in std::expected
        : state_(std::in_place_index<1>, std::move(error).error()) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return checked_value(*this); }
    const T& value() const& { return checked_value(*this); }
    T&& value() && { return std::move(checked_value(*this)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const E& error() const {
        LANZE_CHECK(!has_value());
        return *std::get_if<1>(&state_);
    }

private:
    template <typename Self>
    static auto& checked_value(Self& self) {
        LANZE_CHECK(self.has_value());
        return *std::get_if<0>(&self.state_);
    }

    std::variant<T, E> state_;
};

// The form for work that yields nothing but may fail.
template <typename E>
class [[nodiscard]] Result<void, E> {
public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    template <typename G>
        requires std::is_constructible_v<E, G>
    Result(Unexpected<G> error) : state_(std::move(error).error()) {}  // NOLINT: implicit

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    const E& error() const {
        LANZE_CHECK(!has_value());
        return *std::get_if<E>(&state_);
    }

private:
    std::variant<std::monostate, E> state_;
};

}  // namespace lanze
