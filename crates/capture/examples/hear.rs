//! What a live receiver gives: `hear SPEC SECONDS` prints once a second how many packets came, and every statement and damage.
//! SPEC names a sensor (`h4:tcp:HOST:PORT`, `hci:0`, …) or a source of positions (`gpsd:HOST:PORT`, `nmea:PATH`).
#![allow(clippy::panic)]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use vigie_capture::live::{
    GnssSpec, Heard, Outlet, SensorSpec, SteadyClock, listen, positions, receiver,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: hear SPEC SECONDS".into());
    };
    let seconds: u64 = seconds.parse()?;
    let (sensor, mut receiver) = match name.parse::<SensorSpec>() {
        Ok(spec) => (Some(0), receiver(&spec)),
        Err(e) => match name.parse::<GnssSpec>() {
            Ok(spec) => (None, positions(&spec)),
            Err(_) => return Err(e.into()),
        },
    };
    let (sender, received) = sync_channel(65_536);
    let stop: Arc<AtomicBool> = Arc::default();
    let clock = SteadyClock::start();
    let out = Outlet::new(sensor, clock, sender, stop.clone());
    let thread = std::thread::spawn(move || listen(&mut *receiver, &out));
    let begin = Instant::now();
    let (mut second, mut packets, mut all) = (0, 0_u64, 0_u64);
    let mut last_us = i64::MIN;
    let mut back = 0_u64;
    loop {
        if begin.elapsed().as_secs() > second {
            second += 1;
            println!("{second} s: {packets} packets");
            packets = 0;
        }
        if second >= seconds {
            stop.store(true, Ordering::Relaxed);
        }
        match received.recv_timeout(Duration::from_millis(100)) {
            Ok(received) => match received.what {
                Heard::Packet(packet) => {
                    if all == 0 {
                        println!("first: {packet:02x?}");
                    }
                    back += u64::from(received.time_us < last_us);
                    last_us = received.time_us;
                    packets += 1;
                    all += 1;
                }
                Heard::Fix(fix) => println!("{fix:?}"),
                Heard::Status(condition, value, detail) => {
                    println!("{} {value} {detail}", condition.as_str());
                }
                Heard::Damage(kind, detail) => println!("damage: {} {detail}", kind.as_str()),
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = thread.join();
    println!("{all} packets, {back} of them earlier than the one before");
    Ok(())
}
