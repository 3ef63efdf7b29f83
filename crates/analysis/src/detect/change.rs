//! The change-point detector: cumulative sums of small deviations in one direction (Page 1954).
//!
//! Each value counts for a few standard deviations at most, so a single outlier is left to the z-score and
//! only what persists adds up. The sums are judged by their own learned spread: a series whose values come in
//! runs has large sums in good health.

use serde::{Deserialize, Serialize};

/// Deviation, in standard deviations, that is drift and not change.
const ALLOWANCE: f64 = 1.0;
/// What one value counts for at most.
const CLIP: f64 = 4.0;
/// A sum stops here, so that it is gone soon after its cause.
const LARGEST: f64 = 30.0;
/// What remains of a sum after a value on the other side of the level.
const FADE: f64 = 0.7;
/// Spread of the sums that is assumed at least, in standard deviations of the series.
pub(super) const FLOOR: f64 = 0.5;

/// The two running sums, in standard deviations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sums {
    up: f64,
    down: f64,
}

impl Sums {
    /// Adds a deviation of `z` standard deviations; what is judged is the difference of the sums.
    pub(super) fn add(&mut self, z: f64) -> f64 {
        let z = z.clamp(-CLIP, CLIP);
        self.up = grow(self.up, z);
        self.down = grow(self.down, -z);
        self.up - self.down
    }
}

fn grow(sum: f64, z: f64) -> f64 {
    let faded = if z < 0.0 { sum * FADE } else { sum };
    (faded + z - ALLOWANCE).clamp(0.0, LARGEST)
}
