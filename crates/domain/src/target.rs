//! Scrape targets: where metrics are fetched from, and how the last fetch went.
//!
//! Always true: a target has a bound on time, size and number of samples; one that breaks a bound harms only itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::TargetId;
use crate::validate::Checks;
use crate::{DateTime, Utc};

/// Samples one scrape may bring unless the target says otherwise.
pub const DEFAULT_SAMPLE_LIMIT: u32 = 50_000;

/// A configured target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Target {
    pub id: TargetId,
    /// The service its samples belong to.
    pub service: String,
    pub url: String,
    /// Milliseconds between scrapes.
    pub interval_ms: u32,
    /// Milliseconds one scrape may take.
    pub timeout_ms: u32,
    /// Samples one scrape may bring; a scrape with more is refused whole.
    pub sample_limit: u32,
    /// Added to every sample.
    pub labels: BTreeMap<String, String>,
    pub is_enabled: bool,
    /// Belongs to the demo fleet.
    pub is_simulated: bool,
    pub created_at: DateTime<Utc>,
    pub last_scrape: Option<ScrapeReport>,
}

/// How one scrape went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScrapeReport {
    pub at: DateTime<Utc>,
    pub is_up: bool,
    /// Milliseconds from connect to commit.
    pub duration_ms: f64,
    pub samples: u32,
    /// What went wrong, in words.
    pub error: Option<String>,
}

/// Add a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTarget {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Name))]
    pub service: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::HttpUrl))]
    pub url: String,
    #[serde(default = "default_interval_ms")]
    #[cfg_attr(feature = "openapi", schema(minimum = 500, maximum = 3_600_000))]
    pub interval_ms: u32,
    #[serde(default = "default_timeout_ms")]
    #[cfg_attr(feature = "openapi", schema(minimum = 100, maximum = 3_600_000))]
    pub timeout_ms: u32,
    #[serde(default = "default_sample_limit")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000))]
    pub sample_limit: u32,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::TargetLabels))]
    pub labels: BTreeMap<String, String>,
    #[serde(default = "default_true")]
    pub is_enabled: bool,
}

const fn default_interval_ms() -> u32 {
    15_000
}

const fn default_timeout_ms() -> u32 {
    10_000
}

const fn default_sample_limit() -> u32 {
    DEFAULT_SAMPLE_LIMIT
}

const fn default_true() -> bool {
    true
}

impl CreateTarget {
    /// # Errors
    /// When the URL, a label or a bound is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.name("service", &self.service);
        checks.http_url("url", &self.url);
        checks.check((500..=3_600_000).contains(&self.interval_ms), "interval_ms", "must be between 500 and 3600000");
        let is_timeout = self.timeout_ms >= 100 && self.timeout_ms <= self.interval_ms;
        checks.check(is_timeout, "timeout_ms", "must be at least 100 and at most interval_ms");
        checks.check((1..=1_000_000).contains(&self.sample_limit), "sample_limit", "must be between 1 and 1000000");
        checks.check(self.labels.len() <= 16, "labels", "must have at most 16 entries");
        for (name, value) in &self.labels {
            let field = format!("labels.{name}");
            let is_label = name
                .chars()
                .enumerate()
                .all(|(i, c)| c == '_' || c.is_ascii_alphabetic() || (i > 0 && c.is_ascii_digit()));
            checks.check(
                is_label && !name.is_empty(),
                &field,
                "a label name has letters, digits and _, and no digit first",
            );
            checks.optional_text(&field, value, 512);
        }
        checks.finish()
    }
}
