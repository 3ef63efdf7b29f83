//! The newest samples of a series, not compressed yet.
//!
//! Always true here: times rise strictly, and lie within 2^32 ms (49 days) of `base`.

use crate::Sample;

/// What became of a sample that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// It is the newest.
    Appended,
    /// It went between or before others.
    Inserted,
    /// There is a sample with its time.
    Duplicate,
    /// It is too far after the others: seal them, then offer it again.
    TooFarAhead,
    /// It is too far before the others.
    TooFarBehind,
}

/// Twelve bytes a sample.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    base: i64,
    steps: Vec<u32>,
    values: Vec<f64>,
}

impl Open {
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.steps.capacity() * size_of::<u32>() + self.values.capacity() * size_of::<f64>()
    }

    /// Takes the sample in where its time belongs. `most` is where the caller seals: no more memory is taken.
    pub(super) fn offer(&mut self, sample: Sample, most: usize) -> Offer {
        let Some(&last) = self.steps.last() else {
            self.base = sample.ts;
            self.grow(most);
            self.steps.push(0);
            self.values.push(sample.value);
            return Offer::Appended;
        };
        if sample.ts < self.base && !self.rebase(sample.ts, last) {
            return Offer::TooFarBehind;
        }
        let Ok(step) = u32::try_from(sample.ts.abs_diff(self.base)) else {
            return Offer::TooFarAhead;
        };
        // `last` is stale after a new base, but then the step is 0 and the sample is not the newest.
        if step > last {
            self.grow(most);
            self.steps.push(step);
            self.values.push(sample.value);
            return Offer::Appended;
        }
        match self.steps.binary_search(&step) {
            Ok(_) => Offer::Duplicate,
            Err(at) => {
                self.grow(most);
                self.steps.insert(at, step);
                self.values.insert(at, sample.value);
                Offer::Inserted
            }
        }
    }

    /// Makes `base` the time all steps count from.
    fn rebase(&mut self, base: i64, last: u32) -> bool {
        let Ok(shift) = u32::try_from(self.base.abs_diff(base)) else { return false };
        if last.checked_add(shift).is_none() {
            return false;
        }
        self.steps.iter_mut().for_each(|step| *step += shift);
        self.base = base;
        true
    }

    /// Half as much again, so that little memory stands idle.
    fn grow(&mut self, most: usize) {
        let len = self.steps.len();
        if len == self.steps.capacity() {
            let more = (len / 2).max(8).min(most.saturating_sub(len)).max(1);
            self.steps.reserve_exact(more);
            self.values.reserve_exact(more);
        }
    }

    /// The samples with a time in `start..=end`, by time.
    pub(super) fn range(&self, start: i64, end: i64) -> impl DoubleEndedIterator<Item = Sample> + '_ {
        let from = self.steps.partition_point(|step| self.time(*step) < start);
        let to = self.steps.partition_point(|step| self.time(*step) <= end).max(from);
        let steps = self.steps.get(from..to).unwrap_or_default();
        let values = self.values.get(from..to).unwrap_or_default();
        steps.iter().zip(values).map(|(step, value)| Sample { ts: self.time(*step), value: *value })
    }

    pub(super) fn start(&self) -> Option<i64> {
        self.steps.first().map(|step| self.time(*step))
    }

    pub(super) fn end(&self) -> Option<i64> {
        self.steps.last().map(|step| self.time(*step))
    }

    fn time(&self, step: u32) -> i64 {
        // The sum was a time before it was split.
        self.base.wrapping_add(i64::from(step))
    }
}
