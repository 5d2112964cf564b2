//! All constants of the simulated world. Where no other source is named they are those of
//! `detection.md` section 9, which is a planning note: assumptions, not measurements.

use super::plan::Environment;
use crate::random::Draws;

/// Of one environment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// Speed while moving, m/s.
    pub speed_m_s: f64,
    /// Mean time between stops, s; 0 never stops.
    pub moving_s: f64,
    /// Mean time of a stop, s.
    pub standing_s: f64,
    /// Separated tags at the roadside, per km.
    pub roadside_tags_per_km: f64,
    /// Vehicles that go our way, per km.
    pub vehicles_per_km: f64,
    /// Share of vehicles with a separated tag aboard.
    pub tagged_share: f64,
    /// Spread of the speed differences in the stream, m/s.
    pub drift_m_s: f64,
    /// Mean time from turn to turn, s.
    pub turn_period_s: f64,
    /// Chance that another vehicle goes elsewhere at our turn.
    pub split: f64,
    /// Share of the stream that keeps station with us.
    pub sticky_share: f64,
    /// For how long on average, s.
    pub sticky_s: f64,
    /// Lanes beside ours that go our way.
    pub lanes: usize,
    /// Whether traffic comes toward us within hearing.
    pub opposite: bool,
    /// Bystanders' devices that are no tags, at the roadside, per km. Own estimate.
    pub roadside_devices_per_km: f64,
    /// Advertising events a second in range of a sensor when bystanders are not simulated one by one:
    /// the mean of what `Classes::All` puts on the air (a test holds it to that).
    pub background_load: f64,
    /// Vehicles parked around ours. Own estimate; 30 in family C of `detection.md` section 8.
    pub neighbours: f64,
    /// Vehicles that come and park around ours, per hour. Own estimate.
    pub arrivals_per_h: f64,
    /// People who walk past where we park, per hour. Own estimate.
    pub passers_per_h: f64,
}

/// A hiding place (`detection.md` section 4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hiding {
    /// Loss toward the receiver of its own vehicle, dB.
    pub own_db: f64,
    /// Loss toward other vehicles, dB, besides the bodies.
    pub leak_db: f64,
    /// Its own vehicle's body toward other vehicles, dB.
    pub body_db: f64,
    /// Behind its own vehicle's receiver, m.
    pub behind_m: f64,
}

/// All constants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Level at 1 m, dBm.
    pub at_one_metre_dbm: f64,
    /// Path loss exponent.
    pub exponent: f64,
    /// Loss of one body of a vehicle, dB.
    pub body_db: f64,
    /// Spread of the transmit powers of bystanders' devices, dB.
    pub power_sd_db: f64,
    /// Spread of the part of the level that stays for a pair of device and sensor, dB.
    pub static_sd_db: f64,
    /// Spread of the part that changes from block to block, dB.
    pub block_sd_db: f64,
    /// Length of a block, s.
    pub block_s: f64,
    /// Spread from frame to frame, dB.
    pub fast_sd_db: f64,
    /// Level at which half of the frames are received, dBm.
    pub sensitivity_dbm: f64,
    /// Scale of the logistic around it, dB.
    pub sensitivity_scale_db: f64,
    /// Share of frames received at a good level on a quiet channel (`detection.md` section 5). The
    /// prototypes' flat 0.80 is this at a load of 256 events a second.
    pub reception: f64,
    /// Time on air of one frame, s (47 octets at 1 Mbit/s).
    pub frame_s: f64,
    /// Blocks follow the time spent moving: what stands, stands still (`detection.md` section 4).
    pub standing_is_static: bool,
    /// Advertising interval of tags without the random delay, s (`protocols.md` sections 2 and 3).
    pub tag_interval_s: f64,
    /// Length of a block aboard, s.
    pub aboard_block_s: f64,
    /// Spread of blocks at the receiver of the own vehicle, dB.
    pub aboard_own_sd_db: f64,
    /// Level of a tag in the cabin at the receiver of its own vehicle, dBm, at `cabin_m`.
    pub cabin_dbm: f64,
    /// Distance to which `cabin_dbm` belongs, m.
    pub cabin_m: f64,
    /// Spread of the static part of a hidden tag, parked, dB (`detection.md` section 4).
    pub hidden_static_parked_db: f64,
    /// The same driving or queuing, dB.
    pub hidden_static_driving_db: f64,
    /// Spread of its blocks, parked, dB.
    pub hidden_block_parked_db: f64,
    /// The same driving, dB.
    pub hidden_block_driving_db: f64,
    /// From vehicle to vehicle parked, m (`detection.md` section 4).
    pub pitch_parked_m: f64,
    /// The same standing in traffic, m.
    pub pitch_queue_m: f64,
    /// The same driving, at speed 0, m.
    pub pitch_moving_m: f64,
    /// And for every m/s, s.
    pub headway_s: f64,
    /// Nothing is simulated further away, m.
    pub range_m: f64,
    /// Spread of the place of a vehicle that keeps station, m.
    pub station_sd_m: f64,
    /// Its correlation time, s.
    pub station_s: f64,
    /// Spread of positions in fixes, m per axis.
    pub fix_sd_m: f64,
    /// Their correlation time, s. Own estimate.
    pub fix_correlation_s: f64,
    /// Time that a sensor stays on one of the three channels, s. Own estimate.
    pub dwell_s: f64,
    /// Spread of the offsets of sensors' clocks, s: hosts with network time. Own estimate.
    pub clock_offset_sd_s: f64,
    /// Spread of the rates of sensors' clocks, ppm. Own estimate.
    pub clock_drift_sd_ppm: f64,
    /// Spread of the rates of devices' clocks, ppm (`q2geo.py`).
    pub device_drift_sd_ppm: f64,
    /// Shares of Find My, SmartTag, Find Hub and Tile among tags. Own estimate.
    pub families: [f64; 4],
    /// Walking speed, m/s.
    pub walking_m_s: f64,
    /// Mean stay of a vehicle that parks beside ours, s. Own estimate.
    pub neighbour_stay_s: f64,
    /// Rural, motorway, city, crowd.
    pub surroundings: [Surroundings; 4],
    /// Cabin, boot, cavity, rear underbody.
    pub hiding: [Hiding; 4],
}

