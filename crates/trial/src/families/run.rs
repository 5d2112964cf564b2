//! Scores one answer on one trace.

use std::collections::{HashMap, HashSet};

use super::{Answer, Clock, Expected, Named, State};
use crate::convoy::{Kind, PlantedTruth, Trace};

/// Driving after which the vehicle has to be right (`detection.md` section 4), seconds.
const ATTRIBUTED_AFTER_S: f64 = 60.0;
/// How exactly the end of a tag that was taken off has to be told, seconds.
const GONE_TO_S: f64 = 60.0;
/// A tag that changes its key less often than this is told as several emitters, not as a clone alert; an alert
/// on a tracker that changes its key counts as found up to here after its last frame, seconds.
const CLONE_LAG_S: f64 = 120.0;

/// Who stands behind an address, for those that are no bystanders.
pub struct Roles<'t> {
    by_address: HashMap<String, u32>,
    trace: &'t Trace,
    targets: HashSet<u32>,
}

impl<'t> Roles<'t> {
    /// Of a trace; where nothing is planted, strangers who ride with us are what has to be found.
    #[must_use]
    pub fn new(trace: &'t Trace) -> Self {
        let is = |device: u32, wanted: fn(Kind) -> bool| {
            trace
                .devices
                .get(device as usize)
                .is_some_and(|d| wanted(d.kind))
        };
        let special = |k| {
            matches!(
                k,
                Kind::Aboard(_) | Kind::Rider | Kind::Follower | Kind::Team | Kind::Flood
            )
        };
        let by_address = trace
            .identities
            .iter()
            .filter(|i| is(i.device, special))
            .map(|i| (i.address_text(), i.device))
            .collect();
        let aboard: fn(Kind) -> bool = if trace.truth.planted.is_empty() {
            |k| k == Kind::Rider
        } else {
            |k| matches!(k, Kind::Aboard(_))
        };
        let targets = (0..trace.devices.len() as u32)
            .filter(|d| is(*d, aboard))
            .collect();
        Self {
            by_address,
            trace,
            targets,
        }
    }

    fn kind(&self, address: &str) -> Option<Kind> {
        let device = self.by_address.get(address)?;
        self.trace.devices.get(*device as usize).map(|d| d.kind)
    }

    /// Whether an address is one of what has to be found.
    #[must_use]
    pub fn is_target(&self, address: &str) -> bool {
        self.by_address
            .get(address)
            .is_some_and(|d| self.targets.contains(d))
    }

    /// Whether an address is a bystander's.
    #[must_use]
    pub fn is_bystander(&self, address: &str) -> bool {
        !self.by_address.contains_key(address)
    }
}

/// Figures of one run, before they are summed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Something was there that could be heard.
    pub hearable: bool,
    /// Seconds from the clock's zero to the first right alert, 0 where that came before.
    pub found_s: Option<f64>,
    /// Alerts on bystanders' addresses.
    pub false_alarms: u64,
    /// Alerts on trackers that change their key, where none was there.
    pub false_clone_alarms: u64,
    /// Alerts on our own devices that are not told as ours.
    pub own_alarms: u64,
    /// Alerts on what follows us or rides along.
    pub companion_alarms: u64,
    /// Something that is not aboard was called so.
    pub wrongly_aboard: u64,
    /// Vehicle named after a minute of driving: stated probability, and whether it was right.
    pub vehicle: Option<(f64, bool)>,
    /// A single vehicle or a pair was named after a minute, and the true one is in it.
    pub pair_right: bool,
    /// The tag was found, so that a vehicle could be named at all.
    pub attributable: bool,
    /// Seconds with a hearable tag aboard.
    pub aboard_s: f64,
    /// Of these, called `clear`.
    pub clear_aboard_s: f64,
    /// Seconds called `clear` in all.
    pub clear_s: f64,
    /// Of the links that are true and were to be made, how many were; made ones; and right ones among them.
    pub links: [u64; 3],
    /// The verdict was what the family expects.
    pub as_expected: bool,
    /// Stated probability of every emitter, and whether it travelled with us.
    pub forecasts: Vec<(f64, bool)>,
}

