//! pcapng files: several sections and interfaces, both byte orders, any time resolution
//! (<https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>).
//!
//! Read by hand, on the reader's own buffer, so that damage can be read over byte by byte; and `pcap-parser` 0.17 refuses time
//! resolutions that are powers of two. It serves as the oracle in the tests.
//!
//! Sensors: the first interface that has a packet bears the file's sensor name, each further one `name#interface`.

use crate::link::{self, Link};
use crate::own_records::{self, OwnStatus};
use crate::pcapng_interface::{Clock, Interface};
use crate::reader::{Failure, Key, Reader, Ready, lost_bytes, lost_frame};
use crate::window::{MAX_RECORD, Window};
use crate::{Damage, DamageKind, Event, Sensors};

const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const INTERFACE_DESCRIPTION: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// Bytes of a packet block before the packet's own.
const PACKET_HEAD: usize = 28;
/// Shortest block: type, length, length again.
const MIN_BLOCK: u32 = 12;
/// How far to search for the next whole block after damage.
const SEARCH_LIMIT: u64 = 16 * 1024 * 1024;

pub(crate) struct Pcapng {
    window: Window,
    big_endian: bool,
    interfaces: Vec<Interface>,
    /// Interface names that have a sensor already, over all sections.
    named: Vec<(String, u16)>,
    sensor_name: String,
    /// A link type that is not read, if an interface has one.
    foreign: Option<u32>,
    /// Whether an interface has a link type that is read.
    known: bool,
    ready: Ready,
    scratch: Vec<u8>,
    /// The section was written by a live run of ours: packets bear their number in the order of arrival.
    own: bool,
}

/// Whether a file starts as pcapng files do.
pub(crate) fn recognised(prefix: &[u8]) -> bool {
    prefix.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A])
        && matches!(
            prefix.get(8..12),
            Some([0x4D, 0x3C, 0x2B, 0x1A] | [0x1A, 0x2B, 0x3C, 0x4D])
        )
}

impl Pcapng {
    pub(crate) fn open(window: Window, sensor_name: String) -> Self {
        Self {
            window,
            big_endian: false,
            interfaces: Vec::new(),
            named: Vec::new(),
            sensor_name,
            foreign: None,
            known: false,
            ready: Ready::new(),
            scratch: Vec::new(),
            own: false,
        }
    }

    /// Whether the section read last is one that a live run of ours wrote.
    pub(crate) const fn is_own(&self) -> bool {
        self.own
    }

    #[inline]
    fn word(&self, at: usize) -> u32 {
        word(self.window.bytes(), at, self.big_endian)
    }

    /// The byte order of the section that starts here, where one does.
    fn section_order(bytes: &[u8]) -> Option<bool> {
        match bytes.get(8..12)? {
            [0x4D, 0x3C, 0x2B, 0x1A] => Some(false),
            [0x1A, 0x2B, 0x3C, 0x4D] => Some(true),
            _ => None,
        }
    }

    /// Whether a whole block starts at the window's start: length plausible, and repeated at its end.
    fn is_block(&mut self, known_types_only: bool) -> Result<Option<u32>, Box<Failure>> {
        if !self.window.fill(MIN_BLOCK as usize)? {
            return Ok(None);
        }
        let mut big_endian = self.big_endian;
        let kind = self.word(0);
        if kind == SECTION_HEADER {
            match Self::section_order(self.window.bytes()) {
                Some(order) => big_endian = order,
                None => return Ok(None),
            }
        }
        let known = kind == SECTION_HEADER || matches!(kind, 1..=6 | 10) || kind == 0x0BAD;
        let length = word(self.window.bytes(), 4, big_endian);
        let plausible =
            length >= MIN_BLOCK && length.is_multiple_of(4) && length as usize <= MAX_RECORD;
        if !plausible || (known_types_only && !known) || !self.window.fill(length as usize)? {
            return Ok(None);
        }
        let repeated = word(self.window.bytes(), length as usize - 4, big_endian);
        Ok((repeated == length).then_some(length))
    }

    #[cold]
    fn resynchronise(&mut self) -> Result<(), Box<Failure>> {
        let from = self.window.offset();
        let packet = matches!(self.word(0), OLD_PACKET | SIMPLE_PACKET | ENHANCED_PACKET);
        let cut_off = !self
            .window
            .fill(self.word(4).clamp(MIN_BLOCK, 1 << 24) as usize)?;
        self.window.consume(1);
        let mut found = false;
        while self.window.fill(MIN_BLOCK as usize)? && self.window.offset() - from < SEARCH_LIMIT {
            if self.is_block(true)?.is_some() {
                found = true;
                break;
            }
            self.window.consume(1);
        }
        let (kind, detail) = if found {
            let passed = self.window.offset() - from;
            let detail = format!("{passed} bytes passed over to the next whole block");
            (DamageKind::ImpossibleLength, detail)
        } else {
            self.consume_all()?;
            let kind = if cut_off {
                DamageKind::Truncated
            } else {
                DamageKind::ImpossibleLength
            };
            (kind, "no whole block behind it".to_owned())
        };
        self.ready.damage(Damage {
            kind,
            offset: from,
            detail,
            frames: packet,
        });
        Ok(())
    }

