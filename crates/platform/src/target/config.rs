//! `[scrape]`.

use domain::validate::Checks;
use serde::Deserialize;

/// Limits and manners of scraping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScrapeConfig {
    /// Bytes of one answer; a larger one is refused.
    pub max_body_bytes: usize,
    /// Whether targets may be on loopback and private networks. Link-local and metadata addresses never may.
    pub allow_private_addresses: bool,
    /// Milliseconds between measurements of this machine; 0 turns them off.
    pub host_interval_ms: u64,
}

impl ScrapeConfig {
    pub(crate) fn check(&self, checks: &mut Checks) {
        let is_size = (1_024..=1_073_741_824).contains(&self.max_body_bytes);
        checks.check(is_size, "scrape.max_body_bytes", "must be between 1024 and 1073741824");
        let is_interval = self.host_interval_ms == 0 || self.host_interval_ms >= 1_000;
        checks.check(is_interval, "scrape.host_interval_ms", "must be 0 (off) or at least 1000");
    }
}
