//! Replays the fuzzing corpora through the functions that the fuzz targets call, and makes their synthetic seeds.

mod packets;

use std::fs;
use std::path::{Path, PathBuf};

use packets::{hex, link_layer};
use vigie_decode::fuzz_entry;

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target)
}

fn replay(target: &str, entry: fn(&[u8])) {
    let folder = corpus(target);
    let mut files = 0;
    for file in fs::read_dir(&folder).expect("corpus folder") {
        let path = file.expect("corpus file").path();
        entry(&fs::read(&path).expect("readable corpus file"));
        files += 1;
    }
    assert!(files > 0, "no seeds in {}", folder.display());
}

#[test]
fn link_layer_corpus() {
    replay("link_layer", fuzz_entry::link_layer);
}

#[test]
fn hci_corpus() {
    replay("hci", fuzz_entry::hci);
}

#[test]
fn ad_structures_corpus() {
    replay("ad_structures", fuzz_entry::ad_structures);
}

/// Payloads of the protocol notes' vectors, and made-up ones for families without a published frame.
const PAYLOADS: &[(&str, &str)] = &[
    (
        "airtag_separated",
        "1EFF4C001219102807CE0B3C33332ED37B5D9D8291B1D99D0B8615189700E0",
    ),
    ("airtag_near_owner", "07FF4C0012025402"),
    (
        "apple_device",
        "1eff4c001219006d17255505df2aec6ef580be0ddeba8bb034c996de5b0200",
    ),
    ("licensed_accessory", "07FF4C0012022400"),
    (
        "apple_unpaired",
        "181644FD111111111111111122222222222222220000000001",
    ),
    (
        "smarttag",
        "17165AFD138d15023b793c9d638b48b1b70000004e6aac82",
    ),
    (
        "find_hub_separated",
        "1916AAFE41ABABABABABABABABABABABABABABABABABABABAB00",
    ),
    (
        "find_hub_clone",
        "0201061916AAFE41565758595A5B5C5D5E5F6061626364656667686901",
    ),
    ("find_hub_cut", "0201061916aafe40c6e8d4ad4d28a3f96b510734"),
    (
        "find_hub_no_flags",
        "0201061816AAFE40112233445566778899abba998877665544332211",
    ),
    (
        "find_hub_phone",
        "0201021816AAFE40112233445566778899abba998877665544332211",
    ),
    ("tile_list", "0303EDFE"),
    ("tile_data", "0201060303EDFE0D16EDFE02001122334455667788"),
    ("tile_inactive", "0303ECFE"),
    ("chipolo", "051633FE0001"),
    ("pebblebee", "020106030325FA"),
    (
        "dult",
        "1916B2FC0201C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3",
    ),
    ("eddystone", "0303AAFE0E16AAFE10E7036578616D706C6507"),
    (
        "iphone_overflow",
        "02011A020A0C0BFF4C001006071EA3DD89E014FF4C000100000000000000000000200000000000000000",
    ),
    ("two_apple_messages", "02011a0dff4c0010050814123456100101"),
    ("apple_underflow", "02011a0aff4c001005031c0b4c"),
    (
        "handoff",
        "1bff4c000c0e00c857ac085510515d52cf3862211006551eee51497a",
    ),
    ("apple_tv", "02011a020a0c0aff4c00100508141bba69"),
    (
        "android_presence",
        "1916F1FC045df48ae9ed11560478e73f8c3fe9cb28343026a47a",
    ),
    (
        "apple_short",
        "1DFF4C00121904ABABABABABABABABABABABABABABABABABABABABABAB",
    ),
    (
        "exposure_notification",
        "02011A03036FFD17166FFDABABABABABABABABABABABABABABABABABABABAB",
    ),
];

/// A packet as the `link_layer` and `hci` targets take it: control byte, length, bytes.
fn part(control: u8, packet: &[u8]) -> Vec<u8> {
    [&[control, packet.len() as u8][..], packet].concat()
}

/// Control byte of the `link_layer` target: channel 37, CRC to be computed.
const PRIMARY: u8 = 29 << 2 | 2;

/// Control byte of the `link_layer` target: a secondary channel from 1 on.
fn secondary(channel: u8) -> u8 {
    channel << 2 | 2
}

