//! Sniffers on a serial port: a pseudo-terminal at whose other end their documented protocols are spoken.
#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod live;
mod pseudo_terminal;
mod specimens;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use live::{Listening, conditions};
use pseudo_terminal::{Device, Port, folder};
use specimens::sniffers::{LETTERS, line, slip};
use vigie_capture::live::{Heard, Packet, Received, SteadyClock};
use vigie_decode::{ADVERTISING_CRC_INIT, Body, Condition, CrcCheck, Decoded, Decoder, crc24};

fn damage(all: &[Received]) -> usize {
    let is_damage = |r: &&Received| matches!(r.what, Heard::Damage(..));
    all.iter().filter(is_damage).count()
}

/// ADV_NONCONN_IND of a separated AirTag (synthetic), numbered in its payload.
fn pdu(number: u32) -> Vec<u8> {
    let mut pdu = vec![0x42, 37, 1, 2, 3, 4, 5, 0xC6];
    pdu.extend([0x1E, 0xFF, 0x4C, 0x00, 0x12, 0x19, 0x10]);
    pdu.extend(number.to_le_bytes());
    pdu.extend([0x5A; 18]);
    pdu.extend([1, 0]);
    assert_eq!(pdu.len(), 2 + 37);
    pdu
}

fn number(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes[4 + 15..4 + 19].try_into().unwrap()) as usize
}

/// When the device sent what, on the run's clock, µs; and which kinds of commands it was given.
#[derive(Default)]
struct Played {
    at_us: Vec<i64>,
    asked: BTreeSet<u8>,
    garbage: usize,
    wrong_crc: usize,
}

fn packets(all: &[Received]) -> Vec<(i64, &Packet)> {
    let packet = |r: &'_ Received| matches!(r.what, Heard::Packet(_));
    all.iter()
        .filter(|r| packet(r))
        .map(|r| match &r.what {
            Heard::Packet(packet) => (r.time_us, packet),
            _ => panic!("filtered"),
        })
        .collect()
}

/// Times follow the device's clock, whatever came in between: all are off by the same.
fn times_are_those_of_the_device(all: &[Received], played: &Played) {
    let off: Vec<i64> = packets(all)
        .iter()
        .map(|(time_us, packet)| {
            let Packet::LinkLayer { bytes, .. } = packet else {
                panic!("no link-layer packet");
            };
            time_us - played.at_us[number(bytes)]
        })
        .collect();
    // The smallest delay is found within the first half.
    let settled = &off[off.len() / 2..];
    let (least, most) = (settled.iter().min().unwrap(), settled.iter().max().unwrap());
    println!("{} packets, off by {least} to {most} us", off.len());
    assert!(*least >= 0);
    assert!(most - least < 5_000, "off by {least} to {most} us");
}

fn decoded(packet: &Packet) -> Option<Vec<u8>> {
    let frame = packet.frame(0, 0);
    assert!(matches!(frame.body, Body::LinkLayer { .. }));
    let mut payload = None;
    Decoder::new().decode(&frame, &mut |decoded| {
        if let Decoded::Advertisement(advertisement) = decoded {
            payload = Some(advertisement.payload.to_vec());
        }
    });
    payload
}

/// The content of a line, its first byte taken off.
fn content(line: &[u8]) -> Option<Vec<u8>> {
    let mut bits = String::new();
    for letter in line.iter().filter(|&&b| b != b'=') {
        bits += &format!("{:06b}", LETTERS.iter().position(|l| l == letter)?);
    }
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes
        .map(|eight| u8::from_str_radix(std::str::from_utf8(eight).unwrap(), 2).ok())
        .skip(1)
        .collect()
}

