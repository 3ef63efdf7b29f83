//! Commits batches in groups, then lets them into the head, then answers.
//!
//! Always true: an answer of success means that the batch's transaction has committed; batches that wait share one
//! transaction; a commit that fails answers all of its batches with the error; what is stored is let in, in the order of
//! its numbers, before anything new is stored, so a commit of which nobody knows whether it happened is known by the
//! next; the queue is bounded, so senders feel a slow database instead of filling memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::metric::IngestReport;
use metrics::head::Disposition;
use metrics::{Batch, Labels, Sample, SeriesId};
use tokio::sync::{mpsc, oneshot};

use super::recall::{absent, part, recall};
use super::{Engine, store};
use crate::context::Context;
use crate::database::Outage;
use crate::error::{Error, Result};

/// Batches that wait at most.
const QUEUE: usize = 256;
/// Bytes that one transaction takes at most, so that a burst does not make everybody wait for one large commit.
const MAX_COMMIT_BYTES: usize = 8 << 20;
/// How long one transaction may take: longer than SQLite waits for a lock, well within the time a request has.
const COMMIT_LIMIT: Duration = Duration::from_secs(10);
/// Batches read at once when it is not known what was stored.
const CATCH_UP: u64 = 50;

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
        let commits = Commits { context: context.clone(), engine, last_seq, is_unsure: false, applied };
        context.tracker.spawn(commits.run(receiver));
        Self { queue }
    }

    /// Commits a batch. Counts every sample of it exactly once.
    ///
    /// # Errors
    /// When the database cannot take it; none of it is acknowledged then, and sending it again does no harm.
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
    /// The newest batch that is in the head, whole.
    last_seq: i64,
    /// Something may be stored that is not in the head.
    is_unsure: bool,
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
            self.commit(&mut group, bytes).await;
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

    async fn commit(&mut self, group: &mut Vec<Commit>, bytes: usize) {
        if let Err(error) = self.store(group).await {
            self.engine.unstored.store(bytes, Ordering::Release);
            return refuse(group, &error);
        }
        self.engine.unstored.store(0, Ordering::Release);
        let mut waiting = std::mem::take(group).into_iter();
        while let Some(commit) = waiting.next() {
            match self.let_in(self.last_seq + 1, &commit.batch).await {
                Ok((report, applied)) => {
                    answer(commit.done, Ok(report));
                    self.judge(applied).await;
                }
                Err(error) => {
                    // They are stored: the next commit begins with letting them in.
                    self.is_unsure = true;
                    group.push(commit);
                    group.extend(waiting);
                    return refuse(group, &error);
                }
            }
        }
    }

    /// Stores batches under the numbers after the last.
    async fn store(&mut self, group: &[Commit]) -> Result<()> {
        let too_slow = |_| Error::Outage(Outage::Gone);
        if self.is_unsure {
            tokio::time::timeout(COMMIT_LIMIT, self.catch_up()).await.map_err(too_slow)??;
        }
        self.is_unsure = true;
        tokio::time::timeout(COMMIT_LIMIT, self.write(group)).await.map_err(too_slow)??;
        self.is_unsure = false;
        Ok(())
    }

    async fn write(&self, group: &[Commit]) -> Result<()> {
        let (db, doing) = (&self.context.db, "storing samples");
        for commit in group {
            recall(db.read(), &self.engine.head, absent(&self.engine.head, &commit.batch)).await?;
        }
        let txn = db.begin_exclusive(doing).await?;
        let new_series = group.iter().flat_map(|commit| commit.batch.new_series());
        store::insert_series(&txn, new_series, self.context.clock.now_ms()).await?;
        let payloads = group.iter().map(|commit| commit.payload.as_slice());
        store::insert_batches(&txn, (self.last_seq + 1..).zip(payloads)).await?;
        db.commit_exclusive(txn, doing).await
    }

    /// Lets in what was stored although its commit was answered with an error.
    async fn catch_up(&mut self) -> Result<()> {
        loop {
            let batches = store::list_batches(self.context.db.read(), self.last_seq, CATCH_UP).await?;
            if batches.is_empty() {
                return Ok(());
            }
            tracing::info!(batches = batches.len(), "letting in batches whose commit was answered with an error");
            for (seq, payload) in batches {
                match Batch::decode(&payload) {
                    Ok(batch) => {
                        let missing = absent(&self.engine.head, &batch);
                        recall(self.context.db.read(), &self.engine.head, missing).await?;
                        let (_, applied) = self.let_in(seq, &batch).await?;
                        self.judge(applied).await;
                    }
                    Err(error) => {
                        tracing::error!(%error, batch = seq, "a batch is damaged; its samples are lost");
                        self.last_seq = seq;
                    }
                }
            }
        }
    }

    /// Makes a stored batch readable and counts it.
    async fn let_in(&mut self, seq: i64, batch: &Batch) -> Result<(IngestReport, Applied)> {
        let mut applied =
            Applied { new_series: batch.new_series().to_vec(), samples: Vec::with_capacity(batch.n_samples()) };
        let mut report = IngestReport::default();
        let mut unknown = self.apply(seq, batch, &mut report, &mut applied);
        while !unknown.is_empty() {
            // Left memory as idle between being looked for and now.
            recall(self.context.db.read(), &self.engine.head, unknown.clone()).await?;
            let before = unknown.len();
            unknown = self.apply(seq, &part(batch, &unknown), &mut report, &mut applied);
            if unknown.len() == before {
                tracing::error!(series = before, batch = seq, "samples of series without labels");
                break;
            }
        }
        self.last_seq = seq;
        self.engine.last_seq.store(seq.unsigned_abs(), Ordering::Release);
        self.engine.pending.fetch_add(1, Ordering::Relaxed);
        self.engine.count(report);
        Ok((report, applied))
    }

    async fn judge(&self, applied: Applied) {
        if self.applied.send(applied).await.is_err() {
            tracing::warn!("nobody judges samples any more");
        }
    }

    fn apply(&self, seq: i64, batch: &Batch, report: &mut IngestReport, applied: &mut Applied) -> Vec<SeriesId> {
        let outcome = self.engine.head.apply_each(seq.unsigned_abs(), batch, |group, i, disposition| {
            if let (Disposition::Appended, Some(&ts), Some(&value)) =
                (disposition, group.times.get(i), group.values.get(i))
            {
                applied.samples.push((group.id, Sample { ts, value }));
            }
        });
        report.accepted += outcome.accepted();
        report.duplicate += outcome.duplicate;
        report.late += outcome.late;
        outcome.unknown
    }
}

fn refuse(group: &mut Vec<Commit>, error: &Error) {
    tracing::error!(error = %error.chain(), batches = group.len(), "storing samples failed");
    let why = error.outage().map_or("refused them; the log says why", Outage::words);
    for commit in group.drain(..) {
        let message = format!("samples cannot be stored at the moment, the database {why}; send them again");
        answer(commit.done, Err(Error::Unavailable { message }));
    }
}

/// A sender that has gone does not want the answer.
fn answer(done: oneshot::Sender<Result<IngestReport>>, result: Result<IngestReport>) {
    if done.send(result).is_err() {
        tracing::debug!("the sender of a batch has gone");
    }
}
