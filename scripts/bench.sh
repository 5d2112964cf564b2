#!/usr/bin/env bash
# Speed and memory beside tshark, in one run: load files of 1 million and 10 million link-layer frames (pcap, link type
# 256, 72 bytes a frame), every program on the same one core, medians of several rounds. The load files are simulated.
#
#   scripts/bench.sh            all of it; some 1.6 GB in the work folder, which is removed at the end
#   ROUNDS=1 scripts/bench.sh   a quick look
#
# ROUNDS  how often each is measured (5)       CORE  core to pin to (the last one)
# WORK    folder for the load files (a temporary one in TMPDIR)
#
# Two load files differ in what the capture says of the CRC: `unchecked` makes the reader compute it for every frame,
# `checked` says that the receiver did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

ROUNDS="${ROUNDS:-5}"
CORE="${CORE:-$(($(nproc) - 1))}"
MADE_WORK=""
if [ -z "${WORK:-}" ]; then
    WORK="$(mktemp -d)"
    MADE_WORK="$WORK"
fi
trap '[ -n "$MADE_WORK" ] && rm -rf "$MADE_WORK"' EXIT
mkdir -p "$WORK"
rm -f "$WORK"/tshark "$WORK"/scan.* "$WORK"/sightings.* "$WORK"/replay.*

pin=()
if command -v taskset > /dev/null; then
    pin=(taskset -c "$CORE")
else
    echo "taskset is missing: not pinned to one core" >&2
fi

cargo build --release --locked -q -p vigie
cargo build --release --locked -q -p vigie-trial --example sightings
target="${CARGO_TARGET_DIR:-target}/release"
vigie="$target/vigie"
sightings="$target/examples/sightings"

load() { # FOLDER FRAMES ADDRESSES HOURS [FLAG]
    [ -s "$WORK/$1/load.pcap" ] ||
        "$vigie" simulate load --frames "$2" --addresses "$3" --hours "$4" ${5:+"$5"} --out "$WORK/$1"
}
M1=1000000
M10=10000000
load unchecked1 $M1 1000 1 --crc-unchecked
load checked1 $M1 1000 1
# Ten times the recording at the same rate, and ten times the rate in the same hour.
load unchecked10 $M10 10000 10 --crc-unchecked
load dense10 $M10 1000 1 --crc-unchecked

seconds() { # COMMAND...: wall time of a run, its output thrown away
    local from=$EPOCHREALTIME
    "${pin[@]}" "$@" > /dev/null 2> "$WORK/stderr" || { cat "$WORK/stderr" >&2; return 1; }
    awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.6f\n", b - a }'
}
median() { sort -g "$1" | awk '{ x[NR] = $1 } END { n = NR; print (n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2) }'; }
per_second() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f\n", n / s }'; }

peak_kb() { # COMMAND...: peak resident memory, kB
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f %M -o "$WORK/peak" "$@" > /dev/null 2> "$WORK/stderr"
        tail -n 1 "$WORK/peak"
    elif command -v python3 > /dev/null; then
        python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
    else
        echo "?"
    fi
}

fields=(-e frame.time_epoch -e btle.advertising_address -e btle_rf.signal_dbm -e btle_rf.channel
    -e btcommon.eir_ad.entry.type -e btcommon.eir_ad.entry.company_id)
has_tshark=yes
command -v tshark > /dev/null || has_tshark=""
[ -n "$has_tshark" ] || echo "tshark is missing: no ratios (Debian: apt-get install tshark)" >&2

