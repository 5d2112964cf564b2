//! What the simulated convoy promises: the same plan the same trace, clocks, channels, rotation, faults and roads as asked for.

#![allow(clippy::unwrap_used)]

mod planted;

use std::collections::{BTreeMap, BTreeSet};

use planted::{planted, with};
use vigie_trial::{
    convoy::{
        Class, Classes, Environment, Faults, Flood, Follower, Gate, Kind, Place, Plan, Planted,
        Presence, Rider, Rotation, SensorFault, Split, Start, Trace, simulate,
    },
    distance::metres,
};

fn everything(seed: u64) -> Plan {
    Plan {
        environment: Environment::Motorway,
        seed,
        seconds: 600.0,
        start: Start::Parked { seconds: 120.0 },
        planted: vec![Planted::default()],
        classes: Classes::All,
        followers: vec![Follower {
            class: Class::FindMyNearby,
            near_owner: true,
            distance_m: 10.0,
            presence: Presence::Returning {
                every_s: 300.0,
                stay_s: 60.0,
            },
        }],
        riders: vec![Rider {
            vehicle: 2,
            class: Class::Earbuds,
            from_s: 10.0,
            to_s: 300.0,
        }],
        team: 2,
        ..Plan::default()
    }
}

#[test]
fn the_same_plan_gives_the_same_trace() {
    let trace = simulate(&everything(4));
    assert_eq!(trace, simulate(&everything(4)));
    assert_ne!(trace.heard, simulate(&everything(5)).heard);
    let test = Plan {
        split: Split::Test,
        ..everything(4)
    };
    assert_ne!(trace.heard, simulate(&test).heard);
    let kinds: BTreeSet<Kind> = trace.devices.iter().map(|d| d.kind).collect();
    for kind in [
        Kind::Stream,
        Kind::ParkedNeighbour,
        Kind::Passer,
        Kind::Follower,
        Kind::Rider,
        Kind::Team,
    ] {
        assert!(kinds.contains(&kind), "{kind:?} of {kinds:?}");
    }
    assert_eq!(trace.truth.departure_s, Some(120.0));
    let stamps: Vec<i64> = trace.heard.iter().map(|h| h.stamped_us).collect();
    assert!(stamps.is_sorted());
}

