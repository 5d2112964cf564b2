//! What bluetoothd knows of one device (`org.bluez.Device1`), and the advertisement put together again from it.
//!
//! bluetoothd shows no frames: it takes an advertisement apart into properties, keeps those of earlier ones, and says
//! which changed. So a payload here holds what the device has sent lately, not what one frame held.

use std::collections::{BTreeMap, HashMap};

use vigie_decode::{Address, AddressKind, ad_type};
use zbus::OwnedVariant;

use crate::live::Packet;
use crate::live::ad_payload::{AdPayload, DoesNotFit, ServiceUuid};

/// Properties of a D-Bus object.
pub type Properties = HashMap<String, OwnedVariant>;

/// AD types that have properties of their own; [`Device::others`] says them again.
const WITH_PROPERTY: [u8; 14] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x16, 0x20, 0x21, 0xFF,
];

/// One device.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Device {
    address: String,
    random: Option<bool>,
    flags: Option<Vec<u8>>,
    services: Vec<ServiceUuid>,
    service_data: BTreeMap<ServiceUuid, Vec<u8>>,
    manufacturer: BTreeMap<u16, Vec<u8>>,
    name: Option<String>,
    tx_power: Option<i8>,
    others: BTreeMap<u8, Vec<u8>>,
    payload: Option<Vec<u8>>,
    /// Somebody uses it (paired, trusted, connected, blocked), or it was there before us: bluetoothd must not forget it
    /// for our sake.
    pub in_use: bool,
    /// Time of the last sighting, µs of the run.
    pub heard_us: i64,
}

/// What a change of properties amounted to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A level is among the changes: an advertisement was received. dBm; `Some(None)` is an unknown level.
    pub heard: Option<Option<i8>>,
    /// A part of the advertisement that could not be put back.
    pub unfit: Option<DoesNotFit>,
    /// A property that is not of the type that it should be.
    pub mistyped: Option<&'static str>,
}

impl Device {
    /// Takes over properties, all or those that changed.
    pub fn update(&mut self, changed: Properties) -> Change {
        let mut change = Change::default();
        let mut rebuild = false;
        for (name, value) in changed {
            let taken = match name.as_str() {
                "RSSI" => i16::try_from(value).ok().map(|level| {
                    // 0 and 127 mean "unknown" (DESIGN section 4).
                    let known = i8::try_from(level).ok().filter(|l| !matches!(l, 0 | 127));
                    change.heard = Some(known);
                    false
                }),
                _ => self.take(&name, value),
            };
            match taken {
                Some(changed) => rebuild |= changed,
                None => change.mistyped = PROPERTIES.into_iter().find(|p| *p == name),
            }
        }
        if rebuild {
            (self.payload, change.unfit) = self.put_together();
        }
        change
    }

    /// Takes over one property: whether the payload changes with it; `None` where it is not of its type.
    fn take(&mut self, name: &str, value: OwnedVariant) -> Option<bool> {
        match name {
            "Address" => self.address = String::try_from(value).ok()?.to_ascii_uppercase(),
            "AddressType" => self.random = Some(String::try_from(value).ok()? == "random"),
            "AdvertisingFlags" => self.flags = Some(Vec::try_from(value).ok()?),
            "UUIDs" => {
                let uuids: Vec<String> = value.try_into().ok()?;
                self.services = uuids.iter().filter_map(|u| ServiceUuid::parse(u)).collect();
            }
            "ServiceData" => {
                let data: HashMap<String, OwnedVariant> = value.try_into().ok()?;
                self.service_data = data
                    .into_iter()
                    .filter_map(|(uuid, data)| {
                        Some((ServiceUuid::parse(&uuid)?, data.try_into().ok()?))
                    })
                    .collect();
            }
            "ManufacturerData" => self.manufacturer = bytes_by_number(value)?,
            "AdvertisingData" => self.others = bytes_by_number(value)?,
            "Paired" | "Bonded" | "Trusted" | "Connected" | "Blocked" => {
                self.in_use |= bool::try_from(value).ok()?;
                return Some(false);
            }
            "Name" => self.name = Some(value.try_into().ok()?),
            "TxPower" => self.tx_power = i8::try_from(i16::try_from(value).ok()?).ok(),
            _ => return Some(false),
        }
        Some(true)
    }

    fn put_together(&self) -> (Option<Vec<u8>>, Option<DoesNotFit>) {
        let mut payload = AdPayload::default();
        // bluetoothd shows a zero where there were none.
        if let Some(flags) = self.flags.as_ref().filter(|f| f.iter().any(|&b| b != 0)) {
            payload.structure(ad_type::FLAGS, &[flags]);
        }
        payload.service_list(self.services.iter().copied());
        for (uuid, data) in &self.service_data {
            payload.service_data(*uuid, data);
        }
        for (company, data) in &self.manufacturer {
            payload.manufacturer(*company, data);
        }
        for (ad_type, data) in &self.others {
            if !WITH_PROPERTY.contains(ad_type) {
                payload.structure(*ad_type, &[data]);
            }
        }
        if let Some(name) = &self.name {
            payload.name(name);
        }
        if let Some(power) = self.tx_power {
            payload.tx_power(power);
        }
        payload.finish()
    }

