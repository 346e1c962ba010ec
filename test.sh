#!/usr/bin/env bash
# Installs what is missing, builds, and passes every test that fits into a few minutes: unit tests
# under AddressSanitizer and UndefinedBehaviorSanitizer, the tree's own rules, the page, end to end.
# The last line gives the totals.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source packaging/count.sh

packaging/install.sh build page run test
packaging/page.sh build

cmake --preset dev
cmake --build --preset dev -j "$(nproc)"
cmake --preset release
cmake --build --preset release --target lanze -j "$(nproc)"

run_ctest build/dev
run_script "page: types" packaging/page.sh check
run_script "page: tests" packaging/page.sh test
run_script "page: in a browser" packaging/page.sh e2e
run_script "page: with the centre" packaging/page.sh e2e:live
run_script "page: the telephone" packaging/page.sh e2e:phone
run_script "page: callers in browsers" packaging/page.sh e2e:call
if [ -x tests/e2e/run.sh ]; then
    run_script "end to end" tests/e2e/run.sh
fi

print_totals
