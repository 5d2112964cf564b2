"""Golden numbers for the clone tests: runs the prototype's CUSUMs (q3.py, rate_cusum and cusum) on seeded made-up
events and windows and writes what was put in and what came out.

usage: make_clones.py FOLDER_OF_PROTOTYPES > clones.tsv   (needs numpy and scipy)"""
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import q3

rng = np.random.default_rng(20261124)
print("# rate    run lambda1, then: table run moving band ambient; event run second level receiver moving; best run window nats")
for run, lambda1 in enumerate((0.3, 1 / 40.0)):
    lam0 = np.exp(rng.uniform(np.log(1e-6), np.log(1e-2), (2, len(q3.LB))))
    v = np.repeat(rng.choice([0.0, 12.0], 120), 30).astype(float)
    ambient = np.sort(rng.uniform(0, 3000, 60))
    source = 900 + np.arange(0, 400, 2.0 if run == 0 else 30.0)
    t = np.round(np.concatenate([ambient, source]), 3)
    level = np.concatenate([rng.integers(-97, -50, len(ambient)), -75 + np.round(rng.normal(0, 4, len(source)))])
    receiver = np.concatenate([rng.integers(0, 7, len(ambient)), np.full(len(source), 3)])
    order = np.argsort(t, kind="stable")
    t, level, receiver = t[order], level[order], receiver[order]
    moving = (v > 2).astype(int)
    best = q3.rate_cusum(dict(v=v), lambda d, rot: (t, level, receiver), None, lam0, lambda1)
    print("rate", run, repr(float(lambda1)), sep="\t")
    for m in (0, 1):
        for band, x in enumerate(lam0[m]):
            print("table", run, m, band, repr(float(x)), sep="\t")
    for a, b, k in zip(t, level, receiver):
        print("event", run, repr(float(a)), int(b), int(k), int(moving[min(int(a), 3599)]), sep="\t")
    for w, x in enumerate(best):
        if x > 0:
            print("best", run, w, repr(float(x)), sep="\t")

print("# habit state cell arrives stays; window i state, then the occupied cells as receiver:cell; nats i best")
P = np.empty((3, len(q3.CEN), 2, 2))
P[:, :, 0, 1] = rng.uniform(0.005, 0.3, (3, len(q3.CEN)))
P[:, :, 1, 1] = rng.uniform(0.2, 0.8, (3, len(q3.CEN)))
P[:, :, :, 0] = 1 - P[:, :, :, 1]
n = 90
O = rng.random((q3.NV, len(q3.CEN), n)) < 0.08
O[4, 5:8, 30:60] |= rng.random((3, 30)) < 0.9
s = rng.integers(0, 3, n)
for state in range(3):
    for cell in range(len(q3.CEN)):
        print("habit", state, cell, repr(float(P[state, cell, 0, 1])), repr(float(P[state, cell, 1, 1])), sep="\t")
best = q3.cusum(O, s, P)
for i in range(n):
    cells = [f"{k}:{c}" for k in range(q3.NV) for c in range(len(q3.CEN)) if O[k, c, i]]
    print("window", i, int(s[i]), *cells, sep="\t")
    print("nats", i, repr(float(best[i])), sep="\t")
