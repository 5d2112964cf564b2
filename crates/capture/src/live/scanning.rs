//! Passive scanning over HCI: what is sent to a controller, what it must answer, and what of its events is kept.
//!
//! Core Specification Vol 4 Part E. Scan type is passive always; no advertising and no connection is ever asked for.

use vigie_decode::Condition;

use crate::live::Lost;

/// Packet indicators of H4 (Vol 4 Part A section 2).
pub(crate) const COMMAND: u8 = 0x01;
pub(crate) const EVENT: u8 = 0x04;

const COMMAND_COMPLETE: u8 = 0x0E;
const COMMAND_STATUS: u8 = 0x0F;
const LE_META: u8 = 0x3E;
const ADVERTISING_REPORT: u8 = 0x02;
const EXTENDED_ADVERTISING_REPORT: u8 = 0x0D;

/// Commands, as OGF and OCF in one number.
pub(crate) mod opcode {
    pub(crate) const RESET: u16 = 0x0C03;
    pub(crate) const SET_EVENT_MASK: u16 = 0x0C01;
    pub(crate) const READ_LOCAL_VERSION: u16 = 0x1001;
    pub(crate) const LE_SET_EVENT_MASK: u16 = 0x2001;
    pub(crate) const LE_READ_LOCAL_FEATURES: u16 = 0x2003;
    pub(crate) const LE_SET_SCAN_PARAMETERS: u16 = 0x200B;
    pub(crate) const LE_SET_SCAN_ENABLE: u16 = 0x200C;
    pub(crate) const LE_SET_EXTENDED_SCAN_PARAMETERS: u16 = 0x2041;
    pub(crate) const LE_SET_EXTENDED_SCAN_ENABLE: u16 = 0x2042;

    /// No other is ever sent.
    pub(crate) const ALL: [u16; 9] = [
        RESET,
        SET_EVENT_MASK,
        READ_LOCAL_VERSION,
        LE_SET_EVENT_MASK,
        LE_READ_LOCAL_FEATURES,
        LE_SET_SCAN_PARAMETERS,
        LE_SET_SCAN_ENABLE,
        LE_SET_EXTENDED_SCAN_PARAMETERS,
        LE_SET_EXTENDED_SCAN_ENABLE,
    ];
}

/// Scan interval and window, both 0.625 ms times this: listening all the time, 60 ms on each channel.
const INTERVAL: [u8; 2] = [0x60, 0x00];
/// Feature bit: LE Extended Advertising (Vol 6 Part B 4.6).
const EXTENDED_ADVERTISING: u64 = 1 << 12;

/// A command packet with its indicator.
pub(crate) fn command(opcode: u16, parameters: &[u8]) -> Vec<u8> {
    let [low, high] = opcode.to_le_bytes();
    let mut packet = vec![COMMAND, low, high, parameters.len() as u8];
    packet.extend_from_slice(parameters);
    packet
}

/// What an event packet (with its indicator) is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// A command was carried out or refused: opcode, status, what it returns behind the status.
    Answer(u16, u8, &'a [u8]),
    /// Advertising reports.
    Reports,
    /// The controller reports trouble of its own (Hardware Error).
    HardwareError(u8),
    /// Anything else.
    Other,
}

/// Reads an event packet.
pub(crate) fn event(packet: &[u8]) -> Event<'_> {
    match packet {
        [EVENT, COMMAND_COMPLETE, _, _, low, high, status, rest @ ..] => {
            Event::Answer(u16::from_le_bytes([*low, *high]), *status, rest)
        }
        [EVENT, COMMAND_STATUS, _, status, _, low, high, ..] => {
            Event::Answer(u16::from_le_bytes([*low, *high]), *status, &[])
        }
        [
            EVENT,
            LE_META,
            _,
            ADVERTISING_REPORT | EXTENDED_ADVERTISING_REPORT,
            ..,
        ] => Event::Reports,
        [EVENT, 0x10, _, code, ..] => Event::HardwareError(*code),
        _ => Event::Other,
    }
}

