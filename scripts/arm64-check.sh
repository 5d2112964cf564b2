#!/usr/bin/env bash
# Does it compile for 64-bit ARM (Raspberry Pi)? Checked, not linked and not run. The C parts (SQLite, ring) are compiled.
#
# Needs the target and a cross compiler:
#   rustup target add aarch64-unknown-linux-gnu
#   apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross        (Debian)
# Exit status 77 where they are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=aarch64-unknown-linux-gnu
compiler=aarch64-linux-gnu-gcc

if ! command -v "$compiler" > /dev/null 2>&1; then
    echo "$compiler is missing (Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross)"
    exit 77
fi
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    echo "the target $target is missing (rustup target add $target)"
    exit 77
fi
export CC_aarch64_unknown_linux_gnu="$compiler" AR_aarch64_unknown_linux_gnu=aarch64-linux-gnu-ar
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER="$compiler"
cargo check --locked --target "$target" -p vigie "$@"
