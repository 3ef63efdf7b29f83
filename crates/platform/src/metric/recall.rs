//! Series that are stored but not in memory come back before a sample of theirs is taken in.
//!
//! Always true: a series in memory knows how far its stored chunks go, so that chunks of one series never overlap.

use std::collections::HashSet;

use metrics::{Batch, Head, SeriesId};
use sea_orm::ConnectionTrait;

use super::store;
use crate::error::Result;

/// Loads those of the series that are stored and not in memory.
pub(super) async fn recall(db: &impl ConnectionTrait, head: &Head, wanted: Vec<SeriesId>) -> Result<()> {
    for (labels, sealed_through) in store::load_series(db, &wanted).await? {
        if let Err(error) = head.load(&labels, sealed_through) {
            tracing::warn!(%error, "a series cannot be loaded");
        }
    }
    Ok(())
}

/// The series of a batch that are not in memory.
pub(super) fn absent(head: &Head, batch: &Batch) -> Vec<SeriesId> {
    let ids: HashSet<_> = batch.groups().map(|group| group.id).collect();
    ids.into_iter().filter(|id| !head.contains(*id)).collect()
}

/// The samples of some series alone.
pub(super) fn part(batch: &Batch, wanted: &[SeriesId]) -> Batch {
    let mut part = Batch::default();
    for group in batch.groups().filter(|group| wanted.contains(&group.id)) {
        group.samples().for_each(|sample| part.push(group.id, sample));
    }
    part
}
