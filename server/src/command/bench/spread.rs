//! Quantiles of durations, by the nearest rank: each answer is a duration that was measured.

use std::time::Duration;

/// Durations, sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread(Vec<Duration>);

impl Spread {
    pub(super) fn new(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds that the share `q` of the durations do not exceed; NaN when there are none.
    pub(super) fn ms(&self, q: f64) -> f64 {
        let rank = (q * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.max(1) - 1).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks() {
        let spread = Spread::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|q| spread.ms(q)), [1.0, 100.0, 198.0, 200.0]);
        assert!(Spread::default().ms(0.5).is_nan());
    }
}
