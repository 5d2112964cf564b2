#!/usr/bin/env python3
"""Sends a track as NMEA sentences over UDP at its own pace, as a receiver does to gpsd.

  nmea.py HOST:PORT TRACK.jsonl [--start S] [--at S] [--speed X]

TRACK: lines with `time` or `time_us`, `lat`, `lon`, `speed_m_s`."""
import argparse
import datetime
import functools
import json
import operator
import socket
import time


def sentence(body):
    return f"${body}*{functools.reduce(operator.xor, body.encode()):02X}\r\n"


def degrees(value, positive, negative, width):
    whole, minutes = divmod(abs(value) * 60, 60)
    return f"{int(whole):0{width}d}{minutes:09.6f},{positive if value >= 0 else negative}"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("to")
    options.add_argument("track")
    options.add_argument("--start", type=float)
    options.add_argument("--at", type=float)
    options.add_argument("--speed", type=float, default=1.0)
    options = options.parse_args()
    host, port = options.to.rsplit(":", 1)
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begin, start = options.at or time.time(), options.start
    for line in open(options.track, encoding="utf-8"):
        fix = json.loads(line)
        if "lat" not in fix:
            continue
        stamp = fix.get("time_us", fix.get("time"))
        if isinstance(stamp, int):
            at = stamp / 1e6
        else:
            at = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()
        start = at if start is None else start
        due = begin + (at - start) / options.speed
        if due > time.time():
            time.sleep(due - time.time())
        now = datetime.datetime.fromtimestamp(time.time(), datetime.timezone.utc)
        clock, date = now.strftime("%H%M%S.%f")[:-4], now.strftime("%d%m%y")
        place = degrees(fix["lat"], "N", "S", 2) + "," + degrees(fix["lon"], "E", "W", 3)
        knots = (fix.get("speed_m_s") or 0.0) / 0.514444
        for body in (
            f"GPGGA,{clock},{place},1,09,0.9,35.0,M,48.0,M,,",
            "GPGSA,A,3,01,02,03,04,05,06,07,08,09,,,,1.5,0.9,1.2",
            f"GPRMC,{clock},A,{place},{knots:.2f},0.0,{date},,,A",
        ):
            out.sendto(sentence(body).encode(), (host, int(port)))


main()
