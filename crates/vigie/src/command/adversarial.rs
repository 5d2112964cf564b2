//! `vigie evaluate --adversarial`: simulated convoys under attack or with broken sensors: is the tag still found, what
//! is said of the fault, and is `blind` said where nothing can be heard?

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;

use anyhow::Result;
use serde::Serialize;
use vigie_decode::{Address, AddressKind};
use vigie_detect::outcome::{NoticeKind, Outcome, State, Verdict};
use vigie_detect::{Config, Enrolled};
use vigie_show::{Texts, Value};
use vigie_trial::convoy::{
    Environment, Faults, Flood, Kind, Place, Plan, Planted, SensorFault, Split, Trace, simulate,
};
use vigie_trial::in_parallel;
use vigie_trial::table::aligned;

use crate::arguments::Evaluate;
use crate::convoy_answer::team;
use crate::convoy_feed::feed;
use crate::stop::Stop;

/// Every run lasts so long, seconds: `clear` may be said after half an hour.
const SECONDS: f64 = 2400.0;
/// From one look at the state to the next, µs.
const LOOK_US: i64 = 10_000_000;
/// Vehicles of the convoy; the tag is in the third.
const VEHICLES: u8 = 7;
/// See `VEHICLES`.
const TAGGED: u8 = 2;
/// Our own devices in each vehicle, enrolled by their keys.
const TEAM: u8 = 2;
/// Foreign traffic, frames a second and channel; the last is all that the air carries (`detection.md` section 10).
const LOADS: [f64; 6] = [0.0, 250.0, 500.0, 1000.0, 2000.0, 2660.0];

/// What is done to the convoy.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Attack {
    /// Nothing.
    None,
    /// 10,000 new addresses a second from the first sensor, for a minute.
    Flood,
    /// So many frames a second and channel that only collide.
    Load(f64),
    /// The tag sends what a stranger's tag was heard to send.
    ReplayStranger,
    /// The tag sends with the address of a device of ours that is at home.
    ReplayOwn,
    /// Every event 12 dB louder or quieter than the one before may be.
    PowerHops,
    /// The tag uses channel 37 only; sensors stay on this one, or (`None`) go round.
    OneChannel(Option<u8>),
    /// The clock of the tagged vehicle's sensor, seconds off.
    Clock(f64),
    /// No positions for ten minutes.
    PositionsLost,
    /// The sensor of the tagged vehicle hears nothing from the fifth minute on.
    Deaf,
}

/// One row.
#[derive(Serialize)]
struct Row {
    case: String,
    environment: &'static str,
    tagged: bool,
    runs: usize,
    found: usize,
    median_s: Option<f64>,
    ninety_s: Option<f64>,
    false_alarms: usize,
    /// Alerts on our own enrolled devices, by address.
    own_alarms: usize,
    blind_share: f64,
    clear_share: f64,
    blind_at_end: usize,
    /// Runs in which each was said at least once.
    notices: BTreeMap<String, usize>,
    /// Largest number of emitters that was taken in.
    emitters: u64,
}

/// What one run gave.
#[derive(Default)]
struct Ran {
    alert_s: Option<f64>,
    false_alarms: usize,
    own_alarms: usize,
    looks: usize,
    blind: usize,
    clear: usize,
    blind_at_end: bool,
    notices: BTreeSet<String>,
    emitters: u64,
}

