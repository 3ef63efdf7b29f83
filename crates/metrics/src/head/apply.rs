//! Taking committed batches in.

use std::sync::atomic::Ordering;

use super::{Head, SHARDS, Shard, shard_of};
use crate::{Batch, SeriesId, batch::Group};

/// What became of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It is the newest of its series.
    Appended,
    /// It went between or before samples that are not sealed yet.
    OutOfOrder,
    /// The series has a sample with this time; that one stays.
    Duplicate,
    /// It is at or before the newest sealed sample; it is not kept.
    Late,
    /// Neither head nor batch knows the series; it is not kept. See [`Outcome::unknown`].
    Unknown,
}

/// What became of the samples of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Samples that are the newest of their series.
    pub appended: u64,
    /// Samples that went between others.
    pub out_of_order: u64,
    /// Samples whose time the series has already.
    pub duplicate: u64,
    /// Samples older than what is sealed.
    pub late: u64,
    /// Series that were not in memory before.
    pub new_series: u64,
    /// Blocks that became ready to be stored.
    pub sealed: u64,
    /// New series whose id belongs to other labels; their samples are not kept.
    pub collisions: u64,
    /// Series in the batch that nobody knows: dropped as idle between [`Head::resolve`] and now. Load their labels with
    /// [`Head::load`] and apply the batch again; what is in already counts as duplicate then.
    pub unknown: Vec<SeriesId>,
}

impl Outcome {
    /// Samples that are readable now and were not before.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.appended + self.out_of_order
    }

    fn count(&mut self, disposition: Disposition) {
        match disposition {
            Disposition::Appended => self.appended += 1,
            Disposition::OutOfOrder => self.out_of_order += 1,
            Disposition::Duplicate => self.duplicate += 1,
            Disposition::Late => self.late += 1,
            Disposition::Unknown => {}
        }
    }
}

impl Head {
    /// Takes in a batch that was committed under the number `seq`.
    ///
    /// Batches must be applied one after the other with rising numbers: [`Head::first_needed_batch`] relies on it.
    pub fn apply(&self, seq: u64, batch: &Batch) -> Outcome {
        self.apply_each(seq, batch, |_, _, _| {})
    }

    /// As [`Head::apply`], and tells of each group what became of its sample number `i`. `each` runs while a part of
    /// the head is locked: it must not call the head.
    pub fn apply_each(&self, seq: u64, batch: &Batch, each: impl FnMut(&Group<'_>, usize, Disposition)) -> Outcome {
        self.take_in(seq, batch, self.config.seal_at, each)
    }

    /// Takes in a stored batch at start, before anything is applied. No buffer is sealed for being full, since that might be at
    /// another sample than before: what was accepted then is accepted now. Call [`Head::finish_replay`] at the end.
    pub fn replay(&self, seq: u64, batch: &Batch) -> Outcome {
        self.take_in(seq, batch, usize::MAX, |_, _, _| {})
    }

    fn take_in(
        &self,
        seq: u64,
        batch: &Batch,
        seal_at: usize,
        mut each: impl FnMut(&Group<'_>, usize, Disposition),
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let mut refused = Vec::new();
        for (id, labels) in batch.new_series() {
            match self.insert(*id, labels, None) {
                Ok(true) => outcome.new_series += 1,
                Ok(false) => {}
                Err(_) => {
                    outcome.collisions += 1;
                    refused.push(*id);
                }
            }
        }
        let order = ByShard::new(batch);
        for (shard, part) in self.shards.iter().zip(order.parts()) {
            if part.is_empty() {
                continue;
            }
            let mut shard = shard.write();
            for (group, first) in part {
                let Some(group) = batch.group_at(*group as usize, *first as usize) else { continue };
                if refused.contains(&group.id) {
                    continue;
                }
                apply_group(&mut shard, seq, seal_at, &group, &mut outcome, &mut each);
            }
        }
        self.last_applied.fetch_max(seq, Ordering::AcqRel);
        outcome
    }
}

fn apply_group(
    shard: &mut Shard,
    seq: u64,
    seal_at: usize,
    group: &Group<'_>,
    outcome: &mut Outcome,
    each: &mut impl FnMut(&Group<'_>, usize, Disposition),
) {
    let Some(series) = shard.series.get_mut(&group.id) else {
        if !outcome.unknown.contains(&group.id) {
            outcome.unknown.push(group.id);
        }
        (0..group.times.len()).for_each(|i| each(group, i, Disposition::Unknown));
        return;
    };
    for (i, sample) in group.samples().enumerate() {
        let (disposition, sealed) = series.offer(seq, sample, seal_at);
        if sealed {
            outcome.sealed += 1;
            if series.unconfirmed().nth(1).is_none() {
                shard.unconfirmed.push(group.id);
            }
        }
        outcome.count(disposition);
        each(group, i, disposition);
    }
}

/// The groups of a batch ordered by shard, so that each shard is locked once and its memory stays near.
struct ByShard {
    /// Where the part of each shard begins, and where the last one ends.
    bounds: [u32; SHARDS + 1],
    /// The number of a group, and of its first sample.
    order: Vec<(u32, u32)>,
}

impl ByShard {
    fn new(batch: &Batch) -> Self {
        let mut bounds = [0_u32; SHARDS + 1];
        for (id, _) in batch.group_sizes() {
            bounds[shard_of(*id) + 1] += 1;
        }
        for shard in 0..SHARDS {
            bounds[shard + 1] += bounds[shard];
        }
        let mut next = bounds;
        let mut order = vec![(0, 0); batch.n_groups()];
        let mut first = 0_u32;
        for (number, (id, n)) in batch.group_sizes().iter().enumerate() {
            let at = &mut next[shard_of(*id)];
            if let Some(place) = order.get_mut(*at as usize) {
                *place = (number as u32, first);
            }
            *at += 1;
            first += n;
        }
        Self { bounds, order }
    }

    fn parts(&self) -> impl Iterator<Item = &[(u32, u32)]> {
        self.bounds.windows(2).map(|w| match w {
            [from, to] => self.order.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        })
    }
}
