//! The clock of a live run: the wall clock at its start, then even steps, whatever is done to the wall clock.

use rustix::time::{ClockId, clock_gettime};

/// Time of one run, µs since 1970, that goes on evenly also while the machine sleeps (`CLOCK_BOOTTIME`).
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    /// Added to the time since boot, µs.
    base_us: i64,
}

impl SteadyClock {
    /// Begins at what the wall clock says now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            base_us: wall_us() - boot_us(),
        }
    }

    /// Time of the run now, µs since 1970.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        boot_us() + self.base_us
    }

    /// What is added to the time since boot, µs.
    #[must_use]
    pub const fn base_us(&self) -> i64 {
        self.base_us
    }

    /// How far the wall clock is ahead of the run's clock now, µs: not 0 once it was set.
    #[must_use]
    pub fn wall_ahead_us(&self) -> i64 {
        wall_us() - self.now_us()
    }
}

fn boot_us() -> i64 {
    micros(ClockId::Boottime)
}

fn wall_us() -> i64 {
    micros(ClockId::Realtime)
}

fn micros(clock: ClockId) -> i64 {
    let time = clock_gettime(clock);
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

/// Which boot of the machine this is (`/proc/sys/kernel/random/boot_id`); empty where the system does not say.
#[must_use]
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_wall_clock_and_never_goes_back() {
        let clock = SteadyClock::start();
        let first = clock.now_us();
        assert!(clock.wall_ahead_us().abs() < 1_000_000);
        assert!(clock.now_us() >= first);
    }
}
