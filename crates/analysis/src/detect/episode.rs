//! One excursion is one anomaly: enter and leave with hysteresis.
//!
//! Opens at once on a clear jump, after three of five samples on a mild one; closes after five quiet samples,
//! or when the shifted level has lasted long enough to be the new normal. At most one episode is open.

use serde::{Deserialize, Serialize};

/// At or above this score a single sample opens an episode.
pub(super) const OPEN_AT_ONCE: f64 = 1.3;
/// Below this score a sample counts towards closing.
pub(super) const QUIET: f64 = 0.7;
const NEEDED: u32 = 3;
const OF_LAST: u32 = 5;
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
    /// The last samples' "at or above 1.0", newest in the lowest bit.
    hot: u8,
    quiet: u32,
    began_ms: i64,
    samples: u32,
    peak: f64,
}

impl Episode {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Something is under way that may still turn out to be an anomaly.
    pub(super) fn is_undecided(&self) -> bool {
        !self.open && self.samples > 0 && self.quiet == 0
    }

    pub(super) fn is_suspect(&self) -> bool {
        !self.open && self.hot & 1 == 1
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
    pub(super) fn step(&mut self, time_ms: i64, score: f64, alone_may_open: bool) -> Transition {
        let hot = score >= 1.0;
        self.hot = ((self.hot << 1) | u8::from(hot)) & ((1 << OF_LAST) - 1);
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
        if at_once || (hot && self.hot.count_ones() >= NEEDED) {
            self.open = true;
            return Transition::Opened;
        }
        if self.quiet >= QUIET_SAMPLES {
            *self = Self::default();
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
        scores.iter().enumerate().map(|(i, s)| episode.step(i as i64, *s, true)).collect()
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
    fn a_mild_one_needs_three_of_five() {
        assert!(run(&[1.1, 0.1, 0.1, 1.1, 0.1, 0.1, 0.1, 1.1]).iter().all(|t| *t == Transition::None));
        assert_eq!(run(&[1.1, 0.1, 1.1, 0.1, 1.1])[4], Transition::Opened);
    }

    #[test]
    fn alone_may_not_open_when_the_spread_is_unknown() {
        let mut episode = Episode::default();
        assert_eq!(episode.step(0, 9.0, false), Transition::None);
        assert_eq!(episode.step(1, 9.0, false), Transition::None);
        assert_eq!(episode.step(2, 9.0, false), Transition::Opened);
    }
}
