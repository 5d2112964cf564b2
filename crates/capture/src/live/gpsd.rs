//! Positions from gpsd, by its JSON protocol (<https://gpsd.io/gpsd_json.html>).

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde::Deserialize;
use vigie_decode::{Condition, Fix};

use crate::live::connection::{connect, is_patience};
use crate::live::fixes::Fixes;
use crate::live::silence::{Due, Silence};
use crate::live::{Lost, Outlet, Receiver};
use crate::{DamageKind, rfc3339_or_us};

const CONNECT: Duration = Duration::from_secs(2);
/// How long gpsd, which says nothing while its receiver says nothing, has for an answer: it may be behind a radio link.
const ANSWER: Duration = Duration::from_secs(5);
/// A line that is longer is none of gpsd's.
const MAX_LINE: usize = 64 * 1024;

/// The receiver.
pub(crate) struct Gpsd {
    address: String,
    link: Option<TcpStream>,
    bytes: Vec<u8>,
    fixes: Fixes,
    silence: Silence,
}

impl Gpsd {
    pub(crate) fn new(address: String) -> Self {
        Self {
            address,
            link: None,
            bytes: Vec::new(),
            fixes: Fixes::default(),
            silence: Silence::new(ANSWER),
        }
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let mut stream = connect(&self.address, CONNECT)?;
        stream.write_all(b"?WATCH={\"enable\":true,\"json\":true}\n")?;
        Ok(stream)
    }
}

impl Receiver for Gpsd {
    fn open(&mut self, _: &Outlet) -> Result<(), Lost> {
        let link = self
            .connect()
            .map_err(|e| Lost::new(Condition::Unplugged, format!("gpsd {}: {e}", self.address)))?;
        self.bytes.clear();
        self.link = Some(link);
        self.silence.end();
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let Some(link) = &mut self.link else {
            return Err(Lost::new(Condition::Unplugged, "not connected"));
        };
        let gone = |e: io::Error| Lost::new(Condition::Unplugged, format!("gpsd: {e}"));
        let mut buffer = [0; 4096];
        match link.read(&mut buffer) {
            Ok(0) => {
                let what = "gpsd closed the connection";
                return Err(Lost::new(Condition::Unplugged, what));
            }
            Ok(got) => {
                self.silence.end();
                self.bytes
                    .extend_from_slice(buffer.get(..got).unwrap_or_default());
            }
            Err(e) if is_patience(&e) => {}
            Err(e) => return Err(gone(e)),
        }
        match self.silence.due() {
            Due::Nothing => {}
            Due::Ask => link.write_all(b"?VERSION;\n").map_err(gone)?,
            Due::GiveUp => {
                return Err(Lost::new(Condition::Unplugged, "gpsd does not answer"));
            }
        }
        let now_us = out.clock().now_us();
        while let Some(end) = self.bytes.iter().position(|&b| b == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            match fix(&line, now_us) {
                Ok(Some((fix, satellites_us))) => {
                    self.fixes.take(fix, out);
                    if let Some(satellites_us) = satellites_us {
                        self.fixes.compare_clocks(satellites_us, now_us, out);
                    }
                }
                Ok(None) => {}
                Err(what) => out.damage(DamageKind::MalformedRow, format!("gpsd: {what}")),
            }
        }
        if self.bytes.len() > MAX_LINE {
            self.bytes.clear();
            out.damage(DamageKind::OverLimit, "gpsd: a line without an end");
        }
        self.fixes.look(now_us, out);
        Ok(())
    }

    fn close(&mut self) {
        self.link = None;
        self.fixes.gone();
    }
}

/// What every report of gpsd says first.
#[derive(Deserialize)]
struct Report<'a> {
    class: std::borrow::Cow<'a, str>,
}

/// The fields of a position report (class TPV) that are read.
#[derive(Deserialize)]
struct Tpv {
    /// 0 and 1: no fix; 2: in two dimensions; 3: in three.
    #[serde(default)]
    mode: u8,
    /// RFC 3339.
    time: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    /// Estimated horizontal error, metres; how certain is not stated.
    eph: Option<f64>,
    epx: Option<f64>,
    epy: Option<f64>,
    speed: Option<f64>,
}

/// The position in a line, where there is one, and the satellites' time, µs since 1970. The position's own time is that of its
/// reception: the run has one clock.
fn fix(line: &[u8], now_us: i64) -> Result<Option<(Fix, Option<i64>)>, String> {
    let report: Report<'_> = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    if report.class != "TPV" {
        return Ok(None);
    }
    let report: Tpv = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    let Some((lat, lon)) = report.lat.zip(report.lon) else {
        return Ok(None);
    };
    if report.mode < 2 {
        return Ok(None);
    }
    let whole = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat != 0.0 || lon != 0.0);
    if !whole {
        return Err("a position that cannot be".to_owned());
    }
    let error = report.eph.or_else(|| Some(report.epx?.hypot(report.epy?)));
    let known = |n: f64| (n.is_finite() && n >= 0.0).then_some(n as f32);
    let fix = Fix {
        time_us: now_us,
        sensor: None,
        lat,
        lon,
        accuracy_m: error.and_then(known),
        speed_m_s: report.speed.and_then(known),
    };
    Ok(Some((fix, report.time.as_deref().and_then(rfc3339_or_us))))
}

/// For the fuzz target.
pub(crate) fn fuzz(line: &[u8]) {
    let _ = std::hint::black_box(fix(line, 0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_with_a_fix_is_a_position() {
        let line = br#"{"class":"TPV","device":"x","mode":3,"time":"2026-11-28T12:00:00.000Z","lat":48.8566,"lon":2.3522,"epx":3.0,"epy":4.0,"speed":12.5}"#;
        let (fix, satellites_us) = fix(line, 7).unwrap().unwrap();
        assert_eq!(satellites_us, Some(1_795_867_200_000_000));
        assert_eq!((fix.time_us, fix.lat, fix.lon), (7, 48.8566, 2.3522));
        assert_eq!((fix.accuracy_m, fix.speed_m_s), (Some(5.0), Some(12.5)));
    }

    #[test]
    fn without_a_fix_there_is_none() {
        for line in [
            r#"{"class":"VERSION","release":"3.22"}"#,
            r#"{"class":"TPV","mode":1}"#,
            r#"{"class":"TPV","mode":3}"#,
            r#"{"class":"TPV","mode":1,"lat":48.0,"lon":2.0}"#,
            r#"{"class":"AIS","lat":48.0,"lon":2.0,"speed":"fast","mode":"x"}"#,
        ] {
            assert_eq!(fix(line.as_bytes(), 0).unwrap(), None, "{line}");
        }
        assert!(fix(br#"{"class":"TPV","mode":3,"lat":91,"lon":0}"#, 0).is_err());
        assert!(fix(b"gpsd", 0).is_err());
    }
}
