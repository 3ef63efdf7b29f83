//! Errors in the shape that each SDK knows.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::request::Door;

/// Why a caller gets no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// The member of the request that is at fault.
    pub(crate) param: Option<&'static str>,
    /// Worth trying again after so many seconds.
    pub(crate) retry_after_secs: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), param: None, retry_after_secs: None }
    }
}

/// The document of an error answer.
pub(crate) fn error_document(door: Option<Door>, refusal: &Refusal, request_id: &str) -> Bytes {
    let document = if door == Some(Door::Messages) {
        let kind = anthropic_type(refusal.status);
        let error = json!({"type": kind, "message": refusal.message, "code": refusal.code});
        json!({"type": "error", "error": error, "request_id": request_id})
    } else {
        json!({"error": openai_error(refusal), "request_id": request_id})
    };
    Bytes::from(document.to_string())
}

/// The event that ends a stream which cannot be completed.
pub(crate) fn error_event(door: Door, code: &str, message: &str) -> Bytes {
    let error = json!({"message": message, "type": "upstream_error", "param": null, "code": code});
    let (name, document) = match door {
        Door::Messages => {
            (Some("error"), json!({"type": "error", "error": {"type": "api_error", "message": message, "code": code}}))
        }
        Door::Responses => {
            let document = json!({"type": "error", "code": code, "message": message, "param": null, "error": error});
            (Some("error"), document)
        }
        _ => (None, json!({"error": error})),
    };
    let mut out = String::new();
    match name {
        Some(name) => super::named_frame(&mut out, name, &document),
        None => super::frame(&mut out, &document),
    }
    Bytes::from(out)
}

fn openai_error(refusal: &Refusal) -> Value {
    let kind = match refusal.status {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        400..500 => "invalid_request_error",
        _ => "upstream_error",
    };
    json!({"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.code})
}

fn anthropic_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        400..500 => "invalid_request_error",
        503 | 529 => "overloaded_error",
        504 => "timeout_error",
        _ => "api_error",
    }
}
