//! How much each value repeats the one before it.
//!
//! Runs are normal in a series with inertia: means wander further, sums grow larger, and three values in a row
//! are hardly more evidence than one. Everything that counts on several samples is told so from here.

use serde::{Deserialize, Serialize};

use super::recent::Recent;

/// Beyond this many standard deviations a residual counts as this many.
const CLIP: f64 = 4.0;
const MOST: f64 = 0.98;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Inertia {
    variance: f64,
    covariance: f64,
    previous: f64,
}

impl Inertia {
    pub(super) fn seed(&mut self, recent: &Recent, level: f64, sigma: f64) {
        let mut sums = Self::default();
        for back in (0..recent.len()).rev() {
            let z = ((recent.newest(back) - level) / sigma).clamp(-CLIP, CLIP);
            sums.variance += z * z;
            sums.covariance += z * sums.previous;
            sums.previous = z;
        }
        let n = recent.len().max(1) as f64;
        *self = Self { variance: sums.variance / n, covariance: sums.covariance / n, previous: sums.previous };
    }

    /// Correlation of neighbours, 0 to 0.98.
    pub(super) fn correlation(&self) -> f64 {
        if self.variance > 0.0 { (self.covariance / self.variance).clamp(0.0, MOST) } else { 0.0 }
    }

    /// How many samples are worth one independent one: (1 + r) / (1 - r), as for a first-order process.
    pub(super) fn samples_per_independent(&self) -> f64 {
        let r = self.correlation();
        (1.0 + r) / (1.0 - r)
    }

    pub(super) fn learn(&mut self, z: f64, gain: f64) {
        let z = z.clamp(-CLIP, CLIP);
        self.variance += gain * (z * z - self.variance);
        self.covariance += gain * (z * self.previous - self.covariance);
        self.previous = z;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correlation(values: impl Iterator<Item = f64>) -> f64 {
        let mut inertia = Inertia::default();
        for v in values {
            inertia.learn(v, 0.01);
        }
        inertia.correlation()
    }

    #[test]
    fn alternation_has_none_and_a_slow_wave_has_much() {
        assert_eq!(correlation((0..1000).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 })), 0.0);
        assert!(correlation((0..1000).map(|i| (f64::from(i) / 20.0).sin())) > 0.95);
        assert_eq!(correlation((0..1000).map(|_| 0.0)), 0.0);
    }
}
