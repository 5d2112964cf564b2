//! What a recording gives, one after another.

use vigie_decode::{Fix, Frame, Status};

/// One thing read from a recording. Borrows the reader's buffer.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// A received packet or log row.
    Frame(Frame<'a>),
    /// A position.
    Fix(Fix),
    /// What a live run said of a sensor or of itself.
    Status(Status),
    /// A part of the input that could not be read; the rest is still read.
    Damage(Damage),
    /// Something the reader of the result should know; each said once per recording.
    Note(Note),
}

/// A part of an input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// Where, bytes from the start of the file (of the inner log, for logs inside an archive).
    pub offset: u64,
    /// In words, English.
    pub detail: String,
    /// Whether it stands for one packet or row, which counts in `frames`.
    pub frames: bool,
}

/// Kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DamageKind {
    /// The file ends inside a record.
    Truncated,
    /// A record or block states a length that cannot be; reading went on behind it where possible.
    ImpossibleLength,
    /// A packet is shorter than the head that its link type prescribes.
    ShortPacket,
    /// A packet names an interface that was not described.
    UnknownInterface,
    /// An interface has a link type that carries no Bluetooth; its packets are passed over.
    UnknownLinkType,
    /// A record without a time (pcapng simple packet block).
    NoTime,
    /// A time that cannot be.
    BadTime,
    /// A row or object that does not follow its format.
    MalformedRow,
    /// Latitude or longitude out of range.
    BadPosition,
    /// A checksum that does not match.
    BadChecksum,
    /// A section of a container that cannot be unpacked.
    BadContainer,
    /// More than the stated limit; the surplus is not read.
    OverLimit,
    /// A packet in a form that is not read (unknown protocol version).
    Unsupported,
}

impl DamageKind {
    const ALL: [Self; 13] = [
        Self::Truncated,
        Self::ImpossibleLength,
        Self::ShortPacket,
        Self::UnknownInterface,
        Self::UnknownLinkType,
        Self::NoTime,
        Self::BadTime,
        Self::MalformedRow,
        Self::BadPosition,
        Self::BadChecksum,
        Self::BadContainer,
        Self::OverLimit,
        Self::Unsupported,
    ];

    /// By its stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Stable name, snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::ImpossibleLength => "impossible_length",
            Self::ShortPacket => "short_packet",
            Self::UnknownInterface => "unknown_interface",
            Self::UnknownLinkType => "unknown_link_type",
            Self::NoTime => "no_time",
            Self::BadTime => "bad_time",
            Self::MalformedRow => "malformed_row",
            Self::BadPosition => "bad_position",
            Self::BadChecksum => "bad_checksum",
            Self::BadContainer => "bad_container",
            Self::OverLimit => "over_limit",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Something worth saying that is no damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Stable name, snake case: `unknown_column`, `unknown_time_zone`, `no_payload`, `untested_on_real_files`, `passed_over`, ...
    pub detail: &'static str,
    /// In words, or the thing itself (the column's name, the zone's name, the file passed over).
    pub text: String,
}
