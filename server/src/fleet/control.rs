//! The doors to the fault switches.
//!
//! Always true: without the token nothing is read or changed; a refusal has the product's error shape.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::demo::{ActiveFault, FaultKind, InjectFault};
use domain::error::{ApiError, ErrorBody, ErrorCode};
use serde::{Deserialize, Serialize};

use super::service::Service;

/// The header that carries the token.
const TOKEN_HEADER: &str = "x-fleet-token";

/// Body of `POST /faults`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultOrder {
    fault: FaultKind,
    /// 0.01 to 1.
    intensity: f64,
    /// 1 to 3600.
    duration_secs: u32,
}

/// Answer of every switch: what is on now.
#[derive(Debug, Serialize)]
struct Switches {
    faults: Vec<ActiveFault>,
}

/// A refusal as an HTTP answer.
#[derive(Debug)]
pub(super) struct Refusal(ApiError);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(ErrorBody { error: self.0 })).into_response()
    }
}

/// Lets only requests with the token pass.
pub(super) async fn guard(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(TOKEN_HEADER).map(|value| value.as_bytes());
    if !service.token.is_empty() && given == Some(service.token.as_bytes()) {
        return next.run(request).await;
    }
    let message = format!("the fault switches need the header {TOKEN_HEADER} with the token of this fleet");
    Refusal(ApiError::new(ErrorCode::NotAuthenticated, message)).into_response()
}

/// `GET /faults`
pub(super) async fn list(State(service): State<Arc<Service>>) -> impl IntoResponse {
    switches(&service)
}

/// `POST /faults`
pub(super) async fn inject(State(service): State<Arc<Service>>, body: Bytes) -> Result<impl IntoResponse, Refusal> {
    let order: FaultOrder = serde_json::from_slice(&body).map_err(|error| {
        Refusal(ApiError::new(ErrorCode::MalformedRequest, format!("cannot read the body: {error}")))
    })?;
    let order = InjectFault {
        service: service.kind.name().to_owned(),
        fault: order.fault,
        intensity: order.intensity,
        duration_secs: order.duration_secs,
    };
    service.faults.inject(&order).await.map_err(Refusal)?;
    Ok((StatusCode::ACCEPTED, switches(&service)))
}

/// `DELETE /faults`
pub(super) async fn clear_all(State(service): State<Arc<Service>>) -> impl IntoResponse {
    service.faults.clear(None).await;
    switches(&service)
}

/// `DELETE /faults/{fault}`
pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    Path(fault): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let fault = fault
        .parse()
        .map_err(|error: domain::words::UnknownWord| Refusal(ApiError::new(ErrorCode::NotFound, error.to_string())))?;
    service.faults.clear(Some(fault)).await;
    Ok(switches(&service))
}

fn switches(service: &Service) -> Json<Switches> {
    Json(Switches { faults: service.faults.list() })
}
