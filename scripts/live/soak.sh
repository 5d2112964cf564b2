#!/usr/bin/env bash
# Hours of a convoy's load in minutes: memory, open files and what waits must stay flat.
#
#   scripts/live/soak.sh [HOURS [REPORTS A SECOND [PLAYED A SECOND]]]     (8 and 2000 of the convoy; played 200,000)
#
# Prints resident memory, open files and the size of the recording at each tenth of the load, and fails when the last is more than
# a quarter above the third.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
hours=${1:-8} rate=${2:-2000}
vigie=${VIGIE:-target/release/vigie} load=${LOAD:-target/release/examples/h4_load}
work=$(mktemp -d)
reports=$((hours * 3600 * rate))
stop() {
    kill "$watch" "$sender" 2> /dev/null || true
    rm -rf "$work"
}
trap stop EXIT
"$load" "$work/socket" "$reports" "${3:-200000}" > "$work/sent" &
sender=$!
while [ ! -S "$work/socket" ]; do sleep 0.1; done
"$vigie" watch --profile on-person --case "$work/case" --sensor "V1=h4:unix:$work/socket" > "$work/out" 2> "$work/err" &
watch=$!
begun=$(date +%s)
third=0 tenth=1
sample() {
    resident=$(awk '/VmRSS/ {print $2}' "/proc/$watch/status")
    files=$(ls "/proc/$watch/fd" | wc -l)
    size=$(du -sk "$work/case" | cut -f1)
    echo "$1: memory $((resident / 1024)) MB, open files $files, recording $((size / 1024)) MB, $(($(date +%s) - begun)) s"
}
# A frame is 101 bytes in the recording: how far it has come is told by its size.
whole=$((reports * 100 / 1024))
while [ "$tenth" -le 10 ] && kill -0 "$watch" 2> /dev/null; do
    sleep 1
    size=$(du -sk "$work/case" | cut -f1)
    if grep -q SENT "$work/sent" || [ "$size" -ge $((whole * tenth / 10)) ]; then
        grep -q SENT "$work/sent" && tenth=10
        sample "$tenth/10"
        [ "$tenth" = 3 ] && third=$resident third_files=$files
        tenth=$((tenth + 1))
    fi
done
kill -INT "$watch"
wait "$watch" || true
cat "$work/sent"
grep Received "$work/err"
if [ "$third" -gt 0 ] && { [ "$resident" -gt $((third * 5 / 4)) ] || [ "$files" -gt "$third_files" ]; }; then
    echo "not flat: memory $((third / 1024)) -> $((resident / 1024)) MB, files $third_files -> $files"
    exit 1
fi
