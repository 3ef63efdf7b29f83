//! Ends requests that take too long.
//!
//! Always true: a WebSocket is not a request that takes long: its handshake is done within the limit.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::error::ErrorCode;

use crate::error::Refusal;
use crate::state::AppState;

/// The layer.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(state.config.request_timeout_secs);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("this took longer than {} s; narrow it down or try again", limit.as_secs());
            Refusal::new(ErrorCode::Timeout, message).into_response()
        }
    }
}