    /// As a sighting with this level, dBm.
    pub fn sighting(&self, rssi: Option<i8>) -> Packet {
        let address_kind = match self.random {
            Some(false) => Some(AddressKind::Public),
            Some(true) => Address::parse(&self.address).and_then(Address::random_kind),
            None => None,
        };
        Packet::Row {
            address: self.address.clone(),
            address_kind,
            payload: self.payload.clone(),
            rssi,
        }
    }
}

/// Properties that are read.
const PROPERTIES: [&str; 15] = [
    "Paired",
    "Bonded",
    "Trusted",
    "Connected",
    "Blocked",
    "RSSI",
    "Address",
    "AddressType",
    "AdvertisingFlags",
    "UUIDs",
    "ServiceData",
    "ManufacturerData",
    "AdvertisingData",
    "Name",
    "TxPower",
];

fn bytes_by_number<N>(value: OwnedVariant) -> Option<BTreeMap<N, Vec<u8>>>
where
    N: Ord + zbus::Basic + for<'a> TryFrom<zbus::Variant<'a>>,
    HashMap<N, OwnedVariant>: TryFrom<OwnedVariant>,
{
    let data: HashMap<N, OwnedVariant> = value.try_into().ok()?;
    let bytes = data.into_iter();
    Some(
        bytes
            .filter_map(|(number, bytes)| Some((number, bytes.try_into().ok()?)))
            .collect(),
    )
}

/// A device from the bytes of a dictionary of properties as D-Bus carries it (`a{sv}`, little-endian), for fuzzing.
pub fn from_wire(bytes: &[u8]) -> Option<Packet> {
    use zbus::wire::serialized::{Context, Data};
    let data = Data::new(bytes, Context::new(zbus::wire::LE, 0));
    let (properties, _): (Properties, usize) = data.deserialize().ok()?;
    let mut device = Device::default();
    let change = device.update(properties);
    Some(device.sighting(change.heard.flatten()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zbus::Variant;

    fn owned(value: impl Into<Variant<'static>>) -> OwnedVariant {
        value.into().try_into_owned().unwrap()
    }

    fn properties(all: Vec<(&str, OwnedVariant)>) -> Properties {
        all.into_iter().map(|(n, v)| (n.to_owned(), v)).collect()
    }

    /// Values as bluetoothd sends them: each a variant of bytes.
    fn tag() -> Properties {
        let apple = HashMap::from([(0x004C_u16, Variant::from(vec![0x12_u8, 0x19, 0x10]))]);
        let dult = HashMap::from([(
            "0000fcb2-0000-1000-8000-00805f9b34fb".to_owned(),
            Variant::from(vec![1_u8, 0]),
        )]);
        properties(vec![
            ("Address", owned("c2:01:02:03:04:05")),
            ("AddressType", owned("random")),
            ("RSSI", owned(-61_i16)),
            ("AdvertisingFlags", owned(vec![0_u8])),
            ("ManufacturerData", owned(apple)),
            ("ServiceData", owned(dult)),
            ("Alias", owned("C2-01-02-03-04-05")),
        ])
    }

    const PAYLOAD: [u8; 13] = [
        5, 0x16, 0xB2, 0xFC, 1, 0, 6, 0xFF, 0x4C, 0, 0x12, 0x19, 0x10,
    ];

    #[test]
    fn an_advertisement_is_put_together_and_kept_for_the_next_level() {
        let mut device = Device::default();
        let change = device.update(tag());
        let expected = Change {
            heard: Some(Some(-61)),
            ..Change::default()
        };
        assert_eq!(change, expected);
        let row = |rssi| Packet::Row {
            address: "C2:01:02:03:04:05".into(),
            address_kind: Some(AddressKind::StaticRandom),
            payload: Some(PAYLOAD.to_vec()),
            rssi,
        };
        assert_eq!(device.sighting(Some(-61)), row(Some(-61)));
        // The level alone, and one that means "unknown".
        let change = device.update(properties(vec![("RSSI", owned(127_i16))]));
        assert_eq!(change.heard, Some(None));
        assert_eq!(device.sighting(None), row(None));
        assert!(!device.in_use);
        let change = device.update(properties(vec![("Connected", owned(true))]));
        assert_eq!((change.heard, device.in_use), (None, true));
    }

    #[test]
    fn a_property_of_another_type_is_named() {
        let mut device = Device::default();
        let change = device.update(properties(vec![("ManufacturerData", owned("x"))]));
        assert_eq!(change.mistyped, Some("ManufacturerData"));
    }

    /// Seeds of the fuzz target `bluez_device` are written with `VIGIE_WRITE_SEEDS=1`.
    #[test]
    fn properties_are_read_from_the_wire() {
        use zbus::wire::serialized::Context;
        let context = Context::new(zbus::wire::LE, 0);
        let bytes = zbus::wire::to_bytes(context, &tag()).unwrap();
        if std::env::var_os("VIGIE_WRITE_SEEDS").is_some() {
            let folder = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../fuzz/corpus/bluez_device"
            );
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(format!("{folder}/tag"), bytes.bytes()).unwrap();
        }
        match from_wire(bytes.bytes()) {
            Some(Packet::Row { payload, .. }) => assert_eq!(payload, Some(PAYLOAD.to_vec())),
            other => panic!("{other:?}"),
        }
        assert_eq!(from_wire(&[0xFF; 16]), None);
    }
}
