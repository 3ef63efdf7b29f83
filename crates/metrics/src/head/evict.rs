//! Letting series go that nobody sends any more.

use std::sync::atomic::Ordering;

use super::Head;
use crate::SeriesId;

impl Head {
    /// Drops series whose newest sample is before `idle_before` and whose samples are all stored; gives the ids.
    ///
    /// A series is only marked the first time and dropped the next time when nobody used it in between, so call this
    /// every few minutes: a request that resolved the series must be applied within that time.
    /// A series that comes back is new again; what is stored of it is not known to the head then.
    pub fn evict_idle(&self, idle_before: i64) -> Vec<SeriesId> {
        let (mut evicted, mut slots, mut marked) = (Vec::new(), Vec::new(), false);
        for shard in &self.shards {
            shard.write().series.retain(|id, series| {
                let newest = series.last.map(|last| last.ts).or(series.sealed_through);
                let stored = series.open.is_empty() && series.unconfirmed().next().is_none();
                if !stored || newest.is_some_and(|ts| ts >= idle_before) {
                    *series.idle.get_mut() = false;
                    return true;
                }
                if !std::mem::replace(series.idle.get_mut(), true) {
                    marked = true;
                    return true;
                }
                evicted.push(*id);
                slots.push(series.slot);
                false
            });
        }
        self.index.write().remove(&slots);
        self.n_series.fetch_sub(evicted.len(), Ordering::Relaxed);
        if marked || !evicted.is_empty() {
            self.cache.clear();
        }
        evicted
    }
}
