#!/usr/bin/env python3
"""Figures of watch-hci.sh, and whether they are right. usage: watch_hci_figures.py SCENARIO.jsonl OUT"""
import collections
import json
import sys

from air import air, transmitted

scenario, out = sys.argv[1:3]
TAGS = ["F1:00:00:00:00:01", "C2:00:00:00:00:02"]
bad = []


def lines(path):
    return [json.loads(line) for line in open(path) if line.strip()]


played, payload = collections.Counter(), {}
for one in lines(scenario):
    played[one["address"]] += 1
    payload[one["address"]] = one["payload"]
heard, whole = collections.Counter(), collections.Counter()
for frame in lines(f"{out}/case.frames"):
    heard[frame["adva"]] += 1
    whole[frame["adva"]] += frame["payload"] == payload.get(frame["adva"])
print(f"frames heard {sum(heard.values())} of {sum(played.values())} played;"
      f" payload byte for byte {sum(whole.values())}; devices {len(heard)} of {len(played)}")
for tag in TAGS:
    print(f"  tag {tag}: {heard[tag]} of {played[tag]}")
    if heard[tag] < 0.95 * played[tag]:
        bad.append(f"tag {tag} missed")
if sum(heard.values()) < 0.95 * sum(played.values()):
    bad.append("frames missed")
if whole != heard:
    bad.append("frames that were not played so")

summary = [one for one in lines(f"{out}/case.jsonl") if one["event"] == "summary"]
if len(summary) != 1 or summary[0]["malformed"]:
    bad.append("no summary, or damage")
else:
    print("summary:", {k: summary[0].get(k) for k in ("frames", "malformed", "emitters", "alerts", "state", "deaf_s")})

told = air(f"{out}/air")
print("told to the controller:", ", ".join(f"{name} {n}" for name, n in told.items()))
if transmitted(told):
    bad.append("something was transmitted")
if told["passive scans"] < 3:
    bad.append("fewer passive scans than openings")

before, after, pulled = (open(f"{out}/{n}").read().strip() for n in ("before", "after", "after-pulled"))
print(f"adapter before '{before}', after '{after}', after it was pulled out and put in '{pulled}'")
if not before == after == pulled:
    bad.append("the adapter is not as it was found")

notices = [(one["kind"], one.get("sensor")) for one in lines(f"{out}/case-pulled.jsonl") if one["event"] == "notice"]
frames = [frame["time"] for frame in lines(f"{out}/case-pulled.frames")]
again = len(lines(f"{out}/case-pulled.frames"))
print(f"pulled out: notices {notices}; frames {again}, all heard after it was put in again")
for status in ("case", "case-pulled"):
    if open(f"{out}/{status}.status").read().strip() != "0":
        bad.append(f"{status}: exit status")
if not any(kind == "deaf" for kind, _ in notices):
    bad.append("deafness not said")
steps = [one["value"] for one in lines(f"{out}/case-pulled.jsonl") if one.get("detail") == "clock_step"]
same = open(f"{out}/case-pulled.jsonl").read() == open(f"{out}/case-pulled.replayed").read()
print(f"clock set back by an hour: told {steps}; times go on {frames == sorted(frames)}; the replay is equal: {same}")
# `date` sets whole seconds, and takes its time in this machine.
if len(steps) != 1 or abs(steps[0] + 3600) > 5 or frames != sorted(frames):
    bad.append("the clock that was set")
if not same:
    bad.append("the replay differs from the live result")
if not again:
    bad.append("not heard again")
for name, condition in (("absent", "unplugged"), ("not-permitted", "refused"), ("held", "refused")):
    said = [line.strip() for line in open(f"{out}/{name}.said") if line.startswith("vigie: ")]
    print(f"{name}: {said[0] if said else 'nothing said'}")
    if not said or not said[0].startswith(f"vigie: {condition}: "):
        bad.append(f"{name} is not stated as {condition}")
if bad:
    print("FAILED:", "; ".join(bad))
    sys.exit(1)
print("passed")
