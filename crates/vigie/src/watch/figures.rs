//! How a live run kept up: what came, and how long it took from its receipt to its judgement.

use vigie_show::{Texts, Value};

/// Steps of the histogram: 1 ms up to a second, the last for all that took longer.
const STEPS: usize = 1001;

/// Counts of one run.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Packets that receivers handed over.
    pub packets: u64,
    /// Of these, not recorded, because the disk was too slow.
    pub unrecorded: u64,
    /// By milliseconds from receipt to judgement: how many events.
    delays: Vec<u64>,
    /// Most events that waited for the engine.
    pub most_behind_ms: u64,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            packets: 0,
            unrecorded: 0,
            delays: vec![0; STEPS],
            most_behind_ms: 0,
        }
    }
}

impl Figures {
    /// An event received at `received_us` was judged at `judged_us`, µs of the run.
    pub fn judged(&mut self, received_us: i64, judged_us: i64) {
        let ms = ((judged_us - received_us).max(0) / 1000) as u64;
        self.most_behind_ms = self.most_behind_ms.max(ms);
        let step = (ms as usize).min(STEPS - 1);
        if let Some(n) = self.delays.get_mut(step) {
            *n += 1;
        }
    }

    /// Within how many milliseconds this share of events was judged; rounded up, `None` without any.
    pub fn within_ms(&self, share: f64) -> Option<u64> {
        let all: u64 = self.delays.iter().sum();
        let wanted = (all as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (ms, n) in (1_u64..).zip(&self.delays) {
            seen += n;
            if all > 0 && seen >= wanted {
                return Some(ms);
            }
        }
        None
    }

    /// As a line for people.
    pub fn line(&self, texts: &Texts) -> String {
        let ms = |share| self.within_ms(share).unwrap_or(0);
        let values = [
            ("packets", Value::Count(self.packets)),
            ("unrecorded", Value::Count(self.unrecorded)),
            ("half", Value::Count(ms(0.5))),
            ("most", Value::Count(ms(0.99))),
            ("longest", Value::Count(self.most_behind_ms)),
        ];
        texts.text_with("watch-figures", &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_events() {
        let mut figures = Figures::default();
        assert_eq!(figures.within_ms(0.99), None);
        for ms in 0..100 {
            figures.judged(0, ms * 1000);
        }
        figures.judged(0, 5_000_000);
        assert_eq!(figures.within_ms(0.5), Some(51));
        assert_eq!(figures.within_ms(1.0), Some(1001));
        assert_eq!(figures.most_behind_ms, 5000);
    }
}
