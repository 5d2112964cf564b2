#!/usr/bin/env bash
# Inside the virtual machine: usage: watch_alert_guest.sh VIGIE SENSOR SECONDS
set -u
btmon -w "$OUT/air.snoop" > /dev/null 2>&1 &
monitor=$!
sleep 1
# In the guest's memory first: SQLite cannot share memory on the folder from the host.
"$1" watch --sensor "V1=$2" --for "$3s" --json --profile on-person --case /tmp/case > "$OUT/case.jsonl" 2> "$OUT/said"
echo "$?" > "$OUT/watch.status"
cp -r /tmp/case "$OUT/case"
sleep 1
kill "$monitor"
wait "$monitor" 2> /dev/null
btmon -r "$OUT/air.snoop" > "$OUT/air" 2>&1
