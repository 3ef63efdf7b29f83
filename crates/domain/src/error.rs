//! What both doors say when they say no: one table of codes, one shape.
//!
//! Always true: a code has exactly one status; a 5xx never carries internal detail.

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:tt, $status:literal, $retryable:literal;)*) => {
        /// The machine-readable reason of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands in an answer.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Whether the same call may succeed later without a change.
            #[must_use]
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

error_codes! {
    /// The body or a parameter could not be read at all.
    MalformedRequest = "malformed_request", 400, false;
    /// No credentials, or credentials that are not valid (any more).
    NotAuthenticated = "not_authenticated", 401, false;
    /// Known caller, not allowed to do this.
    Forbidden = "forbidden", 403, false;
    /// It does not exist, or the caller may not know that it does.
    NotFound = "not_found", 404, false;
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, false;
    /// It took longer than this call may take.
    Timeout = "timeout", 408, true;
    /// It clashes with what is there (a name that is taken, a changed version).
    Conflict = "conflict", 409, false;
    /// The body is larger than this path takes.
    TooLarge = "too_large", 413, false;
    /// The content type is not one this path reads.
    UnsupportedMediaType = "unsupported_media_type", 415, false;
    /// Well-formed, but a value is not acceptable; `fields` names it.
    InvalidInput = "invalid_input", 422, false;
    /// Too many calls; `Retry-After` says when.
    RateLimited = "rate_limited", 429, true;
    /// Our fault. The details are in the log under the request id.
    Internal = "internal", 500, false;
    /// Something this needs is down at the moment (for example the database).
    Unavailable = "unavailable", 503, true;
}

/// What was wrong with one field, in words that mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field in the body or query, for example `objectives[0].threshold`.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// The public error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct ApiError {
    pub code: ErrorCode,
    pub message: String,
    #[serde(default)]
    pub fields: Vec<FieldError>,
    #[serde(default)]
    pub request_id: Option<String>,
    /// Seconds to wait before a retry, where that is known; also the `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_secs: Option<u64>,
}

/// The envelope every error answer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub error: ApiError,
}

impl ApiError {
    /// An error with a message and nothing else.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Vec::new(), request_id: None, retry_after_secs: None }
    }

    /// An unacceptable value in one field.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Unacceptable values; the message repeats the first so that a log line is readable alone.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let message = fields
            .first()
            .map_or_else(|| "invalid input".to_owned(), |first| format!("{}: {}", first.field, first.message));
        Self { fields, ..Self::new(ErrorCode::InvalidInput, message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_client_or_server_status_and_its_own_json() {
        for code in ErrorCode::ALL {
            assert!((400..=599).contains(&code.status()));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        let retryable: Vec<_> = ErrorCode::ALL.iter().filter(|c| c.is_retryable()).map(|c| c.status()).collect();
        assert_eq!(retryable, [408, 429, 503]);
    }

    #[test]
    fn an_invalid_input_names_its_first_field_in_the_message() {
        let error = ApiError::field("email", "must contain @");
        assert_eq!(error.message, "email: must contain @");
        assert_eq!(error.fields.len(), 1);
    }
}
