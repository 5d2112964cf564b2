//! How long we really listened, and when each sensor was deaf.
//!
//! A sensor that hears nothing at all for longer than the cap may be asleep, unplugged or alone in a desert:
//! it cannot be told from the recording, so it counts as deaf, and the scan clock stops (`onperson.md` section 5).

/// Scan clock and deaf time.
#[derive(Debug)]
pub struct Listening {
    cap_us: i64,
    first_us: Option<i64>,
    last_us: i64,
    scan_us: i64,
    /// Since the last sighting by any sensor, of which this much was counted as listened, µs.
    quiet_us: i64,
    sensors: Vec<Ear>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Ear {
    last_us: Option<i64>,
    deaf_us: i64,
    /// Deaf by its own word, since when.
    stated_us: Option<i64>,
}

impl Listening {
    /// Silence up to `cap_s` seconds is quiet, beyond it deafness.
    #[must_use]
    pub fn new(cap_s: f64) -> Self {
        Self {
            cap_us: (cap_s * 1e6) as i64,
            first_us: None,
            last_us: 0,
            scan_us: 0,
            quiet_us: 0,
            sensors: Vec::new(),
        }
    }

    /// A sensor heard something; returns how long it was deaf before, seconds, where it was.
    #[inline]
    pub fn heard(&mut self, sensor: u16, time_us: i64) -> Option<f64> {
        self.quiet_us = 0;
        self.reach(time_us);
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, Ear::default());
        }
        let ear = self.sensors.get_mut(at)?;
        let silence = ear.last_us.map_or(0, |last| time_us - last);
        ear.last_us = Some(ear.last_us.map_or(time_us, |last| last.max(time_us)));
        let deaf = silence - self.cap_us;
        if deaf <= 0 {
            return None;
        }
        ear.deaf_us += deaf;
        Some(deaf as f64 / 1e6)
    }

    /// Time goes on without a sighting: up to the cap it counts as listened, as between two sightings.
    pub fn tick(&mut self, time_us: i64) {
        let scanned_us = self.scan_us;
        let room_us = (self.cap_us - self.quiet_us).max(0);
        self.reach(time_us);
        self.scan_us = scanned_us + (self.scan_us - scanned_us).min(room_us);
        self.quiet_us += self.scan_us - scanned_us;
    }

    /// A sensor says that it is deaf from now on.
    pub fn is_deaf_from(&mut self, sensor: u16, time_us: i64) {
        let cap_us = self.cap_us;
        let ear = self.ear(sensor);
        if ear.stated_us.is_some() {
            return;
        }
        // What it was silent for before counts on its own.
        ear.deaf_us += ear
            .last_us
            .map_or(0, |last| (time_us - last - cap_us).max(0));
        ear.stated_us = Some(time_us);
    }

    /// A sensor that said that it is deaf says that it listens again: its silence begins anew.
    pub fn hears_again(&mut self, sensor: u16, time_us: i64) {
        let ear = self.ear(sensor);
        if let Some(since_us) = ear.stated_us.take() {
            ear.deaf_us += (time_us - since_us).max(0);
            ear.last_us = ear.last_us.max(Some(time_us));
        }
    }

    fn ear(&mut self, sensor: u16) -> &mut Ear {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, Ear::default());
        }
        // Just made to hold it.
        &mut self.sensors[at]
    }

    fn reach(&mut self, time_us: i64) {
        match self.first_us {
            None => {
                self.first_us = Some(time_us);
                self.last_us = time_us;
            }
            Some(_) if time_us > self.last_us => {
                self.scan_us += (time_us - self.last_us).min(self.cap_us);
                self.last_us = time_us;
            }
            Some(_) => {}
        }
    }

    /// The scan clock: time in which something was heard, µs.
    #[must_use]
    pub const fn scan_us(&self) -> i64 {
        self.scan_us
    }

    /// Time of the latest sighting, µs since 1970.
    #[must_use]
    pub const fn now_us(&self) -> i64 {
        self.last_us
    }

    /// From the first to the latest sighting, seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        self.first_us
            .map_or(0.0, |first| (self.last_us - first) as f64 / 1e6)
    }

    /// Deaf time of each sensor that was heard, seconds; the silence since it was last heard included.
    pub fn deaf_s(&self) -> impl Iterator<Item = (u16, f64)> + '_ {
        self.sensors.iter().enumerate().filter_map(|(sensor, ear)| {
            let open = match ear.stated_us {
                Some(since_us) => self.last_us - since_us,
                None => (self.last_us - ear.last_us? - self.cap_us).max(0),
            };
            Some((sensor as u16, (ear.deaf_us + open) as f64 / 1e6))
        })
    }

    /// Whether this sensor is deaf now; one that never heard anything is, once the others listened that long.
    #[must_use]
    pub fn is_deaf(&self, sensor: u16) -> bool {
        let ear = self.sensors.get(usize::from(sensor));
        if ear.is_some_and(|ear| ear.stated_us.is_some()) {
            return true;
        }
        let since_us = ear.and_then(|ear| ear.last_us).or(self.first_us);
        since_us.is_some_and(|since| self.last_us - since > self.cap_us)
    }

    /// When a sensor last heard something, µs since 1970.
    #[must_use]
    pub fn last_heard_us(&self, sensor: u16) -> Option<i64> {
        self.sensors.get(usize::from(sensor))?.last_us
    }

    /// Whether this sensor ever heard anything.
    #[must_use]
    pub fn was_heard(&self, sensor: u16) -> bool {
        self.sensors
            .get(usize::from(sensor))
            .is_some_and(|ear| ear.last_us.is_some())
    }

    /// One more than the highest index of a sensor that heard anything.
    #[must_use]
    pub fn sensors(&self) -> u16 {
        self.sensors.len() as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_deaf_time_and_no_listening() {
        let mut l = Listening::new(15.0);
        assert_eq!(l.heard(0, 1_000_000_000), None);
        assert_eq!(l.heard(0, 1_010_000_000), None);
        assert_eq!(l.heard(0, 1_110_000_000), Some(85.0));
        assert_eq!(l.scan_us(), 25_000_000);
        assert_eq!(l.duration_s(), 110.0);
        assert_eq!(l.deaf_s().collect::<Vec<_>>(), [(0, 85.0)]);
    }

    #[test]
    fn one_deaf_sensor_of_two_is_noticed() {
        let mut l = Listening::new(15.0);
        l.heard(0, 0);
        l.heard(1, 0);
        l.heard(1, 10_000_000);
        assert!(!l.is_deaf(0));
        l.heard(1, 20_000_000);
        assert!(l.is_deaf(0) && !l.is_deaf(1));
        // Of the third nothing was ever heard.
        assert!(l.is_deaf(2) && !l.was_heard(2));
        assert_eq!(l.deaf_s().collect::<Vec<_>>(), [(0, 5.0), (1, 0.0)]);
    }
}
