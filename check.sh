#!/usr/bin/env bash
# Every test and check of the repository. What is missing is installed where that is possible, else named,
# and what could not be tested for that reason is said at the end. `.ci/run` calls this script and nothing else.
#
# Real recordings are no part of the repository. Tests that need them look for the folder `shared/data` beside
# the clone. Where it is there, every test named in scripts/real-data-tests.txt must have run on it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

[ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

notes="$(mktemp -d)"
trap 'rm -rf "$notes"' EXIT
# Tests append to these two files: the name of a real-data test that ran, and what was skipped and why.
export VIGIE_REAL_DATA_RAN="$notes/ran"
export VIGIE_SKIPPED="$notes/skipped"
: > "$VIGIE_REAL_DATA_RAN"
: > "$VIGIE_SKIPPED"

step() { printf '\n== %s\n' "$*"; }
skip() {
    printf 'SKIPPED %s\n' "$*"
    printf '%s\n' "$*" >> "$VIGIE_SKIPPED"
}
has() { command -v "$1" > /dev/null 2>&1; }
has_cxx() { has c++ || has g++ || has clang++; }

step "What the tests need"
if ! has cargo; then
    echo "cargo is missing: install a Rust toolchain (https://rustup.rs), version 1.95 or later" >&2
    exit 1
fi
cargo --version

missing=()
has tshark || missing+=(tshark)
has python3 || missing+=(python3)
if has python3 && ! python3 -c 'import ensurepip' 2> /dev/null; then missing+=(python3-venv); fi
has gpsd || missing+=(gpsd)
if [ -x ../shared/testbench/bluez-vm/run.sh ]; then
    has qemu-system-x86_64 || missing+=(qemu-system-x86)
    has busybox || missing+=(busybox-static)
    has depmod || missing+=(kmod)
    has btmon || missing+=(bluez)
    has dbus-daemon || missing+=(dbus)
fi
has_cxx || missing+=(g++)
has openssl || missing+=(openssl)
has chromium || missing+=(chromium)
has npm || missing+=(nodejs npm)
has mosquitto || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
if [ ${#missing[@]} -gt 0 ]; then
    if has apt-get && [ "$(id -u)" -eq 0 ]; then
        echo "installing: ${missing[*]}"
        if ! { DEBIAN_FRONTEND=noninteractive apt-get -q update &&
            DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"; }; then
            echo "installing failed; going on without"
        fi
    else
        echo "missing, to be installed by an administrator: ${missing[*]}"
    fi
fi
has tshark || skip "comparison with tshark: tshark is missing (Debian: apt-get install tshark)"
has gpsd || skip "positions from gpsd: it is missing (Debian: apt-get install --no-install-recommends gpsd)"
has python3 || skip "comparison with the Python prototypes: python3 is missing (Debian: apt-get install python3)"

# A virtual Bluetooth controller for the tests of live receivers, in a folder of its own.
if [ -z "${VIGIE_BUMBLE_PYTHON:-}" ] && [ ! -x target/bumble/bin/python ] && has python3; then
    echo "installing: bumble 0.0.236 below target/bumble"
    if ! { rm -rf target/bumble.new && python3 -m venv target/bumble.new &&
        target/bumble.new/bin/pip install --quiet --disable-pip-version-check bumble==0.0.236 &&
        mv target/bumble.new target/bumble; }; then
        echo "installing failed; going on without"
    fi
fi
if [ -z "${VIGIE_BUMBLE_PYTHON:-}" ] && [ ! -x target/bumble/bin/python ]; then
    skip "receivers beside a virtual controller: bumble is missing (python3 -m venv target/bumble && target/bumble/bin/pip install bumble==0.0.236; Debian: python3-venv)"
fi

# Alarms by mail are tried against aiosmtpd, in a Python environment of their own.
mail_python="${CARGO_TARGET_DIR:-target}/smtp/bin/python"
if [ -z "${VIGIE_SMTP_PYTHON:-}" ] && has python3 && ! "$mail_python" -c 'import aiosmtpd' 2> /dev/null; then
    if ! { python3 -m venv "${CARGO_TARGET_DIR:-target}/smtp" && "$mail_python" -m pip install --quiet aiosmtpd==1.4.6; }; then
        echo "installing aiosmtpd failed; going on without (Debian: apt-get install python3-venv)"
    fi
fi
if [ -z "${VIGIE_SMTP_PYTHON:-}" ] && [ -x "$mail_python" ]; then
    VIGIE_SMTP_PYTHON="$(cd "$(dirname "$mail_python")" && pwd)/python"
    export VIGIE_SMTP_PYTHON
fi

for component in fmt clippy; do
    if ! cargo "$component" --version > /dev/null 2>&1 && has rustup; then
        name="$component"
        [ "$component" = fmt ] && name=rustfmt
        rustup component add "$name" || true
    fi
done

step "Format"
if cargo fmt --version > /dev/null 2>&1; then
    cargo fmt --all --check
else
    skip "format: rustfmt is missing (rustup component add rustfmt)"
fi

step "Lints"
if cargo clippy --version > /dev/null 2>&1; then
    cargo clippy --locked --workspace --all-targets -- -D warnings
else
    skip "lints: clippy is missing (rustup component add clippy)"
fi

step "Tests"
if cargo nextest --version > /dev/null 2>&1; then
    echo "runner: cargo nextest"
    cargo nextest run --locked --workspace --no-fail-fast
else
    echo "runner: cargo test (cargo nextest is not installed)"
    cargo test --locked --workspace --lib --bins --tests --no-fail-fast
fi

# Without KVM these machines are slow, and slower beside other work: what fails is tried once more, and that is said.
twice() { "$@" || { echo "FAILED once, tried again: $*"; "$@"; }; }

step "An adapter in a virtual machine"
twice scripts/vm/watch-hci.sh

step "bluetoothd in a virtual machine"
twice scripts/vm/run.sh

step "The console in a browser"
scripts/console-test.sh

step "Examples in the documentation"
cargo test --locked --workspace --doc

step "Documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

step "Fuzz targets compile"
if has_cxx; then
    locked=()
    [ -f fuzz/Cargo.lock ] && locked=(--locked)
    cargo check "${locked[@]}" --manifest-path fuzz/Cargo.toml
else
    skip "fuzz targets: a C++ compiler is missing (Debian: apt-get install g++)"
fi

step "Compiles for 64-bit ARM"
arm64=0
scripts/arm64-check.sh > "$notes/arm64" 2>&1 || arm64=$?
case "$arm64" in
    0) tail -n 1 "$notes/arm64" ;;
    77) skip "64-bit ARM: $(cat "$notes/arm64")" ;;
    *) cat "$notes/arm64"; exit 1 ;;
esac

step "Service files"
if has systemd-analyze; then
    scripts/unit-check.sh
else
    skip "service files: systemd-analyze is missing (Debian: apt-get install systemd)"
fi

step "Licences, bans and sources of the dependencies"
# Nobody's own machine is changed for this, a throw-away one is.
if ! cargo deny --version > /dev/null 2>&1 && [ "${CI:-}" = true ]; then
    cargo install --quiet --locked --version 0.20.2 cargo-deny || echo "installing cargo-deny failed; going on without"
fi
if cargo deny --version > /dev/null 2>&1; then
    cargo deny --locked check licenses bans sources
else
    skip "licences, bans and sources: cargo-deny is missing (cargo install --locked cargo-deny)"
fi

step "Real recordings"
failed=0
sort -u "$VIGIE_REAL_DATA_RAN" > "$notes/ran.sorted"
grep -v -E '^[[:space:]]*(#|$)' scripts/real-data-tests.txt | sort -u > "$notes/listed" || true
if [ -d ../shared/data ]; then
    if [ ! -s "$notes/listed" ]; then
        echo "FAILED scripts/real-data-tests.txt names no test"
        failed=1
    fi
    while read -r name; do
        echo "FAILED did not run, although the real data are there: $name"
        failed=1
    done < <(comm -23 "$notes/listed" "$notes/ran.sorted")
    while read -r name; do
        echo "FAILED ran, and is missing from scripts/real-data-tests.txt: $name"
        failed=1
    done < <(comm -13 "$notes/listed" "$notes/ran.sorted")
    echo "$(wc -l < "$notes/ran.sorted") of $(wc -l < "$notes/listed") tests on real recordings ran"
else
    skip "$(wc -l < "$notes/listed") tests on real recordings: there is no folder ../shared/data"
fi

step "Skipped"
if [ -s "$VIGIE_SKIPPED" ]; then
    sort -u "$VIGIE_SKIPPED" | sed 's/^/SKIPPED /'
else
    echo "nothing"
fi

if [ "$failed" -ne 0 ]; then
    printf '\ncheck.sh: FAILED\n'
    exit 1
fi
printf '\ncheck.sh: everything that ran has passed\n'
