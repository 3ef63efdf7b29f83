//! How much is stored in chunks, counted as it is stored.
//!
//! Always true: all chunks are looked at only with the retention, since that reads the whole table; none is counted twice.

use parking_lot::Mutex;

use super::store::{self, ChunkRow};
use crate::database::Database;
use crate::error::Result;

/// What is stored in chunks, as far as it was counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) chunks: u64,
    pub(crate) bytes: u64,
    pub(crate) samples: u64,
}

/// The count.
#[derive(Debug, Default)]
pub(crate) struct StoredTotals {
    now: Mutex<Totals>,
    /// Held while chunks are stored and while they are counted, so that none is counted twice.
    counting: tokio::sync::Mutex<()>,
}

impl StoredTotals {
    pub(crate) fn now(&self) -> Totals {
        *self.now.lock()
    }

    pub(super) async fn counting(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.counting.lock().await
    }

    /// While [`StoredTotals::counting`] is held.
    pub(super) fn add(&self, rows: &[ChunkRow]) {
        let mut now = self.now.lock();
        now.chunks += rows.len() as u64;
        now.bytes += rows.iter().map(|row| row.payload.len() as u64).sum::<u64>();
        now.samples += rows.iter().map(|row| u64::from(row.n)).sum::<u64>();
    }

    /// Counts anew.
    pub(super) async fn measure(&self, db: &Database) -> Result<()> {
        let _counting = self.counting.lock().await;
        let totals = store::totals(db.read()).await?;
        *self.now.lock() = totals;
        Ok(())
    }
}