/// Whether what an event says of its own length agrees. Of events that are not read there is nothing to say.
pub(crate) fn adds_up(event: &[u8]) -> bool {
    // Of one report: bytes before its payload, where among them the payload's length stands, bytes behind it.
    let (before, length_at, behind, count, mut rest) = match event {
        [EVENT, COMMAND_COMPLETE, _, ..] => return event.len() >= 6,
        [EVENT, COMMAND_STATUS, _, ..] => return event.len() == 7,
        [EVENT, LE_META, _, ADVERTISING_REPORT, count, rest @ ..] => (9, 8, 1, *count, rest),
        [
            EVENT,
            LE_META,
            _,
            EXTENDED_ADVERTISING_REPORT,
            count,
            rest @ ..,
        ] => (24, 23, 0, *count, rest),
        [EVENT, LE_META, 0, ..] => return false,
        _ => return true,
    };
    for _ in 0..count {
        let after = rest
            .get(length_at)
            .and_then(|&payload| rest.get(before + usize::from(payload) + behind..));
        let Some(after) = after else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

/// Whether bytes can be the beginning of advertising reports or of an answer to a command of ours: rare enough in other bytes to
/// begin again there.
pub(crate) fn begins_what_we_asked_for(bytes: &[u8]) -> bool {
    match bytes {
        [EVENT, LE_META, length, rest @ ..] => match rest {
            [ADVERTISING_REPORT | EXTENDED_ADVERTISING_REPORT, count, ..] => {
                (1..=25).contains(count) && *length >= 12
            }
            [ADVERTISING_REPORT | EXTENDED_ADVERTISING_REPORT] | [] => true,
            _ => false,
        },
        [EVENT, COMMAND_COMPLETE, _, _, low, high, ..]
        | [EVENT, COMMAND_STATUS, 4, _, _, low, high, ..] => {
            opcode::ALL.contains(&u16::from_le_bytes([*low, *high]))
        }
        [EVENT, COMMAND_COMPLETE, ..] => bytes.len() < 6,
        [EVENT, COMMAND_STATUS, 4, ..] => bytes.len() < 7,
        _ => false,
    }
}

/// A way to a controller that answers commands.
pub(crate) trait Controller {
    /// Sends a command and waits for its answer, handing on what else comes: what it returns behind the status, and the status.
    fn ask(&mut self, opcode: u16, parameters: &[u8]) -> Result<(u8, Vec<u8>), Lost>;
}

/// What was learnt of a controller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Learnt {
    pub(crate) extended: bool,
    /// HCI version, manufacturer, and subversion.
    pub(crate) version: String,
}

impl Learnt {
    /// For the head of a recording.
    pub(crate) fn description(&self) -> String {
        let reports = if self.extended {
            "legacy and extended advertising, 1M"
        } else {
            "legacy advertising, 1M"
        };
        format!("{}; {reports}", self.version)
    }
}

/// A command without an answer in time.
pub(crate) fn no_answer(opcode: u16) -> Lost {
    Lost::new(
        Condition::Failing,
        format!("the controller does not answer command {opcode:#06x}"),
    )
}

/// Makes a controller listen: passively, all the time, every advertisement, legacy and extended on the 1M PHY.
///
/// The coded PHY is left out: a receiver listens to one PHY at a time, so half of the time for it halves what is heard of the
/// trackers known today, which all use 1M.
pub(crate) fn begin(controller: &mut impl Controller, reset: bool) -> Result<Learnt, Lost> {
    if reset {
        must(controller, opcode::RESET, &[])?;
    }
    let version = must(controller, opcode::READ_LOCAL_VERSION, &[])?;
    let features = must(controller, opcode::LE_READ_LOCAL_FEATURES, &[])?;
    let features = features
        .first_chunk::<8>()
        .map_or(0, |&f| u64::from_le_bytes(f));
    // LE Meta and what is on by default; advertising reports of both kinds.
    must(
        controller,
        opcode::SET_EVENT_MASK,
        &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0x00, 0x20],
    )?;
    must(
        controller,
        opcode::LE_SET_EVENT_MASK,
        &[0x02, 0x10, 0, 0, 0, 0, 0, 0],
    )?;
    let extended = features & EXTENDED_ADVERTISING != 0;
    let [low, high] = INTERVAL;
    if extended {
        // Public address (none is sent), no filter, the 1M PHY: passive, interval, window.
        let parameters = [0, 0, 0x01, 0x00, low, high, low, high];
        must(
            controller,
            opcode::LE_SET_EXTENDED_SCAN_PARAMETERS,
            &parameters,
        )?;
        // On, duplicates kept, no end.
        must(
            controller,
            opcode::LE_SET_EXTENDED_SCAN_ENABLE,
            &[1, 0, 0, 0, 0, 0],
        )?;
    } else {
        let parameters = [0x00, low, high, low, high, 0, 0];
        must(controller, opcode::LE_SET_SCAN_PARAMETERS, &parameters)?;
        must(controller, opcode::LE_SET_SCAN_ENABLE, &[1, 0])?;
    }
    Ok(Learnt {
        extended,
        version: version_text(&version),
    })
}

