#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace lanze {

void check_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "lanze: bug: %s does not hold (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace lanze
