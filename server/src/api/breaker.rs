//! Breakers.

use axum::Json;
use axum::extract::State;
use domain::gateway::{Breaker, BreakerList, OpenBreaker};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All breakers.
#[utoipa::path(get, path = "/api/v1/breakers", tag = "Gateway", responses((status = 200, body = BreakerList), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<BreakerList>> {
    Ok(Json(BreakerList { items: platform.gateway().breakers(&actor)? }))
}

/// Close all breakers.
#[utoipa::path(post, path = "/api/v1/breakers/reset", tag = "Gateway", responses((status = 200, body = BreakerList), Refusals))]
pub(crate) async fn reset_all(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<BreakerList>> {
    Ok(Json(BreakerList { items: platform.gateway().reset_breakers(&actor).await? }))
}

/// Close one breaker and forget what it counted.
///
/// Its id is `provider/model`, percent-encoded into one part of the path.
#[utoipa::path(post, path = "/api/v1/breakers/{id}/reset", tag = "Gateway", params(("id" = String, Path)), responses((status = 200, body = Breaker), Refusals))]
pub(crate) async fn reset(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<String>,
) -> Answer<Json<Breaker>> {
    Ok(Json(platform.gateway().reset_breaker(&actor, &id).await?))
}

/// Open one breaker until it is reset.
#[utoipa::path(post, path = "/api/v1/breakers/{id}/open", tag = "Gateway", params(("id" = String, Path)), request_body = OpenBreaker, responses((status = 200, body = Breaker), Refusals))]
pub(crate) async fn open(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<String>,
    Body(input): Body<OpenBreaker>,
) -> Answer<Json<Breaker>> {
    Ok(Json(platform.gateway().open_breaker(&actor, &id, input).await?))
}
