//! Chaos experiments.

use axum::Json;
use axum::extract::State;
use domain::gateway::{Experiment, InjectChaos, StopChaos, StoppedChaos};
use domain::ids::ExperimentId;
use domain::page::{Page, PageRequest};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Params, Part, Who};

/// Start an experiment.
///
/// It ends by itself after `duration`, also when the process was away meanwhile.
#[utoipa::path(post, path = "/api/v1/chaos/inject", tag = "Gateway", request_body = InjectChaos, responses((status = 201, body = Experiment), Refusals))]
pub(crate) async fn inject(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<InjectChaos>,
) -> Answer<(StatusCode, Json<Experiment>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().inject_chaos(&actor, input).await?)))
}

/// Stop one experiment, or all.
#[utoipa::path(post, path = "/api/v1/chaos/stop", tag = "Gateway", request_body = StopChaos, responses((status = 200, body = StoppedChaos), Refusals))]
pub(crate) async fn stop(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<StopChaos>,
) -> Answer<Json<StoppedChaos>> {
    Ok(Json(platform.gateway().stop_chaos(&actor, input).await?))
}

/// Experiments, newest first, with what callers have seen of them.
#[utoipa::path(get, path = "/api/v1/chaos/experiments", tag = "Gateway", params(PageRequest), responses((status = 200, body = Page<Experiment>), Refusals))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(page): Params<PageRequest>,
) -> Answer<Json<Page<Experiment>>> {
    Ok(Json(platform.gateway().experiments(&actor, page).await?))
}

/// One experiment.
#[utoipa::path(get, path = "/api/v1/chaos/experiments/{id}", tag = "Gateway", params(("id" = ExperimentId, Path)), responses((status = 200, body = Experiment), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ExperimentId>,
) -> Answer<Json<Experiment>> {
    Ok(Json(platform.gateway().experiment(&actor, id).await?))
}
