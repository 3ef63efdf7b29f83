//! `orders`: takes an order, asks `users` who it is and `payments` for the money.
//!
//! Always true: the database connection is held for the whole order, so slow dependencies fill the pool, as they do
//! in real services that keep a transaction open across calls.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::payments::Charge;
use super::{Failure, compute, successful};
use crate::fleet::kind::ServiceKind;
use crate::fleet::service::Service;

/// Median and log standard deviation of the query that opens an order.
const OPEN: (Duration, f64) = (Duration::from_millis(6), 0.35);

/// The same for the query that closes it.
const CLOSE: (Duration, f64) = (Duration::from_millis(4), 0.35);

/// Body of `POST /orders`.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::fleet) struct NewOrder {
    pub(in crate::fleet) user: u32,
    pub(in crate::fleet) amount_dollars: f64,
}

/// `POST /orders`
pub(in crate::fleet) async fn place(State(service): State<Arc<Service>>, Json(order): Json<NewOrder>) -> Response {
    match attempt(&service, &order).await {
        Ok(true) => {
            service.telemetry.order("placed");
            Json(json!({ "outcome": "placed" })).into_response()
        }
        Ok(false) => {
            service.telemetry.order("declined");
            (StatusCode::PAYMENT_REQUIRED, Json(json!({ "outcome": "declined" }))).into_response()
        }
        Err(failure) => {
            service.telemetry.order("failed");
            failure.answer()
        }
    }
}

/// Whether the order was paid for.
async fn attempt(service: &Service, order: &NewOrder) -> Result<bool, Failure> {
    let _connection = service.pool.acquire().await?;
    service.dice.wait(OPEN.0, OPEN.1).await;
    successful(service.peers.get(ServiceKind::Users, &format!("/users/{}", order.user)).await?)?;
    compute(20_000);

    let charge = Charge { user: order.user, amount_dollars: order.amount_dollars };
    let reply = service.peers.post(ServiceKind::Payments, "/charges", &charge).await?;
    let is_paid = reply.status != StatusCode::PAYMENT_REQUIRED;
    if is_paid {
        successful(reply)?;
    }
    service.dice.wait(CLOSE.0, CLOSE.1).await;
    Ok(is_paid)
}
