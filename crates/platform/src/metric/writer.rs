//! Commits batches in groups, then lets them into the head, then answers.
//!
//! Always true: an answer of success means that the batch's transaction has committed; batches that wait share one
//! transaction; a commit that fails answers all of its batches with the error and lets none of them in; the queue is
//! bounded, so senders feel a slow database instead of filling memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::metric::IngestReport;
use metrics::head::Disposition;
use metrics::{Batch, Labels, Sample, SeriesId};
use sea_orm::TransactionTrait as _;
use tokio::sync::{mpsc, oneshot};

use super::{Engine, store};
use crate::context::Context;
use crate::error::{Doing as _, Error, OrLog as _, Result};

/// Batches that wait at most.
const QUEUE: usize = 256;
/// Bytes that one transaction takes at most, so that a burst does not make everybody wait for one large commit.
const MAX_COMMIT_BYTES: usize = 8 << 20;

struct Commit {
    batch: Batch,
    payload: Vec<u8>,
    done: oneshot::Sender<Result<IngestReport>>,
}

/// What has just become readable.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) new_series: Vec<(SeriesId, Labels)>,
    /// In the order of arrival; only samples that are the newest of their series.
    pub(crate) samples: Vec<(SeriesId, Sample)>,
}

/// Queues batches for the commit loop.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Commit>,
}

impl Writer {
    /// Starts the loop. What becomes readable goes on to `applied`. It ends when the last writer is gone.
    pub(crate) fn start(context: &Context, engine: Arc<Engine>, last_seq: i64, applied: mpsc::Sender<Applied>) -> Self {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let commits = Commits { context: context.clone(), engine, last_seq, applied };
        context.tracker.spawn(commits.run(receiver));
        Self { queue }
    }

    /// Commits a batch. Counts every sample of it exactly once.
    ///
    /// # Errors
    /// When the database cannot take it; nothing of it is kept then.
    pub(crate) async fn commit(&self, batch: Batch) -> Result<IngestReport> {
        if batch.is_empty() {
            return Ok(IngestReport::default());
        }
        let mut payload = Vec::new();
        batch.encode(&mut payload);
        let (done, answer) = oneshot::channel();
        let stopped = || Error::Unavailable { message: "Bellwether is stopping".to_owned() };
        self.queue.send(Commit { batch, payload, done }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

struct Commits {
    context: Context,
    engine: Arc<Engine>,
    last_seq: i64,
    applied: mpsc::Sender<Applied>,
}

impl Commits {
    async fn run(mut self, mut queue: mpsc::Receiver<Commit>) {
        let mut group = Vec::new();
        while let Some(first) = self.next(&mut queue).await {
            let mut bytes = first.payload.len();
            group.push(first);
            while bytes < MAX_COMMIT_BYTES {
                let Ok(more) = queue.try_recv() else { break };
                bytes += more.payload.len();
                group.push(more);
            }
            self.commit(&mut group).await;
        }
    }

    /// The next batch. After the signal to stop, what is queued is still taken, nothing new.
    async fn next(&self, queue: &mut mpsc::Receiver<Commit>) -> Option<Commit> {
        tokio::select! {
            biased;
            next = queue.recv() => next,
            () = self.context.shutdown.cancelled() => {
                queue.close();
                queue.recv().await
            }
        }
    }

    async fn commit(&mut self, group: &mut Vec<Commit>) {
        let first_seq = self.last_seq + 1;
        match self.write(group, first_seq).await {
            Ok(()) => {
                for (seq, commit) in (first_seq..).zip(group.drain(..)) {
                    self.last_seq = seq;
                    let (report, applied) = self.apply(seq.unsigned_abs(), &commit.batch).await;
                    self.engine.last_seq.store(seq.unsigned_abs(), Ordering::Release);
                    self.engine.count(report);
                    answer(commit.done, Ok(report));
                    if self.applied.send(applied).await.is_err() {
                        tracing::warn!("nobody judges samples any more");
                    }
                }
            }
            Err(error) => {
                tracing::error!(error = %error.chain(), batches = group.len(), "committing samples failed");
                for commit in group.drain(..) {
                    let message = "samples cannot be stored at the moment; send them again".to_owned();
                    answer(commit.done, Err(Error::Unavailable { message }));
                }
            }
        }
    }

    async fn write(&self, group: &[Commit], first_seq: i64) -> Result<()> {
        let txn = self.context.db.write().begin().await.doing("storing samples")?;
        let new_series = group.iter().flat_map(|commit| commit.batch.new_series());
        store::insert_series(&txn, new_series, self.context.clock.now_ms()).await?;
        store::insert_batches(&txn, (first_seq..).zip(group.iter().map(|commit| commit.payload.as_slice()))).await?;
        txn.commit().await.doing("storing samples")
    }

    async fn apply(&self, seq: u64, batch: &Batch) -> (IngestReport, Applied) {
        let mut applied =
            Applied { new_series: batch.new_series().to_vec(), samples: Vec::with_capacity(batch.n_samples()) };
        let mut outcome = self.engine.head.apply_each(seq, batch, |group, i, disposition| {
            if let (Disposition::Appended, Some(&ts), Some(&value)) =
                (disposition, group.times.get(i), group.values.get(i))
            {
                applied.samples.push((group.id, Sample { ts, value }));
            }
        });
        let (mut accepted, mut late) = (outcome.accepted(), outcome.late);
        if !outcome.unknown.is_empty() {
            // Left memory as idle between being resolved and now: load and apply once more.
            let loaded = store::load_series(self.context.db.read(), &outcome.unknown)
                .await
                .or_log("loading series")
                .unwrap_or_default();
            for (labels, sealed_through) in &loaded {
                if let Err(error) = self.engine.head.load(labels, *sealed_through) {
                    tracing::warn!(%error, "a series cannot be loaded");
                }
            }
            let again = self.engine.head.apply(seq, batch);
            accepted += again.accepted();
            late += again.late;
            outcome.duplicate = outcome.duplicate.min(again.duplicate);
        }
        (IngestReport { accepted, duplicate: outcome.duplicate, late, over_limit: 0 }, applied)
    }
}

/// A sender that has gone does not want the answer.
fn answer(done: oneshot::Sender<Result<IngestReport>>, result: Result<IngestReport>) {
    if done.send(result).is_err() {
        tracing::debug!("the sender of a batch has gone");
    }
}