# One round after the other, every program in each, so that a slow spell of the machine hits all of them.
for ((round = 1; round <= ROUNDS; round++)); do
    echo "round $round of $ROUNDS" >&2
    if [ -n "$has_tshark" ]; then
        took="$(seconds tshark -r "$WORK/unchecked1/load.pcap" -T fields "${fields[@]}")"
        per_second $M1 "$took" >> "$WORK/tshark"
    fi
    for kind in unchecked1 checked1 unchecked10 dense10; do
        # "scan_fps N": the file merely read; "sightings_fps N": from file to sightings.
        "${pin[@]}" "$sightings" "$WORK/$kind/load.pcap" > "$WORK/said"
        awk '$1 == "scan_fps" { print $2 }' "$WORK/said" >> "$WORK/scan.$kind"
        awk '$1 == "sightings_fps" { print $2 }' "$WORK/said" >> "$WORK/sightings.$kind"
        frames=$M1
        case $kind in *10) frames=$M10 ;; esac
        for profile in on-person vehicle; do
            took="$(seconds "$vigie" replay --json --profile $profile "$WORK/$kind/load.pcap")"
            per_second $frames "$took" >> "$WORK/replay.$profile.$kind"
        done
    done
done

tshark_fps=""
[ -n "$has_tshark" ] && tshark_fps="$(median "$WORK/tshark")"
row() { # NAME FPS SCAN
    awk -v name="$1" -v fps="$2" -v scan="$3" -v tshark="$tshark_fps" 'BEGIN {
        printf "%-58s %12.0f", name, fps
        if (tshark != "") printf " %10.1f", fps / tshark; else printf " %10s", "-"
        if (scan != "") printf " %8.3f\n", fps / scan; else printf " %8s\n", "-"
    }'
}
echo
echo "median of $ROUNDS rounds, one core; load files simulated; $(grep -m1 'model name' /proc/cpuinfo 2> /dev/null | cut -d: -f2 | sed 's/^ *//')"
[ -n "$has_tshark" ] && tshark --version 2> /dev/null | head -n 1
printf '%-58s %12s %10s %8s\n' "" "frames/s" "x tshark" "x scan"
[ -n "$has_tshark" ] && row "tshark, six fields, 1 M" "$tshark_fps" ""
declare -A fps
for kind in unchecked1 checked1 unchecked10 dense10; do
    case $kind in
        unchecked1) what="1 M, CRC computed" ;;
        checked1) what="1 M, CRC stated by the capture" ;;
        dense10) what="10 M in one hour, CRC computed" ;;
        *) what="10 M in ten hours, CRC computed" ;;
    esac
    scan="$(median "$WORK/scan.$kind")"
    fps[sightings.$kind]="$(median "$WORK/sightings.$kind")"
    row "file to sightings, $what" "${fps[sightings.$kind]}" "$scan"
    for profile in on-person vehicle; do
        fps[$profile.$kind]="$(median "$WORK/replay.$profile.$kind")"
        row "replay --json, $profile, $what" "${fps[$profile.$kind]}" "$scan"
    done
done
echo
echo "cost of a frame, 10 M against 1 M (1.00 is the same)"
for kind in unchecked10 dense10; do
    for what in sightings on-person vehicle; do
        awk -v name="$what, $kind" -v a="${fps[$what.unchecked1]}" -v b="${fps[$what.$kind]}" \
            'BEGIN { printf "%-58s %12.2f\n", name, a / b }'
    done
done
echo
echo "peak memory, MB"
memory() { # NAME COMMAND...
    local name="$1"
    shift
    awk -v name="$name" -v kb="$(peak_kb "$@")" 'BEGIN { printf "%-58s %12s\n", name, kb == "?" ? "?" : sprintf("%.1f", kb / 1000) }'
}
for kind in unchecked1 unchecked10; do
    for profile in on-person vehicle; do
        memory "replay --json, $profile, ${kind#unchecked} M" "$vigie" replay --json --profile $profile "$WORK/$kind/load.pcap"
    done
done
rm -f "$WORK/unchecked10/load.pcap" "$WORK/dense10/load.pcap"
load addresses $M10 $M1 1 --crc-unchecked
for profile in on-person vehicle; do
    memory "1 M addresses in one hour, $profile, 10 M" "$vigie" replay --json --profile $profile "$WORK/addresses/load.pcap"
done
rm -f "$WORK/addresses/load.pcap"
