//! On which difference two sensors' receptions agree, and whether that can be chance.
//!
//! Differences of one transmission lie as close together as the receivers read times. Those of two different
//! transmissions of one sender lie whole intervals away, and every interval has its own random delay, evenly within
//! 0 to 10 ms (Core Specification Vol 6 Part B 4.4.2.2): a narrow window holds a known share of them at most. So
//! what tells the right difference is that nearly all around it lie **in** it, however many senders have the same
//! interval and were passed by one vehicle after the other. How many of those around may lie in the best of all windows
//! looked at is binomial; the bound is Chernoff's.

use super::differences::{DELAY_US, Difference, FAST_US, REACH_US};
use super::relation::Relation;

/// Agreeing differences that are needed.
pub(super) const ENOUGH: usize = 6;
/// Windows, and the most that one can hold of the delays of whole intervals, on the grid of 625 µs: receivers with a
/// clock of their own; such on different channels, of which one event takes three in turn, and good hosts.
const SHARP: [(i64, f64); 2] = [(1_000, 0.12), (4_000, 0.45)];
/// Half-width of what lies around, µs: the delay of one interval on either side, the window, and drift.
const AROUND_US: i64 = 15_000;
/// Clocks are first looked for within this, µs: hosts that set their clocks from anywhere are closer, and hardly any
/// interval is as short.
const USUAL_US: i64 = 250_000;
/// Chance that is taken of a wrong peak there, and elsewhere, where few clocks are.
const CHANCE: [f64; 2] = [1e-2, 1e-6];
/// Chance that the other senders agree with the one that shows most, where clocks seldom are.
const CHANCE_OF_OTHERS: f64 = 0.005;
/// A rival has this share of the best one's score.
const AS_GOOD: f64 = 0.3;
/// Drift between two clocks that is looked for, parts of one: 40 parts per million each.
const DRIFT: f64 = 80e-6;
/// Window of hosts that stamp when they come to it, µs.
const HOST_US: i64 = 40_000;
/// Senders that must agree there.
const SENDERS: usize = 6;
/// Another peak there with this share of the highest is as good.
const AS_HIGH: f64 = 0.7;
/// Standard deviations of a count by which it must stand out there.
const OUTSTANDING: f64 = 2.5;
/// Share of the senders for which it could as well be other transmissions, from which nothing is known.
const COULD_BE_OTHERS: f64 = 0.5;

/// A window with what lies in it and around it.
#[derive(Debug, Clone, Copy)]
struct Window {
    centre_us: f64,
    drift: f64,
    score: f64,
}

/// How two clocks run against each other by their differences; `None` where that cannot be told.
pub(super) fn relation(all: &[Difference]) -> Option<Relation> {
    if all.len() < ENOUGH {
        return None;
    }
    SHARP
        .iter()
        .find_map(|(width_us, share)| sharp(all, *width_us, *share))
        .or_else(|| of_hosts(all))
}

/// Nats by which `k` of `n` are more than chance, if each falls into the window with this share at most.
fn score(k: usize, n: usize, share: f64) -> f64 {
    let (k, n) = (k as f64, n as f64);
    let seen = k / n;
    if seen <= share {
        return 0.0;
    }
    let rest = if k < n {
        (1.0 - seen) * ((1.0 - seen) / (1.0 - share)).ln()
    } else {
        0.0
    };
    n * (seen * (seen / share).ln() + rest)
}

/// Differences as they were at the middle of all times, if the clocks drift so; in order.
fn straightened(all: &[Difference], middle_us: i64, drift: f64, into: &mut Vec<i64>) {
    into.clear();
    into.extend(all.iter().map(|d| at_middle(d, middle_us, drift)));
    into.sort_unstable();
}

fn at_middle(d: &Difference, middle_us: i64, drift: f64) -> i64 {
    i64::from(d.us) - (drift * (d.at_us - middle_us) as f64) as i64
}

/// Every window that begins at a difference: its middle, what is in it, what is around it.
fn windows(sorted: &[i64], width_us: i64) -> impl Iterator<Item = (f64, usize, usize)> + '_ {
    let (mut end, mut low, mut high) = (0, 0, 0);
    sorted.iter().enumerate().map(move |(begin, from_us)| {
        let centre_us = from_us + width_us / 2;
        while sorted.get(end).is_some_and(|d| d - from_us <= width_us) {
            end += 1;
        }
        while sorted.get(low).is_some_and(|d| *d < centre_us - AROUND_US) {
            low += 1;
        }
        high = high.max(end);
        while sorted
            .get(high)
            .is_some_and(|d| *d <= centre_us + AROUND_US)
        {
            high += 1;
        }
        (centre_us as f64, end - begin, high - low)
    })
}