#[test]
fn a_tag_more_changes_nothing_of_the_world() {
    let (without, with) = (
        simulate(&Plan {
            planted: Vec::new(),
            ..everything(4)
        }),
        simulate(&everything(4)),
    );
    let times = |t: &Trace, planted: bool| {
        let kind = |i: u32| t.devices[t.identities[i as usize].device as usize].kind;
        let wanted = t
            .heard
            .iter()
            .filter(|h| planted || kind(h.identity) != Kind::Aboard(0));
        wanted
            .map(|h| (h.at_us, h.sensor, h.rssi))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(times(&without, true), times(&with, false));
    assert_eq!(without.fixes, with.fixes);
}

#[test]
fn convoys_of_one_and_of_twelve() {
    for vehicles in [1, 12] {
        let trace = simulate(&Plan {
            vehicles,
            planted: vec![Planted {
                vehicle: vehicles - 1,
                ..Planted::default()
            }],
            seconds: 120.0,
            ..Plan::default()
        });
        assert_eq!(trace.truth.clocks.len(), usize::from(vehicles));
        let heard: BTreeSet<u8> = planted(&trace).iter().map(|h| h.sensor).collect();
        assert!(heard.contains(&(vehicles - 1)), "{heard:?}");
    }
}

#[test]
fn one_transmission_has_one_time_and_follows_the_devices_grid() {
    let trace = simulate(&with(Planted {
        place: Place::RearUnderbody,
        ..Planted::default()
    }));
    let mut heard = planted(&trace);
    heard.sort_by_key(|h| h.at_us);
    assert!(heard.iter().any(|h| h.sensor != 0), "heard by several");
    let mut events: Vec<i64> = Vec::new();
    for h in &heard {
        match events.last() {
            Some(last) if h.at_us - last < 1000 => {
                assert!(h.at_us - last < 10, "{}", h.at_us - last);
            }
            _ => events.push(h.at_us),
        }
    }
    // The phase on the grid drifts evenly; unwrapped and fitted by a line it is off by the reading's
    // 10 us at most.
    let first = events[0];
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut unwrapped = 0.0;
    for at in &events {
        let phase = ((at - first) % 625) as f64;
        unwrapped += (phase - unwrapped + 312.5).rem_euclid(625.0) - 312.5;
        points.push(((at - first) as f64, unwrapped));
    }
    let n = points.len() as f64;
    let (x, y) = (
        points.iter().map(|p| p.0).sum::<f64>() / n,
        points.iter().map(|p| p.1).sum::<f64>() / n,
    );
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>()
        / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>();
    let worst = points
        .iter()
        .map(|p| (p.1 - y - slope * (p.0 - x)).abs())
        .fold(0.0, f64::max);
    assert!(slope.abs() < 75e-6, "{slope}");
    assert!(worst < 11.0, "{worst}");
    // 2 s and up to 10 ms.
    let gaps: BTreeSet<i64> = events.windows(2).map(|w| w[1] - w[0]).collect();
    let shortest = gaps.first().unwrap();
    assert!((1_999_900..2_010_100).contains(shortest), "{shortest}");
}

#[test]
fn sensors_go_round_the_channels_or_stay() {
    let faults = Faults {
        sensors: vec![SensorFault {
            fixed_channel: Some(38),
            ..SensorFault::none(0)
        }],
        ..Faults::default()
    };
    let shares = |faults: Faults, one_channel| {
        let trace = simulate(&Plan {
            faults,
            ..with(Planted {
                one_channel,
                ..Planted::default()
            })
        });
        let mut counts = BTreeMap::new();
        for h in planted(&trace).iter().filter(|h| h.sensor == 0) {
            *counts.entry(h.channel).or_insert(0) += 1;
        }
        counts
    };
    let round = shares(Faults::default(), None);
    assert!(
        round.len() == 3 && round.values().all(|n| *n > 480),
        "{round:?}"
    );
    // A tag on one channel is heard a third of the time, and never where the sensor does not go.
    let one = shares(Faults::default(), Some(39));
    assert!(one.len() == 1 && (480..680).contains(&one[&39]), "{one:?}");
    assert_eq!(
        shares(faults.clone(), None)
            .keys()
            .copied()
            .collect::<Vec<_>>(),
        [38]
    );
    assert!(shares(faults, Some(37)).is_empty());
}

#[test]
fn rotation_makes_names_and_keeps_the_phase_only_if_asked() {
    let names = |rotation, phase_survives| {
        simulate(&Plan {
            phase_survives,
            ..with(Planted {
                rotation,
                ..Planted::default()
            })
        })
    };
    let lasting = names(Rotation::Lasting, false);
    assert_eq!(lasting.truth.planted[0].identities.len(), 1);
    let every = names(Rotation::EveryFrame, false);
    let truth = &every.truth.planted[0];
    let events: BTreeSet<u32> = planted(&every).iter().map(|h| h.identity).collect();
    assert_eq!(truth.identities.len(), events.len());
    assert!(events.len() > 1600, "{}", events.len());
    let addresses: BTreeSet<[u8; 6]> = truth
        .identities
        .iter()
        .map(|i| every.identities[*i as usize].address)
        .collect();
    assert_eq!(addresses.len(), events.len());
    let half_minutes = names(Rotation::Every(30.0), false);
    assert!((119..=122).contains(&half_minutes.truth.planted[0].identities.len()));

    // Largest step of the phase over a rotation, us.
    let step = |trace: &Trace| {
        let mut heard = planted(trace);
        heard.retain(|h| h.sensor == 0);
        heard.sort_by_key(|h| h.at_us);
        let changes = heard.windows(2).filter(|w| w[0].identity != w[1].identity);
        changes
            .map(|w| ((w[1].at_us - w[0].at_us + 312) % 625 - 312).abs())
            .max()
            .unwrap()
    };
    assert!(step(&names(Rotation::Every(30.0), true)) < 400);
    let survives = step(&names(Rotation::Every(300.0), true));
    let lost = step(&names(Rotation::Every(300.0), false));
    println!("phase over a rotation: {survives} us and {lost} us");
    assert!(lost > 150 && survives < lost, "{survives} {lost}");
}

#[test]
fn tags_are_what_their_class_says_and_team_addresses_resolve() {
    use vigie_decode::{
        Address, AddressKind, Advertisement, Family, PduType, Sender, TrackerState, identify,
    };
    let trace = simulate(&Plan {
        environment: Environment::Crowd,
        classes: Classes::All,
        team: 2,
        seconds: 1200.0,
        followers: vec![Follower {
            class: Class::FindHub,
            near_owner: true,
            distance_m: 5.0,
            presence: Presence::Continuous,
        }],
        ..with(Planted {
            class: Class::FindMyNearby,
            near_owner: true,
            rotation: Rotation::Every(900.0),
            ..Planted::default()
        })
    });
    let mut seen = BTreeMap::new();
    for identity in &trace.identities {
        let device = &trace.devices[identity.device as usize];
        let address = Address(identity.address);
        let pdu = if identity.connectable {
            PduType::AdvInd
        } else {
            PduType::AdvNonconnInd
        };
        let advertisement = Advertisement {
            pdu: Some(pdu),
            sender: Sender::Address(address),
            address_kind: if identity.random {
                address.random_kind()
            } else {
                Some(AddressKind::Public)
            },
            peer: None,
            payload: identity.payload(),
            rssi: None,
            channel: None,
            complete: true,
        };
        let tracker = identify(&advertisement);
        let near = device.kind == Kind::Follower || device.class == Class::FindMyNearby;
        let state = Some(if near {
            TrackerState::NearOwner
        } else {
            TrackerState::Separated
        });
        let expected = match device.class {
            Class::FindMySeparated | Class::FindMyNearby => Some((Family::AppleFindMy, state)),
            Class::SmartTag => Some((Family::SmartthingsFind, state)),
            // Its normal mode does not say where the owner is.
            Class::FindHub => Some((Family::GoogleFindHub, if near { None } else { state })),
            Class::Tile => Some((Family::Tile, None)),
            _ => None,
        };
        assert_eq!(tracker.map(|t| (t.family, t.state)), expected, "{device:?}");
        *seen.entry(device.class).or_insert(0) += 1;
    }
    println!("{seen:?}");
    assert_eq!(seen.len(), 11, "every class is there");
    let mut resolved = 0;
    for ours in &trace.truth.team {
        let names = trace.identities.iter().filter(|i| i.device == ours.device);
        for identity in names {
            assert!(vigie_decode::resolves(&ours.irk, Address(identity.address)));
            resolved += 1;
        }
    }
    assert!(
        resolved > 14,
        "{resolved} addresses of 14 devices over 20 minutes"
    );
}

#[test]
fn faults_are_as_asked_for() {
    let trace = simulate(&Plan {
        faults: Faults {
            sensors: vec![
                SensorFault {
                    deaf: vec![(100.0, 200.0)],
                    clock_offset_s: 3.0,
                    ..SensorFault::none(0)
                },
                SensorFault {
                    duty: 0.1,
                    ..SensorFault::none(1)
                },
            ],
            fixes_lost: vec![(50.0, 60.0)],
        },
        ..with(Planted {
            moves: vec![(1800.0, 1)],
            ..Planted::default()
        })
    });
    assert_eq!(trace.fixes.len(), 3601 - 10);
    let seconds = |h: &vigie_trial::convoy::Heard| (h.at_us - trace.start_us) as f64 / 1e6;
    let heard = planted(&trace);
    let of = |sensor| heard.iter().filter(move |h| h.sensor == sensor);
    assert!(of(0).all(|h| !(100.0..200.0).contains(&seconds(h))));
    assert!(of(0).all(|h| ((h.stamped_us - h.at_us) as f64 / 1e6 - 3.0).abs() < 0.3));
    // It moves to the second vehicle, whose sensor listens a tenth of the time.
    let first = of(0).filter(|h| seconds(h) < 1800.0).count();
    let second = of(1).filter(|h| seconds(h) >= 1800.0).count();
    assert!((780..850).contains(&first), "{first}");
    assert!((50..130).contains(&second), "{second}");
    let after = of(0).filter(|h| seconds(h) > 1802.0).count();
    assert!(
        after < 200,
        "{after} of 900, from 33 m and through two bodies"
    );
    assert_eq!(trace.truth.planted[0].vehicles, [(0.0, 0), (1800.0, 1)]);
}

#[test]
fn gates_and_times_are_kept() {
    let plan = |gate| Plan {
        environment: Environment::City,
        ..with(Planted {
            gate,
            on: vec![(600.0, 3000.0)],
            ..Planted::default()
        })
    };
    for gate in [Gate::OnlyMoving, Gate::OnlyStanding] {
        let trace = simulate(&plan(gate));
        let heard = planted(&trace);
        assert!(heard.len() > 100, "{}", heard.len());
        for h in &heard {
            let t = (h.at_us - trace.start_us) as f64 / 1e6;
            assert!((600.0..3000.1).contains(&t));
            let speed = trace.fixes[t as usize].speed_m_s;
            assert_eq!(speed > 0.0, gate == Gate::OnlyMoving, "{t}");
        }
        let truth = &trace.truth.planted[0];
        assert!(truth.hearable && truth.on.len() > 10);
        assert_eq!(truth.first_heard_us, heard.iter().map(|h| h.at_us).min());
    }
    let hidden = simulate(&with(Planted {
        place: Place::Level(-110.0),
        ..Planted::default()
    }));
    assert!(!hidden.truth.planted[0].hearable);
    assert_eq!(hidden.truth.planted[0].first_heard_us, None);
}

#[test]
fn a_flood_comes_from_one_sensor_with_new_addresses() {
    let trace = simulate(&Plan {
        environment: Environment::Rural,
        seconds: 60.0,
        flood: Some(Flood {
            sensor: 3,
            from_s: 10.0,
            to_s: 20.0,
            per_second: 1000.0,
        }),
        ..Plan::default()
    });
    let flood: Vec<_> = trace
        .heard
        .iter()
        .filter(|h| {
            let device = trace.identities[h.identity as usize].device;
            trace.devices[device as usize].kind == Kind::Flood
        })
        .collect();
    let addresses: BTreeSet<u32> = flood.iter().map(|h| h.identity).collect();
    assert!((9_990..=10_001).contains(&flood.len()) && addresses.len() == flood.len());
    assert!(flood.iter().all(|h| h.sensor == 3));
}

/// The road goes straight but for its turns, and these are of 60 degrees and more.
#[test]
fn turns_show_in_the_fixes() {
    let trace = simulate(&Plan {
        environment: Environment::Rural,
        seed: 9,
        ..Plan::default()
    });
    let heading = |from: usize, to: usize| {
        let (a, b) = (&trace.fixes[from], &trace.fixes[to]);
        let east = (b.lon - a.lon) * a.lat.to_radians().cos();
        east.atan2(b.lat - a.lat).to_degrees()
    };
    let clear = |t: f64| {
        trace
            .turns_s
            .iter()
            .all(|o| *o == t || (o - t).abs() > 25.0)
    };
    let mut seen = 0;
    for &t in trace
        .turns_s
        .iter()
        .filter(|t| **t > 20.0 && **t < 3575.0 && clear(**t))
    {
        let at = t as usize;
        let change = heading(at + 6, at + 16) - heading(at - 12, at - 2);
        let change = ((change + 180.0).rem_euclid(360.0) - 180.0).abs();
        assert!((55.0..125.0).contains(&change), "{t}: {change}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen}");
    let path: f64 = trace
        .fixes
        .windows(31)
        .step_by(30)
        .filter(|w| clear_of_turns(&trace, (w[0].time_us - trace.start_us) as f64 / 1e6))
        .map(|w| metres((w[0].lat, w[0].lon), (w[30].lat, w[30].lon)) / 600.0)
        .fold(0.0, |worst: f64, share| worst.max((share - 1.0).abs()));
    assert!(path < 0.05, "20 m/s for 30 s is 600 m: off by {path}");
}

fn clear_of_turns(trace: &Trace, from_s: f64) -> bool {
    trace
        .turns_s
        .iter()
        .all(|t| *t < from_s - 6.0 || *t > from_s + 31.0)
}
