#!/usr/bin/env python3
"""Figures of watch-alert.sh, and whether they are right. usage: watch_alert_figures.py SENSOR SCENARIO.jsonl OUT"""
import collections
import datetime
import json
import sys

from air import air, transmitted

sensor, scenario, out = sys.argv[1:4]
TAGS = ["F1:00:00:00:00:01", "C2:00:00:00:00:02"]
bad = []


def lines(path):
    return [json.loads(line) for line in open(path) if line.strip()]


def seconds(time):
    return datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


played = collections.Counter(one["address"] for one in lines(scenario))
frames = lines(f"{out}/frames")
heard = collections.Counter(frame["adva"] for frame in frames)
print(f"{sensor}: frames heard {sum(heard.values())} of {sum(played.values())} played; devices {len(heard)} of {len(played)};"
      f" tags {sum(heard[tag] for tag in TAGS)} of {sum(played[tag] for tag in TAGS)}")
outcomes = lines(f"{out}/case.jsonl")
first = {}
for frame in frames:
    first.setdefault(frame["adva"], seconds(frame["time"]))
of_emitter = {one["emitter"]: one["identifiers"] for one in outcomes if one["event"] == "emitter"}
alerted = set()
for one in outcomes:
    if one["event"] == "alert":
        addresses = of_emitter[one["emitter"]]
        alerted.update(addresses)
        print(f"  alert on {', '.join(addresses)} {seconds(one['at']) - first[addresses[0]]:.0f} s after it was first heard,"
              f" {one['analyzer']}, probability {one['probability']}")
summary = [one for one in outcomes if one["event"] == "summary"]
print("  summary:", {k: summary[-1].get(k) for k in ("frames", "malformed", "emitters", "alerts", "state", "deaf_s")} if summary else None)
told = air(f"{out}/air")
print("  told to the controller:", ", ".join(f"{name} {n}" for name, n in told.items()))
if not alerted & set(TAGS):
    bad.append("no alert on a tag")
if alerted - set(TAGS):
    bad.append("an alert on a passer-by")
if not summary or summary[-1]["state"] != "act":
    bad.append("the state is not act")
if transmitted(told):
    bad.append("something was transmitted: " + ", ".join(transmitted(told)))
if not told["passive scans"]:
    bad.append("no passive scan at all")
if open(f"{out}/watch.status").read().strip() != "0":
    bad.append("exit status")
if bad:
    print("FAILED:", "; ".join(bad))
    sys.exit(1)
print("  passed")
