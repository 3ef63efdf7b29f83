//! `[detection]`.

use domain::validate::Checks;
use serde::Deserialize;

/// How series are judged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionConfig {
    pub enabled: bool,
    /// Samples of a series before it can alarm.
    pub min_samples: u32,
    /// False alarms a week that a healthy series may cost.
    pub false_alarms_per_week: f64,
    /// Series judged at most; the others are only stored.
    pub max_series: usize,
    /// Learn daily and weekly courses.
    pub seasonal: bool,
    /// Minutes a new level must last to be the new normal.
    pub adapt_after_minutes: u32,
    /// Usual intervals of silence after which data counts as missing.
    pub missing_after_intervals: f64,
    /// Metrics that are never judged; `*` at the end stands for anything.
    pub ignore: Vec<String>,
}

impl DetectionConfig {
    pub(crate) fn check(&self, checks: &mut Checks) {
        checks.check(self.min_samples >= 8, "detection.min_samples", "must be at least 8");
        let is_budget = self.false_alarms_per_week > 0.0 && self.false_alarms_per_week <= 1_000.0;
        checks.check(is_budget, "detection.false_alarms_per_week", "must be over 0 and at most 1000");
        checks.check(
            (1..=10_080).contains(&self.adapt_after_minutes),
            "detection.adapt_after_minutes",
            "must be between 1 and 10080",
        );
        let is_patient = self.missing_after_intervals >= 2.0 && self.missing_after_intervals <= 1_000.0;
        checks.check(is_patient, "detection.missing_after_intervals", "must be between 2 and 1000");
    }

    pub(super) fn ignores(&self, metric: &str) -> bool {
        self.ignore.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => metric.starts_with(start),
            None => metric == pattern,
        })
    }
}
