//! What a product said of a trace, as plain data.

use serde::Serialize;

/// The four states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not enough was heard.
    Blind,
    /// Nothing found.
    Clear,
    /// Something on its way.
    Watch,
    /// An alert stands.
    Act,
}

/// Which vehicle was named, at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// Microseconds since 1970.
    pub at_us: i64,
    /// The vehicle, from 0; `None`: no single one.
    pub vehicle: Option<u8>,
    /// Its stated probability.
    pub probability: Option<f64>,
    /// The pair, where one was named instead.
    pub pair: Option<(u8, u8)>,
}

/// One alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    /// The decision, microseconds since 1970.
    pub at_us: i64,
    /// The address that alerted, as printed; `None` for an alert on a tracker that changes its key.
    pub address: Option<String>,
    /// The vehicle at the alert and whenever it changed, in order of time.
    pub named: Vec<Named>,
}

/// One emitter as told at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its address, as printed.
    pub address: String,
    /// Stated probability that it travels with us.
    pub probability: f64,
    /// Called aboard.
    pub aboard: bool,
    /// Called ours: enrolled, or probably ours.
    pub ours: bool,
    /// Last sighting, microseconds since 1970.
    pub last_us: i64,
    /// Addresses that it is said to follow on, each with its probability.
    pub follows: Vec<(String, f64)>,
}

/// All that was said of one trace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// In the order of the decisions.
    pub raised: Vec<Raised>,
    /// Emitters.
    pub told: Vec<Told>,
    /// The state at these times (microseconds since 1970), evenly spaced.
    pub states: Vec<(i64, State)>,
}
