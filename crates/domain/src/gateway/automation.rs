//! Automation: a question that is asked again and again, to see how a route does.
//!
//! Always true: it has an end from the beginning, by number and so by time.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::{AutomationId, RequestId};
use crate::validate::Checks;
use crate::{DateTime, Utc};

/// Start asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartAutomation {
    /// A provider's name or a route.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub service: String,
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000, pattern = r"\S"))]
    pub prompt: String,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    pub model: Option<String>,
    /// Seconds from the start of one call to the start of the next. One that takes longer is waited for.
    #[serde(deserialize_with = "crate::whole::number")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3_600))]
    pub interval: u64,
    /// So many calls, then it ends.
    #[serde(default = "ten", deserialize_with = "crate::whole::number")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000))]
    pub count: u32,
}

const fn ten() -> u32 {
    10
}

/// Stop one, or all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StopAutomation {
    /// Absent: all of them.
    #[serde(default)]
    pub id: Option<AutomationId>,
}

/// One call of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AutomationResult {
    pub at: DateTime<Utc>,
    /// Absent when there was no answer.
    pub request_id: Option<RequestId>,
    pub latency_ms: f64,
    /// Who answered.
    pub provider: Option<String>,
    pub model: Option<String>,
    pub simulated: bool,
    pub cost_usd: Option<f64>,
    /// The beginning of the answer.
    pub response: Option<String>,
    /// Why there was none.
    pub error: Option<String>,
}

/// A question that is asked again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Automation {
    pub id: AutomationId,
    pub service: String,
    pub prompt: String,
    pub model: Option<String>,
    pub interval: u64,
    pub count: u32,
    pub started_by: String,
    pub started_at: DateTime<Utc>,
    /// Absent while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    pub sent: u32,
    pub succeeded: u32,
    pub failed: u32,
    /// The last 50, newest last.
    pub results: Vec<AutomationResult>,
}

/// Those that run, and up to 50 that ran, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AutomationList {
    pub items: Vec<Automation>,
}

/// Those that were stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoppedAutomation {
    pub stopped: Vec<Automation>,
}

impl StartAutomation {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("service", &self.service, 128);
        checks.check(!self.prompt.trim().is_empty(), "prompt", "must not be empty");
        checks.check(self.prompt.chars().count() <= 10_000, "prompt", "must have at most 10000 characters");
        if let Some(model) = &self.model {
            checks.text("model", model, 256);
        }
        checks.check((1..=3_600).contains(&self.interval), "interval", "must be 1 to 3600 seconds");
        checks.check((1..=1_000).contains(&self.count), "count", "must be between 1 and 1000");
        checks.finish()
    }
}
