#!/usr/bin/env bash
# The page in ui/: `page.sh build` brings ui/dist up to date, `page.sh check`, `page.sh test`,
# `page.sh e2e` (the built page in Chromium) run its checks; with the real centre `page.sh e2e:live`,
# and `e2e:phone`, `e2e:call`, `e2e:ten`, `e2e:turn`, `e2e:consult` with the telephone in it. What has not changed since the last
# time is not done again.
set -euo pipefail
ui="$(cd "$(dirname "${BASH_SOURCE[0]}")/../ui" && pwd)"

# Installs what package-lock.json names when it is another than at the last time. Not by `npm ci`:
# npm 11 refuses a lock file that names the packages of our platforms alone (esbuild's, rollup's).
install_modules() {
    local stamp="$ui/node_modules/.lanze-lock"
    cmp -s "$ui/package-lock.json" "$stamp" && return
    (cd "$ui" && npm install --no-save --no-audit --no-fund --loglevel=error)
    cp "$ui/package-lock.json" "$stamp"
}

is_dist_current() {
    [ -f "$ui/dist/index.html" ] || return 1
    local newer
    newer="$(find "$ui" -path "$ui/node_modules" -prune -o -path "$ui/dist" -prune -o \
        -type f -newer "$ui/dist/index.html" -print -quit)"
    [ -z "$newer" ]
}

case "${1:-build}" in
    build)
        is_dist_current && exit 0
        install_modules
        cd "$ui" && npm run --silent build
        touch "$ui/dist/index.html"
        ;;
    check | test | e2e | e2e:live | e2e:phone | e2e:call | e2e:ten | e2e:turn | e2e:consult)
        install_modules
        cd "$ui" && npm run --silent "$1"
        ;;
    *)
        echo "usage: page.sh build|check|test|e2e|e2e:live|e2e:phone|e2e:call|e2e:ten|e2e:turn|e2e:consult" >&2
        exit 2
        ;;
esac
