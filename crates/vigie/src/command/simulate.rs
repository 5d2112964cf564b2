//! `vigie simulate`: labelled traces.

use anyhow::Result;
use vigie_show::{Texts, Value};
use vigie_trial::generate::{CrcFlag, Generated, Load, LoadFormat, Scenario, write, write_load};

use crate::arguments::{Family, Simulate};

/// Runs the command.
pub fn run(arguments: &Simulate, texts: &Texts) -> Result<u8> {
    std::fs::create_dir_all(&arguments.out)?;
    let seed = arguments.seed;
    match arguments.family {
        Family::Walk => tell(&write(&arguments.out, Scenario::Walk, seed)?, texts),
        Family::Drive => tell(&write(&arguments.out, Scenario::Drive, seed)?, texts),
        Family::Load => {
            let crc = if arguments.crc_unchecked {
                CrcFlag::Unchecked
            } else {
                CrcFlag::Checked
            };
            let load = Load {
                frames: arguments.frames,
                addresses: arguments.addresses,
                hours: arguments.hours,
                seed,
                crc,
            };
            write_load(&arguments.out.join("load.pcap"), &load, LoadFormat::Pcap)?;
        }
    }
    Ok(0)
}

/// Says what was simulated, and where it lies.
pub fn tell(made: &Generated, texts: &Texts) {
    let path = made.capture.display().to_string();
    eprintln!(
        "{}",
        texts.text_with(
            "simulated",
            &[
                ("path", Value::Text(&path)),
                ("tag", Value::Text(&made.tag)),
                ("frames", Value::Count(made.frames)),
            ]
        )
    );
}
