#!/usr/bin/env bash
# Inside the virtual machine: bluetoothd ends and comes back, the adapter is switched off, while HEAR listens.
# usage: lost_guest.sh HEAR SPEC
set -u
power() { dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 org.freedesktop.DBus.Properties.Set string:org.bluez.Adapter1 string:Powered variant:boolean:"$1" > /dev/null; }
heard() { wc -l < "$OUT/heard"; }
"$1" "$2" 28 > "$OUT/heard" 2> "$OUT/standing" &
hearing=$!
sleep 8
# Killed: told to end, it switches the adapter off, and the simulated controller does not come back from that.
kill -KILL "$(pidof bluetoothd)"
sleep 4
echo "first $(heard)" > "$OUT/counts"
/usr/libexec/bluetooth/bluetoothd -n --experimental > "$OUT/bluetoothd.second.log" 2>&1 &
sleep 8
echo "restarted $(heard)" >> "$OUT/counts"
power false
sleep 4
echo "off $(heard)" >> "$OUT/counts"
wait "$hearing"
