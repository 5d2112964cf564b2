//! One planted tag in a simulated convoy, and what is heard of it.

use vigie_trial::convoy::{Environment, Heard, Plan, Planted, Trace};

/// What is heard of the first planted tag.
pub fn planted(trace: &Trace) -> Vec<Heard> {
    let device = trace.truth.planted[0].device;
    let of = |h: &&Heard| trace.identities[h.identity as usize].device == device;
    trace.heard.iter().filter(of).copied().collect()
}

/// A country road with this tag.
pub fn with(tag: Planted) -> Plan {
    Plan {
        environment: Environment::Rural,
        planted: vec![tag],
        ..Plan::default()
    }
}
