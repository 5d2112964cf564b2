//! Raising an alert: everything that it tells, and what it changes in the verdict on another.

use crate::chain;
use crate::config::Profile;
use crate::cotravel;
use crate::emitter::Emitter;
use crate::intake::Sink;
use crate::judge::{Judge, Names};
use crate::locating::{Place, Surroundings, Trail};
use crate::orphans_on_person;
use crate::outcome::{Alert, CloneAlert, EmitterId, Outcome, Reason, ReasonCode, Update, Verdict};
use crate::roster::Slot;
use crate::strata::Weighing;
use crate::successor::Newcomer;
use crate::turnover::{self, Margin};
use crate::turnover_in_vehicle;
use vigie_decode::TrackerState;

impl Judge {
    /// Tells of an emitter that crossed the line just now.
    pub(crate) fn raise(
        &mut self,
        slot: Slot,
        llr: f64,
        weighed: Option<Weighing>,
        margin: Option<Margin>,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let at_us = self.decided_us();
        let probability = self.displayed(llr, weighed);
        let prior = self.prior(weighed);
        let stated = self.stated(llr, weighed);
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
            let constants = &self.config.successor;
            let family = e.traits.as_ref().map(|t| t.family);
            let own = self.own.claim(constants, &newcomer, family);
            own.or_else(|| self.predecessors.claim(constants, &newcomer))
        });
        e.probably_ours = predecessor.is_some();
        let by_turnover = matches!(weighed, Some(Weighing::Turnover(_)));
        let mut reasons = match margin {
            Some(m) => turnover::reasons(&m, &e.companion, &self.ground, strangers),
            None => self.slots.reasons(e),
        };
        if let Some(run) = e.run.as_mut().filter(|_| by_turnover) {
            let (turnovers, _) = self.town.replaced(run);
            let reason = Reason {
                code: ReasonCode::Turnover,
                supports: true,
                value: Some(turnovers),
            };
            reasons.insert(0, reason);
        }
        let contact_s = (e.last_scan_us - e.contact_scan_us) as f64 / 1e6;
        reasons.push(Reason {
            code: ReasonCode::Contact,
            supports: true,
            value: Some(contact_s),
        });
        let nats_each = self.config.turnover.llr_per_turnover;
        let by_chain = if by_turnover {
            Vec::new()
        } else {
            e.chain_reasons(nats_each)
        };
        let analyzer = match self.config.profile {
            _ if !by_chain.is_empty() => chain::ANALYZER,
            Profile::OnPerson => turnover::ANALYZER,
            Profile::Vehicle if by_turnover => turnover_in_vehicle::ANALYZER,
            Profile::Vehicle => cotravel::ANALYZER,
        };
        reasons.extend(by_chain);
        if self.own.is_copied(e.identifier) {
            reasons.push(Reason {
                code: ReasonCode::CopiedAddress,
                supports: true,
                value: None,
            });
        }
        reasons.extend(general_reasons(
            e,
            self.ground.is_known(at_us),
            predecessor.map(|p| p.1),
        ));
        if self.config.profile == Profile::Vehicle {
            let c = self.attribution.constants();
            let mut around = Surroundings {
                attribution: &self.attribution,
                fleet: &self.fleet,
                motion: &mut self.slots.motion,
            };
            let found = around.find(e, c.window_slots, i64::MIN);
            e.trail = found.map(|found| Box::new(Trail::new(c, found, e.first_us)));
        }
        let trail = e.trail.as_deref();
        reasons.extend(trail.and_then(Trail::reason));
        let place = Place::of(trail, self.attribution.constants(), &self.fleet);
        let verdict = verdict_of_alert(e);
        sink(Outcome::Alert(Alert {
            at_us,
            emitter: e.number,
            identifiers: vec![names.identifiers.text(e.identifier)],
            analyzer,
            llr: stated,
            prior,
            probability,
            vehicle: place.vehicle,
            vehicle_probability: place.probability,
            whereabouts: place.whereabouts,
            family: e.traits.as_ref().map(|t| t.family.as_str()),
            first_seen_us: e.first_us,
            level_dbm,
            verdict,
            reasons,
        }));
        if let Some((emitter, gap_s)) = predecessor {
            self.relabel(emitter, gap_s, sink);
        }
    }

    /// Lets the on-person test for identifiers heard once go on, and tells what it finds.
    pub(crate) fn count_orphans(&mut self, now_us: i64, scan_us: i64, sink: Sink<'_>) {
        let steps = self.ground.travelled_m() / self.config.turnover.ground.step_m;
        // The threat level moves the prior and nothing else: in nats, its factor's logarithm.
        let more_asked = -self.config.threat_factor().ln();
        let Some(orphans) = &mut self.orphans else {
            return;
        };
        let c = &self.config.orphans_on_person;
        let Some(found) = orphans.advance(c, scan_us, steps, more_asked) else {
            return;
        };
        self.alarms.raised += 1;
        let llr = self.config.turnover.llr_at_alert + more_asked + found.over_nats;
        let supports = |code, value| Reason {
            code,
            supports: true,
            value: Some(value),
        };
        sink(Outcome::Clone(CloneAlert {
            at_us: now_us,
            since_us: found.since_us,
            analyzer: orphans_on_person::ANALYZER,
            llr: self.stated(llr, None),
            prior: self.prior(None),
            probability: self.displayed(llr, None),
            family: None,
            level_dbm: found.level_dbm,
            identifiers_counted: found.count,
            vehicle: None,
            vehicle_probability: None,
            whereabouts: None,
            reasons: vec![
                supports(ReasonCode::LoudOnce, found.count as f64),
                supports(ReasonCode::Places, found.steps),
                Reason {
                    code: ReasonCode::FellowTraveller,
                    supports: false,
                    value: None,
                },
            ],
        }));
    }

    /// A predecessor that alerted is itself one address of a rotating device.
    fn relabel(&mut self, emitter: EmitterId, gap_s: f64, sink: Sink<'_>) {
        let at_us = self.decided_us();
        let found = match self.roster.by_number(emitter) {
            Some(slot) => self.roster.at(slot),
            None => self.kept.values_mut().find(|e| e.number == emitter),
        };
        let Some(e) = found else {
            return;
        };
        if e.probably_ours {
            return;
        }
        e.probably_ours = true;
        if e.alert_us.is_none() {
            return;
        }
        let (llr, weighed) = (e.best_llr, e.weighed);
        let place = Place::of(
            e.trail.as_deref(),
            self.attribution.constants(),
            &self.fleet,
        );
        let probability = self.displayed(llr, weighed);
        sink(Outcome::Update(Update {
            at_us,
            emitter,
            verdict: Verdict::ProbablyOurs,
            probability,
            vehicle: place.vehicle,
            vehicle_probability: place.probability,
            whereabouts: place.whereabouts,
            reasons: vec![Reason {
                code: ReasonCode::Successor,
                supports: false,
                value: Some(gap_s),
            }],
        }));
    }
}

/// Verdict on an emitter that alerted.
pub(crate) fn verdict_of_alert(e: &Emitter) -> Verdict {
    if e.probably_ours {
        Verdict::ProbablyOurs
    } else {
        e.trail
            .as_deref()
            .map_or(Verdict::TravellingWithUs, Trail::verdict)
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
            if t.state == Some(TrackerState::NearOwner) {
                out.push(against(ReasonCode::NearOwner, None));
            }
            if !t.clone_signs.is_empty() {
                out.push(Reason {
                    code: ReasonCode::CloneSigns,
                    supports: true,
                    value: Some(f64::from(t.clone_signs.count())),
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
