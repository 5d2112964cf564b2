//! AD structures: the payload of an advertisement (Core Specification Vol 3 Part C 11).

use thiserror::Error;

use crate::Advertisement;

/// AD types (Assigned Numbers 2.3) that Vigie reads.
pub mod ad_type {
    /// Flags.
    pub const FLAGS: u8 = 0x01;
    /// Incomplete list of 16-bit service class UUIDs.
    pub const UUID16_SOME: u8 = 0x02;
    /// Complete list of 16-bit service class UUIDs.
    pub const UUID16_ALL: u8 = 0x03;
    /// Service data with a 16-bit UUID.
    pub const SERVICE_DATA_16: u8 = 0x16;
    /// Manufacturer specific data.
    pub const MANUFACTURER: u8 = 0xFF;
}

/// One AD structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdStructure<'a> {
    /// AD type.
    pub ad_type: u8,
    /// What follows the type.
    pub data: &'a [u8],
    /// Offset of the length byte in the payload.
    pub offset: usize,
}

impl<'a> AdStructure<'a> {
    /// Service data of a 16-bit UUID, after the UUID.
    #[inline]
    #[must_use]
    pub fn service_data(&self, uuid: u16) -> Option<&'a [u8]> {
        self.after_number(ad_type::SERVICE_DATA_16, uuid)
    }

    /// Manufacturer specific data of a company, after the company identifier.
    #[inline]
    #[must_use]
    pub fn manufacturer_data(&self, company: u16) -> Option<&'a [u8]> {
        self.after_number(ad_type::MANUFACTURER, company)
    }

    /// Whether this is a list of 16-bit service UUIDs, complete or not.
    #[inline]
    #[must_use]
    pub const fn is_uuid16_list(&self) -> bool {
        matches!(self.ad_type, ad_type::UUID16_SOME | ad_type::UUID16_ALL)
    }

    /// Whether this is a list of 16-bit service UUIDs that holds `uuid`.
    #[inline]
    #[must_use]
    pub fn lists(&self, uuid: u16) -> bool {
        self.is_uuid16_list() && self.data.as_chunks::<2>().0.contains(&uuid.to_le_bytes())
    }

    #[inline]
    fn after_number(&self, ad_type: u8, number: u16) -> Option<&'a [u8]> {
        if self.ad_type != ad_type {
            return None;
        }
        let (found, rest) = self.data.split_first_chunk::<2>()?;
        (u16::from_le_bytes(*found) == number).then_some(rest)
    }
}

/// An AD structure claims more bytes than the payload has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("AD structure at payload offset {offset} runs over the end")]
pub struct AdError {
    /// Offset of its length byte in the payload.
    pub offset: usize,
}

/// Walks the AD structures of a payload; after an error it ends.
///
/// A length of zero ends the significant part early (Vol 3 Part C 11): the rest is not looked at.
#[derive(Debug, Clone)]
pub struct AdStructures<'a> {
    payload: &'a [u8],
    at: usize,
}

impl<'a> AdStructures<'a> {
    /// Starts at the first structure.
    #[inline]
    #[must_use]
    pub const fn new(payload: &'a [u8]) -> Self {
        Self { payload, at: 0 }
    }
}

impl<'a> Iterator for AdStructures<'a> {
    type Item = Result<AdStructure<'a>, AdError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.at;
        let (length, rest) = self.payload.get(offset..)?.split_first()?;
        if *length == 0 {
            self.at = self.payload.len();
            return None;
        }
        let length = usize::from(*length);
        let Some((ad_type, data)) = rest.get(..length).and_then(<[u8]>::split_first) else {
            self.at = self.payload.len();
            return Some(Err(AdError { offset }));
        };
        self.at = offset + 1 + length;
        Some(Ok(AdStructure {
            ad_type: *ad_type,
            data,
            offset,
        }))
    }
}

impl std::iter::FusedIterator for AdStructures<'_> {}

