//! Turns full buffers into stored chunks and deletes the batches that made their samples durable until then.
//!
//! Always true: a batch is deleted only when every sample of it is in a committed chunk.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Engine;
use super::store::{self, ChunkRow};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::task::BackgroundTask;

/// Chunks of one transaction.
const CHUNKS: usize = 2_000;

/// Stores chunks.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    context: Context,
    engine: Arc<Engine>,
    /// Numbers of the newest batch at past activations, to know which buffers have waited long enough.
    marks: VecDeque<(i64, u64)>,
}

impl Checkpoint {
    pub(crate) fn new(context: Context, engine: Arc<Engine>) -> Self {
        Self { context, engine, marks: VecDeque::new() }
    }

    /// The newest batch that was there `seal_after_minutes` ago.
    fn mark(&mut self) -> Option<u64> {
        let now_ms = self.context.clock.now_ms();
        let wait_ms = i64::from(self.context.config.metrics.seal_after_minutes) * 60_000;
        self.marks.push_back((now_ms, self.engine.last_seq.load(Ordering::Acquire)));
        let mut due = None;
        while let Some(&(at_ms, seq)) = self.marks.front() {
            if now_ms - at_ms < wait_ms {
                break;
            }
            due = Some(seq);
            self.marks.pop_front();
        }
        due
    }

    async fn store_sealed(&self) -> Result<usize> {
        let mut n = 0;
        loop {
            let chunks = self.engine.head.sealed(CHUNKS).map_err(|e| Error::internal("compressing samples", e))?;
            if chunks.is_empty() {
                return Ok(n);
            }
            let rows: Vec<_> = chunks.iter().map(ChunkRow::from).collect();
            let counting = self.engine.totals.counting().await;
            let txn = self.context.db.begin_exclusive("storing chunks").await?;
            store::insert_chunks(&txn, &rows).await?;
            self.context.db.commit_exclusive(txn, "storing chunks").await?;
            self.engine.totals.add(&rows);
            drop(counting);
            self.engine.head.confirm(&chunks);
            n += chunks.len();
        }
    }

    async fn free(&self) -> Result<u64> {
        // What is stored but not in memory yet is needed, whatever its number.
        let whole = self.engine.last_seq.load(Ordering::Acquire) + 1;
        let needed = i64::try_from(self.engine.head.first_needed_batch().min(whole)).unwrap_or(i64::MAX);
        let txn = self.context.db.begin_exclusive("freeing batches").await?;
        let freed = store::delete_batches_before(&txn, needed).await?;
        self.context.db.commit_exclusive(txn, "freeing batches").await?;
        let pending = &self.engine.pending;
        pending.store(pending.load(Ordering::Relaxed).saturating_sub(freed), Ordering::Relaxed);
        Ok(freed)
    }
}

impl BackgroundTask for Checkpoint {
    const NAME: &'static str = "checkpoint";
    const ABOUT: &'static str = "stores compressed chunks and frees the batches they replace";

    fn period(&self) -> Duration {
        Duration::from_secs(self.context.config.metrics.checkpoint_secs)
    }

    async fn activate(&mut self) -> Result<String> {
        if let Some(seq) = self.mark() {
            self.engine.head.seal_before(seq + 1);
        }
        let chunks = self.store_sealed().await?;
        let freed = self.free().await?;
        let idle_ms = i64::from(self.context.config.metrics.evict_after_hours) * 3_600_000;
        let evicted = self.engine.head.evict_idle(self.context.clock.now_ms() - idle_ms);
        Ok(format!("{chunks} chunks stored, {freed} batches freed, {} silent series left memory", evicted.len()))
    }
}
