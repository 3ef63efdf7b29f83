//! From the bytes a series was sent with to its id.
//!
//! Always true here: what the cache says was true when a series with those bytes was resolved, and the whole is
//! forgotten before any series leaves memory.

use std::{collections::HashMap, hash::BuildHasherDefault};

use parking_lot::RwLock;
use xxhash_rust::xxh3::xxh3_128;

use super::TakeAsIs;
use crate::SeriesId;

const SHARDS: usize = 16;

/// 128 bits that stand for the bytes a series was sent with: too many for two series to share them by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RawKey(u64, u64);

impl RawKey {
    /// The key of `bytes`, as sent by `source` (a target, a sender: whatever gives the same bytes another meaning).
    #[must_use]
    pub fn new(source: u64, bytes: &[u8]) -> Self {
        // A seeded hash would prepare its secret anew for every series; spreading the source over one half does as well.
        let hash = xxh3_128(bytes);
        Self(hash as u64 ^ source.wrapping_mul(0x9e37_79b9_7f4a_7c15), (hash >> 64) as u64)
    }
}

type Map = HashMap<RawKey, SeriesId, BuildHasherDefault<TakeAsIs>>;

/// From [`RawKey`] to series.
#[derive(Debug, Default)]
pub(super) struct Cache {
    shards: [RwLock<Map>; SHARDS],
}

impl Cache {
    fn shard(&self, key: RawKey) -> &RwLock<Map> {
        &self.shards[(key.0 >> 32) as usize % SHARDS]
    }

    pub(super) fn get(&self, key: RawKey) -> Option<SeriesId> {
        self.shard(key).read().get(&key).copied()
    }

    /// `most` is how many series there can be; a part with far more keys than that begins anew.
    pub(super) fn put(&self, key: RawKey, id: SeriesId, most: usize) {
        let mut shard = self.shard(key).write();
        if shard.len() > 2 * most / SHARDS + 64 {
            shard.clear();
        }
        shard.insert(key, id);
    }

    pub(super) fn clear(&self) {
        self.shards.iter().for_each(|shard| *shard.write() = Map::default());
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().capacity() * (size_of::<(RawKey, SeriesId)>() + 1) * 8 / 7).sum()
    }
}
