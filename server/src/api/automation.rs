//! Automation: a question that is asked again and again.

use axum::Json;
use axum::extract::State;
use domain::gateway::{Automation, AutomationList, StartAutomation, StopAutomation, StoppedAutomation};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Who};

/// Those that run and ran, with their last results.
#[utoipa::path(get, path = "/api/v1/automation", tag = "Gateway", responses((status = 200, body = AutomationList), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<AutomationList>> {
    Ok(Json(platform.gateway().automations(&actor)?))
}

/// Ask a model the same thing every so many seconds, a bounded number of times.
#[utoipa::path(post, path = "/api/v1/automation", tag = "Gateway", request_body = StartAutomation, responses((status = 201, body = Automation), Refusals))]
pub(crate) async fn start(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<StartAutomation>,
) -> Answer<(StatusCode, Json<Automation>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().start_automation(&actor, input).await?)))
}

/// Stop one, or all.
#[utoipa::path(post, path = "/api/v1/automation/stop", tag = "Gateway", request_body = StopAutomation, responses((status = 200, body = StoppedAutomation), Refusals))]
pub(crate) async fn stop(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<StopAutomation>,
) -> Answer<Json<StoppedAutomation>> {
    Ok(Json(platform.gateway().stop_automation(&actor, input).await?))
}
