//! What can go wrong between a call and its answer, and what is done about it. The table in `docs/gateway.md` is this file.
//!
//! Always true: every failure has exactly one class, and all decisions (retry, fail over, breaker, status, code) follow from
//! the class.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What went wrong at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// No connection: refused, no such name, TLS.
    Unreachable,
    /// The connection was closed before the answer was whole.
    Reset,
    /// The first token, or an unstreamed answer, did not come in time.
    FirstToken,
    /// A stream was silent for too long.
    Silence,
    /// The time of the whole call was over.
    Total,
    /// 429.
    RateLimited,
    /// 503 or 529: the provider says that it has too much to do.
    Overloaded,
    /// Any other 5xx, and what no other class describes.
    Server,
    /// 402, or a 429 that says that the account is empty.
    Quota,
    /// 401 or 403: our key is not good.
    Credentials,
    /// 404: there is no such model, or no such endpoint.
    NotFound,
    /// The prompt does not fit into the model.
    ContextLength,
    /// The provider refuses what was asked.
    ContentRefused,
    /// Any other 4xx: the request is at fault.
    BadRequest,
    /// What came is not what the protocol says.
    Malformed,
    /// A success without an answer in it.
    Empty,
    /// An error inside a stream that had begun with 200.
    InStream,
    /// A stream ended before the answer did.
    Cut,
    /// The answer is larger than what is held in memory.
    TooLarge,
    /// The provider has no endpoint for what was asked, or cannot be asked it.
    Unsupported,
}

impl Class {
    /// Whether the same target may be asked again at once.
    #[must_use]
    pub fn is_retried(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Reset
                | Self::RateLimited
                | Self::Overloaded
                | Self::Server
                | Self::Malformed
                | Self::Empty
                | Self::InStream
                | Self::Cut
        )
    }

    /// Whether another target may be asked. A context that is too long goes to larger models only.
    #[must_use]
    pub fn fails_over(self) -> bool {
        !matches!(self, Self::ContentRefused | Self::BadRequest | Self::Total)
    }

    /// Whether it says something about the health of the target, and so counts in its breaker.
    #[must_use]
    pub fn counts_against_target(self) -> bool {
        !matches!(
            self,
            Self::NotFound
                | Self::ContextLength
                | Self::ContentRefused
                | Self::BadRequest
                | Self::Quota
                | Self::TooLarge
                | Self::Unsupported
        )
    }

    /// The status for the caller when this is the end of it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::FirstToken | Self::Silence | Self::Total => 504,
            Self::RateLimited => 429,
            Self::Overloaded => 503,
            Self::Quota => 402,
            Self::NotFound => 404,
            Self::ContextLength | Self::ContentRefused | Self::BadRequest | Self::Unsupported => 400,
            _ => 502,
        }
    }

    /// The code for the caller; `OpenAI`'s word where it has one.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "upstream_unreachable",
            Self::Reset => "upstream_reset",
            Self::FirstToken => "first_token_timeout",
            Self::Silence => "silence_timeout",
            Self::Total => "total_timeout",
            Self::RateLimited => "rate_limit_exceeded",
            Self::Overloaded => "upstream_overloaded",
            Self::Server => "upstream_error",
            Self::Quota => "insufficient_quota",
            Self::Credentials => "upstream_credentials_refused",
            Self::NotFound => "model_not_found",
            Self::ContextLength => "context_length_exceeded",
            Self::ContentRefused => "content_policy_violation",
            Self::BadRequest => "invalid_request",
            Self::Malformed => "upstream_malformed",
            Self::Empty => "upstream_empty",
            Self::InStream => "upstream_stream_error",
            Self::Cut => "upstream_cut",
            Self::TooLarge => "upstream_too_large",
            Self::Unsupported => "unsupported",
        }
    }
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) class: Class,
    /// What the provider said, or what was seen.
    pub(crate) message: String,
    /// The provider's status, if it answered.
    pub(crate) status: Option<u16>,
    /// How long the provider asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The provider's own error document.
    pub(crate) body: Option<Bytes>,
}