fn link_layer_seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let adva = hex("0605040302C1");
    for (code, (name, payload)) in [0x40u8, 0x42, 0x44, 0x46, 0x00]
        .iter()
        .cycle()
        .zip(PAYLOADS)
    {
        let payload = hex(payload);
        let data = &payload[..payload.len().min(31)];
        let packet = link_layer(*code, &[&adva[..], data].concat());
        seeds.push(((*name).to_owned(), part(PRIMARY, &packet)));
    }
    let peer = hex("A1A2A3A4A541");
    let both = [&adva[..], &peer].concat();
    seeds.push(("directed".into(), part(PRIMARY, &link_layer(0x41, &both))));
    seeds.push((
        "scan_request".into(),
        part(PRIMARY, &link_layer(0x83, &both)),
    ));
    let connect = [&both[..], &[0x55; 22]].concat();
    seeds.push(("connect".into(), part(PRIMARY, &link_layer(5, &connect))));
    let response = [&[13, 3][..], &both].concat();
    seeds.push((
        "connect_response".into(),
        part(secondary(12), &link_layer(0x48, &response)),
    ));

    // Announcement, auxiliary packet with address, two chained packets; all with ADI and AuxPtr but the last.
    let announced = link_layer(0x47, &hex("06 18 2331 0C0A00"));
    let first = link_layer(
        0x47,
        &[&hex("0C 19 0605040302C1 2331 140A00")[..], &[2, 1, 6]].concat(),
    );
    let second = link_layer(
        0x47,
        &[&hex("06 18 2331 1C0A00")[..], &[0x1E, 0xFF, 0x4C]].concat(),
    );
    let third = link_layer(0x47, &[&hex("03 08 2331")[..], &[0; 28]].concat());
    let chain = [
        part(PRIMARY, &announced),
        part(secondary(12), &first),
        part(secondary(20), &second),
        part(secondary(28), &third),
    ];
    seeds.push(("chain".into(), chain.concat()));
    seeds.push((
        "chain_gap".into(),
        [&chain[0][..], &chain[1], &chain[3]].concat(),
    ));
    let no_channel = [part(2, &announced), part(2, &first), part(2, &third)];
    seeds.push(("chain_no_channel".into(), no_channel.concat()));
    let scannable = link_layer(0x47, &hex("89 09 0605040302C1 2331"));
    let response = link_layer(
        0x47,
        &[&hex("09 09 0605040302C1 2331")[..], &[2, 1, 6]].concat(),
    );
    let scanned = [
        part(secondary(12), &scannable),
        part(secondary(12), &response),
    ];
    seeds.push(("aux_scan_response".into(), scanned.concat()));
    let full = link_layer(0x47, &[&[0x2A, 0x7F][..], &[0x11; 60]].concat());
    seeds.push(("all_fields".into(), part(secondary(1), &full)));
    seeds.push(("cut".into(), part(0x80 | PRIMARY, &announced[..9])));
    seeds.push((
        "data_channel".into(),
        part(0x80 | secondary(3), &hex("00112233 0200 ABCDEF")),
    ));
    seeds
}

fn hci_seeds() -> Vec<(String, Vec<u8>)> {
    let event = |parameters: &[u8]| {
        let header = [0x04, 0x3E, parameters.len() as u8];
        part(0, &[&header[..], parameters].concat())
    };
    let report = |event_type: u8, payload: &[u8]| {
        let head = [event_type, 1, 6, 5, 4, 3, 2, 0xC1, payload.len() as u8];
        [&head[..], payload, &[0xC5]].concat()
    };
    let extended = |event_type: u8, payload: &[u8]| {
        let head = hex("00 01 0605040302C1 01 01 03 7F C5 0000 00 000000000000");
        [&[event_type][..], &head, &[payload.len() as u8], payload].concat()
    };
    let mut seeds = Vec::new();
    for (at, (name, payload)) in PAYLOADS.iter().enumerate() {
        let payload = hex(payload);
        let data = &payload[..payload.len().min(31)];
        let bytes = if at % 2 == 0 {
            event(&[&[0x02, 1][..], &report(at as u8 % 5, data)].concat())
        } else {
            let event_type = [0x13, 0x10, 0x12, 0x1B, 0x00, 0x08][at / 2 % 6];
            event(&[&[0x0D, 1][..], &extended(event_type, data)].concat())
        };
        seeds.push(((*name).to_owned(), bytes));
    }
    let several = [
        &[0x02, 3][..],
        &report(0, &[2, 1, 6]),
        &report(4, &[]),
        &report(9, &[1]),
    ];
    seeds.push(("several".into(), event(&several.concat())));
    let begun = event(&[&[0x0D, 1][..], &extended(0x20, &[0x1E, 0xFF, 0x4C, 0])].concat());
    let ended = event(&[&[0x0D, 1][..], &extended(0x00, &[0x12; 27])].concat());
    seeds.push(("fragments".into(), [begun, ended].concat()));
    let directed = hex("0B 01 01 01 0605040302C1 01 A1A2A3A4A541 C5");
    seeds.push(("directed".into(), event(&directed)));
    seeds.push(("cut".into(), part(1, &hex("3E 30 0D 02 00"))));
    seeds.push(("command".into(), part(0, &hex("01 03 0C 00"))));
    seeds
}

fn ad_seeds() -> Vec<(String, Vec<u8>)> {
    let controls = [0u8, 1, 2, 3, 0x09, 0x48, 0x87].iter().cycle();
    let address = hex("C10203040506");
    controls
        .zip(PAYLOADS)
        .map(|(control, (name, payload))| {
            (
                (*name).to_owned(),
                [&[*control][..], &address, &hex(payload)].concat(),
            )
        })
        .collect()
}

/// `cargo test -p vigie-decode --test corpus_replay -- --ignored` writes the seeds anew.
#[test]
#[ignore = "writes into fuzz/corpus"]
fn write_seeds() {
    for (target, seeds) in [
        ("link_layer", link_layer_seeds()),
        ("hci", hci_seeds()),
        ("ad_structures", ad_seeds()),
    ] {
        fs::create_dir_all(corpus(target)).expect("corpus folder");
        for (name, bytes) in seeds {
            fs::write(corpus(target).join(name), bytes).expect("seed written");
        }
    }
}
