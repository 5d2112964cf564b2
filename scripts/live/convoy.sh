#!/usr/bin/env bash
# A simulated convoy, live: one controller a vehicle over H4, gpsd fed with its track, `vigie watch` on all of them, and a replay of
# what it recorded, which must be the same byte for byte.
#
#   scripts/live/convoy.sh [SECONDS [FAMILY]]
#
# DRIVE names a track of a real drive, which is then driven instead of a simulated road (semi-synthetic). With GPSD_AWAY set, gpsd is
# ended half way and started again 12 s later: that must be told.
# Needs gpsd and a Python with bumble (VIGIE_BUMBLE_PYTHON). VIGIE names the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-120} family=${2:-levels}
vigie=${VIGIE:-target/release/vigie} python=${VIGIE_BUMBLE_PYTHON:-python3}
work=$(mktemp -d)
pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap stop EXIT
port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

road=(--environment "${ENVIRONMENT:-city}")
[ -z "${DRIVE:-}" ] || road=(--drive "$DRIVE")
"$vigie" simulate "$family" --seed "${SEED:-3}" --vehicles 7 "${road[@]}" --out "$work/simulated" > /dev/null
"$vigie" decode "$work/simulated" 2> /dev/null | "$python" scripts/live/split.py "$work" "$((seconds + 10))"
start=$(cat "$work/start")
begin=$(($(date +%s) + 8))
sensors=()
for n in 1 2 3 4 5 6 7; do
    at=$(port)
    "$python" scripts/live/controller.py "tcp-server:127.0.0.1:$at" --decoded "$work/S$n.jsonl" \
        --start "$start" --at "$begin" > "$work/controller$n.log" 2>&1 &
    pids+=($!)
    sensors+=(--sensor "V$n=h4:tcp:127.0.0.1:$at")
done
udp=$(port) gpsd=$(port)
gpsd -N -n -S "$gpsd" "udp://127.0.0.1:$udp" > "$work/gpsd.log" 2>&1 &
first_gpsd=$!
pids+=("$first_gpsd")
if [ -n "${GPSD_AWAY:-}" ]; then
    (
        sleep $((seconds / 2))
        kill "$first_gpsd"
        sleep 12
        exec gpsd -N -n -S "$gpsd" "udp://127.0.0.1:$udp" >> "$work/gpsd.log" 2>&1
    ) &
    pids+=($!)
fi
"$python" scripts/live/nmea.py "127.0.0.1:$udp" "$work/simulated/tracks/convoy.jsonl" --start "$start" --at "$begin" > "$work/nmea.log" 2>&1 &
pids+=($!)
sleep 4
status=0
"$vigie" watch --case "$work/case" "${sensors[@]}" --gnss "gpsd:127.0.0.1:$gpsd" --for "$((seconds + 4))s" --json \
    > "$work/live.json" 2> "$work/live.err" || status=$?
grep Received "$work/live.err" || cat "$work/live.err"
"$vigie" replay --json "$work/case" > "$work/replayed.json"
awk '$1 == "PLAYED" {n += $2} END {print "played to the end:", n + 0}' "$work"/controller*.log
"$vigie" replay --json "$work/simulated" > "$work/expected.json"
for of in expected live; do
    "$python" - "$work/$of.json" "$of" <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
alerts = [(a["at"][11:19], a.get("vehicle"), a["probability"]) for a in lines if a["event"] in ("alert", "clone")]
last = lines[-1]
print(sys.argv[2], "alerts", alerts, "frames", last["frames"], "state", last["state"])
PYTHON
done
if [ -n "${GPSD_AWAY:-}" ]; then
    for detail in position_source_lost position_source_back; do
        grep -o "\"at\":\"[^\"]*\",\"kind\":\"fix\".*\"detail\":\"$detail\"[^}]*" "$work/live.json" || { echo "not told: $detail"; status=1; }
    done
fi
if cmp "$work/live.json" "$work/replayed.json"; then
    echo "live and replay: equal, $(wc -l < "$work/live.json") lines"
else
    exit 1
fi
exit "$status"
