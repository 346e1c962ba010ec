// CountedMemory: how many bytes the program has got from the allocator and not given back.
#pragma once

#include <cstdint>

namespace lanze::bench {

// Counts from its construction to its destruction, on this thread, what `new` hands out and
// `delete` takes back; one at a time. Programs that include this have their own `operator new`.
class CountedMemory {
public:
    // Adds what happens in its life to `bytes`: what blocks really occupy, not what was asked for.
    explicit CountedMemory(std::int64_t& bytes);
    CountedMemory(const CountedMemory&) = delete;
    CountedMemory& operator=(const CountedMemory&) = delete;
    ~CountedMemory();
};

}  // namespace lanze::bench
