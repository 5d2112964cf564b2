#!/usr/bin/env bash
# Inside the virtual machine: usage: watch_hci_guest.sh VIGIE SECONDS MACHINE SCENARIO
set -u
vigie=$1 seconds=$2 machine=$3 scenario=$4
flags() { hciconfig hci0 | sed -n 3p | tr -d '\t'; }
watch() {
    # In the guest's memory first: SQLite cannot share memory on the folder from the host.
    "$vigie" watch --sensor hci:0 --for "$2s" --json --profile on-person --case "/tmp/$1" > "$OUT/$1.jsonl" 2> "$OUT/$1.said"
    echo "$?" > "$OUT/$1.status"
    cp -r "/tmp/$1" "$OUT/$1"
}
btmon -w "$OUT/air.snoop" > /dev/null 2>&1 &
monitor=$!
sleep 1
flags > "$OUT/before"
watch case "$seconds"
sleep 2
flags > "$OUT/after"

# What cannot be: no such adapter; not permitted; another program has it.
briefly() {
    "${@:3}" "$vigie" watch --sensor "$2" --for 3s --json --case "/tmp/$1" > /dev/null 2> "$OUT/$1.said"
}
briefly absent hci:7
briefly not-permitted hci:0 setpriv --reuid nobody --regid nogroup --clear-groups

# Pulled out for a while, and in again (the player takes long to start here).
player=$(pgrep -f "advertisers.py vhci" | head -1)
python=$(tr '\0' '\n' < "/proc/$player/cmdline" | head -1)
watch case-pulled 75 &
watching=$!
sleep 3
briefly held hci:0
sleep 2
kill "$player"
sleep 4
"$python" "$machine/advertisers.py" vhci "$scenario" > "$OUT/advertisers-again.log" 2>&1 &
sleep 45
# The clock is set back by an hour while it listens.
date -s "@$(($(date +%s) - 3600))" > /dev/null
wait "$watching"
sleep 1
flags > "$OUT/after-pulled"
kill "$monitor"
wait "$monitor" 2> /dev/null
btmon -r "$OUT/air.snoop" > "$OUT/air" 2>&1
