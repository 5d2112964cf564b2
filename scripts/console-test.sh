#!/usr/bin/env bash
# Looks at the console in Chromium as a person would: from blind to act, both languages, phone and laptop, keyboard alone,
# axe-core, a deaf sensor, a lost connection, a day of a thousand rows; no request may leave the machine.
#
#   scripts/console-test.sh [FOLDER]      screenshots go to FOLDER (target/console-screenshots without)
#
# VIGIE names the program; without, it is built. CHROMIUM names the browser. Needs (Debian): nodejs npm chromium. About two minutes.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

skip() {
    printf 'SKIPPED console-test: %s\n' "$*"
    [ -z "${VIGIE_SKIPPED:-}" ] || printf 'console-test: %s\n' "$*" >> "$VIGIE_SKIPPED"
    exit 0
}
CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
for needed in node npm "${CHROMIUM:-chromium}"; do
    command -v "$needed" > /dev/null || skip "$needed is missing (Debian: apt-get install nodejs npm chromium)"
done
out=${1:-$root/target/console-screenshots}
mkdir -p "$out"
out=$(cd "$out" && pwd)
if [ -z "${VIGIE:-}" ]; then
    (cd "$root" && cargo build --locked -q -p vigie)
    target=$(cd "$root" && cargo metadata --format-version 1 --no-deps | node -e 'console.log(JSON.parse(require("fs").readFileSync(0)).target_directory)')
    VIGIE=$target/debug/vigie
fi
VIGIE=$(realpath "$VIGIE")
export VIGIE CHROMIUM
cd "$root/scripts/console"
npm ci --ignore-scripts --no-audit --no-fund --silent
node checks.mjs "$out"
