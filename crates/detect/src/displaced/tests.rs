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

/// Sensor `s` in truth rides at `places[s]`, and passes a device every ten seconds, two seconds a vehicle.
fn drive(places: &[Option<u8>], passes: i64, mut each: impl FnMut(&[Displacement])) {
    let fleet = fleet(places.len() as u8);
    let c = DisplacedConstants::default();
    let mut displaced = Displaced::default();
    let mut wander = 7_u64;
    for n in 0..passes {
        for (sensor, place) in (0..).zip(places) {
            let key = match place {
                Some(_) => n as u8,
                None => 255,
            };
            let address = Address([0xC0, 0, 0, 0, (n >> 8) as u8, key]);
            let identifier = Identifier::of_address(address, None);
            // The times are off by up to three seconds, so that one pass alone proves nothing.
            wander = wander
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let off_us = ((wander >> 40) % 6_000_000) as i64 - 3 * S;
            let place = i64::from(place.unwrap_or(0));
            let at_us = 1000 * S + n * 10 * S + place * 2 * S + off_us;
            displaced.heard(sensor, identifier, at_us, Some(-80));
        }
        each(&displaced.sweep(
            &c,
            &fleet,
            1000 * S + n * 10 * S,
            &|_| false,
            &mut |_, _, _| Some(6.0),
        ));
    }
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
fn memory_is_bounded_by_the_passes_followed() {
    let mut displaced = Displaced::default();
    for n in 0..10_000_u32 {
        let [a, b, c, d] = n.to_be_bytes();
        let identifier = Identifier::of_address(Address([1, 1, a, b, c, d]), None);
        displaced.heard(0, identifier, i64::from(n), Some(-70));
    }
    assert_eq!(displaced.passes.len(), PASSES);
}
