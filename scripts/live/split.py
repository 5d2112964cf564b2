#!/usr/bin/env python3
"""The output of `vigie decode` on standard input, split into DIR/SENSOR.jsonl, the first SECONDS of it; DIR/start says when it begins.

  split.py DIR SECONDS"""
import calendar
import json
import sys

folder, seconds = sys.argv[1], float(sys.argv[2])
files, start = {}, None
for line in sys.stdin:
    frame = json.loads(line)
    date, clock = frame["time"].rstrip("Z").split("T")
    h, m, s = clock.split(":")
    at = calendar.timegm((*map(int, date.split("-")), 0, 0, 0)) + int(h) * 3600 + int(m) * 60 + float(s)
    if start is None:
        start = at
        open(f"{folder}/start", "w", encoding="utf-8").write(str(start))
    if at > start + seconds:
        break
    name = frame["sensor"]
    if name not in files:
        files[name] = open(f"{folder}/{name}.jsonl", "w", encoding="utf-8")
    files[name].write(line)
