//! Start: what was in memory before the last stop or crash is in memory again.
//!
//! Always true: batches are replayed in the order of their numbers after everything that is sealed is known, so what is
//! already in a chunk is not taken twice; a damaged batch is named in the log and does not keep the rest out.

use std::sync::atomic::Ordering;

use metrics::Batch;

use super::recall::{absent, recall};
use super::{Engine, store};
use crate::context::Context;
use crate::error::Result;

/// Batches read in one go.
const BATCHES: u64 = 200;

/// What was loaded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) last_seq: i64,
    pub(crate) samples: u64,
}

/// Fills the head from the database.
pub(crate) async fn load(context: &Context, engine: &Engine) -> Result<Loaded> {
    let db = context.db.read();
    let horizon_ms = context.clock.now_ms() - i64::from(context.config.metrics.evict_after_hours) * 3_600_000;
    for (labels, sealed_through) in store::load_all_series(db, horizon_ms).await? {
        if let Err(error) = engine.head.load(&labels, sealed_through) {
            tracing::warn!(%error, "a series cannot be loaded");
        }
    }
    let mut loaded = Loaded::default();
    loop {
        let batches = store::list_batches(db, loaded.last_seq, BATCHES).await?;
        if batches.is_empty() {
            break;
        }
        engine.pending.fetch_add(batches.len() as u64, Ordering::Relaxed);
        for (seq, payload) in batches {
            loaded.last_seq = seq;
            match Batch::decode(&payload) {
                Ok(batch) => {
                    // Silent for so long that they were left out above, but with samples that are in no chunk yet.
                    let silent = absent(&engine.head, &batch);
                    if !silent.is_empty() {
                        recall(db, &engine.head, silent).await?;
                    }
                    let outcome = engine.head.replay(seq.unsigned_abs(), &batch);
                    loaded.samples += outcome.accepted();
                    if !outcome.unknown.is_empty() {
                        tracing::error!(
                            series = outcome.unknown.len(),
                            batch = seq,
                            "samples of series without labels"
                        );
                    }
                }
                Err(error) => tracing::error!(%error, batch = seq, "a batch is damaged; its samples are lost"),
            }
        }
    }
    engine.head.finish_replay();
    engine.last_seq.store(loaded.last_seq.unsigned_abs(), Ordering::Release);
    tracing::info!(series = engine.head.n_series(), samples = loaded.samples, "samples of before are in memory");
    Ok(loaded)
}
