//! The doors for programs that call models: `OpenAI`'s and Anthropic's addresses under `/v1`.
//!
//! Always true: nothing here looks into a body; a call has its own limits instead of the process's time limit; a client
//! that hangs up drops the stream, which ends the call upstream.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, Method, Uri};
use platform::Platform;

use crate::error::Answer;
use crate::extract::{Raw, Who};
use crate::middleware::{authenticate, client, origin, request_id};
use crate::state::AppState;

/// The addresses, with the layers that a call needs and no others.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let limit = state.platform.config().gateway.max_body_bytes;
    Router::new()
        .route("/v1/chat/completions", post(call))
        .route("/v1/completions", post(call))
        .route("/v1/embeddings", post(call))
        .route("/v1/responses", post(call))
        .route("/v1/messages", post(call))
        .route("/v1/models", get(call))
        .route("/v1/models/{*name}", get(call))
        .layer(DefaultBodyLimit::max(limit))
        .layer(from_fn_with_state(state.clone(), authenticate::layer))
        .layer(from_fn(origin::layer))
        .layer(from_fn_with_state(state.clone(), client::layer))
        .layer(from_fn(request_id::layer))
}

async fn call(
    State(platform): State<Platform>,
    Who(actor): Who,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Answer<Response> {
    let answer = platform.gateway().call(&actor, method, uri.path().to_owned(), headers, body).await?;
    let body = match answer.body {
        gateway::Body::Full(bytes) => Body::from(bytes),
        gateway::Body::Stream(stream) => Body::new(*stream),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}
