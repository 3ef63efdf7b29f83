//! Anomalies: every series judged as its samples arrive, findings as rows, events and lists.
//!
//! The cast: a [`Judged`](judged::Judged) is one series with its detector; the [`Judge`] holds them all and turns
//! applied samples into [`Change`](change::Change)s; the [`Recorder`](recorder) writes changes and announces them;
//! [`Missing`] looks for silence; [`States`] keeps what was learned over a restart; [`Open`] is what is open right now.
//!
//! Always true: an anomaly is a row before it is an event; a series has at most one open anomaly and a silent service
//! at most one; what cannot be written now is kept and written later; judging never waits for a reader.

mod change;
mod config;
mod judge;
mod judged;
mod list;
mod missing;
mod open;
mod recorder;
mod rules;
mod states;
mod store;

pub use config::DetectionConfig;
pub(crate) use judge::Judge;
pub(crate) use missing::Missing;
pub(crate) use open::Open;
pub(crate) use recorder::Recorder;
pub(crate) use states::States;
pub(crate) use store::{expire, list_between};

use std::sync::Arc;

use crate::context::Context;

/// What people ask and say of anomalies.
#[derive(Clone, Debug)]
pub struct Anomalies {
    context: Context,
    judge: Arc<Judge>,
    open: Open,
}

impl Anomalies {
    pub(crate) fn new(context: Context, judge: Arc<Judge>, open: Open) -> Self {
        Self { context, judge, open }
    }
}
