#!/bin/sh
# Speed and memory of `vigie replay` on a simulated convoy: 60 minutes of city, seven vehicles, all classes of
# Bluetooth devices, at least 2,000 frames a second over the seven sensors.
#
#     scripts/convoy-bench.sh [FRAMES_PER_SECOND [MINUTES]]
#
# One core (pinned where taskset is there). Prints the ratio to real time, the peak memory, and whether two runs gave
# the same bytes. The case folder is simulated; a lasting tag of -75 dBm is in it.
set -eu
rate=${1:-2000}
minutes=${2:-60}
cd "$(dirname "$0")/.."
cargo build --release --quiet -p vigie
vigie="${CARGO_TARGET_DIR:-target}/release/vigie"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$vigie" simulate levels --variant -75 --environment city --minutes "$minutes" --frames-per-second "$rate" --seed 1 --out "$folder/case" --lang en
pin=""
if command -v taskset >/dev/null; then pin="taskset -c 0"; fi
# Once for the disk cache, uncounted.
$pin "$vigie" replay --json "$folder/case" >"$folder/first.jsonl" 2>/dev/null
$pin python3 - "$vigie" "$folder" <<'PYTHON'
import json, resource, subprocess, sys, time

vigie, folder = sys.argv[1:]
times = []
for _ in range(3):
    with open(f"{folder}/again.jsonl", "wb") as out:
        began = time.monotonic()
        subprocess.run([vigie, "replay", "--json", f"{folder}/case"], stdout=out, stderr=subprocess.DEVNULL, check=True)
        times.append(time.monotonic() - began)
peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
first, again = (open(f"{folder}/{name}.jsonl", "rb").read() for name in ("first", "again"))
summary = json.loads(first.splitlines()[-1])
median = sorted(times)[1]
print(f"simulated; {summary['frames']} frames, {summary['frames'] / summary['duration_s']:.0f} a second, {summary['emitters']} emitters")
print(f"replay --json: {median:.2f} s (median of 3), {summary['duration_s'] / median:.0f} times real time, {summary['frames'] / median:.0f} frames/s")
print(f"peak memory {peak_kb / 1024:.0f} MB; two runs byte-identical: {first == again}")
PYTHON
