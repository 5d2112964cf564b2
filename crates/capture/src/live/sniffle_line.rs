//! Lines of a Sniffle sniffer's serial protocol, cut out of a stream of bytes, and read.
//!
//! A line is base64 and CR LF. Byte 0 is the number of three-byte words, byte 1 the kind, the rest its body; numbers are little
//! endian. Learnt from the documentation and the published behaviour of Sniffle (NCC Group), firmware 1.10 and later.

use vigie_decode::{ADVERTISING_CRC_INIT, crc24};

/// A line that is longer is none: 255 words are 1020 characters.
const MAX_LINE: usize = 1100;
/// Access address of advertising, as sent (Core Specification Vol 6 Part B 2.1.2).
pub(crate) const ADVERTISING_ACCESS: [u8; 4] = [0xD6, 0xBE, 0x89, 0x8E];

/// Lines out of a stream.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    start: usize,
}

impl Lines {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole line without its end; an error for bytes without an end, which are passed over.
    pub(crate) fn next(&mut self) -> Option<Result<Vec<u8>, &'static str>> {
        loop {
            let rest = self.bytes.get(self.start..)?;
            let Some(end) = rest.iter().position(|&b| b == b'\n') else {
                if rest.len() <= MAX_LINE {
                    return None;
                }
                self.start = self.bytes.len();
                return Some(Err("a line without an end"));
            };
            self.start += end + 1;
            let line = rest.get(..end)?.trim_ascii();
            if !line.is_empty() {
                return Some(Ok(line.to_vec()));
            }
        }
    }
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// A received packet.
    Packet(Received),
    /// Answer to a marker, with what was sent in it.
    Marker(Vec<u8>),
    /// Firmware version: major, minor, revision.
    Version(u8, u8, u8),
    /// Anything else: debug texts, states, measurements.
    Other,
}

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// The device's counter, µs.
    pub(crate) counter_us: u32,
    /// dBm.
    pub(crate) rssi: i8,
    /// Channel index 0 to 39.
    pub(crate) channel: u8,
    pub(crate) crc_valid: bool,
    /// The PDU: header and payload.
    pub(crate) pdu: Vec<u8>,
}

impl Received {
    /// As it was on the air: access address, PDU, CRC. Of a wrong CRC the sniffer says that it was wrong, not what it was;
    /// here it is the right one with every bit turned, which nobody takes for right.
    pub(crate) fn on_air(&self) -> Vec<u8> {
        let crc = crc24(ADVERTISING_CRC_INIT, &self.pdu);
        let [a, b, c, _] = if self.crc_valid { crc } else { !crc }.to_le_bytes();
        [&ADVERTISING_ACCESS[..], &self.pdu, &[a, b, c]].concat()
    }
}

/// Reads a line.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn message(line: &[u8]) -> Result<Message, &'static str> {
    let bytes = base64(line).ok_or("a line that is no base64")?;
    let [words, kind, body @ ..] = &bytes[..] else {
        return Err("a line too short");
    };
    if line.len() != 4 * usize::from(*words) {
        return Err("a line of another length than it states");
    }
    match (kind, body) {
        (0x10, _) => packet(body).map(Message::Packet),
        (0x12, [_, _, _, _, sent @ ..]) => Ok(Message::Marker(sent.to_vec())),
        (0x14, [_, 5, major, minor, revision, ..]) => {
            Ok(Message::Version(*major, *minor, *revision))
        }
        (0x11..=0x14, _) => Ok(Message::Other),
        _ => Err("a line of an unknown kind"),
    }
}

fn packet(body: &[u8]) -> Result<Received, &'static str> {
    let (head, pdu) = body
        .split_first_chunk::<10>()
        .ok_or("a packet without a head")?;
    let [t0, t1, t2, t3, l0, l1, _, _, level, channel] = *head;
    // Bit 15 is the direction within a connection, bit 14 says that the CRC is wrong.
    let length = u16::from_le_bytes([l0, l1]);
    if usize::from(length & 0x3FFF) != pdu.len() {
        return Err("a packet of another length than it states");
    }
    if channel & 0x3F > 39 {
        return Err("a packet on a channel that is none");
    }
    Ok(Received {
        counter_us: u32::from_le_bytes([t0, t1, t2, t3]),
        rssi: level.cast_signed(),
        channel: channel & 0x3F,
        crc_valid: length & 0x4000 == 0,
        pdu: pdu.to_vec(),
    })
}

/// A command as a line: its first byte is the kind.
pub(crate) fn command(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let words = (bytes.len() + 1).div_ceil(3) as u8;
    let all: Vec<u8> = std::iter::once(words)
        .chain(bytes.iter().copied())
        .collect();
    let mut line = Vec::with_capacity(4 * usize::from(words) + 2);
    for word in all.chunks(3) {
        let three = [0, 1, 2].map(|i| u32::from(word.get(i).copied().unwrap_or(0)));
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for (i, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS[(bits >> shift & 63) as usize];
            line.push(if i <= word.len() { letter } else { b'=' });
        }
    }
    line.extend_from_slice(b"\r\n");
    line
}

