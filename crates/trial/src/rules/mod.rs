//! The rival rules, each as its source states it, and the reference detector.
//!
//! All of them are run online: a rule sees one sighting after the other and says at once whether
//! that sighting raises the alert for its identifier. Where a tool judges a finished log or wakes
//! up only now and then, the reading here is the one that is kinder to it, and its page says so.

pub mod airguard;
pub mod ble_doubt;
pub mod blue_crab_comparator;
pub mod chasing_your_tail;
pub mod ios_like_proxy;
pub mod onperson_reference;
mod per_identifier;

use crate::{Alert, Log, Sighting};
use per_identifier::PerIdentifier;

/// A rule that decides, sighting by sighting, which identifiers to alert on.
pub trait Rule {
    /// Name in the tables.
    fn name(&self) -> &'static str;

    /// Where the rule is published, and with which constants.
    fn source(&self) -> &'static str;

    /// Takes in one sighting. True when it raises the alert for its identifier, once per identifier.
    fn push(&mut self, sighting: &Sighting) -> bool;

    /// Identifiers that are alerted on only when the log is over; none for a rule that runs online.
    fn finish(&mut self) -> Vec<u32> {
        Vec::new()
    }

    /// The highest probability stated of each identifier so far; none for a rule that states none.
    fn probabilities(&self) -> Vec<(u32, f64)> {
        Vec::new()
    }
}

/// The rivals in the order of the tables, the reference detector last.
#[must_use]
pub fn rivals() -> Vec<Box<dyn Rule>> {
    use airguard::{AirGuard, EverySighting};
    use blue_crab_comparator::BlueCrabComparator;
    vec![
        Box::new(AirGuard::high()),
        Box::new(AirGuard::medium()),
        Box::new(AirGuard::low()),
        Box::new(EverySighting::high()),
        Box::new(EverySighting::medium()),
        Box::new(ble_doubt::BleDoubt::default()),
        Box::new(chasing_your_tail::ChasingYourTail::default()),
        Box::new(ios_like_proxy::IosLikeProxy::default()),
        Box::new(BlueCrabComparator::path()),
        Box::new(BlueCrabComparator::diameter()),
        Box::new(onperson_reference::OnPersonReference::default()),
    ]
}

/// Runs a rule over a whole recording; alerts in the order in which they were raised.
#[must_use]
pub fn run(rule: &mut dyn Rule, log: &Log) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = log
        .sightings
        .iter()
        .filter(|s| rule.push(s))
        .map(|s| Alert {
            identifier: s.identifier,
            at_us: s.time_us,
            probability: None,
        })
        .collect();
    let end = log.sightings.last().map_or(0, |s| s.time_us);
    alerts.extend(rule.finish().into_iter().map(|identifier| Alert {
        identifier,
        at_us: end,
        probability: None,
    }));
    alerts
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::distance::offset;

    /// Where the hand-made logs begin.
    pub const START: (f64, f64) = (48.0, 2.0);

    /// A sighting `at` seconds after the start, `north` metres from [`START`].
    pub fn at(at: f64, identifier: u32, north: f64) -> Sighting {
        Sighting {
            time_us: (at * 1e6) as i64,
            identifier,
            rssi: Some(-70),
            position: Some(offset(START, north, 0.0)),
        }
    }

    /// Times in seconds at which the rule alerts on identifier 0.
    pub fn alert_times(rule: &mut dyn Rule, sightings: &[Sighting]) -> Vec<f64> {
        sightings
            .iter()
            .filter(|s| rule.push(s))
            .map(|s| {
                assert_eq!(s.identifier, 0);
                s.time_us as f64 / 1e6
            })
            .collect()
    }

    #[test]
    fn names_are_distinct_and_every_rule_names_its_source() {
        let rules = rivals();
        let names: std::collections::BTreeSet<_> = rules.iter().map(|r| r.name()).collect();
        assert_eq!(names.len(), rules.len());
        assert!(rules.iter().all(|r| r.source().len() > 20));
    }
}
