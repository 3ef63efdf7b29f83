//! Gives refusals on the Prometheus routes the shape that Prometheus' clients read.
//!
//! Always true: it holds for whatever refuses there, also a credential, a limit or a parameter; status and headers stay.

use axum::Json;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::error::ApiError;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use crate::api::{PrometheusError, is_prometheus};

/// The layer.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let is_prometheus = is_prometheus(request.uri().path());
    let response = next.run(request).await;
    match response.extensions().get::<ApiError>() {
        Some(error) if is_prometheus => {
            let body = Json(PrometheusError::from(error.clone())).into_response().into_body();
            let (mut head, _) = response.into_parts();
            for name in [CONTENT_LENGTH, CONTENT_ENCODING] {
                head.headers.remove(name);
            }
            head.headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
            Response::from_parts(head, body)
        }
        _ => response,
    }
}
