//! Follows the emitters that alerted from vehicle to vehicle: where each is at the alert, and what changed since.

use std::collections::BTreeSet;

use crate::attribution::{
    Attribution, AttributionConstants, Look, Named, Posterior, Regime, Tally, Wandering,
    effective_level_dbm,
};
use crate::cotravel::SLOT_US;
use crate::emitter::{Channel, Emitter};
use crate::fleet::Fleet;
use crate::intake::Sink;
use crate::judge::Judge;
use crate::motion::{Motion, Seen};
use crate::outcome::{Outcome, Reason, ReasonCode, Update, Verdict, Whereabouts};
use crate::raising::verdict_of_alert;
use crate::roster::Slot;
use crate::sighting::Identifier;

/// Contact older than this is not looked back on, in slots: two minutes.
const OLDEST_SLOTS: i64 = 12;
/// Share of a slot in motion from which it counts as driving.
const DRIVING: f64 = 0.5;
/// Fewer slots do not tell whether a level wanders.
const WANDERING_SLOTS: usize = 4;

/// Where an emitter that alerted was last found.
#[derive(Debug, Clone)]
pub struct Trail {
    /// The window does not reach back before this slot: what was heard in another vehicle is over.
    from_slot: i64,
    /// Since when it has been where it is, µs since 1970.
    since_us: i64,
    /// What was told last.
    told: (Named, Verdict),
    /// Another answer, and for how many slots in a row it has held.
    instead: Option<((Named, Verdict), u32)>,
    /// Slots in a row that speak against the vehicle that was told.
    leaving: u32,
    /// Probabilities now.
    now: Posterior,
    /// Decibels between the two loudest vehicles.
    lead_db: Option<f64>,
}

impl Trail {
    /// Begins at the alert.
    pub fn new(c: &AttributionConstants, found: Found, since_us: i64) -> Self {
        Self {
            from_slot: i64::MIN,
            since_us,
            told: (
                found.posterior.named(c),
                verdict(c, &found.posterior, Verdict::TravellingWithUs),
            ),
            instead: None,
            leaving: 0,
            now: found.posterior,
            lead_db: found.lead_db,
        }
    }

    /// The verdict that the levels allow.
    pub const fn verdict(&self) -> Verdict {
        self.told.1
    }

    /// What the levels by vehicle argue.
    pub fn reason(&self) -> Option<Reason> {
        Some(Reason {
            code: ReasonCode::LevelByVehicle,
            supports: true,
            value: Some(self.lead_db?),
        })
    }
}

/// Where an emitter is, as outcomes tell it.
#[derive(Debug, Default)]
pub struct Place {
    /// The vehicle, where one can be named.
    pub vehicle: Option<String>,
    /// Its probability.
    pub probability: Option<f64>,
    /// In full.
    pub whereabouts: Option<Whereabouts>,
}

impl Place {
    /// Of an emitter's trail, where it has one.
    pub fn of(trail: Option<&Trail>, c: &AttributionConstants, fleet: &Fleet) -> Self {
        let Some(trail) = trail else {
            return Self::default();
        };
        let named = match trail.now.named(c) {
            Named::One(at, p) => fleet.names().get(at).map(|name| (name.clone(), p)),
            Named::Two(..) | Named::Unknown => None,
        };
        let (vehicle, probability) = named.unzip();
        let mut whereabouts = whereabouts(c, fleet, &trail.now);
        whereabouts.since_us = Some(trail.since_us);
        Self {
            vehicle,
            probability,
            whereabouts: Some(whereabouts),
        }
    }
}

/// Probabilities as an outcome tells them.
pub fn whereabouts(c: &AttributionConstants, fleet: &Fleet, found: &Posterior) -> Whereabouts {
    let names = fleet.names();
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    Whereabouts {
        vehicles: names
            .iter()
            .cloned()
            .zip(found.vehicles.iter().copied())
            .collect(),
        outside: found.outside,
        pair: match found.named(c) {
            Named::Two(a, b, p) => Some((name(a), name(b), p)),
            Named::One(..) | Named::Unknown => None,
        },
        since_us: None,
    }
}

