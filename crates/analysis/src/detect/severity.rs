//! From score to urgency.

use serde::{Deserialize, Serialize};

/// How urgent an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    Error,
    Critical,
}

/// Urgency of a score that has been at least this high for `duration_ms`. The score is logarithmic: +1.0 is
/// the false-alarm budget once more, so 2.0 is already as unlikely as one false alarm in tens of thousands
/// of years. What stays up for ten minutes is one step more urgent than a flash, but never critical by time alone.
#[must_use]
pub fn severity(score: f64, duration_ms: i64) -> Severity {
    if score < 1.0 || score.is_nan() {
        return Severity::Info;
    }
    if score >= 2.5 {
        return Severity::Critical;
    }
    if score >= 1.6 || duration_ms >= 10 * 60 * 1000 {
        return Severity::Error;
    }
    Severity::Warning
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_rises_with_score_and_time() {
        assert_eq!(severity(0.99, 0), Severity::Info);
        assert_eq!(severity(1.0, 0), Severity::Warning);
        assert_eq!(severity(1.0, 600_000), Severity::Error);
        assert_eq!(severity(1.7, 0), Severity::Error);
        assert_eq!(severity(9.0, 0), Severity::Critical);
        assert_eq!(severity(f64::NAN, 0), Severity::Info);
    }
}
