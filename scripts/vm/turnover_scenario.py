#!/usr/bin/env python3
"""Writes a scenario for the virtual machine: devices that come and go, and two tags that stay (synthetic).

usage: turnover_scenario.py DEVICES SECONDS [STAY] > SCENARIO.jsonl        each device stays for STAY seconds (8)
"""
import json
import random
import sys

devices, seconds = int(sys.argv[1]), float(sys.argv[2])
stay = float(sys.argv[3]) if len(sys.argv) > 3 else 8.0
draw = random.Random(4)


def fit(parts):
    """AD structures from type and data."""
    return "".join(f"{len(bytes.fromhex(p)):02x}{p}" for p in parts)


# What strangers send: one kind for each way of passing bluetoothd's patterns, and one that does not pass.
KINDS = {
    "phone": fit(["011a", "ff4c0010050118aabbcc"]),
    "earbuds": fit(["0106", "ff7500420401200102"]),
    "sensor": fit(["0106", "16d2fc40001234"]),
    "beacon without flags": fit(["03aafe", "16aafe1000112233"]),
    "name only": fit(["09" + b"Lamp-1".hex()]),
}
TAG = fit(["ff4c00121910" + "5a" * 22 + "0100"])
DULT = fit(["16b2fc0100" + "c3" * 8])

lines = []


def advertise(address, payload, start, end, interval, level):
    t = start
    while t < end:
        lines.append({"t": round(t, 3), "address": address, "address_type": "random", "payload": payload,
                      "rssi": level + draw.randint(-6, 6)})
        t += interval + draw.uniform(0, 0.01)


advertise("F1:00:00:00:00:01", TAG, 0.3, seconds, 2.0, -58)
advertise("C2:00:00:00:00:02", DULT, 0.7, seconds, 2.0, -66)
names = list(KINDS)
for n in range(devices):
    start = n * (seconds - stay) / devices
    kind = names[n % len(names)]
    advertise(f"{0x40 + n % 0x40:02X}:00:00:00:{names.index(kind):02X}:{n:02X}", KINDS[kind], start, start + stay, 0.5, -75)
for line in sorted(lines, key=lambda l: l["t"]):
    print(json.dumps(line))
