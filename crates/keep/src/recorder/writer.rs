//! The thread that writes a recording: segments, when they end, when they are made safe, what to do when the disk is full.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use vigie_decode::Condition;

use super::segment::{Before, Naming, Segment, left_before};
use super::{Batch, Provenance, Rules, Say, SensorHead, blocks};

/// What was handed over is given to the system at least this often.
const WRITE_EVERY: Duration = Duration::from_millis(200);
/// And made safe against a power cut this often.
const SYNC_EVERY: Duration = Duration::from_millis(500);
/// The room on the disk is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// One row of files.
#[derive(Debug)]
pub(crate) struct Stream {
    naming: Naming,
    head: Option<Head>,
    before: Option<Before>,
    segment: Option<Segment>,
    since_us: i64,
    /// Taken from batches and not yet written.
    pending: Vec<u8>,
    records: u64,
    time_us: i64,
    unsafe_since: Option<Instant>,
}

/// What the head of a segment of frames says.
#[derive(Debug)]
struct Head {
    sensor: SensorHead,
    provenance: Provenance,
    first: u64,
}

impl Stream {
    pub(crate) fn frames(
        naming: Naming,
        sensor: SensorHead,
        provenance: &Provenance,
        first: u64,
    ) -> io::Result<Self> {
        let provenance = provenance.clone();
        Self::new(
            naming,
            Some(Head {
                sensor,
                provenance,
                first,
            }),
        )
    }

    pub(crate) fn lines(naming: Naming) -> io::Result<Self> {
        Self::new(naming, None)
    }

    fn new(naming: Naming, head: Option<Head>) -> io::Result<Self> {
        Ok(Self {
            before: left_before(&naming)?,
            naming,
            head,
            segment: None,
            since_us: 0,
            pending: Vec::new(),
            records: 0,
            time_us: 0,
            unsafe_since: None,
        })
    }

    /// Writes what is pending; a new segment is begun where there is none.
    fn write(&mut self, rules: &Rules) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if self.segment.is_none() {
            let mut segment =
                Segment::create(&self.naming, self.time_us, rules.recipients.as_ref())?;
            segment.append(&self.beginning())?;
            self.since_us = self.time_us;
            self.segment = Some(segment);
        }
        if let Some(segment) = &mut self.segment {
            segment.append(&self.pending)?;
            self.pending.clear();
            self.records = 0;
            self.unsafe_since.get_or_insert_with(Instant::now);
            let age_s = (self.time_us - self.since_us) as f64 / 1e6;
            if segment.bytes() >= rules.segment_bytes || age_s >= rules.segment_s {
                self.close();
            }
        }
        Ok(())
    }

    fn beginning(&self) -> Vec<u8> {
        let before = self.before.as_ref();
        let (name, sha256) = (before.map(|b| &b.name), before.map(|b| &b.sha256));
        let Some(head) = &self.head else {
            // Lines of other programs' kinds may follow; what these two are is said in the documentation.
            let said = serde_json::json!({"head": {"before": name, "before_sha256": sha256}});
            return format!("{said}\n").into_bytes();
        };
        let of_run = &head.provenance;
        let said = serde_json::json!({
            "boot_id": of_run.boot_id,
            "base_us": of_run.base_us,
            "clock": of_run.clock,
            "settings_sha256": of_run.settings_sha256,
            "first_number": head.first,
            "before": name,
            "before_sha256": sha256,
        });
        let mut out = Vec::new();
        let sensor = &head.sensor;
        blocks::head(
            &mut out,
            &sensor.name,
            &sensor.description,
            &said.to_string(),
        );
        out
    }

    fn close(&mut self) {
        if let Some(segment) = self.segment.take() {
            self.before = Some(segment.close());
            self.unsafe_since = None;
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if let Some(segment) = &self.segment {
            segment.sync()?;
        }
        self.unsafe_since = None;
        Ok(())
    }
}

/// Writes until the recorder is dropped.
pub(crate) struct Writer {
    folder: PathBuf,
    streams: Vec<Stream>,
    rules: Rules,
    waiting: Arc<AtomicU64>,
    say: Say,
    full: bool,
    told_low: bool,
    lost_bytes: u64,
}

impl Writer {
    pub(crate) fn new(
        folder: &Path,
        streams: Vec<Stream>,
        rules: Rules,
        waiting: Arc<AtomicU64>,
        say: Say,
    ) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            streams,
            rules,
            waiting,
            say,
            full: false,
            told_low: false,
            lost_bytes: 0,
        })
    }

    pub(crate) fn run(&mut self, batches: &Receiver<Batch>) {
        let (mut written, mut looked) = (Instant::now(), Instant::now());
        self.look();
        loop {
            let ended = match batches.recv_timeout(WRITE_EVERY) {
                Ok(batch) => {
                    self.take(batch);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            if looked.elapsed() >= LOOK_EVERY {
                looked = Instant::now();
                self.look();
            }
            if ended || written.elapsed() >= WRITE_EVERY {
                written = Instant::now();
                self.write();
            }
            if ended {
                for stream in &mut self.streams {
                    stream.close();
                }
                return;
            }
        }
    }

    fn take(&mut self, batch: Batch) {
        let bytes = batch.bytes.len() as u64;
        if self.full {
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            self.lost_bytes += bytes;
            return;
        }
        if let Some(stream) = self.streams.get_mut(batch.stream) {
            if stream.records == 0 {
                stream.time_us = batch.time_us;
            }
            stream.records += batch.records;
            stream.pending.extend_from_slice(&batch.bytes);
        }
    }

    fn write(&mut self) {
        let mut failed = None;
        for stream in &mut self.streams {
            let bytes = stream.pending.len() as u64;
            match stream.write(&self.rules) {
                Ok(()) => {
                    self.waiting.fetch_sub(bytes, Ordering::Relaxed);
                    let due = stream
                        .unsafe_since
                        .is_some_and(|since| since.elapsed() >= SYNC_EVERY);
                    if due && let Err(e) = stream.sync() {
                        failed = Some(e);
                    }
                }
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        if let Some(error) = failed {
            self.stop_for_now(&error.to_string());
        }
    }

    /// The disk takes no more: what is open is closed, what waits is let go and counted.
    fn stop_for_now(&mut self, why: &str) {
        for stream in &mut self.streams {
            let bytes = stream.pending.len() as u64;
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            self.lost_bytes += bytes;
            stream.pending.clear();
            stream.records = 0;
            stream.close();
        }
        if !self.full {
            self.full = true;
            (self.say)(Condition::DiskFull, 0.0, why);
        }
    }

    /// Looks how much room there is.
    fn look(&mut self) {
        let Ok(room) = room(&self.folder) else {
            return;
        };
        if self.full {
            // Twice what is asked for, or it would stop again at once.
            if room >= self.rules.full_bytes.saturating_mul(2) {
                self.full = false;
                (self.say)(Condition::DiskBack, self.lost_bytes as f64, "");
                self.lost_bytes = 0;
            }
        } else if room < self.rules.full_bytes {
            self.write();
            self.stop_for_now("no room left");
        }
        let low = room < self.rules.low_bytes;
        if low && !self.told_low {
            (self.say)(Condition::DiskLow, room as f64, "");
        }
        self.told_low = low;
    }
}

/// Bytes that may still be written on the disk of a folder.
fn room(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
