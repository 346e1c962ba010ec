#include "counted_memory.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

#include "base/check.h"

namespace {

// `operator new` is told nothing but a size, so where to count must stand beside it. Null: nothing
// is counted, and measured times carry no more than a comparison.
thread_local std::int64_t* counted = nullptr;

void* allocate(std::size_t size) {
    void* block = std::malloc(size == 0 ? 1 : size);
    LANZE_CHECK(block != nullptr);
    if (counted != nullptr) {
        *counted += static_cast<std::int64_t>(::malloc_usable_size(block));
    }
    return block;
}

void release(void* block) {
    if (counted != nullptr && block != nullptr) {
        *counted -= static_cast<std::int64_t>(::malloc_usable_size(block));
    }
    std::free(block);
}

}  // namespace

namespace lanze::bench {

CountedMemory::CountedMemory(std::int64_t& bytes) {
    LANZE_CHECK(counted == nullptr);
    counted = &bytes;
}

CountedMemory::~CountedMemory() {
    counted = nullptr;
}

}  // namespace lanze::bench

// All forms that are not over-aligned: those of the allocator's own library do not call each other.
void* operator new(std::size_t size) {
    return allocate(size);
}

void* operator new[](std::size_t size) {
    return allocate(size);
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate(size);
}

void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate(size);
}

void operator delete(void* block) noexcept {
    release(block);
}

void operator delete[](void* block) noexcept {
    release(block);
}

void operator delete(void* block, std::size_t /*size*/) noexcept {
    release(block);
}

void operator delete[](void* block, std::size_t /*size*/) noexcept {
    release(block);
}
