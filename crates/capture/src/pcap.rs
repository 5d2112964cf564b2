//! pcap files: both byte orders, microseconds and nanoseconds.
//!
//! The record head is read by hand, on the reader's own buffer: a generic parser called per record costs more than
//! everything else on this path (figures in `benches/` of the binary).

use crate::link::{self, Link, Reading};
use crate::reader::{Failure, Key, Reader, Ready, ReadyFrame, lost_frame};
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
    pub(crate) fn open(mut window: Window, sensor: u16) -> Result<Self, Failure> {
        let whole = window.fill(FILE_HEAD)?;
        let unreadable = |what: &str| Failure::Unreadable { offset: 0, what: what.to_owned() };
        let Some(head) = window.bytes().first_chunk::<FILE_HEAD>().filter(|_| whole) else {
            return Err(unreadable("the file head is cut off"));
        };
        let Some((big_endian, nanoseconds)) = byte_order(head) else {
            return Err(unreadable("no pcap file head"));
        };
        let number = [head[20], head[21], head[22], head[23]];
        let number =
            if big_endian { u32::from_be_bytes(number) } else { u32::from_le_bytes(number) };
        // The upper bits say how long a frame check sequence is, not what the link is.
        let number = number & 0x0FFF_FFFF;
        let Some(link) = Link::from_number(number) else {
            return Err(Failure::Unrecognised {
                hint: format!("pcap of link type {number}, which carries no Bluetooth LE that is read here (187, 201, 251, 254, 256, 272)"),
            });
        };
        window.consume(FILE_HEAD);
        Ok(Self {
            window,
            big_endian,
            nanoseconds,
            link,
            sensor,
            last_s: None,
            ready: Ready::Nothing,
            scratch: Vec::new(),
        })
    }

    #[inline]
    fn head_at(&self, at: usize) -> Option<Head> {
        let bytes = self.window.bytes().get(at..)?.first_chunk::<RECORD_HEAD>()?;
        let word = |i: usize| {
            let b = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            if self.big_endian { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) }
        };
        Some(Head { seconds: word(0), fraction: word(4), captured: word(8), original: word(12) })
    }

    #[inline]
    const fn fraction_limit(&self) -> u32 {
        if self.nanoseconds { 1_000_000_000 } else { 1_000_000 }
    }

    #[inline]
    const fn is_near(&self, seconds: u32) -> bool {
        match self.last_s {
            Some(last) => last.abs_diff(seconds) <= SUSPICIOUS_STEP_S,
            None => true,
        }
    }

    /// Whether the head at `at` could be a record's, close in time to `seconds`. The end of the file will do as well.
    fn is_record_or_end(&mut self, at: usize, seconds: u32) -> Result<bool, Failure> {
        if !self.window.fill(at + RECORD_HEAD)? {
            return Ok(self.window.bytes().len() == at);
        }
        Ok(self.head_at(at).is_some_and(|h| {
            h.fraction < self.fraction_limit()
                && h.captured <= MAX_PACKET
                && h.seconds.abs_diff(seconds) <= SUSPICIOUS_STEP_S
        }))
    }

    /// A record with a strange time. `true`: take it as it is.
    #[cold]
    fn judge(&mut self, head: Head) -> Result<Judgement, Failure> {
        let next = RECORD_HEAD + head.captured as usize;
        if head.captured > MAX_PACKET {
            return Ok(Judgement::Lost);
        }
        if head.fraction < self.fraction_limit() && self.is_record_or_end(next, head.seconds)? {
            return Ok(Judgement::Good);
        }
        let near = self.last_s.unwrap_or(head.seconds);
        Ok(if self.is_record_or_end(next, near)? { Judgement::BadTime } else { Judgement::Lost })
    }

    /// From a place that is no record to the next that is one, byte by byte.
    #[cold]
    fn resynchronise(&mut self, kind: DamageKind) -> Result<(), Failure> {
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
        let detail = if found {
            format!("{} bytes passed over to the next whole record", self.window.offset() - from)
        } else {
            while self.window.fill(1)? {
                let all = self.window.bytes().len();
                self.window.consume(all);
            }
            "no whole record behind it".to_owned()
        };
        self.ready = Ready::Damage(lost_frame(kind, from, detail));
        Ok(())
    }
}

enum Judgement {
    Good,
    BadTime,
    Lost,
}

impl Reader for Pcap {
    #[inline]
    fn advance(&mut self, _: &mut Sensors) -> Result<Option<Key>, Failure> {
        loop {
            let offset = self.window.offset();
            if !self.window.fill(RECORD_HEAD)? {
                let left = self.window.bytes().len();
                if left == 0 {
                    return Ok(None);
                }
                self.window.consume(left);
                let damage = lost_frame(DamageKind::Truncated, offset, "cut off in a record's head");
                self.ready = Ready::Damage(damage);
                return Ok(Some(Key::Aside));
            }
            let Some(head) = self.head_at(0) else { return Ok(None) };
            if head.captured > MAX_PACKET
                || head.fraction >= self.fraction_limit()
                || !self.is_near(head.seconds)
            {
                match self.judge(head)? {
                    Judgement::Good => {}
                    Judgement::BadTime => {
                        self.window.consume(RECORD_HEAD + head.captured as usize);
                        let damage = lost_frame(DamageKind::BadTime, offset, "a time that cannot be");
                        self.ready = Ready::Damage(damage);
                        return Ok(Some(Key::Aside));
                    }
                    Judgement::Lost => {
                        self.resynchronise(DamageKind::ImpossibleLength)?;
                        return Ok(Some(Key::Aside));
                    }
                }
            }
            let len = head.captured as usize;
            if !self.window.fill(RECORD_HEAD + len)? {
                self.resynchronise(DamageKind::Truncated)?;
                return Ok(Some(Key::Aside));
            }
            self.last_s = Some(head.seconds);
            let at = self.window.consume(RECORD_HEAD + len) + RECORD_HEAD;
            let packet = self.window.slice(at, len);
            let fraction = if self.nanoseconds { head.fraction / 1000 } else { head.fraction };
            let time_us = i64::from(head.seconds) * 1_000_000 + i64::from(fraction);
            match link::read(self.link, packet, &mut self.scratch) {
                Reading::Frame(packet) => {
                    let sensor = self.sensor;
                    self.ready =
                        Ready::Frame(ReadyFrame { time_us, offset, packet, sensor, at, len });
                    return Ok(Some(Key::Frame { time_us, sensor }));
                }
                Reading::NoFrame => {}
                Reading::Damaged(kind, detail) => {
                    self.ready = Ready::Damage(lost_frame(kind, offset, detail));
                    return Ok(Some(Key::Aside));
                }
            }
        }
    }

    #[inline]
    fn event(&self) -> Event<'_> {
        self.ready.event(&self.window, &self.scratch)
    }

    fn position(&self) -> u64 {
        self.window.offset()
    }
}
