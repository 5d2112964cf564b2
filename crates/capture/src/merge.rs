//! Several recordings as one stream in order of time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::reader::Key;
use crate::{Case, Error, Event, Format, Identity, Input, Note, Recording, Sensors, case, expand};

/// Several inputs, merged: the recording whose next event is earliest comes first; at the same time fixes before frames, then
/// by sensor name, then by the order of the inputs, which are sorted, so that the command line's order never matters. What live
/// runs recorded comes in its order of arrival.
///
/// Captures may be out of order in themselves by what their receiver buffered; that is passed on as it is.
pub struct Merge {
    sensors: Sensors,
    tracks: Vec<Track>,
    cases: Vec<Case>,
    notes: Vec<Note>,
    /// The note that is given now.
    note: Option<Note>,
    /// Which recording's event is given; it is advanced on the next call.
    current: usize,
    /// Everything was recorded by live runs: events are given in their order of arrival, as they were judged.
    by_arrival: bool,
    /// The earliest time that another recording than `current` has to give; by arrival, the lowest number.
    others_us: i64,
    /// Whether a recording's event was given already; each one's first is ready from the start.
    started: bool,
}

struct Track {
    recording: Recording,
    /// Whether there is an event to give; its order is kept beside it.
    live: bool,
    order: Order,
}

/// Damage and notes have the time of what was before them.
#[derive(Clone, Copy)]
struct Order {
    /// By arrival: the number.
    time_us: i64,
    /// 0 damage and notes, 1 fixes, 2 frames.
    rank: u8,
    sensor: Option<u16>,
}

impl Merge {
    /// Opens all inputs; folders are replaced by the files in them.
    ///
    /// # Errors
    /// The first input that cannot be read.
    pub fn open(inputs: &[Input]) -> Result<Self, Error> {
        Self::open_with(inputs, None)
    }

    /// The same with a key, for what is encrypted.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(inputs: &[Input], identity: Option<&Identity>) -> Result<Self, Error> {
        let (files, mut notes) = expand(inputs)?;
        let (cases, noted) = case::read_all(inputs)?;
        notes.extend(noted);
        let mut sensors = Sensors::new();
        let mut tracks = Vec::with_capacity(files.len());
        for input in sorted(files)? {
            let recording = Recording::open_with(&input, identity, &mut sensors)?;
            let order = Order {
                time_us: i64::MIN,
                rank: 0,
                sensor: None,
            };
            tracks.push(Track {
                recording,
                live: false,
                order,
            });
        }
        let mut merge = Self {
            sensors,
            tracks,
            cases,
            notes,
            note: None,
            current: usize::MAX,
            by_arrival: false,
            others_us: i64::MIN,
            started: false,
        };
        merge.notes.reverse();
        for index in 0..merge.tracks.len() {
            merge.advance(index).map_err(|failed| *failed)?;
        }
        merge.by_arrival = merge.tracks.iter().all(|t| t.recording.is_numbered());
        if merge.by_arrival {
            for index in 0..merge.tracks.len() {
                merge.note_order(index);
            }
        }
        Ok(merge)
    }

    fn advance(&mut self, index: usize) -> Result<(), Box<Error>> {
        let Some(track) = self.tracks.get_mut(index) else {
            return Ok(());
        };
        match track.recording.advance(&mut self.sensors) {
            Ok(live) => track.live = live,
            Err(failure) => return Err(Box::new(track.recording.error(*failure))),
        }
        self.note_order(index);
        Ok(())
    }

    fn note_order(&mut self, index: usize) {
        let by_arrival = self.by_arrival;
        let Some(track) = self.tracks.get_mut(index) else {
            return;
        };
        let turn = |time_us: i64, number: u64| match by_arrival {
            true => i64::try_from(number).unwrap_or(i64::MAX),
            false => time_us,
        };
        match track.recording.key() {
            Key::Frame {
                time_us,
                sensor,
                number,
            } => {
                track.order = Order {
                    time_us: turn(time_us, number),
                    rank: 2,
                    sensor: Some(sensor),
                };
            }
            Key::Fix {
                time_us,
                sensor,
                number,
            } => {
                track.order = Order {
                    time_us: turn(time_us, number),
                    rank: 1,
                    sensor,
                }
            }
            Key::Aside => {
                track.order.rank = 0;
                track.order.sensor = None;
            }
        }
    }

    /// The next event of all; `None` at the end of the last recording.
    ///
    /// # Errors
    /// When a recording can no longer be read.
    #[allow(clippy::should_implement_trait)]
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        match self.step() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(failed) => return Err(*failed),
        }
        if let Some(Note { detail, ref text }) = self.note {
            return Ok(Some(Event::Note(Note {
                detail,
                text: text.clone(),
            })));
        }
        match self.tracks.get(self.current) {
            Some(track) => Ok(Some(track.recording.event())),
            None => Ok(None),
        }
    }

    /// Goes to the next event: a note on the inputs, or that of `current`. `false`: there is none.
    fn step(&mut self) -> Result<bool, Box<Error>> {
        if self.tracks.len() == 1 && self.started {
            // With one recording there is nothing to order.
            let Some(only) = self.tracks.first_mut() else {
                return Ok(false);
            };
            return match only.recording.advance(&mut self.sensors) {
                Ok(live) => Ok(live),
                Err(failure) => Err(Box::new(only.recording.error(*failure))),
            };
        }
        self.note = self.notes.pop();
        if self.note.is_some() {
            return Ok(true);
        }
        if std::mem::replace(&mut self.started, true) {
            self.advance(self.current)?;
            // Most of the time the same recording goes on: then the others need not be looked at.
            if self
                .tracks
                .get(self.current)
                .is_some_and(|t| t.live && t.order.time_us < self.others_us)
            {
                return Ok(true);
            }
        }
        let next = self.earliest();
        self.current = next.unwrap_or(usize::MAX);
        let others = self
            .tracks
            .iter()
            .enumerate()
            .filter(|(i, t)| t.live && Some(*i) != next);
        self.others_us = others
            .map(|(_, t)| t.order.time_us)
            .min()
            .unwrap_or(i64::MAX);
        Ok(next.is_some())
    }

    fn earliest(&self) -> Option<usize> {
        let live = self.tracks.iter().enumerate().filter(|(_, t)| t.live);
        live.min_by_key(|(index, track)| {
            let Order {
                time_us,
                rank,
                sensor,
            } = track.order;
            (
                time_us,
                rank,
                sensor.map_or("", |s| self.sensors.name(s)),
                *index,
            )
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
        self.tracks
            .iter()
            .map(|t| (t.recording.path(), t.recording.format()))
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

    /// What the case folders among the inputs say of themselves, in the order of the inputs.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Which vehicle carries which sensor, where a file says.
    #[must_use]
    pub fn vehicles(&self) -> BTreeMap<u16, String> {
        self.tracks
            .iter()
            .flat_map(|t| t.recording.vehicles())
            .collect()
    }
}

/// Inputs by (sensor, file name, content where both are equal), whatever order they were named in.
fn sorted(files: Vec<Input>) -> Result<Vec<Input>, Error> {
    let name_of = |input: &Input| {
        let file = input
            .path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned());
        (input.sensor_name(), file.unwrap_or_default())
    };
    let mut keyed: Vec<_> = files
        .into_iter()
        .map(|input| (name_of(&input), 0u64, input))
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    for i in 0..keyed.len() {
        let same = |j: Option<usize>| {
            j.and_then(|j| keyed.get(j))
                .is_some_and(|other| other.0 == keyed[i].0)
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
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
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
