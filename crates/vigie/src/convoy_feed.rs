//! A simulated convoy straight into the judge: no file between, for statistics over thousands of hours. What
//! comes out equals what the same trace gives through its files.

use vigie_decode::{Address, AddressKind, Body, Fix, Frame, PduType, Row};
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
    Address(identity.address)
        .random_kind()
        .unwrap_or(AddressKind::Nrpa)
}

#[cfg(test)]
mod tests {
    use vigie_capture::{Input, Merge};
    use vigie_detect::outcome::NoticeKind;
    use vigie_trial::convoy::{Classes, Plan, Planted, Rotation, Start, simulate};
    use vigie_trial::families::files::write_case;

    use super::*;
    use crate::judging::judge;
    use crate::stop::Stop;

    /// Everything that was said, but for notes on the input, which only files give.
    fn said(outcomes: &[Outcome]) -> Vec<String> {
        let about_input =
            |o: &&Outcome| !matches!(o, Outcome::Notice(n) if n.kind == NoticeKind::Input);
        let outcomes = outcomes.iter().filter(about_input);
        outcomes.map(|o| format!("{o:?}")).collect()
    }

    #[test]
    fn files_and_the_short_way_say_the_same() {
        let lasting = Planted::default();
        let rotating = Planted {
            vehicle: 2,
            rotation: Rotation::Every(60.0),
            ..Planted::default()
        };
        let plan = Plan {
            vehicles: 4,
            seconds: 900.0,
            start: Start::Parked { seconds: 200.0 },
            classes: Classes::All,
            planted: vec![lasting, rotating],
            ..Plan::default()
        };
        let trace = simulate(&plan);
        let config = Config::default();
        let mut short = Vec::new();
        judge_trace(&trace, &config, &mut |o| short.push(o));
        let folder = tempfile::tempdir().unwrap();
        write_case(folder.path(), &trace, "test").unwrap();
        let merge = Merge::open(&[Input::from(folder.path())]).unwrap();
        let mut long = Vec::new();
        judge(merge, &config, None, &Stop::default(), &mut |o| {
            long.push(o);
        })
        .unwrap();
        assert!(short.iter().any(|o| matches!(o, Outcome::Alert(_))));
        let (short, long) = (said(&short), said(&long));
        for (a, b) in short.iter().zip(&long) {
            assert_eq!(a, b);
        }
        assert_eq!(short.len(), long.len());
    }
}
