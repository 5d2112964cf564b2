//! `vigie enroll`: our own devices.

use std::collections::HashMap;
use std::io::{Read, Write};

use anyhow::Result;
use vigie_capture::{Event, Input, Merge, rfc3339_or_us};
use vigie_decode::{AddressKind, Decoded, Decoder, Sender, identify};
use vigie_show::{Texts, Value};

use crate::arguments::{AddressKindArgument, Enroll, EnrollAction, EnrollAdd, EnrollListen};
use crate::beside::{Doubt, HeardBeside, choose};
use crate::command::Refused;
use crate::enrolment::{Away, EnrolledDevice, Enrolment, family_of, path_of};

/// Runs the command.
pub fn run(arguments: &Enroll, texts: &Texts) -> Result<u8> {
    let path = path_of(arguments.file.as_deref(), arguments.case.as_deref())?;
    let mut enrolment = Enrolment::read_or_empty(&path)?;
    let mut out = std::io::stdout().lock();
    let path_text = path.display().to_string();
    let said = |key: &str, name: &str| {
        let values = [
            ("name", Value::Text(name)),
            ("path", Value::Text(&path_text)),
        ];
        texts.text_with(key, &values)
    };
    match &arguments.action {
        EnrollAction::Add(add) => {
            enrolment.add(device_of(add)?)?;
            enrolment.write(&path)?;
            writeln!(out, "{}", said("enrol-added", &add.name))?;
        }
        EnrollAction::Listen(listen) => {
            let Some(device) = heard_beside(listen, texts, &mut out)? else {
                writeln!(out, "{}", texts.text("enrol-confirm"))?;
                return Ok(0);
            };
            enrolment.add(device)?;
            enrolment.write(&path)?;
            writeln!(out, "{}", said("enrol-added", &listen.name))?;
        }
        EnrollAction::Away(away) => {
            let times = [&away.from, &away.until];
            if let Some(wrong) = times.into_iter().find(|t| rfc3339_or_us(t).is_none()) {
                return Err(Refused::Enrolment("error-enrol-time", wrong.clone()).into());
            }
            let device = enrolment.device(&away.name)?;
            device.away.push(Away {
                from: away.from.clone(),
                until: away.until.clone(),
            });
            enrolment.write(&path)?;
            writeln!(out, "{}", said("enrol-away", &away.name))?;
        }
        EnrollAction::Remove(remove) => {
            enrolment.remove(&remove.name)?;
            enrolment.write(&path)?;
            writeln!(out, "{}", said("enrol-removed", &remove.name))?;
        }
        EnrollAction::List(list) if list.json => json(&enrolment, &mut out)?,
        EnrollAction::List(_) => {
            if enrolment.devices.is_empty() {
                writeln!(out, "{}", said("enrol-nobody", ""))?;
            }
            for device in &enrolment.devices {
                writeln!(out, "{}", listed(device, texts))?;
            }
        }
    }
    Ok(0)
}

fn device_of(add: &EnrollAdd) -> Result<EnrolledDevice> {
    let mut device = EnrolledDevice::named(add.name.clone());
    device.vehicle.clone_from(&add.vehicle);
    device.consent.clone_from(&add.consent);
    if let Some(code) = &add.family {
        if family_of(code).is_none() {
            return Err(Refused::Enrolment("error-enrol-family", code.clone()).into());
        }
        device.family = Some(code.clone());
    }
    if let Some(irk) = &add.irk {
        let mut typed = String::new();
        let text = if irk == "-" {
            std::io::stdin().take(256).read_to_string(&mut typed)?;
            typed.as_str()
        } else {
            irk
        };
        device = device.with_key(text, add.reversed, add.consent.as_deref())?;
    }
    for address in &add.address {
        device = device.with_address(address, add.kind.map(AddressKind::from))?;
    }
    Ok(device)
}

impl From<AddressKindArgument> for AddressKind {
    fn from(kind: AddressKindArgument) -> Self {
        match kind {
            AddressKindArgument::Public => Self::Public,
            AddressKindArgument::Static => Self::StaticRandom,
        }
    }
}

