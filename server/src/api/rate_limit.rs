//! Rate limits: how many requests and tokens callers may use.

use axum::Json;
use axum::extract::State;
use domain::gateway::{GatewayRateLimit, PutRateLimit};
use domain::ids::RateLimitId;
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All of them, by name.
#[utoipa::path(get, path = "/api/v1/rate-limits", tag = "Gateway", responses((status = 200, body = Page<GatewayRateLimit>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<GatewayRateLimit>>> {
    Ok(Json(Page { items: platform.gateway().rate_limits(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/rate-limits/{id}", tag = "Gateway", params(("id" = RateLimitId, Path)), responses((status = 200, body = GatewayRateLimit), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RateLimitId>,
) -> Answer<Json<GatewayRateLimit>> {
    Ok(Json(platform.gateway().rate_limit(&actor, id).await?))
}

/// Make one; effective for the next call.
#[utoipa::path(post, path = "/api/v1/rate-limits", tag = "Gateway", request_body = PutRateLimit, responses((status = 201, body = GatewayRateLimit), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutRateLimit>,
) -> Answer<(StatusCode, Json<GatewayRateLimit>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().create_rate_limit(&actor, input).await?)))
}

/// Change one; effective for the next call.
#[utoipa::path(put, path = "/api/v1/rate-limits/{id}", tag = "Gateway", params(("id" = RateLimitId, Path)), request_body = PutRateLimit, responses((status = 200, body = GatewayRateLimit), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RateLimitId>,
    Body(input): Body<PutRateLimit>,
) -> Answer<Json<GatewayRateLimit>> {
    Ok(Json(platform.gateway().update_rate_limit(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/rate-limits/{id}", tag = "Gateway", params(("id" = RateLimitId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<RateLimitId>,
) -> Answer<StatusCode> {
    platform.gateway().delete_rate_limit(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
