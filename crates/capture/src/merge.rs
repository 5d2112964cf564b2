//! Several recordings as one stream in order of time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::reader::Key;
use crate::{Error, Event, Format, Input, Note, Recording, Sensors, expand};

/// Several inputs, merged: the recording whose next event is earliest comes first; at the same time fixes before frames, then
/// by sensor name, then by the order of the inputs, which are sorted, so that the command line's order never matters.
///
/// Captures may be out of order in themselves by what their receiver buffered; that is passed on as it is.
pub struct Merge {
    sensors: Sensors,
    tracks: Vec<Track>,
    notes: Vec<Note>,
    /// Which recording's event was given last; it is advanced on the next call.
    current: Option<usize>,
    /// The note given last.
    note: Option<Note>,
}

struct Track {
    recording: Recording,
    key: Option<Key>,
    /// Time of the last event that had one: damage and notes are ordered with what was before them.
    last_us: i64,
}

impl Merge {
    /// Opens all inputs; folders are replaced by the files in them.
    ///
    /// # Errors
    /// The first input that cannot be read.
    pub fn open(inputs: &[Input]) -> Result<Self, Error> {
        let (files, notes) = expand(inputs)?;
        let mut sensors = Sensors::new();
        let mut tracks = Vec::with_capacity(files.len());
        for input in sorted(files)? {
            let recording = Recording::open(&input, &mut sensors)?;
            tracks.push(Track { recording, key: None, last_us: i64::MIN });
        }
        let mut merge = Self { sensors, tracks, notes, current: None, note: None };
        merge.notes.reverse();
        for index in 0..merge.tracks.len() {
            merge.advance(index)?;
        }
        Ok(merge)
    }

    #[inline]
    fn advance(&mut self, index: usize) -> Result<(), Error> {
        let Some(track) = self.tracks.get_mut(index) else { return Ok(()) };
        track.key = track.recording.advance(&mut self.sensors)?;
        if let Some(Key::Frame { time_us, .. } | Key::Fix { time_us, .. }) = track.key {
            track.last_us = time_us;
        }
        Ok(())
    }

    /// The next event of all; `None` at the end of the last recording.
    ///
    /// # Errors
    /// When a recording can no longer be read.
    #[allow(clippy::should_implement_trait)]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        if let Some(note) = self.notes.pop() {
            self.note = Some(note.clone());
            return Ok(Some(Event::Note(note)));
        }
        if let Some(index) = self.current {
            self.advance(index)?;
        }
        self.current = self.earliest();
        Ok(self.current.and_then(|i| self.tracks.get(i)).map(|t| t.recording.event()))
    }

    #[inline]
    fn earliest(&self) -> Option<usize> {
        if let [only] = self.tracks.as_slice() {
            return only.key.map(|_| 0);
        }
        let live = self.tracks.iter().enumerate().filter(|(_, t)| t.key.is_some());
        live.min_by_key(|(index, track)| {
            let (rank, sensor) = match track.key {
                Some(Key::Fix { sensor, .. }) => (1, sensor),
                Some(Key::Frame { sensor, .. }) => (2, Some(sensor)),
                _ => (0, None),
            };
            (track.last_us, rank, sensor.map_or("", |s| self.sensors.name(s)), *index)
        })
        .map(|(index, _)| index)
    }

    /// The run's sensors; grows while recordings are read.
    #[must_use]
    pub const fn sensors(&self) -> &Sensors {
        &self.sensors
    }

    /// The files that are read and what they were recognised as, in the order of the merge.
    pub fn files(&self) -> impl Iterator<Item = (&Path, Format)> {
        self.tracks.iter().map(|t| (t.recording.path(), t.recording.format()))
    }

    /// Bytes read so far, over all files.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.tracks.iter().map(|t| t.recording.bytes_read()).sum()
    }

    /// Size of all files, bytes.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.tracks.iter().map(|t| t.recording.total_bytes()).sum()
    }

    /// Which vehicle carries which sensor, where a file says.
    #[must_use]
    pub fn vehicles(&self) -> BTreeMap<u16, String> {
        self.tracks.iter().flat_map(|t| t.recording.vehicles()).collect()
    }
}

/// Inputs by (sensor, file name, content where both are equal), whatever order they were named in.
fn sorted(files: Vec<Input>) -> Result<Vec<Input>, Error> {
    let name_of = |input: &Input| {
        let file = input.path.file_name().map(|n| n.to_string_lossy().into_owned());
        (input.sensor_name(), file.unwrap_or_default())
    };
    let mut keyed: Vec<_> = files.into_iter().map(|input| (name_of(&input), 0u64, input)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    for i in 0..keyed.len() {
        let same = |j: Option<usize>| {
            j.and_then(|j| keyed.get(j)).is_some_and(|other| other.0 == keyed[i].0)
        };
        if same(i.checked_sub(1)) || same(Some(i + 1)) {
            keyed[i].1 = fingerprint(&keyed[i].2.path)?;
        }
    }
    keyed.sort_by(|a, b| (&a.0, a.1, &a.2.path).cmp(&(&b.0, b.1, &b.2.path)));
    Ok(keyed.into_iter().map(|(_, _, input)| input).collect())
}

/// FNV-1a over 8 bytes at a time: only to order files of equal names.
fn fingerprint(path: &Path) -> Result<u64, Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let mut buffer = vec![0u8; 256 * 1024];
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    loop {
        let got = file.read(&mut buffer).map_err(io)?;
        if got == 0 {
            return Ok(hash);
        }
        for chunk in buffer.get(..got).unwrap_or_default().chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
