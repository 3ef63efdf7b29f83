//! When a query is evaluated, and which samples an instant or a window sees.
//!
//! Windows follow Prometheus 2.42: closed at both ends, so that a sample exactly `window` (or exactly the lookback)
//! before the evaluation time still counts. Prometheus 3 leaves the older end open; [`WINDOW_START_INCLUDED`] is the
//! one place that decides.

use super::error::{ErrorKind, QueryError};

/// How far back an instant selector looks for the newest sample.
pub const LOOKBACK_MS: i64 = 5 * 60 * 1000;

/// Step of a subquery that names none (Prometheus' default global evaluation interval).
pub const DEFAULT_SUBQUERY_STEP_MS: i64 = 60 * 1000;

/// Whether a window contains the sample exactly at its older end: true as in Prometheus 2.x, false as in 3.x.
pub const WINDOW_START_INCLUDED: bool = true;

/// Times further from the epoch than this (about 285,000 years) are refused, so that arithmetic on them cannot overflow.
pub(super) const MAX_TIME_MS: i64 = 1 << 53;

/// The times at which a query is evaluated: `start`, `start + step`, … up to and including `end`, in milliseconds since the epoch.
/// An instant query is a range whose start is its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvalRange {
    pub start_ms: i64,
    pub end_ms: i64,
    /// Ignored when start and end are the same.
    pub step_ms: i64,
}

impl EvalRange {
    pub const fn instant(time_ms: i64) -> Self {
        Self { start_ms: time_ms, end_ms: time_ms, step_ms: 0 }
    }

    pub const fn is_instant(&self) -> bool {
        self.start_ms == self.end_ms
    }

    pub(super) fn steps(&self) -> Result<Steps, QueryError> {
        let refused = |message: &str, hint: &str| Err(QueryError::new(ErrorKind::Range, message, hint));
        if self.start_ms.saturating_abs() > MAX_TIME_MS || self.end_ms.saturating_abs() > MAX_TIME_MS {
            return refused("start or end is out of range", "give times in milliseconds since 1970");
        }
        if self.end_ms < self.start_ms {
            return refused("end is before start", "swap start and end");
        }
        if self.is_instant() {
            return Ok(Steps { start: self.start_ms, step: 1, count: 1 });
        }
        if self.step_ms <= 0 || self.step_ms > MAX_TIME_MS {
            return refused("step must be positive", "give the distance between two points, for example 15 s");
        }
        Ok(Steps::between(self.start_ms, self.end_ms, self.step_ms))
    }
}

/// Evaluation times of one node of the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    pub(super) start: i64,
    pub(super) step: i64,
    pub(super) count: usize,
}

impl Steps {
    /// `step` must be positive. No step at all when `end` is before `start`.
    pub(super) fn between(start: i64, end: i64, step: i64) -> Self {
        let count = if end < start { 0 } else { end.saturating_sub(start) / step + 1 };
        Self { start, step, count: usize::try_from(count).unwrap_or(usize::MAX) }
    }

    pub(super) fn times(self) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |i| self.start + self.step * i as i64)
    }

    pub(super) fn last(self) -> i64 {
        let n_before = i64::try_from(self.count.saturating_sub(1)).unwrap_or(i64::MAX);
        self.start.saturating_add(self.step.saturating_mul(n_before))
    }
}

/// The fixed time of an `@` modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Start,
    End,
    Time(i64),
}

/// `offset` and `@` of a selector or subquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shift {
    pub(super) offset_ms: i64,
    pub(super) at: Option<At>,
}

impl Shift {
    /// The time a selector looks at when the query is evaluated at `time`. Never decreases as `time` grows.
    pub(super) fn reference(self, time: i64, query: EvalRange) -> i64 {
        let base = match self.at {
            None => time,
            Some(At::Start) => query.start_ms,
            Some(At::End) => query.end_ms,
            Some(At::Time(fixed)) => fixed,
        };
        base.saturating_sub(self.offset_ms)
    }
}

/// The oldest timestamp that a window of `window_ms` ending at `end` contains.
pub(super) fn oldest_in_window(end: i64, window_ms: i64) -> i64 {
    end.saturating_sub(window_ms).saturating_add(i64::from(!WINDOW_START_INCLUDED))
}

/// Evaluation times of a subquery: multiples of its step, from the first that is not before `first - window` up to `last`.
pub(super) fn subquery_steps(first: i64, last: i64, window_ms: i64, step_ms: i64) -> Steps {
    let earliest = first.saturating_sub(window_ms);
    let aligned = earliest.div_euclid(step_ms).saturating_mul(step_ms);
    let start = if aligned < earliest { aligned.saturating_add(step_ms) } else { aligned };
    Steps::between(start, last, step_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_include_both_ends() {
        let steps = EvalRange { start_ms: 0, end_ms: 60, step_ms: 20 }.steps().unwrap();
        assert_eq!(steps.times().collect::<Vec<_>>(), [0, 20, 40, 60]);
        assert_eq!(steps.last(), 60);
        assert_eq!(EvalRange::instant(7).steps().unwrap().times().collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn impossible_ranges_are_refused() {
        for (start_ms, end_ms, step_ms) in [(10, 0, 1), (0, 10, 0), (0, 10, -1), (i64::MIN, 0, 1), (0, i64::MAX, 1)] {
            let error = EvalRange { start_ms, end_ms, step_ms }.steps().unwrap_err();
            assert_eq!(error.kind, ErrorKind::Range, "{start_ms} {end_ms} {step_ms}");
        }
    }

    #[test]
    fn subquery_steps_are_aligned() {
        assert_eq!(subquery_steps(1000, 1000, 100, 30).times().collect::<Vec<_>>(), [900, 930, 960, 990]);
        assert_eq!(subquery_steps(-50, -50, 100, 60).times().collect::<Vec<_>>(), [-120, -60]);
        assert_eq!(subquery_steps(10, 10, 5, 60).count, 0);
    }

    #[test]
    fn references_respect_at_and_offset() {
        let query = EvalRange { start_ms: 100, end_ms: 200, step_ms: 10 };
        assert_eq!(Shift { offset_ms: 5, at: None }.reference(150, query), 145);
        assert_eq!(Shift { offset_ms: -5, at: Some(At::End) }.reference(150, query), 205);
        assert_eq!(Shift { offset_ms: 0, at: Some(At::Time(3)) }.reference(150, query), 3);
    }
}
