#!/usr/bin/env bash
# The console of `vigie demo` in a browser. About a minute and a half.
#
#   scripts/console-test.sh [FOLDER]      screenshots go to FOLDER (a temporary one without)
#
# VIGIE names the program; without, it is built. Needs (Debian): chromium nodejs npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skip() {
    printf 'SKIPPED console in a browser: %s\n' "$*"
    [ -z "${VIGIE_SKIPPED:-}" ] || printf 'console in a browser: %s\n' "$*" >> "$VIGIE_SKIPPED"
    exit 0
}
for needed in node npm chromium; do
    command -v "$needed" > /dev/null || skip "$needed is missing (Debian: apt-get install chromium nodejs npm)"
done
if [ -z "${VIGIE:-}" ]; then
    cargo build --locked -q -p vigie
    VIGIE=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/debug/vigie
fi
vigie=$(realpath "$VIGIE")
folder=${1:-}
[ -n "$folder" ] || { folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; }
(cd scripts/console && npm ci --silent --no-audit --no-fund --ignore-scripts)
node scripts/console/console.mjs "$vigie" "$folder"
