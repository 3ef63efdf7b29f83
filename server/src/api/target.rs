//! Scrape targets.

use axum::Json;
use axum::extract::State;
use domain::ids::TargetId;
use domain::page::Page;
use domain::target::{CreateTarget, Target};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All of them.
#[utoipa::path(get, path = "/api/v1/targets", tag = "Observe", responses((status = 200, body = Page<Target>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Target>>> {
    Ok(Json(Page { items: platform.targets().list(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/targets/{id}", tag = "Observe", params(("id" = TargetId, Path)), responses((status = 200, body = Target), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TargetId>,
) -> Answer<Json<Target>> {
    Ok(Json(platform.targets().get(&actor, id).await?))
}

/// Make one.
#[utoipa::path(post, path = "/api/v1/targets", tag = "Observe", request_body = CreateTarget, responses((status = 201, body = Target), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<CreateTarget>,
) -> Answer<(StatusCode, Json<Target>)> {
    Ok((StatusCode::CREATED, Json(platform.targets().create(&actor, input).await?)))
}

/// Change one.
#[utoipa::path(put, path = "/api/v1/targets/{id}", tag = "Observe", params(("id" = TargetId, Path)), request_body = CreateTarget, responses((status = 200, body = Target), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TargetId>,
    Body(input): Body<CreateTarget>,
) -> Answer<Json<Target>> {
    Ok(Json(platform.targets().update(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/targets/{id}", tag = "Observe", params(("id" = TargetId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TargetId>,
) -> Answer<StatusCode> {
    platform.targets().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
