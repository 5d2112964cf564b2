#!/usr/bin/env python3
"""Whether every loss was stated, and hearing went on once bluetoothd was back. usage: lost_figures.py OUT"""
import re
import sys

out = sys.argv[1]
counts = dict(line.split() for line in open(f"{out}/counts"))
counts = {name: int(n) for name, n in counts.items()}
stated = []
for condition, detail in re.findall(r'Status\((\w+), [^,]*, "(.*)"\)', open(f"{out}/standing").read()):
    if not stated or stated[-1][0] != condition:
        stated.append((condition, detail))
for condition, detail in stated:
    print(f"  {condition:12} {detail}")
print("sightings:", ", ".join(f"{name} {n}" for name, n in counts.items()))
# Switched off, the simulated controller is gone for good: stated as well, but coming back from that cannot be seen here.
wanted = ["Listening", "Unplugged", "Listening", "Failing", "Unplugged"]
bad = []
rest = iter(c for c, _ in stated)
if not all(any(c == w for c in rest) for w in wanted):
    bad.append(f"not stated in this order: {wanted}")
if not 0 < counts["first"] < counts["restarted"]:
    bad.append("did not hear again")
if bad:
    print("FAILED:", "; ".join(bad))
    sys.exit(1)
