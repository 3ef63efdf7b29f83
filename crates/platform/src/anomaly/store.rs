//! Queries of anomalies, detector states and thresholds.

use domain::Time;
use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyStatus, FeedbackVerdict};
use domain::ids::AnomalyId;
use metrics::SeriesId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

use crate::entity::{anomaly, detector_state, series_threshold};
use crate::error::{Doing as _, Error, Result};
use crate::metric::{series_id, stored, unit_of};

const ROWS: usize = 200;

fn view(row: anomaly::Model) -> Result<Anomaly> {
    let reading = |e| Error::internal("reading an anomaly", e);
    Ok(Anomaly {
        id: row.id,
        service: row.service,
        unit: unit_of(&row.metric).to_owned(),
        metric: row.metric,
        labels: serde_json::from_value(row.labels).map_err(reading)?,
        severity: row.severity,
        score: row.score,
        current_value: row.current_value,
        predicted_value: row.predicted_value,
        expected_low: row.expected_low,
        expected_high: row.expected_high,
        trend: row.trend,
        detector: row.detector,
        shares: serde_json::from_value(row.shares).map_err(reading)?,
        reason: row.reason,
        recommendation: row.recommendation,
        forecast_exhaustion: row.forecast_exhaustion,
        timestamp: row.started_at,
        resolved_at: row.resolved_at,
        status: row.status,
        is_simulated: row.is_simulated,
        feedback: row.feedback,
        threshold_factor: row.threshold_factor,
    })
}

fn row(series: i64, anomaly: &Anomaly) -> Result<anomaly::Model> {
    let writing = |e| Error::internal("writing an anomaly", e);
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    Ok(anomaly::Model {
        id: anomaly.id,
        series_id: series,
        service: anomaly.service.clone(),
        metric: anomaly.metric.clone(),
        labels: serde_json::to_value(&anomaly.labels).map_err(writing)?,
        severity: anomaly.severity,
        score: anomaly.score.min(f64::MAX),
        current_value: finite(anomaly.current_value),
        predicted_value: finite(anomaly.predicted_value),
        expected_low: finite(anomaly.expected_low),
        expected_high: finite(anomaly.expected_high),
        trend: anomaly.trend,
        detector: anomaly.detector.clone(),
        shares: serde_json::to_value(&anomaly.shares).map_err(writing)?,
        reason: anomaly.reason.clone(),
        recommendation: anomaly.recommendation.clone(),
        forecast_exhaustion: anomaly.forecast_exhaustion,
        started_at: anomaly.timestamp,
        resolved_at: anomaly.resolved_at,
        status: anomaly.status,
        is_simulated: anomaly.is_simulated,
        feedback: anomaly.feedback,
        threshold_factor: anomaly.threshold_factor,
    })
}

pub(super) async fn insert(db: &impl ConnectionTrait, series: SeriesId, anomaly: &Anomaly) -> Result<()> {
    let row = row(stored(series), anomaly)?;
    anomaly::Entity::insert(row.into_active_model()).exec_without_returning(db).await.doing("recording an anomaly")?;
    Ok(())
}

/// Writes everything but what people said.
pub(super) async fn update(db: &impl ConnectionTrait, anomaly: &Anomaly) -> Result<()> {
    let mut change = row(0, anomaly)?.into_active_model().reset_all();
    change.series_id = sea_orm::NotSet;
    change.feedback = sea_orm::NotSet;
    change.threshold_factor = sea_orm::NotSet;
    anomaly::Entity::update_many()
        .set(change)
        .filter(anomaly::Column::Id.eq(anomaly.id))
        .exec(db)
        .await
        .doing("recording an anomaly")?;
    Ok(())
}

pub(super) async fn find(db: &impl ConnectionTrait, id: AnomalyId) -> Result<(Anomaly, SeriesId)> {
    let row = anomaly::Entity::find_by_id(id).one(db).await.doing("looking up an anomaly")?;
    let row = row.ok_or(Error::NotFound { what: "anomaly" })?;
    let series = series_id(row.series_id);
    Ok((view(row)?, series))
}

