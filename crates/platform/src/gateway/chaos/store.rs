//! Queries of experiments.

use domain::Time;
use domain::gateway::{Experiment, ExperimentEnd, ExperimentReport};
use domain::ids::ExperimentId;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use serde_json::Value;

use crate::entity::experiment::{Column, Entity, Model};
use crate::error::{Doing as _, Error, Result};

fn json(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::internal("writing an experiment", e))
}

fn view(row: Model) -> Result<Experiment> {
    let unreadable = |e| Error::internal("reading an experiment", e);
    Ok(Experiment {
        id: row.id,
        kind: row.kind,
        intensity: row.intensity,
        scope: serde_json::from_value(row.scope).map_err(unreadable)?,
        abort_above: row.abort_above,
        started_by: row.started_by,
        started_at: row.started_at,
        ends_at: row.ends_at,
        ended_at: row.ended_at,
        end: row.ending,
        report: serde_json::from_value(row.report).map_err(unreadable)?,
    })
}

pub(super) async fn insert(db: &impl ConnectionTrait, experiment: &Experiment) -> Result<()> {
    let row = Model {
        id: experiment.id,
        kind: experiment.kind,
        intensity: experiment.intensity,
        scope: json(&experiment.scope)?,
        abort_above: experiment.abort_above,
        started_by: experiment.started_by.clone(),
        started_at: experiment.started_at,
        ends_at: experiment.ends_at,
        ended_at: experiment.ended_at,
        ending: experiment.end,
        report: json(&experiment.report)?,
    };
    row.into_active_model().insert(db).await.doing("writing an experiment")?;
    Ok(())
}

/// What has been counted, and how it ended if it has.
pub(super) async fn update(
    db: &impl ConnectionTrait,
    id: ExperimentId,
    report: ExperimentReport,
    ended_at: Option<Time>,
    end: Option<ExperimentEnd>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Report, Expr::value(json(&report)?))
        .col_expr(Column::EndedAt, Expr::value(ended_at))
        .col_expr(Column::Ending, Expr::value(end))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .doing("keeping an experiment")?;
    Ok(())
}

pub(super) async fn find(db: &impl ConnectionTrait, id: ExperimentId) -> Result<Option<Experiment>> {
    Entity::find_by_id(id).one(db).await.doing("looking up an experiment")?.map(view).transpose()
}

/// Those that have not ended.
pub(super) async fn running(db: &impl ConnectionTrait) -> Result<Vec<Experiment>> {
    let rows = Entity::find().filter(Column::Ending.is_null()).all(db).await.doing("reading experiments")?;
    rows.into_iter().map(view).collect()
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    before: Option<ExperimentId>,
    limit: u64,
) -> Result<Vec<Experiment>> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    query.all(db).await.doing("listing experiments")?.into_iter().map(view).collect()
}

/// Deletes experiments that ended before a time.
pub(in crate::gateway) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::EndedAt.lt(before));
    Ok(old.exec(db).await.doing("expiring experiments")?.rows_affected)
}