/// What a Sniffle sniffer does. Its counter wraps one second after it was plugged in.
fn sniffle(clock: SteadyClock, played: Arc<Mutex<Played>>) -> impl FnMut(&mut Port) + Send {
    let began_us = clock.now_us();
    let mut input: Vec<u8> = Vec::new();
    let (mut channel, mut listening, mut steps) = (0_u8, false, 0);
    move |port| {
        let mut played = played.lock().unwrap();
        let counter =
            |now_us: i64| (((1 << 30) - 1_000_000 + now_us - began_us) % (1 << 30)) as u32;
        input.extend(port.read());
        while let Some(end) = input.iter().position(|&b| b == b'\n') {
            let command: Vec<u8> = input.drain(..=end).collect();
            let Some(command) = content(command.trim_ascii()).filter(|c| !c.is_empty()) else {
                continue;
            };
            played.asked.insert(command[0]);
            match command[..] {
                [0x10, to, ..] => channel = to,
                [0x18, ref sent @ ..] => {
                    let now = counter(clock.now_us()).to_le_bytes();
                    // The end of something from before.
                    port.write(b"AAAA");
                    port.write(b"\r\n");
                    port.write(&line(&[&[0x12], &now[..], sent].concat()));
                    listening = true;
                }
                [0x24] => port.write(&line(&[0x14, 5, 5, 1, 10, 0, 1])),
                _ => {}
            }
        }
        if !listening {
            return;
        }
        steps += 1;
        if steps % 50 == 0 {
            played.garbage += 1;
            port.write(b"!!not base64!!\r\n");
            return;
        }
        let pdu = pdu(played.at_us.len() as u32);
        let now_us = clock.now_us();
        played.at_us.push(now_us);
        let wrong = steps % 20 == 7;
        played.wrong_crc += usize::from(wrong);
        let length = pdu.len() as u16 | if wrong { 0x4000 } else { 0 };
        let mut body = vec![0x10];
        body.extend(counter(now_us).to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend([0, 0, (-63_i8) as u8, channel]);
        body.extend(&pdu);
        // USB holds back what is small, now and then.
        if steps % 3 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(9));
        }
        port.write(&line(&body));
    }
}

#[test]
fn a_sniffle_sniffer_is_heard_on_all_channels_and_again_after_it_was_pulled_out() {
    let (_folder, link) = folder();
    let listening = Listening::to(&format!("V1=sniffle:{}", link.display()));
    // Not there yet.
    listening.until_condition(Condition::Unplugged);
    let played = Arc::new(Mutex::new(Played::default()));
    let device = Device::plug_in(&link, sniffle(listening.clock, played.clone()));
    let opened = listening.until_condition(Condition::Listening);
    let Heard::Status(_, _, description) = &opened.last().unwrap().what else {
        panic!("not stated");
    };
    assert!(description.starts_with("Sniffle 1.10.0"), "{description}");

    let mut channels = BTreeSet::new();
    let (mut valid, mut invalid) = (0, 0);
    // Every channel, and on over the wrap of the counter.
    let all = listening.until(|what| {
        if let Heard::Packet(Packet::LinkLayer { channel, crc, .. }) = what {
            channels.insert(channel.unwrap());
            match crc {
                CrcCheck::Valid => valid += 1,
                _ => invalid += 1,
            }
        }
        channels.len() == 3 && valid > 300
    });
    assert_eq!(channels, BTreeSet::from([37, 38, 39]));
    {
        let played = played.lock().unwrap();
        times_are_those_of_the_device(&all, &played);
        let listens = BTreeSet::from([0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x18, 0x24, 0x26]);
        assert_eq!(played.asked, listens);
        println!(
            "{valid} whole, {invalid} with a wrong CRC, garbage {} ({} counted)",
            played.garbage,
            damage(&all)
        );
        assert!(invalid > 0 && invalid <= played.wrong_crc);
        let garbage = damage(&all);
        assert!(garbage > 0 && garbage <= played.garbage);
    }
    for (_, packet) in packets(&all) {
        let Packet::LinkLayer {
            bytes, crc, rssi, ..
        } = packet
        else {
            panic!("no link-layer packet");
        };
        assert_eq!(*rssi, Some(-63));
        let pdu = &bytes[4..bytes.len() - 3];
        let stated = u32::from_le_bytes([bytes[43], bytes[44], bytes[45], 0]);
        let right = crc24(ADVERTISING_CRC_INIT, pdu) == stated;
        assert_eq!(right, *crc == CrcCheck::Valid);
        assert_eq!(decoded(packet).is_some(), right);
    }

    drop(device);
    listening.until_condition(Condition::Unplugged);
    let _device = Device::plug_in(&link, sniffle(listening.clock, played));
    listening.until_condition(Condition::Listening);
    listening.until(|what| matches!(what, Heard::Packet(_)));
}

#[test]
fn what_does_not_answer_is_failing() {
    let (_folder, link) = folder();
    let _device = Device::plug_in(&link, |port| {
        port.read();
        port.write(b"$GPGSV,no,sniffer\r\n");
    });
    for kind in ["sniffle", "nrf"] {
        let listening = Listening::to(&format!("{kind}:{}", link.display()));
        let said = listening.until(|what| matches!(what, Heard::Status(..)));
        assert_eq!(conditions(&said)[0].0, Condition::Failing);
    }
}

