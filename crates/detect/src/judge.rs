//! Takes events in order and decides: one alert per emitter, verdicts, notices, the summary.

use std::collections::BTreeMap;

use crate::config::{Config, Profile, logistic, logit};
use crate::cotravel;
use crate::emitter::Emitter;
use crate::ground::Ground;
use crate::hold::Held;
use crate::identifiers::Identifiers;
use crate::intake::{Counts, Sink};
use crate::listening::Listening;
use crate::outcome::{
    Alert, EmitterId, EmitterRecord, Notice, NoticeKind, Outcome, Reason, ReasonCode, Summary,
    Update, Verdict,
};
use crate::roster::{Recency, Roster, Slot};
use crate::sighting::Sighting;
use crate::slots::{Heard, Slots};
use crate::standing::{Grounds, decide};
use crate::successor::{Ended, Newcomer, Predecessors};
use crate::turnover::{self, Companion, Margin, Surroundings};
use vigie_decode::Fix;

/// A silence longer than this is told as a notice, seconds.
const DEAF_NOTICE_S: f64 = 45.0;
/// Without positions this is said once, after this much listening, µs.
const NO_FIX_NOTICE_US: i64 = 60_000_000;

/// The state of one run.
#[derive(Debug)]
pub struct Judge {
    config: Config,
    prior: f64,
    listening: Listening,
    roster: Roster,
    surroundings: Surroundings,
    ground: Ground,
    slots: Slots,
    predecessors: Predecessors,
    /// Alerts still open to a change of verdict, by emitter number: the living ones.
    emitters: u64,
    alerts: u64,
    floods: u64,
    told_no_fix: bool,
}

/// Names for outcomes.
#[derive(Clone, Copy)]
struct Names<'a> {
    identifiers: &'a Identifiers,
    sensors: &'a [String],
}