/// Scores an answer: time counted from `clock`, held against what is `expected`.
#[must_use]
pub fn score(clock: Clock, expected: Expected, trace: &Trace, answer: &Answer) -> Run {
    let roles = Roles::new(trace);
    let truth = trace.truth.planted.first();
    let start_us = trace.start_us;
    let first_us = first_heard(trace, &roles);
    let zero_us = match clock {
        Clock::Departure => trace
            .truth
            .departure_s
            .map(|s| start_us + (s * 1e6) as i64)
            .or(first_us),
        Clock::FirstHeard => first_us,
    };
    let mut run = Run {
        hearable: first_us.is_some() && truth.is_none_or(|t| t.hearable),
        ..Run::default()
    };
    count_alarms(&mut run, trace, &roles, answer);
    let hits = hits(trace, &roles, answer);
    if let (Some(zero), Some(hit)) = (zero_us, hits.first()) {
        run.found_s = Some(((answer_at(answer, *hit) - zero) as f64 / 1e6).max(0.0));
    }
    if let (Some(truth), Some(first_us)) = (truth, first_us) {
        attribute(&mut run, trace, truth, answer, &hits, first_us);
    }
    count_states(&mut run, trace, answer, first_us);
    count_links(&mut run, trace, answer);
    run.forecasts = answer
        .told
        .iter()
        .filter(|t| !t.ours)
        .map(|t| {
            let travels = roles.kind(&t.address).is_some_and(|k| {
                matches!(
                    k,
                    Kind::Aboard(_) | Kind::Rider | Kind::Team | Kind::Follower
                )
            });
            (t.probability, travels)
        })
        .collect();
    run.as_expected = is_as_expected(expected, trace, &roles, answer, &run, &hits);
    run
}

fn answer_at(answer: &Answer, index: usize) -> i64 {
    answer.raised.get(index).map_or(i64::MAX, |r| r.at_us)
}

/// True time of the first reception of what has to be found, microseconds since 1970.
fn first_heard(trace: &Trace, roles: &Roles<'_>) -> Option<i64> {
    let planted = trace.truth.planted.iter().filter_map(|p| p.first_heard_us);
    planted.min().or_else(|| {
        let of = |h: &crate::convoy::Heard| trace.identities.get(h.identity as usize);
        let target =
            |h: &&crate::convoy::Heard| of(h).is_some_and(|i| roles.targets.contains(&i.device));
        trace.heard.iter().find(target).map(|h| h.at_us)
    })
}

/// Whether a planted tag changes its key: it has several identities.
fn rotates(truth: &PlantedTruth) -> bool {
    truth.identities.len() > 1
}

/// Whether a planted tag was on at a time, or shortly before.
fn is_on(trace: &Trace, truth: &PlantedTruth, at_us: i64, lag_s: f64) -> bool {
    let at = (at_us - trace.start_us) as f64 / 1e6;
    truth
        .on
        .iter()
        .any(|(from, to)| *from <= at && at <= *to + lag_s)
}

/// Indices of the right alerts, in order of time.
fn hits(trace: &Trace, roles: &Roles<'_>, answer: &Answer) -> Vec<usize> {
    let right = |r: &super::Raised| match &r.address {
        Some(address) => roles.is_target(address),
        None => trace
            .truth
            .planted
            .iter()
            .any(|t| rotates(t) && is_on(trace, t, r.at_us, CLONE_LAG_S)),
    };
    let mut hits: Vec<usize> = (0..answer.raised.len())
        .filter(|i| answer.raised.get(*i).is_some_and(right))
        .collect();
    hits.sort_by_key(|i| answer_at(answer, *i));
    hits
}

fn count_alarms(run: &mut Run, trace: &Trace, roles: &Roles<'_>, answer: &Answer) {
    let ours: HashSet<&str> = answer
        .told
        .iter()
        .filter(|t| t.ours)
        .map(|t| t.address.as_str())
        .collect();
    for r in &answer.raised {
        let Some(address) = &r.address else {
            // Beside a tag that keeps its key such an alert is neither a hit nor false: a tracker is there.
            if !trace
                .truth
                .planted
                .iter()
                .any(|t| is_on(trace, t, r.at_us, CLONE_LAG_S))
            {
                run.false_clone_alarms += 1;
            }
            continue;
        };
        match roles.kind(address) {
            None | Some(Kind::Flood) => run.false_alarms += 1,
            Some(Kind::Team) => run.own_alarms += u64::from(!ours.contains(address.as_str())),
            Some(Kind::Rider | Kind::Follower) => run.companion_alarms += 1,
            Some(_) => {}
        }
    }
    run.wrongly_aboard = answer
        .told
        .iter()
        .filter(|t| t.aboard)
        .filter(|t| matches!(roles.kind(&t.address), None | Some(Kind::Follower)))
        .count() as u64;
}

