//! What a series' owner may set. Every value has a default that works without being touched.

use serde::{Deserialize, Serialize};

const WEEK_MS: f64 = 7.0 * 24.0 * 3_600_000.0;
/// Detectors that may each raise an alarm share the budget.
const RIVALS: f64 = 4.0;

/// Which side of the expected range is worth an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Both,
    /// Only values above the expected range (latency, errors, queue depth).
    Above,
    /// Only values below it (throughput, free disk).
    Below,
}

impl Direction {
    /// The surprise, or nothing when it is on the side that is of no interest.
    pub(super) fn of(self, surprise: f64, upward: bool) -> f64 {
        match (self, upward) {
            (Self::Above, false) | (Self::Below, true) => 0.0,
            _ => surprise,
        }
    }
}

/// Settings of one series' detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Samples seen before any alarm. At least 8 are always required.
    pub min_samples: u32,
    /// Multiplier on the alarm threshold: 1.0 keeps the stated budget, 2.0 needs twice the surprise.
    /// Moved by [`feedback`](super::feedback).
    pub threshold: f64,
    /// The false-alarm budget of this series: alarms a week on healthy data.
    pub false_alarms_per_week: f64,
    /// Time between samples in ms; learned from the data when absent.
    pub expected_interval_ms: Option<i64>,
    /// Intervals of silence after which the series counts as missing.
    pub missing_after_intervals: f64,
    pub direction: Direction,
    /// Spread (one standard deviation) below which movement is never judged, in the metric's unit.
    pub absolute_floor: f64,
    /// The same as a share of the level: 0.01 calls anything within about 1 % of the level ordinary movement.
    pub relative_floor: f64,
    /// Whether daily and weekly profiles are learned.
    pub seasonal: bool,
    /// How long a shifted level must last before it becomes the new normal, in ms.
    pub adapt_after_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_samples: 30,
            threshold: 1.0,
            false_alarms_per_week: 1.0,
            expected_interval_ms: None,
            missing_after_intervals: 5.0,
            direction: Direction::Both,
            absolute_floor: 1e-9,
            relative_floor: 0.01,
            seasonal: true,
            adapt_after_ms: 30 * 60 * 1000,
        }
    }
}

impl Settings {
    /// Spread below which movement around `level` is never judged.
    pub(super) fn floor(&self, level: f64) -> f64 {
        const SMALLEST: f64 = 1e-200;
        (self.relative_floor.max(0.0) * level.abs()).max(self.absolute_floor).max(SMALLEST)
    }

    /// The surprise (`-ln p` of one sample) at which the score is 1.0, for samples every `interval_ms`.
    pub(super) fn budget(&self, interval_ms: f64) -> f64 {
        let a_week = self.false_alarms_per_week.clamp(1e-6, 1e6);
        let chance = (a_week * interval_ms / WEEK_MS / RIVALS).clamp(1e-12, 5e-3);
        -chance.ln() * self.safe_threshold()
    }

    pub(super) fn required_samples(&self) -> u32 {
        self.min_samples.max(8)
    }

    fn safe_threshold(&self) -> f64 {
        if self.threshold.is_finite() { self.threshold.clamp(super::MIN_THRESHOLD, super::MAX_THRESHOLD) } else { 1.0 }
    }
}