impl Judge {
    /// Begins.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let base = match config.profile {
            Profile::OnPerson => config.turnover.prior,
            Profile::Vehicle => config.co_travel.prior(),
        };
        let factor = config.threat_factors.of(config.threat);
        Self {
            prior: logistic(logit(base) + factor.ln()),
            listening: Listening::new(config.limits.silence_s),
            roster: Roster::default(),
            surroundings: Surroundings::new(&config.turnover),
            ground: Ground::new(config.turnover.ground.clone()),
            slots: Slots::default(),
            predecessors: Predecessors::default(),
            emitters: 0,
            alerts: 0,
            floods: 0,
            told_no_fix: false,
            config,
        }
    }

    /// Takes one event in its turn.
    pub fn take(
        &mut self,
        event: Held,
        identifiers: &Identifiers,
        sensors: &[String],
        sink: Sink<'_>,
    ) {
        let names = Names {
            identifiers,
            sensors,
        };
        match event {
            Held::Fix(fix) => self.fix(&fix, names, sink),
            Held::Sighting(s) => self.sighting(&s, names, sink),
        }
    }

    fn fix(&mut self, fix: &Fix, names: Names<'_>, sink: Sink<'_>) {
        if self.config.profile == Profile::Vehicle {
            self.close_slots(fix.time_us, names, sink);
            self.slots.motion.fix(fix, self.config.co_travel.moving_m_s);
        }
        self.ground
            .fix(fix, self.listening.scan_us(), self.surroundings.raw);
    }

    fn sighting(&mut self, s: &Sighting, names: Names<'_>, sink: Sink<'_>) {
        if let Some(deaf_s) = self.listening.heard(s.sensor, s.time_us)
            && deaf_s >= DEAF_NOTICE_S
        {
            sink(Outcome::Notice(Notice {
                at_us: Some(s.time_us),
                kind: NoticeKind::Deaf,
                emitter: None,
                sensor: names.sensors.get(usize::from(s.sensor)).cloned(),
                detail: "deaf_gap".into(),
                about: None,
                value: Some(deaf_s),
            }));
        }
        // A late event is judged now: time does not run backwards here.
        let now_us = self.listening.now_us();
        let scan_us = self.listening.scan_us();
        self.age(now_us, scan_us, names, sink);
        self.ground.advance(scan_us, self.surroundings.raw);
        if !self.told_no_fix && scan_us > NO_FIX_NOTICE_US && !self.ground.has_positions() {
            self.told_no_fix = true;
            sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Fix,
                emitter: None,
                sensor: None,
                detail: "no_fix".into(),
                about: None,
                value: None,
            }));
        }
        if self.config.profile == Profile::Vehicle {
            self.close_slots(now_us, names, sink);
        }
        let (slot, gap_s) = match self.roster.find(s.identifier) {
            Some(slot) => {
                if self.roster.touch(slot)
                    && let Some(e) = self.roster.at(slot)
                {
                    self.predecessors.returned(e.number);
                }
                let gap_us = self.roster.at(slot).map_or(0, |e| scan_us - e.last_scan_us);
                (slot, Some(gap_us as f64 / 1e6))
            }
            None => (self.welcome(s, now_us, scan_us), None),
        };
        let present = self.roster.present() as u32;
        let raw = self.surroundings.raw;
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        e.last_us = now_us;
        e.last_scan_us = scan_us;
        e.present = present;
        e.sightings += 1;
        if let Some(gap_s) = gap_s {
            let c = &self.config.turnover;
            e.companion.sighted(c, &self.ground, raw, gap_s, s.rssi);
            if gap_s > c.slow.gap_s {
                e.contact_scan_us = scan_us;
            }
        }
        e.read_payload(s);
        match self.config.profile {
            Profile::OnPerson => {
                let margin = e.companion.margin(
                    &self.config.turnover,
                    &self.ground,
                    &self.surroundings,
                    now_us,
                );
                let llr = self.llr_of(&margin);
                self.weigh(slot, llr, margin.decidable, Some(margin), names, sink);
            }
            Profile::Vehicle => self.slots.hear(slot, e, s, now_us),
        }
    }

    fn welcome(&mut self, s: &Sighting, now_us: i64, scan_us: i64) -> Slot {
        self.surroundings.birth(self.roster.present(), s.rssi);
        self.emitters += 1;
        let companion = Companion::new(&self.ground, self.surroundings.raw, s.rssi);
        let mut emitter = Emitter::new(EmitterId(self.emitters), s, scan_us, companion);
        emitter.first_us = now_us;
        emitter.last_us = now_us;
        self.roster.insert(emitter)
    }

    /// Lets time pass for those not heard: deaths, dormancy, forgetting.
    fn age(&mut self, now_us: i64, scan_us: i64, names: Names<'_>, sink: Sink<'_>) {
        let c = &self.config.turnover;
        let window_us = now_us - (c.window_s * 1e6) as i64;
        while let Some(slot) = self.roster.next_silent(window_us) {
            let ground = &self.ground;
            let Some(e) = self.roster.at(slot) else {
                continue;
            };
            if !e.died {
                e.died = true;
                self.surroundings.death(e.present);
            }
            let successor = &self.config.successor;
            let contact_s = (e.last_scan_us - e.contact_scan_us) as f64 / 1e6;
            if let Some(level_dbm) = e.companion.level_dbm()
                && level_dbm >= successor.level_dbm
                && contact_s >= successor.contact_s
                && e.sightings >= successor.sightings
                && (!ground.has_positions() || e.companion.moved(ground))
            {
                self.predecessors.note(Ended {
                    emitter: e.number,
                    last_us: e.last_us,
                    level_dbm,
                    address_kind: e.address_kind,
                });
            }
        }
        let dormant_us = now_us - (c.slow.gap_s * 1e6) as i64;
        while let Some(slot) = self.roster.next_dormant(dormant_us) {
            if let Some(e) = self.roster.at(slot) {
                e.channels = None;
            }
        }
        let forget_us = scan_us - (self.config.limits.forget_s * 1e6) as i64;
        while let Some(slot) = self.roster.longest_silent() {
            let over = self.roster.len() > self.config.limits.emitters;
            if self
                .roster
                .at(slot)
                .is_none_or(|e| e.last_scan_us >= forget_us)
                && !over
            {
                break;
            }
            let Some(emitter) = self.roster.remove(slot) else {
                break;
            };
            if over {
                self.flooded(now_us, sink);
            }
            sink(Outcome::Emitter(self.record(&emitter, names)));
        }
    }

    fn flooded(&mut self, now_us: i64, sink: Sink<'_>) {
        self.floods += 1;
        // Said at once and then ever more rarely.
        if self.floods.is_power_of_two() {
            sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Flood,
                emitter: None,
                sensor: None,
                detail: "flood_addresses".into(),
                about: None,
                value: Some(self.floods as f64),
            }));
        }
    }

    fn close_slots(&mut self, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        if !self.slots.over(now_us) {
            return;
        }
        let heard = self
            .slots
            .close(now_us, &self.config.co_travel, &mut self.roster);
        for Heard {
            slot,
            llr,
            contact_s,
        } in heard
        {
            let calibrated = llr * self.config.co_travel.tail_exponent;
            let decidable = contact_s >= self.config.co_travel.min_contact_s;
            self.weigh(slot, calibrated, decidable, None, names, sink);
        }
    }

    fn llr_of(&self, margin: &Margin) -> f64 {
        let c = &self.config.turnover;
        // Where we did not move, the test has no power: it may be watched, never alerted.
        let turnovers = if margin.decidable {
            margin.margin
        } else {
            margin.margin.min(UNDECIDABLE)
        };
        c.llr_at_alert + c.llr_per_turnover * turnovers
    }

    fn posterior(&self, llr: f64) -> f64 {
        logistic(logit(self.prior) + llr)
    }

    fn displayed(&self, llr: f64) -> f64 {
        let p = self.posterior(llr);
        match self.config.profile {
            Profile::OnPerson => p.min(self.config.turnover.display_cap),
            Profile::Vehicle => p,
        }
    }

    fn thresholds(&self) -> (f64, f64) {
        match self.config.profile {
            Profile::OnPerson => (
                self.config.turnover.act_probability,
                self.config.turnover.watch_probability,
            ),
            Profile::Vehicle => (
                self.config.co_travel.act_probability,
                self.config.co_travel.watch_probability,
            ),
        }
    }

    /// Holds new evidence on an emitter against the lines.
    fn weigh(
        &mut self,
        slot: Slot,
        llr: f64,
        decidable: bool,
        margin: Option<Margin>,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let (act, watch) = self.thresholds();
        let posterior = self.posterior(llr);
        let now_us = self.listening.now_us();
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        if llr > e.best_llr {
            e.best_llr = llr;
        }
        if posterior < watch || e.alert_us != 0 {
            return;
        }
        if decidable && posterior >= act {
            e.alert_us = now_us;
            self.alerts += 1;
            self.raise(slot, llr, margin, names, sink);
        } else if !e.watched {
            e.watched = true;
            let emitter = Some(e.number);
            let probability = self.displayed(llr);
            sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Watch,
                emitter,
                sensor: None,
                detail: "likely".into(),
                about: None,
                value: Some(probability),
            }));
        }
    }

    fn raise(
        &mut self,
        slot: Slot,
        llr: f64,
        margin: Option<Margin>,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let at_us = self.listening.now_us();
        let probability = self.displayed(llr);
        let prior = self.prior;
        let strangers = f64::from(self.surroundings.strangers_dbm());
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        let level_dbm = self.slots.level_dbm(e).or(e.companion.level_dbm());
        let predecessor = level_dbm.and_then(|level_dbm| {
            let (first_us, address_kind) = (e.first_us, e.address_kind);
            let newcomer = Newcomer {
                first_us,
                level_dbm,
                address_kind,
            };
            self.predecessors.claim(&self.config.successor, &newcomer)
        });
        e.probably_ours = predecessor.is_some();
        let mut reasons = match margin {
            Some(m) => turnover::reasons(&m, &e.companion, &self.ground, strangers),
            None => self.slots.reasons(e),
        };
        let contact_s = (e.last_scan_us - e.contact_scan_us) as f64 / 1e6;
        reasons.push(Reason {
            code: ReasonCode::Contact,
            supports: true,
            value: Some(contact_s),
        });
        reasons.extend(general_reasons(
            e,
            self.ground.is_known(at_us),
            predecessor.map(|p| p.1),
        ));
        let verdict = verdict_of_alert(e);
        sink(Outcome::Alert(Alert {
            at_us,
            emitter: e.number,
            identifiers: vec![names.identifiers.text(e.identifier)],
            analyzer: match self.config.profile {
                Profile::OnPerson => turnover::ANALYZER,
                Profile::Vehicle => cotravel::ANALYZER,
            },
            llr,
            prior,
            probability,
            vehicle: None,
            vehicle_probability: None,
            family: e.traits.as_ref().and_then(|t| t.family),
            first_seen_us: e.first_us,
            level_dbm,
            verdict,
            reasons,
        }));
        if let Some((emitter, gap_s)) = predecessor {
            self.relabel(emitter, gap_s, sink);
        }
    }

    /// A predecessor that alerted is itself one address of a rotating device.
    fn relabel(&mut self, emitter: EmitterId, gap_s: f64, sink: Sink<'_>) {
        let at_us = self.listening.now_us();
        let Some(slot) = self.roster.by_number(emitter) else {
            return;
        };
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        if e.probably_ours {
            return;
        }
        e.probably_ours = true;
        if e.alert_us == 0 {
            return;
        }
        let llr = e.best_llr;
        let probability = self.displayed(llr);
        sink(Outcome::Update(Update {
            at_us,
            emitter,
            verdict: Verdict::ProbablyOurs,
            probability,
            reasons: vec![Reason {
                code: ReasonCode::Successor,
                supports: false,
                value: Some(gap_s),
            }],
        }));
    }

    fn record(&self, e: &Emitter, names: Names<'_>) -> EmitterRecord {
        let traits = e.traits.as_deref();
        let llr = if e.best_llr.is_finite() {
            e.best_llr
        } else {
            0.0
        };
        EmitterRecord {
            emitter: e.number,
            identifiers: vec![names.identifiers.text(e.identifier)],
            keys: traits.map(|t| t.keys.clone()).unwrap_or_default(),
            family: traits.and_then(|t| t.family),
            model: traits.and_then(|t| t.model),
            state: traits.and_then(|t| t.state),
            first_seen_us: e.first_us,
            last_seen_us: e.last_us,
            sightings: e.sightings,
            verdict: self.verdict(e),
            llr,
            prior: self.prior,
            probability: self.displayed(e.best_llr),
            alert_at_us: (e.alert_us != 0).then_some(e.alert_us),
            vehicle: None,
            vehicle_probability: None,
            clone_signs: traits.map(|t| t.clone_signs.clone()).unwrap_or_default(),
        }
    }

    fn verdict(&self, e: &Emitter) -> Verdict {
        if e.alert_us != 0 {
            verdict_of_alert(e)
        } else if e.recency == Recency::Present {
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
        let mut watched = 0;
        while let Some(slot) = self.roster.longest_silent() {
            let Some(e) = self.roster.remove(slot) else {
                break;
            };
            if e.watched && e.alert_us == 0 && e.recency != Recency::Dormant {
                watched += 1;
            }
            sink(Outcome::Emitter(self.record(&e, names)));
        }
        let travelled_m = self
            .ground
            .has_positions()
            .then(|| self.ground.travelled_m());
        let heard_s = self.listening.scan_us() as f64 / 1e6;
        let grounds = Grounds {
            profile: self.config.profile,
            sightings: counts.sightings,
            alerts: self.alerts,
            watched,
            heard_s,
            travelled_m,
            turnovers: self.ground.earned_in_all(self.surroundings.raw).replaced(),
            deaf: self.listening.deaf_now(),
            mostly_damaged: counts.malformed * 2 > counts.frames,
        };
        let standing = decide(&self.config.clearance, &grounds);
        let deaf_s: BTreeMap<String, f64> = self
            .listening
            .deaf_s()
            .filter_map(|(s, deaf)| Some((sensors.get(usize::from(s))?.clone(), deaf)))
            .collect();
        let advice = crate::standing::advice(&standing, &grounds);
        let summary = Summary {
            frames: counts.frames,
            malformed: counts.malformed,
            malformed_by_kind: counts
                .malformed_by_kind
                .iter()
                .map(|(k, n)| ((*k).to_owned(), *n))
                .collect(),
            sightings: counts.sightings,
            emitters: self.emitters,
            alerts: self.alerts,
            duration_s: self.listening.duration_s(),
            heard_s,
            travelled_m,
            state: standing.state,
            deaf_s,
            late: counts.late,
            profile: self.config.profile.as_str(),
            threat: self.config.threat.as_str(),
            clearance: standing.clearance,
            blind_because: standing.blind_because,
            cannot_exclude: crate::standing::CANNOT_EXCLUDE.to_vec(),
            advice,
            interrupted,
        };
        sink(Outcome::Summary(summary.clone()));
        summary
    }
}

