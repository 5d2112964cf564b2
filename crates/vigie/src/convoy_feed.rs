//! A simulated convoy straight into the judge: no file between, for statistics over thousands of hours. What
//! comes out equals what the same trace gives through its files.

use vigie_decode::{AddressKind, Body, Fix, Frame, PduType, Row};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Intake};
use vigie_trial::convoy::{Identity, Trace};
use vigie_trial::families::files::{sensor_name, vehicle_name};

/// Between two looks, µs.
const LOOK_US: i64 = 1_000_000;

/// Judges a trace: sensor `i` rides in vehicle `i`, named as its files name it.
#[allow(dead_code)]
pub fn judge_trace(trace: &Trace, config: &Config, sink: &mut dyn FnMut(Outcome)) -> Summary {
    feed(trace, config, &mut |_, _| {}, sink)
}

/// The same, and calls `look` once a second, as long as there are frames or positions, with the run and the time,
/// µs since 1970.
pub fn feed(
    trace: &Trace,
    config: &Config,
    look: &mut dyn FnMut(&mut Intake, i64),
    sink: &mut dyn FnMut(Outcome),
) -> Summary {
    let mut intake = Intake::new(config);
    for vehicle in 0..trace.vehicles {
        let name = vehicle_name(vehicle);
        intake.name_sensor(u16::from(vehicle), &sensor_name(vehicle));
        intake.vehicle(&name);
        intake.ride(u16::from(vehicle), &name, i64::MIN);
    }
    let addresses: Vec<String> = trace
        .identities
        .iter()
        .map(Identity::address_text)
        .collect();
    let mut fixes = trace.fixes.iter().peekable();
    let mut looked_us = i64::MIN;
    let mut once_a_second = |intake: &mut Intake, at_us: i64| {
        if at_us >= looked_us.saturating_add(LOOK_US) {
            looked_us = at_us;
            look(intake, at_us);
        }
    };
    for (heard, offset) in trace.heard.iter().zip(0..) {
        while let Some(fix) = fixes.next_if(|f| f.time_us <= heard.stamped_us) {
            position(&mut intake, fix, sink);
            once_a_second(&mut intake, fix.time_us);
        }
        let at = heard.identity as usize;
        let (Some(identity), Some(address)) = (trace.identities.get(at), addresses.get(at)) else {
            continue;
        };
        let row = Row {
            address,
            address_kind: Some(kind_of(identity)),
            pdu: Some(if identity.connectable {
                PduType::AdvInd
            } else {
                PduType::AdvNonconnInd
            }),
            payload: Some(identity.payload()),
        };
        let frame = Frame {
            time_us: heard.stamped_us,
            sensor: u16::from(heard.sensor),
            offset,
            rssi: Some(heard.rssi),
            channel: Some(heard.channel),
            body: Body::Row(row),
        };
        intake.frame(&frame, sink);
        once_a_second(&mut intake, heard.stamped_us);
    }
    for fix in fixes {
        position(&mut intake, fix, sink);
        once_a_second(&mut intake, fix.time_us);
    }
    intake.finish(false, sink)
}

fn position(intake: &mut Intake, fix: &vigie_trial::convoy::Fix, sink: &mut dyn FnMut(Outcome)) {
    let time_us = fix.time_us;
    let fix = Fix {
        time_us,
        sensor: None,
        lat: fix.lat,
        lon: fix.lon,
        accuracy_m: None,
        speed_m_s: Some(fix.speed_m_s as f32),
    };
    intake.fix(fix, sink);
}

fn kind_of(identity: &Identity) -> AddressKind {
    if !identity.random {
        return AddressKind::Public;
    }
    let [first, ..] = identity.address;
    match first >> 6 {
        0b11 => AddressKind::StaticRandom,
        0b01 => AddressKind::Rpa,
        _ => AddressKind::Nrpa,
    }
}
