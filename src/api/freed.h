// Freed: what a C library has made is given back to it by its own function.
#pragma once

namespace lanze::api {

// A deleter for std::unique_ptr.
template <auto give_back>
struct Freed {
    template <typename T>
    void operator()(T* thing) const {
        give_back(thing);
    }
};

}  // namespace lanze::api