fn base64(line: &[u8]) -> Option<Vec<u8>> {
    let (words, []) = line.as_chunks::<4>() else {
        return None;
    };
    let value = |letter: u8| {
        Some(u32::from(match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }))
    };
    let mut bytes = Vec::with_capacity(3 * words.len());
    for (i, &[a, b, c, d]) in words.iter().enumerate() {
        let kept = match (c, d) {
            (b'=', b'=') => 1,
            (_, b'=') => 2,
            _ => 3,
        };
        if kept < 3 && i + 1 < words.len() {
            return None;
        }
        let c = if kept > 1 { value(c)? } else { 0 };
        let d = if kept > 2 { value(d)? } else { 0 };
        let bits = value(a)? << 18 | value(b)? << 12 | c << 6 | d;
        let [_, x, y, z] = bits.to_be_bytes();
        bytes.extend([x, y, z].into_iter().take(kept));
    }
    Some(bytes)
}

/// For the fuzz target: any bytes, in pieces, and as one line.
pub(crate) fn fuzz(bytes: &[u8]) {
    let mut lines = Lines::default();
    for piece in bytes.chunks(7) {
        lines.take(piece);
        while let Some(line) = lines.next() {
            if let Ok(Ok(Message::Packet(packet))) = line.map(|line| message(&line)) {
                std::hint::black_box(packet.on_air());
            }
        }
    }
    // What is written is read back.
    let short = bytes.get(..bytes.len().min(300)).unwrap_or_default();
    let line = command(short);
    let decoded = base64(line.trim_ascii()).unwrap_or_default();
    assert_eq!(decoded.get(1..).unwrap_or_default(), short);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet_line(crc_wrong: bool, pdu: &[u8]) -> Vec<u8> {
        let length = pdu.len() as u16 | if crc_wrong { 0x4000 } else { 0 };
        let mut bytes = vec![0x10];
        bytes.extend(1_000_000_u32.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend([0, 0, (-60_i8).cast_unsigned(), 38]);
        bytes.extend(pdu);
        command(&bytes)
    }

    #[test]
    fn commands_are_the_published_lines() {
        // Worked by hand: 01 24 -> "ASQ=", 02 12 80 -> "AhKA" with another word stated.
        assert_eq!(command(&[0x24]), b"ASQ=\r\n");
        assert_eq!(command(&[0x12, 0x80]), b"ARKA\r\n");
        assert_eq!(command(&[0x15, 0x00, 1]), b"AhUAAQ==\r\n");
    }

    #[test]
    fn a_packet_is_read() {
        let pdu = [0x42, 6, 1, 2, 3, 4, 5, 0xC6];
        let line = packet_line(false, &pdu);
        let Message::Packet(read) = message(line.trim_ascii()).unwrap() else {
            panic!("no packet");
        };
        assert_eq!(
            (read.counter_us, read.rssi, read.channel),
            (1_000_000, -60, 38)
        );
        let air = read.on_air();
        assert_eq!(air[..4], [0xD6, 0xBE, 0x89, 0x8E]);
        assert_eq!(air[4..12], pdu);
        let wrong = packet_line(true, &pdu);
        let Message::Packet(read) = message(wrong.trim_ascii()).unwrap() else {
            panic!("no packet");
        };
        assert!(!read.crc_valid);
        assert!(
            read.on_air()[12..]
                .iter()
                .zip(&air[12..])
                .all(|(a, b)| *a == !*b)
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for line in [
            &b"A"[..],
            b"AAA=",
            b"ASQ",
            b"A?Q=",
            b"ASQ=ASQ=",
            b"AgB/",
            b"AQB/",
            b"ARA=",
            &packet_line(false, &[1; 20]).trim_ascii()[..28],
        ] {
            assert!(message(line).is_err(), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn lines_are_cut_out_of_pieces() {
        let stream = b"ASQ=\r\n\r\nXX\r\nARKA\r\nAS";
        for size in 1..stream.len() {
            let (mut lines, mut got) = (Lines::default(), Vec::new());
            for piece in stream.chunks(size) {
                lines.take(piece);
                got.extend(std::iter::from_fn(|| lines.next()).flatten());
            }
            assert_eq!(got, [&b"ASQ="[..], b"XX", b"ARKA"]);
        }
        let mut lines = Lines::default();
        lines.take(&[b'A'; MAX_LINE + 1]);
        assert!(lines.next().unwrap().is_err());
        assert_eq!(lines.next(), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..1500)) {
            fuzz(&bytes);
        }

        #[test]
        fn no_line_is_too_strange(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), packet: bool) {
            let mut bytes = bytes;
            if packet && let Some(kind) = bytes.first_mut() {
                *kind = 0x10;
            }
            fuzz(&command(&bytes));
        }
    }
}
