//! The recent samples of every series, in memory.
//!
//! Dramatis personae: a **series** has an open buffer of samples, sorted by time. A full buffer becomes a sealed
//! **block**, which is compressed into a [`SealedChunk`] for the caller to store. A confirmed block may leave memory.
//!
//! Always true here:
//! - Nothing is in the head that was not committed as a [`crate::Batch`] before: [`Head::apply`] and [`Head::replay`] are the
//!   only ways in.
//! - Samples at or before the newest sealed time of their series are late and stay out, so blocks never overlap.
//! - Of two samples of one series with the same time the first stays.
//! - Replaying the stored batches, in order, after loading what was stored of sealed blocks, gives every sample that was accepted.
//!   A sample that was late for a block which was not stored in time may be accepted then.
//! - [`Head::first_needed_batch`] never names a batch later than one whose samples are only in memory.

mod apply;
mod block;
mod cache;
mod collect;
mod evict;
mod index;
mod matcher;
mod open;
mod query;
mod resolve;
mod scrape;
mod seal;
mod series;

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasherDefault, Hasher},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use parking_lot::RwLock;

pub use apply::{Disposition, Outcome};
pub use cache::RawKey;
pub use collect::{Collected, Rejection, TimeBounds};
pub use index::Index;
pub use matcher::{MatchOp, Matcher, MatcherError};
pub use query::MemoryUse;
pub use resolve::ResolveError;
pub use scrape::{Scrape, Scraped, ended};
pub use seal::SealedChunk;

use crate::SeriesId;
use cache::Cache;
use series::Series;

/// How large the head may become.
#[derive(Clone, Copy, Debug)]
pub struct HeadConfig {
    /// New series beyond this many are refused.
    pub max_series: usize,
    /// A buffer with this many samples is sealed.
    pub seal_at: usize,
    /// How many confirmed blocks of each series stay readable from memory.
    pub keep_confirmed: usize,
}

impl Default for HeadConfig {
    fn default() -> Self {
        Self { max_series: 200_000, seal_at: 240, keep_confirmed: 1 }
    }
}

/// Enough that two cores rarely wait for each other and that one shard of ten thousand series fits in the cache.
const SHARDS: usize = 64;

/// The recent samples of every series. Shared by reference between threads.
pub struct Head {
    config: HeadConfig,
    shards: Box<[RwLock<Shard>]>,
    index: RwLock<Index>,
    cache: Cache,
    n_series: AtomicUsize,
    last_applied: AtomicU64,
}

/// A part of the series, under one lock.
#[derive(Default)]
struct Shard {
    series: HashMap<SeriesId, Series, IdHasher>,
    /// Series with blocks that are not confirmed.
    unconfirmed: Vec<SeriesId>,
}

impl Head {
    /// An empty head.
    #[must_use]
    pub fn new(config: HeadConfig) -> Self {
        Self {
            // A chunk holds no more, and sealing every single sample would be absurd.
            config: HeadConfig { seal_at: config.seal_at.clamp(2, crate::chunk::MAX_SAMPLES), ..config },
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            index: RwLock::default(),
            cache: Cache::default(),
            n_series: AtomicUsize::new(0),
            last_applied: AtomicU64::new(0),
        }
    }

    /// How many series are in memory.
    #[must_use]
    pub fn n_series(&self) -> usize {
        self.n_series.load(Ordering::Relaxed)
    }

    /// How large it may become.
    #[must_use]
    pub fn config(&self) -> &HeadConfig {
        &self.config
    }

    fn shard(&self, id: SeriesId) -> &RwLock<Shard> {
        // `shards` has SHARDS elements, and the remainder is below that.
        &self.shards[shard_of(id)]
    }
}

/// The tables use the lowest and the highest bits of the id, so the shard is chosen by those in the middle.
const fn shard_of(id: SeriesId) -> usize {
    (id.0 >> 32) as usize % SHARDS
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head").field("config", &self.config).field("n_series", &self.n_series()).finish_non_exhaustive()
    }
}

/// Series ids are hashes already.
pub type IdHasher = BuildHasherDefault<TakeAsIs>;

/// Takes 64 bits that are a hash already as the hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct TakeAsIs(u64);

impl Hasher for TakeAsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 ^= word;
    }
}

#[cfg(test)]
mod tests;
