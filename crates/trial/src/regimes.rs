//! Which alerts are not counted as false: those on devices that are probably the carrier's own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{Log, Truth, log::seconds_between};

/// Which identifiers a false alarm is not counted for (`onperson.md` section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Regime {
    /// As labelled: every alert on an identifier that is not planted is false.
    R0,
    /// Without those heard in the first 60 s at a mean level of -70 dBm and above: enrolled.
    R1,
    /// Without R1's and their successors in address rotation.
    R2,
}

impl Regime {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::R0, Self::R1, Self::R2];

    /// Identifiers that are left out of the count of false alarms.
    #[must_use]
    pub fn excluded(self, log: &Log, truth: &Truth) -> BTreeSet<u32> {
        match self {
            Self::R0 => BTreeSet::new(),
            Self::R1 => enrolled(log, truth),
            Self::R2 => {
                let mut own = enrolled(log, truth);
                add_successors(log, truth, &mut own);
                own
            }
        }
    }
}

const FIRST_S: f64 = 60.0;
const ENROLLED_DBM: f64 = -70.0;
const SUCCESSOR_WITHIN_S: f64 = 140.0;
const SUCCESSOR_DBM: f64 = -66.0;
const SUCCESSOR_APART_DB: f64 = 20.0;
/// Levels at the ends of an address's life are means of this many sightings. A successor has at
/// least as many; an enrolled address may have been heard less often.
const END_SIGHTINGS: usize = 5;

fn enrolled(log: &Log, truth: &Truth) -> BTreeSet<u32> {
    let planted = truth.identifiers();
    let Some(start) = log.sightings.first().map(|s| s.time_us) else {
        return BTreeSet::new();
    };
    let mut levels: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for s in log
        .sightings
        .iter()
        .take_while(|s| seconds_between(start, s.time_us) <= FIRST_S)
    {
        if let Some(rssi) = s.rssi {
            let (sum, n) = levels.entry(s.identifier).or_default();
            *sum += f64::from(rssi);
            *n += 1.0;
        }
    }
    levels
        .into_iter()
        .filter(|(id, (sum, n))| sum / n >= ENROLLED_DBM && !planted.contains(id))
        .map(|(id, _)| id)
        .collect()
}

/// Time and mean level at both ends of an address's life.
struct Ends {
    first_us: i64,
    last_us: i64,
    /// `None` with fewer than five sightings.
    first_dbm: Option<f64>,
    last_dbm: f64,
}

fn ends(log: &Log) -> Vec<Option<Ends>> {
    let mut levels: Vec<Vec<(i64, f64)>> = vec![Vec::new(); log.identifiers.len()];
    for s in &log.sightings {
        if let (Some(v), Some(rssi)) = (levels.get_mut(s.identifier as usize), s.rssi) {
            v.push((s.time_us, f64::from(rssi)));
        }
    }
    let mean = |v: &[(i64, f64)]| v.iter().map(|x| x.1).sum::<f64>() / v.len() as f64;
    levels
        .iter()
        .map(|v| {
            Some(Ends {
                first_us: v.first()?.0,
                last_us: v.last()?.0,
                first_dbm: v.get(..END_SIGHTINGS).map(mean),
                last_dbm: mean(v.get(v.len().saturating_sub(END_SIGHTINGS)..)?),
            })
        })
        .collect()
}

fn add_successors(log: &Log, truth: &Truth, own: &mut BTreeSet<u32>) {
    let planted = truth.identifiers();
    let ends = ends(log);
    let end_of = |i: u32| ends.get(i as usize).and_then(Option::as_ref);
    let tag = |i: u32| log.tags.get(i as usize);
    let mut to_follow: Vec<u32> = own.iter().copied().collect();
    while let Some(old) = to_follow.pop() {
        let Some(a) = end_of(old).filter(|a| a.last_dbm >= SUCCESSOR_DBM) else {
            continue;
        };
        for (b, new) in ends.iter().zip(0u32..) {
            let Some(b) = b else { continue };
            let Some(first_dbm) = b.first_dbm else {
                continue;
            };
            let gap_s = seconds_between(a.last_us, b.first_us);
            if (0.0..=SUCCESSOR_WITHIN_S).contains(&gap_s)
                && first_dbm >= SUCCESSOR_DBM
                && (a.last_dbm - first_dbm).abs() <= SUCCESSOR_APART_DB
                && tag(old) == tag(new)
                && !planted.contains(&new)
                && own.insert(new)
            {
                to_follow.push(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::tests::log;

    #[test]
    fn regimes() {
        let mut rows = vec![
            ("planted", 0.0, -50),
            ("quiet", 1.0, -71),
            ("own", 5.0, -70),
        ];
        // `own` is loud up to 300 s; `next` is born 100 s later, `late` 200 s later, `far` quieter.
        rows.extend((0..5).map(|i| ("own", 296.0 + f64::from(i), -60)));
        rows.extend((0..5).map(|i| ("next", 400.0 + f64::from(i), -50)));
        rows.extend((0..5).map(|i| ("late", 600.0 + f64::from(i), -50)));
        rows.extend((0..5).map(|i| ("far", 401.0 + f64::from(i), -67)));
        rows.extend((0..4).map(|i| ("short", 402.0 + f64::from(i), -50)));
        // `third` follows `next`.
        rows.extend((0..5).map(|i| ("third", 410.0 + f64::from(i), -66)));
        let log = log(&rows);
        let index = log.index();
        let truth = Truth::of([index["planted"]]);
        let names = |r: Regime| -> Vec<&str> {
            r.excluded(&log, &truth)
                .iter()
                .map(|&i| log.identifiers[i as usize].as_str())
                .collect()
        };
        assert!(names(Regime::R0).is_empty());
        assert_eq!(names(Regime::R1), ["own"]);
        assert_eq!(names(Regime::R2), ["own", "next", "third"]);
    }
}
