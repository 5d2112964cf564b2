#!/usr/bin/env bash
# `vigie watch --sensor hci:0` against a Linux Bluetooth stack in a virtual machine whose controller plays a scenario: a
# crowd that turns over, and tags that stay. Says what was heard of what was played, and what the controller was told to do;
# then the adapter is pulled out and put in again while we listen. Fails when something was transmitted, missed, or left
# changed. Simulated radio.
#
#   scripts/vm/watch-hci.sh [FOLDER]      what is written goes to FOLDER (a temporary one without)
#
# VIGIE names the program (default: target/debug/vigie). The machine lies outside of the repository: ../shared/testbench/bluez-vm
# beside the clone, or BLUEZ_VM.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
machine=${BLUEZ_VM:-$root/../shared/testbench/bluez-vm}
vigie=${VIGIE:-${CARGO_TARGET_DIR:-$root/target}/debug/vigie}
devices=${DEVICES:-40} seconds=${SECONDS_PLAYED:-24}

skip() {
    printf 'SKIPPED vm/watch-hci: %s\n' "$*"
    [ -z "${VIGIE_SKIPPED:-}" ] || printf 'vm/watch-hci: %s\n' "$*" >> "$VIGIE_SKIPPED"
    exit 0
}
[ -x "$machine/run.sh" ] || skip "there is no virtual machine at $machine"
for needed in qemu-system-x86_64 busybox btmon hciconfig python3; do
    command -v "$needed" > /dev/null || skip "$needed is missing (Debian: qemu-system-x86 busybox-static bluez python3)"
done
[ -x "$vigie" ] || { echo "no program at $vigie: cargo build -p vigie, or set VIGIE" >&2; exit 1; }

out=${1:-$(mktemp -d)}
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
python3 "$here/watch_hci_figures.py" "$out/scenario.jsonl" "$out"
