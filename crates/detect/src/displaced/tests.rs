use super::*;
use vigie_decode::Address;

const S: i64 = 1_000_000;

fn fleet(vehicles: u8) -> Fleet {
    let mut fleet = Fleet::default();
    for i in 0..vehicles {
        let vehicle = fleet.vehicle(&format!("V{}", i + 1));
        fleet.ride(u16::from(i), vehicle, i64::MIN);
    }
    fleet
}

/// One sensor as it is in truth.
#[derive(Clone, Copy)]
struct Truth {
    /// So long after the first vehicle it passes what stands beside the road, µs; `None`: it does not, and hears
    /// others.
    behind_us: Option<i64>,
    /// Its times are off by up to this, µs: one pass alone proves nothing.
    blur_us: i64,
    /// It hears what rides with all.
    shares: bool,
    /// Its clock is known to be off.
    clock_off: bool,
}

impl Truth {
    /// At a place in the convoy, two seconds a vehicle.
    fn at(place: f64) -> Self {
        Self {
            behind_us: Some((place * 2e6) as i64),
            blur_us: 3 * S,
            shares: false,
            clock_off: false,
        }
    }
}

/// The sensors pass a device every ten seconds.
fn ride(fleet: &Fleet, sensors: &[Truth], passes: i64, mut each: impl FnMut(&[Displacement])) {
    let c = DisplacedConstants::default();
    let mut displaced = Displaced::default();
    let mut wander = 7_u64;
    for n in 0..passes {
        for (sensor, truth) in (0..).zip(sensors) {
            let key = match truth.behind_us {
                Some(_) => n as u8,
                None => 255,
            };
            let address = Address([0xC0, 0, 0, 0, (n >> 8) as u8, key]);
            let identifier = Identifier::of_address(address, None);
            wander = wander
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let off_us = ((wander >> 33) as i64 % (2 * truth.blur_us)) - truth.blur_us;
            let at_us = 1000 * S + n * 10 * S + truth.behind_us.unwrap_or(0) + off_us;
            displaced.heard(sensor, identifier, at_us, Some(-80));
            if truth.shares {
                let aboard = Identifier::of_address(Address([0xC0, 1, 1, 1, 1, 1]), None);
                displaced.heard(sensor, aboard, at_us, Some(-70));
            }
        }
        let clock_off = |sensor: u16| sensors[usize::from(sensor)].clock_off;
        let now_us = 1000 * S + n * 10 * S;
        each(&displaced.sweep(&c, fleet, now_us, &clock_off, &mut |_, _, _| Some(6.0)));
    }
}

/// Sensor `s` is stated to ride in vehicle `s`, and in truth rides at `places[s]`.
fn drive(places: &[Option<u8>], passes: i64, each: impl FnMut(&[Displacement])) {
    let sensors: Vec<Truth> = places
        .iter()
        .map(|place| Truth {
            behind_us: place.map(|p| i64::from(p) * 2 * S),
            ..Truth::at(0.0)
        })
        .collect();
    ride(&fleet(places.len() as u8), &sensors, passes, each);
}

fn five() -> [Truth; 5] {
    [0.0, 1.0, 2.0, 3.0, 4.0].map(Truth::at)
}

#[test]
fn as_stated_nothing_is_told() {
    drive(
        &[Some(0), Some(1), Some(2), Some(3), Some(4)],
        400,
        |told| {
            assert_eq!(told, []);
        },
    );
}

#[test]
fn two_sensors_exchanged_are_named() {
    let mut all = Vec::new();
    drive(
        &[Some(0), Some(3), Some(2), Some(1), Some(4)],
        100,
        |told| {
            all.extend_from_slice(told);
        },
    );
    let moves: Vec<_> = all
        .iter()
        .map(|d| match d {
            Displacement::Elsewhere(s, from, to, nats) => {
                assert!(*nats >= 12.0);
                (*s, from.0, to.0)
            }
            Displacement::LeftBehind(..) => panic!("{d:?}"),
        })
        .collect();
    assert_eq!(moves, [(1, 1, 3), (3, 3, 1)]);
}

#[test]
fn one_that_was_put_into_another_vehicle_is_named() {
    let mut all = Vec::new();
    drive(
        &[Some(0), Some(4), Some(2), Some(3), Some(4)],
        200,
        |told| {
            all.extend_from_slice(told);
        },
    );
    let last = all.last();
    assert!(
        matches!(
            last,
            Some(Displacement::Elsewhere(1, Vehicle(1), Vehicle(4), _))
        ),
        "{all:?}"
    );
}

#[test]
fn one_left_behind_hears_nothing_of_what_the_others_pass() {
    let mut all = Vec::new();
    drive(&[Some(0), Some(1), None, Some(3), Some(4)], 60, |told| {
        all.extend_from_slice(told);
    });
    assert_eq!(all, [Displacement::LeftBehind(2, 30)]);
}

#[test]
fn one_that_still_hears_what_rides_with_us_was_not_left_behind() {
    let mut sensors = five().map(|truth| Truth {
        shares: true,
        ..truth
    });
    sensors[2].behind_us = None;
    ride(&fleet(5), &sensors, 200, |told| assert_eq!(told, []));
}

#[test]
fn one_that_mixes_up_the_order_rides_as_stated() {
    let mut sensors = five();
    sensors[2].blur_us = 30 * S;
    ride(&fleet(5), &sensors, 600, |told| assert_eq!(told, []));
}

#[test]
fn a_clock_known_to_be_off_tells_no_place() {
    let mut sensors = five();
    sensors[2].behind_us = Some(10 * S);
    let mut told = 0;
    ride(&fleet(5), &sensors, 200, |t| told += t.len());
    assert!(told > 0);
    sensors[2].clock_off = true;
    ride(&fleet(5), &sensors, 200, |told| assert_eq!(told, []));
}

/// One in front and one behind in the same long vehicle, before and behind which nobody has a sensor: nothing says
/// that they do not ride in different vehicles but what is stated.
#[test]
fn two_in_one_vehicle_may_have_an_order() {
    let mut fleet = Fleet::default();
    let vehicles = [0, 1, 2, 3, 4].map(|i| fleet.vehicle(&format!("V{i}")));
    for (sensor, vehicle) in (0..).zip([0, 2, 2, 4]) {
        fleet.ride(sensor, vehicles[vehicle], i64::MIN);
    }
    let sensors = [0.0, 1.6, 2.4, 4.0].map(Truth::at);
    ride(&fleet, &sensors, 1000, |told| assert_eq!(told, []));
}

#[test]
fn memory_is_bounded_by_the_passes_followed() {
    let mut displaced = Displaced::default();
    for n in 0..10_000_u32 {
        let [a, b, c, d] = n.to_be_bytes();
        let identifier = Identifier::of_address(Address([1, 1, a, b, c, d]), None);
        displaced.heard(0, identifier, i64::from(n), Some(-70));
    }
    assert_eq!(displaced.passes.len(), PASSES);
}
