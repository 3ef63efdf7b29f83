//! Every route of the process, and the layers in front of them, in one file.
//!
//! Always true: REST is under `/api/v1`, server functions under `/rpc`, pages everywhere else; an unknown path is 404 in
//! the contract's shape for programs and a page for people.

use app::{App, shell};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use domain::error::ErrorCode;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY};
use http::{HeaderMap, HeaderValue, Method, Uri};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::Refusal;
use crate::middleware::{
    authenticate, client, origin, prometheus_refusal, redirect, request_id, security_headers, time_limit,
};
use crate::state::AppState;
use crate::{api, assets, llm, openapi, process, stream};

/// The REST routes and their document. `max_write_bytes` is what a remote-write request may have.
pub(crate) fn rest(max_write_bytes: usize) -> (Router<AppState>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::document())
        .merge(api::router(max_write_bytes))
        .merge(process::router())
        .merge(stream::router())
        .split_for_parts();
    openapi::name_operations(&mut document);
    (router, document)
}

/// Everything.
pub(crate) fn router(rest: Router<AppState>, state: AppState) -> Router {
    let pages = generate_route_list(App);
    let context = {
        let state = state.clone();
        move || provide_page_context(&state)
    };
    // Streams and precompressed files are not compressed again.
    let compressible = SizeAbove::new(512).and(NotForContentType::new("application/wasm")).and(NotForContentType::SSE);
    Router::new()
        .route("/api/docs", get(docs))
        .route("/api/v1/openapi.json", get(document))
        .leptos_routes_with_context(&state, pages, context, shell)
        .merge(rest)
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CompressionLayer::new().no_br().quality(CompressionLevel::Fastest).compress_when(compressible))
        .layer(DefaultBodyLimit::max(state.config.max_body_bytes))
        .layer(from_fn_with_state(state.clone(), authenticate::layer))
        .layer(from_fn(origin::layer))
        .layer(from_fn_with_state(state.clone(), client::layer))
        .layer(from_fn_with_state(state.clone(), time_limit::layer))
        .layer(from_fn(prometheus_refusal::layer))
        .layer(from_fn(redirect::layer))
        .layer(from_fn(security_headers::layer))
        .layer(from_fn(request_id::layer))
        .merge(llm::router(&state))
        .with_state(state)
}

fn provide_page_context(state: &AppState) {
    provide_context(state.platform.clone());
    provide_context(state.assets.clone());
    let policy = use_nonce().map(|nonce| security_headers::page_policy(&nonce));
    if let (Some(response), Some(policy)) = (use_context::<ResponseOptions>(), policy)
        && let Ok(value) = HeaderValue::from_str(&policy)
    {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}

async fn docs(State(state): State<AppState>) -> Response {
    let policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'";
    ([(CONTENT_SECURITY_POLICY, policy)], axum::response::Html(state.docs.to_string())).into_response()
}

async fn document(State(state): State<AppState>) -> Response {
    ([("content-type", "application/json")], state.openapi.to_string()).into_response()
}

async fn method_not_allowed(method: Method, uri: Uri) -> Refusal {
    Refusal::new(ErrorCode::MethodNotAllowed, format!("{} does not take {method}", uri.path()))
}

async fn fallback(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Response {
    if let Some(file) = assets::serve(uri.path(), &headers) {
        return file;
    }
    let is_page =
        headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if !is_page || uri.path().starts_with("/api/") || uri.path().starts_with("/pkg/") {
        return Refusal::new(ErrorCode::NotFound, "there is nothing at this path").into_response();
    }
    let context = {
        let state = state.clone();
        move || provide_page_context(&state)
    };
    let page = leptos_axum::render_app_async_with_context(context, shell);
    let mut response = page(request).await.into_response();
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response
}
