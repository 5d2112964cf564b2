#!/usr/bin/env python3
"""Time of the last whole packet in the newest segment of a case, microseconds since 1970, by the blocks of the file alone.

  last_record.py CASE"""
import pathlib
import struct
import sys

newest = max(pathlib.Path(sys.argv[1], "recordings").iterdir())
data = newest.read_bytes()
at, last = 0, 0
while at + 12 <= len(data):
    kind, length = struct.unpack_from("<II", data, at)
    if length < 12 or at + length > len(data) or struct.unpack_from("<I", data, at + length - 4)[0] != length:
        break
    if kind == 6:
        high, low = struct.unpack_from("<II", data, at + 12)
        last = high << 32 | low
    at += length
print(last)
