//! Profile vehicle: hands tag-class frames to the clone tests, and tells of what they find.

use crate::clones::alarms::{Decision, Standing, belief};
use crate::clones::carrier::carrier;
use crate::clones::lives::{Receiver, TagFrame};
use crate::clones::{Score, Test};
use crate::fleet::{VEHICLES, Vehicle};
use crate::intake::Sink;
use crate::judge::{Judge, Names};
use crate::outcome::{CloneAlert, Notice, NoticeKind, Outcome, Reason, ReasonCode};
use crate::roster::Slot;
use crate::sighting::Sighting;

impl Judge {
    /// The receiver that a sensor belongs to: its vehicle, or where nobody said, the sensor itself.
    fn receiver(&self, sensor: u16, now_us: i64) -> Receiver {
        match self.fleet.of_sensor(sensor, now_us) {
            Some(vehicle) => u16::from(vehicle.0),
            None => (VEHICLES as u16).saturating_add(sensor),
        }
    }

    fn receiver_name(&self, receiver: Receiver, names: Names<'_>) -> String {
        match usize::from(receiver).checked_sub(VEHICLES) {
            None => self.fleet.name(Vehicle(receiver as u8)).to_owned(),
            Some(sensor) => names.sensors.get(sensor).cloned().unwrap_or_default(),
        }
    }

    /// Lets time pass for the clone tests, up to a sighting of anything.
    pub(crate) fn clones_until(
        &mut self,
        sensor: u16,
        now_us: i64,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let receiver = self.receiver(sensor, now_us);
        self.clones.listens(receiver, now_us);
        if self.sensing.health.flooded(sensor) {
            self.clones.flooded(sensor, now_us);
        }
        if now_us < self.clones.next_us() {
            return;
        }
        let mut scores = std::mem::take(&mut self.clone_scores);
        self.clones.advance(now_us, &mut scores);
        for score in scores.drain(..) {
            self.weigh_clone(&score, now_us, names, sink);
        }
        self.clone_scores = scores;
        for ended in self.alarms.ended(&self.config.clones, now_us) {
            self.clone_ended(&ended, names, sink);
        }
    }

    /// Hands on a frame of an emitter, where it is of a tracker family.
    pub(crate) fn clone_frame(&mut self, slot: Slot, s: &Sighting, now_us: i64) {
        let receiver = self.receiver(s.sensor, now_us);
        let family = self
            .roster
            .at(slot)
            .and_then(|e| e.traits.as_deref())
            .map(|t| t.family);
        if let Some(family) = family {
            self.clones.hear(&TagFrame {
                identifier: s.identifier,
                family,
                sensor: s.sensor,
                receiver,
                rssi: s.rssi,
                now_us,
            });
        }
    }

    fn weigh_clone(&mut self, score: &Score, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        // At the speed of open roads little passes by, whatever the tracker itself makes appear.
        let open_road_m_s = self.config.clones.open_road_m_s;
        let fast = self
            .surveyor
            .speed_m_s()
            .is_some_and(|v| v >= open_road_m_s);
        if !fast && !self.clones.may_tell(now_us) {
            return;
        }
        let counted = self.clones.counted.iter();
        match self.alarms.weigh(&self.config, score, now_us, counted) {
            Decision::Nothing => {}
            Decision::Watch => sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Watch,
                emitter: None,
                sensor: None,
                detail: "clone_likely".into(),
                about: Some(self.receiver_name(score.receiver, names)),
                value: Some(belief(&self.config, score).probability),
            })),
            Decision::Alert => sink(Outcome::Clone(self.clone_alert(score, now_us))),
        }
    }

    fn clone_alert(&self, score: &Score, now_us: i64) -> CloneAlert {
        let believed = belief(&self.config, score);
        let counted = || self.clones.counted.iter();
        let carrier = carrier(counted(), score.since_us, self.fleet.names().len());
        let named =
            carrier.filter(|c| c.probability >= self.config.clones.standing.named_probability);
        let family = counted()
            .rev()
            .find(|l| l.receiver == score.receiver)
            .map(|l| l.family.as_str());
        CloneAlert {
            at_us: now_us,
            since_us: score.since_us,
            analyzer: score.test.analyzer(),
            llr: believed.llr,
            prior: believed.prior,
            probability: believed.probability,
            family,
            level_dbm: score.level_dbm,
            identifiers_counted: u64::from(score.keys),
            vehicle: named.map(|c| self.fleet.name(Vehicle(c.loudest as u8)).to_owned()),
            vehicle_probability: named.map(|c| c.probability),
            whereabouts: None,
            reasons: self.clone_reasons(score, now_us),
        }
    }

    fn clone_reasons(&self, score: &Score, now_us: i64) -> Vec<Reason> {
        let speaks = |supports, code, value| Reason {
            code,
            supports,
            value,
        };
        let counted = Some(f64::from(score.keys));
        let lasted = Some((now_us - score.since_us) as f64 / 1e6);
        let mut out = vec![match score.test {
            Test::Occupancy => speaks(true, ReasonCode::LevelOccupied, lasted),
            Test::Orphans => speaks(true, ReasonCode::KeysHeardOnce, counted),
            Test::Chains => speaks(true, ReasonCode::KeysLoudThroughout, counted),
        }];
        out.push(speaks(true, ReasonCode::Level, Some(score.level_dbm)));
        if !self.ground.is_known(now_us) {
            out.push(speaks(false, ReasonCode::NoPositions, None));
        }
        let keys = self.clones.keys_per_hour(now_us);
        if keys >= self.config.clones.crowd_keys_per_hour {
            out.push(speaks(false, ReasonCode::ManyTagsAround, Some(keys)));
        }
        out.push(speaks(false, ReasonCode::FellowTraveller, None));
        out
    }

    /// What was counted in all, once a clone is no longer heard.
    fn clone_ended(&self, ended: &Standing, names: Names<'_>, sink: Sink<'_>) {
        sink(Outcome::Notice(Notice {
            at_us: Some(ended.last_us),
            kind: NoticeKind::Clone,
            emitter: None,
            sensor: None,
            detail: "clone_counted".into(),
            about: Some(self.receiver_name(ended.receiver, names)),
            value: Some(ended.keys as f64),
        }));
    }

    /// The end of a run ends every clone.
    pub(crate) fn clones_finish(&mut self, names: Names<'_>, sink: Sink<'_>) {
        for ended in self.alarms.ended(&self.config.clones, i64::MAX) {
            self.clone_ended(&ended, names, sink);
        }
    }
}
