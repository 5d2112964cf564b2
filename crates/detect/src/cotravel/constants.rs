//! Constants of the co-travel test: what is aboard, and who is not.

use serde::{Deserialize, Serialize};

/// Constants of the analyzer; all from `detection.md` 1.2 unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CoTravelConstants {
    /// Advertising events that a slot can hold: ten seconds over an interval of two.
    pub opportunities: u32,
    /// Beta prior of the share heard: hits and misses.
    pub heard_prior: [f64; 2],
    /// Aboard, from one slot to the next: contact lost.
    pub lost: f64,
    /// Aboard: contact regained.
    pub regained: f64,
    /// Not aboard: contact regained after it was lost; the upper end of the range in `detection.md` 1.2. At its
    /// lower end every gap of a weak vehicle that keeps station counted as proof of riding aboard.
    pub returns: f64,
    /// How much of the past share heard is carried on under "not aboard".
    pub share_memory: f64,
    /// Not aboard: fast fading of one frame and slow error of a slot's mean, dB.
    pub fading_db: f64,
    /// See `fading_db`.
    pub slot_error_db: f64,
    /// Of something switched on only while we stand, or only while we move: chance that it is heard in a slot in which
    /// it should not be, or not heard in one in which it should.
    pub gate: f64,
    /// How the level of something aboard may behave.
    pub manners: [Manner; MANNERS],
    /// Span of levels at first sight, dB.
    pub first_level_span_db: f64,
    /// Chance that a vehicle of the stream takes another way at a turn.
    pub split: f64,
    /// Speed above which we move, metres a second.
    pub moving_m_s: f64,
    /// The three alternatives: roadside, stream, platoon.
    pub alternatives: [Alternative; 3],
    /// Posterior from which an alert is raised.
    pub act_probability: f64,
    /// Posterior from which an emitter is watched.
    pub watch_probability: f64,
    /// An alert needs contact over at least this time, not counting the time parked, seconds.
    pub min_contact_s: f64,
    /// We are parked when we stayed within this distance, metres: more than positions wander, less than a walk.
    pub parked_within_m: f64,
    /// For at least this time, seconds: longer than nearly every traffic light.
    pub parked_after_s: f64,
}

/// Ways in which the level of something aboard may behave.
pub const MANNERS: usize = 5;

/// One way in which the level of something aboard may behave at a receiver: steadily, as `detection.md` 1.2 has it;
/// restlessly, as from a hiding place whose surroundings change while driving (section 9: 4 dB every six seconds); or
/// hopping, where the transmit power changes from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manner {
    /// Share of what is aboard that behaves like this.
    pub weight: f64,
    /// Error of one frame, dB.
    pub fading_db: f64,
    /// Error of a slot's mean that more frames do not lessen, dB.
    pub slot_error_db: f64,
    /// How far the level wanders from slot to slot, dB.
    pub walk_db: f64,
    /// When it is switched on.
    pub gate: Gate,
}

/// When something aboard is switched on (`detection.md` 1.1, Hg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Always.
    Always,
    /// While we stand.
    Standing,
    /// While we move.
    Moving,
}

/// One way of not being aboard.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Share of emitters heard that are of this kind.
    pub weight: f64,
    /// Chance of leaving in a slot while we move; NaN for the roadside, where it follows from our speed.
    pub exit_moving: Option<f64>,
    /// Chance of leaving in a slot while we stand.
    pub exit_standing: f64,
    /// How far the level wanders in a slot while we move, dB.
    pub walk_db: f64,
}

impl Default for CoTravelConstants {
    fn default() -> Self {
        Self {
            opportunities: 5,
            heard_prior: [2.0, 1.0],
            lost: 0.005,
            regained: 0.05,
            returns: 2e-3,
            share_memory: 0.6,
            fading_db: 3.5,
            slot_error_db: 1.5,
            manners: [
                Manner {
                    weight: 0.6,
                    fading_db: 3.5,
                    slot_error_db: 1.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.25,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 12.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Standing,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Moving,
                },
            ],
            gate: 0.2,
            first_level_span_db: 40.0,
            split: 0.5,
            moving_m_s: 0.5,
            alternatives: [
                Alternative {
                    weight: 0.90,
                    exit_moving: None,
                    exit_standing: 0.01,
                    walk_db: 8.0,
                },
                Alternative {
                    weight: 0.09,
                    exit_moving: Some(0.08),
                    exit_standing: 0.01,
                    walk_db: 4.0,
                },
                Alternative {
                    weight: 0.01,
                    exit_moving: Some(0.012),
                    exit_standing: 0.004,
                    walk_db: 3.0,
                },
            ],
            act_probability: 0.5,
            watch_probability: 0.2,
            min_contact_s: 20.0,
            parked_within_m: 40.0,
            parked_after_s: 90.0,
        }
    }
}
