//! Load files for benches: many link-layer frames over some hours.

use std::{io, path::Path};

use super::{
    CrcFlag, START_US,
    capture_file::{Pcap, PcapNg},
    crowd::Address,
    link_layer,
};

/// Container of a load file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadFormat {
    /// Classic pcap: 72 bytes a frame, record header included.
    Pcap,
    /// pcapng: 88 bytes a frame.
    PcapNg,
}

/// What a load file holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Frames.
    pub frames: u64,
    /// Distinct addresses, at most one a frame.
    pub addresses: u64,
    /// Time that it spans, hours.
    pub hours: f64,
    /// Seed: the same gives the same bytes.
    pub seed: u64,
    /// What the capture says of the CRC.
    pub crc: CrcFlag,
}

/// Addresses that are on air at the same time.
const WINDOW: u64 = 500;
const HOUR_US: f64 = 3.6e9;
/// Every hundredth address is a separated Apple Find My tag.
const TAG_EVERY: u64 = 100;

/// Writes `frames` advertisements (link type 256, 31 bytes of AD structures each) with times spread
/// evenly over `hours`. Each of the `addresses` is heard at least once (at most one per frame);
/// some 500 are on air at any time, each for its share of the time. The CRC is right in every
/// frame; `crc` is what the capture says of it.
///
/// # Errors
/// When the file cannot be written.
pub fn write_load(path: &Path, load: &Load, format: LoadFormat) -> io::Result<()> {
    match format {
        LoadFormat::Pcap => {
            let mut file = Pcap::create(path)?;
            each_frame(load, |t, p| file.packet(t, p))?;
            file.finish()
        }
        LoadFormat::PcapNg => {
            let mut file = PcapNg::create(path, "load")?;
            each_frame(load, |t, p| file.packet(t, p))?;
            file.finish()
        }
    }
}

fn each_frame(load: &Load, mut write: impl FnMut(i64, &[u8]) -> io::Result<()>) -> io::Result<()> {
    let Load {
        frames, seed, crc, ..
    } = *load;
    let addresses = load.addresses.clamp(1, frames.max(1));
    let span_us = (load.hours * HOUR_US) as u64;
    let mut newest = None;
    for i in 0..frames {
        let share = |whole: u64| (u128::from(i) * u128::from(whole) / u128::from(frames)) as u64;
        let latest = share(addresses);
        let noise = mix(seed ^ mix(i));
        // The newest address when it is new; otherwise any that is on air.
        let address = if newest == Some(latest) {
            latest - noise % WINDOW.min(latest + 1)
        } else {
            latest
        };
        newest = Some(latest);
        let channel = 37 + ((noise >> 20) % 3) as u8;
        let rssi = -95 + ((mix(seed ^ address) % 40) + (noise >> 24) % 10) as i8;
        let packet = link_layer::packet(&pdu(address, seed), channel, rssi, crc);
        write(START_US + share(span_us) as i64, &packet)?;
    }
    Ok(())
}

/// The PDU of one address: 37 bytes of payload, the same each time.
fn pdu(index: u64, seed: u64) -> Vec<u8> {
    let tag = index % TAG_EVERY == TAG_EVERY / 2;
    // Multiplying by an odd number permutes the 46 random bits: no two indices share an address.
    let bits = index
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(mix(seed))
        & ((1 << 46) - 1);
    let kind: u64 = if tag { 0b11 } else { 0b01 };
    let [_, _, octets @ ..] = (kind << 46 | bits).to_be_bytes();
    let mut ad = [0u8; 31];
    let head: &[u8] = if tag {
        &[0x1E, 0xFF, 0x4C, 0x00, 0x12, 0x19, 0x10]
    } else if index.is_multiple_of(3) {
        // Android presence, filled up with a name.
        &[0x1E, 0x16, 0xF1, 0xFC, 0x04]
    } else {
        // Some company's data.
        &[0x02, 0x01, 0x06, 0x1B, 0xFF, 0x75, 0x00]
    };
    let mut state = mix(seed ^ index.rotate_left(32));
    for chunk in ad.chunks_mut(8) {
        state = mix(state);
        for (slot, byte) in chunk.iter_mut().zip(state.to_le_bytes()) {
            *slot = byte;
        }
    }
    for (slot, byte) in ad.iter_mut().zip(head) {
        *slot = *byte;
    }
    if tag {
        // Top bits of the key, and the hint.
        let [.., top, hint] = &mut ad;
        (*top, *hint) = (*top & 3, 0);
    }
    link_layer::pdu(
        &Address {
            octets,
            random: true,
        },
        !tag,
        &ad,
    )
}

/// SplitMix64's finaliser (Steele, Lea and Flood 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn load(frames: u64, addresses: u64, seed: u64, crc: CrcFlag) -> Load {
        Load {
            frames,
            addresses,
            hours: 1.0,
            seed,
            crc,
        }
    }

    #[test]
    fn seventy_two_bytes_a_frame_and_every_address_heard() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("load.pcap");
        let load = load(5000, 1200, 1, CrcFlag::Unchecked);
        write_load(&path, &load, LoadFormat::Pcap).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), 24 + 5000 * 72);
        let mut addresses = BTreeSet::new();
        let mut last = (0, 0);
        for record in bytes[24..].chunks(72) {
            let field = |at: usize| u32::from_le_bytes(record[at..at + 4].try_into().unwrap());
            assert!((field(0), field(4)) >= last);
            last = (field(0), field(4));
            assert_eq!((field(8), field(12)), (56, 56));
            addresses.insert(record[32..38].to_vec());
            let pdu = &record[30..69];
            assert_eq!(record[69..], link_layer::crc24(pdu));
        }
        assert_eq!(addresses.len(), 1200);
        // One hour: the last one 0.72 s before its end.
        assert_eq!(i64::from(last.0) - START_US / 1_000_000, 3599);
    }

    #[test]
    fn pcapng_too_and_reproducible() {
        let dir = tempfile::tempdir().unwrap();
        let [a, b, c] = [1, 1, 2].map(|seed| {
            let path = dir.path().join("load.pcapng");
            let load = load(300, 10, seed, CrcFlag::Checked);
            write_load(&path, &load, LoadFormat::PcapNg).unwrap();
            std::fs::read(path).unwrap()
        });
        assert_eq!(a, b);
        assert_ne!(a, c);
        assert!(a.len() >= 300 * 88 && a.len() < 300 * 88 + 200);
    }

    #[test]
    fn more_addresses_than_frames_and_no_frames() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.pcap");
        for frames in [0, 3] {
            let load = load(frames, 100, 1, CrcFlag::Checked);
            write_load(&path, &load, LoadFormat::Pcap).unwrap();
            assert_eq!(std::fs::metadata(&path).unwrap().len(), 24 + frames * 72);
        }
    }
}
