//! The robust z-score: a decayed median as the level, one-sided mean absolute deviations as the spread.
//!
//! The median moves by a fixed part of the spread towards each new value (Robbins-Monro on the quantile loss),
//! so one value moves it by the same small step whether it is far or very far.

use serde::{Deserialize, Serialize};

use super::judge::{Judge, Judged};
use super::recent::Summary;

/// 1 / (2 density at the median) of a standard normal: the step that makes the median efficient.
const MEDIAN_STEP: f64 = 1.253_3;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Baseline {
    median: f64,
    judge: Judge,
    /// Decayed share of values that differ from the level by more than the floor.
    moving: f64,
}

impl Baseline {
    pub(super) fn seed(&mut self, summary: Summary, moving: f64) {
        self.median = summary.median;
        self.judge.seed(summary.above, summary.below);
        self.moving = moving;
    }

    pub(super) fn median(&self) -> f64 {
        self.median
    }

    /// True when the series moves often enough for a single value to be judged by its spread.
    pub(super) fn has_spread(&self) -> bool {
        self.moving >= 0.2
    }

    /// True for what a series that stands still shows between blips; its median wanders a little after each.
    pub(super) fn is_at_level(&self, value: f64, floor: f64) -> bool {
        (value - self.median).abs() <= floor.max(0.05 * self.sigma(floor))
    }

    pub(super) fn sigma(&self, floor: f64) -> f64 {
        self.judge.sigma_above(floor).max(self.judge.sigma_below(floor))
    }

    /// The smaller of the two sides' standard deviations.
    pub(super) fn least_sigma(&self, floor: f64) -> f64 {
        self.judge.sigma_above(floor).min(self.judge.sigma_below(floor))
    }

    pub(super) fn judge(&self, value: f64, floor: f64) -> Judged {
        self.judge.surprise(value - self.median, floor)
    }

    /// Signed deviation in standard deviations of its side.
    pub(super) fn deviation(&self, value: f64, floor: f64) -> f64 {
        let residual = value - self.median;
        let sigma = if residual >= 0.0 { self.judge.sigma_above(floor) } else { self.judge.sigma_below(floor) };
        residual / sigma
    }

    pub(super) fn band(&self, surprise: f64, floor: f64) -> (f64, f64) {
        let (low, high) = self.judge.band(surprise, floor);
        (self.median + low, self.median + high)
    }

    pub(super) fn learn(&mut self, value: f64, floor: f64, gain: f64, spread_gain: f64) {
        let residual = value - self.median;
        self.judge.learn(residual, floor, floor, spread_gain);
        let moved = if self.is_at_level(value, floor) { 0.0 } else { 1.0 };
        self.moving += gain * (moved - self.moving);
        let sigma = if residual > 0.0 { self.judge.sigma_above(0.0) } else { self.judge.sigma_below(0.0) };
        let step = (MEDIAN_STEP * gain * sigma).min(residual.abs());
        self.median += step.copysign(residual);
    }
}
