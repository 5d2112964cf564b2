//! Takes events in order and decides: one alert per emitter, verdicts, notices, the summary.

use std::collections::BTreeMap;

use crate::attribution::Attribution;
use crate::chain::Chain;
use crate::clones::{Clones, Score, alarms::Alarms};
use crate::config::{Config, Profile, logistic, logit};
use crate::departure::DepartureCheck;
use crate::emitter::Emitter;
use crate::environment::{Plausible, Surveyor};
use crate::fleet::Fleet;
use crate::ground::Ground;
use crate::hold::Held;
use crate::identifiers::Identifiers;
use crate::intake::Sink;
use crate::journey::Journey;
use crate::linking::{Ends, Links, Stray};
use crate::listening::Listening;
use crate::orphans_on_person::Orphans;
use crate::outcome::{Departure, EmitterId, Notice, NoticeKind, Outcome};
use crate::own_devices::{OwnDevices, Whose};
use crate::roster::{Roster, Slot};
use crate::sensing::Sensing;
use crate::sighting::{Identifier, Sighting};
use crate::slots::{Heard, Slots};
use crate::stated::Stated;
use crate::strata::{Strata, Weighing};
use crate::successor::{Ended, Predecessors};
use crate::turnover::{Companion, Margin, Surroundings, TurnoverConstants};
use crate::turnover_in_vehicle::{TownSurroundings, applies};
use vigie_decode::Fix;

/// A silence longer than this is told as a notice, seconds.
const DEAF_NOTICE_S: f64 = 45.0;
/// Without positions this is said once, after this much listening, µs.
const NO_FIX_NOTICE_US: i64 = 60_000_000;

/// The state of one run.
#[derive(Debug)]
pub struct Judge {
    pub(crate) config: Config,
    /// On a person.
    prior: f64,
    lines: Lines,
    pub(crate) fleet: Fleet,
    pub(crate) listening: Listening,
    pub(crate) roster: Roster,
    pub(crate) surroundings: Surroundings,
    pub(crate) ground: Ground,
    /// In a vehicle: what the turnover test counts.
    pub(crate) town: TownSurroundings,
    pub(crate) slots: Slots,
    pub(crate) surveyor: Surveyor,
    pub(crate) journey: Journey,
    /// While slots are closed: the time of the event that closed them, µs since 1970. A position may.
    closing_us: Option<i64>,
    pub(crate) attribution: Attribution,
    pub(crate) clones: Clones,
    /// Kept for its memory alone.
    pub(crate) clone_scores: Vec<Score>,
    pub(crate) alarms: Alarms,
    pub(crate) predecessors: Predecessors,
    pub(crate) links: Links,
    /// On a person.
    pub(crate) orphans: Option<Orphans>,
    pub(crate) own: OwnDevices,
    pub(crate) sensing: Sensing,
    /// The check before departure, where it is asked for, and its last answer.
    pub(crate) leaving: Option<(DepartureCheck, Option<Departure>)>,
    /// Emitters that alerted and would have been forgotten: should they come back, they are the same.
    pub(crate) kept: BTreeMap<Identifier, Emitter>,
    pub(crate) emitters: u64,
    pub(crate) alerts: u64,
    /// Of those under judgement, and of strangers who were passed over.
    pub(crate) transmissions: u64,
    pub(crate) floods: u64,
    pub(crate) told_no_fix: bool,
    pub(crate) stated: Stated,
}

/// Posterior log-odds from which an emitter is watched and an alert raised.
#[derive(Debug, Clone, Copy)]
struct Lines {
    watch: f64,
    act: f64,
}

impl Lines {
    fn new(config: &Config) -> Self {
        let (act, watch) = match config.profile {
            Profile::OnPerson => {
                let c = &config.turnover;
                (c.act_probability, c.watch_probability)
            }
            Profile::Vehicle => {
                let c = &config.co_travel;
                (c.act_probability, c.watch_probability)
            }
        };
        Self {
            watch: logit(watch),
            act: logit(act),
        }
    }
}

/// New evidence on an emitter.
#[derive(Debug, Clone)]
struct Evidence {
    /// Calibrated log-likelihood ratio, nats.
    llr: f64,
    /// In a vehicle, where it was weighed.
    weighed: Option<Weighing>,
    /// Enough to raise an alert on.
    decidable: bool,
    /// On a person, the analyzer's margin.
    margin: Option<Margin>,
}

