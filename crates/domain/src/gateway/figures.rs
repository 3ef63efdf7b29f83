//! Figures of calls to models over a stretch of time.
//!
//! Always true: they come from the history of calls, so they are exact as far as it goes back; a ratio of nothing is
//! absent, not zero.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::overview::TimeRange;
use crate::{DateTime, Utc};

/// Sums over calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallSums {
    pub requests: u64,
    /// Failed, or a stream that could not be completed.
    pub errors: u64,
    /// `errors` by `requests`.
    pub error_rate: Option<f64>,
    /// Answered by the simulation.
    pub simulated: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Of the calls whose model has a known price.
    pub cost_usd: f64,
    /// Calls whose model has a known price.
    pub priced: u64,
    /// `cost_usd` by `priced`.
    pub cost_per_request_usd: Option<f64>,
    /// `cost_usd` by the length of the range.
    pub cost_per_hour_usd: f64,
}

/// How long calls that succeeded took, in milliseconds: the nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallLatency {
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// The calls of one service that one model answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallGroup {
    pub service: String,
    /// Absent where none was asked.
    pub provider: Option<String>,
    pub model: Option<String>,
    #[serde(flatten)]
    pub sums: CallSums,
}

/// What services say of attacks and doubtful answers, as increases over the range; empty where nobody counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityCounts {
    /// `ai_prompt_injection_attempts_total` by severity.
    pub prompt_injection_attempts: BTreeMap<String, f64>,
    /// `ai_hallucination_flags_total` by risk.
    pub hallucination_flags: BTreeMap<String, f64>,
    /// `ai_security_incidents_total` by type.
    pub security_incidents: BTreeMap<String, f64>,
}

/// Calls to models in figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AiMetrics {
    pub at: DateTime<Utc>,
    pub range: TimeRange,
    pub totals: CallSums,
    pub latency: CallLatency,
    /// By service, provider and model; those with the most calls first, at most 500.
    pub groups: Vec<CallGroup>,
    /// `ai_confidence_drift_percentage` now, by service.
    pub drift: BTreeMap<String, f64>,
    pub security: SecurityCounts,
}

/// What one model did over a range of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelTraffic {
    /// Absent in the totals, and where no provider was asked.
    pub provider: Option<String>,
    pub model: Option<String>,
    pub requests: u64,
    /// `requests` by the length of the range.
    pub requests_per_second: f64,
    /// Failed, or a stream that could not be completed.
    pub errors: u64,
    /// `errors` by `requests`.
    pub error_rate: Option<f64>,
    /// Of calls that succeeded.
    pub latency: CallLatency,
    /// From the request to the first token, of streams.
    pub first_token: CallLatency,
    /// Output tokens of calls that succeeded by the seconds they took.
    pub output_tokens_per_second: Option<f64>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Of the calls whose model has a known price; absent where none has.
    pub cost_usd: Option<f64>,
    /// Answered by the simulation.
    pub simulated: u64,
}

/// The gateway's traffic over a range of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Traffic {
    pub at: DateTime<Utc>,
    pub range: TimeRange,
    pub total: ModelTraffic,
    /// Most calls first.
    pub models: Vec<ModelTraffic>,
    /// There were more calls than are looked at: these are the newest.
    pub is_cut: bool,
}
