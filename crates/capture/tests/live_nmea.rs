//! Positions from NMEA sentences on a serial port (a pseudo-terminal here) and from a pipe.
#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod live;
mod pseudo_terminal;

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use live::{Listening, conditions};
use pseudo_terminal::{Device, folder};
use vigie_capture::live::{Heard, Received};
use vigie_decode::{Condition, Fix};

/// Published sentences with their checksums.
const RMC: &str = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n";
const GGA: &str = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n";

fn sentence(body: &str) -> String {
    let sum = body.bytes().fold(0, |a, b| a ^ b);
    format!("${body}*{sum:02X}\r\n")
}

/// A second of a receiver: what it sends, and what comes in between.
fn second(n: u32) -> String {
    let time = format!("12{:02}{:02}", n / 60 % 60, n % 60);
    let place = format!("4807.{:03},N,01131.000,E", n % 1000);
    let mut text = sentence("GPGSV,1,1,01,05,40,083,46");
    text += &sentence(&format!("GPRMC,{time},A,{place},010.0,084.4,281126,,,A"));
    text += &sentence(&format!("GPGGA,{time},{place},1,08,0.9,545.4,M,46.9,M,,"));
    if n.is_multiple_of(5) {
        text += "$GPRMC,120000,A,4807.038,N,01131.000,E*00\r\n";
        text += "\u{fffd}garbage\r\n";
    }
    text
}

fn fixes(all: &[Received]) -> Vec<Fix> {
    let fixes = all.iter().filter_map(|r| match r.what {
        Heard::Fix(fix) => Some(fix),
        _ => None,
    });
    fixes.collect()
}

fn device(link: &Path) -> Device {
    let (mut n, mut last) = (0, Instant::now());
    Device::plug_in(link, move |port| {
        if last.elapsed() > Duration::from_millis(50) {
            last = Instant::now();
            n += 1;
            port.write(second(n).as_bytes());
        }
    })
}

fn until_fixes(listening: &Listening, wanted: usize) -> Vec<Received> {
    let mut had = 0;
    listening.until(|what| {
        had += usize::from(matches!(what, Heard::Fix(_)));
        had == wanted
    })
}

#[test]
fn positions_come_from_a_port_are_lost_with_it_and_come_back() {
    let (_folder, link) = folder();
    let listening = Listening::to(&format!("nmea:{}", link.display()));
    listening.until_condition(Condition::Unplugged);
    let first = device(&link);
    let all = until_fixes(&listening, 30);
    let fixes = fixes(&all);
    // One for each moment, though two sentences state it.
    for pair in fixes.windows(2) {
        let moved = (pair[1].lat - pair[0].lat) * 60_000.0;
        assert!((moved - 1.0).abs() < 1e-3, "{moved}");
        assert!(pair[0].time_us <= pair[1].time_us);
    }
    assert!((fixes[0].lon - (11.0 + 31.0 / 60.0)).abs() < 1e-9);
    assert!((fixes[0].speed_m_s.unwrap() - 5.144).abs() < 1e-3);
    // The time is that of the reception, whatever the receiver says.
    let ago_us = listening.clock.now_us() - fixes[29].time_us;
    assert!((0..60_000_000).contains(&ago_us), "{ago_us}");
    let damage = all
        .iter()
        .filter(|r| matches!(r.what, Heard::Damage(..)))
        .count();
    println!("30 fixes, {damage} damaged lines counted");
    assert!(damage >= 8);

    drop(first);
    listening.until_condition(Condition::Unplugged);
    let _second = device(&link);
    let back = until_fixes(&listening, 1);
    let said = conditions(&back);
    assert!(
        said.iter().any(|(c, _)| *c == Condition::PositionsBack),
        "{said:?}"
    );
}

#[test]
fn a_pipe_does_as_well_and_its_writers_may_change() {
    let (folder, _) = folder();
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let listening = Listening::to(&format!("nmea:{}", pipe.display()));
    listening.until_condition(Condition::Listening);
    for _ in 0..2 {
        let mut writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        writer.write_all(RMC.as_bytes()).unwrap();
        writer.write_all(GGA.as_bytes()).unwrap();
        drop(writer);
        let mut writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        writer.write_all(second(1).as_bytes()).unwrap();
        drop(writer);
        let fixes = fixes(&until_fixes(&listening, 2));
        assert!((fixes[0].lat - 48.1173).abs() < 1e-9, "{}", fixes[0].lat);
        assert!((fixes[0].speed_m_s.unwrap() - 11.5236).abs() < 1e-3);
    }
}

#[test]
fn a_recording_is_no_port() {
    let (_folder, link) = folder();
    std::fs::write(&link, RMC).unwrap();
    let listening = Listening::to(&format!("nmea:{}", link.display()));
    let said = conditions(&listening.until_condition(Condition::Refused));
    assert!(said[0].1.contains("vigie replay"), "{said:?}");
}
