//! In which of our vehicles a clone rides, from the levels of the keys counted (`detection.md` section 4): a key
//! needs no second sighting to be heard by several sensors at once.

use super::Counted;
use super::lives::Receiver;

/// What an event that a vehicle did not hear counts as, dBm.
const UNHEARD_DBM: f64 = -95.0;
/// Static spread between two vehicles' levels, dB: driving (section 4).
const STATIC_DB: f64 = 4.0;
/// Variance of one event's level, dB².
const EVENT_VARIANCE: f64 = 24.0;
/// Recalibration of the normal quantile (section 4; simulated).
const RECALIBRATION: (f64, f64) = (-0.45, 1.75);

/// The loudest vehicle, the one after it, and the probability that it is the first of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carrier {
    /// Receiver of the vehicle.
    pub loudest: Receiver,
    /// Receiver of the one that hears it loudest after that.
    pub second: Option<Receiver>,
    /// Probability that it rides in the first.
    pub probability: f64,
}

/// From the keys counted since `since_us`, among the vehicles. `None` where no vehicle heard any.
pub(crate) fn carrier<'c>(
    counted: impl Iterator<Item = &'c Counted>,
    since_us: i64,
    vehicles: usize,
) -> Option<Carrier> {
    let mut sums = vec![(0.0, 0.0); vehicles];
    let mut events = 0.0;
    for life in counted.filter(|l| l.first_us >= since_us) {
        events += f64::from(life.events);
        for heard in &life.heard {
            if let Some((frames, levels)) = sums.get_mut(usize::from(heard.receiver)) {
                // Two sensors of one vehicle may both have heard it.
                let share = (f64::from(life.events) / f64::from(heard.frames)).min(1.0);
                *frames += f64::from(heard.frames) * share;
                *levels += f64::from(heard.level_sum) * share;
            }
        }
    }
    if events == 0.0 || sums.iter().all(|(frames, _)| *frames == 0.0) {
        return None;
    }
    let mut levels: Vec<(f64, Receiver)> = sums
        .iter()
        .zip(0..)
        .map(|((frames, sum), receiver)| {
            ((sum + (events - frames) * UNHEARD_DBM) / events, receiver)
        })
        .collect();
    levels.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (first, loudest) = *levels.first()?;
    let Some((next, second)) = levels.get(1).copied() else {
        return Some(Carrier {
            loudest,
            second: None,
            probability: 1.0,
        });
    };
    let sigma = (STATIC_DB * STATIC_DB + EVENT_VARIANCE / events).sqrt();
    let d = (first - next) / sigma;
    Some(Carrier {
        loudest,
        second: Some(second),
        probability: crate::config::logistic(RECALIBRATION.0 + RECALIBRATION.1 * d).max(0.5),
    })
}

#[cfg(test)]
mod tests {
    use super::super::lives::Heard;
    use super::*;

    fn life(levels: [Option<i32>; 3]) -> Counted {
        let heard = (0..)
            .zip(levels)
            .filter_map(|(receiver, level)| Some(Heard::of(receiver, 1, level?)));
        Counted {
            first_us: 0,
            family: vigie_decode::Family::Tile,
            events: 1,
            receiver: 0,
            heard: heard.collect(),
        }
    }

    #[test]
    fn the_loudest_is_named_and_near_equals_are_not_told_apart() {
        let clear = vec![life([None, Some(-62), Some(-85)]); 8];
        let got = carrier(clear.iter(), 0, 3).unwrap();
        assert_eq!((got.loudest, got.second), (1, Some(2)));
        assert!(got.probability > 0.98, "{got:?}");
        let close = vec![life([None, Some(-75), Some(-76)]); 8];
        let got = carrier(close.iter(), 0, 3).unwrap();
        assert!(got.probability < 0.6, "{got:?}");
        assert_eq!(carrier(close.iter(), 1, 3), None);
        assert_eq!(carrier(close.iter(), 0, 0), None);
    }
}
