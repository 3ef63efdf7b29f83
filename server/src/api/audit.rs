//! The audit trail.

use axum::Json;
use axum::extract::State;
use domain::audit::AuditEntry;
use domain::page::{Page, PageRequest};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Params, Who};

/// Who did what, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "Access", params(PageRequest), responses((status = 200, body = Page<AuditEntry>), Refusals))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(page): Params<PageRequest>,
) -> Answer<Json<Page<AuditEntry>>> {
    Ok(Json(platform.audit().list(&actor, page).await?))
}
