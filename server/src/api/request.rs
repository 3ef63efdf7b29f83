//! The history of calls, and one-shot calls.

use axum::Json;
use axum::extract::State;
use domain::gateway::{AiAnswer, AiCall, LogRequest, RequestDetail, RequestFilter, RequestSummary};
use domain::ids::RequestId;
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Params, Part, Who};

/// Calls, newest first.
#[utoipa::path(get, path = "/api/v1/requests", tag = "Gateway", params(RequestFilter), responses((status = 200, body = Page<RequestSummary>), Refusals))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<RequestFilter>,
) -> Answer<Json<Page<RequestSummary>>> {
    Ok(Json(platform.gateway().requests(&actor, filter).await?))
}

/// Log a call that was made elsewhere.
#[utoipa::path(post, path = "/api/v1/requests", tag = "Gateway", request_body = LogRequest, responses((status = 201, body = RequestSummary), Refusals))]
pub(crate) async fn log(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<LogRequest>,
) -> Answer<(StatusCode, Json<RequestSummary>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().log_elsewhere(&actor, input)?)))
}

/// One call, with its attempts.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "Gateway", params(("id" = RequestId, Path)), responses((status = 200, body = RequestDetail), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RequestId>,
) -> Answer<Json<RequestDetail>> {
    Ok(Json(platform.gateway().request(&actor, id).await?))
}

/// Ask a model one thing.
///
/// `service` is a provider's name or a route.
#[utoipa::path(post, path = "/api/v1/ai", tag = "Gateway", request_body = AiCall, responses((status = 200, body = AiAnswer), Refusals))]
pub(crate) async fn ask(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<AiCall>,
) -> Answer<Json<AiAnswer>> {
    Ok(Json(platform.gateway().ask(&actor, input).await?))
}
