#!/usr/bin/env python3
"""A Bluetooth controller that speaks HCI over H4 (bumble), and what it hears: for `vigie watch --sensor h4:…`.

  controller.py TRANSPORT --decoded FILE [--sensor NAME] [--start US]   what `vigie decode` says of a recording, at its own pace
  controller.py TRANSPORT --rate N [--devices N] [--stay S] [--tag]     N reports a second from devices that turn over

TRANSPORT as bumble has it, `tcp-server:127.0.0.1:PORT` or `unix-server:PATH`. Begins when the host scans, goes on until it is killed.
Says READY when it can be connected to, PLAYED N at the end of a file, and every second how many reports it has sent.
What a host tells its controller is looked at by scripts/virtual_controller.py."""
import argparse
import asyncio
import json
import random
import sys
import time

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport import open_transport

KINDS = {"ADV_IND": 0, "ADV_DIRECT_IND": 1, "ADV_SCAN_IND": 2, "ADV_NONCONN_IND": 3, "SCAN_RSP": 4}
TAG = ("F0:11:22:33:44:55", "1eff4c001219102807ce0b3c33332ed37b5d9d8291b1d99d0b8615189700e0")


def report(kind, public, address, payload, rssi):
    """An LE Advertising Report event, with its H4 indicator."""
    octets = bytes(reversed(bytes.fromhex(address.replace(":", ""))))
    body = bytes([2, 1, kind, 0 if public else 1]) + octets + bytes([len(payload)]) + payload + bytes([rssi & 0xFF])
    return bytes([4, 0x3E, len(body)]) + body


def decoded(path, sensor):
    """(seconds since the first, packet), from the output of `vigie decode`."""
    first = None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            frame = json.loads(line)
            if frame["malformed"] or frame["adva"] is None or (sensor and frame["sensor"] != sensor):
                continue
            if frame["pdu"] not in KINDS:
                continue
            at = stamp(frame["time"])
            first = at if first is None else first
            payload = bytes.fromhex(frame["payload"])[:31]
            public = frame["address_type"] == "public"
            yield at - first, report(KINDS[frame["pdu"]], public, frame["adva"], payload, frame["rssi"] or 127), at


def stamp(text):
    date, clock = text.rstrip("Z").split("T")
    year, month, day = map(int, date.split("-"))
    hours, minutes, seconds = clock.split(":")
    import calendar

    days = calendar.timegm((year, month, day, 0, 0, 0))
    return days + int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def crowd(rate, devices, stay, tag):
    """Devices that turn over: each is there for `stay` seconds; with `tag`, one that stays."""
    pick = random.Random(1)
    number = 0
    while True:
        second = number / rate
        who = int(second // stay) * devices + pick.randrange(devices)
        if tag and number % max(1, int(rate * 2)) == 0:
            yield second, report(3, False, TAG[0], bytes.fromhex(TAG[1]), -62), second
        seen = random.Random(who)
        address = "C%X:" % seen.randrange(16) + ":".join("%02X" % seen.randrange(256) for _ in range(5))
        payload = bytes.fromhex("0201061aff4c000215") + who.to_bytes(20, "big") + b"\xc5"
        yield second, report(0, False, address, payload, -60 - seen.randrange(35)), second
        number += 1


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("transport")
    options.add_argument("--decoded")
    options.add_argument("--sensor")
    options.add_argument("--start", type=float, help="time of the first frame, s since 1970: several play in step")
    options.add_argument("--speed", type=float, default=1.0)
    options.add_argument("--rate", type=float)
    options.add_argument("--devices", type=int, default=40)
    options.add_argument("--stay", type=float, default=20.0)
    options.add_argument("--tag", action="store_true")
    options.add_argument("--at", type=float, help="wall clock at which to begin, s since 1970")
    options = options.parse_args()
    transport = await open_transport(options.transport)
    scanner = Controller("scanner", host_source=transport.source, host_sink=transport.sink, link=LocalLink())
    scanner.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    print("READY", flush=True)
    while not scanner.le_scan_enable:
        await asyncio.sleep(0.01)
    if options.decoded:
        events = decoded(options.decoded, options.sensor)
    else:
        events = crowd(options.rate, options.devices, options.stay, options.tag)
    begin = options.at or time.time()
    sent, told = 0, time.monotonic()
    for since, packet, at in events:
        due = begin + (at - options.start if options.start else since) / options.speed
        wait = due - time.time()
        if wait > 0.002:
            await asyncio.sleep(wait)
        elif sent % 64 == 0:
            await asyncio.sleep(0)
        if not scanner.le_scan_enable:
            break
        scanner.host.on_packet(packet)
        sent += 1
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            print("SENT", sent, flush=True)
    print("PLAYED", sent, flush=True)
    await asyncio.get_running_loop().create_future()


try:
    asyncio.run(main())
except (KeyboardInterrupt, BrokenPipeError, asyncio.CancelledError):
    sys.exit(0)
