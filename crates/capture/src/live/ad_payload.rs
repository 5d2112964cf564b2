//! AD structures put together again from what a source shows of an advertisement in parts (D-Bus, gateways).

use vigie_decode::ad_type;

/// AD types (Assigned Numbers 2.3) that such sources show and `decode` does not read.
mod shown {
    pub const UUID32_ALL: u8 = 0x05;
    pub const UUID128_ALL: u8 = 0x07;
    pub const NAME: u8 = 0x09;
    pub const TX_POWER: u8 = 0x0A;
    pub const SERVICE_DATA_32: u8 = 0x20;
    pub const SERVICE_DATA_128: u8 = 0x21;
}

/// Most bytes of a payload: an extended advertisement has no more (Core Specification Vol 6 Part B 2.3.4.9).
const LONGEST: usize = 1650;
/// Most bytes of one structure behind its type: the length byte counts the type as well.
const LONGEST_STRUCTURE: usize = 254;

/// A part that no AD structure can hold, or that goes beyond the longest payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("AD structure of type 0x{ad_type:02X} with {bytes} bytes does not fit")]
pub struct DoesNotFit {
    /// Its AD type.
    pub ad_type: u8,
    /// How long it is, bytes behind the type.
    pub bytes: usize,
}

/// A payload that grows by structures. What does not fit is left out and named.
#[derive(Debug, Default)]
pub struct AdPayload {
    bytes: Vec<u8>,
    unfit: Option<DoesNotFit>,
}

impl AdPayload {
    /// One structure: its type, and what stands behind it, in parts.
    pub fn structure(&mut self, ad_type: u8, parts: &[&[u8]]) {
        let bytes: usize = parts.iter().map(|p| p.len()).sum();
        let length = u8::try_from(bytes + 1).ok();
        let fits = bytes <= LONGEST_STRUCTURE && self.bytes.len() + bytes + 2 <= LONGEST;
        match length {
            Some(length) if fits => {
                self.bytes.extend([length, ad_type]);
                parts.iter().for_each(|part| self.bytes.extend(*part));
            }
            _ => self.unfit = Some(DoesNotFit { ad_type, bytes }),
        }
    }

    /// Manufacturer specific data of a company.
    pub fn manufacturer(&mut self, company: u16, data: &[u8]) {
        self.structure(ad_type::MANUFACTURER, &[&company.to_le_bytes(), data]);
    }

    /// Service data.
    pub fn service_data(&mut self, uuid: ServiceUuid, data: &[u8]) {
        match uuid {
            ServiceUuid::Short(u) => {
                self.structure(ad_type::SERVICE_DATA_16, &[&u.to_le_bytes(), data]);
            }
            ServiceUuid::Middle(u) => {
                self.structure(shown::SERVICE_DATA_32, &[&u.to_le_bytes(), data]);
            }
            ServiceUuid::Long(u) => {
                self.structure(shown::SERVICE_DATA_128, &[&u.to_le_bytes(), data]);
            }
        }
    }

    /// Lists of service UUIDs, one for each width. Whether they were complete is no longer known; they are written as such.
    pub fn service_list(&mut self, uuids: impl Iterator<Item = ServiceUuid>) {
        let (mut short, mut middle, mut long) = (Vec::new(), Vec::new(), Vec::new());
        for uuid in uuids {
            match uuid {
                ServiceUuid::Short(u) => short.extend(u.to_le_bytes()),
                ServiceUuid::Middle(u) => middle.extend(u.to_le_bytes()),
                ServiceUuid::Long(u) => long.extend(u.to_le_bytes()),
            }
        }
        for (ad_type, list) in [
            (ad_type::UUID16_ALL, short),
            (shown::UUID32_ALL, middle),
            (shown::UUID128_ALL, long),
        ] {
            if !list.is_empty() {
                self.structure(ad_type, &[&list]);
            }
        }
    }

    /// The device's name.
    pub fn name(&mut self, name: &str) {
        self.structure(shown::NAME, &[name.as_bytes()]);
    }

