//! Seeded draws whose results depend on the seed alone, not on the version of a library.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Right edge of the lowest layer, and the area of each layer, for 128 layers (Doornik 2005).
const ZIGGURAT_EDGE: f64 = 3.442_619_855_899;
const ZIGGURAT_AREA: f64 = 9.912_563_035_262_17e-3;

/// Edges of the ziggurat's layers, and the share of each that lies under the curve for sure.
struct Ziggurat {
    edge: [f64; 129],
    sure: [f64; 128],
}

static ZIGGURAT: std::sync::LazyLock<Ziggurat> = std::sync::LazyLock::new(|| {
    let mut edge = [0.0; 129];
    let mut height = (-0.5 * ZIGGURAT_EDGE * ZIGGURAT_EDGE).exp();
    edge[0] = ZIGGURAT_AREA / height;
    edge[1] = ZIGGURAT_EDGE;
    for i in 2..128 {
        edge[i] = (-2.0 * (ZIGGURAT_AREA / edge[i - 1] + height).ln()).sqrt();
        height = (-0.5 * edge[i] * edge[i]).exp();
    }
    let sure = std::array::from_fn(|i| edge[i + 1] / edge[i]);
    Ziggurat { edge, sure }
});

/// A stream of draws.
pub struct Draws(ChaCha8Rng);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.0.fill_bytes(&mut out);
        out
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in 0 to n - 1; 0 for n = 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Exponential with the given mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Normal (Box and Muller 1958).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Standard normal by the ziggurat (Marsaglia and Tsang 2000, in the form of Doornik 2005):
    /// exact like [`Draws::normal`], and several times faster, where millions are drawn.
    pub fn gauss(&mut self) -> f64 {
        let z = &*ZIGGURAT;
        loop {
            let bits = self.bits();
            // The layer from the low bits, the place from the high ones: they do not overlap.
            let layer = (bits & 127) as usize;
            let u = 2.0 * ((bits >> 11) as f64 / (1u64 << 53) as f64) - 1.0;
            let x = u * z.edge[layer];
            if u.abs() < z.sure[layer] {
                return x;
            }
            if layer == 0 {
                let tail = self.tail();
                return if u < 0.0 { -tail } else { tail };
            }
            let below = (-0.5 * (z.edge[layer] * z.edge[layer] - x * x)).exp();
            let above = (-0.5 * (z.edge[layer + 1] * z.edge[layer + 1] - x * x)).exp();
            if above + self.unit() * (below - above) < 1.0 {
                return x;
            }
        }
    }

    /// Normal beyond the lowest layer's edge (Marsaglia 1964).
    fn tail(&mut self) -> f64 {
        loop {
            let x = self.exponential(1.0 / ZIGGURAT_EDGE);
            let y = self.exponential(1.0);
            if 2.0 * y >= x * x {
                return ZIGGURAT_EDGE + x;
            }
        }
    }

    /// Poisson with the given mean, by counting arrivals.
    pub fn poisson(&mut self, mean: f64) -> usize {
        let mut sum = self.exponential(1.0);
        let mut count = 0;
        while sum < mean {
            sum += self.exponential(1.0);
            count += 1;
        }
        count
    }
}

/// A level in dBm as a receiver reports it.
pub fn as_rssi(dbm: f64) -> i8 {
    dbm.round().clamp(-127.0, 20.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        let mut d = Draws::new(1);
        let first: Vec<u64> = (0..2).map(|_| d.bits()).collect();
        let mut again = Draws::new(1);
        assert_eq!(first, [again.bits(), again.bits()]);
        assert_ne!(first[0], Draws::new(2).bits());
    }

    #[test]
    fn moments() {
        let mut d = Draws::new(7);
        let n = 20_000;
        let mean = (0..n).map(|_| d.normal(3.0, 2.0)).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 0.1, "{mean}");
        let mean = (0..n).map(|_| d.exponential(5.0)).sum::<f64>() / f64::from(n);
        assert!((mean - 5.0).abs() < 0.2, "{mean}");
        assert!((0..n).all(|_| d.below(3) < 3));
    }

    /// Shares beyond 1, 2, 3 and 3.5 deviations on either side, within four standard errors.
    #[test]
    fn the_ziggurat_is_normal() {
        let n = 2_000_000;
        let mut d = Draws::new(3);
        let draws: Vec<f64> = (0..n).map(|_| d.gauss()).collect();
        let expected = [
            (1.0, 0.158_655_254),
            (2.0, 0.022_750_132),
            (3.0, 0.001_349_898),
            (3.5, 0.000_232_629),
        ];
        for (beyond, share) in expected {
            for sign in [-1.0, 1.0] {
                let count = draws.iter().filter(|x| sign * **x > beyond).count() as f64;
                let error = (f64::from(n) * share).sqrt() * 4.0;
                assert!(
                    (count - f64::from(n) * share).abs() < error,
                    "{sign} {beyond}: {count}"
                );
            }
        }
        let square = draws.iter().map(|x| x * x).sum::<f64>() / f64::from(n);
        assert!(
            (square - 1.0).abs() < 4.0 * (2.0 / f64::from(n)).sqrt(),
            "{square}"
        );
    }

    #[test]
    fn poisson_mean_and_variance() {
        let mut d = Draws::new(5);
        let n = 20_000;
        let counts: Vec<f64> = (0..n).map(|_| d.poisson(3.0) as f64).collect();
        let mean = counts.iter().sum::<f64>() / f64::from(n);
        let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 0.05 && (variance - 3.0).abs() < 0.15);
        assert_eq!(d.poisson(0.0), 0);
    }
}
