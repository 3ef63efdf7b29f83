//! Prices of models, and what calls have cost.

use axum::Json;
use axum::extract::State;
use domain::gateway::{CostFilter, CostReport, Price, PriceFilter, PriceList, PriceName, PutPrice};
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Params, Who};

/// What calls have cost, by hour and by service, team, key, route, provider or model, and what they will.
#[utoipa::path(get, path = "/api/v1/costs", tag = "Gateway", params(CostFilter), responses((status = 200, body = CostReport), Refusals))]
pub(crate) async fn costs(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<CostFilter>,
) -> Answer<Json<CostReport>> {
    Ok(Json(platform.gateway().costs(&actor, filter).await?))
}

/// Prices of models: the list that comes along, and what was entered above it.
#[utoipa::path(get, path = "/api/v1/prices", tag = "Gateway", params(PriceFilter), responses((status = 200, body = PriceList), Refusals))]
pub(crate) async fn prices(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<PriceFilter>,
) -> Answer<Json<PriceList>> {
    Ok(Json(platform.gateway().prices(&actor, filter).await?))
}

/// Enter a price, or replace the entered one; effective for the next call.
#[utoipa::path(put, path = "/api/v1/prices", tag = "Gateway", request_body = PutPrice, responses((status = 200, body = Price), Refusals))]
pub(crate) async fn put_price(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutPrice>,
) -> Answer<Json<Price>> {
    Ok(Json(platform.gateway().put_price(&actor, input).await?))
}

/// The same as `PUT`.
#[utoipa::path(post, path = "/api/v1/prices", tag = "Gateway", request_body = PutPrice, responses((status = 201, body = Price), Refusals))]
pub(crate) async fn post_price(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutPrice>,
) -> Answer<(StatusCode, Json<Price>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().put_price(&actor, input).await?)))
}

/// Remove an entered price; the list's holds again.
#[utoipa::path(delete, path = "/api/v1/prices", tag = "Gateway", params(PriceName), responses((status = 204), Refusals))]
pub(crate) async fn delete_price(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(name): Params<PriceName>,
) -> Answer<StatusCode> {
    platform.gateway().delete_price(&actor, name).await?;
    Ok(StatusCode::NO_CONTENT)
}
