#!/usr/bin/env python3
"""What was heard of what was played, and what the controller was told to do. Fails when something was transmitted.

usage: turnover_figures.py SCENARIO.jsonl OUT [active]
"""
import collections
import json
import sys

from air import air, transmitted

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

told = air(f"{out}/air")
print("told to the controller:", ", ".join(f"{name} {n}" for name, n in told.items()))
same = open(f"{out}/before").read() == open(f"{out}/after").read()
print("adapter afterwards:", "as found" if same else "CHANGED")
bad = []
sent_out = [name for name in transmitted(told) if not (active and name == "active scans")]
bad.extend(sent_out)
if not told["passive scans"] and not active:
    bad.append("no passive scan at all")
if some_tags < len(tags):
    bad.append("a tag unheard")
if not same:
    bad.append("the adapter is not as it was found")
if bad:
    print("FAILED:", ", ".join(bad))
    sys.exit(1)