    fn consume_all(&mut self) -> Result<(), Box<Failure>> {
        while self.window.fill(1)? {
            let all = self.window.bytes().len();
            self.window.consume(all);
        }
        Ok(())
    }

    /// Reads an interface description; damage when it carries nothing that is read here.
    #[cold]
    fn describe(&mut self, length: usize, offset: u64) -> Option<Damage> {
        let block = self.window.bytes().get(..length).unwrap_or_default();
        let parsed = Interface::parse(block, self.big_endian, self.interfaces.len(), self.own);
        // A description that cannot be read still takes its number, so that later interfaces keep theirs.
        let Some((interface, number)) = parsed else {
            self.interfaces.push(Interface {
                link: None,
                clock: Clock::MICROSECONDS,
                name: String::new(),
                sensor: None,
            });
            let what = "an interface description that cannot be read; its packets are lost";
            return Some(lost_bytes(DamageKind::MalformedRow, offset, what));
        };
        let read = interface.link.is_some();
        self.interfaces.push(interface);
        if read {
            self.known = true;
            return None;
        }
        self.foreign = Some(number);
        let what = format!("interface of link type {number}; its packets are passed over");
        Some(lost_bytes(DamageKind::UnknownLinkType, offset, what))
    }

    /// The sensor of an interface that has a packet for the first time.
    #[cold]
    fn name_sensor(&mut self, interface: usize, sensors: &mut Sensors) -> u16 {
        let Some(described) = self.interfaces.get_mut(interface) else {
            return 0;
        };
        let known = self.named.iter().find(|(name, _)| *name == described.name);
        let sensor = match known {
            Some(&(_, sensor)) => sensor,
            None if self.named.is_empty() => sensors.index(&self.sensor_name),
            None => sensors.index(&format!("{}#{}", self.sensor_name, described.name)),
        };
        if known.is_none() && self.named.len() < usize::from(u16::MAX) {
            self.named.push((described.name.clone(), sensor));
        }
        described.sensor = Some(sensor);
        sensor
    }

    /// Reads the packet of a block; whether there is an event now.
    #[inline]
    fn packet(&mut self, place: PacketPlace, sensors: &mut Sensors) -> bool {
        let PacketPlace {
            block,
            offset,
            interface,
            ticks,
            len,
        } = place;
        let at = self.window.consume(block) + PACKET_HEAD;
        self.ready.place(offset, at, len);
        let Some(described) = self.interfaces.get(interface) else {
            let what = format!("interface {interface} is not described");
            return self.damage(lost_frame(DamageKind::UnknownInterface, offset, what));
        };
        let Some(link) = described.link else {
            return false;
        };
        let Some(time_us) = described.clock.time_us(ticks) else {
            let what = "a time that cannot be";
            return self.damage(lost_frame(DamageKind::BadTime, offset, what));
        };
        let sensor = match described.sensor {
            Some(sensor) => sensor,
            None => self.name_sensor(interface, sensors),
        };
        if self.own {
            let number = own_records::number(self.window.slice(at, block - PACKET_HEAD), len);
            self.ready.number(number.unwrap_or(0));
            if matches!(link, Link::OwnSighting | Link::OwnStatus) {
                return self.own_record(link, at, len, offset, time_us, sensor);
            }
        }
        match link::read(link, self.window.slice(at, len), &mut self.scratch) {
            Ok(packet) => {
                self.ready.frame(time_us, sensor, packet);
                true
            }
            Err(not_read) => match not_read.damage() {
                Some((kind, what)) => self.damage(lost_frame(kind, offset, what)),
                None => false,
            },
        }
    }

    /// A record for private use.
    #[cold]
    fn own_record(
        &mut self,
        link: Link,
        at: usize,
        len: usize,
        offset: u64,
        time_us: i64,
        sensor: u16,
    ) -> bool {
        let bytes = self.window.slice(at, len);
        if link == Link::OwnSighting {
            return match own_records::sighting(bytes) {
                Some(row) => {
                    self.ready.row(time_us, sensor, row);
                    true
                }
                None => {
                    let what = "a sighting that cannot be read";
                    self.damage(lost_frame(DamageKind::MalformedRow, offset, what))
                }
            };
        }
        match own_records::status(bytes, time_us, sensor) {
            Some(OwnStatus::Status(status)) => {
                self.ready.status(status);
                true
            }
            Some(OwnStatus::Damage(kind, detail)) => self.damage(lost_bytes(kind, offset, detail)),
            // A condition that a newer version states.
            Some(OwnStatus::Unknown) => false,
            None => {
                let what = "a status that cannot be read";
                self.damage(lost_bytes(DamageKind::MalformedRow, offset, what))
            }
        }
    }

