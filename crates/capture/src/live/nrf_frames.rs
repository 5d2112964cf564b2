//! What an nRF Sniffer sends over its serial port: SLIP frames, and the events in them.
//!
//! Frames begin with 0xAB, end with 0xBC, and stand 0xCD in front of a byte that would mean one of these, which is then one
//! greater. Learnt from Nordic's published packet format and Wireshark's description of link type 272.

/// A frame that is longer is none: a head of 16 bytes and the longest PDU.
const MAX_FRAME: usize = 600;
const BEGIN: u8 = 0xAB;
const END: u8 = 0xBC;
const ESCAPE: u8 = 0xCD;

/// Kinds of packets of the protocol.
pub(crate) mod kind {
    pub(crate) const ADVERTISING: u8 = 0x02;
    pub(crate) const PACKET: u8 = 0x06;
    pub(crate) const SCAN: u8 = 0x07;
    pub(crate) const PING: u8 = 0x0D;
    pub(crate) const PONG: u8 = 0x0E;
    pub(crate) const CHANNELS: u8 = 0x17;
    pub(crate) const ASK_VERSION: u8 = 0x1B;
    pub(crate) const VERSION: u8 = 0x1C;
    pub(crate) const IDLE: u8 = 0xFE;
}

/// Frames out of a stream.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    /// Of the frame that has begun.
    begun: Option<Vec<u8>>,
    /// As it came, escapes and begin included, bytes.
    raw: u64,
    escaped: bool,
    /// Bytes that were in no whole frame, since this was last taken.
    pub(crate) passed_over: u64,
}

impl Frames {
    /// Takes a byte; a whole frame's content with its last.
    pub(crate) fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        let Some(begun) = &mut self.begun else {
            if byte == BEGIN {
                self.begun = Some(Vec::new());
                self.raw = 1;
            } else {
                self.passed_over += 1;
            }
            return None;
        };
        if byte == BEGIN {
            // The one before was cut.
            self.passed_over += self.raw;
            self.raw = 1;
            begun.clear();
            self.escaped = false;
            return None;
        }
        self.raw += 1;
        if byte == END && !self.escaped {
            return self.begun.take();
        }
        let content = match (std::mem::take(&mut self.escaped), byte) {
            (false, ESCAPE) => {
                self.escaped = true;
                return None;
            }
            (false, byte) => Some(byte),
            (true, escaped) => [BEGIN, END, ESCAPE]
                .into_iter()
                .find(|special| special + 1 == escaped),
        };
        match content {
            Some(content) if begun.len() < MAX_FRAME => begun.push(content),
            _ => {
                self.passed_over += self.raw;
                self.begun = None;
            }
        }
        None
    }
}

/// What a frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Packets of the protocol count up, modulo 65536.
    pub(crate) number: u16,
    pub(crate) what: What,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A received packet.
    Packet(Received),
    /// It is there.
    Pong,
    /// Its firmware, in words.
    Version(String),
    /// Anything else.
    Other,
}

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// The device's counter, µs; versions of the protocol before the third give none.
    pub(crate) counter_us: Option<u32>,
    /// dBm.
    pub(crate) rssi: Option<i8>,
    /// Channel index 0 to 39.
    pub(crate) channel: u8,
    pub(crate) crc_valid: bool,
    /// From access address to CRC, without coding indicator.
    pub(crate) bytes: Vec<u8>,
}

/// Reads a frame.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn event(frame: &[u8]) -> Result<Event, &'static str> {
    let (head, payload) = frame.split_first_chunk::<6>().ok_or("a frame too short")?;
    let [first, second, version, n0, n1, kind] = *head;
    let stated = match version {
        1 => usize::from(second),
        2 | 3 => usize::from(u16::from_le_bytes([first, second])),
        _ => return Err("a frame of an unknown version of the protocol"),
    };
    if stated != payload.len() {
        return Err("a frame of another length than it states");
    }
    let what = match kind {
        kind::ADVERTISING => What::Packet(packet(payload, version)?),
        // From the third version on these are of connections, which are not followed.
        kind::PACKET if version < 3 => What::Packet(packet(payload, version)?),
        kind::PONG => What::Pong,
        kind::VERSION => What::Version(
            payload
                .iter()
                .filter(|b| b.is_ascii_graphic() || **b == b' ')
                .map(|&b| char::from(b))
                .collect(),
        ),
        _ => What::Other,
    };
    let number = u16::from_le_bytes([n0, n1]);
    Ok(Event { number, what })
}

fn packet(payload: &[u8], version: u8) -> Result<Received, &'static str> {
    let (head, air) = payload
        .split_first_chunk::<10>()
        .ok_or("a packet without a head")?;
    let [length, flags, channel, level, _, _, t0, t1, t2, t3] = *head;
    if length != 10 {
        return Err("a packet with a head of another length");
    }
    if channel > 39 {
        return Err("a packet on a channel that is none");
    }
    // Behind the header the radio puts a byte that was not on the air; in front of it, on the coded PHY, is the coding indicator.
    let coded = version > 1 && (flags >> 4) & 7 == 2;
    let access_end = 4;
    let header = access_end + usize::from(coded);
    let parts = (
        air.get(..access_end),
        air.get(header..header + 2),
        air.get(header + 3..),
    );
    let (Some(access), Some(header), Some(rest)) = parts else {
        return Err("a packet too short");
    };
    Ok(Received {
        counter_us: (version > 2).then_some(u32::from_le_bytes([t0, t1, t2, t3])),
        rssi: i8::try_from(-i16::from(level)).ok().filter(|&r| r != 0),
        channel,
        crc_valid: flags & 1 == 1,
        bytes: [access, header, rest].concat(),
    })
}

