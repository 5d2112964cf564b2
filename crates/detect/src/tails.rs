//! The tails of the strata without trackers, as fitted: simulated, on clean drives of an hour each by a convoy of
//! seven, the half of the simulated world that is called `Split::Fit`.
//!
//! Made by `vigie fit` with `--hours` and `--all-hours` as the clean hours below say (those of `tag` and of
//! `other`): rural 20000 and 1000, motorway 20000 and 600, city 2500 and 60, crowd 500 and 20.

use crate::environment::ByEnvironment;
use crate::scale::Tail;
use crate::strata::{ByClass, ByLoudness, BySteadiness};

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
            near: BySteadiness {
                steady: tail(0.000184, 4.187, 0.000184, 20_000.0),
                restless: tail(0.000184, 1.591, 0.000184, 20_000.0),
            },
            loud: BySteadiness {
                steady: tail(25.6, 4.187, 0.0027, 20_000.0),
                restless: tail(3.841, 1.591, 0.0192, 20_000.0),
            },
            quiet: BySteadiness {
                steady: tail(0.0147, 0.3604, 0.0703, 20_000.0),
                restless: tail(0.0249, 0.4738, 0.0656, 20_000.0),
            },
        },
        other: ByLoudness {
            near: BySteadiness {
                steady: tail(0.007225, 1.771, 0.007225, 1000.0),
                restless: tail(0.005572, 0.787, 0.005572, 1000.0),
            },
            loud: BySteadiness {
                steady: tail(2.114, 1.771, 0.184, 1000.0),
                restless: tail(2.364, 0.787, 1.294, 1000.0),
            },
            quiet: BySteadiness {
                steady: tail(1.898, 0.3354, 15.56, 1000.0),
                restless: tail(0.8821, 0.2476, 17.21, 1000.0),
            },
        },
    },
    motorway: ByClass {
        tag: ByLoudness {
            near: BySteadiness {
                steady: tail(0.000184, 0.9281, 0.000184, 20_000.0),
                restless: tail(0.000184, 0.7189, 0.000184, 20_000.0),
            },
            loud: BySteadiness {
                steady: tail(0.0085, 0.9281, 0.0107, 20_000.0),
                restless: tail(0.1321, 0.7189, 0.0688, 20_000.0),
            },
            quiet: BySteadiness {
                steady: tail(0.0964, 0.1969, 0.4057, 20_000.0),
                restless: tail(0.0525, 0.1926, 0.2958, 20_000.0),
            },
        },
        other: ByLoudness {
            near: BySteadiness {
                steady: tail(0.01461, 0.9485, 0.01461, 600.0),
                restless: tail(0.01945, 0.5429, 0.01945, 600.0),
            },
            loud: BySteadiness {
                steady: tail(0.8694, 0.9485, 0.7217, 600.0),
                restless: tail(2.546, 0.5429, 4.335, 600.0),
            },
            quiet: BySteadiness {
                steady: tail(11.3, 0.214, 96.72, 600.0),
                restless: tail(3.531, 0.1342, 78.87, 600.0),
            },
        },
    },
    city: ByClass {
        tag: ByLoudness {
            near: BySteadiness {
                steady: tail(0.1706, 2.645, 0.0648, 2500.0),
                restless: tail(0.0139, 0.3637, 0.0456, 2500.0),
            },
            loud: BySteadiness {
                steady: tail(45.28, 2.438, 2.184, 2500.0),
                restless: tail(0.3479, 0.4889, 0.9216, 2500.0),
            },
            quiet: BySteadiness {
                steady: tail(77.66, 1.602, 37.26, 2500.0),
                restless: tail(2.248, 0.6081, 6.801, 2500.0),
            },
        },
        other: ByLoudness {
            near: BySteadiness {
                steady: tail(102.3, 3.063, 4.533, 60.0),
                restless: tail(0.4157, 0.1194, 2.75, 60.0),
            },
            loud: BySteadiness {
                steady: tail(420.4, 1.44, 150.2, 60.0),
                restless: tail(13.14, 0.2717, 83.72, 60.0),
            },
            quiet: BySteadiness {
                steady: tail(684.4, 0.881, 4307.0, 60.0),
                restless: tail(24.85, 0.2229, 1014.0, 60.0),
            },
        },
    },
    crowd: ByClass {
        tag: ByLoudness {
            near: BySteadiness {
                steady: tail(0.0889, 1.341, 0.322, 500.0),
                restless: tail(0.0771, 0.327, 0.512, 500.0),
            },
            loud: BySteadiness {
                steady: tail(80.52, 2.222, 35.15, 500.0),
                restless: tail(3.414, 0.4808, 34.6, 500.0),
            },
            quiet: BySteadiness {
                steady: tail(85_150.0, 2.062, 897.6, 500.0),
                restless: tail(43.86, 0.6948, 225.0, 500.0),
            },
        },
        other: ByLoudness {
            near: BySteadiness {
                steady: tail(6.82, 3.164, 4.55, 20.0),
                restless: tail(1.063, 0.2555, 6.4, 20.0),
            },
            loud: BySteadiness {
                steady: tail(311.5, 1.388, 437.7, 20.0),
                restless: tail(54.9, 0.4609, 526.1, 20.0),
            },
            quiet: BySteadiness {
                steady: tail(388.3, 0.528, 23_890.0, 20.0),
                restless: tail(38.06, 0.1905, 6453.0, 20.0),
            },
        },
    },
};
