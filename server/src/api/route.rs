//! Routes: what answers to a name that callers send as the model.

use axum::Json;
use axum::extract::State;
use domain::gateway::{PutRoute, Route};
use domain::ids::RouteId;
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All routes.
#[utoipa::path(get, path = "/api/v1/routes", tag = "Gateway", responses((status = 200, body = Page<Route>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Route>>> {
    Ok(Json(Page { items: platform.gateway().routes(&actor).await?, next_cursor: None }))
}

/// One route.
#[utoipa::path(get, path = "/api/v1/routes/{id}", tag = "Gateway", params(("id" = RouteId, Path)), responses((status = 200, body = Route), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RouteId>,
) -> Answer<Json<Route>> {
    Ok(Json(platform.gateway().route(&actor, id).await?))
}

/// Make a route; effective for the next call.
#[utoipa::path(post, path = "/api/v1/routes", tag = "Gateway", request_body = PutRoute, responses((status = 201, body = Route), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutRoute>,
) -> Answer<(StatusCode, Json<Route>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().create_route(&actor, input).await?)))
}

/// Change a route; effective for the next call.
#[utoipa::path(put, path = "/api/v1/routes/{id}", tag = "Gateway", params(("id" = RouteId, Path)), request_body = PutRoute, responses((status = 200, body = Route), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RouteId>,
    Body(input): Body<PutRoute>,
) -> Answer<Json<Route>> {
    Ok(Json(platform.gateway().update_route(&actor, id, input).await?))
}

/// Delete a route.
#[utoipa::path(delete, path = "/api/v1/routes/{id}", tag = "Gateway", params(("id" = RouteId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RouteId>,
) -> Answer<StatusCode> {
    platform.gateway().delete_route(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
