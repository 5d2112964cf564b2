//! Link-layer advertising packets as link type 256 stores them.

use super::CrcFlag;
use crate::generate::crowd::Address;

/// Access address of the primary advertising channels (Core Specification Vol 6 Part B 2.1.2),
/// in the order on air.
const ADVERTISING_ACCESS_ADDRESS: [u8; 4] = [0xD6, 0xBE, 0x89, 0x8E];

/// Bytes that link type 256 puts before the packet.
pub const PSEUDO_HEADER: usize = 10;

/// A PDU of type ADV_IND (connectable) or ADV_NONCONN_IND, header included.
pub fn pdu(address: &Address, connectable: bool, payload: &[u8]) -> Vec<u8> {
    let payload = payload.get(..31).unwrap_or(payload);
    let kind: u8 = if connectable { 0x0 } else { 0x2 };
    let tx_add = if address.random { 0x40 } else { 0x00 };
    let mut out = Vec::with_capacity(2 + 6 + payload.len());
    out.push(kind | tx_add);
    out.push(6 + payload.len() as u8);
    out.extend(address.octets.iter().rev());
    out.extend(payload);
    out
}

/// Pseudo-header, access address, PDU, CRC (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR).
pub fn packet(pdu: &[u8], channel: u8, rssi: i8, crc: CrcFlag) -> Vec<u8> {
    let mut out = Vec::with_capacity(PSEUDO_HEADER + 4 + pdu.len() + 3);
    out.extend(pseudo_header(channel, rssi, crc));
    out.extend(ADVERTISING_ACCESS_ADDRESS);
    out.extend(pdu);
    out.extend(crc24(pdu));
    out
}

/// RF channel, levels, access-address offences, reference access address, flags.
pub fn pseudo_header(channel: u8, rssi: i8, crc: CrcFlag) -> [u8; PSEUDO_HEADER] {
    // Channels are numbered by frequency there: 2402 MHz is 0, 2426 is 12, 2480 is 39.
    let rf = match channel {
        37 => 0,
        38 => 12,
        39 => 39,
        data @ 0..=10 => data + 1,
        data => data + 2,
    };
    // Dewhitened, signal level valid, reference access address valid; CRC checked and valid.
    let flags: u16 = 0x0001 | 0x0002 | 0x0010 | if crc == CrcFlag::Checked { 0x0C00 } else { 0 };
    let [aa0, aa1, aa2, aa3] = ADVERTISING_ACCESS_ADDRESS;
    let [f0, f1] = flags.to_le_bytes();
    [rf, rssi as u8, 0x80, 0, aa0, aa1, aa2, aa3, f0, f1]
}

/// CRC of an advertising PDU (Core Specification Vol 6 Part B 3.1.1: polynomial
/// x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1, initial value 0x555555), in the order on air.
pub fn crc24(pdu: &[u8]) -> [u8; 3] {
    // Bits reversed, so that the register shifts as the bits are sent.
    let mut state: u32 = 0xAA_AAAA;
    for &byte in pdu {
        let index = ((state ^ u32::from(byte)) & 0xFF) as usize;
        state = (state >> 8) ^ TABLE.get(index).copied().unwrap_or(0);
    }
    let [a, b, c, _] = state.to_le_bytes();
    [a, b, c]
}

static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut state = i as u32;
        let mut bit = 0;
        while bit < 8 {
            state = if state & 1 == 1 {
                (state >> 1) ^ 0xDA_6000
            } else {
                state >> 1
            };
            bit += 1;
        }
        table[i] = state;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, bit by bit: a register shifted towards its top, taps at the polynomial.
    fn by_definition(pdu: &[u8]) -> [u8; 3] {
        let mut register: u32 = 0x55_5555;
        for &byte in pdu {
            for bit in 0..8 {
                let feedback = (register >> 23 & 1) ^ u32::from(byte >> bit & 1);
                register = (register << 1) & 0xFF_FFFF;
                if feedback == 1 {
                    register ^= 0x65B;
                }
            }
        }
        // Sent from the top bit on, and each byte on air begins with its lowest bit.
        let sent = register.reverse_bits() >> 8;
        let [a, b, c, _] = sent.to_le_bytes();
        [a, b, c]
    }

    #[test]
    fn crc_equals_the_definition() {
        let pdus: [&[u8]; 3] = [&[], &[0x42, 0x06, 1, 2, 3, 4, 5, 6], &[0xFF; 39]];
        for pdu in pdus {
            assert_eq!(crc24(pdu), by_definition(pdu));
        }
    }

    #[test]
    fn header_says_type_and_length() {
        let address = Address {
            octets: [0xC1, 2, 3, 4, 5, 6],
            random: true,
        };
        let p = pdu(&address, false, &[2, 1, 6]);
        assert_eq!(p, [0x42, 9, 6, 5, 4, 3, 2, 0xC1, 2, 1, 6]);
        assert_eq!(
            pdu(
                &Address {
                    random: false,
                    ..address
                },
                true,
                &[]
            )[0],
            0x00
        );
        let whole = packet(&p, 38, -60, CrcFlag::Checked);
        assert_eq!(
            (whole.len(), whole[0], whole[1] as i8),
            (10 + 4 + 11 + 3, 12, -60)
        );
    }
}
