#!/usr/bin/env bash
# `vigie watch` against a Linux Bluetooth stack in a virtual machine, once on `hci:0` and once on `bluez:hci0`, until it has raised an
# alert: a crowd that turns over, and tags that stay. Says what was heard of what was played, when the alert was raised, and what the
# controller was told to do over the whole watch. Fails without an alert on a tag, with one on a passer-by, and when something was
# transmitted. Simulated radio. About ten minutes.
#
#   scripts/vm/watch-alert.sh [FOLDER]      what is written goes to FOLDER (a temporary one without)
#
# VIGIE names the program; without, it is built. The machine lies outside of the repository: ../shared/testbench/bluez-vm beside
# the clone, or BLUEZ_VM. Needs (Debian): qemu-system-x86 busybox-static kmod bluez dbus python3.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
machine=${BLUEZ_VM:-$root/../shared/testbench/bluez-vm}
[ -x "$machine/run.sh" ] || { echo "there is no virtual machine at $machine" >&2; exit 1; }
if [ -z "${VIGIE:-}" ]; then
    (cd "$root" && cargo build --locked -q -p vigie)
    target=$(cd "$root" && cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
    VIGIE=$target/debug/vigie
fi
vigie=$(realpath "$VIGIE") seconds=${SECONDS_PLAYED:-240}

out=${1:-}
[ -n "$out" ] || { out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; }
mkdir -p "$out"
out=$(cd "$out" && pwd)
python3 "$here/turnover_scenario.py" 120 "$seconds" > "$out/scenario.jsonl"
cd "$root"
failed=0
for sensor in hci:0 bluez:hci0; do
    into=$out/${sensor%%:*}
    rm -rf "$into"
    OUT=$into ONCE=1 BLUEZ_VM_SECONDS=$((seconds + 180)) "$machine/run.sh" "$out/scenario.jsonl" \
        bash "$here/watch_alert_guest.sh" "$vigie" "$sensor" "$((seconds + 6))" || true
    "$vigie" decode --json "$into"/case/recordings/*.pcapng > "$into/frames"
    python3 "$here/watch_alert_figures.py" "$sensor" "$out/scenario.jsonl" "$into" || failed=1
done
exit "$failed"
