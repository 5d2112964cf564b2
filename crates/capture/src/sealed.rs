//! Encrypted segments of a recording: a magic text and a row of age messages (<https://age-encryption.org/v1>), each with its
//! length in front, 32 bit little endian.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use crate::window::Source;

/// How an encrypted segment begins.
pub(crate) const MAGIC: &[u8] = b"vigie-age-segments-v1\n";
/// No message of ours is longer.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// Who reads it: a private key.
#[derive(Clone)]
pub struct Identity(age::x25519::Identity);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an identity")
    }
}

impl Identity {
    /// From the text of a key file: the first line that starts with `AGE-SECRET-KEY-`.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        text.lines()
            .find_map(|line| line.trim().parse().ok())
            .map(Self)
            .ok_or("no line with AGE-SECRET-KEY-")
    }

    /// Opens one age message.
    fn open(&self, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let decryptor = age::Decryptor::new(sealed).map_err(io::Error::other)?;
        let identity: &dyn age::Identity = &self.0;
        let mut reader = decryptor
            .decrypt(std::iter::once(identity))
            .map_err(io::Error::other)?;
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain)?;
        Ok(plain)
    }
}

/// Whether a file is an encrypted segment; it is at its start again afterwards.
pub(crate) fn is_sealed(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let mut start = [0; MAGIC.len()];
    let whole = filled(file, &mut start)?;
    file.rewind()?;
    Ok(whole && start == MAGIC)
}

/// An encrypted segment, read as what was encrypted. What was cut off in a message is lost with that message.
pub(crate) struct Opened {
    source: Box<dyn Source>,
    identity: Identity,
    plain: Cursor<Vec<u8>>,
    ended: bool,
}

impl Opened {
    /// `source` stands behind the magic text.
    pub(crate) fn new(mut source: Box<dyn Source>, identity: Identity) -> io::Result<Self> {
        source.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        Ok(Self {
            source,
            identity,
            plain: Cursor::new(Vec::new()),
            ended: false,
        })
    }

    /// The next message; `false` at the end, also where the file was cut off.
    fn next_message(&mut self) -> io::Result<bool> {
        let mut length = [0; 4];
        if !filled(&mut self.source, &mut length)? {
            return Ok(false);
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > MAX_MESSAGE {
            return Err(io::Error::other(
                "an encrypted message of impossible length",
            ));
        }
        let mut sealed = Vec::new();
        (&mut self.source)
            .take(length as u64)
            .read_to_end(&mut sealed)?;
        if sealed.len() < length {
            return Ok(false);
        }
        self.plain = Cursor::new(self.identity.open(&sealed)?);
        Ok(true)
    }
}

/// Fills the whole of `buffer`; `false` where the source ends before.
fn filled(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<bool> {
    match source.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

impl Read for Opened {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.plain.read(out)?;
            if got > 0 || out.is_empty() || self.ended {
                return Ok(got);
            }
            self.ended = !self.next_message()?;
        }
    }
}

impl Seek for Opened {
    /// Back to the start only.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to != SeekFrom::Start(0) {
            return Err(io::Error::from(io::ErrorKind::Unsupported));
        }
        self.source.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        self.plain = Cursor::new(Vec::new());
        self.ended = false;
        Ok(0)
    }
}
