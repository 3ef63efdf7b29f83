//! One excursion is one anomaly: enter and leave with hysteresis.
//!
//! Evidence adds up while scores stay near or above the threshold (a cumulative sum, Page 1954): a clear jump
//! opens at once, a score of 1.0 after three samples, one of 0.85 after six. Closes after five quiet samples, or
//! when the shifted level has lasted long enough to be the new normal. At most one episode is open.

use serde::{Deserialize, Serialize};

/// At or above this score a single sample opens an episode.
const OPEN_AT_ONCE: f64 = 1.3;
/// Below this score a sample counts towards closing, and evidence fades.
const QUIET: f64 = 0.7;
/// From this score on a sample may turn out to belong to an anomaly.
const DOUBTFUL: f64 = 0.5;
/// Evidence that opens an episode, and the most one sample adds: three samples at least.
const NEEDED: f64 = 0.9;
const MOST_AT_ONCE: f64 = 0.3;
/// However much inertia a series has, this many times longer evidence is enough.
const LONGEST_RUN: f64 = 3.0;
const QUIET_SAMPLES: u32 = 5;

/// Why an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The values returned to the expected range.
    Recovered,
    /// The shifted level lasted: it is what is expected from now on.
    NewNormal,
    /// Samples arrive again.
    Resumed,
}

/// What this observation did to the episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    #[default]
    None,
    Opened,
    Ongoing,
    Closed(CloseReason),
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Episode {
    open: bool,
    evidence: f64,
    doubtful: bool,
    quiet: u32,
    began_ms: i64,
    samples: u32,
    peak: f64,
}

impl Episode {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The newest sample may still turn out to belong to an anomaly.
    pub(super) fn is_doubtful(&self) -> bool {
        !self.open && self.doubtful
    }

    /// The evidence as a score: 1.0 opens.
    pub(super) fn evidence_score(&self) -> f64 {
        (self.evidence / NEEDED).min(1.0)
    }

    pub(super) fn began_ms(&self) -> i64 {
        self.began_ms
    }

    pub(super) fn samples(&self) -> u32 {
        self.samples
    }

    pub(super) fn peak(&self) -> f64 {
        self.peak
    }

    /// Takes the next score. `alone_may_open` is false while nothing is known of the series' spread.
    /// `per_independent` is how many samples are worth one independent one.
    pub(super) fn step(&mut self, time_ms: i64, score: f64, alone_may_open: bool, per_independent: f64) -> Transition {
        self.evidence = (self.evidence + (score - QUIET).min(MOST_AT_ONCE) / per_independent.clamp(1.0, LONGEST_RUN))
            .clamp(0.0, NEEDED);
        self.doubtful = score >= DOUBTFUL;
        if score >= QUIET && self.samples == 0 {
            self.began_ms = time_ms;
        }
        if self.samples > 0 || score >= QUIET {
            self.samples = self.samples.saturating_add(1);
            self.peak = self.peak.max(score);
        }
        self.quiet = if score < QUIET { self.quiet.saturating_add(1) } else { 0 };
        if self.open {
            if self.quiet >= QUIET_SAMPLES {
                return self.close(CloseReason::Recovered);
            }
            return Transition::Ongoing;
        }
        let at_once = score >= OPEN_AT_ONCE && alone_may_open;
        if at_once || self.evidence >= NEEDED - 1e-9 {
            self.open = true;
            self.evidence = NEEDED;
            return Transition::Opened;
        }
        if self.quiet >= QUIET_SAMPLES {
            *self = Self { doubtful: self.doubtful, ..Self::default() };
        }
        Transition::None
    }

    pub(super) fn close(&mut self, reason: CloseReason) -> Transition {
        *self = Self::default();
        Transition::Closed(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scores: &[f64]) -> Vec<Transition> {
        let mut episode = Episode::default();
        scores.iter().enumerate().map(|(i, s)| episode.step(i as i64, *s, true, 1.0)).collect()
    }

    #[test]
    fn a_clear_jump_opens_at_once_and_closes_after_five_quiet_samples() {
        let seen = run(&[0.1, 2.0, 2.0, 0.2, 0.2, 1.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
        assert_eq!(seen[1], Transition::Opened);
        assert_eq!(seen[9], Transition::Ongoing);
        assert_eq!(seen[10], Transition::Closed(CloseReason::Recovered));
        assert_eq!(seen[11], Transition::None);
    }

    #[test]
    fn a_mild_one_needs_to_last() {
        assert!(run(&[1.1, 0.1, 0.1, 1.1, 0.1, 1.1, 0.1, 1.1]).iter().all(|t| *t == Transition::None));
        assert_eq!(run(&[1.0, 1.0, 1.0])[2], Transition::Opened);
        assert_eq!(run(&[0.85; 6])[5], Transition::Opened);
        assert!(run(&[0.69; 100]).iter().all(|t| *t == Transition::None));
    }

    #[test]
    fn alone_may_not_open_when_the_spread_is_unknown() {
        let mut episode = Episode::default();
        assert_eq!(episode.step(0, 9.0, false, 1.0), Transition::None);
        assert_eq!(episode.step(1, 9.0, false, 1.0), Transition::None);
        assert_eq!(episode.step(2, 9.0, false, 1.0), Transition::Opened);
    }
}