/// `aboard` once hardly anything speaks for "beside, behind or ahead"; it takes more to go back on it.
fn verdict(c: &AttributionConstants, found: &Posterior, before: Verdict) -> Verdict {
    let outside = match before {
        Verdict::Aboard => 2.0 * c.aboard_outside,
        _ => c.aboard_outside,
    };
    if found.outside < outside {
        Verdict::Aboard
    } else {
        Verdict::TravellingWithUs
    }
}

/// Where an emitter is by what was heard in a window.
#[derive(Debug, Clone)]
pub struct Found {
    posterior: Posterior,
    lead_db: Option<f64>,
}

/// What the attribution needs beside the emitter.
pub struct Surroundings<'a> {
    /// The model.
    pub attribution: &'a Attribution,
    /// Who rides where.
    pub fleet: &'a Fleet,
    /// How we moved.
    pub motion: &'a mut Motion,
}

impl Surroundings<'_> {
    /// Where an emitter is, from its last `slots` slots of contact since `from_slot`. `None` without vehicles or
    /// levels.
    pub fn find(&mut self, e: &Emitter, slots: usize, from_slot: i64) -> Option<Found> {
        if self.fleet.names().is_empty() {
            return None;
        }
        let heard_in: BTreeSet<i64> = e
            .channels
            .iter()
            .flat_map(tallied)
            .map(|(s, _)| s)
            .collect();
        let newest = *heard_in.last()?;
        let window: Vec<i64> = heard_in
            .into_iter()
            .rev()
            .filter(|slot| *slot >= from_slot && newest.saturating_sub(*slot) <= OLDEST_SLOTS)
            .take(slots)
            .collect();
        let seen: Vec<(i64, Option<Seen>)> = window
            .into_iter()
            .map(|slot| (slot, self.motion.of(slot)))
            .collect();
        let parked = seen
            .iter()
            .filter_map(|(_, seen)| seen.as_ref())
            .any(|seen| seen.parked);
        let driving = |seen: &Seen| seen.motion.moving > DRIVING;
        let mut looks = Vec::new();
        let mut look = |regime: Regime, slots: Vec<i64>| {
            if !slots.is_empty() {
                looks.push(self.look(&e.channels, &slots, regime));
            }
        };
        let slots_where = |holds: &dyn Fn(&Option<Seen>) -> bool| -> Vec<i64> {
            let kept = seen.iter().filter(|(_, seen)| holds(seen));
            kept.map(|(slot, _)| *slot).collect()
        };
        let speeds = seen
            .iter()
            .filter_map(|(_, seen)| seen.as_ref())
            .filter(|s| driving(s));
        let (count, sum) = speeds.fold((0, 0.0), |(n, sum), s| (n + 1, sum + s.motion.speed_m_s));
        let speed_m_s = sum / f64::from(count.max(1));
        // A whole window without moving is longer than traffic makes one stand.
        let standing = if parked || count == 0 {
            Regime::Parked
        } else {
            Regime::Queue
        };
        look(
            Regime::Driving(speed_m_s),
            slots_where(&|seen| seen.as_ref().is_some_and(driving)),
        );
        look(
            standing,
            slots_where(&|seen| seen.as_ref().is_some_and(|s| !driving(s))),
        );
        look(Regime::Unknown, slots_where(&|seen| seen.is_none()));
        let posterior = self.attribution.posterior(&looks)?;
        let lead_db = looks
            .iter()
            .max_by_key(|look| look.events)
            .and_then(|look| {
                let mut levels: Vec<f64> = look
                    .heard
                    .iter()
                    .flatten()
                    .map(|tally| effective_level_dbm(tally, look.events))
                    .collect();
                levels.sort_by(|a, b| b.total_cmp(a));
                Some(levels.first()? - levels.get(1)?)
            });
        Some(Found { posterior, lead_db })
    }

    fn look(&self, channels: &[Channel], slots: &[i64], regime: Regime) -> Look {
        let names = self.fleet.names();
        let mut heard: Vec<Option<Tally>> = vec![None; names.len()];
        let newest_us = slots
            .iter()
            .max()
            .map_or(0, |slot| slot.saturating_mul(SLOT_US));
        for vehicle in self.fleet.carrying(newest_us) {
            if let Some(place) = heard.get_mut(usize::from(vehicle.0)) {
                *place = Some(Tally::default());
            }
        }
        let mut most = vec![0; slots.len()];
        let mut tallies = Vec::with_capacity(channels.len());
        for channel in channels {
            let (mut count, mut sum) = (0, 0.0);
            for (slot, tally) in tallied(channel) {
                let (Some(at), Some(level_dbm)) =
                    (slots.iter().position(|s| *s == slot), tally.level_dbm)
                else {
                    continue;
                };
                count += tally.count;
                sum += level_dbm * f64::from(tally.count);
                if let Some(most) = most.get_mut(at) {
                    *most = tally.count.max(*most);
                }
            }
            if count > 0 {
                let level_dbm = sum / f64::from(count);
                tallies.push((channel.sensor, Tally { count, level_dbm }));
            }
        }
        let events = most.iter().sum();
        for &(sensor, tally) in &tallies {
            let Some(vehicle) = self.fleet.of_sensor(sensor, newest_us) else {
                continue;
            };
            // Of several sensors in one vehicle, the loudest.
            if let Some(Some(place)) = heard.get_mut(usize::from(vehicle.0))
                && effective_level_dbm(&tally, events) > effective_level_dbm(place, events)
            {
                *place = tally;
            }
        }
        let loudest = tallies.iter().max_by(|a, b| {
            effective_level_dbm(&a.1, events).total_cmp(&effective_level_dbm(&b.1, events))
        });
        let wandering = loudest.and_then(|(sensor, _)| {
            let channel = channels.iter().find(|c| c.sensor == *sensor)?;
            wandering(channel, slots)
        });
        Look {
            regime,
            events,
            slots: slots.len() as u32,
            heard,
            wandering,
        }
    }
}

