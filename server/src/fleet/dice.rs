//! Chance, seeded: how long a wait is, whether something happens.
//!
//! Always true: the same seed and stream give the same sequence.

use std::time::Duration;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;

/// A stream of random numbers that several tasks draw from.
#[derive(Debug)]
pub(super) struct Dice(Mutex<StdRng>);

impl Dice {
    /// `stream` keeps the draws of one purpose apart from those of another with the same seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed ^ stream.rotate_right(8))))
    }

    /// True with probability `share`, which is taken into 0..=1.
    pub(super) fn chance(&self, share: f64) -> bool {
        self.0.lock().random_bool(share.clamp(0.0, 1.0))
    }

    /// Uniform in `0..1`.
    pub(super) fn unit(&self) -> f64 {
        self.0.lock().random()
    }

    /// Standard normal.
    pub(super) fn normal(&self) -> f64 {
        self.0.lock().sample(StandardNormal)
    }

    /// Log-normal with median 1; `sigma` is the standard deviation of the logarithm.
    pub(super) fn log_normal(&self, sigma: f64) -> f64 {
        (sigma * self.normal()).exp()
    }

    /// Waits for a log-normal time with the given median.
    pub(super) async fn wait(&self, median: Duration, sigma: f64) {
        tokio::time::sleep(median.mul_f64(self.log_normal(sigma))).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_a_stream_differs() {
        let draw = |seed, stream| {
            let dice = Dice::new(seed, stream);
            [dice.unit(), dice.normal(), dice.unit()]
        };
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(2, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
    }

    #[test]
    fn half_of_the_draws_are_below_the_median() {
        let dice = Dice::new(7, 0);
        let below = (0..4_000).filter(|_| dice.log_normal(0.5) < 1.0).count();
        // Four standard deviations of a fair coin thrown 4,000 times.
        assert!((1_874..=2_126).contains(&below), "{below}");
    }
}
