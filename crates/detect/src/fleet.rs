//! Our vehicles, and which sensor rides where, as a dated log: sensors are moved.

/// Index of one of our vehicles, in the order of the convoy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vehicle(pub u8);

/// Most vehicles that a convoy may have; a case that names more is told so by its reader.
pub const VEHICLES: usize = 64;

/// Who rides where.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fleet {
    vehicles: Vec<String>,
    /// Per sensor: from when on (µs since 1970) it rides in which vehicle (`None`: in none), in order of time.
    rides: Vec<Vec<(i64, Option<Vehicle>)>>,
}

impl Fleet {
    /// Enters a vehicle; the order of entry is the order of the convoy. `None` beyond [`VEHICLES`].
    pub fn vehicle(&mut self, name: &str) -> Option<Vehicle> {
        if let Some(at) = self.vehicles.iter().position(|v| v == name) {
            return Some(Vehicle(at as u8));
        }
        if self.vehicles.len() >= VEHICLES {
            return None;
        }
        self.vehicles.push(name.to_owned());
        Some(Vehicle((self.vehicles.len() - 1) as u8))
    }

    /// A sensor rides in a vehicle (or in none) from a time on, µs since 1970; `i64::MIN` is from the beginning.
    pub fn ride(&mut self, sensor: u16, vehicle: Option<Vehicle>, from_us: i64) {
        let at = usize::from(sensor);
        if at >= self.rides.len() {
            self.rides.resize_with(at + 1, Vec::new);
        }
        let Some(log) = self.rides.get_mut(at) else {
            return;
        };
        match log.binary_search_by_key(&from_us, |(t, _)| *t) {
            Ok(i) => log[i] = (from_us, vehicle),
            Err(i) => log.insert(i, (from_us, vehicle)),
        }
    }

    /// Where a sensor rides at a time; `None` where nobody said, or in none of ours.
    #[must_use]
    #[inline]
    pub fn of_sensor(&self, sensor: u16, time_us: i64) -> Option<Vehicle> {
        let log = self.rides.get(usize::from(sensor))?;
        match log.as_slice() {
            [] => None,
            [(from, only)] => (time_us >= *from).then_some(*only).flatten(),
            _ => {
                let after = log.partition_point(|(from, _)| *from <= time_us);
                log.get(after.checked_sub(1)?)?.1
            }
        }
    }

    /// Vehicles in which a sensor rides at a time.
    pub fn carrying(&self, time_us: i64) -> impl Iterator<Item = Vehicle> + '_ {
        (0..self.rides.len()).filter_map(move |s| self.of_sensor(s as u16, time_us))
    }

    /// Whether anybody said of a sensor where it rides, ever.
    #[must_use]
    pub fn is_said_of(&self, sensor: u16) -> bool {
        self.rides
            .get(usize::from(sensor))
            .is_some_and(|log| !log.is_empty())
    }

    /// One more than the highest index of a sensor of which it is said where it rides.
    #[must_use]
    pub fn sensors(&self) -> u16 {
        self.rides.len() as u16
    }

    /// Name of a vehicle.
    #[must_use]
    pub fn name(&self, vehicle: Vehicle) -> &str {
        self.vehicles
            .get(usize::from(vehicle.0))
            .map_or("", String::as_str)
    }

    /// Names in the order of the convoy.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.vehicles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_rides_where_the_log_says_at_that_time() {
        let mut fleet = Fleet::default();
        let (a, b) = (fleet.vehicle("V1"), fleet.vehicle("V2"));
        assert_eq!(fleet.of_sensor(3, 0), None);
        fleet.ride(3, b, 100);
        fleet.ride(3, a, i64::MIN);
        fleet.ride(3, None, 200);
        let at = |t| fleet.of_sensor(3, t);
        assert_eq!([at(-5), at(99), at(100), at(200)], [a, a, b, None]);
        assert_eq!(fleet.vehicle("V1"), Some(Vehicle(0)));
        assert_eq!(fleet.name(Vehicle(1)), "V2");
    }
}
