//! The port of the reference detector against margins written by the Python prototype, on a log
//! that both make by the same formula (`golden/make_golden.py`).

#![allow(clippy::unwrap_used, clippy::panic)]

use vigie_trial::{Sighting, rules::onperson_reference::OnPersonReference};

struct Formula {
    state: u64,
}

impl Formula {
    fn draw(&mut self, below: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below
    }
}

fn log() -> Vec<Sighting> {
    let mut f = Formula { state: 42 };
    let mut at_ms = 0i64;
    (0..12_000u32)
        .map(|i| {
            at_ms += 250 * f.draw(4) as i64;
            if f.draw(1500) == 0 {
                at_ms += 400_000;
            }
            let kind = f.draw(20) as i64;
            let (identifier, rssi) = if kind < 2 {
                (kind as u32, -58 - 20 * kind - f.draw(10) as i64)
            } else if kind == 2 && (i / 1500) % 2 == 0 {
                (2, -64 - f.draw(12) as i64)
            } else {
                let identifier = 3 + i / 400 * 40 + f.draw(60) as u32;
                (identifier, -95 + f.draw(25) as i64)
            };
            let moving = (i / 3000) % 2 == 0;
            let steps = (i / 3000).div_ceil(2) * 3000 + if moving { i % 3000 } else { 0 };
            let position = (f.draw(50) != 0).then(|| {
                (
                    48.0 + f64::from(steps) * 1e-5,
                    2.0 + f64::from(steps % 700) * 1e-5,
                )
            });
            Sighting {
                time_us: at_ms * 1000,
                identifier,
                rssi: Some(rssi as i8),
                position,
            }
        })
        .collect()
}

#[test]
fn margins_equal_the_prototypes() {
    let mut detector = OnPersonReference::default();
    let margins: Vec<_> = log().iter().map(|s| detector.margins(s)).collect();
    let (mut checked, mut alerts) = (0, 0);
    for line in include_str!("../golden/onperson_margins.txt").lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        if fields[0] == "sum" {
            let golden: f64 = fields[1].parse().unwrap();
            let sum: f64 = margins.iter().map(|m| m.max).sum();
            assert!((sum - golden).abs() < 1e-6, "{sum} {golden}");
        } else {
            let i: usize = fields[0].parse().unwrap();
            for (tier, golden) in fields[1..].iter().enumerate() {
                let golden: f64 = golden.parse().unwrap();
                let ours = margins[i].tiers[tier];
                assert!(
                    (ours - golden).abs() < 1e-9,
                    "sighting {i} tier {tier}: {ours} {golden}"
                );
            }
            checked += 1;
            alerts += u32::from(margins[i].max >= 0.0);
        }
    }
    // The log would test nothing if it never came near an alert.
    assert!(checked > 300 && alerts > 20, "{checked} {alerts}");
}
