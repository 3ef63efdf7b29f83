//! Writes calls, what they cost and changes of breakers in batches.
//!
//! Always true: what arrived is written at most a quarter of a second after it, unless the database is away; a batch is
//! one transaction; a batch that fails is tried again, while the queue in front of it bounds what waits.

use std::time::Duration;

use ::gateway::Record;
use ::gateway::breaker::{BreakerChange, State};
use sea_orm::TransactionTrait as _;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::money::Keeper;
use super::{store, view};
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};
use crate::stream::NewEvent;

const BATCH: usize = 2_000;
/// How long a batch is collected after its first entry.
const COLLECT: Duration = Duration::from_millis(200);
const RETRY: Duration = Duration::from_secs(1);

/// What is to be remembered.
#[derive(Debug)]
pub(super) enum Entry {
    Call(Box<Record>),
    /// One that was made elsewhere.
    Elsewhere(Box<Record>),
    Breaker(BreakerChange),
}

/// The writer.
#[derive(Debug)]
pub(super) struct RequestLog {
    context: Context,
    keeper: Keeper,
}

impl RequestLog {
    pub(super) fn new(context: Context, keeper: Keeper) -> Self {
        Self { context, keeper }
    }

    /// Ends with the platform, after what is queued is written.
    pub(super) async fn run(mut self, mut entries: mpsc::Receiver<Entry>) {
        let mut batch = Vec::with_capacity(BATCH);
        while self.collect(&mut entries, &mut batch).await {
            while let Err(error) = self.write(&batch).await {
                tracing::error!(error = %error.chain(), calls = batch.len(), "the history of calls cannot be written; trying again");
                if self.context.shutdown.is_cancelled() {
                    return;
                }
                sleep(RETRY).await;
            }
            batch.clear();
        }
    }

    /// Fills a batch; false when there is nothing more to come.
    async fn collect(&self, entries: &mut mpsc::Receiver<Entry>, batch: &mut Vec<Entry>) -> bool {
        let first = tokio::select! {
            biased;
            first = entries.recv() => first,
            () = self.context.shutdown.cancelled() => {
                entries.close();
                entries.recv().await
            }
        };
        let Some(first) = first else { return false };
        batch.push(first);
        let deadline = sleep(COLLECT);
        tokio::pin!(deadline);
        while batch.len() < BATCH {
            tokio::select! {
                biased;
                next = entries.recv() => match next {
                    Some(next) => batch.push(next),
                    None => break,
                },
                () = &mut deadline => break,
                () = self.context.shutdown.cancelled(), if !entries.is_closed() => entries.close(),
            }
        }
        true
    }

    async fn write(&mut self, batch: &[Entry]) -> Result<()> {
        let doing = "writing the history of calls";
        let (mut rows, mut bodies, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for entry in batch {
            match entry {
                Entry::Call(record) => {
                    rows.push(view::row(record)?);
                    bodies.extend(view::bodies(record)?);
                }
                Entry::Elsewhere(record) => rows.push(view::row_elsewhere(record)?),
                Entry::Breaker(change) => events.push(self.event(change)?),
            }
        }
        let txn = self.context.db.write().begin().await.doing(doing)?;
        // A commit of which nobody knew whether it happened is not repeated: its calls would be paid for twice.
        if let Some(first) = rows.first()
            && store::request(&txn, first.id).await?.is_some()
        {
            return txn.rollback().await.doing(doing);
        }
        store::insert_requests(&txn, rows, bodies).await?;
        let calls = batch.iter().filter_map(|entry| match entry {
            Entry::Call(record) | Entry::Elsewhere(record) => Some(&**record),
            Entry::Breaker(_) => None,
        });
        let written = self.keeper.write(&self.context, &txn, calls, &mut events).await?;
        self.context.bus.commit(txn, events, doing).await?;
        self.keeper.confirm(written);
        Ok(())
    }

    fn event(&self, change: &BreakerChange) -> Result<NewEvent> {
        let name = match change.to {
            State::Closed => "breaker.closed",
            State::HalfOpen => "breaker.half_open",
            State::Open | State::ForcedOpen => "breaker.opened",
        };
        let at = view::time(change.at_ms);
        let view = view::breaker_change(change);
        let thing = json!({ "provider": &*change.provider, "model": &*change.model, "change": view });
        NewEvent::about(name, at, None, "breaker", &thing).map_err(|e| Error::internal("writing an event", e))
    }
}
