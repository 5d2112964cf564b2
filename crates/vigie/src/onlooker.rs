//! Looks on while a run is judged: shows it to the console, and plays it back at a chosen speed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vigie_console::Hub;
use vigie_decode::Fix;
use vigie_detect::Intake;

use crate::stop::Stop;

/// Between two looks, µs of the run.
const LOOK_US: i64 = 1_000_000;
/// Between two looks at least: at full speed an hour goes by in a second.
const LOOKS_APART: Duration = Duration::from_millis(200);
/// How soon an interruption is noticed.
const STEP: Duration = Duration::from_millis(50);
/// Less than this is not waited for.
const WORTH_WAITING: Duration = Duration::from_millis(2);

/// Somebody who looks on.
#[derive(Debug)]
pub struct Onlooker {
    hub: Arc<Hub>,
    speed: Option<f64>,
    stop: Stop,
    /// When the run began, and by its own time.
    began: Option<(Instant, i64)>,
    looked_us: i64,
    looked: Option<Instant>,
}

impl Onlooker {
    /// With `speed`, the run goes on so many times faster than it was recorded; without, as fast as it can be judged.
    pub fn new(hub: Arc<Hub>, speed: Option<f64>, stop: Stop) -> Self {
        Self {
            hub,
            speed,
            stop,
            began: None,
            looked_us: i64::MIN,
            looked: None,
        }
    }

    /// Whether to stop before the next event.
    pub fn is_asked_to_stop(&self) -> bool {
        self.stop.asked()
    }

    /// Something of this time comes next.
    pub fn before(&mut self, at_us: i64, intake: &Intake) {
        if at_us >= self.looked_us.saturating_add(LOOK_US)
            && self.looked.is_none_or(|at| at.elapsed() >= LOOKS_APART)
        {
            self.looked_us = at_us;
            self.looked = Some(Instant::now());
            self.hub.look(intake);
        }
        let Some(speed) = self.speed else {
            return;
        };
        let (began, first_us) = *self.began.get_or_insert((Instant::now(), at_us));
        let due_s = at_us.saturating_sub(first_us) as f64 / 1e6 / speed;
        let due = began + Duration::try_from_secs_f64(due_s).unwrap_or_default();
        while !self.stop.asked() {
            let left = due.saturating_duration_since(Instant::now());
            if left < WORTH_WAITING {
                break;
            }
            std::thread::sleep(left.min(STEP));
        }
    }

    /// A position was taken.
    pub fn fix(&self, fix: &Fix, intake: &Intake) {
        show_fix(&self.hub, fix, intake);
    }

    /// The run is about to end.
    pub fn at_the_end(&self, intake: &Intake) {
        self.hub.look(intake);
    }
}

/// Shows a position: of the vehicle in which its sensor rides, else of the convoy.
pub fn show_fix(hub: &Hub, fix: &Fix, intake: &Intake) {
    let vehicle = fix.sensor.and_then(|s| intake.vehicle_of(s, fix.time_us));
    hub.fix(fix, vehicle);
}
