//! Makes the redirects of pages real ones.
//!
//! Always true: whoever asks for a page and is sent elsewhere is told so by the status, whatever they accept. Answers to
//! server functions keep what the browser's part of them reads: a `location` beside their value.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::LOCATION;
use http::{Method, StatusCode};
use leptos::server_fn::redirect::REDIRECT_HEADER;

/// The layer.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    if is_page && response.status().is_success() && response.headers().contains_key(LOCATION) {
        *response.status_mut() = StatusCode::FOUND;
        response.headers_mut().remove(REDIRECT_HEADER);
    }
    response
}
