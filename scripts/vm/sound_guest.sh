#!/usr/bin/env bash
# Inside the virtual machine: makes the tag of the scenario sound. usage: sound_guest.sh VIGIE
set -u
mkdir -p /tmp/case
# Nobody confirms: nothing may be transmitted.
"$1" sound F0:F1:F2:F3:F4:F5 --sensor bluez:hci0 --lang fr < /dev/null > "$OUT/unconfirmed" 2>&1
echo "status $?" >> "$OUT/unconfirmed"
grep -c "GATT WRITE" "$OUT/advertisers.log" > "$OUT/unconfirmed.writes"
"$1" sound f0:f1:f2:f3:f4:f5 --sensor bluez:hci0 --yes --case /tmp/case --by "A. Example" --lang en > "$OUT/sound" 2>&1
echo "status $?" >> "$OUT/sound"
python3 -c "import sqlite3; [print(*row) for row in sqlite3.connect('/tmp/case/case.db').execute('SELECT who, what, about, detail FROM act')]" > "$OUT/acts"
sleep 1
dbus-send --system --print-reply --dest=org.bluez / org.freedesktop.DBus.ObjectManager.GetManagedObjects | grep -A1 '"Connected"' | grep -c "boolean true" > "$OUT/still_connected" || true
