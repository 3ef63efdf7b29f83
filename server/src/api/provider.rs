//! Providers: whom the gateway sends calls to.

use axum::Json;
use axum::extract::State;
use domain::gateway::{Provider, PutProvider};
use domain::ids::ProviderId;
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All providers.
#[utoipa::path(get, path = "/api/v1/providers", tag = "Gateway", responses((status = 200, body = Page<Provider>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Provider>>> {
    Ok(Json(Page { items: platform.gateway().providers(&actor).await?, next_cursor: None }))
}

/// One provider.
#[utoipa::path(get, path = "/api/v1/providers/{id}", tag = "Gateway", params(("id" = ProviderId, Path)), responses((status = 200, body = Provider), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ProviderId>,
) -> Answer<Json<Provider>> {
    Ok(Json(platform.gateway().provider(&actor, id).await?))
}

/// Make a provider; effective for the next call.
#[utoipa::path(post, path = "/api/v1/providers", tag = "Gateway", request_body = PutProvider, responses((status = 201, body = Provider), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutProvider>,
) -> Answer<(StatusCode, Json<Provider>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().create_provider(&actor, input).await?)))
}

/// Change a provider; effective for the next call.
#[utoipa::path(put, path = "/api/v1/providers/{id}", tag = "Gateway", params(("id" = ProviderId, Path)), request_body = PutProvider, responses((status = 200, body = Provider), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ProviderId>,
    Body(input): Body<PutProvider>,
) -> Answer<Json<Provider>> {
    Ok(Json(platform.gateway().update_provider(&actor, id, input).await?))
}

/// Delete a provider.
#[utoipa::path(delete, path = "/api/v1/providers/{id}", tag = "Gateway", params(("id" = ProviderId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ProviderId>,
) -> Answer<StatusCode> {
    platform.gateway().delete_provider(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
