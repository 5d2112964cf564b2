#!/usr/bin/env bash
# Builds the Debian package of this machine's architecture (target/package/vigie_VERSION_ARCH.deb), lists it, and runs the program
# from it. Nothing is installed. Needs cargo-deb (cargo install --locked --version 3.8.0 cargo-deb) and dpkg-deb; lintian where it is there.
#
#   scripts/package.sh            with the release build
#   scripts/package.sh --built    with target/release/vigie as it stands
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for tool in cargo-deb dpkg-deb; do
    command -v "$tool" > /dev/null 2>&1 || { echo "$tool is missing" >&2; exit 77; }
done

target="${CARGO_TARGET_DIR:-target}"
out=target/package
[ "${1:-}" = --built ] || cargo build --locked --release -p vigie
rm -rf "$out"
mkdir -p "$out/man" "$out/completions"
"$target/release/vigie" generate "$out/generated"
mv "$out"/generated/*.1 "$out/man/"
mv "$out/generated/vigie.bash" "$out/generated/_vigie" "$out/generated/vigie.fish" "$out/completions/"
rm -r "$out/generated"

# The time is that of the last commit: the same sources give the same package.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
version="$("$target/release/vigie" --version | cut -d' ' -f2)"
cat > "$out/changelog" << END
vigie ($version-1) unstable; urgency=medium

  * See CHANGELOG.md.

 -- Vigie contributors <contributors@vigie.invalid>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END

cargo deb --locked --no-build --strip -p vigie --output "$out/"
deb="$(ls "$out"/vigie_*.deb)"
printf '\n== %s\n' "$deb"
dpkg-deb --info "$deb"
dpkg-deb --contents "$deb"

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
dpkg-deb --extract "$deb" "$root"
"$root/usr/bin/vigie" --version
"$root/usr/bin/vigie" doctor --lang en --root "$root" > /dev/null
dpkg-deb --control "$deb" "$root/control"
# The package starts nothing.
if grep -nE 'systemctl +(enable|start|restart)|deb-systemd|invoke-rc|update-rc' "$root"/control/post* "$root"/control/pre*; then
    echo "a maintainer script starts something" >&2
    exit 1
fi
if command -v lintian > /dev/null 2>&1; then
    printf '\n== lintian\n'
    lintian --fail-on error "$deb"
else
    echo "SKIPPED lintian: it is missing (Debian: apt-get install lintian)"
fi
