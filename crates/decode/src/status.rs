//! What a live run says of its sensors and of itself, beside frames and positions. It is recorded like a frame, so that
//! a replay knows what the live run knew.

/// One statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Time, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Index of the sensor it is about; `None`: the whole run.
    pub sensor: Option<u16>,
    /// What is stated.
    pub condition: Condition,
    /// How much, where [`Condition`] says of what; else 0.
    pub value: f64,
}

/// What is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Of a sensor: open and listening. Said once a second, whether frames came or not.
    Listening,
    /// Of a sensor: deaf, the receiver is not there (unplugged, connection closed, service gone).
    Unplugged,
    /// Of a sensor: deaf, we may not use it (permission, or another program holds it).
    Refused,
    /// Of a sensor: deaf, it is there and does not do what it is told (no answer, a command failed).
    Failing,
    /// Of a sensor: deaf, it was listening and delivers nothing any more although it says that it scans.
    Starved,
    /// Of a sensor: hears only what its patterns let through. Said once.
    Filtered,
    /// Of a sensor: reports lost before they reached us, a number since the last such statement.
    Lost,
    /// Of a sensor: deaf, an own reference tag beside it was not heard for so long, seconds.
    ReferenceUnheard,
    /// Of the run: the wall clock was set, seconds forward (backward: negative). Times of the run go on evenly.
    ClockStep,
    /// Of the run: room on the disk of the recording, bytes, runs short.
    DiskLow,
    /// Of the run: the recording cannot be written.
    DiskFull,
    /// Of the run: the recording is written again; bytes that could not be.
    DiskBack,
    /// Of the run: frames that were judged and could not be recorded, a number.
    Unrecorded,
    /// Of the run: the source of positions is gone, or has no fix.
    PositionsLost,
    /// Of the run: positions are back after so many seconds.
    PositionsBack,
    /// Of the run: a position too far from the last to have been driven to was left out; metres.
    PositionJump,
    /// Of the run: the clock of the satellites and that of the run differ; seconds, positive where the satellites are ahead.
    GnssClock,
}

impl Condition {
    /// All, in the order of declaration.
    pub const ALL: [Self; 17] = [
        Self::Listening,
        Self::Unplugged,
        Self::Refused,
        Self::Failing,
        Self::Starved,
        Self::Filtered,
        Self::Lost,
        Self::ReferenceUnheard,
        Self::ClockStep,
        Self::DiskLow,
        Self::DiskFull,
        Self::DiskBack,
        Self::Unrecorded,
        Self::PositionsLost,
        Self::PositionsBack,
        Self::PositionJump,
        Self::GnssClock,
    ];

    /// Stable name, snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listening => "listening",
            Self::Unplugged => "unplugged",
            Self::Refused => "refused",
            Self::Failing => "failing",
            Self::Starved => "starved",
            Self::Filtered => "filtered",
            Self::Lost => "lost",
            Self::ReferenceUnheard => "reference_unheard",
            Self::ClockStep => "clock_step",
            Self::DiskLow => "disk_low",
            Self::DiskFull => "disk_full",
            Self::DiskBack => "disk_back",
            Self::Unrecorded => "unrecorded",
            Self::PositionsLost => "positions_lost",
            Self::PositionsBack => "positions_back",
            Self::PositionJump => "position_jump",
            Self::GnssClock => "gnss_clock",
        }
    }

    /// By its stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }

    /// Whether a sensor of which it is said hears nothing.
    #[must_use]
    pub const fn is_deaf(self) -> bool {
        matches!(
            self,
            Self::Unplugged
                | Self::Refused
                | Self::Failing
                | Self::Starved
                | Self::ReferenceUnheard
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_is_found_by_its_name() {
        for condition in Condition::ALL {
            assert_eq!(Condition::named(condition.as_str()), Some(condition));
        }
        assert_eq!(Condition::named("Listening"), None);
    }
}
