//! Frames a second from a capture file to sightings, and of a plain scan of the same file. For `scripts/bench.sh`.
//!
//! usage: sightings FILE

use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use vigie_capture::{Event, Input, Merge};
use vigie_decode::{Decoded, Decoder};

/// Link-layer frames of the load files: 16 bytes of record header and 56 of packet (classic pcap, type 256).
const RECORD: usize = 72;
const FILE_HEADER: usize = 24;

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: sightings FILE");
        std::process::exit(2);
    };
    if let Err(e) = scan(&path).and_then(|()| sightings(&path)) {
        eprintln!("{path}: {e}");
        std::process::exit(1);
    }
}

/// Reads the file once and takes AdvA, RSSI and the company identifier of every record, knowing where they are.
fn scan(path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; RECORD * 8192];
    file.read_exact(&mut buffer[..FILE_HEADER])?;
    let (mut frames, mut sum) = (0_u64, 0_u64);
    loop {
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read(&mut buffer[filled..])? {
                0 => break,
                n => filled += n,
            }
        }
        for r in buffer[..filled].chunks_exact(RECORD) {
            let adva = u64::from_le_bytes([r[32], r[33], r[34], r[35], r[36], r[37], 0, 0]);
            sum = sum.wrapping_add(
                adva ^ u64::from(r[17]) ^ u64::from(u16::from_le_bytes([r[40], r[41]])),
            );
            frames += 1;
        }
        if filled < buffer.len() {
            break;
        }
    }
    black_box(sum);
    println!(
        "scan_fps {:.0}",
        frames as f64 / start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Through the product's own reader and decoder.
fn sightings(path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let mut merge = Merge::open(&[Input::parse(path)])?;
    let mut decoder = Decoder::new();
    let (mut frames, mut sightings) = (0_u64, 0_u64);
    while let Some(event) = merge.next()? {
        let Event::Frame(frame) = event else { continue };
        decoder.decode(&frame, &mut |decoded: Decoded<'_>| {
            frames += 1;
            if let Decoded::Advertisement(a) = decoded
                && a.is_sighting()
            {
                sightings += 1;
                black_box((a.sender, a.rssi, a.payload));
            }
        });
    }
    println!(
        "sightings_fps {:.0}",
        frames as f64 / start.elapsed().as_secs_f64()
    );
    println!("sightings {sightings} of {frames}");
    Ok(())
}
