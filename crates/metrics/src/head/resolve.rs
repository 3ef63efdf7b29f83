//! From labels to a series, and registering new ones.
//!
//! Lock order: a shard, then the index. Nobody takes a shard while holding the index.

use std::{collections::hash_map::Entry, sync::atomic::Ordering};

use super::{Head, cache::RawKey, series::Series};
use crate::{Batch, Labels, SeriesId};

/// Why a series cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// One hash for two label sets: about one chance in 10^8 among a million series.
    #[error("{new} has the same number as {known}, and cannot be kept: change one of its labels")]
    Collision {
        /// Which labels have the id.
        known: Labels,
        /// Which want it too.
        new: Labels,
    },
    /// The head is full.
    #[error("there are {max} series already, which is the limit `max_series`: raise it, or send fewer series")]
    Full {
        /// The limit.
        max: usize,
    },
}

impl Head {
    /// The series with these labels. One that is not in memory is added to the new series of `batch`, which must be
    /// committed and applied.
    ///
    /// # Errors
    /// The id belongs to other labels, or there are too many series.
    pub fn resolve(&self, labels: &Labels, batch: &mut Batch) -> Result<SeriesId, ResolveError> {
        self.resolve_new(labels, batch).map(|(id, _)| id)
    }

    /// As [`Head::resolve`]; the second value says whether the series is in memory already.
    pub(super) fn resolve_new(&self, labels: &Labels, batch: &mut Batch) -> Result<(SeriesId, bool), ResolveError> {
        let id = labels.id();
        if let Some(series) = self.shard(id).read().series.get(&id) {
            series.touch();
            return same(&series.labels, labels).map(|()| (id, true));
        }
        if batch.new_labels(id).is_none() && self.n_series() + batch.new_series().len() >= self.config.max_series {
            return Err(ResolveError::Full { max: self.config.max_series });
        }
        match batch.add_series(id, labels) {
            Ok(()) => Ok((id, false)),
            Err(known) => Err(ResolveError::Collision { known, new: labels.clone() }),
        }
    }

    /// The series known by the bytes it was sent with. Saves parsing, sorting and hashing what came a moment ago.
    #[must_use]
    pub fn lookup(&self, key: RawKey) -> Option<SeriesId> {
        self.cache.get(key)
    }

    /// As [`Head::resolve`], asking `labels` only when `key` is not known.
    ///
    /// # Errors
    /// What `labels` or [`Head::resolve`] give.
    pub fn resolve_raw<E: From<ResolveError>>(
        &self,
        key: RawKey,
        batch: &mut Batch,
        labels: impl FnOnce() -> Result<Labels, E>,
    ) -> Result<SeriesId, E> {
        if let Some(id) = self.cache.get(key) {
            return Ok(id);
        }
        let (id, known) = self.resolve_new(&labels()?, batch)?;
        // A series that only a batch knows may never be committed.
        if known {
            self.cache.put(key, id, self.config.max_series);
        }
        Ok(id)
    }

    /// Puts a stored series into memory; harmless when it is there.
    ///
    /// `sealed_through` is the end of its newest stored chunk: samples up to there are late from now on.
    ///
    /// # Errors
    /// The id belongs to other labels.
    pub fn load(&self, labels: &Labels, sealed_through: Option<i64>) -> Result<SeriesId, ResolveError> {
        let id = labels.id();
        self.insert(id, labels, sealed_through)?;
        Ok(id)
    }

    /// Whether the series was not there before.
    pub(super) fn insert(
        &self,
        id: SeriesId,
        labels: &Labels,
        sealed_through: Option<i64>,
    ) -> Result<bool, ResolveError> {
        let mut shard = self.shard(id).write();
        match shard.series.entry(id) {
            Entry::Occupied(entry) => same(&entry.get().labels, labels).map(|()| false),
            Entry::Vacant(entry) => {
                let slot = self.index.write().insert(id, labels.clone());
                entry.insert(Series::new(labels.clone(), slot, sealed_through));
                self.n_series.fetch_add(1, Ordering::Relaxed);
                Ok(true)
            }
        }
    }
}

fn same(known: &Labels, new: &Labels) -> Result<(), ResolveError> {
    if known == new {
        return Ok(());
    }
    Err(ResolveError::Collision { known: known.clone(), new: new.clone() })
}
