//! One stream of a recording as a row of files, each bound to the one before by its hash.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::recorder::sealing::Recipients;

/// What a stream's files hold and what they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Naming {
    /// Folder.
    pub(crate) folder: PathBuf,
    /// First part of the name.
    pub(crate) stem: String,
    /// Extension, without what encryption adds.
    pub(crate) extension: &'static str,
}

/// The file that is being written.
#[derive(Debug)]
pub(crate) struct Segment {
    file: File,
    path: PathBuf,
    hash: Sha256,
    bytes: u64,
    recipients: Option<Recipients>,
}

/// Hash of a closed segment, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) name: String,
    pub(crate) sha256: String,
}

impl Segment {
    /// Begins a file; its name is that of no other.
    pub(crate) fn create(
        naming: &Naming,
        time_us: i64,
        recipients: Option<&Recipients>,
    ) -> io::Result<Self> {
        fs::create_dir_all(&naming.folder)?;
        let suffix = if recipients.is_some() { ".age" } else { "" };
        let mut at_us = time_us;
        let (file, path) = loop {
            let time = file_time(at_us);
            let name = format!("{}-{time}.{}{suffix}", naming.stem, naming.extension);
            let path = naming.folder.join(name);
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(file) => break (file, path),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => at_us += 1000,
                Err(e) => return Err(e),
            }
        };
        // The name itself must survive a power cut.
        File::open(&naming.folder)?.sync_all()?;
        Ok(Self {
            file,
            path,
            hash: Sha256::new(),
            bytes: 0,
            recipients: recipients.cloned(),
        })
    }

    /// Appends, encrypted where that is asked for. What a full disk took in part is taken back, so that the file ends with a
    /// whole record.
    pub(crate) fn append(&mut self, plain: &[u8]) -> io::Result<()> {
        let written = match &self.recipients {
            None => self.write(plain),
            Some(recipients) => {
                let sealed = recipients.seal(plain)?;
                let head: &[u8] = if self.bytes == 0 {
                    crate::recorder::sealing::MAGIC
                } else {
                    &[]
                };
                let length = (sealed.len() as u32).to_le_bytes();
                self.write(&[head, &length, &sealed].concat())
            }
        };
        if written.is_err() {
            let _ = self.file.set_len(self.bytes);
        }
        written
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// What was appended survives a power cut from here on.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Bytes in the file.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the file.
    pub(crate) fn close(self) -> Before {
        let _ = self.file.sync_all();
        Before {
            name: file_name(&self.path),
            sha256: hex(&self.hash.finalize()),
        }
    }
}

/// The latest segment of a stream that an earlier run left, as it lies on the disk.
pub(crate) fn left_before(naming: &Naming) -> io::Result<Option<Before>> {
    let prefix = format!("{}-", naming.stem);
    let listed = match fs::read_dir(&naming.folder) {
        Ok(listed) => listed,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut latest: Option<PathBuf> = None;
    for entry in listed {
        let path = entry?.path();
        let name = file_name(&path);
        let Some(rest) = name.strip_prefix(&prefix) else {
            continue;
        };
        let time = rest.split('.').next().unwrap_or_default();
        let is_time = time.len() == 19 && time.ends_with('Z') && !time.contains('-');
        if is_time
            && latest
                .as_ref()
                .is_none_or(|before| file_name(before) < name)
        {
            latest = Some(path);
        }
    }
    latest
        .map(|path| {
            Ok(Before {
                name: file_name(&path),
                sha256: sha256_of(&path)?,
            })
        })
        .transpose()
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            got => hash.update(buffer.get(..got).unwrap_or_default()),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// `20261128T120455123Z`: as names of segments have it, to the millisecond.
fn file_time(time_us: i64) -> String {
    let text = crate::utc_text(time_us);
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == 'T')
        .take(18)
        .collect();
    format!("{digits}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_times_to_the_millisecond() {
        assert_eq!(file_time(1_621_718_305_123_456), "20210522T211825123Z");
    }

    #[test]
    fn each_segment_finds_the_one_before_and_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let naming = |stem: &str| Naming {
            folder: folder.path().join("recordings"),
            stem: stem.into(),
            extension: "pcapng",
        };
        assert_eq!(left_before(&naming("V1")).unwrap(), None);
        let mut first = Segment::create(&naming("V1"), 0, None).unwrap();
        first.append(b"abc").unwrap();
        drop(first);
        let mut second = Segment::create(&naming("V1"), 0, None).unwrap();
        second.append(b"abcd").unwrap();
        let closed = second.close();
        Segment::create(&naming("V1-rear"), 5_000_000, None).unwrap();
        let before = left_before(&naming("V1")).unwrap().unwrap();
        assert_eq!(before, closed);
        assert_eq!(before.name, "V1-19700101T000000001Z.pcapng");
        // printf abcd | sha256sum
        assert_eq!(
            before.sha256,
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589"
        );
    }
}
