//! What capture hands to decode: one received packet or log row, as bytes, with what the receiver said of it.

/// One record of a capture or log, borrowed from the reader's buffer.
///
/// A frame is not yet known to be an advertisement, or to be undamaged: that is what decode finds out.
/// An HCI packet is one `Frame` and may carry several advertising reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame<'a> {
    /// Time of reception, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Index of the sensor in the run's table of sensor names.
    pub sensor: u16,
    /// Byte offset of the record in its file; for logs, of the row.
    pub offset: u64,
    /// Received level in dBm, where the capture says it outside the packet. `None` is unknown.
    pub rssi: Option<i8>,
    /// Link-layer channel index 0 to 39 (37, 38, 39 are the primary advertising channels), where known.
    pub channel: Option<u8>,
    /// The bytes and how to read them.
    pub body: Body<'a>,
}

/// How the bytes of a frame are to be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Body<'a> {
    /// Link-layer packet: access address (4 bytes, least significant first), header, payload, CRC (3 bytes).
    LinkLayer {
        /// From the access address to the CRC.
        bytes: &'a [u8],
        /// What the capture says of the CRC.
        crc: CrcCheck,
    },
    /// HCI packet with its H4 packet indicator in front (0x01 command, 0x02 ACL, 0x04 event, ...).
    H4(&'a [u8]),
    /// HCI event without the indicator (event code, length, parameters).
    HciEvent(&'a [u8]),
    /// A row of a log that holds no frame.
    Row(Row<'a>),
}

/// What the capture says of a link-layer CRC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrcCheck {
    /// Checked by the receiver and right.
    Valid,
    /// Checked by the receiver and wrong.
    Invalid,
    /// Not checked: decode computes it.
    Unknown,
}

/// A sighting as a log states it, without the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The address field as written; need not be a Bluetooth address (anonymised logs have `13`).
    pub address: &'a str,
    /// Address type, where the log states it.
    pub address_kind: Option<crate::AddressKind>,
    /// PDU type, where the log states it.
    pub pdu: Option<crate::PduType>,
    /// AD structures, where the log holds them.
    pub payload: Option<&'a [u8]>,
}
