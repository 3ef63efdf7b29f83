//! How Bellwether itself is doing.

use axum::Json;
use axum::extract::State;
use domain::event::StreamStatus;
use domain::page::Page;
use domain::system::{ConfigLine, DatabaseStatus, RetentionReport, SystemStatus, TaskStatus};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::Who;

/// The background tasks.
#[utoipa::path(get, path = "/api/v1/system/tasks", tag = "System", responses((status = 200, body = Page<TaskStatus>), Refusals))]
pub(crate) async fn tasks(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<TaskStatus>>> {
    Ok(Json(Page { items: platform.system().tasks(&actor)?, next_cursor: None }))
}

/// The database.
#[utoipa::path(get, path = "/api/v1/system/database", tag = "System", responses((status = 200, body = DatabaseStatus), Refusals))]
pub(crate) async fn database(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<DatabaseStatus>> {
    Ok(Json(platform.system().database(&actor).await?))
}

/// The configuration in force, secrets masked.
#[utoipa::path(get, path = "/api/v1/system/config", tag = "System", responses((status = 200, body = Page<ConfigLine>), Refusals))]
pub(crate) async fn config(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<Page<ConfigLine>>> {
    Ok(Json(Page { items: platform.system().config(&actor)?, next_cursor: None }))
}

/// Everything of the System page.
#[utoipa::path(get, path = "/api/v1/system/status", tag = "System", responses((status = 200, body = SystemStatus), Refusals))]
pub(crate) async fn status(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<SystemStatus>> {
    Ok(Json(platform.system().status(&actor).await?))
}

/// Roll up and delete now what is past its retention.
///
/// Answers with what was done. It happens by itself every hour.
#[utoipa::path(post, path = "/api/v1/system/retention/run", tag = "System", responses((status = 200, body = RetentionReport), Refusals))]
pub(crate) async fn run_retention(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<RetentionReport>> {
    Ok(Json(platform.system().run_retention(&actor).await?))
}

/// How the event stream is doing.
#[utoipa::path(get, path = "/api/v1/stream/status", tag = "Observe", responses((status = 200, body = StreamStatus), Refusals))]
pub(crate) async fn stream_status(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<StreamStatus>> {
    Ok(Json(platform.stream().status(&actor)?))
}
