//! `vigie decode`: every frame as Vigie reads it, damaged ones included.

use std::io::{BufWriter, Write};

use anyhow::Result;
use serde_json::{Map, Value as Json};
use vigie_capture::{Event, Input, Merge};
use vigie_decode::{
    Advertisement, Decoded, Decoder, Frame, MalformedKind, PduType, Sender, clone_signs,
    finder_signs, identify,
};
use vigie_keep::{DecodeLine, write_decode_line};

use super::Refused;
use crate::arguments::Decode;
use crate::stop::Stop;

/// Runs the command.
pub fn run(arguments: &Decode) -> Result<u8> {
    let inputs: Vec<Input> = arguments.inputs.iter().map(|i| Input::parse(i)).collect();
    let stop = Stop::on_interrupt();
    let mut merge = Merge::open(&inputs)?;
    let mut decoder = Decoder::new();
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut frames: u64 = 0;
    let mut names: Vec<String> = Vec::new();
    while !stop.asked() {
        for at in names.len()..merge.sensors().len() {
            names.push(merge.sensors().name(at as u16).to_owned());
        }
        let Some(event) = merge.next()? else { break };
        match event {
            Event::Frame(frame) => {
                let sensor = names
                    .get(usize::from(frame.sensor))
                    .map_or("", String::as_str);
                let mut failed = None;
                decoder.decode(&frame, &mut |decoded| {
                    frames += 1;
                    if failed.is_none() {
                        failed = write_line(&frame, sensor, &decoded, &mut out).err();
                    }
                });
                if let Some(e) = failed {
                    return Err(e.into());
                }
            }
            Event::Fix(_) | Event::Status(_) => {}
            Event::Damage(d) => {
                frames += u64::from(d.frames);
                eprintln!("vigie: {} @ {}: {}", d.kind.as_str(), d.offset, d.detail);
            }
            Event::Note(n) => eprintln!("vigie: {}: {}", n.detail, n.text),
        }
    }
    out.flush()?;
    if frames == 0 {
        return Err(Refused::Frameless(arguments.inputs.join(", ")).into());
    }
    Ok(0)
}

fn write_line(
    frame: &Frame<'_>,
    sensor: &str,
    decoded: &Decoded<'_>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let mut line = DecodeLine {
        time_us: frame.time_us,
        sensor,
        channel: frame.channel,
        rssi: frame.rssi,
        pdu: None,
        adva: None,
        address_kind: None,
        payload: &[],
        family: None,
        state: None,
        details: Json::Object(Map::new()),
        malformed: None,
    };
    match decoded {
        Decoded::Advertisement(a) => {
            let mut details = Map::new();
            line.rssi = a.rssi;
            line.channel = a.channel;
            line.pdu = a.pdu;
            line.adva = Some(match a.sender {
                Sender::Address(address) => address.to_string(),
                Sender::Opaque(text) => text.to_owned(),
            });
            line.address_kind = a.address_kind;
            line.payload = a.payload;
            describe(a, &mut line, &mut details);
            if let Some(e) = a.broken_structure() {
                line.malformed = Some((MalformedKind::AdStructure.as_str(), frame.offset));
                details.insert("offset_in_payload".into(), e.offset.into());
            }
            line.details = Json::Object(details);
        }
        Decoded::Other {
            pdu,
            access_address,
            rssi,
            channel,
        } => {
            line.pdu = *pdu;
            line.rssi = *rssi;
            line.channel = *channel;
            if let Some(aa) = access_address {
                line.details = serde_json::json!({ "access_address": format!("{aa:08X}") });
            }
        }
        Decoded::Malformed(m) => {
            line.pdu = m.pdu;
            line.rssi = m.rssi;
            line.channel = m.channel;
            line.adva = m.adva.map(|a| a.to_string());
            line.address_kind = m.address_kind;
            line.payload = m.payload;
            line.malformed = Some((m.kind.as_str(), frame.offset));
            line.details = serde_json::json!({ "offset_in_frame": m.offset });
        }
    }
    write_decode_line(&line, out)
}

/// Family, state and everything else that the payload says.
fn describe<'a>(a: &Advertisement<'_>, line: &mut DecodeLine<'a>, details: &mut Map<String, Json>) {
    if let Some(peer) = a.peer {
        let name = match a.pdu {
            Some(PduType::ScanReq | PduType::AuxScanReq) => "scan_a",
            Some(PduType::ConnectInd | PduType::AuxConnectReq) => "init_a",
            _ => "target_a",
        };
        details.insert(name.into(), peer.to_string().into());
    }
    if !a.complete {
        details.insert("complete".into(), false.into());
    }
    if !a.is_sighting() {
        return;
    }
    if let Some(sign) = finder_signs(a) {
        details.insert("finder_sign".into(), sign.kind.as_str().into());
    }
    let Some(tracker) = identify(a) else { return };
    line.family = Some(tracker.family.as_str());
    line.state = tracker.state.map(vigie_decode::TrackerState::as_str);
    if let Ok(Json::Object(more)) = serde_json::to_value(tracker.details) {
        details.extend(more);
    }
    if let Some(model) = tracker.model {
        details.insert("model".into(), model.into());
    }
    let signs = clone_signs(a, &tracker).names();
    if !signs.is_empty() {
        details.insert("clone_signs".into(), signs.into());
    }
}
