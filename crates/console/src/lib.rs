//! The console: what a run yields, as a picture that is kept up to date, and a small server that shows it to a browser.
//!
//! [`Hub`] is what the engine writes to and the server reads; [`Console`] serves it. Only what travels with us is in the picture:
//! passers-by are counted.
#![forbid(unsafe_code)]

mod access;
mod acts;
#[cfg(test)]
mod folding_test;
mod hub;
mod journal;
mod parts;
mod picture;
mod server;
mod track;

pub use access::Role;
pub use hub::Hub;
pub use picture::Run;
pub use server::{Console, ConsoleError, Settings};
