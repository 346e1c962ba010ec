#!/usr/bin/env bash
# Passes the end-to-end tests that are fast enough for every day, with the program as it is built in
# build/release. The last line gives the totals. LANZE_PROGRAM names another program to test,
# LANZE_KEEP=1 keeps the folders of the centres. An argument runs only the files of that name.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../packaging/count.sh

for file in ${1:-answers torture tcp message load phones kamailio trunk crash lost_bye hours reload transfer consult outside judged why oidc}; do
    if [ -f "$file.mjs" ]; then
        run_script "$file" node "$file.mjs"
    fi
done
print_totals
