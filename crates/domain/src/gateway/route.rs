//! Routes: the name that callers send as `model`, and what answers to it.
//!
//! Always true: targets are tried in order; a route's version grows by one with each change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::RouteId;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// What is done about unsafe content.
    SafetyMode {
        /// Nothing is judged.
        Off = "off",
        /// Judged and recorded.
        Monitor = "monitor",
        /// Judged, recorded and told to the caller in a header.
        Flag = "flag",
        /// Judged, recorded and refused.
        Block = "block",
    }
}

/// What a call must be like for a target to be considered; everything that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TargetCondition {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// The body is at least this long, in bytes.
    #[cfg_attr(feature = "openapi", schema(maximum = 1_073_741_824))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_bytes: Option<u64>,
    /// The body is at most this long, in bytes.
    #[cfg_attr(feature = "openapi", schema(maximum = 1_073_741_824))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
}

/// One model of one provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteTarget {
    /// A provider by its name.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label64))]
    pub provider: String,
    /// The provider's name for the model. Empty: whatever the caller named.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Text256))]
    pub model: String,
    /// Its share of first attempts among the targets with a weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000))]
    pub weight: Option<u32>,
    #[serde(default, deserialize_with = "crate::object::optional", skip_serializing_if = "Option::is_none")]
    pub when: Option<TargetCondition>,
    /// How many tokens it can read, when the price table does not know.
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
}

/// How long a call may take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RouteLimits {
    /// From the start of an attempt to the first token of a stream.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86_400_000))]
    pub first_token_ms: u64,
    /// Between two frames of a stream.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86_400_000))]
    pub silence_ms: u64,
    /// The whole call with all its attempts.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86_400_000))]
    pub total_ms: u64,
}

impl Default for RouteLimits {
    fn default() -> Self {
        Self { first_token_ms: 30_000, silence_ms: 60_000, total_ms: 600_000 }
    }
}

/// A route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Route {
    pub id: RouteId,
    /// 1 when it was made; one more with each change.
    pub version: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[serde(flatten)]
    pub settings: PutRoute,
}

/// Add or replace a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutRoute {
    /// What callers send as `model`; `*` answers to every name that nothing else answers to.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub name: String,
    #[serde(deserialize_with = "crate::object::list")]
    #[cfg_attr(feature = "openapi", schema(max_items = 32))]
    pub targets: Vec<RouteTarget>,
    /// Further attempts at one target before the next one is tried.
    #[serde(default = "one")]
    #[cfg_attr(feature = "openapi", schema(maximum = 10))]
    pub retries: u32,
    #[serde(default, deserialize_with = "crate::object::one")]
    pub limits: RouteLimits,
    /// Hold a stream back until it is whole, so that it can fail over at any point.
    #[serde(default)]
    pub buffered: bool,
    #[serde(default = "monitor")]
    pub safety: SafetyMode,
    /// Let the simulation answer when no target has a key or all have failed. The answer says so.
    #[serde(default)]
    pub fallback_to_simulation: bool,
    /// How long an answer is given again for exactly the same request, in seconds; 0 is never.
    #[cfg_attr(feature = "openapi", schema(maximum = 31_536_000))]
    #[serde(default)]
    pub cache_secs: u32,
    /// Keep the bodies of calls in their records, redacted.
    #[serde(default)]
    pub keep_bodies: bool,
    /// What is written here and is none of the above.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

const fn one() -> u32 {
    1
}

const fn monitor() -> SafetyMode {
    SafetyMode::Monitor
}

impl PutRoute {
    /// What can be checked without knowing the providers.
    ///
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        for field in self.unknown.keys() {
            checks.check(false, field, "is not a setting of a route");
        }
        checks.text("name", &self.name, 128);
        checks.check(self.targets.len() <= 32, "targets", "must be at most 32");
        let has_answer = !self.targets.is_empty() || self.fallback_to_simulation;
        checks.check(has_answer, "targets", "name at least one, or allow fallback_to_simulation");
        checks.check(self.retries <= 10, "retries", "must be at most 10");
        checks.check(self.cache_secs <= 31_536_000, "cache_secs", "must be at most 31536000, a year");
        let limits = self.limits;
        for (field, value) in [
            ("limits.first_token_ms", limits.first_token_ms),
            ("limits.silence_ms", limits.silence_ms),
            ("limits.total_ms", limits.total_ms),
        ] {
            checks.check((1..=86_400_000).contains(&value), field, "must be between 1 and 86400000");
        }
        for (i, target) in self.targets.iter().enumerate() {
            checks.text(&format!("targets[{i}].provider"), &target.provider, 64);
            checks.optional_text(&format!("targets[{i}].model"), &target.model, 256);
            let is_weight = target.weight.is_none_or(|weight| weight <= 1_000_000);
            checks.check(is_weight, &format!("targets[{i}].weight"), "must be at most 1000000");
            let is_context = target.context_tokens.is_none_or(|tokens| tokens <= 1_000_000_000);
            checks.check(is_context, &format!("targets[{i}].context_tokens"), "must be at most 1000000000");
            let when = target.when.clone().unwrap_or_default();
            for (field, bytes) in [("min_bytes", when.min_bytes), ("max_bytes", when.max_bytes)] {
                let is_size = bytes.is_none_or(|bytes| bytes <= 1_073_741_824);
                checks.check(is_size, &format!("targets[{i}].when.{field}"), "must be at most 1073741824");
            }
        }
        checks.finish()
    }
}
