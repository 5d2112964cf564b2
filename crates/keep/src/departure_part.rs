//! The check before departure, as the summary carries it.

use serde::Serialize;
use vigie_detect::outcome::{CheckState, Departure, LoudNewcomer, VehicleCheck};

use crate::number::Milli;
use crate::record::Id;
use crate::time::Time;

#[derive(Serialize)]
pub(crate) struct DeparturePart<'a> {
    at: Time,
    parked: Option<Time>,
    vehicles: Vec<VehiclePart<'a>>,
}

#[derive(Serialize)]
struct VehiclePart<'a> {
    vehicle: &'a str,
    checked_s: Milli,
    state: CheckState,
    newcomers: Vec<NewcomerPart<'a>>,
}

#[derive(Serialize)]
struct NewcomerPart<'a> {
    emitter: Id,
    identifier: &'a str,
    family: Option<&'a str>,
    level: Milli,
    first_seen: Time,
}

impl<'a> From<&'a Departure> for DeparturePart<'a> {
    fn from(departure: &'a Departure) -> Self {
        Self {
            at: Time(departure.at_us),
            parked: departure.parked_us.map(Time),
            vehicles: departure.vehicles.iter().map(VehiclePart::from).collect(),
        }
    }
}

impl<'a> From<&'a VehicleCheck> for VehiclePart<'a> {
    fn from(check: &'a VehicleCheck) -> Self {
        Self {
            vehicle: &check.vehicle,
            checked_s: Milli(check.checked_s),
            state: check.state,
            newcomers: check.newcomers.iter().map(NewcomerPart::from).collect(),
        }
    }
}

impl<'a> From<&'a LoudNewcomer> for NewcomerPart<'a> {
    fn from(newcomer: &'a LoudNewcomer) -> Self {
        Self {
            emitter: Id(newcomer.emitter),
            identifier: &newcomer.identifier,
            family: newcomer.family,
            level: Milli(newcomer.level_dbm),
            first_seen: Time(newcomer.first_seen_us),
        }
    }
}
