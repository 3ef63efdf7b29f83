//! Settings of the platform: one struct a capability, composed here.
//!
//! Always true: every field is in `config/default.toml` with a comment; unknown keys are refused; `validate` reports all
//! problems at once, each with its key and what would be right.

use domain::error::{ApiError, FieldError};
use domain::validate::Checks;
use serde::Deserialize;

use crate::anomaly::DetectionConfig;
use crate::database::DatabaseConfig;
use crate::demo::DemoConfig;
use crate::gateway::GatewayConfig;
use crate::metric::MetricsConfig;
use crate::target::ScrapeConfig;

/// `[security]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityConfig {
    /// 64 hexadecimal digits; empty means the key file beside the database.
    pub master_key: String,
    /// Hours a log-in lasts when it is not used.
    pub session_hours: u32,
}

impl std::fmt::Debug for SecurityConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecurityConfig").field("session_hours", &self.session_hours).finish_non_exhaustive()
    }
}

/// `[retention]`, in days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    /// Samples as they came.
    pub raw_days: u32,
    /// Samples rolled up to five minutes.
    pub rollup_days: u32,
    /// Events that the stream can be resumed from.
    pub event_days: u32,
    /// Resolved anomalies.
    pub anomaly_days: u32,
    /// The audit trail.
    pub audit_days: u32,
}

/// Everything the platform can be told.
#[derive(Clone, Debug)]
pub struct PlatformConfig {
    /// Without a slash at the end; what links and cookies are made from.
    pub public_url: String,
    pub database: DatabaseConfig,
    pub security: SecurityConfig,
    pub metrics: MetricsConfig,
    pub scrape: ScrapeConfig,
    pub detection: DetectionConfig,
    pub retention: RetentionConfig,
    pub gateway: GatewayConfig,
    pub demo: DemoConfig,
}

impl PlatformConfig {
    /// # Errors
    /// All problems at once.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut checks = Checks::new();
        checks.http_url("server.public_url", &self.public_url);
        let is_known =
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| self.database.url.starts_with(scheme));
        checks.check(is_known, "database.url", "must start with sqlite: or postgres:");
        checks.check(
            (1..=200).contains(&self.database.max_connections),
            "database.max_connections",
            "must be between 1 and 200",
        );
        checks.check(
            (1..=300).contains(&self.database.acquire_timeout_secs),
            "database.acquire_timeout_secs",
            "must be between 1 and 300",
        );
        let key = &self.security.master_key;
        let is_key = key.is_empty() || (key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()));
        checks.check(is_key, "security.master_key", "must be empty or 64 hexadecimal digits");
        checks.check(
            (1..=8_760).contains(&self.security.session_hours),
            "security.session_hours",
            "must be between 1 and 8760",
        );
        for (field, days) in [
            ("retention.raw_days", self.retention.raw_days),
            ("retention.rollup_days", self.retention.rollup_days),
            ("retention.event_days", self.retention.event_days),
            ("retention.anomaly_days", self.retention.anomaly_days),
            ("retention.audit_days", self.retention.audit_days),
        ] {
            checks.check((1..=36_500).contains(&days), field, "must be between 1 and 36500 days");
        }
        self.metrics.check(&mut checks);
        self.scrape.check(&mut checks);
        self.detection.check(&mut checks);
        self.gateway.check(&mut checks);
        checks.finish().map_err(|ApiError { fields, .. }| fields)
    }
}
