//! Queries of targets.

use domain::ids::TargetId;
use domain::target::Target;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::database::is_taken;
use crate::entity::target;
use crate::error::{Doing as _, Error, Result};

fn view(row: target::Model) -> Result<Target> {
    Ok(Target {
        id: row.id,
        service: row.service,
        url: row.url,
        interval_ms: row.interval_ms.unsigned_abs(),
        timeout_ms: row.timeout_ms.unsigned_abs(),
        sample_limit: row.sample_limit.unsigned_abs(),
        labels: serde_json::from_value(row.labels).map_err(|e| Error::internal("reading a target", e))?,
        is_enabled: row.is_enabled,
        is_simulated: row.is_simulated,
        created_at: row.created_at,
        last_scrape: None,
    })
}

fn row(target: &Target) -> Result<target::Model> {
    let bounded = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    Ok(target::Model {
        id: target.id,
        service: target.service.clone(),
        url: target.url.clone(),
        interval_ms: bounded(target.interval_ms),
        timeout_ms: bounded(target.timeout_ms),
        sample_limit: bounded(target.sample_limit),
        labels: serde_json::to_value(&target.labels).map_err(|e| Error::internal("writing a target", e))?,
        is_enabled: target.is_enabled,
        is_simulated: target.is_simulated,
        created_at: target.created_at,
    })
}

fn refuse(source: sea_orm::DbErr) -> Error {
    if is_taken(&source) {
        Error::Conflict { message: "this service has a target with this URL already".to_owned() }
    } else {
        Error::Database { doing: "writing a target", source }
    }
}

pub(super) async fn list(db: &impl ConnectionTrait) -> Result<Vec<Target>> {
    let rows = target::Entity::find()
        .order_by_asc(target::Column::Service)
        .order_by_asc(target::Column::Url)
        .all(db)
        .await
        .doing("listing targets")?;
    rows.into_iter().map(view).collect()
}

pub(super) async fn find(db: &impl ConnectionTrait, id: TargetId) -> Result<Option<Target>> {
    target::Entity::find_by_id(id).one(db).await.doing("looking up a target")?.map(view).transpose()
}

pub(super) async fn insert(db: &impl ConnectionTrait, target: &Target) -> Result<()> {
    row(target)?.into_active_model().insert(db).await.map_err(refuse)?;
    Ok(())
}

pub(super) async fn update(db: &impl ConnectionTrait, target: &Target) -> Result<()> {
    row(target)?.into_active_model().reset_all().update(db).await.map_err(refuse)?;
    Ok(())
}

pub(super) async fn delete(db: &impl ConnectionTrait, id: TargetId) -> Result<()> {
    target::Entity::delete_by_id(id).exec(db).await.doing("deleting a target")?;
    Ok(())
}

/// The demo fleet's port changes with each start: one simulated target a service.
pub(super) async fn replace_simulated(db: &impl ConnectionTrait, target: &Target) -> Result<()> {
    target::Entity::delete_many()
        .filter(target::Column::Service.eq(&target.service))
        .filter(target::Column::IsSimulated.eq(true))
        .exec(db)
        .await
        .doing("replacing a demo target")?;
    insert(db, target).await
}

pub(super) async fn delete_simulated(db: &impl ConnectionTrait) -> Result<u64> {
    let done = target::Entity::delete_many()
        .filter(target::Column::IsSimulated.eq(true))
        .exec(db)
        .await
        .doing("removing demo targets")?;
    Ok(done.rows_affected)
}
