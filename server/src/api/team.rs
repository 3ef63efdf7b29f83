//! Teams.

use axum::Json;
use axum::extract::State;
use domain::ids::TeamId;
use domain::page::Page;
use domain::user::{NameTeam, Team};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All of them.
#[utoipa::path(get, path = "/api/v1/teams", tag = "Access", responses((status = 200, body = Page<Team>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Team>>> {
    Ok(Json(Page { items: platform.teams().list(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/teams/{id}", tag = "Access", params(("id" = TeamId, Path)), responses((status = 200, body = Team), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TeamId>,
) -> Answer<Json<Team>> {
    Ok(Json(platform.teams().get(&actor, id).await?))
}

/// Make one.
#[utoipa::path(post, path = "/api/v1/teams", tag = "Access", request_body = NameTeam, responses((status = 201, body = Team), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<NameTeam>,
) -> Answer<(StatusCode, Json<Team>)> {
    Ok((StatusCode::CREATED, Json(platform.teams().create(&actor, input).await?)))
}

/// Change one.
#[utoipa::path(put, path = "/api/v1/teams/{id}", tag = "Access", params(("id" = TeamId, Path)), request_body = NameTeam, responses((status = 200, body = Team), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TeamId>,
    Body(input): Body<NameTeam>,
) -> Answer<Json<Team>> {
    Ok(Json(platform.teams().update(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/teams/{id}", tag = "Access", params(("id" = TeamId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<TeamId>,
) -> Answer<StatusCode> {
    platform.teams().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
