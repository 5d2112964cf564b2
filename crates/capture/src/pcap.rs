//! pcap files: both byte orders, microseconds and nanoseconds.
//!
//! Read by hand, on the reader's own buffer, so that damage can be read over byte by byte and offsets are known. On 5 million
//! records of 72 bytes (one busy core of two), `pcap-parser` 0.17 gives 49 million record heads a second, and this reader 36
//! million whole frames, link-layer head and merge included; copying the file's bytes alone would allow 80.

use crate::link::{self, Link};
use crate::reader::{Failure, Key, Reader, Ready, lost_frame, passed_over};
use crate::window::Window;
use crate::{DamageKind, Event, Sensors};

/// A longer packet is taken for damage (Wireshark's own limit for a packet).
const MAX_PACKET: u32 = 262_144;
/// When searching for the next whole record, one with a packet longer than this is not believed.
const MAX_PACKET_IN_SEARCH: u32 = 65_536;
/// A step in time of more than this makes a record suspicious, and is no reason to refuse it when the next one agrees.
const SUSPICIOUS_STEP_S: u32 = 86_400;
/// How far to search for the next whole record after damage.
const SEARCH_LIMIT: u64 = 16 * 1024 * 1024;

const FILE_HEAD: usize = 24;
const RECORD_HEAD: usize = 16;

pub(crate) struct Pcap {
    window: Window,
    big_endian: bool,
    nanoseconds: bool,
    link: Link,
    sensor: u16,
    last_s: Option<u32>,
    ready: Ready,
    scratch: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Head {
    seconds: u32,
    fraction: u32,
    captured: u32,
    original: u32,
}

/// Whether a file starts as pcap files do.
pub(crate) fn recognised(prefix: &[u8]) -> bool {
    byte_order(prefix).is_some()
}

/// (big endian, nanoseconds)
fn byte_order(prefix: &[u8]) -> Option<(bool, bool)> {
    match prefix.first_chunk::<4>()? {
        [0xd4, 0xc3, 0xb2, 0xa1] => Some((false, false)),
        [0x4d, 0x3c, 0xb2, 0xa1] => Some((false, true)),
        [0xa1, 0xb2, 0xc3, 0xd4] => Some((true, false)),
        [0xa1, 0xb2, 0x3c, 0x4d] => Some((true, true)),
        _ => None,
    }
}

impl Pcap {
    pub(crate) fn open(mut window: Window, sensor: u16) -> Result<Self, Box<Failure>> {
        let whole = window.fill(FILE_HEAD)?;
        let unreadable = |what: &str| {
            Box::new(Failure::Unreadable {
                offset: 0,
                what: what.to_owned(),
            })
        };
        let Some(head) = window.bytes().first_chunk::<FILE_HEAD>().filter(|_| whole) else {
            return Err(unreadable("the file head is cut off"));
        };
        let Some((big_endian, nanoseconds)) = byte_order(head) else {
            return Err(unreadable("no pcap file head"));
        };
        let number = [head[20], head[21], head[22], head[23]];
        let number = if big_endian {
            u32::from_be_bytes(number)
        } else {
            u32::from_le_bytes(number)
        };
        // The upper bits say how long a frame check sequence is, not what the link is.
        let number = number & 0x0FFF_FFFF;
        let Some(link) = Link::from_number(number) else {
            return Err(link::foreign("pcap", number));
        };
        window.consume(FILE_HEAD);
        Ok(Self {
            window,
            big_endian,
            nanoseconds,
            link,
            sensor,
            last_s: None,
            ready: Ready::new(),
            scratch: Vec::new(),
        })
    }

    #[inline]
    fn head_at(&self, at: usize) -> Option<Head> {
        let bytes = self
            .window
            .bytes()
            .get(at..)?
            .first_chunk::<RECORD_HEAD>()?;
        let word = |i: usize| {
            let b = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            if self.big_endian {
                u32::from_be_bytes(b)
            } else {
                u32::from_le_bytes(b)
            }
        };
        Some(Head {
            seconds: word(0),
            fraction: word(4),
            captured: word(8),
            original: word(12),
        })
    }

    #[inline]
    const fn fraction_limit(&self) -> u32 {
        if self.nanoseconds {
            1_000_000_000
        } else {
            1_000_000
        }
    }

