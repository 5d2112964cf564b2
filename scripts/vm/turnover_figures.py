#!/usr/bin/env python3
"""What was heard of what was played, and what the controller was told to do. Fails when something was transmitted.

usage: turnover_figures.py SCENARIO.jsonl OUT [active]
"""
import collections
import json
import re
import sys

scenario, out = sys.argv[1:3]
active = sys.argv[3:] == ["active"]
played = collections.Counter()
for line in open(scenario):
    if line.strip():
        played[json.loads(line)["address"]] += 1
heard = collections.Counter()
payloads = collections.defaultdict(set)
for line in open(f"{out}/heard"):
    address, _, _, *payload = line.split(" ")
    heard[address] += 1
    payloads[address].add(payload[0].strip() if payload else "")
sent = {}
for line in open(scenario):
    if line.strip():
        one = json.loads(line)
        sent[one["address"]] = one["payload"]


def figures(name, addresses):
    addresses = list(addresses)
    p, h = sum(played[a] for a in addresses), sum(heard[a] for a in addresses)
    some = sum(1 for a in addresses if heard[a])
    exact = sum(1 for a in addresses if payloads[a] == {sent[a]})
    print(f"{name:34} devices {some:3} of {len(addresses):3}   sightings {h:5} of {p:5} ({100 * h / max(p, 1):5.1f} %)"
          f"   payload byte for byte {exact:3}")
    return some, len(addresses)


tags = ["F1:00:00:00:00:01", "C2:00:00:00:00:02"]
strangers = [a for a in played if a not in tags]
kinds = ["flags and manufacturer data, Apple", "flags and manufacturer data", "flags and service data", "service data without flags", "name only"]
some_tags, _ = figures("tags that stay", tags)
for n, kind in enumerate(kinds):
    figures(kind, [a for a in strangers if a.split(":")[4] == f"{n:02X}"])
some, of = figures("all", played)

air = open(f"{out}/air", errors="replace").read()
commands = collections.Counter(re.findall(r"^< HCI Command: (.*?) \(", air, re.M))
scans = collections.Counter(re.findall(r"^\s+Type: (Active|Passive) \(0x0", air, re.M))
sends = [c for c in commands if re.search(r"Advertis.*Enable|Create Connection|Extended Create Conn|Inquiry$|Remote Name", c)]
# What bluetoothd itself sets up when it starts is no enabling: only values other than "disabled" count.
enabled = len(re.findall(r"Set (?:Extended )?Advertis\w+ Enable.*\n(?:.*\n)??\s+(?:Advertising|Extended advertising): Enabled", air))
connections = sum(commands[c] for c in commands if "Create Connection" in c)
print(f"scans told to the controller: passive {scans['Passive']}, active {scans['Active']}; advertising enabled {enabled}; connections {connections}")
same = open(f"{out}/before").read() == open(f"{out}/after").read()
print("adapter afterwards:", "as found" if same else "CHANGED")
bad = []
if not active and scans["Active"]:
    bad.append("an active scan")
if enabled:
    bad.append("advertising")
if connections:
    bad.append("a connection")
if not scans["Passive"] and not active:
    bad.append("no passive scan at all")
if some_tags < len(tags):
    bad.append("a tag unheard")
if not same:
    bad.append("the adapter is not as it was found")
if bad:
    print("FAILED:", ", ".join(bad))
    sys.exit(1)
