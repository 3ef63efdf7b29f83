//! Expires chunks that are older than the retention.
//!
//! Always true: a chunk goes only when its newest sample is older than the retention of its resolution.

use std::time::Duration;

use super::store;
use crate::context::Context;
use crate::error::Result;
use crate::task::BackgroundTask;

/// The step that older samples are rolled up to: five minutes.
pub(super) const ROLLUP_MS: i64 = 300_000;
const DAY_MS: i64 = 86_400_000;

/// Rolls up and expires.
#[derive(Debug)]
pub(crate) struct Retention {
    context: Context,
}

impl Retention {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

impl BackgroundTask for Retention {
    const NAME: &'static str = "retention";
    const ABOUT: &'static str = "rolls up older samples and deletes what is past its retention";

    fn period(&self) -> Duration {
        Duration::from_secs(600)
    }

    async fn activate(&mut self) -> Result<String> {
        let now_ms = self.context.clock.now_ms();
        let retention = &self.context.config.retention;
        let db = self.context.db.write();
        let raw = store::delete_chunks(db, 0, now_ms - i64::from(retention.raw_days) * DAY_MS).await?;
        let rolled = store::delete_chunks(db, ROLLUP_MS, now_ms - i64::from(retention.rollup_days) * DAY_MS).await?;
        Ok(format!("{raw} raw and {rolled} rolled-up chunks deleted"))
    }
}
