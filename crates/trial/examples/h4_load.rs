//! A controller that speaks H4 on a Unix socket, or on TCP, and reports as fast as the other side reads: the load of hours in minutes.
//!
//!   cargo run --release -p vigie-trial --example h4_load -- SOCKET|HOST:PORT REPORTS [RATE]
//!
//! Devices turn over as beside a road at 2,000 reports a second; one stays. `RATE` reports a second at most, none: no limit.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

/// Reports that each device is there for: 20 s of 40 devices at 2,000 a second.
const STAY: u64 = 40_000;

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Waits for whoever connects: a path with a slash is a socket, anything else an address.
fn accept(place: &str) -> Box<dyn Stream> {
    if place.contains('/') {
        let _ = std::fs::remove_file(place);
        let listener = UnixListener::bind(place).unwrap();
        println!("READY");
        return Box::new(listener.accept().unwrap().0);
    }
    let listener = TcpListener::bind(place).unwrap();
    println!("READY");
    let (stream, _) = listener.accept().unwrap();
    stream.set_nodelay(true).unwrap();
    Box::new(stream)
}

/// Addresses come back after half an hour at 2,000 reports a second: by then a watch has forgotten them. Hours played in minutes have
/// as many alive at a time as real ones.
const DEVICES: u64 = 3600;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let reports: u64 = arguments[1].parse().unwrap();
    let rate: Option<f64> = arguments.get(2).map(|r| r.parse().unwrap());
    let mut stream = accept(&arguments[0]);
    answer_until_scanning(&mut *stream);
    let begun = Instant::now();
    let mut out = Vec::with_capacity(1 << 16);
    let mut sent = 0;
    while sent < reports {
        out.clear();
        for _ in 0..512.min(reports - sent) {
            report(sent, &mut out);
            sent += 1;
        }
        if stream.write_all(&out).is_err() {
            break;
        }
        if let Some(rate) = rate {
            let due = Duration::from_secs_f64(sent as f64 / rate);
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("SENT {sent} in {seconds:.1} s");
    // The other side ends it.
    let _ = stream.read(&mut [0; 64]);
}

/// Says yes to every command until scanning is enabled.
fn answer_until_scanning(stream: &mut dyn Stream) {
    let mut buffer = [0; 512];
    loop {
        let got = stream.read(&mut buffer).unwrap();
        let mut rest = &buffer[..got];
        while let [1, low, high, length, behind @ ..] = rest {
            let mut answer = vec![4, 0x0E, 4, 1, *low, *high, 0];
            // Features and version: none.
            answer.extend([0; 8]);
            answer[2] += 8;
            stream.write_all(&answer).unwrap();
            let scanning = [*low, *high] == [0x0C, 0x20];
            rest = &behind[usize::from(*length)..];
            if scanning {
                return;
            }
        }
    }
}

fn report(number: u64, out: &mut Vec<u8>) {
    let stays = number.is_multiple_of(4000);
    let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let who = (number / STAY * 40 + spread % 40) % DEVICES;
    let mark = if stays {
        u64::MAX
    } else {
        who.wrapping_mul(0xD6E8_FEB8_6659_FD93)
    };
    let mut address = [0; 6];
    address.copy_from_slice(&mark.to_le_bytes()[..6]);
    address[5] |= 0xC0;
    let rssi: i8 = if stays { -62 } else { -60 - (mark % 35) as i8 };
    let payload: &[u8] = if stays {
        &[
            0x1E, 0xFF, 0x4C, 0, 0x12, 0x19, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
            15, 16, 17, 18, 19, 20, 21, 22, 3, 0,
        ]
    } else {
        &[2, 1, 6, 7, 0xFF, 0x4C, 0, 0x10, 2, 1, 2]
    };
    out.extend([4, 0x3E, (12 + payload.len()) as u8, 2, 1, 3, 1]);
    out.extend(address);
    out.push(payload.len() as u8);
    out.extend(payload);
    out.push(rssi as u8);
}
