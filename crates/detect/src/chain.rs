//! Analyzer `chain@1`: the evidence on an emitter that goes on under a new address is carried along its links.
//!
//! A successor starts with what its predecessors had gathered, as a mixture: `ln(Σ p·exp(LLR) + 1 - Σp)`
//! (`detection.md` section 2), never more. On a person what is carried is turnover, the unit of that analyzer; in a
//! vehicle nats. Where the predecessor alerted already, nothing is carried: one device, one alert, and a newcomer that
//! alerts by itself does so as before.
//!
//! Known false positives: those of the analyzer whose evidence is carried; a stranger of the same level that comes
//! when a companion leaves.

use crate::config::Profile;
use crate::emitter::Emitter;
use crate::intake::Sink;
use crate::judge::{Judge, Names};
use crate::linking::{Link, Linked};
use crate::outcome::{Reason, ReasonCode};
use crate::turnover::Carried;

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "chain@1";

/// Sightings after which an emitter's own level counts as much as the chain's.
const LEVEL_SIGHTINGS: f64 = 8.0;

/// What an emitter has from those it follows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chain {
    /// Whom it follows, likeliest first.
    pub follows: Vec<Link>,
    /// On a person: turnovers carried.
    pub turnovers: f64,
    /// In a vehicle: nats carried.
    pub nats: f64,
    /// We moved while the chain was in contact.
    pub moved: bool,
    /// Level of the predecessors, dBm, and the probability that it is this one's.
    pub level: Option<(f64, f64)>,
    /// Sightings of the likeliest predecessors.
    pub sightings: u64,
    /// Contact of the likeliest predecessors, seconds.
    pub contact_s: f64,
    /// Links back to the beginning, along the likeliest.
    pub links: u32,
    /// The chain alerted before.
    pub alerted: bool,
    /// Its alert was decided by what is carried.
    pub decided: bool,
}

/// What a successor takes over from one emitter.
struct Reached {
    evidence: f64,
    moved: bool,
    level_dbm: Option<f64>,
    sightings: u64,
    contact_s: f64,
    links: u32,
    alerted: bool,
}

impl Chain {
    /// For the on-person analyzer.
    pub fn carried(&self, own_sightings: u64) -> Carried {
        let level = self.level.map(|(dbm, p)| {
            let weight = p * LEVEL_SIGHTINGS / (LEVEL_SIGHTINGS + own_sightings as f64);
            (dbm, weight)
        });
        Carried {
            turnovers: self.turnovers,
            moved: self.moved,
            level,
        }
    }
}

/// What of a ratio in a vehicle may be carried to a successor, nats. That ratio is the logarithm of how rarely a
/// stranger gets so far, and such logarithms do not add up: of many chance pairs some have two that are high. Half of
/// it less ln 2 does: as a factor it is 1 on average over strangers (the calibrator p^(-1/2) / 2 of Vovk and Wang,
/// "E-values: calibration, combination and applications", 2021). It never speaks against the successor.
fn carried_nats(llr: f64) -> f64 {
    (0.5 * llr - std::f64::consts::LN_2).max(0.0)
}

impl Emitter {
    fn reached(&self, profile: Profile) -> Reached {
        let chain = self.chain.as_deref();
        let carried = chain.map_or((0.0, 0.0), |c| (c.turnovers, c.nats));
        Reached {
            evidence: match profile {
                Profile::OnPerson => self.companion.reached() + carried.0,
                Profile::Vehicle => carried_nats(self.own_llr) + carried.1,
            },
            moved: self.companion.has_moved() || chain.is_some_and(|c| c.moved),
            level_dbm: self.companion.level_dbm(),
            sightings: self.sightings + chain.map_or(0, |c| c.sightings),
            contact_s: (self.last_scan_us - self.contact_scan_us) as f64 / 1e6
                + chain.map_or(0.0, |c| c.contact_s),
            links: 1 + chain.map_or(0, |c| c.links),
            alerted: self.alert_us.is_some() || chain.is_some_and(|c| c.alerted),
        }
    }

    /// Reasons of an alert that the chain decided.
    pub(crate) fn chain_reasons(&self, nats_each: f64) -> Vec<Reason> {
        let Some(chain) = self.chain.as_deref().filter(|c| c.decided) else {
            return Vec::new();
        };
        let reason = |code, value| Reason {
            code,
            supports: true,
            value: Some(value),
        };
        let nats = chain.nats + chain.turnovers * nats_each;
        vec![
            reason(ReasonCode::Linked, f64::from(chain.links)),
            reason(ReasonCode::CarriedEvidence, nats),
        ]
    }
}

impl Judge {
    /// Links those that began to those that ended, and hands on what they had gathered.
    pub(crate) fn weigh_links(&mut self, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        if !self.links.due(&self.config.linking, now_us) {
            return;
        }
        let linked = self
            .links
            .weigh(&self.config.linking, now_us, &mut self.roster);
        for one in linked {
            self.hand_on(one, names, sink);
        }
    }

    fn hand_on(&mut self, linked: Linked, names: Names<'_>, sink: Sink<'_>) {
        let profile = self.config.profile;
        let c = &self.config.turnover;
        // On a person a turnover is worth so many nats; in a vehicle evidence is in nats.
        let nats_each = match profile {
            Profile::OnPerson => c.llr_per_turnover,
            Profile::Vehicle => 1.0,
        };
        let mut odds = 0.0;
        let mut left = 1.0;
        let mut chain = Chain::default();
        let mut level = (0.0, 0.0);
        for (link, slot) in &linked.follows {
            let Some(a) = self.roster.at(*slot).filter(|a| a.number == link.emitter) else {
                continue;
            };
            let reached = a.reached(profile);
            let p = link.probability;
            let evidence = if reached.alerted {
                0.0
            } else {
                reached.evidence
            };
            odds += p * (nats_each * evidence).exp();
            left -= p;
            if let Some(dbm) = reached.level_dbm {
                level = (level.0 + p * dbm, level.1 + p);
            }
            if chain.follows.is_empty() {
                chain.links = reached.links;
            }
            if p > 0.5 {
                chain.moved = reached.moved;
                chain.sightings = reached.sightings;
                chain.contact_s = reached.contact_s;
                chain.alerted = reached.alerted;
            }
            chain.follows.push(*link);
        }
        let Some(e) = self
            .roster
            .at(linked.slot)
            .filter(|e| e.number == linked.emitter)
        else {
            return;
        };
        if chain.follows.is_empty() {
            e.chain = None;
            return;
        }
        let carried = (odds + left.max(0.0)).ln().max(0.0) / nats_each;
        match profile {
            Profile::OnPerson => chain.turnovers = carried,
            Profile::Vehicle => chain.nats = carried,
        }
        chain.level = (level.1 > 0.0).then(|| (level.0 / level.1, level.1));
        chain.decided = e.chain.as_ref().is_some_and(|c| c.decided);
        e.chain = Some(Box::new(chain));
        if profile == Profile::OnPerson && carried > 0.0 {
            self.weigh_companion(linked.slot, None, names, sink);
        }
    }
}
