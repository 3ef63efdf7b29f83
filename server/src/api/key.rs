//! API keys.

use axum::Json;
use axum::extract::State;
use domain::ids::KeyId;
use domain::key::{ApiKey, CreateKey, CreatedKey, KeyValidity};
use domain::page::Page;
use http::{HeaderMap, StatusCode};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// Check a key.
///
/// Send it as `X-API-Key` or as bearer token.
#[utoipa::path(post, path = "/api/v1/validate", tag = "Access", responses((status = 200, body = KeyValidity), Refusals))]
pub(crate) async fn validate(State(platform): State<Platform>, headers: HeaderMap) -> Answer<Json<KeyValidity>> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = value("authorization").and_then(|text| text.split_once(' ')).map(|(_, token)| token.trim());
    let key = value("x-api-key").or(bearer).ok_or(platform::Error::NotAuthenticated)?;
    Ok(Json(platform.keys().validity(key)?))
}

/// All keys, without their values.
#[utoipa::path(get, path = "/api/v1/keys", tag = "Access", responses((status = 200, body = Page<ApiKey>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<ApiKey>>> {
    Ok(Json(Page { items: platform.keys().list(&actor).await?, next_cursor: None }))
}

/// Make a key.
///
/// The answer holds its value, which cannot be shown again.
#[utoipa::path(post, path = "/api/v1/keys", tag = "Access", request_body = CreateKey, responses((status = 201, body = CreatedKey), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<CreateKey>,
) -> Answer<(StatusCode, Json<CreatedKey>)> {
    Ok((StatusCode::CREATED, Json(platform.keys().create(&actor, input).await?)))
}

/// Give a key a new value.
///
/// The old one ends at once.
#[utoipa::path(post, path = "/api/v1/keys/{id}/rotate", tag = "Access", params(("id" = KeyId, Path)), responses((status = 200, body = CreatedKey), Refusals))]
pub(crate) async fn rotate(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<KeyId>,
) -> Answer<Json<CreatedKey>> {
    Ok(Json(platform.keys().rotate(&actor, id).await?))
}

/// End a key for good.
#[utoipa::path(post, path = "/api/v1/keys/{id}/revoke", tag = "Access", params(("id" = KeyId, Path)), responses((status = 200, body = ApiKey), Refusals))]
pub(crate) async fn revoke(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<KeyId>,
) -> Answer<Json<ApiKey>> {
    Ok(Json(platform.keys().revoke(&actor, id).await?))
}

/// Delete a key.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "Access", params(("id" = KeyId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<KeyId>,
) -> Answer<StatusCode> {
    platform.keys().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
