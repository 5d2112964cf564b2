//! A stand-in for the alerts of iPhones, whose thresholds are not published.
//!
//! Source: none; the rule of `detection.md` section 1.6, made up from reports of field studies: an
//! alert when we stop, if by then the identifier was with us at 3 dwell places (over 5 minutes
//! each, over 300 m apart), or for 30 minutes and 1 km. It is called "iOS-like proxy" wherever it
//! is named, and says nothing about Apple's software.
//!
//! A stop is 2 minutes within 100 m. The proxy should judge separated tags only; a log without
//! payload does not tell them, so every identifier is judged and its false alarms are an upper
//! bound.

use super::{PerIdentifier, Rule};
use crate::{Sighting, distance::metres, log::seconds_between};

const STOP_S: f64 = 120.0;
const STOP_RADIUS_M: f64 = 100.0;
const DWELL_S: f64 = 300.0;
const DWELL_APART_M: f64 = 300.0;
const DWELL_PLACES: usize = 3;
const FOLLOW_S: f64 = 1800.0;
const FOLLOW_M: f64 = 1000.0;

/// The proxy.
#[derive(Default)]
pub struct IosLikeProxy {
    stay: Option<Stay>,
    states: PerIdentifier<Followed>,
}

/// Where we are and since when.
#[derive(Clone, Copy)]
struct Stay {
    anchor: (f64, f64),
    since_us: i64,
}

struct Followed {
    first_us: i64,
    last_us: i64,
    last_position: Option<(f64, f64)>,
    path_m: f64,
    /// Its first sighting in the present stay.
    stay_since_us: i64,
    stay: Option<i64>,
    places: Vec<(f64, f64)>,
}

impl Rule for IosLikeProxy {
    fn name(&self) -> &'static str {
        "ios-like-proxy"
    }

    fn source(&self) -> &'static str {
        "iOS-like proxy, thresholds are ours (Apple publishes none): 3 dwell places > 5 min and \
         > 300 m apart, or 30 min and 1 km, judged when we stop"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        if let Some(p) = s.position {
            match self.stay {
                Some(stay) if metres(stay.anchor, p) <= STOP_RADIUS_M => {}
                _ => {
                    self.stay = Some(Stay {
                        anchor: p,
                        since_us: s.time_us,
                    });
                }
            }
        }
        let stay = self.stay;
        let first = || Followed {
            first_us: s.time_us,
            last_us: s.time_us,
            last_position: None,
            path_m: 0.0,
            stay_since_us: s.time_us,
            stay: None,
            places: Vec::new(),
        };
        self.states.judge(s.identifier, first, |f| {
            f.last_us = s.time_us;
            if let Some(p) = s.position {
                match f.last_position {
                    // Fixes jitter while we stand: short steps are no distance.
                    Some(q) if metres(q, p) <= 30.0 => {}
                    Some(q) => {
                        f.path_m += metres(q, p);
                        f.last_position = Some(p);
                    }
                    None => f.last_position = Some(p),
                }
            }
            let Some(stay) = stay else { return false };
            if f.stay != Some(stay.since_us) {
                f.stay = Some(stay.since_us);
                f.stay_since_us = s.time_us;
            }
            if seconds_between(f.stay_since_us, s.time_us) > DWELL_S
                && f.places
                    .iter()
                    .all(|&q| metres(q, stay.anchor) > DWELL_APART_M)
            {
                f.places.push(stay.anchor);
            }
            let stopped = seconds_between(stay.since_us, s.time_us) >= STOP_S;
            let followed =
                seconds_between(f.first_us, f.last_us) >= FOLLOW_S && f.path_m >= FOLLOW_M;
            stopped && (f.places.len() >= DWELL_PLACES || followed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert_times, at};
    use super::*;

    #[test]
    fn thirty_minutes_and_a_kilometre_alert_at_the_next_stop() {
        // 2.1 m/s for 40 min, a sighting every 10 s, then a stop at 5040 m.
        let mut log: Vec<_> = (0..240)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i) * 21.0))
            .collect();
        assert!(alert_times(&mut IosLikeProxy::default(), &log).is_empty());
        log.extend((240..300).map(|i| at(f64::from(i) * 10.0, 0, 5040.0)));
        // While walking, a stay is renewed when 100 m are passed: at 0, 105, 210, ... m. The last
        // one is at 5040 m, 2400 s; it is a stop 120 s later.
        assert_eq!(alert_times(&mut IosLikeProxy::default(), &log), [2520.0]);
    }

    #[test]
    fn three_dwell_places() {
        // 6 min at 0 m, 6 min at 400 m, then 800 m; one sighting every 10 s.
        let log: Vec<_> = (0..180)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i / 36) * 400.0))
            .collect();
        // The third stay begins at 720 s; a dwell is over 300 s: 1030 s.
        assert_eq!(alert_times(&mut IosLikeProxy::default(), &log), [1030.0]);
    }

    #[test]
    fn a_fixed_beacon_beside_us_is_silent() {
        let log: Vec<_> = (0..720).map(|i| at(f64::from(i) * 10.0, 0, 0.0)).collect();
        assert!(alert_times(&mut IosLikeProxy::default(), &log).is_empty());
    }
}
