//! The product's answer on a simulated convoy, as the scoring reads it.

use std::collections::HashMap;

use vigie_detect::outcome::{EmitterId, Outcome, State, Verdict, Whereabouts};
use vigie_detect::{Config, Enrolled, Irk};
use vigie_trial::convoy::Trace;
use vigie_trial::families::files::vehicle_of;
use vigie_trial::families::{self, Answer, Named, Raised, Told};

use crate::convoy_feed::feed;

/// From one look at the state to the next, µs.
const LOOK_US: i64 = 10_000_000;

/// Judges a trace. Devices of our own are enrolled, each by its key.
pub fn answer(trace: &Trace, config: &Config) -> Answer {
    let mut config = config.clone();
    config.enrolled.extend(team(trace));
    let mut answer = Answer::default();
    // Where in the answer the alert on an emitter stands.
    let mut raised = HashMap::new();
    // Whom each emitter told follows, by number, and the address under which each was told.
    let mut follows: Vec<(usize, EmitterId, f64)> = Vec::new();
    let mut address_of: HashMap<EmitterId, String> = HashMap::new();
    let mut states = Vec::new();
    let mut next_us = trace.start_us;
    feed(
        trace,
        &config,
        &mut |intake, at_us| {
            if at_us >= next_us {
                next_us = at_us + LOOK_US;
                states.push((at_us, state(intake.state())));
            }
        },
        &mut |outcome| match outcome {
            Outcome::Alert(a) => {
                raised.insert(a.emitter, answer.raised.len());
                answer.raised.push(Raised {
                    at_us: a.at_us,
                    address: a.identifiers.last().cloned(),
                    named: vec![named(
                        a.at_us,
                        a.vehicle.as_deref(),
                        a.vehicle_probability,
                        a.whereabouts.as_ref(),
                    )],
                });
            }
            Outcome::Clone(c) => answer.raised.push(Raised {
                at_us: c.at_us,
                address: None,
                named: vec![named(
                    c.at_us,
                    c.vehicle.as_deref(),
                    c.vehicle_probability,
                    c.whereabouts.as_ref(),
                )],
            }),
            Outcome::Update(u) => {
                let at = raised.get(&u.emitter).copied();
                if let Some(alert) = at.and_then(|at: usize| answer.raised.get_mut(at)) {
                    alert.named.push(named(
                        u.at_us,
                        u.vehicle.as_deref(),
                        u.vehicle_probability,
                        u.whereabouts.as_ref(),
                    ));
                }
            }
            Outcome::Emitter(e) => {
                let ours = matches!(e.verdict, Verdict::Enrolled | Verdict::ProbablyOurs);
                for address in e.identifiers {
                    let at = answer.told.len();
                    follows.extend(e.follows.iter().map(|(before, p)| (at, *before, *p)));
                    address_of.insert(e.emitter, address.clone());
                    answer.told.push(Told {
                        address,
                        probability: e.probability,
                        aboard: e.verdict == Verdict::Aboard,
                        ours,
                        last_us: e.last_seen_us,
                        follows: Vec::new(),
                    });
                }
            }
            Outcome::Notice(_) | Outcome::Summary(_) => {}
        },
    );
    for (at, before, probability) in follows {
        if let (Some(told), Some(address)) = (answer.told.get_mut(at), address_of.get(&before)) {
            told.follows.push((address.clone(), probability));
        }
    }
    answer.states = states;
    answer
}

/// Our own devices in a trace, enrolled by their keys.
pub fn team(trace: &Trace) -> impl Iterator<Item = Enrolled> + '_ {
    let numbered = trace.truth.team.iter().zip(1u32..);
    numbered.map(|(device, n)| Enrolled {
        name: format!("own {n}"),
        irk: Some(Irk::new(device.irk)),
        ..Enrolled::default()
    })
}

fn named(
    at_us: i64,
    vehicle: Option<&str>,
    probability: Option<f64>,
    whereabouts: Option<&Whereabouts>,
) -> Named {
    let pair = whereabouts.and_then(|w| w.pair.as_ref());
    Named {
        at_us,
        vehicle: vehicle.and_then(vehicle_of),
        probability,
        pair: pair.and_then(|(a, b, _)| Some((vehicle_of(a)?, vehicle_of(b)?))),
    }
}

const fn state(state: State) -> families::State {
    match state {
        State::Blind => families::State::Blind,
        State::Clear => families::State::Clear,
        State::Watch => families::State::Watch,
        State::Act => families::State::Act,
    }
}
