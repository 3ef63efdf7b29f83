//! Windows that slide along a series. For each step a window is the samples between two indices; both only ever grow,
//! so what a function keeps between steps costs each sample once.

use std::borrow::Cow;

use super::column::{ABSENT, present};
use super::time::{EvalRange, Shift, Steps, oldest_in_window};
use crate::labels::Labels;
use crate::sample::Sample;

/// A series without its staleness markers: windows do not see them.
#[derive(Debug)]
pub(super) struct RangeSeries<'a> {
    pub(super) labels: Labels,
    pub(super) samples: Cow<'a, [Sample]>,
}

/// The windows of one range selector or subquery.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub(super) steps: Steps,
    pub(super) shift: Shift,
    pub(super) window_ms: i64,
    pub(super) query: EvalRange,
}

/// The window at one step; never empty.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The whole series.
    pub(super) all: &'a [Sample],
    /// The window is `all[first..end]`.
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) step: usize,
    /// Evaluation time.
    pub(super) time_ms: i64,
    /// Bounds of the window in time; samples need not reach them.
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
}

impl View<'_> {
    pub(super) fn samples(&self) -> &[Sample] {
        &self.all[self.first..self.end]
    }

    pub(super) fn len(&self) -> usize {
        self.end - self.first
    }

    pub(super) fn newest(&self) -> Sample {
        self.all[self.end - 1]
    }

    pub(super) fn oldest(&self) -> Sample {
        self.all[self.first]
    }
}

impl Windows {
    /// Applies `function` to every window that has samples; where it has none or `function` has no answer, there is no value.
    pub(super) fn slide(&self, all: &[Sample], mut function: impl FnMut(&View<'_>) -> Option<f64>) -> Vec<f64> {
        let (mut first, mut end) = (0, 0);
        let mut values = Vec::with_capacity(self.steps.count);
        for (step, time_ms) in self.steps.times().enumerate() {
            let to_ms = self.shift.reference(time_ms, self.query);
            let oldest = oldest_in_window(to_ms, self.window_ms);
            while all.get(end).is_some_and(|sample| sample.ts <= to_ms) {
                end += 1;
            }
            while first < end && all[first].ts < oldest {
                first += 1;
            }
            let from_ms = to_ms.saturating_sub(self.window_ms);
            let view = View { all, first, end, step, time_ms, from_ms, to_ms };
            let value = if first == end { None } else { function(&view) };
            values.push(value.map_or(ABSENT, present));
        }
        values
    }
}
