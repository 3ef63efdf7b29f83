//! The embedded metric store: what arrives, how it is made durable, how it is read.
//!
//! The cast: the [`Engine`] holds the recent samples ([`metrics::Head`]) and reads older ones from chunks; the
//! [`Writer`] commits batches and only then lets them in; [`Checkpoint`] turns full buffers into stored chunks and frees
//! batches; [`Retention`] rolls up and expires; [`Signals`] computes what people ask of a service from what it exports;
//! [`Host`] measures this machine.
//!
//! Always true: nothing is acknowledged or readable before its batch has committed; replaying the batches that are left
//! after a crash gives back every acknowledged sample; one writer applies batches in the order of their numbers.

mod checkpoint;
mod config;
mod engine;
mod host;
mod ingest;
mod label_query;
mod load;
mod query;
mod read;
mod recall;
mod retention;
mod rollup;
mod signal_rules;
mod signals;
mod store;
mod totals;
mod writer;

pub(crate) use checkpoint::Checkpoint;
pub use config::MetricsConfig;
pub(crate) use engine::{Engine, service_of};
pub(crate) use host::Host;
pub use ingest::IngestOutcome;
pub(crate) use load::{Loaded, load};
pub use query::{QueryAnswer, RangeQuery};
pub(crate) use retention::Retention;
pub(crate) use signal_rules::{SIGNALS, possible, unit_of};
pub(crate) use signals::{Dirty, Signals, latest, signal_id};
pub(crate) use store::{series_id, stored};
pub(crate) use writer::{Applied, Writer};

use std::sync::Arc;

use crate::context::Context;
use ingest::Decoders;

/// The metric store's doors.
#[derive(Clone, Debug)]
pub struct Metrics {
    context: Context,
    engine: Arc<Engine>,
    writer: Writer,
    dirty: Dirty,
    decoders: Arc<Decoders>,
}

impl Metrics {
    pub(crate) fn new(context: Context, engine: Arc<Engine>, writer: Writer, dirty: Dirty) -> Self {
        Self { context, engine, writer, dirty, decoders: Arc::default() }
    }
}
