//! Trackers that change their identifier, on real ground. What rests on it is called **semi-synthetic**.
//!
//! The sightings of every planted tracker get new identifiers, each sighting one of its own or one every so many
//! seconds; times, levels, positions and all bystanders stay as they were heard.

use std::collections::HashSet;

use crate::{Log, Truth, labels::Planted, log::seconds_between, random::Draws};

/// How often a planted tracker changes its identifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Redraw {
    /// With every sighting.
    EverySighting,
    /// Every so many seconds (above 0), each tracker at a moment of its own.
    Every(f64),
}

/// A recording with its planted trackers' identifiers drawn anew, and what is planted in it: one emitter for each
/// tracker, whatever the number of its identifiers.
#[must_use]
pub fn redraw(log: &Log, truth: &Truth, how: Redraw, seed: u64) -> (Log, Truth) {
    let mut draws = Draws::new(seed ^ name_mark(&log.name));
    let mut taken: HashSet<String> = log.identifiers.iter().cloned().collect();
    let mut owner: Vec<Option<usize>> = vec![None; log.identifiers.len()];
    for (i, planted) in truth.planted.iter().enumerate() {
        for &id in &planted.identifiers {
            if let Some(place) = owner.get_mut(id as usize) {
                *place = Some(i);
            }
        }
    }
    let start_us = log.sightings.first().map_or(0, |s| s.time_us);
    let mut trackers: Vec<Tracker> = truth
        .planted
        .iter()
        .map(|p| Tracker {
            phase: draws.unit(),
            period: None,
            now: None,
            planted: Planted {
                kind: p.kind.clone(),
                identifiers: Vec::new(),
            },
        })
        .collect();
    let mut out = Log {
        name: log.name.clone(),
        ..Log::default()
    };
    let mut kept: Vec<Option<u32>> = vec![None; log.identifiers.len()];
    for s in &log.sightings {
        let at = s.identifier as usize;
        let Some(text) = log.identifiers.get(at) else {
            continue;
        };
        let tag = || log.tags.get(at).cloned().flatten();
        let tracker = owner
            .get(at)
            .copied()
            .flatten()
            .and_then(|i| trackers.get_mut(i));
        let identifier = match tracker {
            Some(tracker) => {
                let period = match how {
                    Redraw::EverySighting => None,
                    Redraw::Every(seconds) => {
                        let since = seconds_between(start_us, s.time_us) / seconds;
                        Some((since + tracker.phase).floor() as i64)
                    }
                };
                match tracker.now {
                    Some(now) if period.is_some() && period == tracker.period => now,
                    _ => {
                        let new = out.add_identifier(fresh(text, &mut taken, &mut draws), tag());
                        tracker.period = period;
                        tracker.now = Some(new);
                        tracker.planted.identifiers.push(new);
                        new
                    }
                }
            }
            None => {
                let known = kept.get(at).copied().flatten();
                let identifier = known.unwrap_or_else(|| out.add_identifier(text.clone(), tag()));
                if let Some(place) = kept.get_mut(at) {
                    *place = Some(identifier);
                }
                identifier
            }
        };
        out.sightings.push(crate::Sighting { identifier, ..*s });
    }
    let truth = Truth {
        planted: trackers.into_iter().map(|t| t.planted).collect(),
        unheard: truth.unheard,
        changing: true,
    };
    (out, truth)
}

/// For each planted tracker the recording with it alone: the sightings of the others removed. What is found then
/// is found by its own evidence.
#[must_use]
pub fn each_alone(log: &Log, truth: &Truth) -> Vec<(Log, Truth)> {
    let all = truth.identifiers();
    truth
        .planted
        .iter()
        .zip(1..)
        .map(|(planted, number)| {
            let mut one = log.clone();
            one.name = format!("{} {number}", log.name);
            one.sightings.retain(|s| {
                !all.contains(&s.identifier) || planted.identifiers.contains(&s.identifier)
            });
            let truth = Truth {
                planted: vec![planted.clone()],
                unheard: 0,
                changing: truth.changing,
            };
            (one, truth)
        })
        .collect()
}