/// The relation of receivers that read times well.
fn sharp(all: &[Difference], width_us: i64, share: f64) -> Option<Relation> {
    let (first_us, middle_us, last_us) = times(all)?;
    // Half a step leaves the ends within a quarter of the window.
    let steps = (DRIFT * (last_us - first_us) as f64 / width_us as f64).ceil() as i64;
    let drifts: Vec<f64> = (-steps..=steps)
        .map(|i| i as f64 * DRIFT / steps.max(1) as f64)
        .collect();
    let margin_us = USUAL_US + AROUND_US + (DRIFT * (last_us - middle_us) as f64) as i64;
    let near: Vec<Difference> = all
        .iter()
        .filter(|d| i64::from(d.us).abs() <= margin_us)
        .copied()
        .collect();
    let mut sorted = Vec::with_capacity(all.len());
    let mut best_of = |among: &[Difference], reach_us: i64, chance: f64| {
        let needed = ((among.len() * drifts.len()) as f64 / chance).ln();
        let mut best: Option<Window> = None;
        for drift in &drifts {
            straightened(among, middle_us, *drift, &mut sorted);
            for (centre_us, k, n) in windows(&sorted, width_us) {
                if k < ENOUGH || centre_us.abs() > reach_us as f64 {
                    continue;
                }
                let score = score(k, n, share);
                if score > needed && best.is_none_or(|b| score > b.score) {
                    best = Some(Window {
                        centre_us,
                        drift: *drift,
                        score,
                    });
                }
            }
        }
        best
    };
    let [usual, elsewhere] = CHANCE;
    let best = best_of(&near, USUAL_US, usual).or_else(|| {
        let found = best_of(all, REACH_US, elsewhere)?;
        others_agree(all, &found, middle_us, width_us, share).then_some(found)
    })?;
    // Senders without random delay agree on every whole interval: then it is one of these.
    let needed = (all.len() as f64 / elsewhere).ln();
    straightened(all, middle_us, best.drift, &mut sorted);
    let mut rivals: Vec<f64> = windows(&sorted, width_us)
        .filter(|(_, k, n)| *k >= ENOUGH && score(*k, *n, share) > needed.max(AS_GOOD * best.score))
        .map(|(centre_us, _, _)| centre_us)
        .filter(|centre_us| (centre_us - best.centre_us).abs() > 2.0 * width_us as f64)
        .collect();
    let ambiguous = !rivals.is_empty();
    rivals.push(best.centre_us);
    let smallest = |a: &&f64, b: &&f64| a.abs().total_cmp(&b.abs());
    let centre_us = *rivals.iter().min_by(smallest)?;
    let farthest_us = rivals
        .iter()
        .map(|r| (r - centre_us).abs())
        .fold(centre_us.abs(), f64::max);
    let relation = fitted(all, centre_us, best.drift, middle_us, width_us)?;
    Some(Relation {
        ambiguous_us: if ambiguous { farthest_us } else { 0.0 },
        ..relation
    })
}

/// Whether a peak stands without the sender that shows most of it: a single one may have no random delay.
fn others_agree(
    all: &[Difference],
    found: &Window,
    middle_us: i64,
    width_us: i64,
    share: f64,
) -> bool {
    let half_us = width_us as f64 / 2.0;
    let mut around: Vec<(u32, bool)> = all
        .iter()
        .map(|d| {
            let off_us = at_middle(d, middle_us, found.drift) as f64 - found.centre_us;
            (d.sender, off_us.abs())
        })
        .filter(|(_, off_us)| *off_us <= AROUND_US as f64)
        .map(|(sender, off_us)| (sender, off_us <= half_us))
        .collect();
    around.sort_unstable();
    let by_sender: Vec<(usize, usize)> = around
        .chunk_by(|a, b| a.0 == b.0)
        .map(|one| (one.iter().filter(|d| d.1).count(), one.len()))
        .collect();
    let (k, n) = by_sender
        .iter()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let Some((top_k, top_n)) = by_sender.iter().max() else {
        return false;
    };
    let (k, n) = (k - top_k, n - top_n);
    k > 2 && score(k, n, share) > -CHANCE_OF_OTHERS.ln()
}

