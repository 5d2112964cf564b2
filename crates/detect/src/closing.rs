//! The end of an emitter and of a run: what is told of them.

use std::collections::BTreeMap;

use crate::config::Profile;
use crate::emitter::{Emitter, Traits};
use crate::identifiers::Identifiers;
use crate::intake::{Counts, Sink};
use crate::judge::{Judge, Names};
use crate::locating::Place;
use crate::outcome::{EmitterRecord, Outcome, Summary, Verdict};
use crate::raising::verdict_of_alert;
use crate::roster::Recency;
use crate::standing::{Grounds, Standing, advice, cannot_exclude, decide};
use vigie_decode::TrackerState;

/// Stands for "never weighed", nats.
const LOWEST_LLR: f64 = -100.0;

/// Contact at one place from which an emitter is called fixed, µs of listening.
const FIXED_CONTACT_US: i64 = 120_000_000;

impl Judge {
    /// All that is known of an emitter.
    pub(crate) fn record(&self, e: &Emitter, recency: Recency, names: Names<'_>) -> EmitterRecord {
        let traits = e.traits.as_deref();
        let best = e.best_llr.max(LOWEST_LLR);
        let left = e.alert_us.is_none()
            && recency != Recency::Present
            && self.config.profile == Profile::OnPerson;
        let llr = best
            + if left {
                self.config.turnover.llr_of_leaving
            } else {
                0.0
            };
        let place = Place::of(
            e.trail.as_deref(),
            self.attribution.constants(),
            &self.fleet,
        );
        EmitterRecord {
            emitter: e.number,
            identifiers: vec![names.identifiers.text(e.identifier)],
            keys: traits.map(Traits::keys).unwrap_or_default(),
            family: traits.map(|t| t.family.as_str()),
            model: traits.and_then(|t| t.model),
            state: traits.and_then(|t| t.state).map(TrackerState::as_str),
            first_seen_us: e.first_us,
            last_seen_us: e.last_us,
            sightings: e.sightings,
            transmissions: e.transmissions.count(),
            verdict: self.verdict(e, recency),
            enrolled: None,
            llr: self.stated(llr, e.weighed),
            llr_uncapped: best,
            peaks: e.peaks,
            turnover_peaks: e.turnover_peaks,
            prior: self.prior(e.weighed),
            probability: self.displayed(llr, e.weighed),
            follows: e.chain.as_ref().map_or_else(Vec::new, |chain| {
                let pairs = chain.follows.iter().map(|l| (l.emitter, l.probability));
                pairs.collect()
            }),
            alert_at_us: e.alert_us,
            vehicle: place.vehicle,
            vehicle_probability: place.probability,
            whereabouts: place.whereabouts,
            clone_signs: traits.map(|t| t.clone_signs.names()).unwrap_or_default(),
        }
    }

    fn verdict(&self, e: &Emitter, recency: Recency) -> Verdict {
        if e.alert_us.is_some() {
            verdict_of_alert(e)
        } else if recency == Recency::Present {
            Verdict::Undecided
        } else if self.ground.has_positions()
            && e.last_scan_us - e.contact_scan_us >= FIXED_CONTACT_US
            && !e.companion.has_moved()
        {
            Verdict::Fixed
        } else {
            Verdict::Passing
        }
    }

    /// What the state is decided on, as it is now.
    fn grounds(&self, counts: &Counts, watched: u64) -> Grounds {
        let (hearing, _) = self.hearing(&[]);
        let positioned = self.ground.has_positions();
        let earned = self.ground.earned_in_all(self.surroundings.raw);
        let heard_s = self.listening.scan_us() as f64 / 1e6;
        let rule = &self.config.clearance;
        // On a person what counts is the whole way, in a vehicle the way since the last long stop.
        let (judged_s, apart_s, judged_m, turnovers, parked) = match self.config.profile {
            Profile::OnPerson => (
                heard_s,
                heard_s,
                self.ground.travelled_m(),
                earned.replaced(),
                false,
            ),
            Profile::Vehicle => (
                self.journey.driven_s().min(heard_s),
                self.journey.apart_s().min(heard_s),
                self.journey.driven_m(),
                self.journey.replaced(earned),
                self.journey.parked(rule.stop_s),
            ),
        };
        Grounds {
            profile: self.config.profile,
            sightings: counts.sightings,
            alerts: self.alerts + self.alarms.raised,
            clones: self.alarms.raised,
            watched: watched + self.alarms.watched(self.listening.now_us()),
            changing_keys_heard: self.config.profile == Profile::Vehicle
                && counts.with_payload > 0
                && self.clones.heard_enough(),
            crowded: self.clones.keys_per_hour(self.listening.now_us())
                >= self.config.clones.crowd_keys_per_hour,
            heard_s,
            judged_s,
            apart_s,
            duration_s: self.listening.duration_s(),
            travelled_m: positioned.then_some(judged_m),
            turnovers,
            parked,
            hearing,
            mostly_damaged: counts.malformed * 2 > counts.frames,
        }
    }

