//! `threat-detection`: judges an event with the model, after asking `users` how old the account is.
//!
//! Always true: what is measured as inference is the model's slot and nothing else of the request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::users::User;
use super::{Failure, successful};
use crate::fleet::kind::ServiceKind;
use crate::fleet::model::{Event, Prediction};
use crate::fleet::router::failure;
use crate::fleet::service::Service;

/// Median and log standard deviation of the accelerator's answer, which the score is computed beside.
const ACCELERATOR: (Duration, f64) = (Duration::from_millis(7), 0.25);

/// Body of `POST /predict`.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::fleet) struct Question {
    pub(in crate::fleet) user: u32,
    pub(in crate::fleet) event: Event,
}

/// `POST /predict`
pub(in crate::fleet) async fn predict(State(service): State<Arc<Service>>, Json(question): Json<Question>) -> Response {
    if !question.event.iter().all(|value| value.is_finite()) {
        return failure(StatusCode::UNPROCESSABLE_ENTITY, "every value of event must be a finite number");
    }
    match judge(&service, &question).await {
        Ok(prediction) => {
            Json(json!({ "class": prediction.class(), "confidence": prediction.confidence() })).into_response()
        }
        Err(failure) => failure.answer(),
    }
}

async fn judge(service: &Service, question: &Question) -> Result<Prediction, Failure> {
    let reply = service.peers.get(ServiceKind::Users, &format!("/users/{}", question.user)).await?;
    let user: User = serde_json::from_slice(&successful(reply)?.body)?;
    let _slot = service.pool.acquire().await?;
    let started = Instant::now();
    service.dice.wait(ACCELERATOR.0, ACCELERATOR.1).await;
    let prediction = service.model.predict(&question.event, user.account_age_days);
    service.telemetry.prediction(prediction.class(), started.elapsed());
    Ok(prediction)
}
