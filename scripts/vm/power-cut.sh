#!/usr/bin/env bash
# Pulls the plug on `vigie watch`, again and again: it records to an ext4 image inside a virtual machine, and the machine is killed.
# Each time the case must open again, lack at most the last second, and be taken up.
#
#   scripts/vm/power-cut.sh [TIMES]
#
# Needs qemu-system-x86 busybox-static kmod e2fsprogs, a Python with bumble (VIGIE_BUMBLE_PYTHON), the program (VIGIE), and apt-get to
# fetch the distribution's own kernel once, which is unpacked below target/vm and not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
times=${1:-20}
vigie=$(realpath "${VIGIE:-target/release/vigie}") python=${VIGIE_BUMBLE_PYTHON:-python3}
python=$("$python" -c 'import sys; print(sys.executable)')
cache=target/vm
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -f "$cache/disk-initrd.gz" ]; then
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    (cd "$work" && { apt-get download -q "${package}-unsigned" 2> /dev/null || apt-get download -q "$package"; } && dpkg-deb -x ./*.deb .)
    version=$(ls "$work/lib/modules")
    cp "$work/boot/vmlinuz-$version" "$cache/vmlinuz"
    depmod -b "$work" "$version"
    root=$work/initrd
    mkdir -p "$root"/{bin,dev,proc,sys,mnt,new,mods,scratch}
    cp "$(command -v busybox)" "$root/bin/busybox"
    n=100
    for module in 9p 9pnet_virtio overlay virtio_pci virtio_blk ext4 crc32c_generic; do
        modprobe -d "$work" -S "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++' | while read -r file; do
        cp "$file" "$root/mods/$n-$(basename "$file")"
        n=$((n + 1))
    done
    install -m 755 scripts/vm/power-cut-init "$root/init"
    (cd "$root" && find . | busybox cpio -o -H newc 2> /dev/null | gzip -9) > "$cache/disk-initrd.gz"
fi

truncate -s 2G "$work/disk.img"
mkfs.ext4 -q "$work/disk.img"
cat > "$work/guest.sh" << GUEST
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
say() { echo "CUT \$*" > /dev/ttyS0; }
if [ -d /disk/case ]; then
    "$vigie" replay --json --profile on-person /disk/case > /tmp/replayed.json 2> /tmp/replay.err
    say opened \$? "\$(tail -1 /tmp/replayed.json | cut -c1-120)"
    say last "\$("$python" $PWD/scripts/vm/last_record.py /disk/case)"
fi
before=\$(ls /disk/case/recordings 2> /dev/null | wc -l)
"$python" $PWD/scripts/live/controller.py unix-server:/run/controller.sock --rate 500 --tag > /tmp/controller.log 2>&1 &
while [ ! -S /run/controller.sock ]; do sleep 0.1; done
"$vigie" watch --profile on-person --case /disk/case --sensor V1=h4:unix:/run/controller.sock > /tmp/watch.out 2> /tmp/watch.err &
while [ "\$(ls /disk/case/recordings 2> /dev/null | wc -l)" -le "\$before" ]; do sleep 0.1; done
say recording
while true; do say now "\$(date +%s%6N)"; sleep 0.05; done
GUEST

boot() {
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 1024 -smp 2 -nographic -no-reboot -nic none -kernel "$cache/vmlinuz" \
        -initrd "$cache/disk-initrd.gz" -append "console=ttyS0 quiet panic=-1 guest=$work/guest.sh" \
        -fsdev local,id=r,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=r,mount_tag=root \
        -drive "file=$work/disk.img,format=raw,if=virtio,cache=writeback" < /dev/null > "$work/console.$1" 2>&1 &
    echo $!
}

wait_for() {
    for _ in $(seq 1200); do
        grep -q "$1" "$work/console.$2" 2> /dev/null && return 0
        sleep 0.1
    done
    echo "the guest did not come to: $1" >&2
    tail -5 "$work/console.$2" >&2
    return 1
}

worst=0 failed=0
for round in $(seq 0 "$times"); do
    pid=$(boot "$round")
    if ! wait_for "CUT recording" "$round"; then kill -9 "$pid"; exit 1; fi
    # 4 to 7 s into the recording, never twice at the same phase of its rhythm.
    sleep "$(awk -v n="$round" 'BEGIN { printf "%.3f", 4 + (n * 0.377) % 3 }')"
    kill -9 "$pid"
    wait "$pid" 2> /dev/null || true
    if [ "$round" -gt 0 ]; then
        last=$(sed -n 's/.*CUT last \([0-9]*\).*/\1/p' "$work/console.$round" | tail -1)
        now=$(tr -d '\r' < "$work/console.$((round - 1))" | sed -n 's/.*CUT now \([0-9]\{16\}\)$/\1/p' | tail -1)
        opened=$(sed -n 's/.*CUT opened \([0-9]*\).*/\1/p' "$work/console.$round" | tail -1)
        lost=$((now - last))
        [ "$lost" -lt 0 ] && lost=0
        [ -n "${SHOW:-}" ] && echo "last record $last, last sign of life $now"
        echo "cut $round: opens with status $opened, $(awk -v us="$lost" 'BEGIN { printf "%.3f", us / 1e6 }') s lost"
        [ "$lost" -gt "$worst" ] && worst=$lost
        if [ "$opened" != 0 ] || [ "$lost" -gt 1000000 ]; then failed=1; fi
    fi
done
echo "power cut $times times: at most $(awk -v us="$worst" 'BEGIN { printf "%.3f", us / 1e6 }') s lost"
exit "$failed"
