#!/usr/bin/env bash
# The end-to-end tests that take minutes: load over 90 s, so that what collapses only when SIP's
# 32 s timers have run shows; a session timer, which RFC 4028 does not let be below 90 s; a provider
# whose servers say nothing. The last line gives the totals.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../packaging/count.sh

run_script "load, long" node load.mjs --long
run_script "session_timer" node session_timer.mjs
run_script "trunk, long" node trunk.mjs --long
run_script "ten phones in browsers" ../../packaging/page.sh e2e:ten
run_script "phone by TURN" ../../packaging/page.sh e2e:turn
print_totals
