//! The catalogue of services and how they are.

use axum::Json;
use axum::extract::State;
use domain::catalogue::{CreateService, Service, ServiceHealth, UpdateService};
use domain::ids::ServiceId;
use domain::overview::{Overview, ServiceDetail, TimeRange};
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Params, Part, Who};

/// All of them.
#[utoipa::path(get, path = "/api/v1/services", tag = "Observe", responses((status = 200, body = Page<Service>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Service>>> {
    Ok(Json(Page { items: platform.catalogue().list(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/services/{id}", tag = "Observe", params(("id" = String, Path)), responses((status = 200, body = Service), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<String>,
) -> Answer<Json<Service>> {
    Ok(Json(platform.catalogue().get(&actor, &id).await?))
}

/// Make one.
#[utoipa::path(post, path = "/api/v1/services", tag = "Observe", request_body = CreateService, responses((status = 201, body = Service), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<CreateService>,
) -> Answer<(StatusCode, Json<Service>)> {
    Ok((StatusCode::CREATED, Json(platform.catalogue().create(&actor, input).await?)))
}

/// Change one.
#[utoipa::path(put, path = "/api/v1/services/{id}", tag = "Observe", params(("id" = ServiceId, Path)), request_body = UpdateService, responses((status = 200, body = Service), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ServiceId>,
    Body(input): Body<UpdateService>,
) -> Answer<Json<Service>> {
    Ok(Json(platform.catalogue().update(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/services/{id}", tag = "Observe", params(("id" = ServiceId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<ServiceId>,
) -> Answer<StatusCode> {
    platform.catalogue().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How every service is, worst first.
#[utoipa::path(get, path = "/api/v1/health", tag = "Observe", responses((status = 200, body = Vec<ServiceHealth>), Refusals))]
pub(crate) async fn health(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Vec<ServiceHealth>>> {
    Ok(Json(platform.catalogue().health(&actor).await?))
}

/// Which stretch of time.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RangeParams {
    /// 15m, 1h, 6h, 24h, 7d or 30d; one hour when absent.
    #[serde(default)]
    pub(super) range: Option<TimeRange>,
}

/// What the Overview shows.
#[utoipa::path(get, path = "/api/v1/overview", tag = "Observe", params(RangeParams), responses((status = 200, body = Overview), Refusals))]
pub(crate) async fn overview(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(params): Params<RangeParams>,
) -> Answer<Json<Overview>> {
    Ok(Json(platform.overview().overview(&actor, params.range.unwrap_or(TimeRange::Hour1)).await?))
}

/// One service with its charts and anomalies.
#[utoipa::path(get, path = "/api/v1/services/{id}/detail", tag = "Observe", params(("id" = String, Path, description = "id or name"), RangeParams), responses((status = 200, body = ServiceDetail), Refusals))]
pub(crate) async fn detail(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<String>,
    Params(params): Params<RangeParams>,
) -> Answer<Json<ServiceDetail>> {
    Ok(Json(platform.overview().service(&actor, &id, params.range.unwrap_or(TimeRange::Hour1)).await?))
}
