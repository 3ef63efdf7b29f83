//! What handlers take from a request, refusing in the contract's shape.
//!
//! Always true: a body that cannot be read is 400, one with a wrong value 422 with the field named, a wrong content type
//! 415, an id of another kind 404.

use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use domain::error::{ApiError, ErrorCode};
use domain::object::Object;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use platform::actor::Actor;
use platform::auth::ClientInfo;
use serde::de::DeserializeOwned;

use crate::error::Refusal;
use crate::state::AppState;

/// Who asks; put there by the middleware.
#[derive(Debug)]
pub(crate) struct Who(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous)))
    }
}

/// Where the call comes from; put there by the middleware.
#[derive(Debug)]
pub(crate) struct From_(pub(crate) ClientInfo);

impl<S: Sync> FromRequestParts<S> for From_ {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(parts.extensions.get::<ClientInfo>().cloned().unwrap_or_default()))
    }
}

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Refusal::new(
                ErrorCode::UnsupportedMediaType,
                "send the body as JSON with Content-Type: application/json",
            ));
        }
        let bytes = Raw::from_request(request, state).await?.0;
        read_json(&bytes).map(Self).map_err(Refusal)
    }
}

/// Reads JSON, naming the field that is wrong.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Object(value): Object<T> = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_syntax() || inner.is_eof() || inner.is_io() {
            ApiError::new(ErrorCode::MalformedRequest, format!("the body is not JSON: {inner}"))
        } else {
            // A missing or unknown field is named in the message, not in the path.
            let message = inner.to_string();
            let field = match (path.as_str(), field_in(&message)) {
                (".", Some(name)) => name.to_owned(),
                (".", None) => "body".to_owned(),
                (path, Some(name)) if message.starts_with("missing") => format!("{path}.{name}"),
                (path, _) => path.to_owned(),
            };
            ApiError::field(field, without_place(&message))
        }
    })?;
    reader
        .end()
        .map_err(|e| ApiError::new(ErrorCode::MalformedRequest, format!("the body goes on after its JSON: {e}")))?;
    Ok(value)
}

/// The field that a message of serde's names, when it is missing or unknown.
pub(crate) fn field_in(message: &str) -> Option<&str> {
    message.split('`').nth(1).filter(|_| message.contains("field `"))
}

fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// The bytes of a body within its limit.
#[derive(Debug)]
pub(crate) struct Raw(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(inner) if inner.status() == http::StatusCode::PAYLOAD_TOO_LARGE => {
                Refusal::new(ErrorCode::TooLarge, "the body is larger than this path takes")
            }
            other => Refusal::new(ErrorCode::MalformedRequest, format!("the body could not be read: {other}")),
        })
    }
}

/// The body of a remote-write, which has a limit of its own.
#[derive(Debug)]
pub(crate) struct WriteBody(pub(crate) Bytes);

impl FromRequest<AppState> for WriteBody {
    type Rejection = Refusal;
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let limit = state.platform.config().metrics.max_write_bytes;
        match Limited::new(request.into_body(), limit).collect().await {
            Ok(body) => Ok(Self(body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => {
                let message =
                    format!("the body is larger than metrics.max_write_bytes = {limit}; send fewer samples at once");
                Err(Refusal::new(ErrorCode::TooLarge, message))
            }
            Err(error) => {
                Err(Refusal::new(ErrorCode::MalformedRequest, format!("the body could not be read: {error}")))
            }
        }
    }
}

/// The part of the path; an id that cannot be one is not found.
#[derive(Debug)]
pub(crate) struct Part<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Part<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(Refusal::new(ErrorCode::NotFound, "there is nothing with this id"))
            }
            Err(_) => Err(Refusal::new(ErrorCode::NotFound, "there is nothing at this path")),
        }
    }
}

/// The query string.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                let (field, message) = match (text.split_once(": "), field_in(&text)) {
                    (Some(both), None) => both,
                    (None, None) => ("query", text.as_str()),
                    (_, Some(field)) => (field, text.as_str()),
                };
                Err(Refusal(ApiError::field(field.to_owned(), message.to_owned())))
            }
            Err(_) => Err(Refusal::new(ErrorCode::MalformedRequest, "the query string could not be read")),
        }
    }
}
