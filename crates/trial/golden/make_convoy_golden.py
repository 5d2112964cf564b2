"""Golden figures of the Python prototype of the convoy simulator (sim.py), for tests of the port.

    python3 make_convoy_golden.py PATH/TO/sim.py > convoy_prototype.txt

Per environment and kind (0 roadside, 1 stream, 2 opposite, 3 sticky), over many simulated hours without a
planted tag: devices heard, devices heard for longer than 5, 21, 61, 121 and 301 s, advertising events heard,
receptions over all sensors, and receptions above -80 dBm. Each figure is the mean and the standard deviation
of its count per hour.

`as-is` is the prototype. `interpolated` is the same with one line changed: the prototype takes the convoy's
own position from the whole second before a frame and that of other vehicles from the frame's own time, which
puts vehicles that keep pace with us up to a second's way too far ahead.
"""
import sys
import numpy as np

OURS = "dx=x_abs[:,None]-(s[i][:,None]+off[i])"
INTERPOLATED = "dx=x_abs[:,None]-(np.interp(tt,t,s)[:,None]+off[i])"
BEYOND = (5.0, 21.0, 61.0, 121.0, 301.0)
HOURS = {"rural": 3000, "highway": 3000, "city": 1000, "crowd": 60}


def counts(h, kind):
    q = h["kind"] == kind
    t, em, r = h["t"][q], h["em"][q], h["r"][q]
    ids, inverse = np.unique(em, return_inverse=True)
    first, last = np.full(len(ids), np.inf), np.full(len(ids), -np.inf)
    np.minimum.at(first, inverse, t)
    np.maximum.at(last, inverse, t)
    stay = last - first
    with np.errstate(invalid="ignore"):
        loud = int((r > -80).sum())
    return [len(ids), *[int((stay > b).sum()) for b in BEYOND], len(t), int((~np.isnan(r)).sum()), loud]


source = open(sys.argv[1]).read()
assert OURS in source
print("# made by make_convoy_golden.py; variant environment kind hours, then mean and sd of each count per hour")
for variant, text in (("as-is", source), ("interpolated", source.replace(OURS, INTERPOLATED))):
    sim = {"__name__": "sim"}
    exec(text, sim)
    for env, hours in HOURS.items():
        rng = np.random.default_rng(1)
        rows = {k: [] for k in range(4)}
        for _ in range(hours):
            h = sim["hour"](env, rng)
            for k in range(4):
                rows[k].append(counts(h, k))
        for k in range(4):
            a = np.array(rows[k], float)
            print(variant, env, k, hours, *(f"{m:.4f} {s:.4f}" for m, s in zip(a.mean(0), a.std(0))))
