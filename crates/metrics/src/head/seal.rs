//! From full buffers to stored chunks, and which batches that makes superfluous.

use std::sync::{Arc, atomic::Ordering};

use parking_lot::RwLock;

use super::{Head, Shard, block::Form, series::Series};
use crate::{SeriesId, chunk::ChunkError};

/// Compressed samples that are ready to be stored. The bytes are those of [`crate::chunk::decode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedChunk {
    /// Whose samples. With `end` it names the chunk: no two chunks of a series end at the same time.
    pub series: SeriesId,
    /// The time of the first sample.
    pub start: i64,
    /// The time of the last sample.
    pub end: i64,
    /// How many samples.
    pub n: u32,
    /// What to store.
    pub bytes: Arc<[u8]>,
}

impl Head {
    /// Up to `most` chunks that wait to be stored, compressed now, outside every lock. The same chunks come again until they
    /// are given to [`Head::confirm`], so a commit that failed loses nothing.
    ///
    /// The chunks of one series come by time and must be stored in that order, or in one transaction: loading the newest
    /// stored end says that everything before it is stored too.
    ///
    /// # Errors
    /// The codec refused a block, which no known samples make it do.
    pub fn sealed(&self, most: usize) -> Result<Vec<SealedChunk>, ChunkError> {
        let mut chunks = Vec::new();
        for shard in &self.shards {
            if chunks.len() >= most {
                break;
            }
            let blocks: Vec<_> = {
                let shard = shard.read();
                let waiting = shard.unconfirmed.iter().filter_map(|id| Some((*id, shard.series.get(id)?)));
                let blocks = waiting.flat_map(|(id, series)| series.unconfirmed().map(move |b| (id, b.clone())));
                blocks.take(most - chunks.len()).collect()
            };
            let first = chunks.len();
            for (series, block) in blocks {
                let bytes = block.pack()?;
                chunks.push(SealedChunk { series, start: block.start, end: block.end, n: block.n, bytes });
            }
            let mut shard = shard.write();
            for chunk in chunks.get(first..).unwrap_or_default() {
                let Some(series) = shard.series.get_mut(&chunk.series) else { continue };
                if let Some(block) = series.blocks.iter_mut().find(|b| b.end == chunk.end) {
                    block.form = Form::Packed(Arc::clone(&chunk.bytes));
                }
            }
        }
        Ok(chunks)
    }

    /// The chunks are stored: they may leave memory, and no batch is needed for their sake.
    pub fn confirm(&self, chunks: &[SealedChunk]) {
        for chunk in chunks {
            let mut shard = self.shard(chunk.series).write();
            let Some(series) = shard.series.get_mut(&chunk.series) else { continue };
            if let Some(block) = series.blocks.iter_mut().find(|b| b.end == chunk.end) {
                block.confirmed = true;
            }
            series.release(self.config.keep_confirmed);
            if series.unconfirmed().next().is_none() {
                shard.unconfirmed.retain(|id| *id != chunk.series);
            }
        }
    }

    /// Seals every buffer that holds samples of batches before `seq`, full or not, so that those batches can go once the
    /// chunks are confirmed. Gives the number of buffers sealed.
    pub fn seal_before(&self, seq: u64) -> usize {
        self.seal_where(|series| series.first_batch < seq)
    }

    /// Ends the replay: seals the buffers that are full. Gives the number of buffers sealed.
    pub fn finish_replay(&self) -> usize {
        self.seal_where(|series| series.open.len() >= self.config.seal_at)
    }

    fn seal_where(&self, wanted: impl Fn(&Series) -> bool) -> usize {
        let mut sealed = 0;
        for shard in &self.shards {
            let mut shard = shard.write();
            let shard = &mut *shard;
            for (id, series) in &mut shard.series {
                if wanted(series) && series.seal() {
                    sealed += 1;
                    if series.unconfirmed().nth(1).is_none() {
                        shard.unconfirmed.push(*id);
                    }
                }
            }
        }
        sealed
    }

    /// Every batch with a lower number may be deleted: its samples are in confirmed chunks, or were refused.
    ///
    /// That holds as long as batches are applied one after the other with rising numbers.
    #[must_use]
    pub fn first_needed_batch(&self) -> u64 {
        // Read first: a batch that is applied while we look has a higher number than this.
        let after_last = self.last_applied.load(Ordering::Acquire) + 1;
        let needed = |shard: &RwLock<Shard>| shard.read().series.values().filter_map(Series::first_needed).min();
        self.shards.iter().filter_map(needed).min().unwrap_or(after_last).min(after_last)
    }

    /// How many blocks wait to be stored.
    #[must_use]
    pub fn n_unconfirmed(&self) -> usize {
        let count = |shard: &RwLock<Shard>| -> usize {
            let shard = shard.read();
            shard.unconfirmed.iter().filter_map(|id| shard.series.get(id)).map(|s| s.unconfirmed().count()).sum()
        };
        self.shards.iter().map(count).sum()
    }
}
