#!/usr/bin/env bash
# Installs what is missing, builds Lanze and its page, and runs the example centre until Ctrl-C.
# Usage: ./run.sh [--quiet] [option of `lanze serve`...]   --quiet: without the built-in callers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

packaging/install.sh build page run
packaging/page.sh build
cmake --preset release
cmake --build --preset release --target lanze -j "$(nproc)"

exec build/release/lanze serve --config examples/hanse/lanze.toml "$@"
