//! Subscriptions: what was missed first, then what happens.
//!
//! Always true: a subscriber counts as connected from its making to its drop; the replay is read in pages and only as
//! fast as it is taken; whoever asks for events that have expired is told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use domain::access::Permission;
use domain::event::{EVENTS, Event, StreamStatus};
use tokio::sync::broadcast::{self, error::RecvError};

use super::store;
use crate::actor::Actor;
use crate::context::Context;
use crate::error::Result;

/// Missed events that are held in memory at a time.
const PAGE: u64 = 500;

/// Which events a subscriber wants.
#[derive(Clone, Debug, Default)]
pub struct StreamFilter {
    /// Topics (`anomaly`) or whole names (`anomaly.detected`); empty is all.
    pub topics: Vec<String>,
    /// Replay what came after this event.
    pub after: Option<i64>,
}

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionEnd {
    /// It did not keep up; this many events were dropped.
    TooSlow { missed: u64 },
    /// Bellwether is stopping.
    Stopping,
    /// What was missed cannot be read from the database at the moment.
    Unreadable,
}

#[derive(Debug, Default)]
struct Counts {
    active: AtomicU32,
    dropped: AtomicU64,
}

/// Hands out subscriptions.
#[derive(Clone, Debug)]
pub struct Stream {
    context: Context,
    counts: Arc<Counts>,
}

/// One subscriber's view of the bus.
#[derive(Debug)]
pub struct Subscription {
    topics: Vec<String>,
    replay: VecDeque<Event>,
    /// Whether there may be missed events that have not been read yet.
    is_behind: bool,
    expired: bool,
    receiver: broadcast::Receiver<Arc<Event>>,
    last_id: i64,
    context: Context,
    counts: Arc<Counts>,
}

impl Stream {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, counts: Arc::default() }
    }

    /// Subscribes, replaying what came after `filter.after`.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn subscribe(&self, actor: &Actor, filter: StreamFilter) -> Result<Subscription> {
        actor.require(Permission::Observe)?;
        let expired = match filter.after {
            Some(after) => store::has_expired(self.context.db.read(), after).await?,
            None => false,
        };
        self.counts.active.fetch_add(1, Ordering::Relaxed);
        Ok(Subscription {
            topics: filter.topics,
            replay: VecDeque::new(),
            is_behind: filter.after.is_some(),
            expired,
            receiver: self.context.bus.sender.subscribe(),
            last_id: filter.after.unwrap_or(i64::MIN),
            context: self.context.clone(),
            counts: Arc::clone(&self.counts),
        })
    }

    /// How the stream is doing.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn status(&self, actor: &Actor) -> Result<StreamStatus> {
        actor.require(Permission::Observe)?;
        Ok(StreamStatus {
            active_connections: self.counts.active.load(Ordering::Relaxed),
            websocket_url: format!("{}/stream/events", self.context.config.public_url.replacen("http", "ws", 1)),
            supported_events: EVENTS.iter().map(|&name| name.to_owned()).collect(),
            last_event_id: self.context.bus.last_id(),
            dropped_slow: self.counts.dropped.load(Ordering::Relaxed),
        })
    }
}

impl Subscription {
    /// Whether events after the one that was asked for have been deleted already: what comes is not all there was.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.expired
    }

    /// The next event that is wanted.
    ///
    /// # Errors
    /// When the subscription is over.
    pub async fn next(&mut self) -> std::result::Result<Arc<Event>, SubscriptionEnd> {
        loop {
            let event = match self.replay.pop_front() {
                Some(event) => Arc::new(event),
                None if self.is_behind => {
                    self.read_page().await?;
                    continue;
                }
                None => self.receive().await?,
            };
            if event.id <= self.last_id {
                continue;
            }
            self.last_id = event.id;
            if self.wants(&event) {
                return Ok(event);
            }
        }
    }

    /// First listens, then reads: what happens in between arrives twice and is dropped by its id, never lost.
    async fn read_page(&mut self) -> std::result::Result<(), SubscriptionEnd> {
        self.receiver = self.context.bus.sender.subscribe();
        match store::list_after(self.context.db.read(), self.last_id, PAGE).await {
            Ok(page) => {
                self.is_behind = page.len() as u64 == PAGE;
                self.replay = page.into();
                Ok(())
            }
            Err(error) => {
                tracing::warn!(error = %error.chain(), "missed events cannot be read");
                Err(SubscriptionEnd::Unreadable)
            }
        }
    }

    async fn receive(&mut self) -> std::result::Result<Arc<Event>, SubscriptionEnd> {
        tokio::select! {
            biased;
            () = self.context.shutdown.cancelled() => Err(SubscriptionEnd::Stopping),
            event = self.receiver.recv() => event.map_err(|error| match error {
                RecvError::Closed => SubscriptionEnd::Stopping,
                RecvError::Lagged(missed) => self.too_slow(missed),
            }),
        }
    }

    /// Counts this subscriber as dropped for being too slow.
    pub fn too_slow(&self, missed: u64) -> SubscriptionEnd {
        self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        SubscriptionEnd::TooSlow { missed }
    }

    fn wants(&self, event: &Event) -> bool {
        self.topics.is_empty() || self.topics.iter().any(|topic| topic == event.topic() || *topic == event.event)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.counts.active.fetch_sub(1, Ordering::Relaxed);
    }
}
