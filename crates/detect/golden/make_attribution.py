"""Golden cases for the attribution to vehicles: runs the trial of the prototype (q4.py) and writes what each
sensor heard, and what the prototype's rule makes of it.

usage: make_attribution.py FOLDER_OF_PROTOTYPES SEED TRIALS > attribution.tsv   (needs numpy and scipy)"""
import sys

import numpy as np
from scipy.stats import norm

sys.path.insert(0, sys.argv[1])
import q4

NV, SENS = q4.NV, q4.SENS
rng = np.random.default_rng(int(sys.argv[2]))


def trial(place, mode, seconds):
    """As q4.trial, line by line, but gives what was heard too."""
    k = rng.integers(NV); hide = {'cabin': 0., 'trunk': 8., 'metal': 22., 'underbody_rear': 14.}[place]
    leak = {'cabin': 0., 'trunk': 4., 'metal': 22., 'underbody_rear': 0.}[place]
    body = 0. if place == 'underbody_rear' else 7.
    gap = {'parked6': 6., 'parked_tight': 5.2, 'city': 23., 'highway': 45., 'city_queue': 8.}[mode]
    x = -np.arange(NV) * gap; xt = x[k] + (-2.3 if place in ('trunk', 'underbody_rear', 'metal') else 0.)
    n = max(1, int(seconds / 2.)); d = np.abs(x - xt); lev = -62 - 24 * np.log10(np.maximum(d, 2.2) / 2.2) - 7 - body - leak - 0; lev[k] = -62 - hide
    st_sd = 5. if mode.startswith('parked') else 4.; blk_sd = 0.5 if mode.startswith('parked') else 4.
    st = rng.normal(0, st_sd, NV); nb = n // 3 + 1; sh = rng.normal(0, blk_sd, (nb, NV))[np.arange(n) // 3]
    r = lev + st + sh + rng.normal(0, 3.5, (n, NV)); p = .8 / (1 + np.exp(-(r - SENS) / 1.5)); ok = rng.random((n, NV)) < p
    c = ok.sum(0)
    if c.sum() == 0: return
    m = np.array([np.mean(r[ok[:, j], j]) if c[j] else -99. for j in range(NV)])
    e = np.where(c > 0, (m * c + (-95) * (n - c)) / n, -97.)
    j = int(np.argmax(e)); srt = np.sort(e)[::-1]
    pc = norm.cdf((srt[0] - srt[1]) / np.sqrt(2 * st_sd**2 * .5 + 2 * 12 / n))
    most = int(sum(max(ok[a:a + 5].sum(0)) for a in range(0, n, 5)))
    heard = ' '.join(f'{c[i]}:{m[i]:.4f}' for i in range(NV))
    print(place, mode, k, n, most, j, repr(float(srt[0] - srt[1])), repr(float(pc)), heard, sep='\t')


print('# place mode vehicle events most_heard_by_one prototype_vehicle difference prototype_probability count:mean by vehicle')
for place in ('cabin', 'trunk', 'underbody_rear', 'metal'):
    for mode in ('parked6', 'city_queue', 'city', 'highway'):
        for _ in range(int(sys.argv[3])):
            trial(place, mode, 60)
