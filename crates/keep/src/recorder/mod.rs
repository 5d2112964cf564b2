//! Records a live run: every frame as heard, positions, what the sensors said, conclusions. A thread of its own writes, so that a
//! slow disk never holds up detection.
//!
//! What was handed over survives the end of the process a quarter of a second later, and a power cut one second later. When the
//! disk is full, detection goes on, and recording begins anew in new segments once there is room.

mod blocks;
mod sealing;
mod segment;
mod writer;

pub use blocks::Arrival;
pub use sealing::Recipients;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use vigie_decode::{Condition, Fix, Frame, Status};

use segment::Naming;
use writer::{Stream, Writer};

/// What is said once of a run; stands in the head of every segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Boot of the machine, as the system names it.
    pub boot_id: String,
    /// Added to the time since boot to give the run's time, µs: monotonic time of a record is its time less this.
    pub base_us: i64,
    /// Where the wall clock at the start came from, and how far it may be off, in words.
    pub clock: String,
    /// SHA-256 of the settings in force.
    pub settings_sha256: String,
}

/// A sensor whose frames are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensorHead {
    /// Name.
    pub name: String,
    /// Class of its source and what it was named on the command line.
    pub description: String,
}

/// How to record.
#[derive(Debug, Clone)]
pub struct Rules {
    /// A segment ends when it has this size, bytes.
    pub segment_bytes: u64,
    /// A segment ends after this time, seconds.
    pub segment_s: f64,
    /// Below this room on the disk it is said that it runs short, bytes.
    pub low_bytes: u64,
    /// Nothing more is written below this room, bytes: the case's store needs some.
    pub full_bytes: u64,
    /// Who can read it; none: it is not encrypted.
    pub recipients: Option<Recipients>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            segment_bytes: 256 << 20,
            segment_s: 3600.0,
            low_bytes: 1 << 30,
            full_bytes: 16 << 20,
            recipients: None,
        }
    }
}

/// Most bytes that may wait for the disk; what is more is counted and not recorded.
const MOST_WAITING: u64 = 256 << 20;
/// Encoded bytes are handed over from this size on, and when [`Recorder::hand_over`] is called.
const BATCH: usize = 64 << 10;

/// Says something of the run: a condition and how much.
pub type Say = Box<dyn Fn(Condition, f64, &str) + Send>;

/// A batch for the writing thread.
#[derive(Debug)]
pub(crate) struct Batch {
    stream: usize,
    bytes: Vec<u8>,
    records: u64,
    /// Time of its first record, µs.
    time_us: i64,
}

/// A recording that is being made.
#[derive(Debug)]
pub struct Recorder {
    /// By stream: encoded and not yet handed over.
    open: Vec<Batch>,
    sender: Option<SyncSender<Batch>>,
    waiting: Arc<AtomicU64>,
    unrecorded: u64,
    thread: Option<JoinHandle<()>>,
    sensors: usize,
}

