//! The bound to hold the product against: a likelihood that knows what no detector can, the tag's true level and how
//! often it is received, against the same strangers (`detection.md` 1.2, section 10).
//!
//! It knows one identifier, the planted one, at the receiver of its own vehicle. What is left to chance is what the
//! strangers of the mixture would have done in its place.

use crate::convoy::{Kind, Trace};

/// Length of a slot, seconds.
const SLOT_S: f64 = 10.0;
/// Frames that a slot can hold.
const OPPORTUNITIES: usize = 5;
/// Error of a slot's mean level: fast fading of one frame, and of the rest, dB.
const FADING_DB: f64 = 3.5;
/// See `FADING_DB`.
const SLOT_ERROR_DB: f64 = 1.5;
/// Span of levels at first sight, dB.
const SPAN_DB: f64 = 40.0;
/// Chance that a stranger who left comes back within a slot.
const RETURNS: f64 = 1e-4;
/// Chance of staying at a turn.
const STAYS_AT_TURN: f64 = 1.0 - 0.8 * 0.5;
/// Mean remaining stretch within reach of what stands beside the road, metres.
const ROADSIDE_M: f64 = 60.0;

/// Roadside, stream, platoon: weight, chance of leaving in a slot while we move (`None`: by our speed) and while we
/// stand, wander of the level while we move, dB.
const STRANGERS: [(f64, Option<f64>, f64, f64); 3] = [
    (0.90, None, 0.01, 8.0),
    (0.09, Some(0.08), 0.01, 4.0),
    (0.01, Some(0.012), 0.004, 3.0),
];

/// What a slot shows.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    frames: usize,
    level_sum: f64,
    metres: f64,
    moving_s: f64,
    turns: i32,
}

/// One kind of stranger: the weights of being in and out of contact, and where the level is.
struct Stranger {
    present: f64,
    absent: f64,
    level: Option<(f64, f64)>,
}

/// Seconds from the first reception of the planted tag to the end of the slot in which the likelihood ratio reaches
/// `nats`; `None` where it never does, or nothing is planted.
#[must_use]
pub fn found_s(trace: &Trace, level_dbm: f64, nats: f64) -> Option<f64> {
    let planted = trace.truth.planted.first()?;
    let sensor = planted.vehicles.first()?.1;
    let first_s = (planted.first_heard_us? - trace.start_us) as f64 / 1e6;
    let slots = slots(trace, sensor, first_s);
    let share = share(&slots);
    let mut aboard = 0.0;
    let mut strangers = STRANGERS.map(|(weight, ..)| Stranger {
        present: weight,
        absent: 0.0,
        level: None,
    });
    // All weights of strangers are scaled to sum to one; what was scaled away.
    let mut away = 0.0;
    for (nth, slot) in slots.iter().enumerate() {
        let k = slot.frames.min(OPPORTUNITIES);
        let sequence = share.powi(k as i32) * (1.0 - share).powi((OPPORTUNITIES - k) as i32);
        let level = (slot.frames > 0).then(|| slot.level_sum / slot.frames as f64);
        let error = FADING_DB.powi(2) / slot.frames.max(1) as f64 + SLOT_ERROR_DB.powi(2);
        aboard += sequence.ln() + level.map_or(0.0, |r| density(r - level_dbm, error).ln());
        for (stranger, kind) in strangers.iter_mut().zip(STRANGERS) {
            stranger.step(kind, slot, nth > 0, sequence, level, error);
        }
        let sum: f64 = strangers.iter().map(|s| s.present + s.absent).sum();
        for s in &mut strangers {
            s.present /= sum;
            s.absent /= sum;
        }
        away += sum.ln();
        if aboard - away >= nats {
            let end_s = ((first_s / SLOT_S).floor() + nth as f64 + 1.0) * SLOT_S;
            return Some(end_s - first_s);
        }
    }
    None
}

