//! Silence is a finding too: how long a series may be quiet, learned from the gaps between its samples.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Arrivals {
    /// Decayed typical gap and its mean excess, in ms.
    typical_ms: f64,
    excess_ms: f64,
    gaps: u32,
    /// A missing finding is open since this time.
    missing_since_ms: Option<i64>,
}

impl Arrivals {
    pub(super) fn learn(&mut self, gap_ms: i64) {
        let gap = gap_ms as f64;
        self.gaps = self.gaps.saturating_add(1);
        if self.gaps == 1 {
            self.typical_ms = gap;
            return;
        }
        let gain = (1.0 / f64::from(self.gaps)).max(0.02);
        // The first gaps may be outliers themselves: a median-like step that cannot be thrown by one of them.
        let step = (gap - self.typical_ms).clamp(-0.5 * self.typical_ms, 0.5 * self.typical_ms);
        self.typical_ms += gain.max(0.05) * step;
        let late = (gap - self.typical_ms).clamp(0.0, 10.0 * self.typical_ms);
        self.excess_ms += gain * (late - self.excess_ms);
    }

    /// The interval between samples in ms, `None` before there is a gap to measure.
    pub(super) fn interval_ms(&self, expected_ms: Option<i64>) -> Option<f64> {
        expected_ms
            .filter(|ms| *ms > 0)
            .map(|ms| ms as f64)
            .or((self.gaps > 0 && self.typical_ms > 0.0).then_some(self.typical_ms))
    }

    /// Silence allowed before the series is missing: the set number of intervals, more where gaps are irregular.
    pub(super) fn allowed_ms(&self, expected_ms: Option<i64>, intervals: f64) -> Option<f64> {
        let interval = self.interval_ms(expected_ms)?;
        let intervals = if intervals.is_finite() { intervals.max(1.0) } else { 5.0 };
        Some(intervals * interval.max(self.typical_ms) + 8.0 * self.excess_ms)
    }

    pub(super) fn known_gaps(&self) -> u32 {
        self.gaps
    }

    pub(super) fn open_missing(&mut self, since_ms: i64) -> bool {
        let opened = self.missing_since_ms.is_none();
        self.missing_since_ms.get_or_insert(since_ms);
        opened
    }

    /// A sample arrived: ends a missing finding and says whether there was one.
    pub(super) fn resume(&mut self) -> bool {
        self.missing_since_ms.take().is_some()
    }
}
