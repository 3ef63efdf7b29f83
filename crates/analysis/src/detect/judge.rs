//! From a residual to a surprise: learned spread on either side, then the learned tail beyond it.
//!
//! Every detector hands its residuals to a judge of its own, which is what makes their scores comparable.

use serde::{Deserialize, Serialize};

use super::tail::Tail;

/// Mean one-sided absolute deviation to standard deviation, for a normal distribution: sqrt(2 pi).
const PART_TO_SIGMA: f64 = 2.506_628_274_631;
/// A residual counts for at most this many standard deviations when the spread is learned.
const CLIP: f64 = 6.0;
/// Deviations beyond this many standard deviations are all the same.
const FARTHEST: f64 = 1e9;
/// Neither side's spread is taken to be less than this share of the other's.
const LEAST_OF_OTHER_SIDE: f64 = 0.25;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Judge {
    /// Decayed means of the residual's positive and negative parts.
    above: f64,
    below: f64,
    upper: Tail,
    lower: Tail,
}

/// A residual judged: `-ln p` towards its own side, and which side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub(super) surprise: f64,
    pub(super) upward: bool,
}

impl Judge {
    pub(super) fn seed(&mut self, above: f64, below: f64) {
        self.above = above;
        self.below = below;
    }

    pub(super) fn sigma_above(&self, floor: f64) -> f64 {
        (PART_TO_SIGMA * self.above.max(LEAST_OF_OTHER_SIDE * self.below)).max(floor)
    }

    pub(super) fn sigma_below(&self, floor: f64) -> f64 {
        (PART_TO_SIGMA * self.below.max(LEAST_OF_OTHER_SIDE * self.above)).max(floor)
    }

    pub(super) fn surprise(&self, residual: f64, floor: f64) -> Judged {
        let upward = residual >= 0.0;
        let surprise = if upward {
            self.upper.surprise((residual / self.sigma_above(floor)).min(FARTHEST))
        } else {
            self.lower.surprise((-residual / self.sigma_below(floor)).min(FARTHEST))
        };
        Judged { surprise, upward }
    }

    /// The residuals between which all but `exp(-surprise)` of the values on either side lie.
    pub(super) fn band(&self, surprise: f64, floor: f64) -> (f64, f64) {
        (
            -self.lower.deviation(surprise) * self.sigma_below(floor),
            self.upper.deviation(surprise) * self.sigma_above(floor),
        )
    }

    /// `blind` is the spread that says nothing about scale: up to it residuals are learned unclipped.
    pub(super) fn learn(&mut self, residual: f64, floor: f64, blind: f64, gain: f64) {
        let (up, down) = (self.sigma_above(floor), self.sigma_below(floor));
        self.upper.learn((residual / up).min(FARTHEST));
        self.lower.learn((-residual / down).min(FARTHEST));
        let clip = |sigma: f64| if sigma <= blind { f64::INFINITY } else { CLIP * sigma };
        let above = residual.max(0.0).min(clip(up));
        let below = (-residual).max(0.0).min(clip(down));
        self.above += gain * (above - self.above);
        self.below += gain * (below - self.below);
    }
}
