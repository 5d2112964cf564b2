#!/usr/bin/env bash
# The receivers over D-Bus against a real bluetoothd in a virtual machine: what is heard, what is transmitted (nothing), what
# happens when bluetoothd or the adapter goes, and a tag that is made to sound. About six minutes.
# The machine itself (../shared/testbench/bluez-vm) is no part of the repository: where it is missing, this says so.
# Needs (Debian): qemu-system-x86 busybox-static kmod bluez dbus python3. Artefacts: OUT_ROOT (default: a temporary folder).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
machine="$PWD/../shared/testbench/bluez-vm/run.sh"

skip() {
    echo "SKIPPED virtual machine with bluetoothd: $*"
    [ -z "${VIGIE_SKIPPED:-}" ] || echo "virtual machine with bluetoothd: $*" >> "$VIGIE_SKIPPED"
    exit 0
}
[ -x "$machine" ] || skip "../shared/testbench/bluez-vm is missing"
for program in qemu-system-x86_64 busybox btmon dbus-daemon python3; do
    command -v "$program" > /dev/null || skip "$program is missing (Debian: apt-get install qemu-system-x86 busybox-static kmod bluez dbus python3)"
done

cargo build --locked -q -p vigie-capture --features live --example hear_bluez
cargo build --locked -q -p vigie
built="$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug"
root="${OUT_ROOT:-}"
[ -n "$root" ] || { root="$(mktemp -d)"; trap 'rm -rf "$root"' EXIT; }
mkdir -p "$root"
failed=0

echo "== Passive, 40 devices that come and go, two tags that stay"
python3 scripts/vm/turnover_scenario.py 40 40 > "$root/turnover.jsonl"
OUT="$root/turnover" ONCE=1 "$machine" "$root/turnover.jsonl" bash scripts/vm/turnover_guest.sh "$built/examples/hear_bluez" bluez:hci0 46
python3 scripts/vm/turnover_figures.py "$root/turnover.jsonl" "$root/turnover" || failed=1

echo "== bluetoothd ends and comes back, the adapter is switched off"
OUT="$root/lost" "$machine" "$root/turnover.jsonl" bash scripts/vm/lost_guest.sh "$built/examples/hear_bluez" bluez:hci0
python3 scripts/vm/lost_figures.py "$root/lost" || failed=1

for kind in dult apple; do
    echo "== A tag is made to sound: $kind"
    echo "{\"gatt\":\"$kind\"}" > "$root/$kind.jsonl"
    OUT="$root/$kind" "$machine" "$root/$kind.jsonl" bash scripts/vm/sound_guest.sh "$built/vigie" || failed=1
    expected="GATT WRITE 0003"
    [ "$kind" = dult ] || expected="GATT WRITE af"
    written="$(grep GATT "$root/$kind/advertisers.log" || true)"
    echo "the tag says: ${written:-nothing}; unconfirmed: $(cat "$root/$kind/unconfirmed.writes") writes; connected afterwards: $(cat "$root/$kind/still_connected")"
    if [ "$written" != "$expected" ] || [ "$(cat "$root/$kind/unconfirmed.writes")" != 0 ] ||
        [ "$(cat "$root/$kind/still_connected")" != 0 ] || ! grep -q '"outcome":"done"' "$root/$kind/acts"; then
        echo "FAILED: $kind"
        failed=1
    fi
done
exit "$failed"
