//! Rolls up samples that are older than raw ones are kept, and expires what is older than anything is kept.
//!
//! Always true: a chunk goes only when its newest sample is older than the retention of its resolution; work that was
//! interrupted goes on where it was; two runs never overlap.

use std::sync::Arc;
use std::time::Duration;

use domain::system::RetentionReport;
use metrics::SeriesId;

use super::{Engine, rollup, store};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::task::BackgroundTask;

const DAY_MS: i64 = 86_400_000;
/// Raw samples are rolled up in steps of this: rolled-up chunks are written anew when they grow, so not for every sample.
const STRIDE_MS: i64 = 21_600_000;
/// Series and raw chunks of one transaction.
const SERIES: usize = 50;
const CHUNKS: u64 = 1_000;

/// Rolls up and expires.
#[derive(Clone, Debug)]
pub(crate) struct Retention {
    context: Context,
    engine: Arc<Engine>,
    running: Arc<tokio::sync::Mutex<()>>,
}

impl Retention {
    pub(crate) fn new(context: Context, engine: Arc<Engine>) -> Self {
        Self { context, engine, running: Arc::default() }
    }

    /// Does what there is to do and says what that was.
    pub(crate) async fn sweep(&self) -> Result<RetentionReport> {
        let _running = self.running.lock().await;
        let now_ms = self.context.clock.now_ms();
        let days = &self.context.config.retention;
        let before = |days: u32| now_ms - i64::from(days) * DAY_MS;
        let raw_ms = before(days.raw_days);
        let expired_ms = before(days.rollup_days);
        let mut report = RetentionReport::default();
        self.roll_up(raw_ms - raw_ms.rem_euclid(STRIDE_MS), expired_ms, &mut report).await?;
        let doing = "expiring chunks";
        let txn = self.context.db.begin_exclusive(doing).await?;
        report.rollup_chunks_deleted = store::delete_chunks(&txn, rollup::RESOLUTION_MS, expired_ms).await?;
        self.context.db.commit_exclusive(txn, doing).await?;
        self.engine.totals.measure(&self.context.db).await?;
        Ok(report)
    }

    async fn roll_up(&self, before_ms: i64, expired_ms: i64, report: &mut RetentionReport) -> Result<()> {
        let due = store::series_with_raw_before(self.context.db.read(), before_ms).await?;
        for ids in due.chunks(SERIES) {
            while self.roll_up_some(ids, before_ms, expired_ms, report).await? {}
        }
        Ok(())
    }

    /// One transaction's worth. Answers whether there may be more.
    async fn roll_up_some(
        &self,
        ids: &[SeriesId],
        before_ms: i64,
        expired_ms: i64,
        report: &mut RetentionReport,
    ) -> Result<bool> {
        let doing = "rolling up samples";
        let txn = self.context.db.begin_exclusive(doing).await?;
        let raw = store::list_raw_before(&txn, ids, before_ms, CHUNKS).await?;
        for of_one in raw.chunk_by(|a, b| a.series == b.series) {
            let Some(last) = of_one.last() else { continue };
            let kept: Vec<_> = of_one.iter().filter(|row| row.end_ms >= expired_ms).cloned().collect();
            if !kept.is_empty() {
                let newest = store::newest_chunk(&txn, last.series, rollup::RESOLUTION_MS).await?;
                let rows =
                    rollup::roll_up(last.series, newest.as_ref(), &kept).map_err(|e| Error::internal(doing, e))?;
                if let Some(newest) = &newest {
                    let start = newest.start_ms;
                    store::delete_chunks_of(&txn, newest.series, rollup::RESOLUTION_MS, start..=start).await?;
                }
                store::insert_chunks(&txn, &rows).await?;
                report.rollup_chunks_written += rows.len() as u64;
                report.samples_rolled_up += kept.iter().map(|row| u64::from(row.n)).sum::<u64>();
            }
            store::delete_chunks_of(&txn, last.series, 0, i64::MIN..=last.start_ms).await?;
        }
        self.context.db.commit_exclusive(txn, doing).await?;
        report.raw_chunks_deleted += raw.len() as u64;
        Ok(raw.len() as u64 == CHUNKS)
    }
}

impl BackgroundTask for Retention {
    const NAME: &'static str = "retention";
    const ABOUT: &'static str = "rolls up older samples and deletes what is past its retention";

    fn period(&self) -> Duration {
        Duration::from_secs(3_600)
    }

    async fn activate(&mut self) -> Result<String> {
        let report = self.sweep().await?;
        Ok(format!(
            "{} samples rolled up into {} chunks, {} raw and {} rolled-up chunks deleted",
            report.samples_rolled_up,
            report.rollup_chunks_written,
            report.raw_chunks_deleted,
            report.rollup_chunks_deleted
        ))
    }
}
