//! The newest samples of a series, exact: for the first estimates, for the trend and for a new normal.

use serde::{Deserialize, Serialize};

use super::Trend;

pub(super) const CAPACITY: usize = 32;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Recent {
    values: [f64; CAPACITY],
    next: u8,
    len: u8,
}

impl Recent {
    pub(super) fn push(&mut self, value: f64) {
        self.values[usize::from(self.next)] = value;
        self.next = (self.next + 1) % CAPACITY as u8;
        self.len = (self.len + 1).min(CAPACITY as u8);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// The `n`th newest value, 0 being the newest.
    pub(super) fn newest(&self, n: usize) -> f64 {
        self.values[(usize::from(self.next) + 2 * CAPACITY - 1 - n) % CAPACITY]
    }

    /// Median, and mean absolute deviations above and below it, of the newest `count` values.
    pub(super) fn summary(&self, count: usize) -> Summary {
        let count = count.min(self.len()).max(1);
        let mut sorted = [0.0; CAPACITY];
        for (slot, n) in sorted.iter_mut().zip(0..count) {
            *slot = self.newest(n);
        }
        let sorted = &mut sorted[..count];
        sorted.sort_unstable_by(f64::total_cmp);
        let median = f64::midpoint(sorted[(count - 1) / 2], sorted[count / 2]);
        let above = sorted.iter().map(|v| (v - median).max(0.0)).sum::<f64>() / count as f64;
        let below = sorted.iter().map(|v| (median - v).max(0.0)).sum::<f64>() / count as f64;
        Summary { median, above, below }
    }

    /// Share of the values farther than `floor` from `level`.
    pub(super) fn share_away_from(&self, level: f64, floor: f64) -> f64 {
        let away = (0..self.len()).filter(|n| (self.newest(*n) - level).abs() > floor).count();
        away as f64 / self.len().max(1) as f64
    }

    /// Newest quarter against the one before it, in units of `spread`.
    pub(super) fn trend(&self, spread: f64) -> Trend {
        const QUARTER: usize = CAPACITY / 4;
        if self.len() < 2 * QUARTER {
            return Trend::Steady;
        }
        let mean = |from: usize| (from..from + QUARTER).map(|n| self.newest(n)).sum::<f64>() / QUARTER as f64;
        let moved = mean(0) - mean(QUARTER);
        if moved > 1.5 * spread {
            Trend::Rising
        } else if moved < -1.5 * spread {
            Trend::Falling
        } else {
            Trend::Steady
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    pub(super) median: f64,
    pub(super) above: f64,
    pub(super) below: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_of_the_newest_values_only() {
        let mut recent = Recent::default();
        for v in 0..100 {
            recent.push(f64::from(v));
        }
        let s = recent.summary(5);
        assert_eq!((s.median, s.above, s.below), (97.0, 0.6, 0.6));
        assert_eq!(recent.trend(1.0), Trend::Rising);
        assert_eq!(recent.trend(100.0), Trend::Steady);
    }
}
