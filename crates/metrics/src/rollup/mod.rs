//! Samples of a while made one.
//!
//! Always true here: buckets are aligned to multiples of their step since the epoch, rise strictly, and none is empty. Making
//! buckets of parts and merging those gives the buckets of the whole (sums up to rounding).

mod codec;

use std::num::NonZeroU32;

pub use codec::{decode, encode};

use crate::Sample;

/// Five minutes, in ms.
pub const FIVE_MINUTES: NonZeroU32 = NonZeroU32::new(300_000).unwrap();

/// What the samples of one series in `start..start + step` come to.
///
/// A staleness marker is no value: it shows only in `last`, so that the end of a series is not lost. Any other NaN is
/// no number: it shows only in `last` too. Without a number `count` and `sum` are 0, `min` and `max` NaN. Infinities are numbers.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// Where it begins, in ms: a multiple of the step.
    pub start: i64,
    /// How many numbers.
    pub count: u32,
    /// Their sum.
    pub sum: f64,
    /// The least of them.
    pub min: f64,
    /// The greatest of them.
    pub max: f64,
    /// The newest value, number or not, bit for bit.
    pub last: f64,
}

impl Bucket {
    const fn new(start: i64) -> Self {
        Self { start, count: 0, sum: 0.0, min: f64::NAN, max: f64::NAN, last: f64::NAN }
    }

    /// The mean of the numbers, or `None` without any.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }

    fn add(&mut self, value: f64) {
        self.last = value;
        if !value.is_nan() {
            self.count += 1;
            self.sum += value;
            // Both take the number when the other is NaN.
            self.min = self.min.min(value);
            self.max = self.max.max(value);
        }
    }

    /// Takes in what came later within the same time.
    fn absorb(&mut self, later: &Self) {
        self.count += later.count;
        self.sum += later.sum;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.last = later.last;
    }
}

/// Equal bits.
impl PartialEq for Bucket {
    fn eq(&self, other: &Self) -> bool {
        let bits = |b: &Self| [b.sum, b.min, b.max, b.last].map(f64::to_bits);
        (self.start, self.count, bits(self)) == (other.start, other.count, bits(other))
    }
}

/// The buckets of samples, which are sorted by time.
#[must_use]
pub fn downsample(samples: &[Sample], step: NonZeroU32) -> Vec<Bucket> {
    let mut buckets = Vec::<Bucket>::new();
    for sample in samples {
        let start = align(sample.ts, step);
        match buckets.last_mut() {
            Some(bucket) if bucket.start == start => bucket.add(sample.value),
            _ => {
                let mut bucket = Bucket::new(start);
                bucket.add(sample.value);
                buckets.push(bucket);
            }
        }
    }
    buckets
}

/// Joins buckets, sorted by start and within that by time, into those of a `step` that is a multiple of theirs, or theirs.
#[must_use]
pub fn regroup(buckets: &[Bucket], step: NonZeroU32) -> Vec<Bucket> {
    let mut joined = Vec::<Bucket>::new();
    for bucket in buckets {
        let start = align(bucket.start, step);
        match joined.last_mut() {
            Some(last) if last.start == start => last.absorb(bucket),
            _ => joined.push(Bucket { start, ..*bucket }),
        }
    }
    joined
}

/// Where the bucket of a time begins; the first representable bucket for the very first times.
#[must_use]
pub fn align(ts: i64, step: NonZeroU32) -> i64 {
    ts.saturating_sub(ts.rem_euclid(i64::from(step.get())))
}

#[cfg(test)]
mod tests;
