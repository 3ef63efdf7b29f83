//! Writes events and announces them.
//!
//! Always true: subscribers are told of events in the order of their ids, and only after their transaction has committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::Time;
use domain::event::Event;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;
use serde_json::Map;
use tokio::sync::{Mutex, broadcast};

use super::store;
use crate::error::{Doing as _, Error, Result};

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
    /// For example `anomaly.detected`.
    pub(crate) fn name(&self) -> &'static str {
        self.event
    }

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
    /// Held from the moment ids are given until they are announced, so that they are announced in order.
    turn: Arc<Mutex<()>>,
}

impl Bus {
    /// A bus that goes on after the given event.
    pub(crate) fn new(last_id: i64) -> Self {
        Self {
            sender: broadcast::channel(CAPACITY).0,
            last_id: Arc::new(AtomicI64::new(last_id)),
            turn: Arc::default(),
        }
    }

    /// A bus that goes on where the database ends.
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self> {
        Ok(Self::new(store::last_id(db).await?))
    }

    /// Writes events as the last thing a transaction does, commits it and tells subscribers.
    ///
    /// The transaction is taken because nothing may follow: whoever waits for its turn here holds no lock that the one
    /// before still needs.
    pub(crate) async fn commit(
        &self,
        txn: DatabaseTransaction,
        events: Vec<NewEvent>,
        doing: &'static str,
    ) -> Result<()> {
        if events.is_empty() {
            return txn.commit().await.doing(doing);
        }
        let _turn = self.turn.lock().await;
        let mut recorded = Vec::with_capacity(events.len());
        for event in events {
            recorded.push(store::insert(&txn, event).await?);
        }
        txn.commit().await.doing(doing)?;
        self.announce(recorded);
        Ok(())
    }

    fn announce(&self, events: Vec<Event>) {
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
