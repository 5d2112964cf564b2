//! What sniffers send over a serial port, by their documented protocols and by no code of ours.

/// Of base64.
pub const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As a line of Sniffle: the number of words, the rest, padded.
pub fn line(rest: &[u8]) -> Vec<u8> {
    let mut bits = String::new();
    let words = (rest.len() + 1).div_ceil(3);
    for byte in [&[words as u8], rest].concat() {
        bits += &format!("{byte:08b}");
    }
    let mut line = Vec::new();
    for six in bits.as_bytes().chunks(6) {
        let six = format!("{:0<6}", std::str::from_utf8(six).unwrap());
        line.push(LETTERS[usize::from_str_radix(&six, 2).unwrap()]);
    }
    line.resize(4 * words, b'=');
    line.extend(b"\r\n");
    line
}

/// SLIP as Nordic does it.
pub fn slip(content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xAB];
    for &byte in content {
        match byte {
            0xAB => frame.extend([0xCD, 0xAC]),
            0xBC => frame.extend([0xCD, 0xBD]),
            0xCD => frame.extend([0xCD, 0xCE]),
            other => frame.push(other),
        }
    }
    frame.push(0xBC);
    frame
}

/// What a Sniffle sniffer sends: version, marker, a packet, one with a wrong CRC, something else.
pub fn sniffle(pdu: &[u8]) -> Vec<u8> {
    let packet = |flags: u16, channel: u8| {
        let mut body = vec![0x10, 0x40, 0x42, 0x0F, 0];
        body.extend((pdu.len() as u16 | flags).to_le_bytes());
        body.extend([0, 0, (-63_i8) as u8, channel]);
        body.extend(pdu);
        line(&body)
    };
    [
        line(&[0x14, 5, 5, 1, 10, 0, 1]),
        line(&[0x12, 1, 0, 0, 0, 1, 2, 3, 4]),
        packet(0, 37),
        packet(0x4000, 38),
        line(b"\x11text"),
        b"!!not base64!!\r\n".to_vec(),
    ]
    .concat()
}

/// What an nRF Sniffer sends: its answers, a packet in each version of the protocol, one of the coded PHY, and a stray byte.
pub fn nrf(pdu: &[u8]) -> Vec<u8> {
    let packet = |version: u8, flags: u8| {
        let mut payload = vec![10, flags, 37, 63, 0, 0, 1, 2, 3, 4, 0xD6, 0xBE, 0x89, 0x8E];
        if flags >> 4 == 2 {
            payload.push(0);
        }
        payload.extend(&pdu[..2]);
        payload.push(0);
        payload.extend(&pdu[2..]);
        payload.extend([0xAB, 0xBC, 0xCD]);
        let length = payload.len() as u8;
        let lengths = if version == 1 {
            [6, length]
        } else {
            [length, 0]
        };
        slip(&[&lengths[..], &[version, 7, 0, 2], &payload].concat())
    };
    [
        slip(&[5, 0, 3, 1, 0, 0x1C, b'4', b'.', b'1', b'.', b'1']),
        slip(&[0, 0, 3, 2, 0, 0x0E]),
        packet(1, 1),
        packet(2, 0),
        packet(3, 0x21),
        vec![9],
        packet(3, 1),
    ]
    .concat()
}
