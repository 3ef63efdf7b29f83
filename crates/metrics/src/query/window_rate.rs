//! How fast something grows: `rate`, `increase`, `delta`, `irate`, `idelta`.
//!
//! The first three extrapolate: samples seldom fall on the bounds of the window, so the growth between the first and the
//! last sample is stretched towards the bounds, by at most half the mean distance of samples when a bound is far away, and for a
//! counter never below zero.

use super::window::View;
use super::window_fold::{Sliding, Sum};
use crate::sample::Sample;

/// What the growth means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// Per second, of a counter.
    Rate,
    /// Of a counter.
    Increase,
    /// Of a gauge: it may shrink.
    Delta,
}

pub(super) fn extrapolated(growth: Growth, all: &[Sample]) -> impl FnMut(&View<'_>) -> Option<f64> {
    let is_counter = growth != Growth::Delta;
    let mut resets = Resets::new(if is_counter { all } else { &[] });
    move |view| {
        if view.len() < 2 {
            return None;
        }
        let mut result = view.newest().value - view.oldest().value;
        if is_counter {
            result += resets.lost(view);
        }
        Some(result * extrapolation(view, is_counter.then_some(result), growth == Growth::Rate))
    }
}

/// Where a counter started again. There are few such places, so the window over them slides for almost nothing.
#[derive(Debug)]
struct Resets {
    /// Index of the first sample after the restart, and what had been counted before it.
    all: Vec<(usize, f64)>,
    first: usize,
    end: usize,
    lost: Sliding<Sum>,
}

impl Resets {
    fn new(samples: &[Sample]) -> Self {
        let pairs = samples.windows(2).enumerate().filter(|(_, pair)| pair[1].value < pair[0].value);
        let all = pairs.map(|(i, pair)| (i + 1, pair[0].value)).collect();
        Self { all, first: 0, end: 0, lost: Sliding::new() }
    }

    /// What was counted and lost inside the window.
    fn lost(&mut self, view: &View<'_>) -> f64 {
        while self.all.get(self.end).is_some_and(|(index, _)| *index < view.end) {
            self.end += 1;
        }
        // A restart between the sample before the window and its first sample is outside.
        while self.first < self.end && self.all[self.first].0 <= view.first {
            self.first += 1;
        }
        if self.first == self.end {
            return 0.0;
        }
        self.lost.fold(self.first, self.end, |i| Sum::of(self.all[i].1)).map_or(0.0, Sum::value)
    }
}

/// The factor from the time between the samples to the time of the window. `counted` is the growth of a counter.
fn extrapolation(view: &View<'_>, counted: Option<f64>, per_second: bool) -> f64 {
    let (first, last) = (view.oldest(), view.newest());
    let sampled = seconds(last.ts.saturating_sub(first.ts));
    let between = sampled / (view.len() - 1) as f64;
    let mut to_start = seconds(first.ts.saturating_sub(view.from_ms));
    let to_end = seconds(view.to_ms.saturating_sub(last.ts));
    if let Some(counted) = counted
        && counted > 0.0
        && first.value >= 0.0
    {
        // At this pace the counter was zero that long ago; it cannot have grown before.
        to_start = to_start.min(sampled * (first.value / counted));
    }
    let threshold = between * 1.1;
    let stretched = |gap: f64| if gap < threshold { gap } else { between / 2.0 };
    let factor = (sampled + stretched(to_start) + stretched(to_end)) / sampled;
    if per_second { factor / seconds(view.to_ms.saturating_sub(view.from_ms)) } else { factor }
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// From the last two samples only; `per_second` for a counter.
pub(super) fn instantaneous(view: &View<'_>, per_second: bool) -> Option<f64> {
    let [.., before, last] = view.samples() else { return None };
    let elapsed = last.ts.saturating_sub(before.ts);
    if elapsed == 0 {
        return None;
    }
    let was_reset = per_second && last.value < before.value;
    let growth = if was_reset { last.value } else { last.value - before.value };
    Some(if per_second { growth / seconds(elapsed) } else { growth })
}
