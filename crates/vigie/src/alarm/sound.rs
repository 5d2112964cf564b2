//! A sound on this machine: the bell of the terminal, or a tone handed to a player. Whether anybody hears it cannot be known:
//! "delivered" means that the bell was sent to the terminal, or that the player ended well.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::failure::{Failure, Why};
use super::{Channel, PATIENCE, command};

/// Samples a second; 2 s of 16 bits at this rate fit into a pipe.
const RATE: u32 = 8000;
/// Half-seconds of tone, Hz.
const TONES: [f32; 4] = [880.0, 660.0, 880.0, 660.0];

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sound {
    /// A program that plays a WAV file from its standard input, such as `["aplay", "-q", "-"]`; none: the terminal's bell.
    player: Option<Vec<String>>,
}

impl Sound {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, _folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        if self.player.as_ref().is_some_and(Vec::is_empty) {
            bail!("player: [\"PROGRAM\", \"ARGUMENT\", …]");
        }
        Ok((Box::new(Open(self.player.clone())), Vec::new()))
    }
}

struct Open(Option<Vec<String>>);

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        if let Some(player) = &self.0 {
            return command::run(player, &tone(), message, PATIENCE);
        }
        let terminal = OpenOptions::new().write(true).open("/dev/tty");
        terminal
            .and_then(|mut terminal| terminal.write_all(b"\x07"))
            .map_err(|e| Failure::new(Why::Terminal, format!("no terminal to ring: {e}")))
    }
}

/// Two seconds of two tones in turn: RIFF/WAVE, PCM, one channel, 16 bits.
fn tone() -> Vec<u8> {
    let half = RATE / 2;
    let bytes = half * TONES.len() as u32 * 2;
    let mut wav = Vec::with_capacity(44 + bytes as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    for hz in TONES {
        for sample in 0..half {
            let phase = std::f32::consts::TAU * hz * sample as f32 / RATE as f32;
            wav.extend(((phase.sin() * 20_000.0) as i16).to_le_bytes());
        }
    }
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_as_long_as_its_head_says_and_fits_into_a_pipe() {
        let wav = tone();
        assert_eq!(wav.len(), 44 + 32_000);
        assert!(wav.len() < 65_536);
        assert_eq!(
            wav.get(4..8),
            Some(&(wav.len() as u32 - 8).to_le_bytes()[..])
        );
    }
}
