//! People.

use axum::Json;
use axum::extract::State;
use domain::ids::UserId;
use domain::page::Page;
use domain::user::{CreateUser, MadeUser, ResetLink, UpdateUser, User};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All of them.
#[utoipa::path(get, path = "/api/v1/users", tag = "Access", responses((status = 200, body = Page<User>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<User>>> {
    Ok(Json(Page { items: platform.users().list(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "Access", params(("id" = UserId, Path)), responses((status = 200, body = User), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<UserId>,
) -> Answer<Json<User>> {
    Ok(Json(platform.users().get(&actor, id).await?))
}

/// Make one.
#[utoipa::path(post, path = "/api/v1/users", tag = "Access", request_body = CreateUser, responses((status = 201, body = MadeUser), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<CreateUser>,
) -> Answer<(StatusCode, Json<MadeUser>)> {
    let (user, reset_link) = platform.users().create(&actor, input).await?;
    Ok((StatusCode::CREATED, Json(MadeUser { user, reset_link })))
}

/// Change one.
#[utoipa::path(put, path = "/api/v1/users/{id}", tag = "Access", params(("id" = UserId, Path)), request_body = UpdateUser, responses((status = 200, body = User), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<UserId>,
    Body(input): Body<UpdateUser>,
) -> Answer<Json<User>> {
    Ok(Json(platform.users().update(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "Access", params(("id" = UserId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<UserId>,
) -> Answer<StatusCode> {
    platform.users().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a one-time link with which the person sets a new password.
#[utoipa::path(post, path = "/api/v1/users/{id}/reset-link", tag = "Access", params(("id" = UserId, Path)), responses((status = 201, body = ResetLink), Refusals))]
pub(crate) async fn reset_link(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<UserId>,
) -> Answer<(StatusCode, Json<ResetLink>)> {
    Ok((StatusCode::CREATED, Json(platform.users().reset_link(&actor, id).await?)))
}
