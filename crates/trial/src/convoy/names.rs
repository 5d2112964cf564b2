//! Addresses and payloads: what a device calls itself, and what it keeps when it changes its name.
//!
//! Keys are random bytes: the frames look right and locate nothing.

use super::trace::{Class, Device, Identity};
use crate::{
    generate::payload::{self, Kind as Advert},
    random::Draws,
};

/// SmartTags count quarters of an hour since this time (`protocols.md` section 4), s.
const SMART_TAG_EPOCH_S: i64 = 1_593_648_000;

/// All that were named so far.
pub struct Names {
    draws: Draws,
    start_s: i64,
    pub identities: Vec<Identity>,
    pub devices: Vec<Device>,
}

/// What one device keeps over its rotations, and its present name.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    pub about: Device,
    pub near_owner: bool,
    /// The address lasts while the payload changes (Find Hub, separated).
    pub lasting_address: bool,
    /// Resolvable addresses by this key.
    pub irk: Option<[u8; 16]>,
    pub device: Option<u32>,
    pub identity: Option<u32>,
    /// Battery, model and the like.
    nature: u64,
}

impl Voice {
    pub const fn new(about: Device, near_owner: bool, nature: u64) -> Self {
        Self {
            about,
            near_owner,
            lasting_address: matches!(about.class, Class::FindHub) && !near_owner,
            irk: None,
            device: None,
            identity: None,
            nature,
        }
    }

    /// How often a device of its class changes its name, s (`protocols.md` sections 2 to 4); longer
    /// than a recording is never.
    pub const fn rotation_s(&self) -> Option<f64> {
        match self.about.class {
            // A SmartTag long away from its owner keeps its name for a day.
            Class::SmartTag if !self.near_owner && !self.nature.is_multiple_of(2) => None,
            Class::FindMySeparated if !self.near_owner => None,
            Class::Phone
            | Class::Watch
            | Class::Computer
            | Class::SmartTag
            | Class::FindMyNearby
            | Class::FindMySeparated => Some(900.0),
            Class::FindHub => Some(1024.0),
            Class::Tile | Class::Earbuds | Class::CarDevice | Class::Beacon => None,
        }
    }
}

impl Names {
    pub fn new(draws: Draws, start_us: i64) -> Self {
        Self {
            draws,
            start_s: start_us / 1_000_000,
            identities: Vec::new(),
            devices: Vec::new(),
        }
    }

    /// The present name of a device, made when it is first needed.
    pub fn identity(&mut self, voice: &mut Voice, t: f64) -> u32 {
        if let Some(identity) = voice.identity {
            return identity;
        }
        let device = self.device(voice);
        let last = voice
            .lasting_address
            .then(|| self.last_of(device))
            .flatten();
        let mut identity = self.make(voice, t);
        identity.device = device;
        if let Some(address) = last {
            identity.address = address;
        }
        let index = self.identities.len() as u32;
        self.identities.push(identity);
        voice.identity = Some(index);
        index
    }

    /// The index of a device, entered when it is first needed.
    pub fn device(&mut self, voice: &mut Voice) -> u32 {
        if let Some(device) = voice.device {
            return device;
        }
        let device = self.devices.len() as u32;
        self.devices.push(voice.about);
        voice.device = Some(device);
        device
    }

    fn last_of(&self, device: u32) -> Option<[u8; 6]> {
        let mut all = self.identities.iter().rev();
        all.find(|i| i.device == device).map(|i| i.address)
    }

    fn make(&mut self, voice: &Voice, t: f64) -> Identity {
        let draws = &mut self.draws;
        let nature = voice.nature;
        let either = |a, b| if nature.is_multiple_of(2) { a } else { b };
        match voice.about.class {
            Class::FindMySeparated if !voice.near_owner => find_my(nature, draws),
            Class::FindMySeparated | Class::FindMyNearby => find_my_nearby(nature, draws),
            Class::SmartTag => {
                let quarters = (self.start_s + t as i64 - SMART_TAG_EPOCH_S).div_euclid(900);
                smart_tag(nature, quarters as u32, voice.near_owner, draws)
            }
            Class::Tile => tile(draws),
            Class::FindHub => find_hub(nature, voice.near_owner, draws),
            Class::Phone => {
                let kind = either(Advert::ApplePhone, Advert::AndroidPhone);
                let address = resolvable(voice.irk, draws);
                let payload = payload::payload(kind, draws);
                Identity::new(address, true, kind == Advert::ApplePhone, &payload)
            }
            Class::Watch => {
                let address = resolvable(voice.irk, draws);
                let payload = payload::payload(Advert::ApplePhone, draws);
                Identity::new(address, true, true, &payload)
            }
            Class::Earbuds => {
                let kind = either(Advert::FastPair, Advert::Headphones);
                let payload = payload::payload(kind, draws);
                if kind == Advert::FastPair {
                    Identity::new(resolvable(None, draws), true, true, &payload)
                } else {
                    Identity::new(public(draws), false, true, &payload)
                }
            }
            Class::CarDevice => {
                let payload = payload::payload(Advert::Sensor, draws);
                Identity::new(public(draws), false, true, &payload)
            }
            Class::Computer => {
                let payload = payload::payload(Advert::Computer, draws);
                Identity::new(topped(0x00, draws), true, false, &payload)
            }
            Class::Beacon => {
                let kind = either(Advert::IBeacon, Advert::Eddystone);
                let payload = payload::payload(kind, draws);
                Identity::new(topped(0xC0, draws), true, false, &payload)
            }
        }
    }
}

