//! One series in memory.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    apply::Disposition,
    block::Block,
    open::{Offer, Open},
};
use crate::{Labels, Sample};

/// One series in memory: sealed blocks by time, then the open buffer, which is later than all of them.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) labels: Labels,
    /// Where the index has it.
    pub(super) slot: u32,
    pub(super) open: Open,
    /// The earliest batch with a sample in `open`.
    pub(super) first_batch: u64,
    pub(super) blocks: Vec<Block>,
    /// The newest time in any block, confirmed or not; samples up to here are late.
    pub(super) sealed_through: Option<i64>,
    /// Samples after this time are all in memory. `None`: there was no sample yet.
    pub(super) held_after: Option<i64>,
    /// The newest sample.
    pub(super) last: Option<Sample>,
    /// Idle when last looked at; anyone who uses the series takes the mark off.
    pub(super) idle: AtomicBool,
}

impl Series {
    pub(super) fn new(labels: Labels, slot: u32, sealed_through: Option<i64>) -> Self {
        Self {
            labels,
            slot,
            open: Open::default(),
            first_batch: 0,
            blocks: Vec::new(),
            sealed_through,
            held_after: sealed_through,
            last: None,
            idle: AtomicBool::new(false),
        }
    }

    /// Takes a sample of batch `seq` in. The second value says whether a block was sealed.
    pub(super) fn offer(&mut self, seq: u64, sample: Sample, seal_at: usize) -> (Disposition, bool) {
        *self.idle.get_mut() = false;
        if self.sealed_through.is_some_and(|through| sample.ts <= through) {
            let newest = self.open.is_empty() && self.last.is_some_and(|last| last.ts == sample.ts);
            return (if newest { Disposition::Duplicate } else { Disposition::Late }, false);
        }
        let was_empty = self.open.is_empty();
        let disposition = match self.open.offer(sample) {
            Offer::Appended => Disposition::Appended,
            Offer::Inserted => Disposition::OutOfOrder,
            Offer::Duplicate => return (Disposition::Duplicate, false),
        };
        self.first_batch = if was_empty { seq } else { self.first_batch.min(seq) };
        self.held_after.get_or_insert(sample.ts.saturating_sub(1));
        if self.last.is_none_or(|last| last.ts < sample.ts) {
            self.last = Some(sample);
        }
        (disposition, self.open.len() >= seal_at && self.seal())
    }

    /// Makes a block of the open buffer, unless that is empty.
    pub(super) fn seal(&mut self) -> bool {
        let Some(block) = Block::seal(std::mem::take(&mut self.open), self.first_batch) else { return false };
        self.sealed_through = Some(block.end);
        self.blocks.reserve_exact(1);
        self.blocks.push(block);
        true
    }

    /// The earliest batch whose samples are nowhere but here.
    pub(super) fn first_needed(&self) -> Option<u64> {
        let open = (!self.open.is_empty()).then_some(self.first_batch);
        self.unconfirmed().map(|block| block.first_batch).chain(open).min()
    }

    pub(super) fn unconfirmed(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| !block.confirmed)
    }

    /// Lets confirmed blocks go, the oldest first, until only `keep` of them are left.
    pub(super) fn release(&mut self, keep: usize) {
        let confirmed = self.blocks.iter().take_while(|block| block.confirmed).count();
        for block in self.blocks.drain(..confirmed.saturating_sub(keep)) {
            self.held_after = self.held_after.max(Some(block.end));
        }
    }

    /// Somebody is about to use the series: do not drop it.
    pub(super) fn touch(&self) {
        self.idle.store(false, Ordering::Relaxed);
    }
}
