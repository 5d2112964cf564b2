//! Interfaces of a pcapng file: link type, clock, name.

use crate::link::Link;

pub(crate) struct Interface {
    pub(crate) link: Option<Link>,
    pub(crate) clock: Clock,
    pub(crate) name: String,
    /// Given out with its first packet.
    pub(crate) sensor: Option<u16>,
}

/// How a time stamp becomes microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    ticks_per_second: u64,
    /// 0 where it is no whole number.
    ticks_per_us: u64,
    offset_us: i64,
}

impl Clock {
    pub(crate) const MICROSECONDS: Self = Self {
        ticks_per_second: 1_000_000,
        ticks_per_us: 1,
        offset_us: 0,
    };

    /// From the options `if_tsresol` (power of ten; with the top bit set, of two) and `if_tsoffset` (seconds).
    pub(crate) fn new(resolution: u8, offset_s: i64) -> Option<Self> {
        let ticks_per_second = if resolution & 0x80 == 0 {
            10u64.checked_pow(u32::from(resolution))?
        } else {
            1u64.checked_shl(u32::from(resolution & 0x7F))?
        };
        let whole = ticks_per_second.is_multiple_of(1_000_000);
        Some(Self {
            ticks_per_second,
            ticks_per_us: if whole {
                ticks_per_second / 1_000_000
            } else {
                0
            },
            offset_us: offset_s.checked_mul(1_000_000)?,
        })
    }

    #[inline]
    pub(crate) fn time_us(self, ticks: u64) -> Option<i64> {
        let us = match self.ticks_per_us {
            1 => ticks,
            0 => {
                let us = u128::from(ticks) * 1_000_000 / u128::from(self.ticks_per_second);
                u64::try_from(us).ok()?
            }
            n => ticks / n,
        };
        i64::try_from(us).ok()?.checked_add(self.offset_us)
    }
}

impl Interface {
    /// From a whole interface description block; `index` stands in for a missing name.
    /// `own`: in a section that a live run of ours wrote.
    pub(crate) fn parse(
        block: &[u8],
        big_endian: bool,
        index: usize,
        own: bool,
    ) -> Option<(Self, u32)> {
        let half = |bytes: &[u8]| {
            let &two = bytes.first_chunk::<2>()?;
            Some(if big_endian {
                u16::from_be_bytes(two)
            } else {
                u16::from_le_bytes(two)
            })
        };
        let number = u32::from(half(block.get(8..)?)?);
        let mut options = block.get(16..block.len().checked_sub(4)?)?;
        let (mut name, mut resolution, mut offset_s) = (index.to_string(), 6, 0);
        while let (Some(code), Some(length)) = (half(options), options.get(2..).and_then(half)) {
            let length = usize::from(length);
            let Some(value) = options.get(4..4 + length) else {
                break;
            };
            match (code, value) {
                (0, _) => break,
                (2, name_bytes) => {
                    let text = String::from_utf8_lossy(name_bytes);
                    text.trim_end_matches('\0').clone_into(&mut name);
                }
                (9, &[one]) => resolution = one,
                (14, eight) => {
                    let &eight = eight.first_chunk::<8>()?;
                    offset_s = if big_endian {
                        i64::from_be_bytes(eight)
                    } else {
                        i64::from_le_bytes(eight)
                    };
                }
                _ => {}
            }
            options = options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
        }
        let clock = Clock::new(resolution, offset_s)?;
        Some((
            Self {
                link: Link::from_number(number).or_else(|| Link::of_ours(number).filter(|_| own)),
                clock,
                name,
                sensor: None,
            },
            number,
        ))
    }
}
