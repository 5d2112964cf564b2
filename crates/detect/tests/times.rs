//! Times that no calendar can write are damage, and cost nothing.

use vigie_decode::{Body, Fix, Frame, Row};
use vigie_detect::{Config, Intake};

#[test]
fn times_beyond_the_calendar_are_damage() {
    let mut intake = Intake::new(&Config::default());
    let sane_us = 1_700_000_000_000_000;
    let last_us = i64::MAX - 20_000_000;
    for time_us in [sane_us, i64::MIN, last_us, i64::MAX, sane_us + 1] {
        let row = Row {
            address: "13",
            address_kind: None,
            pdu: None,
            payload: None,
        };
        let (rssi, body) = (Some(-60), Body::Row(row));
        let frame = Frame {
            time_us,
            sensor: 0,
            offset: 0,
            rssi,
            channel: None,
            body,
        };
        intake.frame(&frame, &mut |_| ());
        let (lat, lon, sensor) = (48.0, 2.0, None);
        let fix = Fix {
            time_us,
            sensor,
            lat,
            lon,
            accuracy_m: None,
            speed_m_s: None,
        };
        intake.fix(fix, &mut |_| ());
    }
    let summary = intake.finish(false, &mut |_| ());
    assert_eq!((summary.frames, summary.sightings), (5, 2));
    // Three frames and three positions.
    assert_eq!(summary.malformed_by_kind.get("wild_time"), Some(&6));
    assert_eq!(summary.duration_s, 1e-6);
}
