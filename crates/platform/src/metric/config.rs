//! `[metrics]`.

use domain::validate::Checks;
use serde::Deserialize;

/// Limits and rhythms of the embedded metric store.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// Series held in memory at most; new ones beyond that are refused and counted.
    pub max_series: usize,
    /// Bytes one remote-write request may have as it is sent.
    pub max_write_bytes: usize,
    /// Bytes one remote-write request may have after decompression.
    pub max_request_bytes: usize,
    /// Samples may be this many minutes ahead of our clock.
    pub max_future_minutes: u32,
    /// Seconds between computations of services' signals when nothing arrives by scrape.
    pub signal_interval_secs: u64,
    /// Seconds between checkpoints.
    pub checkpoint_secs: u64,
    /// Minutes a sample may wait in an open buffer before it is sealed into a chunk.
    pub seal_after_minutes: u32,
    /// Hours after which a silent series leaves memory.
    pub evict_after_hours: u32,
    /// Samples one query may read.
    pub max_query_samples: usize,
}

impl MetricsConfig {
    pub(crate) fn check(&self, checks: &mut Checks) {
        checks.check(self.max_series >= 100, "metrics.max_series", "must be at least 100");
        for (field, bytes) in
            [("metrics.max_write_bytes", self.max_write_bytes), ("metrics.max_request_bytes", self.max_request_bytes)]
        {
            checks.check((1_024..=1_073_741_824).contains(&bytes), field, "must be between 1024 and 1073741824");
        }
        for (field, value) in [
            ("metrics.signal_interval_secs", self.signal_interval_secs),
            ("metrics.checkpoint_secs", self.checkpoint_secs),
            ("metrics.seal_after_minutes", u64::from(self.seal_after_minutes)),
            ("metrics.evict_after_hours", u64::from(self.evict_after_hours)),
        ] {
            checks.check((1..=86_400).contains(&value), field, "must be between 1 and 86400");
        }
        checks.check(self.max_query_samples >= 1_000, "metrics.max_query_samples", "must be at least 1000");
    }
}
