//! Requests: what happened to a call.
//!
//! Always true: `model` and `provider` are those that answered; failed attempts are listed and not counted as answers.

use serde::{Deserialize, Serialize};

use super::SafetyFinding;
use crate::error::ApiError;
use crate::ids::RequestId;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// How a call ended, as its caller saw it.
    RequestOutcome {
        /// A whole answer.
        Succeeded = "succeeded",
        /// An error status instead of an answer.
        Failed = "failed",
        /// A stream that ended with an error event.
        Incomplete = "incomplete",
        /// The caller went away first.
        HungUp = "hung_up",
        /// Not sent to any provider: bad request, unknown model, over a limit, unsafe.
        Refused = "refused",
    }
}

/// Tokens of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenCounts {
    /// Read, cached ones included.
    pub input: u64,
    /// Written, reasoning included.
    pub output: u64,
    pub cached_input: u64,
    pub reasoning: u64,
    /// Counted here, because the provider did not say.
    pub is_estimated: bool,
}

/// A call in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestSummary {
    pub id: RequestId,
    pub timestamp: DateTime<Utc>,
    pub service: String,
    pub team: Option<String>,
    /// The API key's id.
    pub key: Option<String>,
    /// Which API was spoken: chat, completions, embeddings, responses, messages; `elsewhere` for calls that were told afterwards.
    pub door: String,
    /// What the caller named as the model.
    pub requested_model: String,
    pub route: Option<String>,
    pub provider: Option<String>,
    pub model: Option<String>,
    pub is_stream: bool,
    /// The HTTP status the caller got; 499 when it went away first.
    pub status: u16,
    pub outcome: RequestOutcome,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub tokens: TokenCounts,
    /// Absent when no price is known for the model.
    pub cost_usd: Option<f64>,
    /// The whole call.
    pub latency_ms: f64,
    /// From the start of the call to the first token that went out.
    pub first_token_ms: Option<f64>,
    /// Of `latency_ms`: spent in the gateway itself.
    pub overhead_ms: f64,
    /// How many attempts were made.
    pub attempts: u32,
    pub is_simulated: bool,
}

/// One try at one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    pub provider: String,
    pub model: String,
    /// From the start of the call.
    pub started_ms: f64,
    pub duration_ms: f64,
    pub first_token_ms: Option<f64>,
    /// The provider's status, if it answered.
    pub status: Option<u16>,
    /// `answered`, `abandoned`, or what kind of failure or reason to skip it was.
    pub outcome: String,
    /// What the provider said or what was seen.
    pub message: Option<String>,
    pub retry_after_ms: Option<u64>,
    /// Ids of the chaos experiments that touched it.
    #[serde(default)]
    pub experiments: Vec<String>,
}

/// A call with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestDetail {
    #[serde(flatten)]
    pub summary: RequestSummary,
    /// Why the answer ended, in the provider's word.
    pub finish: Option<String>,
    pub request_bytes: u64,
    pub answer_bytes: u64,
    /// All tries in order, skipped targets included.
    pub tries: Vec<Attempt>,
    /// What safety found in the prompt and in the answer.
    #[serde(default)]
    pub safety: Vec<SafetyFinding>,
    /// Bodies are kept only where the route says so; personal data and secrets are taken out of them.
    pub request_body: Option<String>,
    pub answer_body: Option<String>,
}

/// Which calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct RequestFilter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// What answered, or what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// An HTTP status (`429`) or an outcome (`failed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Words in the model's names, the error or the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A one-shot call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AiCall {
    /// A provider's name or a route.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub service: String,
    #[cfg_attr(feature = "openapi", schema(min_length = 1, pattern = r"\S"))]
    pub prompt: String,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    pub model: Option<String>,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AiAnswer {
    pub response: String,
    pub provider: String,
    pub model: String,
    pub latency_ms: f64,
    pub tokens: TokenCounts,
    pub cost_usd: Option<f64>,
    pub simulated: bool,
    pub request_id: RequestId,
}

impl RequestFilter {
    /// # Errors
    /// When a text cannot be one of a call.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        let texts = [("service", &self.service), ("provider", &self.provider), ("model", &self.model), ("q", &self.q)];
        for (field, text) in texts {
            checks.optional_text(field, text.as_deref().unwrap_or_default(), 2_048);
        }
        checks.finish()
    }
}

impl AiCall {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("service", &self.service, 128);
        checks.check(!self.prompt.trim().is_empty(), "prompt", "must not be empty");
        if let Some(model) = &self.model {
            checks.text("model", model, 256);
        }
        checks.finish()
    }
}

/// A call that was made elsewhere, to be in the history and the costs with the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogRequest {
    /// The service that called.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub service: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label64))]
    pub provider: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label256))]
    pub model: String,
    /// The HTTP status that the caller got; 200 when absent.
    #[serde(default = "ok", deserialize_with = "crate::whole::number")]
    #[cfg_attr(feature = "openapi", schema(minimum = 100, maximum = 599))]
    pub status: u16,
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 86_400_000))]
    pub latency_ms: f64,
    #[serde(default, deserialize_with = "crate::whole::number")]
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000_000))]
    pub input_tokens: u64,
    #[serde(default, deserialize_with = "crate::whole::number")]
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000_000))]
    pub output_tokens: u64,
    /// Absent: by the price of the model, where one is known.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub cost_usd: Option<f64>,
    /// What went wrong, when the status says so.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Text1000>))]
    pub error: Option<String>,
}

const fn ok() -> u16 {
    200
}

impl LogRequest {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("service", &self.service, 128);
        checks.text("provider", &self.provider, 64);
        checks.text("model", &self.model, 256);
        checks.check((100..=599).contains(&self.status), "status", "must be between 100 and 599");
        checks.check((0.0..=86_400_000.0).contains(&self.latency_ms), "latency_ms", "must be between 0 and 86400000");
        for (field, tokens) in [("input_tokens", self.input_tokens), ("output_tokens", self.output_tokens)] {
            checks.check(tokens <= 1_000_000_000, field, "must be at most 1000000000");
        }
        let is_amount = self.cost_usd.is_none_or(|cost| (0.0..=1_000_000.0).contains(&cost));
        checks.check(is_amount, "cost_usd", "must be between 0 and 1000000 dollars");
        checks.optional_text("error", self.error.as_deref().unwrap_or_default(), 1_000);
        checks.finish()
    }
}