    #[cold]
    fn damage(&mut self, damage: Damage) -> bool {
        self.ready.damage(damage);
        true
    }

    /// A packet block, enhanced or old: both keep the packet's bytes at the same place.
    #[inline]
    fn packet_block(&mut self, kind: u32, block: usize, sensors: &mut Sensors) -> bool {
        let offset = self.window.offset();
        let len = self.word(20) as usize;
        let room = block.saturating_sub(PACKET_HEAD + 4);
        if len > room || block < PACKET_HEAD + 4 {
            self.window.consume(block);
            let what = "a packet longer than its block";
            return self.damage(lost_frame(DamageKind::ImpossibleLength, offset, what));
        }
        let first = self.word(8);
        // The old block has a 16-bit interface and a count of drops in its first word.
        let interface = match (kind, self.big_endian) {
            (ENHANCED_PACKET, _) => first,
            (_, true) => first >> 16,
            (_, false) => first & 0xFFFF,
        } as usize;
        let ticks = u64::from(self.word(12)) << 32 | u64::from(self.word(16));
        self.packet(
            PacketPlace {
                block,
                offset,
                interface,
                ticks,
                len,
            },
            sensors,
        )
    }

    /// Any other block; whether there is an event now.
    #[cold]
    fn other_block(&mut self, kind: u32, block: usize) -> bool {
        let offset = self.window.offset();
        let damage = match kind {
            SIMPLE_PACKET => {
                let what = "a simple packet block, which has no time";
                Some(lost_frame(DamageKind::NoTime, offset, what))
            }
            INTERFACE_DESCRIPTION => self.describe(block, offset),
            SECTION_HEADER => {
                let head = self.window.bytes().get(..block).unwrap_or_default();
                self.own = own_records::is_own(head, self.big_endian);
                None
            }
            _ => None,
        };
        self.window.consume(block);
        damage.is_some_and(|d| self.damage(d))
    }

    /// At the end of the file: damage if it ends inside a block, failure if nothing in it is read here.
    #[cold]
    fn end(&mut self) -> Result<bool, Box<Failure>> {
        let offset = self.window.offset();
        let left = self.window.bytes().len();
        if left > 0 {
            self.window.consume(left);
            let what = "cut off in a block's head";
            return Ok(self.damage(lost_bytes(DamageKind::Truncated, offset, what)));
        }
        match self.foreign {
            Some(number) if !self.known => Err(link::foreign("pcapng", number)),
            _ => Ok(false),
        }
    }
}

/// Where a packet block's parts are.
#[derive(Clone, Copy)]
struct PacketPlace {
    block: usize,
    offset: u64,
    interface: usize,
    ticks: u64,
    len: usize,
}

#[inline]
fn word(bytes: &[u8], at: usize, big_endian: bool) -> u32 {
    match bytes.get(at..).and_then(|b| b.first_chunk::<4>()) {
        Some(&b) if big_endian => u32::from_be_bytes(b),
        Some(&b) => u32::from_le_bytes(b),
        None => 0,
    }
}

impl Reader for Pcapng {
    fn advance(&mut self, sensors: &mut Sensors) -> Result<bool, Box<Failure>> {
        loop {
            if !self.window.fill(MIN_BLOCK as usize)? {
                return self.end();
            }
            let kind = self.word(0);
            if kind == SECTION_HEADER {
                let Some(order) = Self::section_order(self.window.bytes()) else {
                    self.resynchronise()?;
                    return Ok(true);
                };
                self.big_endian = order;
                self.interfaces.clear();
                self.own = false;
            }
            let length = self.word(4);
            let block = length as usize;
            let plausible = length >= MIN_BLOCK && length.is_multiple_of(4) && block <= MAX_RECORD;
            if !plausible || !self.window.fill(block)? || self.word(block - 4) != length {
                self.resynchronise()?;
                return Ok(true);
            }
            let event = if kind == ENHANCED_PACKET || kind == OLD_PACKET {
                self.packet_block(kind, block, sensors)
            } else {
                self.other_block(kind, block)
            };
            if event {
                return Ok(true);
            }
        }
    }

    #[inline]
    fn key(&self) -> Key {
        self.ready.key()
    }

    #[inline(always)]
    fn event(&self) -> Event<'_> {
        self.ready.event(&self.window, &self.scratch)
    }

    fn position(&self) -> u64 {
        self.window.offset()
    }
}
