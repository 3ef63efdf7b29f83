//! From a write request to a batch.

use super::{Head, ResolveError};
use crate::{
    Batch, LabelError, LabelLimits, Labels, LabelsBuilder, SeriesId,
    remote_write::{RawSeries, WriteRequest},
};

/// Which times are believable. A sample far in the future would make every later one late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeBounds {
    /// Samples before this are refused, in ms.
    pub min: i64,
    /// Samples after this are refused, in ms: a little after now.
    pub max: i64,
}

impl TimeBounds {
    /// Whether `ts` lies within.
    #[must_use]
    pub const fn contains(&self, ts: i64) -> bool {
        self.min <= ts && ts <= self.max
    }
}

/// What a request held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Samples put into the batch.
    pub samples: u64,
    /// Samples of refused series, or outside the time bounds.
    pub rejected_samples: u64,
    /// Why the first of them was refused.
    pub first_rejection: Option<Rejection>,
    /// Exemplars, which are not kept.
    pub exemplars: u64,
    /// Native histograms, which are not kept.
    pub histograms: u64,
}

/// Why a sample of a write request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The labels are wrong.
    #[error("{0}")]
    Labels(#[from] LabelError),
    /// No place for the series.
    #[error("{0}")]
    Resolve(#[from] ResolveError),
    /// A time that cannot be right.
    #[error("the time {ts} ms of a sample is not between {} and {} ms", bounds.min, bounds.max)]
    Time {
        /// The time.
        ts: i64,
        /// What would be right.
        bounds: TimeBounds,
    },
}

impl Collected {
    pub(super) fn reject(&mut self, samples: usize, why: impl FnOnce() -> Rejection) {
        self.rejected_samples += samples as u64;
        if self.first_rejection.is_none() {
            self.first_rejection = Some(why());
        }
    }
}

impl Head {
    /// Puts the samples of `request` into `batch`, resolving their series. What is wrong with one series or sample does not
    /// keep the others out; [`Collected`] counts it.
    ///
    /// `also` is added to the labels of every series that does not have those already: what tells senders apart. Senders
    /// with different `also` need a different `source`.
    pub fn collect_write(
        &self,
        request: &WriteRequest<'_>,
        source: u64,
        also: &Labels,
        limits: &LabelLimits,
        bounds: TimeBounds,
        batch: &mut Batch,
    ) -> Collected {
        let (mut collected, mut builder) = (Collected::default(), LabelsBuilder::default());
        for series in request.series() {
            collected.exemplars += series.n_exemplars as u64;
            collected.histograms += series.n_histograms as u64;
            // A series without a sample in time is not worth a place, so it is resolved by the first that is.
            let mut resolved = None;
            for sample in series.samples() {
                if !bounds.contains(sample.ts) {
                    collected.reject(1, || Rejection::Time { ts: sample.ts, bounds });
                    continue;
                }
                let id =
                    resolved.get_or_insert_with(|| self.collect_id(&series, source, also, limits, &mut builder, batch));
                match id {
                    Ok(id) => {
                        batch.push(*id, sample);
                        collected.samples += 1;
                    }
                    Err(why) => collected.reject(1, || why.clone()),
                }
            }
        }
        collected
    }

    fn collect_id(
        &self,
        series: &RawSeries<'_>,
        source: u64,
        also: &Labels,
        limits: &LabelLimits,
        builder: &mut LabelsBuilder,
        batch: &mut Batch,
    ) -> Result<SeriesId, Rejection> {
        self.resolve_raw(series.key(source), batch, || {
            let labels = series.canonical(builder, limits)?;
            let missing = also.iter().filter(|(name, _)| labels.get(name).is_none());
            Ok(missing.fold(labels.clone(), |labels, (name, value)| labels.with(name, value)))
        })
    }
}