    #[inline]
    const fn is_near(&self, seconds: u32) -> bool {
        match self.last_s {
            Some(last) => last.abs_diff(seconds) <= SUSPICIOUS_STEP_S,
            None => true,
        }
    }

    /// Whether the head at `at` could be a record's, close in time to `seconds`. The end of the file will do as well.
    fn is_record_or_end(&mut self, at: usize, seconds: u32) -> Result<bool, Box<Failure>> {
        if !self.window.fill(at + RECORD_HEAD)? {
            return Ok(self.window.bytes().len() == at);
        }
        Ok(self.head_at(at).is_some_and(|h| {
            h.fraction < self.fraction_limit()
                && h.captured <= MAX_PACKET
                && h.seconds.abs_diff(seconds) <= SUSPICIOUS_STEP_S
        }))
    }

    fn judge(&mut self, head: Head) -> Result<Judgement, Box<Failure>> {
        let next = RECORD_HEAD + head.captured as usize;
        if head.captured > MAX_PACKET {
            return Ok(Judgement::Lost);
        }
        if head.fraction < self.fraction_limit() && self.is_record_or_end(next, head.seconds)? {
            return Ok(Judgement::Good);
        }
        let near = self.last_s.unwrap_or(head.seconds);
        Ok(if self.is_record_or_end(next, near)? {
            Judgement::BadTime
        } else {
            Judgement::Lost
        })
    }

    /// Whether a record with a strange head is taken as it is; if not, the damage is said and reading goes on behind it.
    #[cold]
    fn accepts(&mut self, head: Head, offset: u64) -> Result<bool, Box<Failure>> {
        match self.judge(head)? {
            Judgement::Good => return Ok(true),
            Judgement::BadTime => {
                self.window.consume(RECORD_HEAD + head.captured as usize);
                let what = "a time that cannot be";
                self.ready
                    .damage(lost_frame(DamageKind::BadTime, offset, what));
            }
            Judgement::Lost => self.resynchronise(DamageKind::ImpossibleLength)?,
        }
        Ok(false)
    }

    /// From a place that is no record to the next that is one, byte by byte.
    #[cold]
    fn resynchronise(&mut self, kind: DamageKind) -> Result<(), Box<Failure>> {
        let from = self.window.offset();
        self.window.consume(1);
        let mut found = false;
        while self.window.fill(RECORD_HEAD)? && self.window.offset() - from < SEARCH_LIMIT {
            if let Some(head) = self.head_at(0) {
                let likely = head.fraction < self.fraction_limit()
                    && head.captured <= head.original
                    && head.original <= MAX_PACKET_IN_SEARCH
                    && head.captured > 0
                    && self.is_near(head.seconds);
                let next = RECORD_HEAD + head.captured as usize;
                if likely && self.is_record_or_end(next, head.seconds)? {
                    found = true;
                    break;
                }
            }
            self.window.consume(1);
        }
        let detail = passed_over(&mut self.window, from, found)?;
        self.ready.damage(lost_frame(kind, from, detail));
        Ok(())
    }
}

enum Judgement {
    Good,
    BadTime,
    Lost,
}

impl Reader for Pcap {
    fn advance(&mut self, _: &mut Sensors) -> Result<bool, Box<Failure>> {
        loop {
            let offset = self.window.offset();
            let head = if self.window.fill(RECORD_HEAD)? {
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
            let strange = head.captured > MAX_PACKET
                || head.fraction >= self.fraction_limit()
                || !self.is_near(head.seconds);
            if strange && !self.accepts(head, offset)? {
                return Ok(true);
            }
            let len = head.captured as usize;
            if !self.window.fill(RECORD_HEAD + len)? {
                self.resynchronise(DamageKind::Truncated)?;
                return Ok(true);
            }
            self.last_s = Some(head.seconds);
            let at = self.window.consume(RECORD_HEAD + len) + RECORD_HEAD;
            self.ready.place(offset, at, len);
            match link::read(self.link, self.window.slice(at, len), &mut self.scratch) {
                Ok(packet) => {
                    let fraction = if self.nanoseconds {
                        head.fraction / 1000
                    } else {
                        head.fraction
                    };
                    let time_us = i64::from(head.seconds) * 1_000_000 + i64::from(fraction);
                    self.ready.frame(time_us, self.sensor, packet);
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
