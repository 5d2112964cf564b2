#!/usr/bin/env bash
# Inside the virtual machine: what the air interface did while HEAR listened. usage: turnover_guest.sh HEAR SPEC SECONDS
set -u
state() { dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 org.freedesktop.DBus.Properties.GetAll string:org.bluez.Adapter1 | tail -n +2; }
btmon -w "$OUT/air.snoop" > "$OUT/btmon.log" 2>&1 &
monitor=$!
sleep 1
state > "$OUT/before"
"$1" "$2" "$3" > "$OUT/heard" 2> "$OUT/standing"
sleep 1
state > "$OUT/after"
kill "$monitor"
wait "$monitor" 2> /dev/null
btmon -r "$OUT/air.snoop" > "$OUT/air" 2>&1
