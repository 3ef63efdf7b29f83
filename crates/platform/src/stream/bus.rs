//! Writes events and announces them.
//!
//! Always true: `announce` is called only with events whose transaction has committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::Time;
use domain::event::Event;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Map;
use tokio::sync::broadcast;

use super::store;
use crate::error::{Error, Result};

/// Events a subscriber may lag behind before it is dropped.
const CAPACITY: usize = 1_024;

/// Something that has just happened and has no id yet.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub(super) at: Time,
    pub(super) event: &'static str,
    pub(super) service: Option<String>,
    pub(super) payload: Map<String, serde_json::Value>,
}

impl NewEvent {
    /// An event about one thing, which it carries whole under `name`.
    pub(crate) fn about(
        event: &'static str,
        at: Time,
        service: Option<String>,
        name: &str,
        thing: &impl Serialize,
    ) -> Result<Self> {
        let value = serde_json::to_value(thing).map_err(|e| Error::internal("writing an event", e))?;
        Ok(Self { at, event, service, payload: Map::from_iter([(name.to_owned(), value)]) })
    }
}

/// The bus.
#[derive(Clone, Debug)]
pub(crate) struct Bus {
    pub(super) sender: broadcast::Sender<Arc<Event>>,
    last_id: Arc<AtomicI64>,
}

impl Bus {
    /// A bus that goes on after the given event.
    pub(crate) fn new(last_id: i64) -> Self {
        Self { sender: broadcast::channel(CAPACITY).0, last_id: Arc::new(AtomicI64::new(last_id)) }
    }

    /// A bus that goes on where the database ends.
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self> {
        Ok(Self::new(store::last_id(db).await?))
    }

    /// Writes events, in order, in the caller's transaction.
    pub(crate) async fn record(&self, db: &impl ConnectionTrait, events: Vec<NewEvent>) -> Result<Vec<Event>> {
        let mut recorded = Vec::with_capacity(events.len());
        for event in events {
            recorded.push(store::insert(db, event).await?);
        }
        Ok(recorded)
    }

    /// Tells subscribers. Nobody listening is not an error.
    pub(crate) fn announce(&self, events: Vec<Event>) {
        for event in events {
            self.last_id.fetch_max(event.id, Ordering::Relaxed);
            if self.sender.send(Arc::new(event)).is_err() {
                tracing::trace!("nobody listens");
            }
        }
    }

    /// Id of the newest announced event.
    pub(super) fn last_id(&self) -> i64 {
        self.last_id.load(Ordering::Relaxed)
    }
}
