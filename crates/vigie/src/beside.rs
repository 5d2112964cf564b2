//! Enrolling by listening beside a device: which identifier is the one beside the receiver?

use vigie_decode::{AddressKind, Family};

/// The device lies beside the receiver: at least this loud, dBm. Strangers in the same room are quieter.
const BESIDE_DBM: f64 = -60.0;
/// Somebody else this close in level, dB, makes the choice a guess: fading alone does as much.
const APART_DB: f64 = 6.0;
/// Heard for this share of the time, it lasts.
const LASTING_SHARE: f64 = 0.5;
/// Heard for this share of the time it may be the device as well.
const RIVAL_SHARE: f64 = 0.25;
/// Fewer sightings tell nothing.
const SIGHTINGS: usize = 5;
/// A device that changes its address falls silent and comes back within this time, seconds.
const CHANGE_S: f64 = 20.0;

/// One identifier as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardBeside {
    /// As the input has it, upper case.
    pub address: String,
    /// Sub-type, where known.
    pub kind: Option<AddressKind>,
    /// Tracker family of its frames.
    pub family: Option<Family>,
    /// First sighting, seconds from the start.
    pub first_s: f64,
    /// Last sighting, seconds from the start.
    pub last_s: f64,
    /// Levels, dBm.
    pub levels: Vec<i8>,
}

/// What would be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<'a> {
    /// The identifiers of the device in order of time: more than one if it changed its address meanwhile.
    pub taken: Vec<&'a HeardBeside>,
    /// Median level of the loudest, dBm.
    pub level_dbm: f64,
    /// How much louder it is than the next that lasts, dB; `None`: nothing else lasts.
    pub louder_by_db: Option<f64>,
}

/// Why nothing is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing was heard that lasts.
    Nothing,
    /// What is loudest is not beside the receiver.
    TooQuiet,
    /// Two are equally loud.
    Two,
}

impl HeardBeside {
    fn median_dbm(&self) -> f64 {
        let mut levels = self.levels.clone();
        levels.sort_unstable();
        let middle = levels.len() / 2;
        levels
            .get(middle)
            .copied()
            .map_or(f64::NEG_INFINITY, f64::from)
    }

    fn follows(&self, before: &Self) -> bool {
        let gap_s = self.first_s - before.last_s;
        (-1.0..=CHANGE_S).contains(&gap_s) && self.kind == before.kind
    }
}

/// Chooses among all that was heard in `span_s` seconds.
pub fn choose(heard: &[HeardBeside], span_s: f64) -> Result<Choice<'_>, Doubt> {
    let mut ranked: Vec<(f64, &HeardBeside)> = heard
        .iter()
        .filter(|h| h.levels.len() >= SIGHTINGS)
        .map(|h| (h.median_dbm(), h))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.address.cmp(&b.1.address)));
    let share = |h: &HeardBeside| (h.last_s - h.first_s) / span_s.max(1.0);
    for (level_dbm, loudest) in &ranked {
        let taken = chain(loudest, *level_dbm, &ranked);
        if taken.iter().map(|h| share(h)).sum::<f64>() < LASTING_SHARE {
            continue;
        }
        if *level_dbm < BESIDE_DBM {
            return Err(Doubt::TooQuiet);
        }
        let next_dbm = ranked
            .iter()
            .filter(|(_, h)| !taken.contains(h) && share(h) >= RIVAL_SHARE)
            .map(|(level, _)| *level)
            .max_by(f64::total_cmp);
        let louder_by_db = next_dbm.map(|next| level_dbm - next);
        if louder_by_db.is_some_and(|by| by < APART_DB) {
            return Err(Doubt::Two);
        }
        return Ok(Choice {
            taken,
            level_dbm: *level_dbm,
            louder_by_db,
        });
    }
    Err(Doubt::Nothing)
}

/// An identifier with those before and after it that are equally loud and never heard at the same time.
fn chain<'a>(
    loudest: &'a HeardBeside,
    level_dbm: f64,
    ranked: &[(f64, &'a HeardBeside)],
) -> Vec<&'a HeardBeside> {
    let alike = |wanted: &dyn Fn(&HeardBeside) -> bool| {
        let mut found = ranked
            .iter()
            .filter(|(level, h)| (level - level_dbm).abs() <= APART_DB && wanted(h));
        // Where two could be the next, none is taken: both are then rivals.
        match (found.next(), found.next()) {
            (Some((_, h)), None) => Some(*h),
            _ => None,
        }
    };
    let mut chain = vec![loudest];
    while let Some(next) = chain
        .last()
        .and_then(|last| alike(&|h| h.follows(last) && h.first_s > last.first_s))
    {
        chain.push(next);
    }
    while let Some(before) = chain
        .first()
        .and_then(|first| alike(&|h| first.follows(h) && h.first_s < first.first_s))
    {
        chain.insert(0, before);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(address: &str, from: f64, to: f64, level: i8) -> HeardBeside {
        HeardBeside {
            address: address.into(),
            kind: None,
            family: None,
            first_s: from,
            last_s: to,
            levels: vec![level; 10],
        }
    }

    fn taken(heard: &[HeardBeside]) -> Result<Vec<&str>, Doubt> {
        choose(heard, 60.0).map(|c| c.taken.iter().map(|h| h.address.as_str()).collect())
    }

    #[test]
    fn the_loudest_that_lasts_is_taken() {
        let all = [
            heard("ROOM", 0.0, 60.0, -70),
            heard("OURS", 1.0, 59.0, -40),
            heard("PASSING", 30.0, 33.0, -35),
        ];
        assert_eq!(taken(&all), Ok(vec!["OURS"]));
        let choice = choose(&all, 60.0).unwrap();
        assert_eq!((choice.level_dbm, choice.louder_by_db), (-40.0, Some(30.0)));
    }

    #[test]
    fn two_that_are_equally_loud_are_refused() {
        let all = [heard("ONE", 0.0, 60.0, -41), heard("TWO", 0.0, 60.0, -44)];
        assert_eq!(taken(&all), Err(Doubt::Two));
    }

    #[test]
    fn one_that_changes_its_address_meanwhile_is_one() {
        let all = [
            heard("NEW", 32.0, 60.0, -43),
            heard("OLD", 0.0, 30.0, -41),
            heard("ROOM", 0.0, 60.0, -70),
        ];
        assert_eq!(taken(&all), Ok(vec!["OLD", "NEW"]));
        // Two that begin at the same time cannot both be it.
        let mut more = all.to_vec();
        more.push(heard("ALSO", 33.0, 60.0, -42));
        assert_eq!(taken(&more), Err(Doubt::Two));
    }

    #[test]
    fn what_is_not_beside_the_receiver_is_not_taken() {
        assert_eq!(
            taken(&[heard("ROOM", 0.0, 60.0, -70)]),
            Err(Doubt::TooQuiet)
        );
        assert_eq!(taken(&[heard("SHORT", 0.0, 5.0, -40)]), Err(Doubt::Nothing));
    }
}
