//! Folding a sliding window without taking values out again, which for floating point would lose what it adds.
//!
//! Two stacks: what lies before `middle` is kept as folds from there backwards, what comes after as one fold. A value is
//! folded in at most twice, whatever the length of the window.

use crate::sample::Sample;

/// A summary that two neighbouring runs of samples can be joined by.
pub(super) trait Fold: Copy {
    fn join(self, later: Self) -> Self;
}

#[derive(Debug)]
pub(super) struct Sliding<F> {
    /// Folds of `[i..middle)`, the last for the smallest `i` still inside.
    before: Vec<F>,
    /// Fold of `[middle..end)`.
    after: Option<F>,
    first: usize,
    end: usize,
}

impl<F: Fold> Sliding<F> {
    pub(super) fn new() -> Self {
        Self { before: Vec::new(), after: None, first: 0, end: 0 }
    }

    /// Moves the window to `[first..end)`, neither of which may go back, and folds it. `None` for an empty one.
    pub(super) fn fold(&mut self, first: usize, end: usize, item: impl Fn(usize) -> F) -> Option<F> {
        if first >= self.end {
            self.before.clear();
            self.after = None;
            (self.first, self.end) = (first, first);
        }
        while self.end < end {
            let next = item(self.end);
            self.after = Some(self.after.map_or(next, |fold| fold.join(next)));
            self.end += 1;
        }
        while self.first < first {
            if self.before.pop().is_none() {
                self.refill(first, &item);
            } else {
                self.first += 1;
            }
        }
        match (self.before.last(), self.after) {
            (Some(before), Some(after)) => Some(before.join(after)),
            (before, after) => before.copied().or(after),
        }
    }

    fn refill(&mut self, first: usize, item: &impl Fn(usize) -> F) {
        self.first = first;
        self.after = None;
        for i in (first..self.end).rev() {
            let next = item(i);
            let fold = self.before.last().map_or(next, |later| next.join(*later));
            self.before.push(fold);
        }
    }
}

/// A sum with its rounding error (Neumaier), so that the order of additions does not show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    total: f64,
    error: f64,
}

impl Sum {
    pub(super) fn of(value: f64) -> Self {
        Self { total: value, error: 0.0 }
    }

    pub(super) fn value(self) -> f64 {
        if self.total.is_infinite() { self.total } else { self.total + self.error }
    }
}

impl Fold for Sum {
    fn join(self, later: Self) -> Self {
        let total = self.total + later.total;
        let lost = if self.total.abs() >= later.total.abs() {
            (self.total - total) + later.total
        } else {
            (later.total - total) + self.total
        };
        Self { total, error: self.error + later.error + lost }
    }
}

/// Smallest value; NaN only if there is nothing else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Min(pub(super) f64);

impl Fold for Min {
    fn join(self, later: Self) -> Self {
        if later.0 < self.0 || self.0.is_nan() { later } else { self }
    }
}

/// Largest value; NaN only if there is nothing else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Max(pub(super) f64);

impl Fold for Max {
    fn join(self, later: Self) -> Self {
        if later.0 > self.0 || self.0.is_nan() { later } else { self }
    }
}

/// Count, mean and sum of squared deviations, joined by the formula of Chan et al. (1983).
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn of(value: f64) -> Self {
        Self { n: 1.0, mean: value, squares: if value.is_finite() { 0.0 } else { f64::NAN } }
    }

    /// Population variance.
    pub(super) fn variance(self) -> f64 {
        self.squares / self.n
    }
}

impl Fold for Moments {
    fn join(self, later: Self) -> Self {
        let n = self.n + later.n;
        let delta = later.mean - self.mean;
        let mean = self.mean + delta * (later.n / n);
        let squares = self.squares + later.squares + delta * delta * (self.n * later.n / n);
        Self { n, mean, squares }
    }
}

/// Sum of a window. Infinities and overflow take the plain way, value by value.
pub(super) fn sum() -> impl FnMut(&super::window::View<'_>) -> Option<f64> {
    let mut sliding = Sliding::new();
    move |view| Some(sliding.fold(view.first, view.end, |i| Sum::of(view.all[i].value))?.value())
}

/// Mean of a window: by the sum where that is finite, else incrementally as Prometheus does, which can survive an overflowing sum.
pub(super) fn mean() -> impl FnMut(&super::window::View<'_>) -> Option<f64> {
    let mut sum = sum();
    move |view| {
        let total = sum(view)?;
        Some(if total.is_finite() { total / view.len() as f64 } else { incremental_mean(view.samples()) })
    }
}

fn incremental_mean(samples: &[Sample]) -> f64 {
    let mut mean = Mean::default();
    samples.iter().for_each(|sample| mean.add(sample.value));
    mean.value
}

/// A running mean that stays at an infinity once it got there, unless a NaN or the opposite infinity comes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mean {
    pub(super) value: f64,
    pub(super) n: f64,
}

impl Mean {
    pub(super) fn add(&mut self, value: f64) {
        self.n += 1.0;
        let stays = self.value.is_infinite()
            && (value.is_finite() || (value.is_infinite() && (value > 0.0) == (self.value > 0.0)));
        if !stays {
            self.value += value / self.n - self.value / self.n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliding_equals_folding_again() {
        let values: Vec<f64> = (0..200).map(|i| f64::from((i * 7919) % 101) - 50.0).collect();
        let mut sums = Sliding::new();
        let mut maxima = Sliding::new();
        let windows = (0..150).map(|i| (i, i + 1 + (i * 13) % 40)).scan(0, |reached, (first, end)| {
            *reached = (*reached).max(end);
            Some((first, *reached))
        });
        for (first, end) in windows.chain([(199, 200)]) {
            let window = &values[first..end];
            let sum = sums.fold(first, end, |i| Sum::of(values[i])).unwrap().value();
            let max = maxima.fold(first, end, |i| Max(values[i])).unwrap().0;
            assert_eq!(sum, window.iter().sum::<f64>());
            assert_eq!(max, window.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        }
    }

    #[test]
    fn sums_do_not_lose_small_terms() {
        let values = [1e100, 1.0, -1e100, 1.0];
        let mut sliding = Sliding::new();
        assert_eq!(sliding.fold(0, 4, |i| Sum::of(values[i])).unwrap().value(), 2.0);
        assert_eq!(sliding.fold(3, 4, |i| Sum::of(values[i])).unwrap().value(), 1.0);
    }

    #[test]
    fn infinite_means() {
        let mean = |values: &[f64]| {
            let mut mean = Mean::default();
            values.iter().for_each(|value| mean.add(*value));
            mean.value
        };
        assert_eq!(mean(&[f64::INFINITY, 1.0]), f64::INFINITY);
        assert!(mean(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert_eq!(mean(&[1e308, 1e308]), 1e308);
    }
}
