"""Golden numbers for the co-travel port: runs the prototype's llr_path (q1.py, one channel) on seeded
made-up emitters and writes, slot by slot, what was put in and what came out.

usage: make_cotravel.py FOLDER_OF_PROTOTYPES > cotravel.tsv   (needs numpy and scipy)"""
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import q1

W = q1.W
rng = np.random.default_rng(20261124)
print("# emitter slot count level speed moving turns split llr")
for e in range(24):
    n = int(rng.integers(8, 60))
    split = float(rng.choice([0.1, 0.5, 0.6]))
    v = np.repeat(rng.choice([0.0, 0.3, 3.0, 12.0, 20.0, 30.0], n + 2), int(W)).astype(float)
    v[rng.random(len(v)) < 0.2] = 0.0
    turns = np.sort(rng.uniform(0, n * W, int(rng.integers(0, 8))))
    kind = e % 3
    t, r = [], []
    level = float(rng.uniform(-92, -55))
    for x in np.arange(rng.random() * 2, n * W, 2.0):
        level += rng.normal(0, [0.1, 1.5, 0.8][kind])
        if kind == 1 and rng.random() < 0.02:
            break
        if rng.random() < (0.85 if int(x) % 97 < 70 else 0.2):
            t.append(x)
            r.append(round(level + rng.normal(0, 3.5)))
    if len(t) < 4:
        continue
    t = np.array(t)
    r = np.array(r, float)[:, None]
    out, s0 = q1.llr_path(t, r, v, turns, split)
    for i, llr in enumerate(out):
        j = s0 + i
        q = (t >= j * W) & (t < (j + 1) * W)
        count = min(int(q.sum()), q1.NSLOT)
        # The prototype divides the slot's sum by the capped count.
        mean = float(r[q].sum() / count) if count else 0.0
        vv = v[int(j * W):int((j + 1) * W)]
        nt = int(((turns >= j * W) & (turns < (j + 1) * W)).sum())
        print(e, i, count, repr(mean), repr(float(vv.mean())), repr(float((vv > 0.5).mean())), nt, split, repr(float(llr)), sep="\t")