/// Runs the command.
pub fn run(arguments: &Evaluate, config: &Config, texts: &Texts) -> Result<u8> {
    let stop = Stop::on_interrupt();
    let environments: Vec<Environment> = if arguments.scenarios.environments.is_empty() {
        vec![Environment::Rural, Environment::City]
    } else {
        arguments
            .scenarios
            .environments
            .iter()
            .map(|e| (*e).into())
            .collect()
    };
    let seeds = arguments.adversarial.unwrap_or_default();
    let mut rows = Vec::new();
    for environment in environments {
        for attack in attacks() {
            // Where the air is filled: also with nothing aboard, when no alert may hide that nothing can be heard.
            let tagged: &[bool] = match attack {
                Attack::Load(_) | Attack::Flood | Attack::PositionsLost => &[true, false],
                _ => &[true],
            };
            for tagged in tagged {
                if stop.asked() {
                    break;
                }
                let runs = in_parallel(seeds as usize, arguments.jobs, |seed| {
                    one(attack, environment, *tagged, seed as u64 + 1, config)
                });
                rows.push(row(attack, environment, *tagged, &runs, texts));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &rows)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", texts.text("adversarial-title"))?;
        writeln!(out, "{}", aligned(&lines(&rows, texts)))?;
        writeln!(out, "{}", texts.text("adversarial-legend"))?;
    }
    Ok(0)
}

fn attacks() -> Vec<Attack> {
    let mut all = vec![Attack::None, Attack::Flood];
    all.extend(LOADS.map(Attack::Load));
    all.extend([Attack::ReplayStranger, Attack::ReplayOwn, Attack::PowerHops]);
    all.extend([None, Some(37), Some(38), Some(39)].map(Attack::OneChannel));
    all.extend([
        Attack::Clock(3.0),
        Attack::Clock(-3.0),
        Attack::PositionsLost,
        Attack::Deaf,
    ]);
    all
}

fn plan(attack: Attack, environment: Environment, tagged: bool, seed: u64) -> Plan {
    let mut tag = Planted {
        vehicle: TAGGED,
        place: Place::Boot,
        ..Planted::default()
    };
    let mut plan = Plan {
        environment,
        split: Split::Test,
        seed,
        vehicles: VEHICLES,
        seconds: SECONDS,
        team: TEAM,
        ..Plan::default()
    };
    let mut fault = |fault: SensorFault| {
        plan.faults = Faults {
            sensors: vec![fault],
            ..Faults::default()
        };
    };
    let sound = SensorFault::none(TAGGED);
    match attack {
        Attack::None | Attack::ReplayStranger | Attack::ReplayOwn => {}
        Attack::Flood => {
            plan.flood = Some(Flood {
                sensor: 0,
                from_s: 10.0,
                to_s: 70.0,
                per_second: 10_000.0,
            });
        }
        Attack::Load(load) => plan.extra_load = load,
        Attack::PowerHops => tag.power_hop_db = 12.0,
        Attack::OneChannel(stays) => {
            tag.one_channel = Some(37);
            if stays.is_some() {
                plan.faults.sensors = (0..VEHICLES)
                    .map(|sensor| SensorFault {
                        fixed_channel: stays,
                        ..SensorFault::none(sensor)
                    })
                    .collect();
            }
        }
        Attack::Clock(clock_offset_s) => fault(SensorFault {
            clock_offset_s,
            ..sound
        }),
        Attack::PositionsLost => plan.faults.fixes_lost = vec![(20.0, 620.0)],
        Attack::Deaf => fault(SensorFault {
            deaf: vec![(300.0, SECONDS)],
            ..sound
        }),
    }
    if tagged {
        plan.planted.push(tag);
    }
    plan
}

fn one(attack: Attack, environment: Environment, tagged: bool, seed: u64, config: &Config) -> Ran {
    let mut trace = simulate(&plan(attack, environment, tagged, seed));
    let mut config = config.clone();
    config.enrolled.extend(team(&trace));
    match attack {
        Attack::ReplayStranger => replay_a_stranger(&mut trace),
        Attack::ReplayOwn => config.enrolled.extend(at_home(&trace)),
        _ => {}
    }
    let planted = addresses(&trace, |kind| matches!(kind, Kind::Aboard(_)));
    let own = addresses(&trace, |kind| kind == Kind::Team);
    let first_us = trace.truth.planted.first().and_then(|p| p.first_heard_us);
    let mut ran = Ran::default();
    let mut next_us = trace.start_us;
    let (mut looks, mut blind, mut clear) = (0, 0, 0);
    let mut alarmed = HashSet::new();
    let summary = feed(
        &trace,
        &config,
        &mut |intake, at_us| {
            if at_us < next_us {
                return;
            }
            next_us = at_us + LOOK_US;
            looks += 1;
            blind += usize::from(intake.state() == State::Blind);
            clear += usize::from(intake.state() == State::Clear);
        },
        &mut |outcome| match outcome {
            Outcome::Alert(a) if a.identifiers.iter().any(|i| planted.contains(i)) => {
                let since = first_us.map(|first| (a.at_us - first) as f64 / 1e6);
                ran.alert_s = ran.alert_s.or(since);
            }
            Outcome::Alert(a) if a.verdict != Verdict::ProbablyOurs => {
                alarmed.extend(a.identifiers);
            }
            // A clone is found where a tag is aboard that changes its key; none does here.
            Outcome::Clone(_) => ran.false_alarms += 1,
            Outcome::Notice(n) if !matches!(n.kind, NoticeKind::Watch) => {
                ran.notices.insert(n.detail);
            }
            _ => {}
        },
    );
    (ran.looks, ran.blind, ran.clear) = (looks, blind, clear);
    ran.own_alarms = alarmed.iter().filter(|a| own.contains(*a)).count();
    ran.false_alarms += alarmed.len() - ran.own_alarms;
    ran.blind_at_end = summary.state == State::Blind;
    ran.emitters = summary.emitters;
    ran
}

/// Addresses that devices of a kind were heard with.
fn addresses(trace: &Trace, is: fn(Kind) -> bool) -> HashSet<String> {
    let identities = trace.heard.iter();
    identities
        .filter_map(|h| trace.identities.get(h.identity as usize))
        .filter(|identity| {
            let device = trace.devices.get(identity.device as usize);
            device.is_some_and(|d| is(d.kind))
        })
        .map(vigie_trial::convoy::Identity::address_text)
        .collect()
}

/// The tag sends what the first stranger's tag that was heard sent: the address and the key of somebody who passed.
fn replay_a_stranger(trace: &mut Trace) {
    let device_of = |identity: u32| {
        let identity = trace.identities.get(identity as usize)?;
        trace.devices.get(identity.device as usize)
    };
    let ours =
        |identity: u32| matches!(device_of(identity), Some(d) if matches!(d.kind, Kind::Aboard(_)));
    let strangers = |identity: u32| matches!(device_of(identity), Some(d) if matches!(d.kind, Kind::Roadside | Kind::Stream | Kind::Opposite));
    let Some(copied) = trace
        .heard
        .iter()
        .map(|h| h.identity)
        .find(|i| strangers(*i))
    else {
        return;
    };
    let copied_heard: Vec<usize> = (0..trace.heard.len())
        .filter(|at| trace.heard.get(*at).is_some_and(|h| ours(h.identity)))
        .collect();
    let device = trace.truth.planted.first().map(|p| p.device);
    for at in copied_heard {
        if let Some(h) = trace.heard.get_mut(at) {
            h.identity = copied;
        }
    }
    // What is alerted on is the stranger's address: sent by the tag, it is the tag that is found.
    if let (Some(identity), Some(device)) = (trace.identities.get_mut(copied as usize), device) {
        identity.device = device;
    }
}

/// The tag's address is that of a device of ours that is at home all the time.
fn at_home(trace: &Trace) -> Option<Enrolled> {
    let planted = trace.truth.planted.first()?;
    let identity = trace
        .identities
        .get(*planted.identities.first()? as usize)?;
    Some(Enrolled {
        name: "spare".into(),
        addresses: vec![(Address(identity.address), kind_of(identity.address))],
        away_us: vec![(i64::MIN, i64::MAX)],
        ..Enrolled::default()
    })
}

/// Sub-type of a random address (Core Specification Vol 6 Part B 1.3.2).
fn kind_of([first, ..]: [u8; 6]) -> AddressKind {
    match first >> 6 {
        0b11 => AddressKind::StaticRandom,
        0b01 => AddressKind::Rpa,
        _ => AddressKind::Nrpa,
    }
}

fn row(attack: Attack, environment: Environment, tagged: bool, runs: &[Ran], texts: &Texts) -> Row {
    let mut times: Vec<f64> = runs
        .iter()
        .map(|r| r.alert_s.unwrap_or(f64::INFINITY))
        .collect();
    times.sort_by(f64::total_cmp);
    let quantile = |q: f64| {
        let at = ((times.len() as f64 * q).ceil() as usize).saturating_sub(1);
        times.get(at).copied().filter(|t| tagged && t.is_finite())
    };
    let sum = |of: fn(&Ran) -> usize| runs.iter().map(of).sum::<usize>();
    let looks = sum(|r| r.looks).max(1) as f64;
    let mut notices = BTreeMap::new();
    for detail in runs.iter().flat_map(|r| &r.notices) {
        *notices.entry(detail.clone()).or_default() += 1;
    }
    Row {
        case: title(attack, texts),
        environment: environment.as_str(),
        tagged,
        runs: runs.len(),
        found: sum(|r| usize::from(r.alert_s.is_some())),
        median_s: quantile(0.5),
        ninety_s: quantile(0.9),
        false_alarms: sum(|r| r.false_alarms),
        own_alarms: sum(|r| r.own_alarms),
        blind_share: sum(|r| r.blind) as f64 / looks,
        clear_share: sum(|r| r.clear) as f64 / looks,
        blind_at_end: sum(|r| usize::from(r.blind_at_end)),
        notices,
        emitters: runs.iter().map(|r| r.emitters).max().unwrap_or(0),
    }
}

fn title(attack: Attack, texts: &Texts) -> String {
    let number = |key: &str, n: f64| {
        let n = n.to_string();
        texts.text_with(
            &format!("adversarial-{key}"),
            &[("number", Value::Text(&n))],
        )
    };
    let plain = |key: &str| texts.text(&format!("adversarial-{key}"));
    match attack {
        Attack::None => plain("none"),
        Attack::Flood => plain("flood"),
        Attack::Load(load) => number("load", load),
        Attack::ReplayStranger => plain("replay-stranger"),
        Attack::ReplayOwn => plain("replay-own"),
        Attack::PowerHops => plain("power"),
        Attack::OneChannel(None) => plain("channel-hopping"),
        Attack::OneChannel(Some(channel)) => number("channel-fixed", f64::from(channel)),
        Attack::Clock(off_s) => number("clock", off_s),
        Attack::PositionsLost => plain("positions"),
        Attack::Deaf => plain("deaf"),
    }
}

fn lines(rows: &[Row], texts: &Texts) -> Vec<Vec<String>> {
    let heads = [
        "case",
        "environment",
        "tag",
        "found",
        "median",
        "ninety",
        "alarms",
        "own",
        "blind",
        "clear",
        "end",
        "emitters",
        "notices",
    ];
    let mut out = vec![
        heads
            .map(|h| texts.text(&format!("adversarial-head-{h}")))
            .to_vec(),
    ];
    let seconds = |s: Option<f64>| s.map_or("-".into(), |s| format!("{s:.0}"));
    for r in rows {
        let notices: Vec<String> = r
            .notices
            .iter()
            .map(|(detail, n)| format!("{detail} {n}"))
            .collect();
        let found = if r.tagged {
            format!("{}/{}", r.found, r.runs)
        } else {
            "-".into()
        };
        out.push(vec![
            r.case.clone(),
            r.environment.to_owned(),
            texts.text(if r.tagged {
                "adversarial-yes"
            } else {
                "adversarial-no"
            }),
            found,
            seconds(r.median_s),
            seconds(r.ninety_s),
            r.false_alarms.to_string(),
            r.own_alarms.to_string(),
            format!("{:.2}", r.blind_share),
            format!("{:.2}", r.clear_share),
            format!("{}/{}", r.blind_at_end, r.runs),
            r.emitters.to_string(),
            notices.join(", "),
        ]);
    }
    out
}
