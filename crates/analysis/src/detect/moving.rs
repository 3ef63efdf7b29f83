//! The moving average: a fast mean against a slow one, for shifts too small to show in a single value.
//!
//! Exponentially weighted control chart (Roberts 1959); values are clipped before averaging, so that what
//! remains after an excursion is gone within a few samples.

use serde::{Deserialize, Serialize};

use super::judge::{Judge, Judged};
use super::recent::Summary;

const FAST: f64 = 0.25;
/// How far from the slow mean one value may count, in standard deviations.
const CLIP: f64 = 8.0;

/// What was learned about the difference of the two means.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct MovingAverage {
    slow: f64,
    judge: Judge,
}

impl MovingAverage {
    pub(super) fn seed(&mut self, summary: Summary, correlation: f64) {
        self.slow = summary.median;
        let part = spread_of_mean(correlation);
        self.judge.seed(summary.above * part, summary.below * part);
    }

    pub(super) fn slow(&self) -> f64 {
        self.slow
    }

    /// The fast mean's distance from the slow one, after taking `value` into `distance`.
    pub(super) fn follow(&self, distance: f64, value: f64, sigma: f64) -> f64 {
        let near = (value - self.slow).clamp(-CLIP * sigma, CLIP * sigma);
        distance + FAST * (near - distance)
    }

    pub(super) fn judge(&self, distance: f64, floor: f64) -> Judged {
        self.judge.surprise(distance, floor)
    }

    pub(super) fn learn(&mut self, distance: f64, value: f64, sigma: f64, floor: f64, gain: f64, spread_gain: f64) {
        self.judge.learn(distance, floor, 0.0, spread_gain);
        let near = value.clamp(self.slow - 3.0 * sigma, self.slow + 3.0 * sigma);
        self.slow += gain * (near - self.slow);
    }
}

/// Standard deviation of the fast mean of a first-order process, in standard deviations of its values.
pub(super) fn spread_of_mean(correlation: f64) -> f64 {
    let kept = correlation * (1.0 - FAST);
    (FAST / (2.0 - FAST) * (1.0 + kept) / (1.0 - kept)).sqrt()
}
