//! Counts calls.
//!
//! Always true: times are kept in microseconds with three significant digits, up to ten minutes (HDR histogram).

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::caller::{Done, Ending};

/// Ten minutes in microseconds.
const MAX_US: u64 = 600_000_000;

/// What happened so far.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) took: Histogram<u64>,
    pub(super) first: Histogram<u64>,
    pub(super) endings: BTreeMap<String, u64>,
    pub(super) answered: u64,
    pub(super) failed: u64,
    pub(super) bytes: u64,
    /// Calls that were due but could not be begun, because too many were under way.
    pub(super) not_begun: u64,
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(MAX_US).clamp(1, MAX_US)
}

impl Tally {
    pub(super) fn new() -> anyhow::Result<Self> {
        let empty = || Histogram::new_with_max(MAX_US, 3);
        Ok(Self {
            took: empty()?,
            first: empty()?,
            endings: BTreeMap::new(),
            answered: 0,
            failed: 0,
            bytes: 0,
            not_begun: 0,
        })
    }

    pub(super) fn count(&mut self, done: &Done) {
        self.took.saturating_record(microseconds(done.took));
        if let Some(first) = done.first {
            self.first.saturating_record(microseconds(first));
        }
        self.bytes += done.bytes;
        match done.ending {
            Ending::Answered => self.answered += 1,
            _ => self.failed += 1,
        }
        let ending = match done.ending {
            Ending::Answered => "answered".to_owned(),
            Ending::Incomplete => "stream incomplete".to_owned(),
            Ending::Status(status) => format!("status {status}"),
            Ending::TimedOut => "timed out".to_owned(),
            Ending::Broken => "connection broken".to_owned(),
        };
        *self.endings.entry(ending).or_default() += 1;
    }

    /// One line for the progress bar.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of minutes")]
    pub(super) fn line(&self) -> String {
        let ms = |q: f64| self.took.value_at_quantile(q) as f64 / 1_000.0;
        format!("{} answered, {} failed, p50 {:.1} ms, p99 {:.1} ms", self.answered, self.failed, ms(0.5), ms(0.99))
    }
}
