//! `payments`: charges a card at a bank that answers when it pleases.
//!
//! Always true: a declined card is an answer, not a failure; only accepted charges are summed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Failure, compute};
use crate::fleet::router::failure;
use crate::fleet::service::Service;

/// Median and log standard deviation of the bank's answer.
const BANK: (Duration, f64) = (Duration::from_millis(55), 0.3);

/// The share of cards that the bank declines.
const DECLINED: f64 = 0.02;

/// Body of `POST /charges`.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::fleet) struct Charge {
    pub(in crate::fleet) user: u32,
    pub(in crate::fleet) amount_dollars: f64,
}

/// `POST /charges`
pub(in crate::fleet) async fn charge(State(service): State<Arc<Service>>, Json(charge): Json<Charge>) -> Response {
    if !(charge.amount_dollars.is_finite() && charge.amount_dollars > 0.0) {
        return failure(StatusCode::UNPROCESSABLE_ENTITY, "amount_dollars must be more than 0");
    }
    let _line = match service.pool.acquire().await {
        Ok(line) => line,
        Err(error) => return Failure::from(error).answer(),
    };
    compute(10_000);
    service.dice.wait(BANK.0, BANK.1).await;
    if service.dice.chance(DECLINED) {
        return (StatusCode::PAYMENT_REQUIRED, Json(json!({ "outcome": "declined" }))).into_response();
    }
    service.telemetry.charge(charge.amount_dollars);
    Json(json!({ "outcome": "charged" })).into_response()
}
