//! People's verdicts move a series' threshold: slowly down when an alarm helped, faster up when it was noise.

use serde::{Deserialize, Serialize};

/// The most sensitive a series can become by feedback.
pub const MIN_THRESHOLD: f64 = 0.7;
/// The least sensitive: three times the surprise of the stated budget.
pub const MAX_THRESHOLD: f64 = 3.0;

/// What a person said about an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    Useful,
    Noise,
}

/// The threshold multiplier after one more verdict: x 1.2 for noise, x 0.95 for useful, within
/// [`MIN_THRESHOLD`]..=[`MAX_THRESHOLD`]. One noise verdict is undone by about four useful ones: a missed
/// alarm is seen by someone, a pager that cries wolf is switched off.
#[must_use]
pub fn feedback(threshold: f64, said: Feedback) -> f64 {
    let current = if threshold.is_finite() { threshold } else { 1.0 };
    let factor = match said {
        Feedback::Useful => 0.95,
        Feedback::Noise => 1.2,
    };
    (current * factor).clamp(MIN_THRESHOLD, MAX_THRESHOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_raises_useful_lowers_and_both_are_bounded() {
        assert!(feedback(1.0, Feedback::Noise) > 1.0);
        assert!(feedback(1.0, Feedback::Useful) < 1.0);
        let mut threshold = 1.0;
        for _ in 0..100 {
            threshold = feedback(threshold, Feedback::Noise);
        }
        assert_eq!(threshold, MAX_THRESHOLD);
        for _ in 0..100 {
            threshold = feedback(threshold, Feedback::Useful);
        }
        assert_eq!(threshold, MIN_THRESHOLD);
        assert_eq!(feedback(f64::NAN, Feedback::Noise), 1.2);
    }
}
