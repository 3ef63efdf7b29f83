//! Anomalies.

use axum::Json;
use axum::extract::State;
use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyList, Feedback};
use domain::ids::AnomalyId;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Params, Part, Who};

/// Anomalies, newest first.
#[utoipa::path(get, path = "/api/v1/anomalies", tag = "Observe", params(AnomalyFilter), responses((status = 200, body = AnomalyList), Refusals))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<AnomalyFilter>,
) -> Answer<Json<AnomalyList>> {
    Ok(Json(platform.anomalies().list(&actor, filter).await?))
}

/// One anomaly.
#[utoipa::path(get, path = "/api/v1/anomalies/{id}", tag = "Observe", params(("id" = AnomalyId, Path)), responses((status = 200, body = Anomaly), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<AnomalyId>,
) -> Answer<Json<Anomaly>> {
    Ok(Json(platform.anomalies().get(&actor, id).await?))
}

/// Say whether an anomaly was useful or noise.
///
/// Moves the alarm threshold of that series.
#[utoipa::path(post, path = "/api/v1/anomalies/{id}/feedback", tag = "Observe", params(("id" = AnomalyId, Path)), request_body = Feedback, responses((status = 200, body = Anomaly), Refusals))]
pub(crate) async fn feedback(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<AnomalyId>,
    Body(input): Body<Feedback>,
) -> Answer<Json<Anomaly>> {
    Ok(Json(platform.anomalies().feedback(&actor, id, input).await?))
}
