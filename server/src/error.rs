//! The one way an error leaves the process over HTTP.
//!
//! Always true: every answer from 400 up has the contract's shape and the request's id.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::error::{ApiError, ErrorBody, ErrorCode};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::middleware::request_id;

/// An error as an answer.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) ApiError);

impl Refusal {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(ApiError::new(code, message))
    }
}

impl From<platform::Error> for Refusal {
    fn from(error: platform::Error) -> Self {
        Self(error.into())
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut error = self.0;
        if error.request_id.is_none() {
            error.request_id = request_id::current();
        }
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorBody { error: error.clone() })).into_response();
        if let Some(seconds) = error.retry_after_secs {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // For layers that say the same in another shape.
        response.extensions_mut().insert(error);
        response
    }
}

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Refusal>;
