//! An own reference tag: whether it is heard as often as it sends.

use vigie_decode::Address;
use vigie_trial::intervals::wilson;

use super::finding::{Datum, Finding};

/// What is known of the tag.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// Its address.
    pub address: Address,
    /// Its advertising interval, seconds.
    pub interval_s: f64,
}

/// Mean of the random delay behind each interval, seconds (0 to 10 ms, Core Specification Vol 6 Part B 4.4.2.2.1).
const DELAY_S: f64 = 0.005;
/// Of a tag beside the receiver at least so much is heard in air that is not full: with 200 devices around, 0.55
/// (reference/detection.md section 5, simulated).
const EXPECTED: f64 = 0.5;

/// Holds what was heard against what was sent meanwhile. One event goes out on three channels: reports closer than half an
/// interval are one.
pub fn judged(reference: &Reference, listened_s: f64, heard_us: &[i64]) -> Finding {
    let apart_us = (reference.interval_s * 0.5e6) as i64;
    let mut events: u64 = 0;
    let mut last_us = i64::MIN;
    for &at_us in heard_us {
        if at_us.saturating_sub(last_us) > apart_us {
            events += 1;
            last_us = at_us;
        }
    }
    let sent = (listened_s / (reference.interval_s + DELAY_S))
        .floor()
        .max(0.0) as u64;
    let counted = |finding: Finding| {
        finding
            .and("heard", Datum::Count(events))
            .and("expected", Datum::Count(sent))
    };
    // More often than it sends: the interval is another one, or the address is used twice.
    if events > sent + sent / 5 + 2 {
        return counted(Finding::note("reference_too_often"));
    }
    let Some(share) = wilson(events.min(sent), sent) else {
        return counted(Finding::note("reference_too_short"));
    };
    let finding = if share.low >= EXPECTED {
        Finding::ok("reference_heard")
    } else if share.high < EXPECTED {
        Finding::problem("reference_seldom")
    } else {
        Finding::note("reference_unsure")
    };
    counted(finding)
        .and("share", Datum::Share(share.value))
        .and("low", Datum::Share(share.low))
        .and("high", Datum::Share(share.high))
}

#[cfg(test)]
mod tests {
    use super::super::made_up::codes;
    use super::*;

    fn code(listened_s: f64, heard: impl Iterator<Item = i64>) -> &'static str {
        let tag = Reference {
            address: Address::parse("C0:11:22:33:44:55").unwrap(),
            interval_s: 2.0,
        };
        let heard: Vec<i64> = heard.map(|ms| ms * 1000).collect();
        let found = judged(&tag, listened_s, &heard)
            .with("sensor", "V1")
            .with("address", "C0:11:22:33:44:55");
        codes(&[found])[0]
    }

    #[test]
    fn the_share_is_judged_by_its_interval() {
        // 29 were sent in a minute.
        assert_eq!(code(60.0, (0..28).map(|n| n * 2005)), "reference_heard");
        assert_eq!(code(60.0, (0..15).map(|n| n * 4010)), "reference_unsure");
        assert_eq!(code(60.0, (0..5).map(|n| n * 10_025)), "reference_seldom");
        assert_eq!(code(60.0, std::iter::empty()), "reference_seldom");
        assert_eq!(code(1.0, std::iter::empty()), "reference_too_short");
        assert_eq!(code(3.0, std::iter::once(0)), "reference_unsure");
    }

    #[test]
    fn one_event_on_three_channels_is_one() {
        let copies = (0..28).flat_map(|n| [n * 2005, n * 2005 + 2, n * 2005 + 5]);
        assert_eq!(code(60.0, copies), "reference_heard");
        assert_eq!(code(60.0, (0..59).map(|n| n * 1005)), "reference_too_often");
    }
}