impl Stranger {
    fn step(
        &mut self,
        (_, moving, standing, walk_db): (f64, Option<f64>, f64, f64),
        slot: &Slot,
        began: bool,
        sequence: f64,
        level: Option<f64>,
        error: f64,
    ) {
        let moved = slot.moving_s / SLOT_S;
        let leaves = if slot.metres > SLOT_S * 0.5 {
            moving.unwrap_or_else(|| 1.0 - (-slot.metres / ROADSIDE_M).exp())
        } else {
            standing
        };
        let stays = (1.0 - leaves) * STAYS_AT_TURN.powi(slot.turns);
        if began {
            let present = self.present * stays + self.absent * RETURNS;
            self.absent = self.present * (1.0 - stays) + self.absent * (1.0 - RETURNS);
            self.present = present;
        }
        let walk = walk_db * walk_db * moved.max(0.05);
        match (level, self.level) {
            (Some(r), None) => {
                self.present *= 1.0 / SPAN_DB;
                self.level = Some((r, error + 4.0));
            }
            (Some(r), Some((mean, variance))) => {
                let spread = variance + walk;
                self.present *= density(r - mean, spread + error);
                let gain = spread / (spread + error);
                self.level = Some((mean + gain * (r - mean), (1.0 - gain) * spread));
            }
            (None, known) => self.level = known.map(|(mean, variance)| (mean, variance + walk)),
        }
        self.present *= sequence;
        if slot.frames > 0 {
            self.absent = 0.0;
        }
    }
}

fn density(off: f64, variance: f64) -> f64 {
    (-0.5 * off * off / variance).exp() / (std::f64::consts::TAU * variance).sqrt()
}

/// Share of its frames that the receiver gets, over the whole recording.
fn share(slots: &[Slot]) -> f64 {
    let heard: usize = slots.iter().map(|s| s.frames.min(OPPORTUNITIES)).sum();
    (heard as f64 / (slots.len() * OPPORTUNITIES) as f64).clamp(0.02, 0.98)
}

/// The slots from the first reception on, at one sensor.
fn slots(trace: &Trace, sensor: u8, first_s: f64) -> Vec<Slot> {
    let first = (first_s / SLOT_S).floor();
    let of = |at_s: f64| ((at_s / SLOT_S).floor() - first) as i64;
    let n = of(trace.seconds).max(0) as usize;
    let mut slots = vec![Slot::default(); n];
    let mut at = |at_s: f64, change: &mut dyn FnMut(&mut Slot)| {
        if let Some(slot) = usize::try_from(of(at_s))
            .ok()
            .and_then(|i| slots.get_mut(i))
        {
            change(slot);
        }
    };
    let ours = |identity: u32| {
        let device = trace.identities.get(identity as usize).map(|i| i.device);
        let kind = device
            .and_then(|d| trace.devices.get(d as usize))
            .map(|d| d.kind);
        matches!(kind, Some(Kind::Aboard(_)))
    };
    for h in trace
        .heard
        .iter()
        .filter(|h| h.sensor == sensor && ours(h.identity))
    {
        let seconds = (h.at_us - trace.start_us) as f64 / 1e6;
        at(seconds, &mut |slot| {
            slot.frames += 1;
            slot.level_sum += f64::from(h.rssi);
        });
    }
    for fix in &trace.fixes {
        let seconds = (fix.time_us - trace.start_us) as f64 / 1e6;
        at(seconds, &mut |slot| {
            slot.metres += fix.speed_m_s;
            slot.moving_s += f64::from(u8::from(fix.speed_m_s > 0.5));
        });
    }
    for turn_s in &trace.turns_s {
        at(*turn_s, &mut |slot| slot.turns += 1);
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convoy::{Place, Plan, Planted, simulate};

    #[test]
    fn what_knows_the_level_finds_the_tag_and_takes_longer_where_more_is_asked() {
        let level = -75.0;
        let trace = simulate(&Plan {
            seconds: 900.0,
            planted: vec![Planted {
                place: Place::Level(level),
                ..Planted::default()
            }],
            ..Plan::default()
        });
        let [soon, late] = [3.0, 12.0].map(|nats| found_s(&trace, level, nats).unwrap());
        assert!(soon <= late && late < 600.0, "{soon} {late}");
        // One that knows a wrong level does not.
        assert_eq!(found_s(&trace, level + 40.0, 3.0), None);
    }
}
