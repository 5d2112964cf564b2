//! A Sniffle sniffer on a serial port: passive, no connection followed, 37, 38 and 39 in turn.
//!
//! A tag sends on all three channels within some milliseconds, so that any of them will do; one that leaves channels out is
//! heard on those it uses. Auxiliary channels are not followed: that would take time from the three.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use vigie_decode::{Condition, CrcCheck};

use crate::DamageKind;
use crate::live::device_clock::DeviceClock;
use crate::live::serial_port::{SerialPort, Settings};
use crate::live::silence::{Due, Silence};
use crate::live::sniffle_line::{self, ADVERTISING_ACCESS, Lines, Message};
use crate::live::{Lost, Outlet, Packet, Receiver};

/// Bits per second of the sniffers, and of those with a CP2102 bridge, which can do no more.
const SPEEDS: [u32; 2] = [2_000_000, 921_600];
/// How long to wait for an answer.
const ANSWER: Duration = Duration::from_secs(1);
/// The counter counts quarters of a µs in 32 bits and is told in whole ones.
const WRAPS_AFTER_US: i64 = 1 << 30;
const CHANNELS: [u8; 3] = [37, 38, 39];
/// How long on a channel, ms: of different lengths, so that no tag's interval keeps step with the round.
const STAYS_MS: [u64; 5] = [1000, 1300, 700, 1100, 900];
/// Initial value of the CRC on advertising channels, as the sniffer takes it.
const CRC_INIT: [u8; 4] = [0x55, 0x55, 0x55, 0x00];

/// Kinds of commands. Those that make a sniffer transmit (0x19, 0x1A, 0x1C, 0x22, 0x25) are not here.
mod kind {
    pub(super) const CHANNEL: u8 = 0x10;
    pub(super) const PAUSE_WHEN_DONE: u8 = 0x11;
    pub(super) const WEAKEST: u8 = 0x12;
    pub(super) const ONLY_ADDRESS: u8 = 0x13;
    pub(super) const FOLLOW: u8 = 0x15;
    pub(super) const AUXILIARY: u8 = 0x16;
    pub(super) const MARKER: u8 = 0x18;
    pub(super) const VERSION: u8 = 0x24;
    pub(super) const CHECK_CRC: u8 = 0x26;
}

/// The receiver.
pub(crate) struct Sniffle {
    path: PathBuf,
    link: Option<Link>,
    version: String,
}

struct Link {
    port: SerialPort,
    lines: Lines,
    clock: DeviceClock,
    /// Stays begun, and until when the latest lasts.
    stays: usize,
    until: Instant,
    silence: Silence,
}

impl Sniffle {
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
            flow_control: false,
        };
        let mut port = SerialPort::open(&self.path, settings)?;
        // What was sent before us is ended by this.
        port.write(b"@@@@@@@@\r\n")?;
        for command in set_up() {
            port.write(&sniffle_line::command(&command))?;
        }
        let mark = out.clock().now_us().to_le_bytes();
        let mark = [&[kind::MARKER], &mark[..4]].concat();
        port.write(&sniffle_line::command(&mark))?;
        let mut lines = Lines::default();
        let mut buffer = [0; 4096];
        let until = Instant::now() + ANSWER;
        while Instant::now() < until && !out.is_stopped() {
            lines.take(port.read(&mut buffer)?);
            // What comes before the answer was received with other settings, or begins in the middle of a line.
            while let Some(line) = lines.next() {
                match line.and_then(|line| sniffle_line::message(&line)) {
                    Ok(Message::Version(major, minor, revision)) => {
                        self.version = format!("Sniffle {major}.{minor}.{revision}");
                    }
                    Ok(Message::Marker(sent)) if sent == mark[1..] => {
                        return Ok(Some(Link {
                            port,
                            lines,
                            clock: DeviceClock::new(WRAPS_AFTER_US),
                            stays: 0,
                            until: Instant::now(),
                            silence: Silence::new(ANSWER),
                        }));
                    }
                    _ => {}
                }
            }
        }
        Ok(None)
    }
}

