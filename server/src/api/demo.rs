//! The demo fleet.

use axum::Json;
use axum::extract::State;
use domain::demo::{ClearFault, DemoService, DemoStatus, InjectFault};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Who};

/// The fleet and its faults.
#[utoipa::path(get, path = "/api/v1/demo", tag = "Demo", responses((status = 200, body = DemoStatus), Refusals))]
pub(crate) async fn status(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<DemoStatus>> {
    Ok(Json(platform.demo().status(&actor).await?))
}

/// Give a demo service a fault.
#[utoipa::path(post, path = "/api/v1/demo/inject", tag = "Demo", request_body = InjectFault, responses((status = 200, body = DemoService), Refusals))]
pub(crate) async fn inject(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<InjectFault>,
) -> Answer<Json<DemoService>> {
    Ok(Json(platform.demo().inject(&actor, input).await?))
}

/// Clear faults of a demo service.
#[utoipa::path(post, path = "/api/v1/demo/clear", tag = "Demo", request_body = ClearFault, responses((status = 200, body = DemoService), Refusals))]
pub(crate) async fn clear(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<ClearFault>,
) -> Answer<Json<DemoService>> {
    Ok(Json(platform.demo().clear(&actor, input).await?))
}
