//! How far a feature's values are from those of the training set: the population stability index.
//!
//! Always true: the bins are the training set's deciles; an index is finite and not negative.

/// Bins of equal share.
const N_BINS: usize = 10;

/// Stands for the share of an empty bin, whose logarithm would be infinite.
const FLOOR: f64 = 0.000_1;

/// The distribution of one feature in the training set.
#[derive(Debug)]
pub(super) struct Reference {
    /// Upper bounds of all bins but the last.
    bounds: Vec<f64>,
}

impl Reference {
    /// From the training values.
    pub(super) fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let bounds = (1..N_BINS).filter_map(|i| values.get(values.len() * i / N_BINS).copied()).collect();
        Self { bounds }
    }

    /// Sum over the bins of (actual − expected) · ln(actual / expected) (Siddiqi, *Credit Risk Scorecards*, 2006).
    pub(super) fn stability_index(&self, values: impl Iterator<Item = f64>) -> f64 {
        let mut counts = [0_u32; N_BINS];
        let mut n = 0.0;
        for value in values {
            let bin = self.bounds.partition_point(|&bound| bound <= value);
            counts[bin.min(N_BINS - 1)] += 1;
            n += 1.0;
        }
        if n == 0.0 {
            return 0.0;
        }
        let expected = 1.0 / N_BINS as f64;
        let term = |count| {
            let actual = (f64::from(count) / n).max(FLOOR);
            (actual - expected) * (actual / expected).ln()
        };
        counts.into_iter().map(term).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even() -> impl Iterator<Item = f64> {
        (0..1_000).map(f64::from)
    }

    #[test]
    fn the_same_distribution_has_no_drift() {
        assert!(Reference::new(even().collect()).stability_index(even()).abs() < 1e-9);
    }

    #[test]
    fn a_known_shift_has_the_index_of_the_formula() {
        // Everything falls into the last bin: nine empty bins and one with all.
        let index = Reference::new(even().collect()).stability_index((0..10).map(|_| 5_000.0));
        let expected = 9.0 * (FLOOR - 0.1) * (FLOOR / 0.1).ln() + 0.9 * 10_f64.ln();
        assert!((index - expected).abs() < 1e-9, "{index} {expected}");
    }
}