/// What an nRF Sniffer of protocol version 3 does.
fn nrf(clock: SteadyClock, played: Arc<Mutex<Played>>) -> impl FnMut(&mut Port) + Send {
    let began_us = clock.now_us();
    let mut input: Vec<u8> = Vec::new();
    let (mut number, mut scans, mut steps) = (40_000_u16, false, 0_usize);
    move |port| {
        let mut played = played.lock().unwrap();
        let say = |port: &mut Port, number: &mut u16, kind: u8, payload: &[u8]| {
            let [l, h] = (payload.len() as u16).to_le_bytes();
            let [n, m] = number.to_le_bytes();
            *number = number.wrapping_add(1);
            port.write(&slip(&[&[l, h, 3, n, m, kind], payload].concat()));
        };
        input.extend(port.read());
        while let Some(end) = input.iter().position(|&b| b == 0xBC) {
            // None of the commands holds a byte that is escaped.
            let command: Vec<u8> = input.drain(..=end).collect();
            let [0xAB, 6, length, 1, _, _, kind, payload @ .., 0xBC] = &command[..] else {
                continue;
            };
            assert_eq!(usize::from(*length), payload.len());
            played.asked.insert(*kind);
            match kind {
                0xFE => scans = false,
                0x1B => say(port, &mut number, 0x1C, b"4.1.1"),
                0x0D => say(port, &mut number, 0x0E, &[]),
                0x17 => assert_eq!(payload, [3, 37, 38, 39]),
                0x07 => scans = true,
                _ => {}
            }
        }
        if !scans {
            return;
        }
        steps += 1;
        if steps % 50 == 0 {
            played.garbage += 1;
            port.write(&[1, 2, 3]);
            // What the sniffer itself had no room for.
            number = number.wrapping_add(2);
            return;
        }
        let pdu = pdu(played.at_us.len() as u32);
        let now_us = clock.now_us();
        played.at_us.push(now_us);
        let wrong = steps % 20 == 7;
        played.wrong_crc += usize::from(wrong);
        let counter = (0xFFFF_FFFF_i64 - 1_000_000 + now_us - began_us) as u32;
        let mut payload = vec![10, u8::from(!wrong), 37 + (steps % 3) as u8, 63, 0, 0];
        payload.extend(counter.to_le_bytes());
        payload.extend([0xD6, 0xBE, 0x89, 0x8E]);
        payload.extend(&pdu[..2]);
        // The padding byte.
        payload.push(0);
        payload.extend(&pdu[2..]);
        payload.extend(&crc24(ADVERTISING_CRC_INIT, &pdu).to_le_bytes()[..3]);
        if steps % 3 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(9));
        }
        say(port, &mut number, 0x02, &payload);
    }
}

#[test]
fn an_nrf_sniffer_is_heard_says_what_it_lost_and_again_after_it_was_pulled_out() {
    let (_folder, link) = folder();
    let listening = Listening::to(&format!("V1=nrf:{}", link.display()));
    listening.until_condition(Condition::Unplugged);
    let played = Arc::new(Mutex::new(Played::default()));
    let device = Device::plug_in(&link, nrf(listening.clock, played.clone()));
    let opened = listening.until_condition(Condition::Listening);
    let Heard::Status(_, _, description) = &opened.last().unwrap().what else {
        panic!("not stated");
    };
    assert!(
        description.starts_with("nRF Sniffer 4.1.1"),
        "{description}"
    );
    let (mut heard, mut lost) = (0, 0.0);
    let all = listening.until(|what| {
        match what {
            Heard::Packet(_) => heard += 1,
            Heard::Status(Condition::Lost, value, _) => lost += value,
            _ => {}
        }
        heard > 300 && lost > 0.0
    });
    {
        let played = played.lock().unwrap();
        times_are_those_of_the_device(&all, &played);
        // Idle, version, ping, channels, scan: no following.
        assert_eq!(played.asked, BTreeSet::from([0xFE, 0x1B, 0x0D, 0x17, 0x07]));
        println!(
            "{heard} packets, {lost} lost, garbage {} ({} counted)",
            played.garbage,
            damage(&all)
        );
        assert!(damage(&all) > 0 && damage(&all) <= played.garbage);
        assert_eq!(lost % 2.0, 0.0);
    }
    let mut channels = BTreeSet::new();
    for (_, packet) in packets(&all) {
        let Packet::LinkLayer {
            bytes,
            crc,
            channel,
            ..
        } = packet
        else {
            panic!("no link-layer packet");
        };
        channels.insert(channel.unwrap());
        assert_eq!(bytes.len(), 4 + 39 + 3);
        assert_eq!(decoded(packet).is_some(), *crc == CrcCheck::Valid);
    }
    assert_eq!(channels, BTreeSet::from([37, 38, 39]));

    drop(device);
    listening.until_condition(Condition::Unplugged);
    let _device = Device::plug_in(&link, nrf(listening.clock, played));
    listening.until_condition(Condition::Listening);
    listening.until(|what| matches!(what, Heard::Packet(_)));
}
