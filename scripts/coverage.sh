#!/usr/bin/env bash
# Line coverage of each fuzz target's parser by its corpus. Needs a nightly toolchain, cargo-fuzz, and LLVM's
# llvm-profdata and llvm-cov of the compiler's major version (LLVM_SUFFIX=-22 for llvm-cov-22, ...).
#
# usage: scripts/coverage.sh [CORPUS_ROOT]     (default: fuzz/corpus, the seeds that the tests replay)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
corpus="${1:-fuzz/corpus}"
suffix="${LLVM_SUFFIX:-}"
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT

# Which sources a target is there for.
sources() {
    case "$1" in
        link_layer) echo crates/decode/src/{link_layer,extended,crc,recent,decoder}.rs ;;
        hci) echo crates/decode/src/{hci,recent,decoder}.rs ;;
        ad_structures) echo crates/decode/src/{ad,clone_signs,finder}.rs crates/decode/src/family/{mod,apple_find_my,google_find_hub,smartthings_find,tile,chipolo,pebblebee,dult,key,details}.rs ;;
        pcap) echo crates/capture/src/{pcap,pcapng,pcapng_interface,link,own_records,window}.rs ;;
        btsnoop) echo crates/capture/src/{hci_log,window}.rs ;;
        bugreport) echo crates/capture/src/{bug_report,btsnooz,hci_log}.rs ;;
        bledoubt) echo crates/capture/src/{bledoubt,time}.rs ;;
        csv_logs) echo crates/capture/src/{homescout,table,wigle}.rs ;;
        sightings_json) echo crates/capture/src/sightings*.rs ;;
        airguard) echo crates/capture/src/airguard*.rs ;;
        live_h4) echo crates/capture/src/live/{framing,scanning}.rs ;;
        live_gpsd) echo crates/capture/src/live/gpsd.rs ;;
        live_sniffle) echo crates/capture/src/live/sniffle_line.rs ;;
        live_nrf) echo crates/capture/src/live/nrf_frames.rs ;;
        gateway_message) echo crates/capture/src/live/{gateway_message,ad_payload}.rs ;;
        bluez_device) echo crates/capture/src/live/{bluez_device,ad_payload}.rs ;;
        positions) echo crates/capture/src/{gpx,nmea,positions,table}.rs ;;
    esac
}

RUSTFLAGS="-C instrument-coverage" cargo +nightly fuzz build -s none --target-dir "$out/target" > "$out/build.log" 2>&1 ||
    { tail -20 "$out/build.log" >&2; exit 1; }
for target in fuzz/fuzz_targets/*.rs; do
    name="$(basename "$target" .rs)"
    binary="$(find "$out/target" -path "*release/$name" -type f | head -n 1)"
    LLVM_PROFILE_FILE="$out/$name.profraw" "$binary" -runs=0 "$corpus/$name" > /dev/null 2>&1
    "llvm-profdata$suffix" merge -sparse "$out/$name.profraw" -o "$out/$name.profdata"
    existing=()
    for source in $(sources "$name"); do [ -f "$source" ] && existing+=("$PWD/$source"); done
    "llvm-cov$suffix" export -summary-only -instr-profile "$out/$name.profdata" "$binary" "${existing[@]}" |
        python3 -c "
import json, sys
t = json.load(sys.stdin)['data'][0]['totals']['lines']
print(f\"{sys.argv[1]:16} {t['covered']:5} of {t['count']:5} lines  {t['percent']:.1f} %\")" "$name"
done
