//! The packed snoop log in the text of an Android bug report (`btsnooz`, Android 5 and later: Base64 of a head and of
//! zlib-packed records). It is unpacked to btsnoop with H4, as Android's own script does.

use std::io::Read;

use flate2::read::ZlibDecoder;

pub(crate) const BEGIN: &[u8] = b"--- BEGIN:BTSNOOP_LOG_SUMMARY";
const END: &[u8] = b"--- END:BTSNOOP_LOG_SUMMARY";
/// Microseconds from year 0 to 1970, where btsnoop counts from.
const BTSNOOP_EPOCH_US: u64 = 0x00DC_DDB3_0F2F_8000;

/// Where and why unpacking failed.
type Broken = (u64, String);

/// Finds and unpacks the section; `None` where there is none.
pub(crate) fn unpack(text: &[u8], limit: u64) -> Option<Result<Vec<u8>, Broken>> {
    let begin = find(text, BEGIN)?;
    let body = text.get(begin..)?;
    let body = body.get(body.iter().position(|&b| b == b'\n')?..)?;
    let body = body.get(..find(body, END).unwrap_or(body.len()))?;
    Some(records(body, limit).map_err(|what| (begin as u64, what.to_owned())))
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|w| w == needle)
}

fn records(base64: &[u8], limit: u64) -> Result<Vec<u8>, &'static str> {
    let packed = decode_base64(base64);
    // Version, and time of the last record in microseconds.
    let (head, zlib) = packed
        .split_first_chunk::<9>()
        .ok_or("the packed snoop log is cut off")?;
    let (&version, time) = head
        .split_first()
        .ok_or("the packed snoop log is cut off")?;
    if version != 1 && version != 2 {
        return Err("the packed snoop log has an unknown version");
    }
    let last_us = u64::from_le_bytes(<[u8; 8]>::try_from(time).unwrap_or_default());
    let mut bytes = Vec::new();
    // What was unpacked before an error is kept.
    let _ = ZlibDecoder::new(zlib).take(limit).read_to_end(&mut bytes);
    if bytes.is_empty() {
        return Err("the packed snoop log does not unpack");
    }
    let mut total_us = 0u64;
    for record in Records::new(&bytes, version) {
        total_us = total_us.saturating_add(u64::from(record.delta_us));
    }
    let mut now_us = last_us
        .wrapping_add(BTSNOOP_EPOCH_US)
        .wrapping_sub(total_us);
    let mut out = b"btsnoop\0\0\0\0\x01\0\0\x03\xEA".to_vec();
    for record in Records::new(&bytes, version) {
        now_us = now_us.wrapping_add(u64::from(record.delta_us));
        // Type 0x10 event, 0x11 ACL in, 0x12 SCO in, 0x20 command, 0x21 ACL out, 0x22 SCO out.
        let (indicator, flags) = match record.kind {
            0x10 => (0x04, 3u32),
            0x11 => (0x02, 1),
            0x12 => (0x03, 1),
            0x20 => (0x01, 2),
            0x21 => (0x02, 0),
            0x22 => (0x03, 0),
            _ => continue,
        };
        let kept = record.data.len() as u32 + 1;
        out.extend_from_slice(&record.original.max(kept).to_be_bytes());
        out.extend_from_slice(&kept.to_be_bytes());
        out.extend_from_slice(&flags.to_be_bytes());
        out.extend_from_slice(&0u32.to_be_bytes());
        out.extend_from_slice(&now_us.to_be_bytes());
        out.push(indicator);
        out.extend_from_slice(record.data);
    }
    Ok(out)
}

struct Records<'a> {
    rest: &'a [u8],
    version: u8,
}

struct Record<'a> {
    original: u32,
    delta_us: u32,
    kind: u8,
    data: &'a [u8],
}

impl<'a> Records<'a> {
    const fn new(rest: &'a [u8], version: u8) -> Self {
        Self { rest, version }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        // Version 1: length, time, type; version 2 has the original length after the first. Both lengths count the type.
        let (length, rest) = self.rest.split_first_chunk::<2>()?;
        let length = u16::from_le_bytes(*length);
        let (original, rest) = if self.version == 2 {
            let (original, rest) = rest.split_first_chunk::<2>()?;
            (u16::from_le_bytes(*original), rest)
        } else {
            (length, rest)
        };
        let (delta, rest) = rest.split_first_chunk::<4>()?;
        let (&kind, rest) = rest.split_first()?;
        let (data, rest) = rest.split_at_checked(usize::from(length).checked_sub(1)?)?;
        self.rest = rest;
        let delta_us = u32::from_le_bytes(*delta);
        Some(Record {
            original: u32::from(original),
            delta_us,
            kind,
            data,
        })
    }
}

/// Standard alphabet; anything else, line ends included, is passed over.
fn decode_base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0u8);
    for &b in text {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        // RFC 4648 section 10.
        assert_eq!(decode_base64(b"Zm9vYmFy"), b"foobar");
        assert_eq!(decode_base64(b"Zm9v\nYmE="), b"fooba");
        assert_eq!(decode_base64(b"Zg=="), b"f");
    }
}
