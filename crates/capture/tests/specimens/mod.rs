//! Small writers of every format that is read: the specimens that the tests read back.
#![allow(dead_code, clippy::unwrap_used)]

pub mod sniffers;

use std::io::{Cursor, Write};

pub const T0: i64 = 1_700_000_000_000_000;

/// A legacy advertisement with access address and (wrong) CRC.
pub fn air(tag: u8) -> Vec<u8> {
    let mut bytes = vec![
        0xD6, 0xBE, 0x89, 0x8E, 0x42, 0x09, tag, 2, 3, 4, 5, 0xC6, 2, 1, 6,
    ];
    bytes.extend([0xAA, 0xBB, 0xCC]);
    bytes
}

/// Link type 256: RF channel, level, flags, packet.
pub fn radio(rf: u8, level: i8, flags: u16, packet: &[u8]) -> Vec<u8> {
    let mut bytes = vec![rf, level as u8, 0x80, 0, 0xD6, 0xBE, 0x89, 0x8E];
    bytes.extend(flags.to_le_bytes());
    bytes.extend(packet);
    bytes
}

/// Link type 272, protocol versions 1 to 3.
pub fn nordic(version: u8, flags: u8, channel: u8, level: u8, packet: &[u8]) -> Vec<u8> {
    let payload = 10 + packet.len();
    let mut bytes = vec![7];
    if version == 1 {
        bytes.extend([6, payload as u8]);
    } else {
        bytes.extend((payload as u16).to_le_bytes());
    }
    bytes.extend([
        version, 0x34, 0x12, 6, 10, flags, channel, level, 0, 0, 1, 2, 3, 4,
    ]);
    bytes.extend(packet);
    bytes
}

#[derive(Clone, Copy)]
pub struct Order {
    pub big: bool,
}

impl Order {
    pub fn u16(self, n: u16) -> [u8; 2] {
        if self.big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    }

    pub fn u32(self, n: u32) -> [u8; 4] {
        if self.big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    }

    pub fn i64(self, n: i64) -> [u8; 8] {
        if self.big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    }
}

pub const LITTLE: Order = Order { big: false };
pub const BIG: Order = Order { big: true };

pub fn pcap_head(order: Order, nanoseconds: bool, link: u32) -> Vec<u8> {
    let magic = if nanoseconds {
        0xA1B2_3C4D
    } else {
        0xA1B2_C3D4u32
    };
    let mut out = order.u32(magic).to_vec();
    out.extend(order.u16(2));
    out.extend(order.u16(4));
    for word in [0, 0, 65_535, link] {
        out.extend(order.u32(word));
    }
    out
}

pub fn pcap_record(order: Order, nanoseconds: bool, time_us: i64, packet: &[u8]) -> Vec<u8> {
    let fraction = (time_us % 1_000_000) as u32 * if nanoseconds { 1000 } else { 1 };
    let mut out = Vec::new();
    for word in [
        (time_us / 1_000_000) as u32,
        fraction,
        packet.len() as u32,
        packet.len() as u32,
    ] {
        out.extend(order.u32(word));
    }
    out.extend(packet);
    out
}

/// `count` frames of link type 256, a second apart.
pub fn pcap(count: u8) -> Vec<u8> {
    let mut out = pcap_head(LITTLE, false, 256);
    for i in 0..count {
        let packet = radio(0, -50 - i as i8, 0x0C13, &air(i));
        out.extend(pcap_record(
            LITTLE,
            false,
            T0 + i64::from(i) * 1_000_000,
            &packet,
        ));
    }
    out
}

pub fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = order.u32(12 + padded as u32);
    let mut out = order.u32(kind).to_vec();
    out.extend(length);
    out.extend(body);
    out.resize(8 + padded, 0);
    out.extend(length);
    out
}

pub fn section(order: Order) -> Vec<u8> {
    let mut body = order.u32(0x1A2B_3C4D).to_vec();
    body.extend(order.u16(1));
    body.extend(order.u16(0));
    body.extend(order.i64(-1));
    block(order, 0x0A0D_0D0A, &body)
}

pub fn option(order: Order, code: u16, value: &[u8]) -> Vec<u8> {
    let mut out = order.u16(code).to_vec();
    out.extend(order.u16(value.len() as u16));
    out.extend(value);
    out.resize(4 + value.len().next_multiple_of(4), 0);
    out
}

