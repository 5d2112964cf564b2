//! Clocks from made-up receptions.

use super::*;

struct Draws(u64);

impl Draws {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as i64 * n) >> 31
    }
}

/// Senders with these intervals (µs), ten estimates, heard by sensors with these clocks: offset (µs), drift
/// (ppm), jitter (µs). Each frame is received with chance 0.8.
fn aligned(intervals_us: &[i64], clocks: &[(i64, f64, i64)]) -> Alignment {
    received(intervals_us, clocks, 80)
}

/// The same with another chance of reception, per cent.
fn received(intervals_us: &[i64], clocks: &[(i64, f64, i64)], percent: i64) -> Alignment {
    let mut draws = Draws(11);
    let mut heard: Vec<(i64, u16, u32)> = Vec::new();
    for (sender, interval) in intervals_us.iter().enumerate() {
        let mut at = draws.below(*interval);
        while at < 600_000_000 {
            at += interval + draws.below(17) * 625;
            for (sensor, (offset, drift, jitter)) in clocks.iter().enumerate() {
                if draws.below(100) < percent {
                    let own =
                        at + offset + (at as f64 * drift * 1e-6) as i64 + draws.below(jitter + 1);
                    heard.push((own, sensor as u16, sender as u32));
                }
            }
        }
    }
    heard.sort_unstable();
    let mut alignment = Alignment::default();
    for (at, sensor, sender) in heard {
        alignment.heard(sensor, Identifier::of_opaque(sender), &[], at);
    }
    alignment
}

#[test]
fn offsets_and_drift_are_found_from_shared_frames() {
    let clocks = [
        (0, 0.0, 5),
        (20_000, 10.0, 5),
        (-3_000_000, -5.0, 5),
        (150, 0.0, 5),
    ];
    let alignment = aligned(&[2_000_000; 6], &clocks);
    let at = |sensor| alignment.offset(sensor).unwrap();
    let true_us = 599_000_000;
    let stamp = |sensor: usize| {
        let (offset, drift, _) = clocks[sensor];
        true_us + offset + (true_us as f64 * drift * 1e-6) as i64
    };
    for sensor in 1..4 {
        let here = alignment.aligned_us(sensor, stamp(sensor.into()));
        let apart = here - alignment.aligned_us(0, stamp(0));
        assert!(apart.abs() < 300, "{sensor}: {apart} us");
        assert!(at(sensor).uncertainty_s < 0.001, "{:?}", at(sensor));
    }
    let drift = |s| at(s).drift_ppm.unwrap();
    assert!(
        (drift(1) - drift(0) - 10.0).abs() < 3.0,
        "{} {}",
        drift(1),
        drift(0)
    );
    // Most clocks agree: the one that is off is named, not the others.
    assert!(at(0).offset_s.abs() < 0.05 && at(2).offset_s < -2.9);
    let same = |a: (u16, i64), b: (u16, i64)| {
        let apart = alignment.aligned_us(a.0, a.1) - alignment.aligned_us(b.0, b.1);
        apart.abs() <= alignment.apart_us(a.0, b.0, 1_000_000)
    };
    assert!(same((0, true_us), (2, true_us - 3_000_000 - 2_995)));
    assert!(!same((0, true_us), (2, true_us)));
    assert!(!same((0, true_us), (3, true_us + 2_000_000)));
}

/// Full air and clocks that drift: few transmissions are shared, and none may be taken for another.
#[test]
fn where_little_is_shared_no_clock_is_called_wrong() {
    for percent in [10, 20, 40] {
        let clocks = [
            (0, 20.0, 5),
            (30_000, -20.0, 5),
            (-40_000, 5.0, 5),
            (10_000, -10.0, 5),
        ];
        let alignment = received(&[1_000_000; 8], &clocks, percent);
        for sensor in 0..4 {
            if let Some(o) = alignment.offset(sensor) {
                let called_wrong =
                    o.offset_s.abs() > 0.5 && o.uncertainty_s < o.offset_s.abs() / 2.0;
                assert!(!called_wrong, "{percent} % {sensor}: {o:?}");
            }
        }
    }
}

#[test]
fn host_times_are_aligned_too_and_less_exactly() {
    let intervals: Vec<i64> = (0..16).map(|i| 1_022_500 + i * 131_250).collect();
    let alignment = aligned(&intervals, &[(0, 0.0, 8_000), (700_000, 0.0, 8_000)]);
    let [a, b] = [0, 1].map(|sensor| alignment.offset(sensor).unwrap());
    assert!((b.offset_s - a.offset_s - 0.7).abs() < 0.01, "{a:?} {b:?}");
    let uncertainty_s = a.uncertainty_s.max(b.uncertainty_s);
    assert!((1e-4..0.35).contains(&uncertainty_s), "{a:?} {b:?}");
}