/// Names for outcomes.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) identifiers: &'a Identifiers,
    pub(crate) sensors: &'a [String],
}

impl Judge {
    /// Begins.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let prior = logistic(logit(config.turnover.prior) + config.threat_factor().ln());
        Self {
            prior,
            lines: Lines::new(&config),
            fleet: Fleet::default(),
            listening: Listening::new(config.limits.silence_s),
            roster: Roster::default(),
            surroundings: Surroundings::new(&config.turnover),
            ground: Ground::new(config.turnover.ground.clone()),
            town: TownSurroundings::new(config.turnover.ground.clone()),
            slots: Slots::default(),
            journey: Journey::default(),
            closing_us: None,
            surveyor: Surveyor::new(config.environment.clone()),
            attribution: Attribution::new(config.attribution.clone()),
            clones: Clones::new(config.clones.clone()),
            clone_scores: Vec::new(),
            alarms: Alarms::default(),
            predecessors: Predecessors::default(),
            orphans: (config.profile == Profile::OnPerson)
                .then(|| Orphans::new(&config.orphans_on_person)),
            links: Links::new(match config.profile {
                Profile::OnPerson => Stray {
                    ends_db: config.linking.on_person_level_sd_db,
                    frames_db: config.linking.on_person_frame_sd_db,
                },
                Profile::Vehicle => Stray {
                    ends_db: config.linking.level_sd_db,
                    frames_db: 0.0,
                },
            }),
            leaving: config
                .before_departure
                .map(|asked| (DepartureCheck::new(&config.departure, asked), None)),
            own: OwnDevices::new(&config.enrolled, &config.enrolment),
            sensing: Sensing::default(),
            kept: BTreeMap::new(),
            emitters: 0,
            alerts: 0,
            transmissions: 0,
            floods: 0,
            told_no_fix: false,
            stated: Stated::default(),
            config,
        }
    }

    /// Takes one event in its turn.
    pub fn take(
        &mut self,
        event: &Held,
        identifiers: &Identifiers,
        sensors: &[String],
        sink: Sink<'_>,
    ) {
        let names = Names {
            identifiers,
            sensors,
        };
        match event {
            Held::Fix(fix) => self.fix(fix, names, sink),
            Held::Status(status) => self.take_status(status, names, sink),
            Held::Sighting(s) => self.sighting(s, names, sink),
        }
    }

    fn fix(&mut self, fix: &Fix, names: Names<'_>, sink: Sink<'_>) {
        self.sense_fix(fix.time_us, sink);
        if self.config.profile == Profile::Vehicle {
            self.close_slots(fix.time_us, names, sink);
            self.slots.motion.fix(fix, &self.config.co_travel);
            if let Some((at_us, speed_m_s)) = self.slots.motion.speed() {
                self.clones.moves(speed_m_s, at_us);
            }
        }
        if let Some((check, _)) = &mut self.leaving
            && check.fix(fix)
        {
            self.answer_before_departure(names, sink);
        }
        let scan_us = self.listening.scan_us();
        self.ground.fix(fix, scan_us, self.surroundings.raw);
        if self.config.profile == Profile::Vehicle {
            self.town.fix(fix, scan_us);
        }
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
        self.sense(s, now_us, names, sink);
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
            self.clones_until(s.sensor, now_us, names, sink);
        }
        let mut known = self.roster.find(s.identifier);
        if known.is_none()
            && let Some(back) = self.kept.remove(&s.identifier)
        {
            known = Some(self.roster.insert(back, now_us));
        }
        if let Some((check, _)) = &mut self.leaving {
            check.listened(s.sensor, now_us);
            check.advance(now_us, &self.roster);
        }
        let judged = known.is_some();
        if (!judged || self.own.shares()) && self.is_ours(s, judged, now_us, names, sink) {
            return;
        }
        if known.is_none() && self.stays_outside(s) {
            self.transmissions += 1;
            return;
        }
        let slot = match known {
            Some(slot) => {
                if self.roster.touch(slot, now_us) {
                    self.welcome_back(slot);
                }
                slot
            }
            None => self.welcome(s, now_us, scan_us),
        };
        let present = self.roster.present() as u32;
        let raw = self.surroundings.raw;
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        if known.is_some() {
            let c = &self.config.turnover;
            let gap_us = (scan_us - e.last_scan_us) as f64;
            e.companion.sighted(c, &self.ground, raw, gap_us, s.rssi);
            if gap_us > c.slow.gap_us() {
                e.contact_scan_us = scan_us;
            }
            if gap_us > self.config.turnover_in_vehicle.gap_s * 1e6 {
                e.run = None;
            }
            if e.sightings == 1
                && let Some(orphans) = &mut self.orphans
            {
                orphans.heard_again(e.number);
            }
        }
        e.last_us = now_us;
        e.last_scan_us = scan_us;
        e.present = present;
        e.sightings += 1;
        let clocks = &self.sensing.alignment;
        let new = e.transmissions.hear(clocks, s.sensor, s.time_us);
        self.transmissions += u64::from(new);
        let was = e.class();
        e.read_payload(s);
        if let Some((check, _)) = &mut self.leaving {
            check.hear(s, e, now_us);
        }
        if e.class() != was {
            self.surveyor.tracker_appeared();
        }
        self.links.heard(s.rssi);
        match &mut e.ends {
            Some(ends) => ends.sighted(s),
            None => e.ends = Some(Box::new(Ends::new(s))),
        }
        match self.config.profile {
            Profile::OnPerson => {
                let c = &self.config.turnover;
                let margin = e
                    .companion
                    .margin(c, &self.ground, &self.surroundings, now_us);
                self.weigh_companion(slot, Some(margin), names, sink);
            }
            Profile::Vehicle => {
                self.slots.hear(slot, e, s, now_us);
                if new {
                    let c = &self.config.turnover_in_vehicle;
                    self.town.transmitted(c, e.transmissions.count(), present);
                }
                if e.run.is_none() && e.traits.is_some() {
                    e.run = Some(Box::new(self.town.begin()));
                }
                if e.traits.is_some() {
                    self.clone_frame(slot, s, now_us);
                }
            }
        }
    }

    /// Time goes on to `now_us` without a sighting.
    pub(crate) fn pass_to(&mut self, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        let scan_us = self.listening.scan_us();
        self.age(now_us, scan_us, names, sink);
        self.ground.advance(scan_us, self.surroundings.raw);
        if self.config.profile == Profile::Vehicle {
            self.close_slots(now_us, names, sink);
        }
    }

    /// Holds what the on-person analyzer has on an emitter against the lines: `own` where it was just sighted, and
    /// what is carried along its links where that is better.
    pub(crate) fn weigh_companion(
        &mut self,
        slot: Slot,
        own: Option<Margin>,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let now_us = self.listening.now_us();
        let c = &self.config.turnover;
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        let (mut margin, mut sightings) = (own, e.sightings);
        // Without positions nothing tells a stop from a walk, and beside a stop strangers rotate in chains.
        let positioned = self.ground.is_known(now_us);
        let carries = |chain: &&Chain| positioned && chain.turnovers > 0.0;
        if let Some(chain) = e.chain.as_deref().filter(carries) {
            let carried = chain.carried(e.sightings);
            let all = e.companion.chain_margin(c, &self.surroundings, &carried);
            if margin.is_none_or(|m| (all.decidable, all.margin) > (m.decidable, m.margin)) {
                margin = Some(all);
                sightings += chain.sightings;
            }
        }
        let Some(margin) = margin else {
            return;
        };
        let llr = llr_of(c, &margin);
        if llr + logit(self.prior) >= self.lines.watch {
            let decidable = margin.decidable && sightings >= c.min_sightings;
            let evidence = Evidence {
                llr,
                weighed: None,
                decidable,
                margin: Some(margin),
            };
            self.weigh(slot, evidence, names, sink);
        } else if llr > e.best_llr {
            e.best_llr = llr;
        }
    }

    /// Whether a device of ours sent it: then there is nothing to judge.
    fn is_ours(
        &mut self,
        s: &Sighting,
        judged: bool,
        now_us: i64,
        names: Names<'_>,
        sink: Sink<'_>,
    ) -> bool {
        if self.own.is_empty() {
            return false;
        }
        let vehicle = self.fleet.of_sensor(s.sensor, now_us);
        let clocks = &self.sensing.alignment;
        match self
            .own
            .take(s, vehicle, now_us, judged, clocks, &mut self.emitters)
        {
            Whose::Ours => return true,
            Whose::Strange => {}
            Whose::Copied(detail, name) => sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Copied,
                emitter: None,
                sensor: names.sensors.get(usize::from(s.sensor)).cloned(),
                detail: detail.into(),
                about: Some(name),
                value: None,
            })),
        }
        false
    }

    /// One that had fallen silent is heard again: it did not end.
    #[cold]
    fn welcome_back(&mut self, slot: Slot) {
        if let Some(e) = self.roster.at(slot)
            && std::mem::take(&mut e.ended)
        {
            self.predecessors.returned(e.number);
        }
    }

    fn welcome(&mut self, s: &Sighting, now_us: i64, scan_us: i64) -> Slot {
        self.sensing.health.newcomer(&self.config.health, s.sensor);
        self.surroundings.birth(self.roster.present(), s.rssi);
        self.emitters += 1;
        let companion = Companion::new(&self.ground, self.surroundings.raw, s.rssi);
        let mut emitter = Emitter::new(EmitterId(self.emitters), s, scan_us, companion);
        emitter.first_us = now_us;
        emitter.last_us = now_us;
        let slot = self.roster.insert(emitter, now_us);
        let number = EmitterId(self.emitters);
        self.links
            .began(&self.config.linking, slot, number, s.rssi, now_us);
        if let Some(orphans) = &mut self.orphans {
            let c = &self.config.orphans_on_person;
            orphans.began(c, number, s.rssi, now_us);
        }
        slot
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
                let c = &self.config.turnover_in_vehicle;
                self.town.fell_silent(c, e.transmissions.count(), e.present);
                self.links.fell_silent(e);
            }
            let successor = &self.config.successor;
            let contact_s = (e.last_scan_us - e.contact_scan_us) as f64 / 1e6;
            if let Some(level_dbm) = e.companion.level_dbm()
                && level_dbm >= successor.level_dbm
                && contact_s >= successor.contact_s
                && e.sightings >= successor.sightings
                && (!ground.has_positions() || e.companion.moved(ground))
            {
                e.ended = true;
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
                e.channels = Vec::new();
                e.run = None;
                e.ends = None;
                e.transmissions.rest();
            }
        }
        self.weigh_links(now_us, names, sink);
        self.count_orphans(now_us, scan_us, sink);
        let forget_us = (self.config.limits.forget_s * 1e6) as i64;
        loop {
            let over = self.roster.len() > self.config.limits.emitters;
            // Listened time never runs faster than the wall's: who was heard within it need not be looked at.
            let Some(slot) = self.roster.longest_silent(now_us - forget_us, over) else {
                break;
            };
            let listened = self.roster.at(slot).map(|e| scan_us - e.last_scan_us);
            if listened.is_none_or(|since_us| since_us <= forget_us) && !over {
                break;
            }
            let recency = self.roster.recency(slot);
            let Some(emitter) = self.roster.remove(slot) else {
                break;
            };
            if over {
                self.flooded(now_us, sink);
            }
            if emitter.alert_us.is_some() {
                self.kept.insert(emitter.identifier, emitter);
                continue;
            }
            sink(Outcome::Emitter(self.record(&emitter, recency, names)));
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
        let heard = self.slots.close(
            now_us,
            &self.config.co_travel,
            &mut self.surveyor,
            &mut self.roster,
        );
        let plausible = self.surveyor.plausible();
        self.journey.slot(
            self.slots.closed,
            plausible.crowd_likely(),
            self.ground.earned_in_all(self.surroundings.raw),
            self.config.clearance.stop_s,
        );
        self.town.advance(self.listening.scan_us());
        let strata = self.strata();
        self.closing_us = Some(now_us);
        for Heard {
            slot,
            raw,
            level_dbm,
            steadiness,
            contact_s,
        } in heard
        {
            let Some(e) = self.roster.at(slot) else {
                continue;
            };
            let decidable = contact_s >= self.config.co_travel.min_contact_s;
            if decidable {
                e.note_peak(strata.loudness(level_dbm), steadiness, raw);
            }
            if let Some(mut w) = strata.weigh(raw, plausible, e.class(), level_dbm, steadiness) {
                e.own_llr = w.llr;
                w.llr += e.chain.as_ref().map_or(0.0, |chain| chain.nats);
                let evidence = Evidence {
                    llr: w.llr,
                    weighed: Some(w.weighing),
                    decidable,
                    margin: None,
                };
                self.weigh(slot, evidence, names, sink);
            }
            self.weigh_turnovers(slot, &strata, plausible, level_dbm, names, sink);
            self.follow(slot, sink);
        }
        self.closing_us = None;
    }

    /// Holds the turnovers of a tag that was just heard against the lines, in towns.
    fn weigh_turnovers(
        &mut self,
        slot: Slot,
        strata: &Strata,
        plausible: Plausible,
        level_dbm: Option<f64>,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        if !applies(plausible, e.class()) {
            return;
        }
        let Some(run) = &mut e.run else { return };
        let (turnovers, moved) = self.town.replaced(run);
        let decidable = moved && e.sightings >= self.config.turnover_in_vehicle.min_sightings;
        if decidable {
            e.note_turnovers(strata.loudness(level_dbm), turnovers);
        }
        if let Some(w) = strata.weigh_turnovers(turnovers, plausible, level_dbm) {
            let evidence = Evidence {
                llr: w.llr,
                weighed: Some(w.weighing),
                decidable,
                margin: None,
            };
            self.weigh(slot, evidence, names, sink);
        }
    }

    /// The time of what is decided now, µs since 1970: that of the event which made us decide, never that of an earlier
    /// one, or a recording that ends between them would say otherwise.
    pub(crate) fn decided_us(&self) -> i64 {
        let heard_us = self.listening.now_us();
        self.closing_us.map_or(heard_us, |us| us.max(heard_us))
    }

    /// The strata of our convoy at this threat level.
    fn strata(&self) -> Strata {
        let vehicles = self.fleet.names().len();
        Strata::new(&self.config, vehicles, self.config.threat_factor())
    }

    /// The prior of an emitter: in a vehicle that of the stratum that it was weighed in.
    pub(crate) fn prior(&self, weighed: Option<Weighing>) -> f64 {
        weighed.map_or(self.prior, |s| logistic(self.strata().prior(s)))
    }

    /// The ratio as it is stated: no larger than the data behind it can show.
    pub(crate) fn stated(&self, llr: f64, weighed: Option<Weighing>) -> f64 {
        let act = self.config.co_travel.act_probability;
        llr.min(weighed.map_or(self.config.turnover.llr_cap, |s| {
            self.strata().llr_cap(s, act)
        }))
    }

    /// The probability as it is displayed.
    pub(crate) fn displayed(&self, llr: f64, weighed: Option<Weighing>) -> f64 {
        let p = logistic(logit(self.prior(weighed)) + self.stated(llr, weighed));
        match self.config.profile {
            Profile::OnPerson => p.min(self.config.turnover.display_cap),
            Profile::Vehicle => p,
        }
    }

    /// Holds new evidence on an emitter against the lines.
    fn weigh(&mut self, slot: Slot, evidence: Evidence, names: Names<'_>, sink: Sink<'_>) {
        let Evidence {
            llr,
            weighed,
            decidable,
            margin,
        } = evidence;
        let now_us = self.decided_us();
        let prior = logit(self.prior(weighed));
        let Some((best_llr, best_weighed)) = self.roster.at(slot).map(|e| (e.best_llr, e.weighed))
        else {
            return;
        };
        let best = best_llr + logit(self.prior(best_weighed));
        let Some(e) = self.roster.at(slot) else {
            return;
        };
        let posterior = llr + prior;
        if posterior > best {
            e.best_llr = llr;
            e.weighed = weighed;
        }
        if posterior < self.lines.watch || e.alert_us.is_some() {
            return;
        }
        if decidable && posterior >= self.lines.act {
            e.alert_us = Some(now_us);
            self.alerts += 1;
            let by_chain = match margin {
                Some(m) => m.carried,
                // What turnover finds rests on nothing that was carried.
                None if matches!(weighed, Some(Weighing::Turnover(_))) => false,
                None => e.own_llr + prior < self.lines.act,
            };
            if let Some(chain) = e.chain.as_mut().filter(|_| by_chain) {
                chain.decided = true;
            }
            self.raise(slot, llr, weighed, margin, names, sink);
        } else if !e.watched {
            e.watched = true;
            let emitter = Some(e.number);
            let probability = self.displayed(llr, weighed);
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
}

/// Margin above which an emitter that cannot be decided on is not counted: below the watch line.
const UNDECIDABLE: f64 = -1.2;

/// The calibrated log-likelihood ratio of a margin, nats.
fn llr_of(c: &TurnoverConstants, margin: &Margin) -> f64 {
    // Where we did not move, the test has no power: it may be watched, never alerted.
    let turnovers = if margin.decidable {
        margin.margin
    } else {
        margin.margin.min(UNDECIDABLE)
    };
    c.llr_at_alert + c.llr_per_turnover * turnovers
}
