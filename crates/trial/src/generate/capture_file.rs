//! Writers for the two capture formats, link type 256 only.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR.
const LINK_TYPE: u16 = 256;
const BUFFER: usize = 1 << 20;

/// A pcapng file with one section and one interface, times in microseconds
/// (draft-ietf-opsawg-pcapng).
pub struct PcapNg<W: Write> {
    out: W,
    block: Vec<u8>,
}

impl PcapNg<BufWriter<File>> {
    /// Creates the file; `interface` is the sensor's name.
    pub fn create(path: &Path, interface: &str) -> io::Result<Self> {
        let mut file = Self {
            out: BufWriter::with_capacity(BUFFER, File::create(path)?),
            block: Vec::with_capacity(128),
        };
        // Section header: byte order, version 1.0, unknown length.
        let mut section = Vec::new();
        section.extend(0x1A2B_3C4Du32.to_le_bytes());
        section.extend(1u16.to_le_bytes());
        section.extend(0u16.to_le_bytes());
        section.extend((-1i64).to_le_bytes());
        file.block(0x0A0D_0D0A, &section)?;
        let mut description = Vec::new();
        description.extend(LINK_TYPE.to_le_bytes());
        description.extend([0, 0]);
        description.extend(0u32.to_le_bytes());
        option(&mut description, 2, interface.as_bytes());
        // Resolution 10^-6 s.
        option(&mut description, 9, &[6]);
        option(&mut description, 0, &[]);
        file.block(1, &description)?;
        Ok(file)
    }
}

impl<W: Write> PcapNg<W> {
    /// Writes an enhanced packet block.
    pub fn packet(&mut self, time_us: i64, packet: &[u8]) -> io::Result<()> {
        let length = length(packet)?;
        let padded = packet.len().next_multiple_of(4);
        let total = length_of(32 + padded)?;
        self.block.clear();
        self.block.extend(6u32.to_le_bytes());
        self.block.extend(total.to_le_bytes());
        self.block.extend(0u32.to_le_bytes());
        self.block.extend(((time_us >> 32) as u32).to_le_bytes());
        self.block.extend((time_us as u32).to_le_bytes());
        self.block.extend(length.to_le_bytes());
        self.block.extend(length.to_le_bytes());
        self.block.extend(packet);
        self.block.resize(28 + padded, 0);
        self.block.extend(total.to_le_bytes());
        self.out.write_all(&self.block)
    }

    fn block(&mut self, kind: u32, body: &[u8]) -> io::Result<()> {
        let total = length_of(12 + body.len())?;
        self.out.write_all(&kind.to_le_bytes())?;
        self.out.write_all(&total.to_le_bytes())?;
        self.out.write_all(body)?;
        self.out.write_all(&total.to_le_bytes())
    }

    /// Writes out what is buffered.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
}

/// A classic pcap file, times in microseconds.
pub struct Pcap<W: Write> {
    out: W,
}

impl Pcap<BufWriter<File>> {
    /// Creates the file.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(BUFFER, File::create(path)?);
        out.write_all(&0xA1B2_C3D4u32.to_le_bytes())?;
        out.write_all(&2u16.to_le_bytes())?;
        out.write_all(&4u16.to_le_bytes())?;
        out.write_all(&[0; 8])?;
        out.write_all(&65_535u32.to_le_bytes())?;
        out.write_all(&u32::from(LINK_TYPE).to_le_bytes())?;
        Ok(Self { out })
    }
}

impl<W: Write> Pcap<W> {
    /// Writes one record: 16 bytes and the packet.
    pub fn packet(&mut self, time_us: i64, packet: &[u8]) -> io::Result<()> {
        let length = length(packet)?.to_le_bytes();
        let mut header = [0; 16];
        let fields = [
            (time_us.div_euclid(1_000_000) as u32).to_le_bytes(),
            (time_us.rem_euclid(1_000_000) as u32).to_le_bytes(),
            length,
            length,
        ];
        for (slot, field) in header.chunks_exact_mut(4).zip(fields) {
            slot.copy_from_slice(&field);
        }
        self.out.write_all(&header)?;
        self.out.write_all(packet)
    }

    /// Writes out what is buffered.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn length(packet: &[u8]) -> io::Result<u32> {
    length_of(packet.len())
}

fn length_of(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))
}