pub fn interface(order: Order, link: u16, options: &[u8]) -> Vec<u8> {
    let mut body = order.u16(link).to_vec();
    body.extend(order.u16(0));
    body.extend(order.u32(65_535));
    body.extend(options);
    block(order, 1, &body)
}

pub fn enhanced(order: Order, interface: u32, ticks: u64, packet: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    let len = packet.len() as u32;
    for word in [interface, (ticks >> 32) as u32, ticks as u32, len, len] {
        body.extend(order.u32(word));
    }
    body.extend(packet);
    block(order, 6, &body)
}

/// The head of a file that a live run of ours writes: frames, sightings without one, what it says of sensors.
fn own_head() -> Vec<u8> {
    let mut body = LITTLE.u32(0x1A2B_3C4D).to_vec();
    body.extend(LITTLE.u16(1));
    body.extend(LITTLE.u16(0));
    body.extend(LITTLE.i64(-1));
    body.extend(option(LITTLE, 4, b"vigie 0.1.0"));
    body.extend(option(LITTLE, 0, &[]));
    let mut out = block(LITTLE, 0x0A0D_0D0A, &body);
    for link in [256, 147, 148] {
        out.extend(interface(LITTLE, link, &[]));
    }
    out
}

/// A packet with its place in the order of arrival.
fn own_packet(number: u64, interface: u32, ticks: u64, packet: &[u8]) -> Vec<u8> {
    let len = packet.len() as u32;
    let mut body = Vec::new();
    for word in [interface, (ticks >> 32) as u32, ticks as u32, len, len] {
        body.extend(LITTLE.u32(word));
    }
    body.extend(packet);
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend(option(LITTLE, 5, &number.to_le_bytes()));
    body.extend(option(LITTLE, 0, &[]));
    block(LITTLE, 6, &body)
}

