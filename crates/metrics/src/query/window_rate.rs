//! How fast something grows: `rate`, `increase`, `delta`, `irate`, `idelta`.
//!
//! The first three extrapolate: samples seldom fall on the bounds of the window, so the growth between the first and the
//! last sample is stretched towards the bounds, by at most half the mean distance of samples when a bound is far away, and for a
//! counter never below zero.

use super::window::View;
use super::window_fold::{Sliding, Sum};

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

pub(super) fn extrapolated(growth: Growth) -> impl FnMut(&View<'_>) -> Option<f64> {
    let mut resets = Sliding::new();
    move |view| {
        if view.len() < 2 {
            return None;
        }
        let is_counter = growth != Growth::Delta;
        let mut result = view.newest().value - view.oldest().value;
        if is_counter {
            result += resets.fold(view.first + 1, view.end, |i| Sum::of(lost_by_reset(view, i)))?.value();
        }
        Some(result * extrapolation(view, is_counter.then_some(result), growth == Growth::Rate))
    }
}

/// What a counter had counted before it started again, if it did between the sample before `i` and `i`.
fn lost_by_reset(view: &View<'_>, i: usize) -> f64 {
    let before = view.all[i - 1].value;
    if view.all[i].value < before { before } else { 0.0 }
}

/// The factor from the time between the samples to the time of the window. `counted` is the growth of a counter.
fn extrapolation(view: &View<'_>, counted: Option<f64>, per_second: bool) -> f64 {
    let (first, last) = (view.oldest(), view.newest());
    let sampled = seconds(last.ts - first.ts);
    let between = sampled / (view.len() - 1) as f64;
    let mut to_start = seconds(first.ts - view.from_ms);
    let to_end = seconds(view.to_ms - last.ts);
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
    if per_second { factor / seconds(view.to_ms - view.from_ms) } else { factor }
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// From the last two samples only; `per_second` for a counter.
pub(super) fn instantaneous(view: &View<'_>, per_second: bool) -> Option<f64> {
    let [.., before, last] = view.samples() else { return None };
    let elapsed = last.ts - before.ts;
    if elapsed == 0 {
        return None;
    }
    let was_reset = per_second && last.value < before.value;
    let growth = if was_reset { last.value } else { last.value - before.value };
    Some(if per_second { growth / seconds(elapsed) } else { growth })
}