    /// Transmit power, dBm.
    pub fn tx_power(&mut self, dbm: i8) {
        self.structure(shown::TX_POWER, &[&dbm.to_le_bytes()]);
    }

    /// The bytes, `None` where there were no structures, and what did not fit.
    pub fn finish(self) -> (Option<Vec<u8>>, Option<DoesNotFit>) {
        let bytes = (!self.bytes.is_empty()).then_some(self.bytes);
        (bytes, self.unfit)
    }
}

/// A service UUID, in the shortest form that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceUuid {
    /// 16 bits.
    Short(u16),
    /// 32 bits.
    Middle(u32),
    /// 128 bits.
    Long(u128),
}

/// What a short UUID stands in (Core Specification Vol 3 Part B 2.5.1): 00000000-0000-1000-8000-00805F9B34FB.
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5F9B_34FB;

impl ServiceUuid {
    /// `FCB2`, `0xfcb2`, `0000fcb2`, `0000fcb2-0000-1000-8000-00805f9b34fb`, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("0x").unwrap_or(text);
        let digits: String = text.chars().filter(|&c| c != '-').collect();
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u128::from_str_radix(&digits, 16).ok()?;
        match digits.len() {
            4 | 8 => Some(Self::of_32(u32::try_from(number).ok()?)),
            32 if number & (u128::MAX >> 32) == BASE => {
                Some(Self::of_32(u32::try_from(number >> 96).ok()?))
            }
            32 => Some(Self::Long(number)),
            _ => None,
        }
    }

    fn of_32(number: u32) -> Self {
        u16::try_from(number).map_or(Self::Middle(number), Self::Short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_have_their_lengths() {
        let mut payload = AdPayload::default();
        payload.structure(ad_type::FLAGS, &[&[6]]);
        payload.manufacturer(0x004C, &[0x12, 0x00]);
        payload.service_data(ServiceUuid::Short(0xFCB2), &[1, 0]);
        payload.service_list(
            [ServiceUuid::Short(0xFEAA), ServiceUuid::Middle(0x1234_5678)].into_iter(),
        );
        payload.name("tag");
        payload.tx_power(-4);
        let (bytes, unfit) = payload.finish();
        let expected = [
            &[2, 1, 6][..],
            &[5, 0xFF, 0x4C, 0, 0x12, 0],
            &[5, 0x16, 0xB2, 0xFC, 1, 0],
            &[3, 3, 0xAA, 0xFE],
            &[5, 5, 0x78, 0x56, 0x34, 0x12],
            &[4, 9, b't', b'a', b'g'],
            &[2, 0x0A, 0xFC],
        ];
        assert_eq!(bytes, Some(expected.concat()));
        assert_eq!(unfit, None);
    }

    #[test]
    fn what_does_not_fit_is_named_and_left_out() {
        let mut payload = AdPayload::default();
        payload.structure(0x77, &[&[0; 255]]);
        payload.structure(0x78, &[&[0; 254]]);
        let (bytes, unfit) = payload.finish();
        assert_eq!(bytes.map(|b| b.len()), Some(256));
        let too_long = DoesNotFit {
            ad_type: 0x77,
            bytes: 255,
        };
        assert_eq!(unfit, Some(too_long));
        assert_eq!(AdPayload::default().finish(), (None, None));
    }

    #[test]
    fn uuids_are_read_in_every_spelling() {
        let short = Some(ServiceUuid::Short(0xFCB2));
        for text in [
            "fcb2",
            "0xFCB2",
            "0000fcb2",
            "0000FCB2-0000-1000-8000-00805f9b34fb",
        ] {
            assert_eq!(ServiceUuid::parse(text), short, "{text}");
        }
        let own = "15190001-12F4-C226-88ED-2AC5579F2A85";
        assert_eq!(
            ServiceUuid::parse(own),
            Some(ServiceUuid::Long(0x1519_0001_12F4_C226_88ED_2AC5_579F_2A85))
        );
        for text in ["", "fc", "xyzw", "+cb2", "0x", "fcb2fcb2f", "é"] {
            assert_eq!(ServiceUuid::parse(text), None, "{text}");
        }
    }
}