/// What was heard beside the receiver, told and, if confirmed, returned.
fn heard_beside(
    listen: &EnrollListen,
    texts: &Texts,
    out: &mut impl Write,
) -> Result<Option<EnrolledDevice>> {
    let (heard, span_s) = listen_to(listen)?;
    let choice = choose(&heard, span_s).map_err(|doubt| {
        let key = match doubt {
            Doubt::Nothing => "error-enrol-nothing",
            Doubt::TooQuiet => "error-enrol-quiet",
            Doubt::Two => "error-enrol-two",
        };
        anyhow::Error::from(Refused::Enrolment(key, listen.name.clone()))
    })?;
    let mut device = EnrolledDevice::named(listen.name.clone());
    device.vehicle.clone_from(&listen.vehicle);
    device.consent.clone_from(&listen.consent);
    let mut addresses = Vec::new();
    for h in &choice.taken {
        device = device.with_address(&h.address, h.kind)?;
        device.family = device.family.or(h.family.map(|f| f.as_str().to_owned()));
        addresses.push(h.address.as_str());
    }
    let list = addresses.join(", ");
    let values = [
        ("name", Value::Text(&listen.name)),
        ("list", Value::Text(&list)),
        ("heard", Value::Seconds(span_s)),
        ("level", Value::Decimal(choice.level_dbm, 0)),
        (
            "louder",
            Value::Decimal(choice.louder_by_db.unwrap_or(0.0), 0),
        ),
    ];
    let key = match choice.louder_by_db {
        Some(_) => "enrol-take",
        None => "enrol-take-alone",
    };
    writeln!(out, "{}", texts.text_with(key, &values))?;
    let changes = |h: &&HeardBeside| matches!(h.kind, Some(AddressKind::Rpa | AddressKind::Nrpa));
    if choice.taken.iter().any(changes) {
        writeln!(out, "{}", texts.text("enrol-changes"))?;
    }
    Ok(listen.yes.then_some(device))
}

/// All that was heard in the time, and how long it was, seconds.
fn listen_to(listen: &EnrollListen) -> Result<(Vec<HeardBeside>, f64)> {
    let inputs: Vec<Input> = listen.from.iter().map(|i| Input::parse(i)).collect();
    let mut merge = Merge::open(&inputs)?;
    let mut decoder = Decoder::new();
    let mut index: HashMap<(String, Option<AddressKind>), usize> = HashMap::new();
    let mut heard: Vec<HeardBeside> = Vec::new();
    let (mut start_us, mut span_s) = (None, 0.0_f64);
    while let Some(event) = merge.next()? {
        let Event::Frame(frame) = event else { continue };
        let at_s = (frame.time_us - *start_us.get_or_insert(frame.time_us)) as f64 / 1e6;
        if at_s > listen.seconds {
            break;
        }
        span_s = span_s.max(at_s);
        decoder.decode(&frame, &mut |decoded| {
            let Decoded::Advertisement(a) = decoded else {
                return;
            };
            let Sender::Address(address) = a.sender else {
                return;
            };
            let (true, Some(rssi)) = (a.is_sighting(), a.rssi) else {
                return;
            };
            let kind = a.address_kind;
            let address = address.to_string();
            let at = *index.entry((address.clone(), kind)).or_insert_with(|| {
                heard.push(HeardBeside {
                    address,
                    kind,
                    family: None,
                    first_s: at_s,
                    last_s: at_s,
                    levels: Vec::new(),
                });
                heard.len() - 1
            });
            if let Some(one) = heard.get_mut(at) {
                one.last_s = at_s;
                one.levels.push(rssi);
                one.family = one.family.or_else(|| identify(&a).map(|t| t.family));
            }
        });
    }
    Ok((heard, span_s))
}

/// One device in words, without its key.
fn listed(device: &EnrolledDevice, texts: &Texts) -> String {
    let none = texts.text("enrol-none");
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| none.clone());
    let addresses: Vec<_> = device
        .addresses
        .iter()
        .map(|a| format!("{} ({})", a.address, a.kind))
        .collect();
    let list = addresses.join(", ");
    let (vehicle, consent) = (or_none(&device.vehicle), or_none(&device.consent));
    let values = [
        ("name", Value::Text(&device.name)),
        ("vehicle", Value::Text(&vehicle)),
        ("consent", Value::Text(&consent)),
        ("list", Value::Text(&list)),
    ];
    let key = match (device.has_key(), device.addresses.is_empty()) {
        (true, true) => "enrol-line-key",
        (true, false) => "enrol-line-both",
        (false, _) => "enrol-line-address",
    };
    texts.text_with(key, &values)
}

/// The same for programs: one object a line, no secrets.
fn json(enrolment: &Enrolment, out: &mut impl Write) -> Result<()> {
    for device in &enrolment.devices {
        let addresses: Vec<_> = device.addresses.iter().map(|a| &a.address).collect();
        let line = serde_json::json!({
            "name": device.name,
            "by_key": device.has_key(),
            "addresses": addresses,
            "vehicle": device.vehicle,
            "family": device.family,
            "consent": device.consent,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
