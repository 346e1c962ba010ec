#!/usr/bin/env bash
# Installs the Debian packages of the named sections of debian-packages.txt that are missing.
# Usage: packaging/install.sh SECTION...   Nothing is downloaded when all of them are there.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

packages_of() {
    awk -v section="[$1]" '
        /^[[:space:]]*(#|$)/ { next }
        /^\[/ { is_inside = ($0 == section); next }
        is_inside { print }' "$here/debian-packages.txt"
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if ! command -v dpkg-query >/dev/null; then
    echo "install.sh: not a Debian system; see packaging/debian-packages.txt for what is needed" >&2
    exit 0
fi

missing=()
for section in "$@"; do
    # Whoever brought a node of their own keeps it.
    if [ "$section" = page ] && command -v npm >/dev/null; then
        continue
    fi
    for package in $(packages_of "$section"); do
        is_installed "$package" || missing+=("$package")
    done
done
[ "${#missing[@]}" -gt 0 ] || exit 0

echo "Installing ${missing[*]}"
as_root apt-get -qq update
as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    "${missing[@]}" >/dev/null
