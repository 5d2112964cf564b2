//! The rival rules on the same trace.

use std::collections::HashMap;

use super::{Clock, Roles};
use crate::convoy::Trace;
use crate::{Alert, Log, Sighting, rules};

/// Receptions of one transmission are this close together at most, microseconds.
const ONE_EVENT_US: i64 = 5_000;

/// What a rival did.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// The rule.
    pub name: &'static str,
    /// Seconds from the clock's zero to its first right alert.
    pub found_s: Option<f64>,
    /// Alerts on bystanders' addresses.
    pub false_alarms: u64,
}

/// A trace as a rule sees it: what the strongest receiver heard of each transmission, in true time, with the
/// convoy's position.
#[must_use]
pub fn rival_log(trace: &Trace, name: &str) -> Log {
    let mut log = Log::new(name);
    let mut index: HashMap<[u8; 6], u32> = HashMap::new();
    let identifiers: Vec<u32> = trace
        .identities
        .iter()
        .map(|i| {
            *index
                .entry(i.address)
                .or_insert_with(|| log.add_identifier(i.address_text(), None))
        })
        .collect();
    let mut heard: Vec<_> = trace.heard.iter().collect();
    heard.sort_by_key(|h| (h.at_us, h.identity));
    // Where the last sighting of each identity stands.
    let mut last: HashMap<u32, usize> = HashMap::new();
    let mut fixes = trace.fixes.iter().peekable();
    let mut position = None;
    for h in heard {
        while let Some(fix) = fixes.next_if(|f| f.time_us <= h.at_us) {
            position = Some((fix.lat, fix.lon));
        }
        let at = last.get(&h.identity).copied();
        if let Some(before) = at.and_then(|at| log.sightings.get_mut(at))
            && h.at_us - before.time_us <= ONE_EVENT_US
        {
            before.rssi = before.rssi.max(Some(h.rssi));
            continue;
        }
        let Some(identifier) = identifiers.get(h.identity as usize) else {
            continue;
        };
        last.insert(h.identity, log.sightings.len());
        log.sightings.push(Sighting {
            time_us: h.at_us,
            identifier: *identifier,
            rssi: Some(h.rssi),
            position,
        });
    }
    log
}

/// All rivals on a trace.
#[must_use]
pub fn rivals_on(clock: Clock, trace: &Trace) -> Vec<Rival> {
    let log = rival_log(trace, "");
    let roles = Roles::new(trace);
    let address = |a: &Alert| log.identifiers.get(a.identifier as usize);
    let first_us = trace
        .truth
        .planted
        .iter()
        .filter_map(|p| p.first_heard_us)
        .min()
        .or_else(|| {
            let target = |s: &&Sighting| {
                log.identifiers
                    .get(s.identifier as usize)
                    .is_some_and(|a| roles.is_target(a))
            };
            log.sightings.iter().find(target).map(|s| s.time_us)
        });
    let zero_us = match clock {
        Clock::Departure => trace
            .truth
            .departure_s
            .map(|s| trace.start_us + (s * 1e6) as i64)
            .or(first_us),
        Clock::FirstHeard => first_us,
    };
    rules::rivals()
        .into_iter()
        .map(|mut rule| {
            let alerts = rules::run(rule.as_mut(), &log);
            let right = alerts
                .iter()
                .filter(|a| address(a).is_some_and(|t| roles.is_target(t)))
                .map(|a| a.at_us)
                .min();
            let false_alarms = alerts
                .iter()
                .filter(|a| address(a).is_some_and(|t| roles.is_bystander(t)))
                .count() as u64;
            Rival {
                name: rule.name(),
                found_s: right
                    .zip(zero_us)
                    .map(|(at, zero)| ((at - zero) as f64 / 1e6).max(0.0)),
                false_alarms,
            }
        })
        .collect()
}