const RURAL: Surroundings = Surroundings {
    speed_m_s: 20.0,
    moving_s: 0.0,
    standing_s: 0.0,
    roadside_tags_per_km: 0.5,
    vehicles_per_km: 4.0,
    tagged_share: 0.02,
    drift_m_s: 2.5,
    turn_period_s: 240.0,
    split: 0.5,
    sticky_share: 0.05,
    sticky_s: 600.0,
    lanes: 1,
    opposite: true,
    roadside_devices_per_km: 10.0,
    background_load: 0.62,
    neighbours: 4.0,
    arrivals_per_h: 1.0,
    passers_per_h: 4.0,
};

const MOTORWAY: Surroundings = Surroundings {
    speed_m_s: 30.0,
    roadside_tags_per_km: 0.2,
    vehicles_per_km: 20.0,
    drift_m_s: 4.0,
    turn_period_s: 300.0,
    split: 0.10,
    sticky_share: 0.10,
    sticky_s: 900.0,
    lanes: 2,
    opposite: false,
    roadside_devices_per_km: 4.0,
    neighbours: 20.0,
    arrivals_per_h: 30.0,
    passers_per_h: 60.0,
    background_load: 1.5,
    ..RURAL
};

const CITY: Surroundings = Surroundings {
    speed_m_s: 12.0,
    moving_s: 45.0,
    standing_s: 25.0,
    roadside_tags_per_km: 15.0,
    vehicles_per_km: 25.0,
    drift_m_s: 2.0,
    turn_period_s: 100.0,
    split: 0.6,
    sticky_share: 0.10,
    sticky_s: 300.0,
    lanes: 2,
    roadside_devices_per_km: 1200.0,
    neighbours: 30.0,
    arrivals_per_h: 12.0,
    passers_per_h: 240.0,
    background_load: 24.0,
    ..RURAL
};

const CROWD: Surroundings = Surroundings {
    speed_m_s: 3.0,
    moving_s: 30.0,
    standing_s: 30.0,
    roadside_tags_per_km: 300.0,
    vehicles_per_km: 30.0,
    drift_m_s: 1.0,
    turn_period_s: 240.0,
    split: 0.5,
    roadside_devices_per_km: 6000.0,
    passers_per_h: 1200.0,
    background_load: 113.0,
    ..CITY
};

impl Default for Parameters {
    fn default() -> Self {
        let hidden = |own_db, leak_db, body_db, behind_m| Hiding {
            own_db,
            leak_db,
            body_db,
            behind_m,
        };
        Self {
            at_one_metre_dbm: -59.0,
            exponent: 2.4,
            body_db: 7.0,
            power_sd_db: 4.0,
            static_sd_db: 3.0,
            block_sd_db: 3.0,
            block_s: 6.0,
            fast_sd_db: 3.5,
            sensitivity_dbm: -93.0,
            sensitivity_scale_db: 1.5,
            reception: 0.97,
            frame_s: 376e-6,
            standing_is_static: true,
            tag_interval_s: 2.0,
            aboard_block_s: 30.0,
            aboard_own_sd_db: 1.5,
            cabin_dbm: -62.0,
            cabin_m: 2.2,
            hidden_static_parked_db: 5.0,
            hidden_static_driving_db: 4.0,
            hidden_block_parked_db: 0.5,
            hidden_block_driving_db: 4.0,
            pitch_parked_m: 6.0,
            pitch_queue_m: 8.0,
            pitch_moving_m: 9.0,
            headway_s: 1.2,
            range_m: 120.0,
            station_sd_m: 10.0,
            station_s: 25.0,
            fix_sd_m: 3.0,
            fix_correlation_s: 20.0,
            dwell_s: 0.1,
            clock_offset_sd_s: 0.02,
            clock_drift_sd_ppm: 10.0,
            device_drift_sd_ppm: 15.0,
            families: [0.70, 0.15, 0.10, 0.05],
            walking_m_s: 1.3,
            neighbour_stay_s: 1800.0,
            surroundings: [RURAL, MOTORWAY, CITY, CROWD],
            hiding: [
                hidden(0.0, 0.0, 7.0, 0.0),
                hidden(8.0, 4.0, 7.0, 2.3),
                hidden(22.0, 22.0, 7.0, 2.3),
                hidden(14.0, 0.0, 0.0, 2.3),
            ],
        }
    }
}