struct Tracker {
    /// Where in its period it is when the recording begins, 0 to 1.
    phase: f64,
    period: Option<i64>,
    now: Option<u32>,
    planted: Planted,
}

/// Every recording has draws of its own, whatever the others are.
fn name_mark(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// An identifier of the same kind that the recording does not have: an address of the same sub-type, or a number.
fn fresh(like: &str, taken: &mut HashSet<String>, draws: &mut Draws) -> String {
    let bytes: Vec<u8> = like
        .split(':')
        .filter_map(|b| u8::from_str_radix(b, 16).ok())
        .collect();
    loop {
        let text = if let [top, _, _, _, _, _] = bytes[..] {
            let [a, b, c, d, e, f] = draws.bytes::<6>();
            let a = (a & 0x3f) | (top & 0xc0);
            format!("{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{f:02X}")
        } else {
            (1_000_000_000 + draws.below(1_000_000_000)).to_string()
        };
        if taken.insert(text.clone()) {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::tests::log;

    fn source() -> (Log, Truth) {
        let mut rows = Vec::new();
        for i in 0..40 {
            let at = f64::from(i) * 10.0;
            rows.push(("C1:00:00:00:00:01", at, -60));
            rows.push(("42:00:00:00:00:02", at + 1.0, -80));
            rows.push(("7", at + 2.0, -70));
        }
        let log = log(&rows);
        let index = log.index();
        let truth = Truth::of([index["C1:00:00:00:00:01"], index["7"]]);
        (log, truth)
    }

    #[test]
    fn all_but_the_identifiers_of_the_planted_stays() {
        let (log, truth) = source();
        for how in [Redraw::EverySighting, Redraw::Every(30.0)] {
            let (out, planted) = redraw(&log, &truth, how, 1);
            assert_eq!(out.sightings.len(), log.sightings.len());
            let mut seen = HashSet::new();
            for (a, b) in log.sightings.iter().zip(&out.sightings) {
                assert_eq!(
                    (a.time_us, a.rssi, a.position),
                    (b.time_us, b.rssi, b.position)
                );
                let before = &log.identifiers[a.identifier as usize];
                let after = &out.identifiers[b.identifier as usize];
                assert_eq!(before == after, before.starts_with("42"));
                let of = planted
                    .planted
                    .iter()
                    .position(|p| p.identifiers.contains(&b.identifier));
                let was = truth
                    .planted
                    .iter()
                    .position(|p| p.identifiers.contains(&a.identifier));
                assert_eq!(of, was);
                if before.starts_with("C1") {
                    // Still a static random address.
                    let top = u8::from_str_radix(&after[..2], 16).unwrap();
                    assert_eq!(top & 0xc0, 0xc0);
                }
                seen.insert(after.clone());
            }
            assert_eq!(seen.len(), out.identifiers.len());
        }
    }

    #[test]
    fn as_many_identifiers_as_periods() {
        let (log, truth) = source();
        let count = |how| {
            let (_, t) = redraw(&log, &truth, how, 3);
            t.planted
                .iter()
                .map(|p| p.identifiers.len())
                .collect::<Vec<_>>()
        };
        assert_eq!(count(Redraw::EverySighting), [40, 40]);
        // 390 s of sightings: 13 periods of 30 s, one more where the phase cuts one in two.
        assert!(
            count(Redraw::Every(30.0))
                .iter()
                .all(|n| (13..=14).contains(n))
        );
        assert_eq!(
            redraw(&log, &truth, Redraw::EverySighting, 9),
            redraw(&log, &truth, Redraw::EverySighting, 9)
        );
    }

    #[test]
    fn alone_means_that_the_others_are_gone() {
        let (log, truth) = source();
        let (log, truth) = redraw(&log, &truth, Redraw::Every(30.0), 1);
        let alone = each_alone(&log, &truth);
        assert_eq!(alone.len(), 2);
        for (one, t) in alone {
            assert_eq!(one.sightings.len(), 80);
            assert_eq!(t.planted.len(), 1);
        }
    }
}
