//! Logs of a host controller interface: btsnoop (Android, BlueZ) and Apple's PacketLogger. Streamed.
//!
//! btsnoop: RFC 1761's snoop layout, big endian, data links 1001 (HCI without indicator), 1002 (H4), 2001 (Linux monitor).
//! PacketLogger: length, seconds, microseconds (32 bit each; the length counts all behind itself), type, data; big or little endian.

use crate::link::{self, NotRead};
use crate::reader::{Failure, Key, Reader, Ready, lost_frame, passed_over};
use crate::window::Window;
use crate::{DamageKind, Event, Sensors};

/// A longer packet is taken for damage: HCI packets have 16-bit lengths.
const MAX_PACKET: usize = 70_000;
/// How far to search for the next whole record after damage.
const SEARCH_LIMIT: u64 = 16 * 1024 * 1024;
/// A step in time of more than this is believed only when the next record agrees.
const SUSPICIOUS_STEP_US: u64 = 86_400_000_000;

/// Microseconds from year 0, where btsnoop counts from, to 1970.
const BTSNOOP_EPOCH_US: i64 = 0x00DC_DDB3_0F2F_8000;
const BTSNOOP_MAGIC: &[u8; 8] = b"btsnoop\0";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Data link 1001: the flags tell command, event and data apart.
    Unencapsulated,
    /// Data link 1002.
    H4,
    /// Data link 2001: the flags hold adapter and opcode.
    Monitor,
    PacketLogger {
        big_endian: bool,
    },
}

