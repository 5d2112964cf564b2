//! The devices around us: when each is in hearing, how loud, and what it sends.

use super::{Scenario, link_layer, payload, payload::Kind};
use crate::random::Draws;

/// A device address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Most significant octet first, as it is printed.
    pub octets: [u8; 6],
    /// Random or public.
    pub random: bool,
}

/// One device with one address.
#[derive(Debug, Clone)]
pub struct Device {
    address: Address,
    /// Its advertising PDU.
    pub pdu: Vec<u8>,
    /// In hearing from here, seconds since the start.
    pub from_s: f64,
    /// To here.
    pub to_s: f64,
    /// Advertising interval without its random delay.
    pub interval_s: f64,
    /// Level at the closest approach, dBm.
    pub peak_dbm: f64,
    /// How much quieter at the ends of its stay than at the closest approach, dB.
    pub approach_db: f64,
    /// Standard deviation of single frames, dB.
    pub spread_db: f64,
}

impl Device {
    /// A separated Apple Find My tag that stays to the end.
    pub fn find_my_tag(draws: &mut Draws, seconds: f64) -> Self {
        let (octets, ad) = payload::find_my_separated(draws);
        let address = Address {
            octets,
            random: true,
        };
        Self {
            address,
            pdu: link_layer::pdu(&address, false, &ad),
            from_s: 0.0,
            to_s: seconds,
            interval_s: super::TAG_INTERVAL_S,
            peak_dbm: super::TAG_DBM,
            approach_db: 0.0,
            spread_db: 4.0,
        }
    }

    /// Mean level at a time, dBm.
    pub fn level_at(&self, at_s: f64) -> f64 {
        let half = ((self.to_s - self.from_s) / 2.0).max(1e-9);
        let off_centre = ((at_s - self.from_s - half) / half).abs().min(1.0);
        self.peak_dbm - self.approach_db * off_centre
    }

    /// `AA:BB:CC:DD:EE:FF`.
    pub fn address_text(&self) -> String {
        let [a, b, c, d, e, f] = self.address.octets;
        format!("{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{f:02X}")
    }
}

/// How a class of neighbours comes and goes.
struct Flow {
    /// Mean number in hearing at any time.
    around: f64,
    /// Mean stay, seconds, before the longest are cut: in logs of walks hardly one bystander in a
    /// hundred stays for four minutes.
    stay_s: f64,
    approach_db: f64,
}

/// No stay is longer than this many times the mean.
const LONGEST_STAY: f64 = 2.5;

/// All devices but the tag.
pub fn crowd(scenario: Scenario, draws: &mut Draws) -> Vec<Device> {
    let flows: &[Flow] = match scenario {
        // People going our way for a while, people and shops passed.
        Scenario::Walk => &[
            Flow {
                around: 22.0,
                stay_s: 90.0,
                approach_db: 8.0,
            },
            Flow {
                around: 38.0,
                stay_s: 45.0,
                approach_db: 12.0,
            },
        ],
        // The roadside, and vehicles in the same stream.
        Scenario::Drive => &[
            Flow {
                around: 18.0,
                stay_s: 14.0,
                approach_db: 14.0,
            },
            Flow {
                around: 8.0,
                stay_s: 50.0,
                approach_db: 6.0,
            },
        ],
    };
    let mut devices = Vec::new();
    for flow in flows {
        // Those already around at the start, then arrivals.
        let mut at = -3.0 * flow.stay_s;
        loop {
            at += draws.exponential(flow.stay_s / flow.around);
            if at >= scenario.seconds() {
                break;
            }
            let to_s = (at
                + draws
                    .exponential(flow.stay_s)
                    .min(LONGEST_STAY * flow.stay_s))
            .min(scenario.seconds());
            let device = bystander(at, to_s, flow.approach_db, draws);
            if to_s > 0.0 {
                devices.push(device);
            }
        }
    }
    devices
}

fn bystander(from_s: f64, to_s: f64, approach_db: f64, draws: &mut Draws) -> Device {
    // Shares after what phone logs hold: phones first.
    let (kind, interval_s) = match draws.below(100) {
        0..40 => (Kind::ApplePhone, 1.8),
        40..62 => (Kind::AndroidPhone, 2.0),
        62..70 => (Kind::FastPair, 1.0),
        70..78 => (Kind::Headphones, 1.5),
        78..86 => (Kind::Computer, 2.5),
        86..91 => (Kind::IBeacon, 1.0),
        91..95 => (Kind::Eddystone, 2.0),
        _ => (Kind::Sensor, 4.0),
    };
    let mut octets: [u8; 6] = draws.bytes();
    let [top, ..] = &mut octets;
    let random = match kind {
        Kind::Headphones | Kind::Sensor => {
            // A company's block rather than a random address.
            *top &= 0xFC;
            false
        }
        Kind::IBeacon | Kind::Eddystone => {
            *top |= 0xC0;
            true
        }
        Kind::Computer => {
            *top &= 0x3F;
            true
        }
        Kind::ApplePhone | Kind::AndroidPhone | Kind::FastPair => {
            *top = (*top & 0x3F) | 0x40;
            true
        }
    };
    let address = Address { octets, random };
    let ad = payload::payload(kind, draws);
    let connectable = matches!(kind, Kind::ApplePhone | Kind::Headphones | Kind::FastPair);
    Device {
        address,
        pdu: link_layer::pdu(&address, connectable, &ad),
        from_s: from_s.max(0.0),
        to_s,
        interval_s,
        peak_dbm: draws.normal(-78.0, 7.0).min(-45.0),
        approach_db,
        spread_db: 4.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_sixty_around_at_any_time_on_a_walk() {
        let crowd = crowd(Scenario::Walk, &mut Draws::new(3));
        for minute in [1.0, 10.0, 20.0] {
            let at = minute * 60.0;
            let around = crowd
                .iter()
                .filter(|d| d.from_s <= at && at < d.to_s)
                .count();
            assert!((35..=85).contains(&around), "{around}");
        }
    }

    #[test]
    fn louder_in_the_middle() {
        let mut draws = Draws::new(1);
        let d = Device {
            from_s: 10.0,
            to_s: 20.0,
            approach_db: 8.0,
            ..Device::find_my_tag(&mut draws, 20.0)
        };
        assert_eq!(
            [d.level_at(10.0), d.level_at(15.0), d.level_at(20.0)],
            [-68.0, -60.0, -68.0]
        );
    }
}
