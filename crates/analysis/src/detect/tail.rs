//! How unlikely a large deviation is, learned per series: peaks over a threshold.
//!
//! Excesses over [`ONSET`] follow a generalised Pareto distribution (Pickands 1975; Balkema & de Haan 1974),
//! fitted by the method of moments (Hosking & Wallis 1987) on decayed moments. A prior stands in for the
//! samples not yet seen, so a young series already has a tail, only a cautious one.

use serde::{Deserialize, Serialize};

/// Where the tail begins, in standard deviations.
pub(super) const ONSET: f64 = 2.0;
const PRIOR_RATE: f64 = 0.03;
const PRIOR_RATE_WEIGHT: f64 = 100.0;
const PRIOR_EXCESS: f64 = 0.6;
const PRIOR_SHAPE: f64 = 0.12;
const PRIOR_EXCESS_WEIGHT: f64 = 10.0;
/// Longest memory, in samples for the rate and in excesses for their size.
const RATE_MEMORY: f64 = 8192.0;
const EXCESS_MEMORY: f64 = 256.0;
/// One excess counts for at most this many mean excesses, so that one outlier does not blind the series.
const EXCESS_CLIP: f64 = 12.0;
/// Neighbouring excesses are one event (declustering): the later ones of a run weigh this much.
const RUN_WEIGHT: f64 = 0.2;
/// Method of moments needs a shape below 0.5.
const MAX_SHAPE: f64 = 0.4;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tail {
    rate: f64,
    samples: f32,
    excesses: f32,
    mean: f64,
    mean_square: f64,
    /// The newest deviation was beyond the onset.
    in_run: bool,
}

impl Default for Tail {
    fn default() -> Self {
        Self {
            rate: PRIOR_RATE,
            samples: 0.0,
            excesses: 0.0,
            mean: PRIOR_EXCESS,
            // E[X^2] of a GPD with this mean and shape.
            mean_square: PRIOR_EXCESS * PRIOR_EXCESS * (1.0 + 1.0 / (1.0 - 2.0 * PRIOR_SHAPE)),
            in_run: false,
        }
    }
}

impl Tail {
    fn shape_and_scale(&self) -> (f64, f64) {
        let variance = (self.mean_square - self.mean * self.mean).max(1e-12);
        let ratio = self.mean * self.mean / variance;
        let shape = (0.5 * (1.0 - ratio)).clamp(0.02, MAX_SHAPE);
        (shape, self.mean * (1.0 - shape))
    }

    /// `-ln P(Z >= z)` for a deviation of `z` standard deviations towards this tail.
    pub(super) fn surprise(&self, z: f64) -> f64 {
        let at_onset = -self.rate.ln();
        if z <= ONSET {
            // Between the middle and the onset straight in the logarithm: only ordinary values live here.
            return std::f64::consts::LN_2 + (at_onset - std::f64::consts::LN_2) * (z / ONSET).max(0.0);
        }
        let (shape, scale) = self.shape_and_scale();
        at_onset + (shape * (z - ONSET) / scale).ln_1p() / shape
    }

    /// The deviation whose surprise is `surprise`: the inverse of [`Self::surprise`] beyond the onset.
    pub(super) fn deviation(&self, surprise: f64) -> f64 {
        let beyond = surprise + self.rate.ln();
        if beyond <= 0.0 {
            return ONSET;
        }
        let (shape, scale) = self.shape_and_scale();
        ONSET + scale * (shape * beyond).exp_m1() / shape
    }

    pub(super) fn learn(&mut self, z: f64) {
        let over = z > ONSET;
        let target = if over { 1.0 } else { 0.0 };
        self.samples += 1.0;
        let gain = (1.0 / (PRIOR_RATE_WEIGHT + f64::from(self.samples))).max(1.0 / RATE_MEMORY);
        self.rate = (self.rate + gain * (target - self.rate)).clamp(1e-5, 0.5);
        if over {
            let weight = if self.in_run { RUN_WEIGHT } else { 1.0 };
            self.excesses += weight as f32;
            let gain = weight * (1.0 / (PRIOR_EXCESS_WEIGHT + f64::from(self.excesses))).max(1.0 / EXCESS_MEMORY);
            let excess = (z - ONSET).min(EXCESS_CLIP * self.mean);
            self.mean += gain * (excess - self.mean);
            self.mean_square += gain * (excess * excess - self.mean_square);
        }
        self.in_run = over;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surprise_grows_with_deviation_and_inverts() {
        let tail = Tail::default();
        let mut last = 0.0;
        for step in 0..400 {
            let s = tail.surprise(f64::from(step) * 0.25);
            assert!(s > last);
            last = s;
        }
        for s in [5.0, 10.0, 20.0] {
            assert!((tail.surprise(tail.deviation(s)) - s).abs() < 1e-9);
        }
    }

    #[test]
    fn an_exponential_tail_is_recovered() {
        // Quantiles of P(Z > z) = exp(-z): the surprise at z is z.
        let mut tail = Tail::default();
        let n = 20_011_u64;
        for i in 0..n {
            let u = ((i * 7_919) % n) as f64 / n as f64;
            tail.learn(-(1.0 - u).ln());
        }
        assert!((tail.surprise(8.0) - 8.0).abs() < 1.0, "{}", tail.surprise(8.0));
    }

    #[test]
    fn seen_outliers_become_less_surprising() {
        let mut tail = Tail::default();
        let before = tail.surprise(30.0);
        for i in 0..2000 {
            tail.learn(if i % 50 == 0 { 30.0 } else { 0.5 });
        }
        assert!(tail.surprise(30.0) < before / 2.0);
    }
}