impl Dialect {
    const fn head_len(self) -> usize {
        match self {
            Self::PacketLogger { .. } => 13,
            _ => 24,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Head {
    /// Bytes of the packet.
    len: usize,
    time_us: i64,
    /// Flags of btsnoop, type of PacketLogger.
    flags: u32,
    plausible: bool,
}

pub(crate) struct HciLog {
    window: Window,
    dialect: Dialect,
    sensor: u16,
    last_us: Option<i64>,
    ready: Ready,
    scratch: Vec<u8>,
}

/// Whether a file starts as btsnoop files do.
pub(crate) fn is_btsnoop(prefix: &[u8]) -> bool {
    prefix.starts_with(BTSNOOP_MAGIC)
}

/// Byte order of a PacketLogger file, if it is one: it has no magic, so its first records must hold together.
pub(crate) fn packet_logger_order(prefix: &[u8]) -> Option<bool> {
    [true, false].into_iter().find(|&big_endian| {
        let dialect = Dialect::PacketLogger { big_endian };
        let mut rest = prefix;
        for read in 0..3 {
            match head(dialect, rest) {
                Some(h) if h.plausible => match rest.get(13 + h.len..) {
                    Some(behind) => rest = behind,
                    None => return read > 0,
                },
                Some(_) => return false,
                // Too short for another head: fine if that is the end after whole records.
                None => return read > 0 && rest.is_empty(),
            }
        }
        true
    })
}

fn head(dialect: Dialect, bytes: &[u8]) -> Option<Head> {
    if let Dialect::PacketLogger { big_endian } = dialect {
        let bytes = bytes.first_chunk::<13>()?;
        let word = |i: usize| {
            let b = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            if big_endian {
                u32::from_be_bytes(b)
            } else {
                u32::from_le_bytes(b)
            }
        };
        let (length, seconds, us, kind) = (word(0), word(4), word(8), bytes[12]);
        let len = (length as usize).checked_sub(9);
        // Apple's recorder did not exist before 2001.
        let plausible = len.is_some_and(|n| n <= MAX_PACKET)
            && us < 1_000_000
            && seconds > 978_307_200
            && (kind <= 0x13 || kind >= 0xF0);
        return Some(Head {
            len: len.unwrap_or(0),
            time_us: i64::from(seconds) * 1_000_000 + i64::from(us),
            flags: u32::from(kind),
            plausible,
        });
    }
    let bytes = bytes.first_chunk::<24>()?;
    let word = |i: usize| u32::from_be_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
    let ticks = i64::from(word(16)) << 32 | i64::from(word(20));
    let (original, len) = (word(0), word(4));
    let time_us = ticks.checked_sub(BTSNOOP_EPOCH_US);
    Some(Head {
        len: len as usize,
        time_us: time_us.unwrap_or(0),
        flags: word(8),
        plausible: len as usize <= MAX_PACKET && len <= original && time_us.is_some(),
    })
}

impl HciLog {
    pub(crate) fn btsnoop(mut window: Window, sensor: u16) -> Result<Self, Box<Failure>> {
        let whole = window.fill(16)?;
        let unreadable = |what: String| Box::new(Failure::Unreadable { offset: 0, what });
        let Some(head) = window.bytes().first_chunk::<16>().filter(|_| whole) else {
            return Err(unreadable("the file head is cut off".to_owned()));
        };
        let link = u32::from_be_bytes([head[12], head[13], head[14], head[15]]);
        let dialect = match link {
            1001 => Dialect::Unencapsulated,
            1002 => Dialect::H4,
            2001 => Dialect::Monitor,
            _ => {
                let hint = format!("btsnoop of data link {link} (read are 1001, 1002, 2001)");
                return Err(Box::new(Failure::Unrecognised { hint }));
            }
        };
        window.consume(16);
        Ok(Self::new(window, dialect, sensor))
    }

    pub(crate) fn packet_logger(window: Window, big_endian: bool, sensor: u16) -> Self {
        Self::new(window, Dialect::PacketLogger { big_endian }, sensor)
    }

    fn new(window: Window, dialect: Dialect, sensor: u16) -> Self {
        let (ready, scratch) = (Ready::new(), Vec::new());
        Self {
            window,
            dialect,
            sensor,
            last_us: None,
            ready,
            scratch,
        }
    }

    /// Time of the first record, to put several logs in order.
    pub(crate) fn first_us(&mut self) -> Result<Option<i64>, Box<Failure>> {
        self.window.fill(self.dialect.head_len())?;
        Ok(self.head_at(0).filter(|h| h.plausible).map(|h| h.time_us))
    }

    fn head_at(&self, at: usize) -> Option<Head> {
        head(self.dialect, self.window.bytes().get(at..)?)
    }

    const fn is_near(&self, time_us: i64) -> bool {
        match self.last_us {
            Some(last) => last.abs_diff(time_us) <= SUSPICIOUS_STEP_US,
            None => true,
        }
    }

    /// Whether a record near `time_us`, or the end of the file, is at `at`.
    fn is_record_or_end(&mut self, at: usize, time_us: i64) -> Result<bool, Box<Failure>> {
        if !self.window.fill(at + self.dialect.head_len())? {
            return Ok(self.window.bytes().len() == at);
        }
        Ok(self
            .head_at(at)
            .is_some_and(|h| h.plausible && h.time_us.abs_diff(time_us) <= SUSPICIOUS_STEP_US))
    }

    /// From a place that is no record to the next that is one, byte by byte.
    fn resynchronise(&mut self, kind: DamageKind) -> Result<(), Box<Failure>> {
        let head_len = self.dialect.head_len();
        let from = self.window.offset();
        self.window.consume(1);
        let mut found = false;
        while self.window.fill(head_len)? && self.window.offset() - from < SEARCH_LIMIT {
            if let Some(h) = self.head_at(0)
                && h.plausible
                && h.len > 0
                && self.is_near(h.time_us)
                && self.is_record_or_end(head_len + h.len, h.time_us)?
            {
                found = true;
                break;
            }
            self.window.consume(1);
        }
        let detail = passed_over(&mut self.window, from, found)?;
        self.ready.damage(lost_frame(kind, from, detail));
        Ok(())
    }

    fn read(&mut self, flags: u32, at: usize, len: usize) -> Result<link::Packet, NotRead> {
        let packet = self.window.slice(at, len);
        let scratch = &mut self.scratch;
        match self.dialect {
            Dialect::H4 => link::read(link::Link::H4, packet, scratch),
            Dialect::Monitor => link::monitor((flags & 0xFFFF) as u16, packet, 0, scratch),
            // Bit 1: command or event; bit 0: received.
            Dialect::Unencapsulated => {
                let indicator = match flags & 3 {
                    2 => 0x01,
                    3 => 0x04,
                    _ => 0x02,
                };
                link::typed_hci(indicator, packet, 0, scratch)
            }
            Dialect::PacketLogger { .. } => {
                let indicator = match flags {
                    0x00 => 0x01,
                    0x01 => 0x04,
                    0x02 | 0x03 => 0x02,
                    0x08 | 0x09 => 0x03,
                    _ => return Err(NotRead::NoFrame),
                };
                link::typed_hci(indicator, packet, 0, scratch)
            }
        }
    }
}

impl Reader for HciLog {
    fn advance(&mut self, _: &mut Sensors) -> Result<bool, Box<Failure>> {
        let head_len = self.dialect.head_len();
        loop {
            let offset = self.window.offset();
            let head = if self.window.fill(head_len)? {
                self.head_at(0)
            } else {
                None
            };
            let Some(head) = head else {
                let left = self.window.bytes().len();
                self.window.consume(left);
                if left > 0 {
                    let what = "cut off in a record's head";
                    self.ready
                        .damage(lost_frame(DamageKind::Truncated, offset, what));
                }
                return Ok(left > 0);
            };
            let next = head_len + head.len;
            if !head.plausible {
                self.resynchronise(DamageKind::ImpossibleLength)?;
                return Ok(true);
            }
            if !self.is_near(head.time_us) && !self.is_record_or_end(next, head.time_us)? {
                let near = self.last_us.unwrap_or(head.time_us);
                if self.is_record_or_end(next, near)? {
                    self.window.consume(next);
                    let what = "a time that cannot be";
                    self.ready
                        .damage(lost_frame(DamageKind::BadTime, offset, what));
                } else {
                    self.resynchronise(DamageKind::ImpossibleLength)?;
                }
                return Ok(true);
            }
            if !self.window.fill(next)? {
                self.resynchronise(DamageKind::Truncated)?;
                return Ok(true);
            }
            self.last_us = Some(head.time_us);
            let at = self.window.consume(next) + head_len;
            self.ready.place(offset, at, head.len);
            match self.read(head.flags, at, head.len) {
                Ok(packet) => {
                    self.ready.frame(head.time_us, self.sensor, packet);
                    return Ok(true);
                }
                Err(not_read) => {
                    if let Some((kind, what)) = not_read.damage() {
                        self.ready.damage(lost_frame(kind, offset, what));
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn key(&self) -> Key {
        self.ready.key()
    }

    fn event(&self) -> Event<'_> {
        self.ready.event(&self.window, &self.scratch)
    }

    fn position(&self) -> u64 {
        self.window.offset()
    }
}
