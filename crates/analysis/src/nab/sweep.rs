//! One threshold for a corpus: the score at each, and the best.

use super::score::{Profile, probation, row_values};

/// One labelled series with a detector's score for each row.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// First and last row of each labelled window, in order, not overlapping.
    pub windows: &'a [(usize, usize)],
    pub scores: &'a [f64],
}

/// Rows by what they were taken for, probation left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub true_positives: usize,
    pub true_negatives: usize,
    pub false_positives: usize,
    pub false_negatives: usize,
}

/// The score of a corpus at a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Rows at or above it are detections.
    pub threshold: f64,
    pub raw: f64,
    /// 100 for a perfect detector, 0 for one that never detects.
    pub normalised: f64,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    score: f64,
    value: f64,
    /// Index over all windows of the corpus.
    window: Option<usize>,
    series: usize,
}

/// A corpus prepared for scoring at any threshold.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// Scored rows, highest score first.
    rows: Vec<Row>,
    /// Series that each window belongs to.
    windows: Vec<usize>,
    series: usize,
}

impl Sweep {
    /// Scores that are not numbers count as the lowest.
    #[must_use]
    pub fn new(corpus: &[Series<'_>]) -> Self {
        let mut rows = Vec::new();
        let mut windows = Vec::new();
        for (series, labelled) in corpus.iter().enumerate() {
            let start = probation(labelled.scores.len());
            let values = row_values(labelled.scores.len(), labelled.windows);
            for (score, (value, window)) in labelled.scores.iter().zip(values).skip(start) {
                let score = if score.is_nan() { f64::NEG_INFINITY } else { *score };
                rows.push(Row { score, value, window: window.map(|w| w + windows.len()), series });
            }
            windows.extend(labelled.windows.iter().map(|_| series));
        }
        rows.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self { rows, windows, series: corpus.len() }
    }

    fn outcome(&self, threshold: f64, raw: f64, profile: &Profile) -> Outcome {
        let windows = self.windows.len() as f64;
        let (null, perfect) = (-profile.false_negative * windows, profile.true_positive * windows);
        Outcome { threshold, raw, normalised: 100.0 * (raw - null) / (perfect - null) }
    }

    /// The threshold with the highest score; above every score when no detection at all is best.
    #[must_use]
    pub fn best(&self, profile: &Profile) -> Outcome {
        let mut found = vec![None; self.windows.len()];
        let mut raw = -profile.false_negative * self.windows.len() as f64;
        let (mut best_raw, mut best_threshold) = (raw, f64::INFINITY);
        for (i, row) in self.rows.iter().enumerate() {
            raw += gain(&mut found, row, profile);
            let last_of_score = self.rows.get(i + 1).is_none_or(|next| next.score < row.score);
            if last_of_score && raw > best_raw {
                (best_raw, best_threshold) = (raw, row.score);
            }
        }
        self.outcome(best_threshold, best_raw, profile)
    }

    /// The score of the whole corpus at a threshold.
    #[must_use]
    pub fn at(&self, profile: &Profile, threshold: f64) -> Outcome {
        let raw = self.by_series(profile, threshold).iter().map(|(raw, _)| raw).sum();
        self.outcome(threshold, raw, profile)
    }

    /// Raw score and counts of each series at a threshold.
    #[must_use]
    pub fn by_series(&self, profile: &Profile, threshold: f64) -> Vec<(f64, Counts)> {
        let mut result = vec![(0.0, Counts::default()); self.series];
        for series in &self.windows {
            result[*series].0 -= profile.false_negative;
        }
        let mut found = vec![None; self.windows.len()];
        for row in &self.rows {
            let (raw, counts) = &mut result[row.series];
            match (row.score >= threshold, row.window) {
                (true, Some(_)) => counts.true_positives += 1,
                (true, None) => counts.false_positives += 1,
                (false, Some(_)) => counts.false_negatives += 1,
                (false, None) => counts.true_negatives += 1,
            }
            if row.score >= threshold {
                *raw += gain(&mut found, row, profile);
            }
        }
        result
    }
}

/// What one more detection changes: a window pays for its best (earliest) detection only.
fn gain(found: &mut [Option<f64>], row: &Row, profile: &Profile) -> f64 {
    let Some(window) = row.window else {
        return row.value * profile.false_positive;
    };
    let value = row.value * profile.true_positive;
    match found[window] {
        None => {
            found[window] = Some(value);
            value + profile.false_negative
        }
        Some(before) if value > before => {
            found[window] = Some(value);
            value - before
        }
        Some(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(scores: &[f64]) -> Sweep {
        Sweep::new(&[Series { windows: &[(50, 59)], scores }])
    }

    #[test]
    fn perfect_is_100_and_silence_is_0() {
        let mut scores = vec![0.0; 100];
        scores[50] = 1.0;
        for profile in Profile::ALL {
            assert_eq!(corpus(&scores).best(&profile).normalised, 100.0);
            assert_eq!(corpus(&scores).at(&profile, 2.0).normalised, 0.0);
        }
    }

    #[test]
    fn later_detections_in_a_window_change_nothing_and_probation_counts_for_nothing() {
        let mut scores = vec![0.0; 100];
        scores[50..60].fill(1.0);
        scores[..15].fill(1.0);
        assert_eq!(corpus(&scores).at(&Profile::STANDARD, 1.0).normalised, 100.0);
        let counts = corpus(&scores).by_series(&Profile::STANDARD, 1.0)[0].1;
        assert_eq!((counts.true_positives, counts.false_positives, counts.true_negatives), (10, 0, 75));
    }

    #[test]
    fn a_false_positive_costs_its_weight() {
        let mut scores = vec![0.0; 100];
        scores[20] = 1.0;
        scores[50] = 1.0;
        assert!((corpus(&scores).at(&Profile::STANDARD, 1.0).raw - 0.89).abs() < 1e-12);
        assert!((corpus(&scores).at(&Profile::REWARD_LOW_FP, 1.0).raw - 0.78).abs() < 1e-12);
    }

    #[test]
    fn the_best_threshold_is_the_best_of_all() {
        let scores: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 101)).collect();
        let sweep = corpus(&scores);
        let best = sweep.best(&Profile::STANDARD);
        for threshold in &scores {
            assert!(sweep.at(&Profile::STANDARD, *threshold).raw <= best.raw + 1e-12);
        }
        assert!((sweep.at(&Profile::STANDARD, best.threshold).raw - best.raw).abs() < 1e-12);
    }
}