    /// The state now, as it would be told if the run ended here.
    pub fn standing(&self, counts: &Counts) -> Standing {
        decide(
            &self.config.clearance,
            &self.grounds(counts, self.watched()),
        )
    }

    /// Emitters on their way to an alert.
    pub(crate) fn watched(&self) -> u64 {
        let awake = self.roster.awake();
        awake.filter(|e| e.watched && e.alert_us.is_none()).count() as u64
    }

    /// Ends the run.
    pub fn finish(
        mut self,
        counts: &Counts,
        identifiers: &Identifiers,
        sensors: &[String],
        interrupted: bool,
        sink: Sink<'_>,
    ) -> Summary {
        let names = Names {
            identifiers,
            sensors,
        };
        self.answer_at_the_end(names, sink);
        self.tell_vehicles_without_sensor(sink);
        self.clones_finish(names, sink);
        let mut watched = 0;
        while let Some(slot) = self.roster.longest_silent(0, true) {
            let recency = self.roster.recency(slot);
            let Some(e) = self.roster.remove(slot) else {
                break;
            };
            if e.watched && e.alert_us.is_none() && recency != Recency::Dormant {
                watched += 1;
            }
            sink(Outcome::Emitter(self.record(&e, recency, names)));
        }
        let mut kept: Vec<Emitter> = std::mem::take(&mut self.kept).into_values().collect();
        kept.sort_by_key(|e| e.number);
        for e in &kept {
            sink(Outcome::Emitter(self.record(e, Recency::Dormant, names)));
        }
        for record in self.own.records(&self.fleet, self.prior(None)) {
            sink(Outcome::Emitter(record));
        }
        let mut summary = self.summary(counts, sensors, watched);
        summary.departure = self.leaving.take().and_then(|(_, answer)| answer);
        summary.interrupted = interrupted;
        sink(Outcome::Summary(summary.clone()));
        summary
    }

    /// The summary, as if the run ended here; `watched`: emitters on their way to an alert.
    pub(crate) fn summary(&self, counts: &Counts, sensors: &[String], watched: u64) -> Summary {
        let grounds = self.grounds(counts, watched);
        let standing = decide(&self.config.clearance, &grounds);
        let deaf_s: BTreeMap<String, f64> = self
            .listening
            .deaf_s()
            .filter_map(|(s, deaf)| Some((sensors.get(usize::from(s))?.clone(), deaf)))
            .collect();
        let advice = advice(&standing, &grounds);
        Summary {
            frames: counts.frames,
            malformed: counts.malformed,
            malformed_by_kind: counts
                .malformed_by_kind
                .iter()
                .map(|(k, n)| ((*k).to_owned(), *n))
                .collect(),
            sightings: counts.sightings,
            transmissions: self.transmissions + self.own.transmissions(),
            emitters: self.emitters,
            alerts: self.alerts,
            clones: self.alarms.raised,
            duration_s: self.listening.duration_s(),
            heard_s: grounds.heard_s,
            travelled_m: self
                .ground
                .has_positions()
                .then(|| self.ground.travelled_m()),
            state: standing.state,
            deaf_s,
            departure: None,
            late: counts.late,
            profile: self.config.profile.as_str(),
            threat: self.config.threat.as_str(),
            clearance: standing.clearance,
            blind_because: standing.blind_because,
            cannot_exclude: cannot_exclude(counts, &grounds),
            advice,
            interrupted: false,
            sensors: self.sensor_figures(sensors),
        }
    }
}
