//! Positions from the real gpsd, which is fed NMEA sentences over UDP.
#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod live;
#[path = "../../vigie/tests/real_data/mod.rs"]
mod real_data;

use std::net::{TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use live::{Listening, Program, conditions, free_port};
use vigie_capture::live::{Heard, Received};
use vigie_decode::{Condition, Fix};

const GPSD: &str = "/usr/sbin/gpsd";

fn gpsd(port: u16, udp: u16) -> Program {
    let program = Program::start(
        Command::new(GPSD)
            .args(["-N", "-n", "-S", &port.to_string()])
            .arg(format!("udp://127.0.0.1:{udp}")),
    );
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(10));
    }
    program
}

/// A receiver at a place, five times a second; `None` where it has no fix.
struct Satellites {
    /// Latitude in millionths of a degree; `i64::MAX`: no fix.
    lat: Arc<AtomicI64>,
    /// How far its clock is ahead, seconds.
    ahead_s: Arc<AtomicI64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Satellites {
    fn shine(udp: u16) -> Self {
        let (lat, ahead_s) = (
            Arc::new(AtomicI64::new(48_500_000)),
            Arc::<AtomicI64>::default(),
        );
        let stop = Arc::<AtomicBool>::default();
        let thread = {
            let (lat, ahead_s, stop) = (lat.clone(), ahead_s.clone(), stop.clone());
            std::thread::spawn(move || {
                let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
                while !stop.load(Ordering::Relaxed) {
                    let lat = lat.load(Ordering::Relaxed);
                    let text = sentences(lat, ahead_s.load(Ordering::Relaxed));
                    // Refused while no gpsd listens.
                    let _ = socket.send_to(text.as_bytes(), ("127.0.0.1", udp));
                    std::thread::sleep(Duration::from_millis(200));
                }
            })
        };
        Self {
            lat,
            ahead_s,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Satellites {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().unwrap().join();
    }
}

fn sentences(lat_e6: i64, ahead_s: i64) -> String {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead_s);
    let now = now.to_zoned(jiff::tz::TimeZone::UTC);
    let (time, date) = (now.strftime("%H%M%S%.2f"), now.strftime("%d%m%y"));
    let fix = lat_e6 != i64::MAX;
    let minutes = |e6: i64| (e6 % 1_000_000) as f64 * 60e-6;
    let place = if fix {
        format!(
            "{:02}{:07.4},N,00215.0000,E",
            lat_e6 / 1_000_000,
            minutes(lat_e6)
        )
    } else {
        ",,,".to_owned()
    };
    let (quality, status, mode) = if fix { (1, 'A', 3) } else { (0, 'V', 1) };
    let used = if fix {
        "02,05,09,12,15,18,21,24"
    } else {
        ",,,,,,,"
    };
    [
        format!("GPGGA,{time},{place},{quality},08,1.0,35.0,M,48.0,M,,"),
        format!("GPGSA,A,{mode},{used},,,,,1.8,1.0,1.5"),
        format!("GPRMC,{time},{status},{place},10.0,0.0,{date},,,A"),
    ]
    .map(|body| {
        let sum = body.bytes().fold(0, |a, b| a ^ b);
        format!("${body}*{sum:02X}\r\n")
    })
    .concat()
}

fn fixes(received: &[Received]) -> Vec<Fix> {
    let fixes = received.iter().filter_map(|r| match r.what {
        Heard::Fix(fix) => Some(fix),
        _ => None,
    });
    fixes.collect()
}

fn until_fix(listening: &Listening) -> Vec<Received> {
    listening.until(|what| matches!(what, Heard::Fix(_)))
}

#[test]
fn positions_come_are_lost_and_come_back() {
    let test = "capture/positions_come_from_gpsd";
    if !Path::new(GPSD).is_file() {
        return real_data::skipped(test, "no gpsd");
    }
    let (port, udp) = (free_port(), free_port());
    let listening = Listening::to(&format!("gpsd:127.0.0.1:{port}"));
    listening.until_condition(Condition::Unplugged);
    let first = gpsd(port, udp);
    let satellites = Satellites::shine(udp);
    let heard = until_fix(&listening);
    let fix = fixes(&heard)[0];
    assert!(
        (fix.lat - 48.5).abs() < 1e-6 && (fix.lon - 2.25).abs() < 1e-6,
        "{fix:?}"
    );
    // Its time is ours, and both clocks are this machine's.
    assert!((listening.clock.now_us() - fix.time_us).abs() < 60_000_000);
    // The speed is there once RMC was read.
    let faster = listening.until(|what| matches!(what, Heard::Fix(f) if f.speed_m_s.is_some()));
    let speed = fixes(&faster).pop().unwrap().speed_m_s.unwrap();
    assert!((speed - 5.144).abs() < 0.01, "{speed}");

    // gpsd ends, and comes back.
    first.end();
    listening.until_condition(Condition::Unplugged);
    let _second = gpsd(port, udp);
    let back = until_fix(&listening);
    assert!(
        conditions(&back)
            .iter()
            .any(|(c, _)| *c == Condition::PositionsBack),
        "{back:?}"
    );

    // A tunnel.
    satellites.lat.store(i64::MAX, Ordering::Relaxed);
    let lost = listening.until_condition(Condition::PositionsLost);
    assert!(fixes(&lost).len() < 20, "{lost:?}");
    satellites.lat.store(48_500_100, Ordering::Relaxed);
    let back = until_fix(&listening);
    let seconds = back.iter().find_map(|r| match r.what {
        Heard::Status(Condition::PositionsBack, seconds, _) => Some(seconds),
        _ => None,
    });
    assert!(seconds.unwrap() > 10.0, "{back:?}");

    // Signals that are not the satellites': a place that cannot be driven to, believed once it lasts.
    satellites.lat.store(49_500_000, Ordering::Relaxed);
    let jump = listening.until_condition(Condition::PositionJump);
    assert!(fixes(&jump).iter().all(|f| f.lat < 48.6));
    let Heard::Status(_, metres, _) = jump.last().unwrap().what else {
        panic!("no statement");
    };
    assert!((metres - 111_309.0).abs() < 100.0, "{metres}");
    assert!((fixes(&until_fix(&listening))[0].lat - 49.5).abs() < 1e-6);
    let _ = listening.stop();
}

#[test]
fn a_clock_that_differs_from_the_satellites_is_said() {
    let test = "capture/a_clock_that_differs_from_the_satellites";
    if !Path::new(GPSD).is_file() {
        return real_data::skipped(test, "no gpsd");
    }
    let (port, udp) = (free_port(), free_port());
    let _gpsd = gpsd(port, udp);
    let satellites = Satellites::shine(udp);
    satellites.ahead_s.store(90, Ordering::Relaxed);
    let listening = Listening::to(&format!("gpsd:127.0.0.1:{port}"));
    let said = listening.until_condition(Condition::GnssClock);
    let Heard::Status(_, seconds, _) = said.last().unwrap().what else {
        panic!("no statement");
    };
    assert!((80.0..91.0).contains(&seconds), "{seconds}");
    let mut more = 0;
    let rest = listening.until(|what| {
        more += usize::from(matches!(what, Heard::Fix(_)));
        more == 10
    });
    assert!(
        conditions(&rest)
            .iter()
            .all(|(c, _)| *c != Condition::GnssClock)
    );
}
