//! Captures read here and by `pcap-parser`: the same packets.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{Block, LegacyPcapReader, PcapBlockOwned, PcapError, PcapNGReader};
use proptest::prelude::*;
use specimens::*;
use support::{SeenBody, read};

/// (offset of the packet's block, its bytes) as `pcap-parser` reads them.
fn oracle(file: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut reader: Box<dyn PcapReaderIterator> = if file.starts_with(&[0x0A, 0x0D]) {
        Box::new(PcapNGReader::new(1 << 20, file).unwrap())
    } else {
        Box::new(LegacyPcapReader::new(1 << 20, file).unwrap())
    };
    let mut packets = Vec::new();
    let mut at = 0u64;
    loop {
        match reader.next() {
            Ok((length, block)) => {
                match block {
                    PcapBlockOwned::NG(Block::EnhancedPacket(b)) => {
                        packets.push((at, b.data[..b.caplen as usize].to_vec()));
                    }
                    PcapBlockOwned::Legacy(b) => packets.push((at, b.data.to_vec())),
                    _ => {}
                }
                at += length as u64;
                reader.consume(length);
            }
            Err(PcapError::Eof) => return packets,
            Err(PcapError::Incomplete(_)) => reader.refill().unwrap(),
            Err(e) => panic!("{e:?}"),
        }
    }
}

fn ours(file: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let seen = read(file).unwrap();
    assert_eq!(seen.damage, []);
    seen.frames
        .into_iter()
        .map(|f| match f.body {
            SeenBody::H4(bytes) => (f.offset, bytes),
            other => panic!("{other:?}"),
        })
        .collect()
}

proptest! {
    #[test]
    fn any_packets_are_read_alike(
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..20),
        big in any::<bool>(),
    ) {
        let order = Order { big };
        let mut pcap = pcap_head(order, big, 187);
        let mut pcapng = section(order);
        pcapng.extend(interface(order, 187, &option(order, 2, b"name")));
        for (i, packet) in packets.iter().enumerate() {
            let time_us = T0 + i as i64;
            pcap.extend(pcap_record(order, big, time_us, packet));
            pcapng.extend(enhanced(order, 0, time_us as u64, packet));
        }
        prop_assert_eq!(ours(&pcap), oracle(&pcap));
        prop_assert_eq!(ours(&pcapng), oracle(&pcapng));
        prop_assert_eq!(oracle(&pcapng).into_iter().map(|p| p.1).collect::<Vec<_>>(), packets);
    }
}