impl<'a> Advertisement<'a> {
    /// The AD structures of the payload.
    #[inline]
    #[must_use]
    pub const fn structures(&self) -> AdStructures<'a> {
        AdStructures::new(self.payload)
    }

    /// The first AD structure that runs over the end of the payload.
    ///
    /// Such an advertisement is damaged (`ad_structure`) and yet its sender was heard, so it still makes a sighting.
    /// A payload of which only the beginning was seen (`complete` is false) is no damage: `None`.
    #[inline]
    #[must_use]
    pub fn broken_structure(&self) -> Option<AdError> {
        if !self.complete {
            return None;
        }
        self.structures().find_map(Result::err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_bytes::hex;
    use proptest::prelude::*;

    #[test]
    fn walks_flags_and_service_data() {
        let payload = hex("0201061816AAFE40112233445566778899abba998877665544332211");
        let all: Vec<_> = AdStructures::new(&payload)
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].ad_type, all[0].data, all[0].offset),
            (1, &[6u8][..], 0)
        );
        assert_eq!(all[1].offset, 3);
        assert_eq!(all[1].service_data(0xFEAA).unwrap()[0], 0x40);
        assert_eq!(all[1].service_data(0xFEED), None);
    }

    /// Vector 15: declares 0x19 bytes, 17 follow.
    #[test]
    fn vector_15_is_cut() {
        let payload = hex("0201061916aafe40c6e8d4ad4d28a3f96b510734");
        let mut walk = AdStructures::new(&payload);
        assert!(walk.next().unwrap().is_ok());
        assert_eq!(walk.next(), Some(Err(AdError { offset: 3 })));
        assert_eq!(walk.next(), None);
    }

    #[test]
    fn a_zero_length_ends_the_walk() {
        let payload = [2, 1, 6, 0, 0xFF, 0xFF];
        assert_eq!(AdStructures::new(&payload).count(), 1);
    }

    #[test]
    fn a_lone_length_byte_is_an_error() {
        let mut walk = AdStructures::new(&[1]);
        assert_eq!(walk.next(), Some(Err(AdError { offset: 0 })));
        assert_eq!(walk.next(), None);
    }

    #[test]
    fn uuid_lists() {
        let payload = hex("0503AAFEEDFE");
        let list = AdStructures::new(&payload).next().unwrap().unwrap();
        assert!(list.lists(0xFEED) && list.lists(0xFEAA) && !list.lists(0xEDFE));
    }

    proptest! {
        /// Structures written one after the other are read back, and each lies where its offset says.
        #[test]
        fn reads_back_what_was_written(parts in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..40)), 0..8)) {
            let mut payload = Vec::new();
            for (ad_type, data) in &parts {
                payload.push(data.len() as u8 + 1);
                payload.push(*ad_type);
                payload.extend_from_slice(data);
            }
            let read: Vec<_> = AdStructures::new(&payload).collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(read.len(), parts.len());
            for (ad, (ad_type, data)) in read.iter().zip(&parts) {
                prop_assert_eq!(ad.ad_type, *ad_type);
                prop_assert_eq!(ad.data, &data[..]);
                prop_assert_eq!(usize::from(payload[ad.offset]), data.len() + 1);
            }
        }

        /// On any bytes: structures are consecutive, inside the payload, and an error is the last item.
        #[test]
        fn never_leaves_the_payload(payload in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut expected = 0;
            let mut ended = false;
            for item in AdStructures::new(&payload) {
                prop_assert!(!ended);
                match item {
                    Ok(ad) => {
                        prop_assert_eq!(ad.offset, expected);
                        expected += 2 + ad.data.len();
                        prop_assert!(expected <= payload.len());
                        prop_assert_eq!(&payload[ad.offset + 2..expected], ad.data);
                    }
                    Err(error) => {
                        prop_assert_eq!(error.offset, expected);
                        ended = true;
                    }
                }
            }
        }
    }
}
