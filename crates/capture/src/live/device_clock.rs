//! A device's microsecond counter mapped onto the run's clock.
//!
//! What USB and scheduling add between the air and our reading is never negative, so the smallest difference between both
//! clocks within a while is the closest to the true one; what is above it is delay and does not enter the times.

use std::collections::VecDeque;

/// For how long a difference is believed, µs: crystals 50 ppm apart move by 1.5 ms meanwhile.
const WINDOW_US: i64 = 30_000_000;
/// One smallest difference is kept for each so long, µs.
const STEP_US: i64 = 1_000_000;
/// So far off, µs, it is no delay and no drift: the device began to count anew.
const ANEW_US: i64 = 5_000_000;

/// One device's clock, since it was opened.
#[derive(Debug)]
pub(crate) struct DeviceClock {
    /// The counter begins again after so many µs.
    wraps_after_us: i64,
    /// Our clock and the device's, unwrapped, at the latest reading.
    last: Option<(i64, i64)>,
    /// Smallest difference (ours less the device's) of each step, by the beginning of the step on our clock.
    smallest: VecDeque<(i64, i64)>,
}

impl DeviceClock {
    pub(crate) const fn new(wraps_after_us: i64) -> Self {
        Self {
            wraps_after_us,
            last: None,
            smallest: VecDeque::new(),
        }
    }

    /// When it was, on our clock, that the device's counter stood at `counter_us`, which was read at `now_us`. Never later
    /// than `now_us`.
    pub(crate) fn time_us(&mut self, counter_us: u32, now_us: i64) -> i64 {
        let counter_us = i64::from(counter_us) % self.wraps_after_us;
        let device_us = match self.last {
            None => counter_us,
            Some((then_us, device_us)) => {
                // The only reading of the counter that is near to where it must be now, however long the silence was.
                let expected_us = device_us + (now_us - then_us);
                let half_us = self.wraps_after_us / 2;
                let off_us =
                    (counter_us - expected_us + half_us).rem_euclid(self.wraps_after_us) - half_us;
                expected_us + off_us
            }
        };
        let difference_us = now_us - device_us;
        if self
            .smallest()
            .is_some_and(|smallest| (difference_us - smallest).abs() > ANEW_US)
        {
            self.smallest.clear();
        }
        self.last = Some((now_us, device_us));
        self.keep(now_us, difference_us);
        device_us + self.smallest().unwrap_or(difference_us)
    }

    fn keep(&mut self, now_us: i64, difference_us: i64) {
        let step_us = now_us - now_us.rem_euclid(STEP_US);
        match self.smallest.back_mut() {
            Some((step, smallest)) if *step == step_us => {
                *smallest = (*smallest).min(difference_us);
            }
            _ => self.smallest.push_back((step_us, difference_us)),
        }
        while self
            .smallest
            .front()
            .is_some_and(|&(step, _)| step < step_us - WINDOW_US)
        {
            self.smallest.pop_front();
        }
    }

    fn smallest(&self) -> Option<i64> {
        self.smallest
            .iter()
            .map(|&(_, difference_us)| difference_us)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNIFFLE: i64 = 1 << 30;
    const START_US: i64 = 1_700_000_000_000_000;

    /// A device whose counter stood at `at_us` when the run's clock stood at `START_US`.
    fn counter(at_us: i64, time_us: i64) -> u32 {
        (at_us + time_us - START_US).rem_euclid(SNIFFLE) as u32
    }

    #[test]
    fn delay_does_not_enter_the_times() {
        let mut clock = DeviceClock::new(SNIFFLE);
        let mut worst = 0;
        for n in 0..2000 {
            let true_us = START_US + n * 10_000;
            // Up to 16 ms late, now and then hardly at all.
            let late_us = 300 + (n * 7919) % 16_000;
            let said = clock.time_us(counter(500, true_us), true_us + late_us);
            assert!(said <= true_us + late_us);
            if n > 100 {
                worst = worst.max((said - true_us).abs());
            }
        }
        assert!(worst < 500, "{worst}");
    }

    #[test]
    fn it_goes_on_over_the_wrap_and_over_a_long_silence() {
        let mut clock = DeviceClock::new(SNIFFLE);
        // One second before the counter wraps; then silence for more than two rounds.
        let at = SNIFFLE - 1_000_000;
        for after_us in [
            0,
            500_000,
            1_500_000,
            2_000_000,
            2_600_000_000,
            2_600_100_000,
        ] {
            let true_us = START_US + after_us;
            let said = clock.time_us(counter(at, true_us), true_us + 400);
            assert!(
                (said - true_us).abs() <= 400,
                "{after_us}: {}",
                said - true_us
            );
        }
    }

    #[test]
    fn drift_is_followed() {
        let mut clock = DeviceClock::new(SNIFFLE);
        for n in 0..36_000 {
            // An hour, the device slow by 50 ppm.
            let true_us = START_US + n * 100_000;
            let device = (true_us - START_US) * 999_950 / 1_000_000;
            let said = clock.time_us(device.rem_euclid(SNIFFLE) as u32, true_us + 200);
            assert!((said - true_us).abs() < 2_000, "{n}: {}", said - true_us);
        }
    }

    #[test]
    fn a_device_that_begins_anew_is_taken_anew() {
        let mut clock = DeviceClock::new(SNIFFLE);
        clock.time_us(400_000_000, START_US);
        let said = clock.time_us(5, START_US + 1_000_000);
        assert_eq!(said, START_US + 1_000_000);
    }
}
