//! A straight line through the window by least squares: `deriv` and `predict_linear`.

use super::window::View;
use super::window_fold::{Fold, Sliding};

/// Means and centred products of time (seconds) and value; joined like [`super::window_fold::Moments`], so that neither
/// the distance of the epoch nor the length of the series costs digits.
#[derive(Debug, Clone, Copy)]
struct Line {
    n: f64,
    mean_x: f64,
    mean_y: f64,
    xx: f64,
    xy: f64,
}

impl Fold for Line {
    fn join(self, later: Self) -> Self {
        let n = self.n + later.n;
        let (dx, dy) = (later.mean_x - self.mean_x, later.mean_y - self.mean_y);
        let weight = self.n * later.n / n;
        Self {
            n,
            mean_x: self.mean_x + dx * (later.n / n),
            mean_y: self.mean_y + dy * (later.n / n),
            xx: self.xx + later.xx + dx * dx * weight,
            xy: self.xy + later.xy + dx * dy * weight,
        }
    }
}

/// Slope per second, and the value of the line at a time.
#[derive(Debug, Clone, Copy)]
struct Fit {
    slope: f64,
    at: f64,
}

#[derive(Debug)]
struct Regression {
    sliding: Sliding<Line>,
    /// Where the run of equal values that ends before `seen` begins.
    run_start: usize,
    seen: usize,
}

impl Regression {
    fn new() -> Self {
        Self { sliding: Sliding::new(), run_start: 0, seen: 0 }
    }

    /// `None` for fewer than two samples.
    fn fit(&mut self, view: &View<'_>, at_ms: i64) -> Option<Fit> {
        while self.seen < view.end {
            if self.seen > 0 && view.all[self.seen].value != view.all[self.seen - 1].value {
                self.run_start = self.seen;
            }
            self.seen += 1;
        }
        let origin = view.all[0].ts;
        let line = self.sliding.fold(view.first, view.end, |i| Line {
            n: 1.0,
            mean_x: view.all[i].ts.saturating_sub(origin) as f64 / 1000.0,
            mean_y: view.all[i].value,
            xx: 0.0,
            // No line goes through an infinite value.
            xy: if view.all[i].value.is_finite() { 0.0 } else { f64::NAN },
        })?;
        if view.len() < 2 {
            return None;
        }
        if self.run_start <= view.first {
            // A level line is level exactly, not up to rounding.
            let level = view.oldest().value;
            return Some(if level.is_infinite() {
                Fit { slope: f64::NAN, at: f64::NAN }
            } else {
                Fit { slope: 0.0, at: level }
            });
        }
        let slope = line.xy / line.xx;
        Some(Fit { slope, at: line.mean_y + slope * (at_ms.saturating_sub(origin) as f64 / 1000.0 - line.mean_x) })
    }
}

/// Slope per second.
pub(super) fn deriv() -> impl FnMut(&View<'_>) -> Option<f64> {
    let mut regression = Regression::new();
    move |view| Some(regression.fit(view, view.oldest().ts)?.slope)
}

/// The value that the line reaches `seconds[step]` after the evaluation time.
pub(super) fn predict_linear(seconds: &[f64]) -> impl FnMut(&View<'_>) -> Option<f64> {
    let mut regression = Regression::new();
    move |view| {
        let fit = regression.fit(view, view.time_ms)?;
        Some(fit.slope * seconds.get(view.step)? + fit.at)
    }
}