/// What makes a sniffer listen, and nothing else, whatever it did before.
fn set_up() -> [Vec<u8>; 8] {
    [
        // Tuning it ends advertising, scanning and connections of its own.
        tune(37),
        vec![kind::PAUSE_WHEN_DONE, 0],
        vec![kind::FOLLOW, 0],
        vec![kind::AUXILIARY, 0],
        vec![kind::WEAKEST, 0x80],
        vec![kind::ONLY_ADDRESS],
        // Frames with a wrong CRC are told as such: many of them say something of the air.
        vec![kind::CHECK_CRC, 0],
        vec![kind::VERSION],
    ]
}

/// Channel, access address, PHY (0: 1M), initial CRC.
fn tune(channel: u8) -> Vec<u8> {
    [
        &[kind::CHANNEL, channel][..],
        &ADVERTISING_ACCESS,
        &[0],
        &CRC_INIT,
    ]
    .concat()
}

impl Receiver for Sniffle {
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
            format!("{path}: does not answer as a Sniffle sniffer; is its firmware on it?"),
        ))
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        match &mut self.link {
            Some(link) => link.receive(out),
            None => Err(Lost::new(Condition::Unplugged, "not open")),
        }
    }

    fn close(&mut self) {
        self.link = None;
    }

    fn description(&self) -> String {
        format!(
            "{}; legacy advertising, 1M, channels 37, 38, 39 in turn",
            self.version
        )
    }
}

impl Link {
    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        self.move_on()?;
        self.ask()?;
        let mut buffer = [0; 16 * 1024];
        self.lines.take(self.port.read(&mut buffer)?);
        let now_us = out.clock().now_us();
        while let Some(line) = self.lines.next() {
            match line.and_then(|line| sniffle_line::message(&line)) {
                Ok(message) => {
                    self.silence.end();
                    if let Message::Packet(packet) = message {
                        let time_us = self.clock.time_us(packet.counter_us, now_us);
                        let crc = if packet.crc_valid {
                            CrcCheck::Valid
                        } else {
                            CrcCheck::Invalid
                        };
                        let packet = Packet::LinkLayer {
                            bytes: packet.on_air(),
                            crc,
                            rssi: Some(packet.rssi),
                            channel: Some(packet.channel),
                        };
                        out.packet(time_us, packet);
                    }
                }
                Err(what) => out.damage(DamageKind::MalformedRow, format!("Sniffle: {what}")),
            }
        }
        Ok(())
    }

    /// To the next channel when it is time.
    fn move_on(&mut self) -> Result<(), Lost> {
        if Instant::now() < self.until {
            return Ok(());
        }
        let channel = CHANNELS[self.stays % CHANNELS.len()];
        let stay = STAYS_MS[self.stays % STAYS_MS.len()];
        self.port.write(&sniffle_line::command(&tune(channel)))?;
        self.stays += 1;
        self.until = Instant::now() + Duration::from_millis(stay);
        Ok(())
    }

    /// Quiet air, or a sniffer that is no longer there?
    fn ask(&mut self) -> Result<(), Lost> {
        match self.silence.due() {
            Due::Nothing => Ok(()),
            Due::Ask => self
                .port
                .write(&sniffle_line::command(&[kind::MARKER, 0, 0, 0, 0])),
            Due::GiveUp => Err(Lost::new(
                Condition::Failing,
                "the sniffer does not answer any more",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_makes_nothing_be_transmitted() {
        let listens = [0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x18, 0x24, 0x26];
        assert!(set_up().iter().all(|command| listens.contains(&command[0])));
        assert_eq!(
            tune(38),
            [0x10, 38, 0xD6, 0xBE, 0x89, 0x8E, 0, 0x55, 0x55, 0x55, 0]
        );
        assert!(set_up().contains(&vec![kind::FOLLOW, 0]));
    }

    #[test]
    fn a_round_meets_every_channel_for_every_length_of_stay() {
        let rounds: std::collections::BTreeSet<_> = (0..15)
            .map(|n| (n % CHANNELS.len(), n % STAYS_MS.len()))
            .collect();
        assert_eq!(rounds.len(), 15);
    }
}
