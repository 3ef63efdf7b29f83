//! The routes of one service, and what happens around each request.
//!
//! Always true: every request for work is measured from its arrival to its answer, including what a fault adds;
//! requests for `/metrics`, `/healthz` and `/faults` are neither measured nor disturbed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use domain::demo::FaultKind;
use serde_json::json;

use super::control;
use super::kind::ServiceKind;
use super::service::Service;
use super::services::{orders, payments, threat, users};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 16 * 1024;

/// Seconds that the latency fault adds at full intensity, before its variance.
const MAX_DELAY_SECS: f64 = 2.0;

/// The variance that the latency fault adds: median as a share of the delay, and standard deviation of the logarithm.
const DELAY_VARIANCE: (f64, f64) = (0.05, 0.8);

/// What is counted as the status of a request whose caller hung up before the answer.
const CALLER_GONE: u16 = 499;

pub(super) fn routes(service: Arc<Service>) -> Router {
    let handler = match service.kind {
        ServiceKind::Orders => post(orders::place),
        ServiceKind::Users => get(users::find),
        ServiceKind::Payments => post(payments::charge),
        ServiceKind::ThreatDetection => post(threat::predict),
    };
    let work = Router::new().route(service.kind.route().1, handler);
    let switches = Router::new()
        .route("/faults", get(control::list).post(control::inject).delete(control::clear_all))
        .route("/faults/{fault}", delete(control::clear))
        .route_layer(from_fn_with_state(service.clone(), control::guard));
    work.route_layer(from_fn_with_state(service.clone(), measure))
        .merge(switches)
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(service)
}

async fn measure(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let mut measured = Measured::start(&service, &request);
    if let Some(intensity) = service.faults.intensity(FaultKind::Latency) {
        let delay = Duration::from_secs_f64(MAX_DELAY_SECS * intensity);
        tokio::time::sleep(delay).await;
        service.dice.wait(delay.mul_f64(DELAY_VARIANCE.0), DELAY_VARIANCE.1).await;
    }
    let share = service.faults.intensity(FaultKind::Errors).unwrap_or(0.0);
    let response = if service.dice.chance(share) {
        failure(StatusCode::INTERNAL_SERVER_ERROR, "the errors fault made this call fail")
    } else {
        next.run(request).await
    };
    measured.status = response.status().as_u16();
    response
}

/// A request being answered; recorded when dropped, so that one whose caller hangs up counts too.
struct Measured<'a> {
    service: &'a Service,
    method: &'static str,
    route: Option<MatchedPath>,
    started: Instant,
    status: u16,
}

impl<'a> Measured<'a> {
    fn start(service: &'a Service, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        Self { service, method: method_word(request.method()), route, started: Instant::now(), status: CALLER_GONE }
    }
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        let route = self.route.as_ref().map_or("", MatchedPath::as_str);
        self.service.telemetry.request(self.method, route, self.status, self.started.elapsed());
    }
}

/// A caller may invent methods; the label must not follow.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "OTHER",
    }
}

async fn metrics(State(service): State<Arc<Service>>) -> Response {
    match service.telemetry.text() {
        Ok(text) => ([(CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(_) => failure(StatusCode::INTERNAL_SERVER_ERROR, "the metrics could not be written"),
    }
}

async fn health(State(service): State<Arc<Service>>) -> impl IntoResponse {
    Json(json!({ "status": "ok", "service": service.kind.name() }))
}

/// An answer that says what went wrong.
pub(super) fn failure(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