/// Margin above which an emitter that cannot be decided on is not counted: below the watch line.
const UNDECIDABLE: f64 = -1.2;

/// Contact at one place from which an emitter is called fixed, µs of listening.
const FIXED_CONTACT_US: i64 = 120_000_000;

fn verdict_of_alert(e: &Emitter) -> Verdict {
    if e.probably_ours {
        Verdict::ProbablyOurs
    } else {
        Verdict::TravellingWithUs
    }
}

/// What speaks for and against beside the analyzer's own figures.
fn general_reasons(e: &Emitter, positioned: bool, successor_gap_s: Option<f64>) -> Vec<Reason> {
    let against = |code, value| Reason {
        code,
        supports: false,
        value,
    };
    let mut out = Vec::new();
    if !positioned {
        out.push(against(ReasonCode::NoPositions, None));
    }
    match e.traits.as_deref() {
        None => out.push(against(ReasonCode::FamilyUnknown, None)),
        Some(t) => {
            if t.state == Some("near_owner") {
                out.push(against(ReasonCode::NearOwner, None));
            }
            if !t.clone_signs.is_empty() {
                out.push(Reason {
                    code: ReasonCode::CloneSigns,
                    supports: true,
                    value: Some(t.clone_signs.len() as f64),
                });
            }
        }
    }
    if let Some(gap_s) = successor_gap_s {
        out.push(against(ReasonCode::Successor, Some(gap_s)));
    }
    out.push(against(ReasonCode::FellowTraveller, None));
    out
}
