//! Writes changes of anomalies and announces them.
//!
//! Always true: a change is announced only after its commit; while the database is away changes wait in order, a bounded
//! number of them, and are written when it is back.

use std::collections::VecDeque;

use domain::anomaly::Anomaly;
use sea_orm::TransactionTrait as _;

use super::change::Change;
use super::store;
use crate::context::Context;
use crate::error::{Doing as _, Result};
use crate::stream::NewEvent;

/// Changes that wait at most; the oldest go first.
const MAX_WAITING: usize = 10_000;

/// Records changes.
#[derive(Debug)]
pub(crate) struct Recorder {
    context: Context,
    waiting: VecDeque<Change>,
}

impl Recorder {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, waiting: VecDeque::new() }
    }

    /// Records changes, and those that had to wait before them.
    pub(super) async fn record(&mut self, changes: Vec<Change>) {
        self.waiting.extend(changes);
        if self.waiting.is_empty() {
            return;
        }
        if let Err(error) = self.write().await {
            tracing::error!(error = %error.chain(), waiting = self.waiting.len(), "anomalies cannot be recorded; trying again");
            let too_many = self.waiting.len().saturating_sub(MAX_WAITING);
            self.waiting.drain(..too_many);
        }
    }

    async fn write(&mut self) -> Result<()> {
        let now = self.context.now();
        let txn = self.context.db.write().begin().await.doing("recording anomalies")?;
        let mut events = Vec::with_capacity(self.waiting.len());
        for change in &self.waiting {
            let (name, anomaly) = match change {
                Change::Opened { series, anomaly } => {
                    store::insert(&txn, *series, anomaly).await?;
                    ("anomaly.detected", anomaly)
                }
                Change::Worse { anomaly } => {
                    store::update(&txn, anomaly).await?;
                    ("anomaly.updated", anomaly)
                }
                Change::Resolved { anomaly } => {
                    store::update(&txn, anomaly).await?;
                    ("anomaly.resolved", anomaly)
                }
            };
            events.push(event(name, now, anomaly)?);
        }
        self.context.bus.commit(txn, events, "recording anomalies").await?;
        self.waiting.clear();
        Ok(())
    }
}

fn event(name: &'static str, now: domain::Time, anomaly: &Anomaly) -> Result<NewEvent> {
    NewEvent::about(name, now, Some(anomaly.service.clone()), "anomaly", anomaly)
}