impl Failure {
    pub(crate) fn new(class: Class, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), status: None, retry_after: None, body: None }
    }

    /// An answer with an error status, read by what it says.
    pub(crate) fn from_answer(status: u16, retry_after: Option<Duration>, body: Bytes) -> Self {
        let said = Said::of(&body);
        let class = classify(status, &said);
        let message = if said.message.is_empty() { format!("answered {status}") } else { said.message };
        Self { class, message, status: Some(status), retry_after: retry_after.or(said.retry_after), body: Some(body) }
    }

    /// An error document inside a stream.
    pub(crate) fn in_stream(document: &[u8]) -> Self {
        let said = Said::of(document);
        let class = match classify(said.status.unwrap_or(200), &said) {
            Class::Server => Class::InStream,
            class => class,
        };
        let message = if said.message.is_empty() { "an error without a message".to_owned() } else { said.message };
        Self { class, message, status: Some(200), retry_after: said.retry_after, body: None }
    }
}

/// What an error document says, whoever wrote it.
#[derive(Debug, Default)]
struct Said {
    message: String,
    /// Codes, types and statuses, joined by spaces, in lower case.
    codes: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
}

/// No more of a provider's message than this is kept.
const MAX_MESSAGE: usize = 2_000;

impl Said {
    /// Reads `{"error": {"message", "type", "code", "status"}}`, `{"error": "…"}`, `{"message": "…"}`, `{"detail": …}` and arrays of
    /// these, which is how the providers in question write errors.
    fn of(body: &[u8]) -> Self {
        let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(body) else {
            return Self { message: clipped(String::from_utf8_lossy(body).trim()), ..Self::default() };
        };
        if let Some(first) = value.get_mut(0) {
            value = first.take();
        }
        let error = match value.get("error") {
            Some(error) if error.is_object() => error,
            _ => &value,
        };
        let words = |key: &str| match error.get(key) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let message = ["message", "error", "detail"]
            .iter()
            .find_map(|key| match error.get(key)? {
                serde_json::Value::String(text) => Some(text.clone()),
                other @ (serde_json::Value::Array(_) | serde_json::Value::Object(_)) => Some(other.to_string()),
                _ => None,
            })
            .unwrap_or_default();
        let number = error.get("code").or_else(|| error.get("status")).and_then(serde_json::Value::as_u64);
        Self {
            message: clipped(&message),
            codes: format!("{} {} {}", words("code"), words("type"), words("status")).to_lowercase(),
            status: number.and_then(|n| u16::try_from(n).ok()).filter(|n| (400..600).contains(n)),
            retry_after: google_retry_delay(error),
        }
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.codes.contains(word))
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(MAX_MESSAGE).collect()
}