/// The line through those within a window; again through those within it of the line.
fn fitted(
    all: &[Difference],
    centre_us: f64,
    drift: f64,
    middle_us: i64,
    width_us: i64,
) -> Option<Relation> {
    let mut line = Relation {
        offset_us: centre_us,
        drift,
        ..Relation::none(middle_us)
    };
    for _ in 0..2 {
        let within: Vec<(i64, f64)> = all
            .iter()
            .map(|d| (d.at_us, f64::from(d.us)))
            .filter(|(at, us)| (us - line.at(*at).offset_us).abs() <= width_us as f64 / 2.0)
            .collect();
        line = Relation::through(&within)?;
    }
    Some(line)
}

/// The relation of hosts that stamp frames when they come to it: whole intervals are as sharp there, and only that
/// senders with **different** intervals agree tells the right difference.
fn of_hosts(all: &[Difference]) -> Option<Relation> {
    let mut sorted: Vec<i64> = all.iter().map(|d| i64::from(d.us)).collect();
    sorted.sort_unstable();
    let counted: Vec<(f64, usize)> = windows(&sorted, HOST_US)
        .map(|(at, k, _)| (at, k))
        .collect();
    let (centre_us, most) = counted.iter().copied().max_by_key(|w| w.1)?;
    // What chance brings into a window, if all were spread evenly.
    let even = all.len() as f64 * HOST_US as f64 / (2 * REACH_US) as f64;
    let most = most as f64;
    let stands_out = most - OUTSTANDING * most.sqrt() > even;
    let as_high = (AS_HIGH * most).min(most - OUTSTANDING * most.sqrt());
    let rivals = counted
        .iter()
        .any(|(at, k)| *k as f64 >= as_high && (at - centre_us).abs() > 2.0 * HOST_US as f64);
    if most < ENOUGH as f64 || !stands_out || rivals {
        return None;
    }
    let half_us = HOST_US as f64 / 2.0;
    let mut intervals: Vec<(u32, u32)> = all
        .iter()
        .filter(|d| (f64::from(d.us) - centre_us).abs() <= half_us)
        .map(|d| (d.sender, d.interval_us))
        .collect();
    intervals.sort_unstable();
    let intervals: Vec<u32> = intervals
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|one| one.last().map(|d| d.1))
        .collect();
    if intervals.len() < SENDERS || could_be_others(&intervals) {
        return None;
    }
    let (_, middle_us, _) = times(all)?;
    fitted(all, centre_us, 0.0, middle_us, HOST_US)
}

/// First time of differences, the middle between it and the last, and that one, µs since 1970.
fn times(all: &[Difference]) -> Option<(i64, i64, i64)> {
    let first_us = all.iter().map(|d| d.at_us).min()?;
    let last_us = all.iter().map(|d| d.at_us).max()?;
    Some((first_us, first_us + (last_us - first_us) / 2, last_us))
}

/// Whether there is a time by which half of the senders may have been heard one or several intervals late. Who shows no
/// interval may by any.
fn could_be_others(intervals_us: &[u32]) -> bool {
    let unknown = intervals_us.iter().filter(|i| **i == 0).count();
    let bins = (REACH_US / HOST_US) as usize + 1;
    let mut fits = vec![0; bins];
    for interval_us in intervals_us.iter().filter(|i| **i > 0) {
        let mut of_this = vec![false; bins];
        // The shortest gap seen has the least delay.
        let interval_us = i64::from(*interval_us).max(FAST_US);
        for n in 1..=REACH_US / interval_us {
            let from = (n * interval_us - HOST_US / 2) / HOST_US;
            let to = (n * (interval_us + DELAY_US) + HOST_US / 2) / HOST_US;
            for bin in from..=to.min(from + 2) {
                if let Some(fit) = of_this.get_mut(bin as usize) {
                    *fit = true;
                }
            }
        }
        for (sum, fit) in fits.iter_mut().zip(of_this) {
            *sum += usize::from(fit);
        }
    }
    let most = unknown + fits.iter().max().copied().unwrap_or_default();
    most as f64 >= COULD_BE_OTHERS * intervals_us.len() as f64
}
