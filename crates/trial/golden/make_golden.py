"""Writes the golden margins of the reference detector on a log made by a formula.

Usage: python3 make_golden.py FOLDER_OF_ONPERSON_REFERENCE > onperson_margins.txt
The test `onperson_golden.rs` makes the same log by the same formula.
"""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from onperson_reference import Detector


def log(n=12000):
    state = 42
    at_ms = 0

    def draw(below):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    for i in range(n):
        at_ms += 250 * draw(4)
        if draw(1500) == 0:
            at_ms += 400_000  # the phone sleeps
        kind = draw(20)
        if kind < 2:
            identifier = kind  # two that stay, one loud and one quiet
            rssi = -58 - 20 * kind - draw(10)
        elif kind == 2 and (i // 1500) % 2 == 0:
            identifier = 2  # one that comes and goes
            rssi = -64 - draw(12)
        else:
            identifier = 3 + i // 400 * 40 + draw(60)  # the crowd turns over
            rssi = -95 + draw(25)
        moving = (i // 3000) % 2 == 0
        steps = (i // 3000 + 1) // 2 * 3000 + (i % 3000 if moving else 0)
        position = None if draw(50) == 0 else (48.0 + steps * 1e-5, 2.0 + (steps % 700) * 1e-5)
        yield at_ms, identifier, rssi, position


detector = Detector()
total = 0.0
for i, (at_ms, identifier, rssi, position) in enumerate(log()):
    lat, lon = position if position else (None, None)
    largest, (m1, m2), _ = detector.push(at_ms / 1000, identifier, rssi, lat, lon)
    total += largest
    if i % 37 == 0 or identifier < 3 and i % 11 == 0:
        print(i, repr(m1), repr(m2))
print("sum", repr(total))