/// Newest first.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    filter: &AnomalyFilter,
    before: Option<AnomalyId>,
    limit: u64,
) -> Result<Vec<Anomaly>> {
    let mut query = anomaly::Entity::find().order_by_desc(anomaly::Column::Id).limit(limit);
    if let Some(service) = &filter.service {
        query = query.filter(anomaly::Column::Service.eq(service));
    }
    if let Some(severity) = filter.severity {
        query = query.filter(anomaly::Column::Severity.eq(severity));
    }
    if let Some(status) = filter.status {
        query = query.filter(anomaly::Column::Status.eq(status));
    }
    if let Some(before) = before {
        query = query.filter(anomaly::Column::Id.lt(before));
    }
    query.all(db).await.doing("listing anomalies")?.into_iter().map(view).collect()
}

/// Anomalies of a service that overlap a time span.
pub(crate) async fn list_between(
    db: &impl ConnectionTrait,
    service: &str,
    from: Time,
    limit: u64,
) -> Result<Vec<Anomaly>> {
    let still_there = anomaly::Column::ResolvedAt.is_null().or(anomaly::Column::ResolvedAt.gte(from));
    let query = anomaly::Entity::find()
        .filter(anomaly::Column::Service.eq(service))
        .filter(still_there)
        .order_by_desc(anomaly::Column::Id)
        .limit(limit);
    query.all(db).await.doing("listing anomalies")?.into_iter().map(view).collect()
}

/// Everything that is open, with its series.
pub(super) async fn list_open(db: &impl ConnectionTrait) -> Result<Vec<(SeriesId, Anomaly)>> {
    let rows = anomaly::Entity::find()
        .filter(anomaly::Column::Status.eq(AnomalyStatus::Open))
        .all(db)
        .await
        .doing("loading open anomalies")?;
    rows.into_iter().map(|row| Ok((series_id(row.series_id), view(row)?))).collect()
}

pub(super) async fn set_feedback(
    db: &impl ConnectionTrait,
    id: AnomalyId,
    verdict: FeedbackVerdict,
    factor: f64,
) -> Result<()> {
    let change = anomaly::ActiveModel {
        id: Set(id),
        feedback: Set(Some(verdict)),
        threshold_factor: Set(factor),
        ..Default::default()
    };
    change.update(db).await.doing("noting feedback")?;
    Ok(())
}

pub(super) async fn set_threshold(db: &impl ConnectionTrait, series: SeriesId, factor: f64, now: Time) -> Result<()> {
    let row = series_threshold::Model { series_id: stored(series), factor, changed_at: now };
    let replace = OnConflict::column(series_threshold::Column::SeriesId)
        .update_columns([series_threshold::Column::Factor, series_threshold::Column::ChangedAt])
        .to_owned();
    series_threshold::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await
        .doing("moving a threshold")?;
    Ok(())
}

pub(super) async fn list_thresholds(db: &impl ConnectionTrait) -> Result<Vec<(SeriesId, f64)>> {
    let rows = series_threshold::Entity::find().all(db).await.doing("loading thresholds")?;
    Ok(rows.into_iter().map(|row| (series_id(row.series_id), row.factor)).collect())
}

pub(super) async fn save_states(db: &impl ConnectionTrait, states: Vec<(SeriesId, i64, Vec<u8>)>) -> Result<()> {
    for states in states.chunks(ROWS) {
        let rows = states.iter().map(|(series, as_of_ms, state)| {
            detector_state::Model { series_id: stored(*series), as_of_ms: *as_of_ms, state: state.clone() }
                .into_active_model()
        });
        let replace = OnConflict::column(detector_state::Column::SeriesId)
            .update_columns([detector_state::Column::AsOfMs, detector_state::Column::State])
            .to_owned();
        detector_state::Entity::insert_many(rows)
            .on_conflict(replace)
            .exec_without_returning(db)
            .await
            .doing("saving detectors")?;
    }
    Ok(())
}

/// States of detectors after a series number, in order: a page at a time, for there can be many.
pub(super) async fn list_states(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<(i64, Vec<u8>)>> {
    let rows = detector_state::Entity::find()
        .filter(detector_state::Column::SeriesId.gt(after))
        .order_by_asc(detector_state::Column::SeriesId)
        .limit(limit)
        .all(db)
        .await
        .doing("loading detectors")?;
    Ok(rows.into_iter().map(|row| (row.series_id, row.state)).collect())
}

/// Deletes anomalies that were resolved before a time. Answers with the number of rows.
pub(crate) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<u64> {
    let done = anomaly::Entity::delete_many()
        .filter(anomaly::Column::ResolvedAt.lt(before))
        .exec(db)
        .await
        .doing("expiring anomalies")?;
    Ok(done.rows_affected)
}