/// `google.rpc.RetryInfo`: `"retryDelay": "34.5s"`.
fn google_retry_delay(error: &serde_json::Value) -> Option<Duration> {
    let details = error.get("details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    let seconds: f64 = delay.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn classify(status: u16, said: &Said) -> Class {
    if is_context_length(said) && matches!(status, 200 | 400 | 413 | 422 | 500) {
        return Class::ContextLength;
    }
    if said.has(&["insufficient_quota", "billing_error", "billing_hard_limit", "credit"]) && status != 401 {
        return Class::Quota;
    }
    // Google's word for it is that the argument is invalid.
    if status == 400 && said.message.to_lowercase().contains("api key not valid") {
        return Class::Credentials;
    }
    if said.has(&["content_policy_violation", "content_filter", "safety"]) {
        return Class::ContentRefused;
    }
    match status {
        402 => Class::Quota,
        401 | 403 => Class::Credentials,
        404 => Class::NotFound,
        408 => Class::FirstToken,
        409 | 425 => Class::Server,
        429 => Class::RateLimited,
        503 | 529 => Class::Overloaded,
        400..500 => Class::BadRequest,
        _ if said.has(&["rate_limit", "resource_exhausted"]) => Class::RateLimited,
        _ if said.has(&["overloaded", "unavailable"]) => Class::Overloaded,
        _ => Class::Server,
    }
}

/// The providers' ways to say that a prompt is too long; few of them have a code for it.
fn is_context_length(said: &Said) -> bool {
    const PHRASES: [&str; 9] = [
        "maximum context length",
        "context length",
        "context window",
        "prompt is too long",
        "input is too long",
        "too many tokens",
        "exceeds the maximum number of tokens",
        "token count exceeds",
        "must be <= ",
    ];
    let message = said.message.to_lowercase();
    said.has(&["context_length_exceeded", "string_above_max_length"])
        || (message.contains("token") || message.contains("context") || message.contains("too long"))
            && PHRASES.iter().any(|phrase| message.contains(phrase))
}

/// `Retry-After` in seconds, or Anthropic's and `OpenAI`'s finer `retry-after-ms`. A date is not supported: no provider sends one.
pub(crate) fn retry_after(headers: &http::HeaderMap) -> Option<Duration> {
    let text = |name: &str| {
        headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok().filter(|n| (0.0..=86_400.0).contains(n))
    };
    text("retry-after-ms")
        .map(|ms| Duration::from_secs_f64(ms / 1_000.0))
        .or_else(|| text("retry-after").map(Duration::from_secs_f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, body: &str) -> Class {
        Failure::from_answer(status, None, Bytes::from(body.to_owned())).class
    }

    #[test]
    fn the_providers_own_words_are_understood() {
        let table = [
            (
                429,
                r#"{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}"#,
                Class::RateLimited,
            ),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
                Class::Quota,
            ),
            (402, r#"{"error":{"message":"Insufficient Balance"}}"#, Class::Quota),
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}}"#,
                Class::ContextLength,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
                Class::ContextLength,
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
                Class::ContextLength,
            ),
            (
                400,
                r#"{"message":"too many tokens: total number of tokens in the prompt cannot exceed 128000"}"#,
                Class::ContextLength,
            ),
            (
                422,
                r#"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.","error_type":"validation"}"#,
                Class::ContextLength,
            ),
            (
                400,
                r#"{"error":{"message":"Invalid value for 'max_tokens'","type":"invalid_request_error"}}"#,
                Class::BadRequest,
            ),
            (
                400,
                r#"{"error":{"message":"Your request was rejected","code":"content_policy_violation"}}"#,
                Class::ContentRefused,
            ),
            (401, r#"{"error":{"message":"Incorrect API key provided"}}"#, Class::Credentials),
            (
                400,
                r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
                Class::Credentials,
            ),
            (404, r#"{"error":{"message":"The model does not exist","code":"model_not_found"}}"#, Class::NotFound),
            (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, Class::Overloaded),
            (503, r#"{"error":"Model is currently loading","estimated_time":20.0}"#, Class::Overloaded),
            (500, "<html>", Class::Server),
        ];
        for (status, body, expected) in table {
            assert_eq!(class(status, body), expected, "{body}");
        }
    }

    #[test]
    fn an_error_in_a_stream_keeps_its_class() {
        assert_eq!(Failure::in_stream(br#"{"error":{"message":"boom"}}"#).class, Class::InStream);
        assert_eq!(
            Failure::in_stream(br#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#).class,
            Class::Overloaded
        );
        assert_eq!(Failure::in_stream(br#"{"error":{"code":429,"message":"slow down"}}"#).class, Class::RateLimited);
    }

    #[test]
    fn waiting_is_read_from_headers_and_from_google() {
        let mut headers = http::HeaderMap::new();
        headers.insert("retry-after", "3".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(3)));
        headers.insert("retry-after-ms", "250".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_millis(250)));
        let body = r#"[{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}]"#;
        let failure = Failure::from_answer(429, None, Bytes::from(body));
        assert_eq!((failure.class, failure.retry_after), (Class::RateLimited, Some(Duration::from_millis(1_500))));
    }
}