/// How the level wanders at one sensor; `None` below `WANDERING_SLOTS`.
fn wandering(channel: &Channel, slots: &[i64]) -> Option<Wandering> {
    let heard: Vec<(f64, f64)> = tallied(channel)
        .filter(|(slot, _)| slots.contains(slot))
        .filter_map(|(_, heard)| Some((heard.level_dbm?, f64::from(heard.count))))
        .collect();
    if heard.len() < WANDERING_SLOTS {
        return None;
    }
    let n = heard.len() as f64;
    let mean = heard.iter().map(|(level, _)| level).sum::<f64>() / n;
    let squares: f64 = heard.iter().map(|(level, _)| (level - mean).powi(2)).sum();
    Some(Wandering {
        variance: squares / (n - 1.0),
        freedom: n - 1.0,
        frames: heard.iter().map(|(_, count)| count).sum::<f64>() / n,
    })
}

/// Slots that a sensor heard it in, also before there is a test.
fn tallied(channel: &Channel) -> impl Iterator<Item = (i64, crate::cotravel::SlotHeard)> + '_ {
    let first = match (&channel.latest, channel.taken) {
        (None, Some(slot)) => Some((slot, channel.first)),
        _ => None,
    };
    let latest = channel.latest.iter().flat_map(|latest| latest.slots());
    latest.chain(first).filter(|(_, heard)| heard.count > 0)
}

impl Judge {
    /// Where a living emitter is by its last minute of contact, whether it alerted or not.
    pub(crate) fn whereabouts(&mut self, identifier: Identifier) -> Option<Whereabouts> {
        let slot = self.roster.find(identifier)?;
        let e = self.roster.at(slot)?;
        let c = self.attribution.constants();
        let mut around = Surroundings {
            attribution: &self.attribution,
            fleet: &self.fleet,
            motion: &mut self.slots.motion,
        };
        let found = around.find(e, c.window_slots, i64::MIN)?;
        Some(whereabouts(c, &self.fleet, &found.posterior))
    }