/// The vehicle after a minute of driving, or at the alert where that came later.
fn attribute(
    run: &mut Run,
    trace: &Trace,
    truth: &PlantedTruth,
    answer: &Answer,
    hits: &[usize],
    first_us: i64,
) {
    let Some(hit) = hits.first() else { return };
    run.attributable = true;
    let due_us = minute_of_driving(trace, first_us).max(answer_at(answer, *hit));
    let named: Vec<&Named> = hits
        .iter()
        .filter_map(|i| answer.raised.get(*i))
        .flat_map(|r| &r.named)
        .filter(|n| n.at_us <= due_us)
        .collect();
    let Some(last) = named.into_iter().max_by_key(|n| n.at_us) else {
        return;
    };
    let at_s = (last.at_us - trace.start_us) as f64 / 1e6;
    let carrier = truth
        .vehicles
        .iter()
        .rev()
        .find(|(from, _)| *from <= at_s)
        .or(truth.vehicles.first())
        .map(|(_, v)| *v);
    run.vehicle = last
        .vehicle
        .map(|v| (last.probability.unwrap_or(0.0), Some(v) == carrier));
    run.pair_right = match (last.vehicle, last.pair) {
        (Some(v), _) if Some(v) == carrier => true,
        (_, Some((a, b))) => Some(a) == carrier || Some(b) == carrier,
        _ => false,
    };
}

/// When the convoy has driven for a minute since a time; the end of the trace where it never does.
fn minute_of_driving(trace: &Trace, from_us: i64) -> i64 {
    let mut driven = 0.0;
    let since = trace.fixes.iter().skip_while(|f| f.time_us < from_us);
    for fix in since {
        driven += f64::from(u8::from(fix.speed_m_s > 2.0));
        if driven >= ATTRIBUTED_AFTER_S {
            return fix.time_us;
        }
    }
    trace.start_us + (trace.seconds * 1e6) as i64
}

fn count_states(run: &mut Run, trace: &Trace, answer: &Answer, first_us: Option<i64>) {
    let steps = answer.states.windows(2).filter_map(|w| match w {
        [(from, state), (to, _)] => Some((*from, (to - from) as f64 / 1e6, *state)),
        _ => None,
    });
    for (at_us, seconds, state) in steps {
        let clear = state == State::Clear;
        let heard = first_us.is_some_and(|first| first <= at_us);
        let aboard = heard
            && trace
                .truth
                .planted
                .iter()
                .any(|t| t.hearable && is_on(trace, t, at_us, 0.0));
        run.clear_s += if clear { seconds } else { 0.0 };
        if aboard {
            run.aboard_s += seconds;
            run.clear_aboard_s += if clear { seconds } else { 0.0 };
        }
    }
}

/// Links between identities of one device that follow each other.
fn count_links(run: &mut Run, trace: &Trace, answer: &Answer) {
    let device: HashMap<String, u32> = trace
        .identities
        .iter()
        .map(|i| (i.address_text(), i.device))
        .collect();
    let mut chains: HashMap<u32, u64> = HashMap::new();
    for i in &trace.identities {
        *chains.entry(i.device).or_default() += 1;
    }
    let due: u64 = chains.values().map(|n| n - 1).sum();
    let (mut made, mut right) = (0, 0);
    for t in &answer.told {
        // The likeliest predecessor, where one is likelier than none.
        let best = t
            .follows
            .iter()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|f| f.1 >= 0.5);
        let Some((before, _)) = best else { continue };
        made += 1;
        let same = device.contains_key(&t.address) && device.get(&t.address) == device.get(before);
        right += u64::from(same);
    }
    run.links = [due, made, right];
}

fn is_as_expected(
    expected: Expected,
    trace: &Trace,
    roles: &Roles<'_>,
    answer: &Answer,
    run: &Run,
    hits: &[usize],
) -> bool {
    let truth = trace.truth.planted.first();
    match expected {
        Expected::Alert => run.found_s.is_some(),
        Expected::AlertWithin(s) => run.found_s.is_some_and(|found| found <= s),
        Expected::WithinPeriods(n) => {
            let end = truth.and_then(|t| t.on.get(n.min(t.on.len()).checked_sub(1)?));
            hits.first().is_some_and(|hit| {
                let at = (answer_at(answer, *hit) - trace.start_us) as f64 / 1e6;
                // The decision on what was heard last may fall into the slot after it.
                end.is_some_and(|(_, to)| at <= *to + 10.0)
            })
        }
        Expected::Silent => run.own_alarms + run.false_alarms + run.false_clone_alarms == 0,
        Expected::NotAboard => run.wrongly_aboard == 0,
        Expected::Gone => {
            let end = truth.and_then(|t| t.on.last()).map(|(_, to)| *to);
            let last = answer
                .told
                .iter()
                .filter(|t| roles.is_target(&t.address))
                .map(|t| (t.last_us - trace.start_us) as f64 / 1e6)
                .reduce(f64::max);
            let told = end
                .zip(last)
                .is_some_and(|(end, last)| (end - last).abs() <= GONE_TO_S);
            told && run.found_s.is_some()
        }
        Expected::FoundOrNotClear => run.found_s.is_some() || run.clear_aboard_s == 0.0,
    }
}