/// A command as a frame.
pub(crate) fn command(number: u16, kind: u8, payload: &[u8]) -> Vec<u8> {
    let [n0, n1] = number.to_le_bytes();
    let head = [6, payload.len() as u8, 1, n0, n1, kind];
    framed(&[&head, payload].concat())
}

/// With begin, end and escapes.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    let mut frame = vec![BEGIN];
    for &byte in content {
        if matches!(byte, BEGIN | END | ESCAPE) {
            frame.extend([ESCAPE, byte + 1]);
        } else {
            frame.push(byte);
        }
    }
    frame.push(END);
    frame
}

/// For the fuzz target: any bytes as a stream, and as one frame.
pub(crate) fn fuzz(bytes: &[u8]) {
    let mut frames = Frames::default();
    let mut out = 0;
    for &byte in bytes {
        if let Some(frame) = frames.take(byte) {
            out += frame.len();
            let _ = std::hint::black_box(event(&frame));
        }
    }
    assert!(out + frames.passed_over as usize <= bytes.len());
    let _ = std::hint::black_box(event(bytes));
    let short = bytes.get(..bytes.len().min(MAX_FRAME)).unwrap_or_default();
    let mut frames = Frames::default();
    let read = framed(short).into_iter().find_map(|b| frames.take(b));
    assert_eq!(read.as_deref(), Some(short));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(stream: &[u8]) -> (Vec<Vec<u8>>, u64) {
        let mut frames = Frames::default();
        let got = stream.iter().filter_map(|&b| frames.take(b)).collect();
        (got, frames.passed_over)
    }

    #[test]
    fn frames_are_cut_out_and_garbage_is_counted() {
        let content = [1, BEGIN, END, ESCAPE, 9];
        let frame = framed(&content);
        assert_eq!(
            frame,
            [BEGIN, 1, ESCAPE, 0xAC, ESCAPE, 0xBD, ESCAPE, 0xCE, 9, END]
        );
        let stream = [&[7, 7][..], &frame, &[BEGIN, 5], &frame, &[END]].concat();
        let (got, passed_over) = through(&stream);
        assert_eq!(got, [content, content]);
        // Two in front, the cut frame of two, the stray end.
        assert_eq!(passed_over, 5);
        // An escape of nothing that is escaped.
        assert_eq!(through(&[BEGIN, 1, ESCAPE, 1, END]), (vec![], 5));
    }

    #[test]
    fn a_packet_is_read_in_every_version() {
        let air = [0xD6, 0xBE, 0x89, 0x8E, 0x42, 2, 0xEE, 1, 2, 7, 8, 9];
        for version in 1..=3_u8 {
            let head = [10, 1, 37, 61, 0, 0, 1, 0, 0, 0];
            let payload = [&head[..], &air].concat();
            let length = payload.len() as u8;
            let lengths = if version == 1 {
                [6, length]
            } else {
                [length, 0]
            };
            let frame = [&lengths[..], &[version, 5, 1, 0x02], &payload].concat();
            let read = event(&frame).unwrap();
            assert_eq!(read.number, 261);
            let What::Packet(read) = read.what else {
                panic!("no packet");
            };
            assert_eq!(read.bytes, [0xD6, 0xBE, 0x89, 0x8E, 0x42, 2, 1, 2, 7, 8, 9]);
            assert_eq!((read.rssi, read.channel), (Some(-61), 37));
            assert!(read.crc_valid);
            assert_eq!(read.counter_us, (version == 3).then_some(1));
            assert!(event(&frame[..frame.len() - 1]).is_err());
        }
        assert!(event(&[0, 0, 4, 0, 0, 2]).is_err());
        assert!(event(&[]).is_err());
    }

    #[test]
    fn the_coding_indicator_is_taken_out() {
        let air = [0xD6, 0xBE, 0x89, 0x8E, 1, 0x42, 1, 0xEE, 1, 7, 8, 9];
        let head = [10, 0x21, 37, 61, 0, 0, 1, 0, 0, 0];
        let frame = [&[22, 0, 3, 0, 0, 2][..], &head, &air].concat();
        let What::Packet(read) = event(&frame).unwrap().what else {
            panic!("no packet");
        };
        assert_eq!(read.bytes, [0xD6, 0xBE, 0x89, 0x8E, 0x42, 1, 1, 7, 8, 9]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            bytes in proptest::collection::vec(
                proptest::sample::select(vec![BEGIN, END, ESCAPE, 0xAC, 0xBD, 0xCE, 0, 1, 3, 10, 0xFF]),
                0..1500,
            ),
        ) {
            fuzz(&bytes);
        }

        #[test]
        fn no_packet_is_too_strange(
            payload in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
            version in 0_u8..5,
            flags: u8,
        ) {
            let [low, high] = (payload.len() as u16 + 2).to_le_bytes();
            let head = [low, high, version, 0, 0, kind::ADVERTISING, 10, flags];
            fuzz(&[&head[..], &payload].concat());
        }
    }
}
