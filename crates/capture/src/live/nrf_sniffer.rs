//! An nRF Sniffer (Nordic's firmware, protocol versions 1 to 3) on a serial port: passive, no connection followed, its channels
//! 37, 38 and 39 in turn.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use vigie_decode::{Condition, CrcCheck};

use crate::DamageKind;
use crate::live::device_clock::DeviceClock;
use crate::live::nrf_frames::{self, Event, Frames, What, kind};
use crate::live::serial_port::{SerialPort, Settings};
use crate::live::silence::{Due, Silence};
use crate::live::{Lost, Outlet, Packet, Receiver};

/// Bits per second: of today's firmware, and of that for older boards.
const SPEEDS: [u32; 2] = [1_000_000, 460_800];
/// How long to wait for an answer.
const ANSWER: Duration = Duration::from_secs(1);
/// How often it is said what was lost.
const SAY_EVERY: Duration = Duration::from_secs(1);
/// The counter counts µs in 32 bits.
const WRAPS_AFTER_US: i64 = 1 << 32;
/// Fewer may be missing between two numbers than this; else the sniffer began to count anew.
const MOST_MISSING: u16 = 10_000;

/// The receiver.
pub(crate) struct NrfSniffer {
    path: PathBuf,
    link: Option<Link>,
    version: String,
}

struct Link {
    port: SerialPort,
    frames: Frames,
    clock: DeviceClock,
    /// Of the latest packet.
    number: Option<u16>,
    lost: u64,
    said: Instant,
    silence: Silence,
    /// Of the next command.
    command: u16,
}

impl NrfSniffer {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self {
            path,
            link: None,
            version: String::new(),
        }
    }

    /// Sets the sniffer up at one speed; `None` when it does not answer.
    fn begin(&mut self, speed: u32, out: &Outlet) -> Result<Option<Link>, Lost> {
        let settings = Settings {
            speed: Some(speed),
            flow_control: true,
        };
        let mut link = Link {
            port: SerialPort::open(&self.path, settings)?,
            frames: Frames::default(),
            clock: DeviceClock::new(WRAPS_AFTER_US),
            number: None,
            lost: 0,
            said: Instant::now(),
            silence: Silence::new(ANSWER),
            command: 0,
        };
        // It may still follow a connection for somebody before us.
        for (kind, payload) in SET_UP {
            link.send(kind, payload)?;
        }
        let mut buffer = [0; 4096];
        let until = Instant::now() + ANSWER;
        let mut answered = false;
        while Instant::now() < until && !out.is_stopped() {
            // What comes before the answer may begin in the middle of a frame.
            for &byte in link.port.read(&mut buffer)? {
                if let Some(Ok(event)) = link.frames.take(byte).as_deref().map(nrf_frames::event) {
                    match event.what {
                        What::Pong => answered = true,
                        What::Version(version) => self.version = version,
                        _ => {}
                    }
                }
            }
            if answered {
                link.frames.passed_over = 0;
                for (kind, payload) in LISTEN {
                    link.send(kind, payload)?;
                }
                return Ok(Some(link));
            }
        }
        Ok(None)
    }
}

/// Be idle; which firmware; are you there?
const SET_UP: [(u8, &[u8]); 3] = [
    (kind::IDLE, &[]),
    (kind::ASK_VERSION, &[]),
    (kind::PING, &[]),
];
/// Three channels, in this order; then scan: no scan responses waited for, no auxiliary channels, 1M.
const LISTEN: [(u8, &[u8]); 2] = [(kind::CHANNELS, &[3, 37, 38, 39]), (kind::SCAN, &[0])];

impl Receiver for NrfSniffer {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        for speed in SPEEDS {
            if let Some(link) = self.begin(speed, out)? {
                self.link = Some(link);
                return Ok(());
            }
        }
        let path = self.path.display();
        Err(Lost::new(
            Condition::Failing,
            format!("{path}: does not answer as an nRF Sniffer; is its firmware on it?"),
        ))
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        match &mut self.link {
            Some(link) => link.receive(out),
            None => Err(Lost::new(Condition::Unplugged, "not open")),
        }
    }

    fn close(&mut self) {
        if let Some(mut link) = self.link.take() {
            // One that is gone cannot be told, and need not be.
            let _ = link.send(kind::IDLE, &[]);
        }
    }

    fn description(&self) -> String {
        format!(
            "nRF Sniffer {}; legacy advertising, 1M, channels 37, 38, 39 in turn",
            self.version
        )
    }
}

impl Link {
    fn send(&mut self, kind: u8, payload: &[u8]) -> Result<(), Lost> {
        let frame = nrf_frames::command(self.command, kind, payload);
        self.command = self.command.wrapping_add(1);
        self.port.write(&frame)
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        self.ask()?;
        let mut buffer = [0; 16 * 1024];
        let got = self.port.read(&mut buffer)?;
        let now_us = out.clock().now_us();
        for &byte in got {
            let Some(frame) = self.frames.take(byte) else {
                continue;
            };
            match nrf_frames::event(&frame) {
                Ok(event) => self.take(event, now_us, out),
                Err(what) => out.damage(DamageKind::MalformedRow, format!("nRF Sniffer: {what}")),
            }
        }
        let passed_over = std::mem::take(&mut self.frames.passed_over);
        if passed_over > 0 {
            let detail = format!("nRF Sniffer: {passed_over} bytes in no frame");
            out.damage(DamageKind::MalformedRow, detail);
        }
        if self.lost > 0 && self.said.elapsed() >= SAY_EVERY {
            self.said = Instant::now();
            let lost = std::mem::take(&mut self.lost);
            out.condition(Condition::Lost, lost as f64, "");
        }
        Ok(())
    }

    fn take(&mut self, event: Event, now_us: i64, out: &Outlet) {
        self.silence.end();
        let missing = self.number.map_or(0, |before| {
            event.number.wrapping_sub(before).wrapping_sub(1)
        });
        if missing < MOST_MISSING {
            self.lost += u64::from(missing);
        }
        self.number = Some(event.number);
        let What::Packet(packet) = event.what else {
            return;
        };
        let time_us = packet
            .counter_us
            .map_or(now_us, |counter_us| self.clock.time_us(counter_us, now_us));
        let crc = if packet.crc_valid {
            CrcCheck::Valid
        } else {
            CrcCheck::Invalid
        };
        let packet = Packet::LinkLayer {
            bytes: packet.bytes,
            crc,
            rssi: packet.rssi,
            channel: Some(packet.channel),
        };
        out.packet(time_us, packet);
    }

    /// Quiet air, or a sniffer that is no longer there?
    fn ask(&mut self) -> Result<(), Lost> {
        match self.silence.due() {
            Due::Nothing => Ok(()),
            Due::Ask => self.send(kind::PING, &[]),
            Due::GiveUp => Err(Lost::new(
                Condition::Failing,
                "the sniffer does not answer any more",
            )),
        }
    }
}
