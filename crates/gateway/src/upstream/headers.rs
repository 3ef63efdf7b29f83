//! Which headers go where.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::settings::{Kind, Provider};

/// Of a caller's headers, those that change what a provider answers.
const PASSED_ON: [&str; 4] = ["openai-beta", "anthropic-beta", "anthropic-version", "idempotency-key"];
/// Of a provider's headers, those that tell the caller something: exact names and beginnings of names.
const ANSWERED: [&str; 4] = ["content-type", "retry-after", "request-id", "x-request-id"];
const ANSWERED_FAMILIES: [&str; 3] = ["x-ratelimit-", "anthropic-ratelimit-", "openai-"];

const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");

/// What is sent with every call to a provider.
pub(crate) fn provider_headers(provider: &Provider) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("Bellwether/", env!("CARGO_PKG_VERSION"))));
    let key = provider.api_key.as_ref().map(|key| key.reveal());
    let (name, value) = match provider.kind {
        Kind::Anthropic => (HeaderName::from_static("x-api-key"), key.map(str::to_owned)),
        Kind::Gemini => (HeaderName::from_static("x-goog-api-key"), key.map(str::to_owned)),
        _ => (AUTHORIZATION, key.map(|key| format!("Bearer {key}"))),
    };
    if let Some(mut value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    if provider.kind == Kind::Anthropic {
        headers.insert(ANTHROPIC_VERSION, HeaderValue::from_static("2023-06-01"));
    }
    for (name, value) in &provider.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

/// Adds what the caller may say to a provider that speaks the caller's protocol.
pub(crate) fn pass_on(from: &HeaderMap, to: &mut HeaderMap) {
    for name in PASSED_ON {
        if let Some(value) = from.get(name) {
            to.insert(HeaderName::from_static(name), value.clone());
        }
    }
}

/// What of a provider's headers the caller gets.
pub(crate) fn answer_headers(from: &HeaderMap) -> HeaderMap {
    let is_answered =
        |name: &str| ANSWERED.contains(&name) || ANSWERED_FAMILIES.iter().any(|family| name.starts_with(family));
    from.iter()
        .filter(|(name, _)| is_answered(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
