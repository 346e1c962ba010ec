// LANZE_CHECK: a bug ends the process in every build; the journal brings it back to a known state.
#pragma once

namespace lanze {

// Prints what did not hold and where, then aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace lanze

#define LANZE_CHECK(condition)                                     \
    do {                                                           \
        if (!(condition)) [[unlikely]] {                           \
            ::lanze::check_failed(#condition, __FILE__, __LINE__); \
        }                                                          \
    } while (false)
