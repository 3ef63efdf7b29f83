//! The functions of a range: what each makes of a window.

use super::column::{Column, without_name};
use super::quantile;
use super::window::{RangeSeries, View, Windows};
use super::window_fold::{Max, Min, Moments, Sliding, mean, sum};
use super::window_rate::{Growth, extrapolated, instantaneous};
use super::window_regression::{deriv, predict_linear};
use crate::sample::Sample;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WindowFunction {
    Rate,
    Increase,
    Delta,
    Irate,
    Idelta,
    Deriv,
    PredictLinear,
    Changes,
    Resets,
    Avg,
    Min,
    Max,
    Sum,
    Count,
    Stddev,
    Stdvar,
    First,
    Last,
    Present,
    Quantile,
}

impl WindowFunction {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rate" => Self::Rate,
            "increase" => Self::Increase,
            "delta" => Self::Delta,
            "irate" => Self::Irate,
            "idelta" => Self::Idelta,
            "deriv" => Self::Deriv,
            "predict_linear" => Self::PredictLinear,
            "changes" => Self::Changes,
            "resets" => Self::Resets,
            "avg_over_time" => Self::Avg,
            "min_over_time" => Self::Min,
            "max_over_time" => Self::Max,
            "sum_over_time" => Self::Sum,
            "count_over_time" => Self::Count,
            "stddev_over_time" => Self::Stddev,
            "stdvar_over_time" => Self::Stdvar,
            "first_over_time" => Self::First,
            "last_over_time" => Self::Last,
            "present_over_time" => Self::Present,
            "quantile_over_time" => Self::Quantile,
            _ => return None,
        })
    }

    /// The first and last sample of a window are samples of the metric itself; anything else is a new quantity without a name.
    fn keeps_name(self) -> bool {
        matches!(self, Self::First | Self::Last)
    }

    /// Work beyond one unit per sample and step: a sorted window is moved in memory at every change.
    pub(super) fn extra_work(self, windows: &Windows, samples: &[Sample]) -> usize {
        if self != Self::Quantile {
            return 0;
        }
        let mut widest = 0;
        windows.slide(samples, |view| {
            widest = widest.max(view.len());
            None
        });
        samples.len().saturating_mul(widest) / 64
    }

    /// One column: the function at every step. `parameter` holds the scalar argument per step, if there is one.
    pub(super) fn column(self, series: &RangeSeries<'_>, windows: &Windows, parameter: &[f64]) -> Column {
        let labels = if self.keeps_name() { series.labels.clone() } else { without_name(&series.labels) };
        Column { labels, values: self.values(&series.samples, windows, parameter) }
    }

    fn values(self, all: &[Sample], windows: &Windows, parameter: &[f64]) -> Vec<f64> {
        match self {
            Self::Rate => windows.slide(all, extrapolated(Growth::Rate, all)),
            Self::Increase => windows.slide(all, extrapolated(Growth::Increase, all)),
            Self::Delta => windows.slide(all, extrapolated(Growth::Delta, all)),
            Self::Irate => windows.slide(all, |view| instantaneous(view, true)),
            Self::Idelta => windows.slide(all, |view| instantaneous(view, false)),
            Self::Deriv => windows.slide(all, deriv()),
            Self::PredictLinear => windows.slide(all, predict_linear(parameter)),
            Self::Changes => windows.slide(all, counted(all, changed)),
            Self::Resets => windows.slide(all, counted(all, |before, value| value < before)),
            Self::Avg => windows.slide(all, mean()),
            Self::Sum => windows.slide(all, sum()),
            Self::Min => {
                let mut sliding = Sliding::new();
                windows.slide(all, |view| Some(sliding.fold(view.first, view.end, |i| Min(all[i].value))?.0))
            }
            Self::Max => {
                let mut sliding = Sliding::new();
                windows.slide(all, |view| Some(sliding.fold(view.first, view.end, |i| Max(all[i].value))?.0))
            }
            Self::Stdvar => windows.slide(all, variance(all)),
            Self::Stddev => {
                let mut variance = variance(all);
                windows.slide(all, |view| Some(variance(view)?.sqrt()))
            }
            Self::Count => windows.slide(all, |view| Some(view.len() as f64)),
            Self::First => windows.slide(all, |view| Some(view.oldest().value)),
            Self::Last => windows.slide(all, |view| Some(view.newest().value)),
            Self::Present => windows.slide(all, |_| Some(1.0)),
            Self::Quantile => windows.slide(all, quantile::over_time(parameter)),
        }
    }
}

/// Population variance. Values are taken relative to the first of the series, so that large values with a small spread keep their digits.
fn variance(all: &[Sample]) -> impl FnMut(&View<'_>) -> Option<f64> {
    let origin = all.first().map(|sample| sample.value).filter(|value| value.is_finite()).unwrap_or(0.0);
    let mut sliding = Sliding::new();
    move |view| Some(sliding.fold(view.first, view.end, |i| Moments::of(all[i].value - origin))?.variance())
}

fn changed(before: f64, value: f64) -> bool {
    before != value && !(before.is_nan() && value.is_nan())
}

/// How many neighbours inside the window differ in the way that `happened` tells.
fn counted(all: &[Sample], happened: impl Fn(f64, f64) -> bool) -> impl FnMut(&View<'_>) -> Option<f64> {
    let mut total = 0_u64;
    // Events up to and including each sample.
    let totals: Vec<u64> = (0..all.len())
        .map(|i| {
            total += u64::from(i > 0 && happened(all[i - 1].value, all[i].value));
            total
        })
        .collect();
    move |view| Some((totals[view.end - 1] - totals[view.first]) as f64)
}
