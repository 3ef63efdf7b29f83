//! Budgets: how much money calls may cost.

use axum::Json;
use axum::extract::State;
use domain::gateway::{Budget, PutBudget};
use domain::ids::BudgetId;
use domain::page::Page;
use http::StatusCode;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Part, Who};

/// All of them, by name.
#[utoipa::path(get, path = "/api/v1/budgets", tag = "Gateway", responses((status = 200, body = Page<Budget>), Refusals))]
pub(crate) async fn list(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<Budget>>> {
    Ok(Json(Page { items: platform.gateway().budgets(&actor).await?, next_cursor: None }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/budgets/{id}", tag = "Gateway", params(("id" = BudgetId, Path)), responses((status = 200, body = Budget), Refusals))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<BudgetId>,
) -> Answer<Json<Budget>> {
    Ok(Json(platform.gateway().budget(&actor, id).await?))
}

/// Make one; effective for the next call.
#[utoipa::path(post, path = "/api/v1/budgets", tag = "Gateway", request_body = PutBudget, responses((status = 201, body = Budget), Refusals))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PutBudget>,
) -> Answer<(StatusCode, Json<Budget>)> {
    Ok((StatusCode::CREATED, Json(platform.gateway().create_budget(&actor, input).await?)))
}

/// Change one; effective for the next call.
#[utoipa::path(put, path = "/api/v1/budgets/{id}", tag = "Gateway", params(("id" = BudgetId, Path)), request_body = PutBudget, responses((status = 200, body = Budget), Refusals))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<BudgetId>,
    Body(input): Body<PutBudget>,
) -> Answer<Json<Budget>> {
    Ok(Json(platform.gateway().update_budget(&actor, id, input).await?))
}

/// Delete one.
#[utoipa::path(delete, path = "/api/v1/budgets/{id}", tag = "Gateway", params(("id" = BudgetId, Path)), responses((status = 204), Refusals))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Who(actor): Who,
    Part(id): Part<BudgetId>,
) -> Answer<StatusCode> {
    platform.gateway().delete_budget(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