impl Recorder {
    /// Begins to record into a case folder. `first` is the number of the first record, `say` tells the run of trouble with the
    /// disk.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open(
        folder: &Path,
        sensors: &[SensorHead],
        provenance: &Provenance,
        rules: Rules,
        first: u64,
        say: Say,
    ) -> io::Result<Self> {
        let recordings = folder.join("recordings");
        let mut streams = Vec::new();
        for sensor in sensors {
            let naming = Naming {
                folder: recordings.clone(),
                stem: plain(&sensor.name),
                extension: "pcapng",
            };
            streams.push(Stream::frames(naming, sensor.clone(), provenance, first)?);
        }
        streams.push(Stream::lines(Naming {
            folder: folder.join("tracks"),
            stem: "fixes".to_owned(),
            extension: "jsonl",
        })?);
        streams.push(Stream::lines(Naming {
            folder: folder.join("conclusions"),
            stem: "conclusions".to_owned(),
            extension: "jsonl",
        })?);
        let open = (0..streams.len()).map(Batch::empty).collect();
        let (sender, receiver): (_, Receiver<Batch>) = sync_channel(4096);
        let waiting = Arc::new(AtomicU64::new(0));
        let mut writer = Writer::new(folder, streams, rules, waiting.clone(), say)?;
        let thread = std::thread::Builder::new()
            .name("recorder".to_owned())
            .spawn(move || writer.run(&receiver))?;
        Ok(Self {
            open,
            sender: Some(sender),
            waiting,
            unrecorded: 0,
            thread: Some(thread),
            sensors: sensors.len(),
        })
    }

    /// Records a frame of its sensor.
    pub fn frame(&mut self, arrival: Arrival, frame: &Frame<'_>) {
        self.record(usize::from(frame.sensor), arrival.time_us, |out| {
            blocks::frame(out, arrival, frame);
        });
    }

    /// Records what a sensor or the run said, with words for the log. What concerns the run stands with the first sensor.
    pub fn status(&mut self, arrival: Arrival, status: &Status, detail: &str) {
        let stream = usize::from(status.sensor.unwrap_or(0));
        self.record(stream, arrival.time_us, |out| {
            blocks::status(out, arrival, status, detail);
        });
    }

    /// Records that a sensor sent bytes that are no packet.
    pub fn damage(&mut self, arrival: Arrival, sensor: u16, kind: &str, detail: &str) {
        self.record(usize::from(sensor), arrival.time_us, |out| {
            blocks::damage(out, arrival, kind, detail);
        });
    }

    /// Records a position.
    pub fn fix(&mut self, arrival: Arrival, fix: &Fix) {
        let line = serde_json::json!({
            "time_us": fix.time_us,
            "lat": fix.lat,
            "lon": fix.lon,
            "accuracy_m": fix.accuracy_m,
            "speed_m_s": fix.speed_m_s,
            "number": arrival.number,
        });
        self.record(self.sensors, arrival.time_us, |out| {
            out.extend(line.to_string().bytes());
            out.push(b'\n');
        });
    }

    /// Records a conclusion, one line of the result stream with its end of line.
    pub fn conclusion(&mut self, time_us: i64, line: &[u8]) {
        self.record(self.sensors + 1, time_us, |out| out.extend(line));
    }

    fn record(&mut self, stream: usize, time_us: i64, encode: impl FnOnce(&mut Vec<u8>)) {
        let Some(batch) = self.open.get_mut(stream) else {
            return;
        };
        if batch.records == 0 {
            batch.time_us = time_us;
        }
        encode(&mut batch.bytes);
        batch.records += 1;
        if batch.bytes.len() >= BATCH {
            self.send(stream);
        }
    }

    /// Hands over to the writing thread what was recorded; to be called several times a second.
    pub fn hand_over(&mut self) {
        for stream in 0..self.open.len() {
            self.send(stream);
        }
    }

    fn send(&mut self, stream: usize) {
        let Some(batch) = self.open.get_mut(stream) else {
            return;
        };
        if batch.records == 0 {
            return;
        }
        let batch = std::mem::replace(batch, Batch::empty(stream));
        let (bytes, records) = (batch.bytes.len() as u64, batch.records);
        let waiting = self.waiting.load(Ordering::Relaxed);
        let sent = waiting + bytes <= MOST_WAITING
            && self
                .sender
                .as_ref()
                .is_some_and(|sender| sender.try_send(batch).is_ok());
        if sent {
            self.waiting.fetch_add(bytes, Ordering::Relaxed);
        } else {
            self.unrecorded += records;
        }
    }

    /// Records that could not be handed over because the disk was too slow, since this was last asked.
    pub fn take_unrecorded(&mut self) -> u64 {
        std::mem::take(&mut self.unrecorded)
    }

    /// Bytes that wait for the disk.
    #[must_use]
    pub fn waiting_bytes(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Ends the recording: everything is written, the segments are closed.
    pub fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.hand_over();
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end();
    }
}

impl Batch {
    const fn empty(stream: usize) -> Self {
        Self {
            stream,
            bytes: Vec::new(),
            records: 0,
            time_us: 0,
        }
    }
}

/// A sensor's name as part of a file name.
fn plain(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    match plain.trim_matches('.') {
        "" => "sensor".to_owned(),
        plain => plain.to_owned(),
    }
}