/// The command that stops listening.
pub(crate) fn end(extended: bool) -> Vec<u8> {
    if extended {
        command(opcode::LE_SET_EXTENDED_SCAN_ENABLE, &[0; 6])
    } else {
        command(opcode::LE_SET_SCAN_ENABLE, &[0, 0])
    }
}

fn must(controller: &mut impl Controller, opcode: u16, parameters: &[u8]) -> Result<Vec<u8>, Lost> {
    match controller.ask(opcode, parameters)? {
        (0, returned) => Ok(returned),
        (status, _) => Err(Lost::new(
            Condition::Failing,
            format!("the controller refuses command {opcode:#06x} with status {status:#04x}"),
        )),
    }
}

fn version_text(returned: &[u8]) -> String {
    match returned {
        [hci, h0, h1, lmp, m0, m1, s0, s1, ..] => format!(
            "HCI {hci} ({:#06x}), LMP {lmp} ({:#06x}), manufacturer {}",
            u16::from_le_bytes([*h0, *h1]),
            u16::from_le_bytes([*s0, *s1]),
            u16::from_le_bytes([*m0, *m1]),
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers every command, and remembers what was asked.
    struct Asked(Vec<(u16, Vec<u8>)>, u64);

    impl Controller for Asked {
        fn ask(&mut self, opcode: u16, parameters: &[u8]) -> Result<(u8, Vec<u8>), Lost> {
            self.0.push((opcode, parameters.to_vec()));
            let returned = match opcode {
                opcode::LE_READ_LOCAL_FEATURES => self.1.to_le_bytes().to_vec(),
                opcode::READ_LOCAL_VERSION => vec![12, 1, 0, 12, 0xF0, 0x05, 2, 0],
                _ => Vec::new(),
            };
            Ok((0, returned))
        }
    }

    #[test]
    fn scanning_is_passive_and_all_the_time_whatever_the_controller_can() {
        for (features, parameters, at) in [
            (0, opcode::LE_SET_SCAN_PARAMETERS, 0),
            (
                EXTENDED_ADVERTISING,
                opcode::LE_SET_EXTENDED_SCAN_PARAMETERS,
                3,
            ),
        ] {
            let mut controller = Asked(Vec::new(), features);
            let learnt = begin(&mut controller, true).unwrap();
            assert_eq!(
                learnt.version,
                "HCI 12 (0x0001), LMP 12 (0x0002), manufacturer 1520"
            );
            let (_, sent) = controller.0.iter().find(|(o, _)| *o == parameters).unwrap();
            // 0: passive.
            assert_eq!(sent[at], 0);
            assert_eq!(sent[at + 1..at + 3], sent[at + 3..at + 5]);
            // No advertising (0x2008 and the like), no connection (0x200D), no active scan.
            let allowed = [
                0x0C03, 0x0C01, 0x1001, 0x2001, 0x2003, 0x200B, 0x200C, 0x2041, 0x2042,
            ];
            assert_eq!(opcode::ALL.map(|o| allowed.contains(&o)), [true; 9]);
            assert!(controller.0.iter().all(|(o, _)| allowed.contains(o)));
        }
    }

    #[test]
    fn events_are_told_apart() {
        assert_eq!(
            event(&[4, 0x0E, 4, 1, 0x03, 0x0C, 0]),
            Event::Answer(0x0C03, 0, &[])
        );
        assert_eq!(
            event(&[4, 0x0F, 4, 0x0C, 1, 0x0B, 0x20]),
            Event::Answer(0x200B, 0x0C, &[])
        );
        assert_eq!(event(&[4, 0x3E, 12, 2, 1]), Event::Reports);
        assert_eq!(event(&[4, 0x3E, 12, 0x0D, 1]), Event::Reports);
        assert_eq!(event(&[4, 0x10, 1, 7]), Event::HardwareError(7));
        assert_eq!(event(&[4]), Event::Other);
        assert_eq!(event(&[]), Event::Other);
    }
}
