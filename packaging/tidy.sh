#!/usr/bin/env bash
# clang-tidy on every .cpp of src/ but the tests, from the compile commands of the preset `tidy`.
# A file that was found clean is not looked at again until it, a header of it or .clang-tidy
# changes: clean files are remembered by a hash of what the preprocessor makes of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export clean="${XDG_CACHE_HOME:-$HOME/.cache}/lanze-tidy"
mkdir -p "$clean"

check_one() {
    local file="$1" key output
    key="$({ cat .clang-tidy; clang-tidy-16 --version
        clang++-16 -std=c++20 -E -C -P -Isrc "$file"; } 2>/dev/null | sha256sum | cut -d' ' -f1)"
    if [ -e "$clean/$key" ]; then
        return 0
    fi
    if output="$(clang-tidy-16 --quiet -p build/tidy "$file" 2>/dev/null)"; then
        touch "$clean/$key"
    else
        echo "$output"
        return 1
    fi
}
export -f check_one

find src -name '*.cpp' ! -name '*_test.cpp' -print0 |
    xargs -0 -n 1 -P "${LANZE_TIDY_JOBS:-$(nproc)}" bash -c 'check_one "$1"' -
# Forget what was clean a month ago.
find "$clean" -type f -mtime +30 -delete