impl Parameters {
    /// The world of the Python prototype `sim.py`, for comparisons: a flat reception of 0.80 instead of
    /// collisions, shadows that change while everything stands, 9 m between vehicles standing.
    #[must_use]
    pub fn prototype() -> Self {
        let mut p = Self {
            reception: 0.80,
            frame_s: 0.0,
            standing_is_static: false,
            pitch_queue_m: 9.0,
            ..Self::default()
        };
        for s in &mut p.surroundings {
            s.background_load = 0.0;
        }
        p
    }

    /// Those of an environment.
    #[must_use]
    pub const fn surroundings(&self, environment: Environment) -> &Surroundings {
        let [rural, motorway, city, crowd] = &self.surroundings;
        match environment {
            Environment::Rural => rural,
            Environment::Motorway => motorway,
            Environment::City => city,
            Environment::Crowd => crowd,
        }
    }

    /// Another world of the same kind, so that nothing is tested on what it was fitted on: densities
    /// times 0.5 to 2 (evenly in the logarithm), path loss exponent 0.2 and sensitivity 2 dB and level at
    /// 1 m 3 dB more or less, each spread of levels times 0.8 to 1.3, speeds times 0.85 to 1.15, time
    /// between turns times 0.7 to 1.4.
    pub(super) fn varied(&self, draws: &mut Draws) -> Self {
        let mut p = *self;
        let power = draws.between(-3.0, 3.0);
        p.at_one_metre_dbm += power;
        p.cabin_dbm += power;
        p.exponent += draws.between(-0.2, 0.2);
        p.sensitivity_dbm += draws.between(-2.0, 2.0);
        for spreads in [
            &mut [&mut p.static_sd_db][..],
            &mut [&mut p.block_sd_db, &mut p.aboard_own_sd_db],
            &mut [&mut p.fast_sd_db],
            &mut [
                &mut p.hidden_static_parked_db,
                &mut p.hidden_static_driving_db,
            ],
            &mut [
                &mut p.hidden_block_parked_db,
                &mut p.hidden_block_driving_db,
            ],
        ] {
            let factor = draws.between(0.8, 1.3);
            for spread in spreads {
                **spread *= factor;
            }
        }
        let half_to_double = |draws: &mut Draws| draws.between(-1.0, 1.0).exp2();
        let (roadside, traffic) = (half_to_double(draws), half_to_double(draws));
        let (speed, turn) = (draws.between(0.85, 1.15), draws.between(0.7, 1.4));
        for s in &mut p.surroundings {
            s.roadside_tags_per_km *= roadside;
            s.roadside_devices_per_km *= roadside;
            s.passers_per_h *= roadside;
            s.vehicles_per_km *= traffic;
            s.neighbours *= traffic;
            s.arrivals_per_h *= traffic;
            s.background_load *= roadside;
            s.speed_m_s *= speed;
            s.drift_m_s *= speed;
            s.turn_period_s *= turn;
        }
        p
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranges are kept, and used from end to end.
    #[test]
    fn another_world_of_the_same_kind() {
        let base = Parameters::default();
        let mut draws = Draws::new(1);
        let worlds: Vec<Parameters> = (0..500).map(|_| base.varied(&mut draws)).collect();
        let range = |of: &dyn Fn(&Parameters) -> f64| {
            let values = worlds.iter().map(|w| of(w) - of(&base));
            values.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        for (of, low, high) in [
            (
                &(|w: &Parameters| w.exponent) as &dyn Fn(&Parameters) -> f64,
                -0.2,
                0.2,
            ),
            (&|w| w.at_one_metre_dbm, -3.0, 3.0),
            (&|w| w.sensitivity_dbm, -2.0, 2.0),
            (&|w| w.fast_sd_db / 3.5, -0.2, 0.3),
            (&|w| w.surroundings[1].speed_m_s / 30.0, -0.15, 0.15),
            (
                &|w| w.surroundings[2].roadside_tags_per_km.log2(),
                -1.0,
                1.0,
            ),
            (&|w| w.surroundings[3].vehicles_per_km.log2(), -1.0, 1.0),
            (&|w| w.surroundings[0].turn_period_s / 240.0, -0.3, 0.4),
        ] {
            let (least, most) = range(of);
            let slack = (high - low) / 50.0;
            assert!((low..low + slack).contains(&least), "{least} for {low}");
            assert!(
                (high - slack..high + 1e-9).contains(&most),
                "{most} for {high}"
            );
        }
        assert_eq!(base.reception, worlds[0].reception);
    }
}
