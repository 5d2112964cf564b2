//! Labelled recordings, rival rules and the scoring.
//!
//! Nothing here reads a capture format or runs the product: a recording comes in as a plain
//! [`Log`], the product's answer as plain [`evaluate::ProductRun`]s. So the rivals and the product
//! are judged on the same sightings by the same code.

#![forbid(unsafe_code)]

pub mod compose;
pub mod convoy;
pub mod distance;
pub mod evaluate;
pub mod families;
pub mod generate;
pub mod intervals;
pub mod labels;
mod log;
pub mod loro;
mod random;
pub mod redraw;
pub mod regimes;
pub mod reliability;
pub mod rules;
pub mod score;
pub mod table;
pub mod tail;

pub use evaluate::{Options, ProductRun, evaluate, in_parallel};
pub use labels::{Truth, TruthFile};
pub use log::{Log, Sighting};
pub use regimes::Regime;
pub use score::Alert;
pub use table::{Labels, Table};
