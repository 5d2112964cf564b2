//! What this machine can hear, what it sends itself, and what is wrong. One file per subject.
//!
//! Nothing is guessed: what cannot be read is said to be unknown.

mod adapters;
mod clock;
mod disk;
mod emissions;
mod finding;
mod listening;
mod machine;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod made_up;
mod power;
mod reference;
mod rights;
mod sniffers;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use vigie_capture::live::SensorSpec;
use vigie_keep::recorder::Rules;

pub use finding::{Finding, Severity};
pub use machine::Machine;
pub use reference::Reference;

use crate::stop::Stop;

/// What belongs together, as it is shown.
pub struct Section {
    /// `doctor-section-NAME` in the texts.
    pub name: &'static str,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What to listen with, and for how long.
pub struct Listening<'a> {
    /// The receivers; none: nothing is opened.
    pub sensors: &'a [SensorSpec],
    /// How long.
    pub lasts: Duration,
    /// An own tag to be heard meanwhile.
    pub reference: Option<Reference>,
}

/// Looks at the machine, without opening anything.
pub fn look(machine: &Machine, case: &Path, given_sensors: bool) -> Vec<Section> {
    let mut receivers = adapters::look(machine);
    receivers.extend(sniffers::look(machine));
    let none = adapters::adapters(machine).is_empty()
        && sniffers::ports(machine)
            .iter()
            .all(|port| port.kind.is_none());
    if none && !given_sensors {
        receivers.push(Finding::problem("no_receiver"));
    }
    receivers.extend(rights::look(machine));
    let rules = Rules::default();
    let limits = disk::Limits {
        low: rules.low_bytes,
        full: rules.full_bytes,
    };
    let mut itself = clock::look(machine);
    itself.extend(power::look(machine));
    itself.push(disk::look(case, &limits));
    [
        ("receivers", receivers),
        ("machine", itself),
        ("emissions", emissions::look(machine)),
    ]
    .map(|(name, findings)| Section { name, findings })
    .into()
}

/// Opens the receivers and measures what they hear; `None` when there are none to open.
pub fn listen(listening: &Listening<'_>, stop: &Stop) -> Result<Option<Section>> {
    let Listening {
        sensors,
        lasts,
        reference,
    } = listening;
    if sensors.is_empty() {
        return Ok(None);
    }
    Ok(Some(Section {
        name: "listening",
        findings: listening::measure(sensors, *lasts, reference.as_ref(), stop)?,
    }))
}
