//! Anomalies: a detector's finding on a series.
//!
//! Always true: score 1.0 is the alarm threshold; an anomaly is open until its series behaves again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::AnomalyId;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// How bad a finding is, worst last.
    Severity { Info = "info", Warning = "warning", Error = "error", Critical = "critical" }
}

text_enum! {
    /// Where an anomaly is in its life.
    AnomalyStatus { Open = "open", Resolved = "resolved" }
}

text_enum! {
    /// Where the series was heading when it was judged.
    Trend { Falling = "falling", Steady = "steady", Rising = "rising" }
}

text_enum! {
    /// A person's verdict on an anomaly.
    FeedbackVerdict { Useful = "useful", Noise = "noise" }
}

/// A finding. Values are in the unit of the metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Anomaly {
    pub id: AnomalyId,
    pub service: String,
    pub metric: String,
    /// The unit of the values; empty when it is not known.
    #[serde(default)]
    pub unit: String,
    /// The other labels of the series.
    pub labels: BTreeMap<String, String>,
    pub severity: Severity,
    /// 1.0 is the alarm threshold; the worst seen while it was open.
    pub score: f64,
    /// Absent when data is missing.
    pub current_value: Option<f64>,
    pub predicted_value: Option<f64>,
    pub expected_low: Option<f64>,
    pub expected_high: Option<f64>,
    pub trend: Trend,
    /// The detector with the largest share.
    pub detector: String,
    /// Share of each detector in the score, adding up to 1.
    pub shares: BTreeMap<String, f64>,
    /// Why, in words.
    pub reason: String,
    /// What to look at first, in words.
    pub recommendation: String,
    /// When a resource on this trend runs out, where that is known.
    pub forecast_exhaustion: Option<DateTime<Utc>>,
    /// When it was first seen.
    pub timestamp: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub status: AnomalyStatus,
    pub is_simulated: bool,
    pub feedback: Option<FeedbackVerdict>,
    /// The multiplier on this series' threshold, moved by feedback; 1.0 when nobody has given any.
    pub threshold_factor: f64,
}

/// The list of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnomalyList {
    pub anomalies: Vec<Anomaly>,
    pub next_cursor: Option<String>,
}

/// Which anomalies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AnomalyFilter {
    /// Name of a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AnomalyStatus>,
    /// At most this many, 1 to 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl AnomalyFilter {
    /// # Errors
    /// When the name of the service cannot be one.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.optional_text("service", self.service.as_deref().unwrap_or_default(), 2_048);
        checks.finish()
    }
}

/// A person's verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    pub verdict: FeedbackVerdict,
}
