#!/usr/bin/env bash
# Installs what is missing, builds Lanze and its page, and runs the example centre.
# Usage: ./run.sh [--quiet] [option of `lanze serve`...]   Ctrl-C ends it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

options=()
is_quiet=no
for argument in "$@"; do
    case "$argument" in
        --quiet) is_quiet=yes ;;
        *) options+=("$argument") ;;
    esac
done

build() {
    packaging/install.sh build page
    packaging/page.sh build
    cmake --preset release
    cmake --build --preset release --target lanze -j "$(nproc)"
}

if [ "$is_quiet" = yes ]; then
    mkdir -p build
    build >build/run.log 2>&1 || { tail -n 40 build/run.log >&2; exit 1; }
else
    build
fi

exec build/release/lanze serve --config examples/hanse/lanze.toml \
    --database examples/hanse/lanze.db "${options[@]}"
