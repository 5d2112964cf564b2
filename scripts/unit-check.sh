#!/usr/bin/env bash
# Checks the service files in packaging/ as systemd reads them, without and with the drop-in for hci:N, and says how much of the
# system they leave exposed (0 nothing, 10 everything). More than 2.5 fails, and so does a capability without the drop-in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if grep -nE '^(AmbientCapabilities|CapabilityBoundingSet)=.' packaging/vigie-watch.service; then
    echo "the service holds a capability without the drop-in" >&2
    exit 1
fi

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
check() {
    # The program need not be installed for this.
    sed 's|/usr/bin/vigie |/bin/true |' packaging/vigie-watch.service > "$folder/vigie-watch.service"
    systemd-analyze verify --man=no "$folder/vigie-watch.service"
    printf '%s: ' "$1"
    systemd-analyze security --no-pager --offline=true --threshold=25 "$folder/vigie-watch.service" > "$folder/security" ||
        { cat "$folder/security"; exit 1; }
    tail -n 1 "$folder/security" | sed 's/.*Overall/overall/'
}
check "vigie-watch.service"
mkdir "$folder/vigie-watch.service.d"
cp packaging/vigie-watch-hci.conf "$folder/vigie-watch.service.d/hci.conf"
check "with vigie-watch-hci.conf"
