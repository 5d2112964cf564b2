//! How one clock runs against another: a straight line, with what is unsure about it.

/// Standard deviation of the rates of two clocks against each other before anything is known, parts of one: cheap
/// crystals are within 40 parts per million, two of them apart by root two of half of that.
pub(super) const DRIFT_SD: f64 = 28e-6;
/// Readings of one transmission are not taken to be better than this, µs, standard deviation.
const READING_SD_US: f64 = 5.0;
/// Nor their mean, whatever their number: radios and channels differ, µs, standard deviation.
const FLOOR_SD_US: f64 = 15.0;
/// Standard deviations in a stated half-width: 95 % also of the small numbers of differences of which some deviations
/// are estimated (Student's t with four degrees of freedom: 2.8).
const STATED: f64 = 3.0;

/// What the second clock shows more than the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Relation {
    /// The time for which the offset holds, µs since 1970.
    pub(super) at_us: i64,
    /// So much more then, µs.
    pub(super) offset_us: f64,
    /// And more with every µs that passes, µs.
    pub(super) drift: f64,
    /// Standard deviation of the offset at that time, µs.
    pub(super) sd_us: f64,
    /// Standard deviation of the drift.
    pub(super) drift_sd: f64,
    /// Others that are as good lie up to so far away, µs; 0: none.
    pub(super) ambiguous_us: f64,
}

impl Relation {
    /// Of a clock to itself.
    pub(super) const fn none(at_us: i64) -> Self {
        Self {
            at_us,
            offset_us: 0.0,
            drift: 0.0,
            sd_us: 0.0,
            drift_sd: 0.0,
            ambiguous_us: 0.0,
        }
    }

    /// The same for another time: further away less is known.
    pub(super) fn at(self, time_us: i64) -> Self {
        let passed_us = (time_us - self.at_us) as f64;
        Self {
            at_us: time_us,
            offset_us: self.offset_us + self.drift * passed_us,
            sd_us: self.sd_us + self.drift_sd * passed_us.abs(),
            ..self
        }
    }

    /// Half-width within which the offset is known at its time, µs.
    pub(super) fn uncertainty_us(self) -> f64 {
        STATED * self.sd_us + self.ambiguous_us
    }

    /// Half-width within which the drift is known.
    pub(super) fn drift_uncertainty(self) -> f64 {
        STATED * self.drift_sd
    }

    /// Of the first clock of this to the second one of the next, both for one time; `sign` -1 takes the next one the
    /// other way round.
    pub(super) fn then(self, next: Self, sign: f64) -> Self {
        let next = next.at(self.at_us);
        Self {
            at_us: self.at_us,
            offset_us: self.offset_us + sign * next.offset_us,
            drift: self.drift + sign * next.drift,
            sd_us: self.sd_us.hypot(next.sd_us),
            drift_sd: self.drift_sd.hypot(next.drift_sd),
            ambiguous_us: self.ambiguous_us + next.ambiguous_us,
        }
    }

    /// The line through differences, each with its time: least squares, the slope held to what clocks do. `None`
    /// without any.
    pub(super) fn through(points: &[(i64, f64)]) -> Option<Self> {
        let n = points.len() as f64;
        let (first_us, _) = points.first()?;
        let mean_of = |of: &dyn Fn(&(i64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
        let middle_us = mean_of(&|p| (p.0 - first_us) as f64);
        let offset_us = mean_of(&|p| p.1);
        let from_middle = |p: &(i64, f64)| (p.0 - first_us) as f64 - middle_us;
        let (mut squares, mut products) = (0.0, 0.0);
        for p in points {
            squares += from_middle(p).powi(2);
            products += from_middle(p) * (p.1 - offset_us);
        }
        // A first look at the spread, with the slope as the points have it, weighs them against what clocks do.
        let plain = if squares > 0.0 {
            products / squares
        } else {
            0.0
        };
        let spread = |slope: f64| {
            let off = |p: &(i64, f64)| (p.1 - offset_us - slope * from_middle(p)).powi(2);
            let degrees = (n - 2.0).max(1.0);
            (points.iter().map(off).sum::<f64>() / degrees)
                .sqrt()
                .max(READING_SD_US)
        };
        let precision = DRIFT_SD.powi(-2);
        let weight = spread(plain).powi(-2);
        let drift = products * weight / (squares * weight + precision);
        let sd = spread(drift);
        Some(Self {
            at_us: first_us + middle_us as i64,
            offset_us,
            drift,
            sd_us: (sd / n.sqrt()).hypot(FLOOR_SD_US),
            drift_sd: (squares * weight + precision).powf(-0.5),
            ambiguous_us: 0.0,
        })
    }
}
