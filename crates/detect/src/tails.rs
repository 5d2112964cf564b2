//! The tails of the strata without trackers, as fitted: simulated, on clean drives of an hour each by a convoy of
//! seven, the half of the simulated world that is called `Split::Fit`.
//!
//! Made by `vigie fit` with `--hours` and `--all-hours` as the clean hours below say (those of `tag` and of
//! `other`): rural 60000 and 300, motorway 60000 and 200, city 4000 and 40, crowd 600 and 5.

use crate::environment::ByEnvironment;
use crate::strata::{ByClass, ByLoudness, Tail};

/// A an hour, kappa, nu an hour, clean hours.
const fn tail(alarms_per_h: f64, exponent: f64, identifiers_per_h: f64, clean_h: f64) -> Tail {
    Tail {
        alarms_per_h,
        exponent,
        identifiers_per_h,
        clean_h,
    }
}

/// All of them.
pub const FITTED: ByEnvironment<ByClass> = ByEnvironment {
    rural: ByClass {
        tag: ByLoudness {
            loud: tail(2.92, 3.244, 0.0226, 60_000.0),
            quiet: tail(0.0115, 0.2963, 0.1115, 60_000.0),
        },
        other: ByLoudness {
            loud: tail(3.988, 1.839, 1.34, 300.0),
            quiet: tail(2.422, 0.3287, 25.67, 300.0),
        },
    },
    motorway: ByClass {
        tag: ByLoudness {
            loud: tail(0.427, 1.99, 0.0747, 60_000.0),
            quiet: tail(0.0238, 0.1153, 0.552, 60_000.0),
        },
        other: ByLoudness {
            loud: tail(6.718, 1.364, 4.64, 200.0),
            quiet: tail(12.02, 0.2019, 137.2, 200.0),
        },
    },
    city: ByClass {
        tag: ByLoudness {
            loud: tail(399.7, 2.959, 2.672, 4000.0),
            quiet: tail(36.69, 1.358, 41.57, 4000.0),
        },
        other: ByLoudness {
            loud: tail(1163.0, 1.516, 197.3, 40.0),
            quiet: tail(698.9, 0.7813, 4999.0, 40.0),
        },
    },
    crowd: ByClass {
        tag: ByLoudness {
            loud: tail(935.5, 3.005, 50.91, 600.0),
            quiet: tail(15_600.0, 1.659, 961.6, 600.0),
        },
        other: ByLoudness {
            loud: tail(2273.0, 2.115, 718.8, 5.0),
            quiet: tail(3996.0, 0.759, 25_970.0, 5.0),
        },
    },
};