/// What a live run of ours writes: a frame, a sighting without one, what it said of a sensor and of itself, and records that it
/// would not write.
pub fn own_recording() -> Vec<u8> {
    let mut out = own_head();
    let frame = radio(0, -50, 0x0C13, &air(1));
    let records: [(u32, &[u8]); 8] = [
        (0, &frame),
        (1, br#"{"address":"C4:DE:BB:84:D3:A7","address_type":"static_random","payload":"020106","rssi":-71}"#),
        (1, br#"{"address":"13"}"#),
        (1, br#"{"payload":"0"}"#),
        (2, br#"{"condition":"unplugged","detail":"x"}"#),
        (2, br#"{"run":true,"condition":"clock_step","value":-3600.0}"#),
        (2, br#"{"condition":"damage","damage":"bad_checksum","detail":"d"}"#),
        (2, br#"{"condition":"asleep"}"#),
    ];
    for (number, (interface, packet)) in (1_u64..).zip(records) {
        let ticks = T0 as u64 + number * 1_000_000;
        out.extend(own_packet(number, interface, ticks, packet));
    }
    out
}

/// What a live run of ours writes of one frame.
pub fn own_frame(number: u64, time_us: i64) -> Vec<u8> {
    let mut out = own_head();
    let frame = radio(0, -50, 0x0C13, &air(1));
    out.extend(own_packet(number, 0, time_us as u64, &frame));
    out
}

/// `count` frames of link type 256, a second apart, on one interface without options.
pub fn pcapng(count: u8) -> Vec<u8> {
    let mut out = section(LITTLE);
    out.extend(interface(LITTLE, 256, &[]));
    for i in 0..count {
        let packet = radio(0, -50 - i as i8, 0x0C13, &air(i));
        out.extend(enhanced(
            LITTLE,
            0,
            (T0 + i64::from(i) * 1_000_000) as u64,
            &packet,
        ));
    }
    out
}

/// An HCI event with one LE advertising report, without indicator.
pub fn hci_event(tag: u8) -> Vec<u8> {
    vec![
        0x3E, 15, 2, 1, 3, 1, tag, 2, 3, 4, 5, 0xC6, 3, 2, 1, 6, 0xC0,
    ]
}

pub fn btsnoop_head(link: u32) -> Vec<u8> {
    let mut out = b"btsnoop\0\0\0\0\x01".to_vec();
    out.extend(link.to_be_bytes());
    out
}

pub fn btsnoop_record(flags: u32, time_us: i64, packet: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for word in [packet.len() as u32, packet.len() as u32, flags, 0] {
        out.extend(word.to_be_bytes());
    }
    out.extend((time_us + 0x00DC_DDB3_0F2F_8000).to_be_bytes());
    out.extend(packet);
    out
}

/// `count` events with H4, a second apart from `from_us` on.
pub fn btsnoop(count: u8, from_us: i64) -> Vec<u8> {
    let mut out = btsnoop_head(1002);
    for i in 0..count {
        let mut packet = vec![4];
        packet.extend(hci_event(i));
        out.extend(btsnoop_record(
            3,
            from_us + i64::from(i) * 1_000_000,
            &packet,
        ));
    }
    out
}

pub fn packet_logger_record(order: Order, time_us: i64, kind: u8, data: &[u8]) -> Vec<u8> {
    let mut out = order.u32(9 + data.len() as u32).to_vec();
    out.extend(order.u32((time_us / 1_000_000) as u32));
    out.extend(order.u32((time_us % 1_000_000) as u32));
    out.push(kind);
    out.extend(data);
    out
}

pub fn packet_logger(order: Order, count: u8) -> Vec<u8> {
    let mut out = packet_logger_record(order, T0, 0xFC, b"a line of the log");
    for i in 0..count {
        let time_us = T0 + i64::from(i) * 1_000_000;
        out.extend(packet_logger_record(order, time_us, 0x01, &hci_event(i)));
    }
    out
}

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The section of a bug report's text that holds a packed snoop log: `count` events a second apart, the last at `last_us`.
pub fn btsnooz_text(count: u8, last_us: u64) -> String {
    let mut records = Vec::new();
    for i in 0..count {
        let event = hci_event(i);
        let length = (event.len() + 1) as u16;
        records.extend(length.to_le_bytes());
        records.extend(length.to_le_bytes());
        let delta = if i == 0 { 0 } else { 1_000_000u32 };
        records.extend(delta.to_le_bytes());
        records.push(0x10);
        records.extend(event);
    }
    let mut packed = vec![2];
    packed.extend(last_us.to_le_bytes());
    let mut zlib = flate2::write::ZlibEncoder::new(packed, flate2::Compression::default());
    zlib.write_all(&records).unwrap();
    let packed = zlib.finish().unwrap();
    let mut text =
        String::from("========\n== dumpstate: 2023-11-14 22:13:20\n========\nmuch text\n");
    text.push_str("--- BEGIN:BTSNOOP_LOG_SUMMARY (123 bytes in) ---\n");
    for line in base64(&packed).as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    text.push_str("--- END:BTSNOOP_LOG_SUMMARY ---\nmore text\n");
    text
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0u8; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes(group);
        for i in 0..4 {
            let six = (word >> (18 - 6 * i)) & 63;
            let filler = i > chunk.len();
            out.push(if filler {
                '='
            } else {
                ALPHABET[six as usize] as char
            });
        }
    }
    out
}

/// A BLE-Doubt log of four detections, out of order of time.
pub const BLEDOUBT: &str = concat!(
    r#"{"devices":[{"address":"C6:00:00:00:00:01","name":"a {brace} \"quoted\"","isSafe":false}],"#,
    r#""detections":[{"lat":42.5,"long":-71.25,"mac":"C6:00:00:00:00:01","rssi":-60,"t":"Tue May 18 16:29:53 EDT 2021"},"#,
    r#"{"t":"Tue May 18 20:29:52 GMT 2021","rssi":0,"mac":13,"long":0,"lat":0},"#,
    r#"{"lat":42.5,"long":-71.25,"mac":"C6:00:00:00:00:02","rssi":-70,"t":"Tue May 18 20:29:53 XYT 2021"},"#,
    r#"{"lat":142.5,"long":-71.25,"mac":"C6:00:00:00:00:03","rssi":-70,"t":"Tue May 18 20:29:54 UTC 2021"}]}"#
);

pub const SIGHTINGS_JSON: &str = concat!(
    r#"{"time":"2023-11-14T22:13:21Z","sensor":"V1","address":"C6:00:00:00:00:01","rssi":-60,"payload":"020106","address_type":"static_random","pdu":"ADV_IND","channel":37,"vehicle":"lead"}"#,
    "\n",
    r#"{"time":1700000000000000,"sensor":"V2","address":"13","rssi":127,"lat":45.5,"lon":7.25,"accuracy_m":5,"colour":"red"}"#,
    "\n",
);

pub const SIGHTINGS_CSV: &str = "\
time;sensor;address;rssi;address_type;lat;lon;colour
2023-11-14T22:13:21Z;V1;C6:00:00:00:00:01;-60;random;;;red
1700000000000000;V2;\"13\";0;;45.5;7.25;red
";

pub const HOMESCOUT: &str = "\
address;time_ms;lat;lon;kind
C6:00:00:00:00:01;1700000001000;47.5;8.5;Named
C6:00:00:00:00:02;1700000000000;0;0;AppleDevice
";

pub const HOMESCOUT_LONG: &str = "\
macAddress;timestampInMilliSeconds;lat;lng;type;id
C6:00:00:00:00:01;1700000001000;47.5;8.5;Named;1
";

pub const WIGLE: &str = "\
WigleWifi-1.6,appRelease=2.90,model=x,release=14,device=x,display=x,board=x,brand=x
MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type
c6:00:00:00:00:01,\"a, b\",[LE],2023-11-14 22:13:20,0,,-70,45.5,7.25,300,4.5,,76,BLE
00:11:22:33:44:55,home,[WPA2],2023-11-14 22:13:21,6,2437,-40,45.5,7.25,300,4.5,,,WIFI
";

pub const AIRGUARD_BEACONS: &str = "\
beaconId,receivedAt,rssi,deviceAddress,locationId,manufacturerData,serviceUUIDs,connectionState
1,2023-11-14T22:13:20.25,-70,C6:00:00:00:00:01,3,12020003,,OFFLINE
2,2023-11-14T22:28:20,-71,C6:00:00:00:00:02,,,0000fd5a-0000-1000-8000-00805f9b34fb,OVERMATURE_OFFLINE
";

pub const AIRGUARD_LOCATIONS: &str = "\
locationId,name,firstDiscovery,lastSeen,longitude,latitude,altitude,accuracy
3,,2023-11-14T22:13:20,2023-11-14T22:13:20,7.25,45.5,,12.5
";

pub const GPX: &str = r#"<?xml version="1.0"?>
<gpx version="1.1" creator="specimen"><trk><trkseg>
<trkpt lat="45.5" lon="7.25"><ele>300</ele><time>2023-11-14T22:13:21Z</time><speed>12.5</speed></trkpt>
<trkpt lat="45.75" lon="7.5"><time>2023-11-14T22:13:20.5Z</time></trkpt>
<trkpt lat="0" lon="0"><time>2023-11-14T22:13:22Z</time></trkpt>
<trkpt lat="95" lon="0"><time>2023-11-14T22:13:23Z</time></trkpt>
<trkpt lat="45.5" lon="7.25"/>
</trkseg></trk></gpx>
"#;

/// A sentence with its checksum.
pub fn nmea(body: &str) -> String {
    let sum = body.bytes().fold(0, |a, b| a ^ b);
    format!("${body}*{sum:02X}\r\n")
}

pub const POSITIONS_CSV: &str = "\
time_us,lat,lon,heading_deg,speed_m_s
1700000001000000,45.5,7.25,90.0,12.5
1700000000000000,45.75,7.5,-0.0,0.0
";

pub const POSITIONS_JSON: &str = concat!(
    r#"{"time":"2023-11-14T22:13:20Z","lat":45.5,"lon":7.25,"accuracy_m":3.5,"speed_m_s":12.5,"sensor":"V1"}"#,
    "\n",
    r#"{"time":1700000001000000,"lat":45.75,"lon":7.5}"#,
    "\n",
);

/// `case.toml`, with a setting that is not known.
pub const CASE_TOML: &str = r#"convoy = "delegation"
profile = "vehicle"
time_zone = "CET"
colour = "black"

[[vehicle]]
name = "V1"
[[vehicle]]
name = "V2"

[[ride]]
sensor = "front"
vehicle = "V1"
[[ride]]
sensor = "front"
vehicle = "V2"
from = 2026-11-24T12:00:00Z
[[ride]]
sensor = "rear"
vehicle = "V2"
from = 2026-11-24T13:00:00

[sensor.rear]
channel = 38
source = "sniffer"
"#;
