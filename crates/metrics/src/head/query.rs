//! Reading what is in memory.

use super::{Head, Matcher, series::Series};
use crate::{Labels, Sample, SeriesId, chunk::ChunkError};

/// Where the memory goes, in bytes, estimated from the sizes of the parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// How many series.
    pub series: usize,
    /// Tables of series, without what they point to.
    pub tables: usize,
    /// Labels.
    pub labels: usize,
    /// The index from labels to series.
    pub index: usize,
    /// From sent bytes to series.
    pub cache: usize,
    /// Samples in open buffers.
    pub open_samples: usize,
    /// Open buffers.
    pub open: usize,
    /// Sealed blocks, compressed or waiting to be.
    pub sealed: usize,
}

impl MemoryUse {
    /// All of it.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.tables + self.labels + self.index + self.cache + self.open + self.sealed
    }
}

impl Head {
    /// Appends the samples of a series with a time in `start..=end`, by time. Gives the time after which the head has
    /// every sample of the series, `None` when it has none at all.
    ///
    /// When that time is at or after `start`, the stored chunks that end at `start` or later are needed too. Read the
    /// head before the chunks: a block that is stored in between is then seen twice, and [`crate::sample::merge`] takes
    /// one of the two; the other way round it would be missed.
    ///
    /// # Errors
    /// A block in memory cannot be read, which says that memory is damaged.
    pub fn read(&self, id: SeriesId, start: i64, end: i64, out: &mut Vec<Sample>) -> Result<Option<i64>, ChunkError> {
        // Blocks are shared, so that nobody waits while they are decompressed.
        let (blocks, open, held_after) = {
            let shard = self.shard(id).read();
            let Some(series) = shard.series.get(&id) else { return Ok(None) };
            let overlaps = |b: &&super::block::Block| b.end >= start && b.start <= end;
            let blocks: Vec<_> = series.blocks.iter().filter(overlaps).cloned().collect();
            if blocks.is_empty() {
                out.extend(series.open.range(start, end));
                return Ok(series.held_after);
            }
            (blocks, series.open.range(start, end).collect::<Vec<_>>(), series.held_after)
        };
        for block in blocks {
            block.read(start, end, out)?;
        }
        out.extend(open);
        Ok(held_after)
    }

    /// The newest sample that was taken in since the series was loaded or made.
    #[must_use]
    pub fn last(&self, id: SeriesId) -> Option<Sample> {
        self.with(id, |series| series.last)?
    }

    /// The labels of a series in memory.
    #[must_use]
    pub fn labels(&self, id: SeriesId) -> Option<Labels> {
        self.with(id, |series| series.labels.clone())
    }

    /// Whether the series is in memory.
    #[must_use]
    pub fn contains(&self, id: SeriesId) -> bool {
        self.with(id, |_| ()).is_some()
    }

    /// The series in memory that meet every condition, by id.
    #[must_use]
    pub fn select(&self, matchers: &[Matcher]) -> Vec<SeriesId> {
        self.index.read().select(matchers)
    }

    /// The names of the labels that series meeting every condition have, sorted.
    #[must_use]
    pub fn label_names(&self, matchers: &[Matcher]) -> Vec<String> {
        self.index.read().label_names(matchers)
    }

    /// The values that the label `name` has in series meeting every condition, sorted.
    #[must_use]
    pub fn label_values(&self, name: &str, matchers: &[Matcher]) -> Vec<String> {
        self.index.read().label_values(name, matchers)
    }

    /// Where the memory goes.
    #[must_use]
    pub fn memory(&self) -> MemoryUse {
        let index = self.index.read().heap_bytes();
        let mut used = MemoryUse { index, cache: self.cache.heap_bytes(), ..MemoryUse::default() };
        for shard in &self.shards {
            let shard = shard.read();
            used.tables += (shard.series.capacity() * 8 / 7) * (size_of::<(SeriesId, Series)>() + 1);
            for series in shard.series.values() {
                used.series += 1;
                used.labels += series.labels.as_bytes().len() + 2 * size_of::<usize>();
                used.open_samples += series.open.len();
                used.open += series.open.heap_bytes();
                used.sealed += series.blocks.capacity() * size_of::<super::block::Block>();
                used.sealed += series.blocks.iter().map(super::block::Block::heap_bytes).sum::<usize>();
            }
        }
        used
    }

    fn with<T>(&self, id: SeriesId, look: impl FnOnce(&Series) -> T) -> Option<T> {
        self.shard(id).read().series.get(&id).map(look)
    }
}
