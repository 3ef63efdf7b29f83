//! Everything in figures.

use axum::Json;
use axum::extract::State;
use domain::gateway::{AiMetrics, Traffic};
use domain::overview::{MetricsSummary, TimeRange};
use platform::Platform;

use super::catalogue::RangeParams;
use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Params, Who};

/// Traffic over all services, how they are, and calls to models.
#[utoipa::path(get, path = "/api/v1/metrics/summary", tag = "Observe", params(RangeParams), responses((status = 200, body = MetricsSummary), Refusals))]
pub(crate) async fn summary(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(params): Params<RangeParams>,
) -> Answer<Json<MetricsSummary>> {
    Ok(Json(platform.overview().summary(&actor, params.range.unwrap_or(TimeRange::Hour1)).await?))
}

/// Calls to models: tokens, cost, latency, drift and security.
#[utoipa::path(get, path = "/api/v1/metrics/ai", tag = "Observe", params(RangeParams), responses((status = 200, body = AiMetrics), Refusals))]
pub(crate) async fn ai(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(params): Params<RangeParams>,
) -> Answer<Json<AiMetrics>> {
    Ok(Json(platform.overview().ai(&actor, params.range.unwrap_or(TimeRange::Hour1)).await?))
}

/// The gateway's traffic by provider and model.
#[utoipa::path(get, path = "/api/v1/gateway/traffic", tag = "Gateway", params(RangeParams), responses((status = 200, body = Traffic), Refusals))]
pub(crate) async fn traffic(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(params): Params<RangeParams>,
) -> Answer<Json<Traffic>> {
    Ok(Json(platform.gateway().model_traffic(&actor, params.range.unwrap_or(TimeRange::Hour1)).await?))
}
