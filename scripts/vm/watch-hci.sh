#!/usr/bin/env bash
# `vigie watch --sensor hci:0` against a Linux Bluetooth stack in a virtual machine whose controller plays a scenario: a
# crowd that turns over, and tags that stay. Says what was heard of what was played, and what the controller was told to do;
# then the adapter is pulled out and put in again, and the clock set back by an hour, while we listen. Fails when something was transmitted, missed, or left
# changed. Simulated radio.
#
#   scripts/vm/watch-hci.sh [FOLDER]      what is written goes to FOLDER (a temporary one without)
#
# VIGIE names the program; without, it is built. The machine lies outside of the repository: ../shared/testbench/bluez-vm beside
# the clone, or BLUEZ_VM. Needs (Debian): qemu-system-x86 busybox-static kmod bluez dbus python3. About three minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
machine=${BLUEZ_VM:-$root/../shared/testbench/bluez-vm}
devices=${DEVICES:-40} seconds=${SECONDS_PLAYED:-24}

skip() {
    printf 'SKIPPED vm/watch-hci: %s\n' "$*"
    [ -z "${VIGIE_SKIPPED:-}" ] || printf 'vm/watch-hci: %s\n' "$*" >> "$VIGIE_SKIPPED"
    exit 0
}
[ -x "$machine/run.sh" ] || skip "there is no virtual machine at $machine"
for needed in qemu-system-x86_64 busybox btmon hciconfig dbus-daemon python3; do
    command -v "$needed" > /dev/null || skip "$needed is missing (Debian: apt-get install qemu-system-x86 busybox-static kmod bluez dbus python3)"
done
if [ -z "${VIGIE:-}" ]; then
    (cd "$root" && cargo build --locked -q -p vigie)
    target=$(cd "$root" && cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
    VIGIE=$target/debug/vigie
fi
vigie=$(realpath "$VIGIE")

out=${1:-}
[ -n "$out" ] || { out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; }
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -rf "$out"/case "$out"/case-pulled
python3 "$here/turnover_scenario.py" "$devices" "$seconds" > "$out/scenario.jsonl"
cd "$root"
OUT=$out ONCE=1 BLUEZ_VM_SECONDS=${BLUEZ_VM_SECONDS:-300} "$machine/run.sh" "$out/scenario.jsonl" \
    bash "$here/watch_hci_guest.sh" "$vigie" "$((seconds + 6))" "$machine" "$out/scenario.jsonl"
for case in case case-pulled; do
    "$vigie" decode --json "$out/$case"/recordings/*.pcapng > "$out/$case.frames"
done
"$vigie" replay --json --profile on-person "$out/case-pulled" > "$out/case-pulled.replayed" 2> /dev/null
python3 "$here/watch_hci_figures.py" "$out/scenario.jsonl" "$out"
