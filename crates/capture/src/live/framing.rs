//! Events cut out of a stream of H4 bytes (Core Specification Vol 4 Part A section 2), also after bytes were lost.

use crate::live::scanning;

/// Packets out of a stream of bytes.
///
/// Only events are packets here: data belong to connections, and none is ever made. A byte that was lost could otherwise turn a
/// report into data of 64 KiB that swallow every report behind it.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    bytes: Vec<u8>,
    start: usize,
    /// When the latest bytes came, µs since 1970.
    read_us: i64,
    /// Bytes passed over because they begin no packet, since this was last taken.
    passed_over: u64,
    /// Where packets begin is not known: only what proves itself is one.
    astray: bool,
}

impl Framing {
    /// Takes bytes that came at this time of the run, µs.
    pub(crate) fn take(&mut self, bytes: &[u8], now_us: i64) {
        self.read_us = now_us;
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) const fn read_us(&self) -> i64 {
        self.read_us
    }

    pub(crate) const fn take_passed_over(&mut self) -> u64 {
        std::mem::replace(&mut self.passed_over, 0)
    }

    /// The next whole event with its indicator. What begins none is passed over byte by byte.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let rest = self.bytes.get(self.start..)?;
            match First::of(rest, self.astray) {
                First::Incomplete => return None,
                First::Event(length) => {
                    let packet = rest.get(..length)?.to_vec();
                    self.start += length;
                    self.astray = false;
                    return Some(packet);
                }
                First::Nothing => {
                    self.astray = true;
                    self.start += 1;
                    self.passed_over += 1;
                }
            }
        }
    }
}

/// What bytes begin with.
enum First {
    /// An event of so many bytes.
    Event(usize),
    /// What comes next will tell.
    Incomplete,
    Nothing,
}

impl First {
    fn of(bytes: &[u8], astray: bool) -> Self {
        let [scanning::EVENT, _, length, ..] = bytes else {
            return match bytes {
                [] | [scanning::EVENT] | [scanning::EVENT, _] => Self::Incomplete,
                _ => Self::Nothing,
            };
        };
        let length = 3 + usize::from(*length);
        if astray && !scanning::begins_what_we_asked_for(bytes) {
            return Self::Nothing;
        }
        match (bytes.get(..length), bytes.get(length)) {
            (None, _) => Self::Incomplete,
            (Some(event), _) if scanning::adds_up(event) => Self::Event(length),
            (Some(_), _) if astray => Self::Nothing,
            // A broken report is for the decoder to judge, if the next event begins where it ends.
            (Some(_), Some(&scanning::EVENT)) => Self::Event(length),
            (Some(_), Some(_)) => Self::Nothing,
            (Some(_), None) => Self::Incomplete,
        }
    }
}

/// For the fuzz target: any bytes, in pieces, give packets and never more bytes than came.
pub(crate) fn fuzz(bytes: &[u8]) {
    let mut framing = Framing::default();
    let mut out = 0;
    for piece in bytes.chunks(7) {
        framing.take(piece, 0);
        while let Some(packet) = framing.next() {
            out += packet.len();
            std::hint::black_box(scanning::event(&packet));
        }
    }
    assert!(out + framing.passed_over as usize <= bytes.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A legacy report with this much payload.
    fn report(payload: usize) -> Vec<u8> {
        let mut event = vec![4, 0x3E, (12 + payload) as u8, 2, 1, 3, 1];
        event.extend_from_slice(&[1, 2, 3, 4, 5, 0xC6, payload as u8]);
        // As confusing as it can be: every byte may begin an event.
        event.extend(std::iter::repeat_n(4, payload));
        event.push(0xC0);
        event
    }

    fn packets(stream: &[u8], size: usize) -> (Vec<Vec<u8>>, u64) {
        let mut framing = Framing::default();
        let mut packets = Vec::new();
        for piece in stream.chunks(size) {
            framing.take(piece, 0);
            while let Some(packet) = framing.next() {
                packets.push(packet);
            }
        }
        (packets, framing.passed_over)
    }

    #[test]
    fn events_are_cut_out_of_pieces_and_garbage_is_counted() {
        let other = [4, 0x13, 1, 7];
        let stream = [&report(7)[..], &other, &[0xFF, 0xEE], &report(31)].concat();
        for size in 1..stream.len() {
            let expected = vec![report(7), other.to_vec(), report(31)];
            assert_eq!(packets(&stream, size), (expected, 2), "{size}");
        }
    }

    #[test]
    fn a_byte_lost_anywhere_costs_one_report_and_its_bytes_are_counted() {
        let whole = report(20);
        for lost in 0..whole.len() {
            let mut torn = whole.clone();
            torn.remove(lost);
            let after: Vec<u8> = (0..20).flat_map(|_| report(20)).collect();
            let stream = [&whole[..], &torn, &after].concat();
            let (packets, passed_over) = packets(&stream, 11);
            let good = packets.iter().filter(|p| **p == whole).count();
            assert!(good >= 20, "byte {lost}: {good}");
            let bytes: usize = packets.iter().map(Vec::len).sum();
            assert_eq!(
                bytes as u64 + passed_over,
                stream.len() as u64,
                "byte {lost}"
            );
        }
    }

    #[test]
    fn a_broken_report_between_whole_ones_is_handed_on() {
        let mut broken = report(20);
        broken[4] = 9;
        let stream = [report(3), broken.clone(), report(3)].concat();
        let expected = vec![report(3), broken, report(3)];
        assert_eq!(packets(&stream, 1000), (expected, 0));
    }
}