/// Two senders with one rigid interval: which transmissions belong together cannot be known.
#[test]
fn where_whole_intervals_are_as_good_that_is_the_uncertainty() {
    let mut alignment = Alignment::default();
    for i in 0..300i64 {
        for sender in 0..2 {
            let at = i * 2_000_000 + i64::from(sender) * 300_000;
            alignment.heard(0, Identifier::of_opaque(sender), &[], at);
            alignment.heard(1, Identifier::of_opaque(sender), &[], at + 100_000);
        }
    }
    let worst = [0, 1]
        .map(|s| alignment.offset(s).unwrap().uncertainty_s)
        .into_iter()
        .fold(0.0, f64::max);
    assert!(worst > 1.99, "{worst}");
}

#[test]
fn keys_heard_once_align_as_well() {
    let mut alignment = Alignment::default();
    for i in 0..60u32 {
        let at = i64::from(i) * 2_000_000;
        alignment.heard(0, Identifier::of_opaque(i), &[], at);
        alignment.heard(1, Identifier::of_opaque(i), &[], at + 5_500_000);
    }
    let (a, b) = (alignment.offset(0).unwrap(), alignment.offset(1).unwrap());
    assert!((b.offset_s - a.offset_s - 5.5).abs() < 1e-4, "{a:?} {b:?}");
}

/// Roadside devices that the first sensor passes and then the second: no transmission is heard by both, and the
/// differences are whole intervals, of these lengths in turn. `delay_ticks`: of the random delay, of 625 us.
/// `jitter_us`: of the receivers.
fn passed_one_after_the_other(intervals_us: &[i64], delay_ticks: i64, jitter_us: i64) -> Alignment {
    let mut draws = Draws(5);
    let mut heard: Vec<(i64, u16, u32)> = Vec::new();
    for device in 0..400u32 {
        let mut at = i64::from(device) * 2_500_000 + draws.below(2_000_000);
        for event in 0..8 {
            let own = at + draws.below(jitter_us + 1);
            heard.push((own, u16::from(event >= 4), device));
            at +=
                intervals_us[device as usize % intervals_us.len()] + draws.below(delay_ticks) * 625;
        }
    }
    heard.sort_unstable();
    let mut alignment = Alignment::default();
    for (at, sensor, device) in heard {
        alignment.heard(sensor, Identifier::of_opaque(device), &[], at);
    }
    alignment
}

#[test]
fn of_devices_passed_one_after_the_other_nothing_is_learnt() {
    for intervals_us in [
        &[2_000_000][..],
        &[2_000_000, 1_000_000, 2_000_000, 1_285_000],
    ] {
        for jitter_us in [5, 1_000, 8_000] {
            let alignment = passed_one_after_the_other(intervals_us, 17, jitter_us);
            let stated = [0, 1].map(|s| alignment.offset(s));
            assert_eq!(stated, [None; 2], "{intervals_us:?} {jitter_us}");
        }
    }
    // Without random delay every whole interval is as sharp: zero is within what is unsure.
    let rigid = passed_one_after_the_other(&[2_000_000], 1, 5);
    for o in [0, 1].into_iter().filter_map(|s| rigid.offset(s)) {
        assert!(o.offset_s.abs() <= o.uncertainty_s, "{o:?}");
    }
}

#[test]
fn a_single_sender_never_shows_that_a_clock_is_seconds_off() {
    let alignment = aligned(&[2_000_000], &[(0, 0.0, 5), (3_000_000, 0.0, 5)]);
    assert_eq!([0, 1].map(|s| alignment.offset(s)), [None; 2]);
    let close = aligned(&[2_000_000], &[(0, 0.0, 5), (30_000, 0.0, 5)]);
    let [a, b] = [0, 1].map(|s| close.offset(s).unwrap());
    assert!((b.offset_s - a.offset_s - 0.03).abs() < 1e-4, "{a:?} {b:?}");
}

#[test]
fn sensors_that_no_frame_ties_together_are_not_compared() {
    let mut alignment = Alignment::default();
    let mut draws = Draws(9);
    let mut at = 0;
    for _ in 0..200 {
        at += 2_000_000 + draws.below(17) * 625;
        for sensor in [0, 1, 2] {
            alignment.heard(
                sensor,
                Identifier::of_opaque(1),
                &[],
                at + i64::from(sensor) * 20,
            );
        }
        for sensor in [3, 4] {
            alignment.heard(sensor, Identifier::of_opaque(2), &[], at + 70_000);
        }
    }
    assert!((0..3).all(|s| alignment.offset(s).is_some()));
    assert!((3..5).all(|s| alignment.offset(s).is_none()));
    assert_eq!(alignment.unsure_us(0, 3), None);
    assert!(alignment.unsure_us(3, 4).is_some_and(|us| us < 1_000.0));
}
