#!/usr/bin/env bash
# The end-to-end tests that take minutes: load over 90 s, so that what collapses only when SIP's
# 32 s timers have run shows. The last line gives the totals.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../packaging/count.sh

run_script "load, long" node load.mjs --long
print_totals