/// A random address with the given two top bits.
fn topped(top: u8, draws: &mut Draws) -> [u8; 6] {
    let [first, rest @ ..] = draws.bytes::<6>();
    let [b, c, d, e, f] = rest;
    [first & 0x3F | top, b, c, d, e, f]
}

/// An address of a company's block.
fn public(draws: &mut Draws) -> [u8; 6] {
    let [first, b, c, d, e, f] = draws.bytes::<6>();
    [first & 0xFC, b, c, d, e, f]
}

/// An address that looks resolvable, or is.
fn resolvable(irk: Option<[u8; 16]>, draws: &mut Draws) -> [u8; 6] {
    let [a, b, c, d, e, f] = topped(0x40, draws);
    match irk {
        None => [a, b, c, d, e, f],
        Some(irk) => {
            let [x, y, z] = address_hash(&irk, [a, b, c]);
            [a, b, c, x, y, z]
        }
    }
}

/// The function ah of the Core Specification, Vol 3 Part H 2.2.2: both most significant octet first.
fn address_hash(irk: &[u8; 16], [a, b, c]: [u8; 3]) -> [u8; 3] {
    use aes::cipher::{BlockCipherEncrypt, KeyInit};
    let mut block = [0u8; 16];
    let [.., x, y, z] = &mut block;
    (*x, *y, *z) = (a, b, c);
    let mut block = block.into();
    aes::Aes128::new(&(*irk).into()).encrypt_block(&mut block);
    let block: [u8; 16] = block.into();
    let [.., x, y, z] = block;
    [x, y, z]
}

/// `protocols.md` section 2: battery in the two top bits, AirTag or licensed accessory below.
fn find_my_status(nature: u64) -> u8 {
    let battery = if nature % 10 < 7 { 0x00 } else { 0x40 };
    let model = if nature / 10 % 10 < 7 { 0x10 } else { 0x20 };
    battery | model
}

fn find_my(nature: u64, draws: &mut Draws) -> Identity {
    let (address, mut payload) = payload::find_my_separated(draws);
    if let Some(status) = payload.get_mut(6) {
        *status = find_my_status(nature);
    }
    Identity::new(address, true, true, &payload)
}

fn find_my_nearby(nature: u64, draws: &mut Draws) -> Identity {
    let top = draws.below(4) as u8;
    // Bit 2: the owner connected within the key's period.
    let status = find_my_status(nature) | 0x04;
    let payload = [0x07, 0xFF, 0x4C, 0x00, 0x12, 0x02, status, top];
    Identity::new(topped(0xC0, draws), true, true, &payload)
}

/// `protocols.md` section 4. Its address type is not published; a resolvable one is assumed.
fn smart_tag(nature: u64, quarters: u32, near_owner: bool, draws: &mut Draws) -> Identity {
    let state = match (near_owner, nature % 2) {
        (true, _) => 0x15,
        (false, 0) => 0x12,
        (false, _) => 0x13,
    };
    let [q0, q1, q2, _] = quarters.to_le_bytes();
    let battery = if nature / 2 % 10 < 7 { 0x03 } else { 0x02 };
    let wide_band = if (nature / 20).is_multiple_of(2) {
        0x00
    } else {
        0x04
    };
    let mut payload = Vec::with_capacity(27);
    payload.extend([0x02, 0x01, 0x06, 0x17, 0x16, 0x5A, 0xFD, state, q0, q1, q2]);
    payload.extend(draws.bytes::<8>());
    payload.extend([battery | wide_band, 0, 0, 0]);
    payload.extend(draws.bytes::<4>());
    Identity::new(topped(0x40, draws), true, true, &payload)
}

/// `protocols.md` section 5.
fn tile(draws: &mut Draws) -> Identity {
    let mut payload = vec![0x02, 0x01, 0x06, 0x03, 0x03, 0xED, 0xFE];
    payload.extend([0x0D, 0x16, 0xED, 0xFE, 0x02, 0x00]);
    payload.extend(draws.bytes::<8>());
    Identity::new(topped(0xC0, draws), true, true, &payload)
}

/// `protocols.md` section 3: 20 bytes of ephemeral identifier, hashed flags.
fn find_hub(nature: u64, near_owner: bool, draws: &mut Draws) -> Identity {
    let mode = if near_owner { 0x40 } else { 0x41 };
    let mut payload = Vec::with_capacity(29);
    payload.extend([0x02, 0x01, 0x06, 0x19, 0x16, 0xAA, 0xFE, mode]);
    payload.extend(draws.bytes::<21>());
    let top = if nature.is_multiple_of(2) { 0x00 } else { 0x40 };
    Identity::new(topped(top, draws), true, true, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Core Specification Vol 3 Part H, Appendix D.7.
    #[test]
    fn the_address_hash_is_the_specifications() {
        let irk = 0xec02_34a3_57c8_ad05_3410_10a6_0a39_7d9b_u128.to_be_bytes();
        assert_eq!(address_hash(&irk, [0x70, 0x81, 0x94]), [0x0d, 0xfb, 0xaa]);
    }
}
