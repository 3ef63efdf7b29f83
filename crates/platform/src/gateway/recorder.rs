//! Takes records off the data path and hands them to the log and to the counters.
//!
//! Always true: the data path never waits here; the queue is bounded, and what does not fit is counted and said, never
//! dropped silently; counters see every call, also those that the log could not take.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ::gateway::Record;
use ::gateway::breaker::BreakerChange;
use ::gateway::chaos::ExperimentView;
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::log::Entry;
use super::traffic::Totals;
use crate::task::Activator;

/// Calls that wait to be written. At two thousand calls a second this is half a minute of a database that is away.
const QUEUE: usize = 65_536;

/// Takes what happens in the data path.
#[derive(Debug)]
pub(super) struct Recorder {
    queue: mpsc::Sender<Entry>,
    lost: AtomicU64,
    breakers_changed: AtomicBool,
    /// Stores what has changed of breakers and experiments.
    keeper: Activator,
    pub(super) totals: Mutex<Totals>,
}

impl Recorder {
    /// A recorder, and what it records.
    pub(super) fn new(keeper: Activator) -> (Arc<Self>, mpsc::Receiver<Entry>) {
        let (queue, entries) = mpsc::channel(QUEUE);
        let recorder = Self {
            queue,
            lost: AtomicU64::new(0),
            breakers_changed: AtomicBool::new(false),
            keeper,
            totals: Mutex::default(),
        };
        (Arc::new(recorder), entries)
    }

    /// Calls that could not be written because the database did not keep up, since the start.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Whether a breaker changed since this was asked last.
    pub(super) fn take_breakers_changed(&self) -> bool {
        self.breakers_changed.swap(false, Ordering::Relaxed)
    }

    /// Takes a call that was made elsewhere.
    pub(super) fn elsewhere(&self, record: Box<Record>) {
        self.totals.lock().count(&record);
        self.send(Entry::Elsewhere(record));
    }

    fn send(&self, entry: Entry) {
        if self.queue.try_send(entry).is_err() && self.lost.fetch_add(1, Ordering::Relaxed).is_multiple_of(1_000) {
            tracing::error!(lost = self.lost(), "the history of calls is not written: the database does not keep up");
        }
    }
}

impl ::gateway::Recorder for Recorder {
    fn record(&self, record: Box<Record>) {
        self.totals.lock().count(&record);
        self.send(Entry::Call(record));
    }

    fn breaker_changed(&self, change: &BreakerChange) {
        self.breakers_changed.store(true, Ordering::Relaxed);
        self.send(Entry::Breaker(change.clone()));
    }

    fn experiment_ended(&self, _: &ExperimentView) {
        self.keeper.activate();
    }
}