    /// Follows an emitter that alerted: tells when its vehicle or its verdict has changed for good.
    pub(crate) fn follow(&mut self, slot: Slot, sink: Sink<'_>) {
        let at_us = self.decided_us();
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        if e.alert_us.is_none() {
            return;
        }
        let c = self.attribution.constants();
        let mut around = Surroundings {
            attribution: &self.attribution,
            fleet: &self.fleet,
            motion: &mut self.slots.motion,
        };
        let Some(mut trail) = e.trail.take() else {
            e.trail = around
                .find(e, c.window_slots, i64::MIN)
                .map(|found| Box::new(Trail::new(c, found, e.first_us)));
            return;
        };
        let moved = trail.left(c, &mut around, e);
        let Some(found) = around.find(e, c.window_slots, trail.from_slot) else {
            e.trail = Some(trail);
            return;
        };
        trail.now = found.posterior;
        trail.lead_db = found.lead_db;
        let changed = trail.settle(c, moved.is_some());
        let mut reasons: Vec<Reason> = trail.reason().into_iter().collect();
        if let Some(stayed_s) = moved {
            reasons.insert(
                0,
                Reason {
                    code: ReasonCode::ChangedVehicle,
                    supports: true,
                    value: Some(stayed_s),
                },
            );
        }
        let place = Place::of(Some(&trail), c, &self.fleet);
        e.trail = Some(trail);
        if !changed {
            return;
        }
        let (emitter, verdict) = (e.number, verdict_of_alert(e));
        let (llr, weighed) = (e.best_llr, e.weighed);
        sink(Outcome::Update(Update {
            at_us,
            emitter,
            verdict,
            probability: self.displayed(llr, weighed),
            vehicle: place.vehicle,
            vehicle_probability: place.probability,
            whereabouts: place.whereabouts,
            reasons,
        }));
    }
}

impl Trail {
    /// Whether it has left the vehicle that was told for another; gives how long it had been there, seconds.
    fn left(
        &mut self,
        c: &AttributionConstants,
        around: &mut Surroundings<'_>,
        e: &Emitter,
    ) -> Option<f64> {
        let found = around.find(e, c.stable_slots as usize, self.from_slot)?;
        let of = |at: usize| found.posterior.vehicles.get(at).copied().unwrap_or(0.0);
        let still = match self.told.0 {
            Named::One(at, _) => of(at),
            Named::Two(a, b, _) => of(a) + of(b),
            Named::Unknown => return None,
        };
        let elsewhere = matches!(found.posterior.named(c), Named::One(..));
        if still >= c.left_probability || !elsewhere {
            self.leaving = 0;
            return None;
        }
        self.leaving += 1;
        if self.leaving < c.stable_slots {
            return None;
        }
        self.leaving = 0;
        let slots = i64::from(c.stable_slots) * 2 - 1;
        let now_slot = e.last_us.div_euclid(SLOT_US);
        self.from_slot = now_slot - slots + 1;
        let since_us = self.from_slot.saturating_mul(SLOT_US);
        let stayed_s = since_us.saturating_sub(self.since_us) as f64 / 1e6;
        self.since_us = since_us;
        Some(stayed_s)
    }

    /// Whether there is something new to tell: at once when it has moved, else when it has held long enough.
    fn settle(&mut self, c: &AttributionConstants, moved: bool) -> bool {
        let now = (self.now.named(c), verdict(c, &self.now, self.told.1));
        if moved {
            self.told = now;
            self.instead = None;
            return true;
        }
        if same(now, self.told) {
            self.instead = None;
            return false;
        }
        let held = match self.instead {
            Some((other, held)) if same(other, now) => held + 1,
            _ => 1,
        };
        if held < c.stable_slots {
            self.instead = Some((now, held));
            return false;
        }
        self.told = now;
        self.instead = None;
        true
    }
}

/// Whether two answers would be told in the same words, probabilities aside.
fn same(a: (Named, Verdict), b: (Named, Verdict)) -> bool {
    let named = match (a.0, b.0) {
        (Named::One(a, _), Named::One(b, _)) => a == b,
        (Named::Two(a, b, _), Named::Two(c, d, _)) => (a, b) == (c, d),
        (Named::Unknown, Named::Unknown) => true,
        _ => false,
    };
    named && a.1 == b.1
}
