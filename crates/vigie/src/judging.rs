//! Recordings in, outcomes out: the one loop that both `replay` and `evaluate` run.

use anyhow::Result;
use vigie_capture::{Case, Event, Input, Merge, case};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Intake, Profile};

use crate::arguments::Judging;
use crate::enrolment;
use crate::onlooker::Onlooker;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::stop::Stop;

/// Events between two looks at the clock face: progress and Ctrl-C.
const BETWEEN_LOOKS: u64 = 65_536;

/// Settings from the file, if one is named, under what the case says, under the command line.
pub fn config_of(judging: &Judging, inputs: &[Input], cases: &[Case]) -> Result<Config> {
    let mut config = match &judging.config {
        None => Config::default(),
        Some(path) => Settings::read(path)?.detect,
    };
    let of_case = cases.iter().find_map(|case| case.profile);
    if let Some(profile) = of_case {
        config.profile = match profile {
            case::Profile::Vehicle => Profile::Vehicle,
            case::Profile::OnPerson => Profile::OnPerson,
        };
    }
    if let Some(profile) = judging.profile {
        config.profile = profile.into();
    }
    config.threat = judging.threat.into();
    config.enrolled = enrolment::of_run(judging.enrolled.as_deref(), inputs)?;
    Ok(config)
}

/// Enters the vehicles of the cases.
pub fn enter_cases(intake: &mut Intake, cases: &[Case]) {
    for vehicle in cases.iter().flat_map(|case| &case.vehicles) {
        intake.vehicle(vehicle);
    }
}

/// Enters where a sensor rides.
pub fn enter_rides(intake: &mut Intake, cases: &[Case], sensor: u16, name: &str) {
    for ride in cases.iter().flat_map(|case| case.rides_of(name)) {
        match &ride.vehicle {
            Some(vehicle) => intake.ride(sensor, vehicle, ride.from_us),
            None => intake.leave(sensor, ride.from_us),
        }
    }
}

/// Judges recordings as if they were heard now.
pub fn judge(
    merge: Merge,
    config: &Config,
    progress: Option<&Progress<'_>>,
    stop: &Stop,
    sink: &mut dyn FnMut(Outcome),
) -> Result<Summary> {
    judge_before(merge, config, progress, stop, None, sink)
}

/// The same, before an onlooker, who is told of every outcome by the sink.
pub fn judge_before(
    mut merge: Merge,
    config: &Config,
    progress: Option<&Progress<'_>>,
    stop: &Stop,
    mut onlooker: Option<&mut Onlooker>,
    sink: &mut dyn FnMut(Outcome),
) -> Result<Summary> {
    let mut intake = Intake::new(config);
    enter_cases(&mut intake, merge.cases());
    // Logs are held whole: what they say of vehicles is known from the start.
    for (sensor, vehicle) in merge.vehicles() {
        intake.ride(sensor, &vehicle, i64::MIN);
    }
    let mut named = 0;
    let mut events: u64 = 0;
    let mut interrupted = false;
    loop {
        while named < merge.sensors().len() {
            let name = merge.sensors().name(named as u16);
            intake.name_sensor(named as u16, name);
            enter_rides(&mut intake, merge.cases(), named as u16, name);
            named += 1;
        }
        let Some(event) = merge.next()? else { break };
        if let Some(onlooker) = &mut onlooker {
            let at_us = match &event {
                Event::Frame(frame) => Some(frame.time_us),
                Event::Fix(fix) => Some(fix.time_us),
                Event::Status(status) => Some(status.time_us),
                Event::Damage(_) | Event::Note(_) => None,
            };
            if let Some(at_us) = at_us {
                onlooker.before(at_us, &intake);
            }
            if let Event::Fix(fix) = &event {
                onlooker.fix(fix, &intake);
            }
            if onlooker.is_asked_to_stop() {
                interrupted = true;
                break;
            }
        }
        match event {
            Event::Frame(frame) => intake.frame(&frame, sink),
            Event::Fix(fix) => intake.fix(fix, sink),
            Event::Status(status) => intake.status(status, sink),
            Event::Damage(damage) => intake.damaged(damage.kind.as_str(), damage.frames),
            Event::Note(note) => intake.note(note.detail, &note.text, sink),
        }
        events += 1;
        if events.is_multiple_of(BETWEEN_LOOKS) {
            if let Some(progress) = progress {
                progress.at(
                    merge.bytes_read(),
                    merge.total_bytes(),
                    intake.counts().frames,
                );
            }
            if stop.asked() {
                interrupted = true;
                break;
            }
        }
    }
    if let Some(onlooker) = onlooker {
        onlooker.at_the_end(&intake);
    }
    Ok(intake.finish(interrupted, sink))
}
