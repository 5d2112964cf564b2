//! Progress on standard error, to a terminal only.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use vigie_show::{Texts, Value};

/// A bar over the bytes of the inputs.
pub struct Progress<'t> {
    bar: Option<ProgressBar>,
    texts: &'t Texts,
}

impl<'t> Progress<'t> {
    /// Shows itself only where a person can see it.
    pub fn new(texts: &'t Texts) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(5);
            let bar = ProgressBar::with_draw_target(Some(1), target);
            match ProgressStyle::with_template("{bar:30} {msg} {eta}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self { bar, texts }
    }

    /// So many of all bytes were read, and so many frames in them.
    pub fn at(&self, bytes: u64, all: u64, frames: u64) {
        let Some(bar) = &self.bar else { return };
        bar.set_length(all);
        bar.set_position(bytes);
        let share = if all == 0 {
            0.0
        } else {
            bytes as f64 / all as f64
        };
        bar.set_message(self.texts.text_with(
            "progress-reading",
            &[
                ("percent", Value::Percent(share)),
                ("frames", Value::Count(frames)),
            ],
        ));
    }

    /// Lets a line pass above the bar.
    pub fn say(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.suspend(|| eprintln!("{line}"));
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.done();
    }
}
