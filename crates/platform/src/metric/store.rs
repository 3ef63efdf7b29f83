//! Queries of series, batches and chunks.

use metrics::head::SealedChunk;
use metrics::{Labels, SeriesId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set, Statement,
};

use super::totals::Totals;
use crate::entity::{chunk, sample_batch, series};
use crate::error::{Doing as _, Error, Result};

/// Rows of one INSERT or ids of one IN: far below every database's limit on parameters.
const ROWS: usize = 500;

/// How a series id is stored: the same 64 bits, signed.
pub(crate) const fn stored(id: SeriesId) -> i64 {
    id.0.cast_signed()
}

/// The series id of a stored number.
pub(crate) const fn series_id(stored: i64) -> SeriesId {
    SeriesId(stored.cast_unsigned())
}

/// A stored chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChunkRow {
    pub(super) series: SeriesId,
    /// 0 is raw; anything else is rolled up to that step.
    pub(super) resolution_ms: i64,
    pub(super) start_ms: i64,
    /// Of the newest sample.
    pub(super) end_ms: i64,
    pub(super) n: u32,
    pub(super) payload: Vec<u8>,
}

impl From<&SealedChunk> for ChunkRow {
    fn from(sealed: &SealedChunk) -> Self {
        Self {
            series: sealed.series,
            resolution_ms: 0,
            start_ms: sealed.start,
            end_ms: sealed.end,
            n: sealed.n,
            payload: sealed.bytes.to_vec(),
        }
    }
}

fn view(row: chunk::Model) -> ChunkRow {
    ChunkRow {
        series: series_id(row.series_id),
        resolution_ms: row.resolution_ms,
        start_ms: row.start_ms,
        end_ms: row.end_ms,
        n: row.n.unsigned_abs(),
        payload: row.payload,
    }
}

fn model(chunk: &ChunkRow) -> chunk::Model {
    chunk::Model {
        series_id: stored(chunk.series),
        resolution_ms: chunk.resolution_ms,
        start_ms: chunk.start_ms,
        end_ms: chunk.end_ms,
        n: i32::try_from(chunk.n).unwrap_or(i32::MAX),
        payload: chunk.payload.clone(),
    }
}

pub(super) async fn insert_series<'a>(
    db: &impl ConnectionTrait,
    new: impl Iterator<Item = &'a (SeriesId, Labels)>,
    now_ms: i64,
) -> Result<()> {
    let rows: Vec<_> = new
        .map(|(id, labels)| series::ActiveModel {
            id: Set(stored(*id)),
            labels: Set(labels.as_bytes().to_vec()),
            created_ms: Set(now_ms),
        })
        .collect();
    for rows in rows.chunks(ROWS) {
        series::Entity::insert_many(rows.to_vec())
            .on_conflict_do_nothing_on([series::Column::Id])
            .exec_without_returning(db)
            .await
            .doing("storing new series")?;
    }
    Ok(())
}

pub(super) async fn insert_batches(
    db: &impl ConnectionTrait,
    batches: impl Iterator<Item = (i64, &[u8])>,
) -> Result<()> {
    let sql = match db.get_database_backend() {
        sea_orm::DbBackend::Postgres => "INSERT INTO sample_batch (id, payload) VALUES ($1, $2)",
        _ => "INSERT INTO sample_batch (id, payload) VALUES (?, ?)",
    };
    for (seq, payload) in batches {
        let values = [seq.into(), payload.to_vec().into()];
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(statement).await.doing("storing samples")?;
    }
    Ok(())
}

fn labels_of(row: &series::Model) -> Result<Labels> {
    Labels::from_canonical(&row.labels).map_err(|e| Error::internal("reading a series", e))
}

/// Series with the end of their newest chunk, raw or rolled up.
pub(super) async fn load_series(db: &impl ConnectionTrait, ids: &[SeriesId]) -> Result<Vec<(Labels, Option<i64>)>> {
    let mut loaded = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ROWS) {
        let ids: Vec<_> = ids.iter().copied().map(stored).collect();
        let rows = series::Entity::find()
            .filter(series::Column::Id.is_in(ids.iter().copied()))
            .all(db)
            .await
            .doing("loading series")?;
        if rows.is_empty() {
            continue;
        }
        let ends = sealed_ends(db, Some(&ids)).await?;
        for row in rows {
            loaded.push((labels_of(&row)?, ends.get(&row.id).copied()));
        }
    }
    Ok(loaded)
}

/// Every series whose samples are not older than `since_ms`, or that has no chunk yet.
pub(super) async fn load_all_series(db: &impl ConnectionTrait, since_ms: i64) -> Result<Vec<(Labels, Option<i64>)>> {
    let ends = sealed_ends(db, None).await?;
    let rows = series::Entity::find().all(db).await.doing("loading series")?;
    let mut loaded = Vec::with_capacity(rows.len());
    for row in rows {
        let end = ends.get(&row.id).copied();
        if end.is_none_or(|end| end >= since_ms) {
            loaded.push((labels_of(&row)?, end));
        }
    }
    Ok(loaded)
}

/// All series there ever were, for queries of times that memory has forgotten.
pub(super) async fn all_labels(db: &impl ConnectionTrait) -> Result<Vec<(SeriesId, Labels)>> {
    let rows = series::Entity::find().all(db).await.doing("reading series")?;
    rows.into_iter().map(|row| Ok((series_id(row.id), labels_of(&row)?))).collect()
}

async fn sealed_ends(db: &impl ConnectionTrait, ids: Option<&[i64]>) -> Result<std::collections::HashMap<i64, i64>> {
    let mut query = chunk::Entity::find()
        .select_only()
        .column(chunk::Column::SeriesId)
        .column_as(chunk::Column::EndMs.max(), "end_ms")
        .group_by(chunk::Column::SeriesId);
    if let Some(ids) = ids {
        query = query.filter(chunk::Column::SeriesId.is_in(ids.iter().copied()));
    }
    let rows: Vec<(i64, i64)> = query.into_tuple().all(db).await.doing("loading series")?;
    Ok(rows.into_iter().collect())
}

/// Batches after a number, by number.
pub(super) async fn list_batches(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<(i64, Vec<u8>)>> {
    let rows = sample_batch::Entity::find()
        .filter(sample_batch::Column::Id.gt(after))
        .order_by_asc(sample_batch::Column::Id)
        .limit(limit)
        .all(db)
        .await
        .doing("replaying samples")?;
    Ok(rows.into_iter().map(|row| (row.id, row.payload)).collect())
}

pub(super) async fn delete_batches_before(db: &impl ConnectionTrait, seq: i64) -> Result<u64> {
    let done = sample_batch::Entity::delete_many()
        .filter(sample_batch::Column::Id.lt(seq))
        .exec(db)
        .await
        .doing("freeing batches")?;
    Ok(done.rows_affected)
}

pub(super) async fn insert_chunks(db: &impl ConnectionTrait, chunks: &[ChunkRow]) -> Result<()> {
    for chunks in chunks.chunks(ROWS) {
        chunk::Entity::insert_many(chunks.iter().map(|chunk| model(chunk).into_active_model()))
            .on_conflict_do_nothing_on([chunk::Column::SeriesId, chunk::Column::ResolutionMs, chunk::Column::StartMs])
            .exec_without_returning(db)
            .await
            .doing("storing chunks")?;
    }
    Ok(())
}

/// Chunks of a few series that overlap a time span, by series and time.
pub(super) async fn list_chunks(
    db: &impl ConnectionTrait,
    ids: &[SeriesId],
    resolution_ms: i64,
    start_ms: i64,
    end_ms: i64,
) -> Result<Vec<ChunkRow>> {
    let rows = chunk::Entity::find()
        .filter(chunk::Column::SeriesId.is_in(ids.iter().copied().map(stored)))
        .filter(chunk::Column::ResolutionMs.eq(resolution_ms))
        .filter(chunk::Column::EndMs.gte(start_ms))
        .filter(chunk::Column::StartMs.lte(end_ms))
        .order_by_asc(chunk::Column::SeriesId)
        .order_by_asc(chunk::Column::StartMs)
        .all(db)
        .await
        .doing("reading chunks")?;
    Ok(rows.into_iter().map(view).collect())
}

/// Series with a raw chunk that ends before a time.
pub(super) async fn series_with_raw_before(db: &impl ConnectionTrait, before_ms: i64) -> Result<Vec<SeriesId>> {
    let ids: Vec<i64> = chunk::Entity::find()
        .select_only()
        .column(chunk::Column::SeriesId)
        .filter(chunk::Column::ResolutionMs.eq(0))
        .filter(chunk::Column::EndMs.lt(before_ms))
        .distinct()
        .into_tuple()
        .all(db)
        .await
        .doing("looking for chunks to roll up")?;
    Ok(ids.into_iter().map(series_id).collect())
}

/// The first raw chunks of a few series that end before a time, by series and time.
pub(super) async fn list_raw_before(
    db: &impl ConnectionTrait,
    ids: &[SeriesId],
    before_ms: i64,
    limit: u64,
) -> Result<Vec<ChunkRow>> {
    let rows = chunk::Entity::find()
        .filter(chunk::Column::SeriesId.is_in(ids.iter().copied().map(stored)))
        .filter(chunk::Column::ResolutionMs.eq(0))
        .filter(chunk::Column::StartMs.lt(before_ms))
        .filter(chunk::Column::EndMs.lt(before_ms))
        .order_by_asc(chunk::Column::SeriesId)
        .order_by_asc(chunk::Column::StartMs)
        .limit(limit)
        .all(db)
        .await
        .doing("reading chunks to roll up")?;
    Ok(rows.into_iter().map(view).collect())
}

/// The newest chunk of a series.
pub(super) async fn newest_chunk(
    db: &impl ConnectionTrait,
    series: SeriesId,
    resolution_ms: i64,
) -> Result<Option<ChunkRow>> {
    let row = chunk::Entity::find()
        .filter(chunk::Column::SeriesId.eq(stored(series)))
        .filter(chunk::Column::ResolutionMs.eq(resolution_ms))
        .order_by_desc(chunk::Column::StartMs)
        .one(db)
        .await
        .doing("reading a rolled-up chunk")?;
    Ok(row.map(view))
}

/// Deletes the chunks of a series that start in a span, both ends included.
pub(super) async fn delete_chunks_of(
    db: &impl ConnectionTrait,
    series: SeriesId,
    resolution_ms: i64,
    starts_ms: std::ops::RangeInclusive<i64>,
) -> Result<()> {
    chunk::Entity::delete_many()
        .filter(chunk::Column::SeriesId.eq(stored(series)))
        .filter(chunk::Column::ResolutionMs.eq(resolution_ms))
        .filter(chunk::Column::StartMs.between(*starts_ms.start(), *starts_ms.end()))
        .exec(db)
        .await
        .doing("replacing chunks")?;
    Ok(())
}

/// All chunks there are, their bytes and samples.
pub(super) async fn totals(db: &impl ConnectionTrait) -> Result<Totals> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(LENGTH(payload)), 0) AS BIGINT), CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM chunk";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.doing("measuring chunks")?;
    let count = |i: usize| -> Result<u64> {
        let Some(row) = &row else { return Ok(0) };
        let n: i64 = row.try_get_by_index(i).doing("measuring chunks")?;
        Ok(n.unsigned_abs())
    };
    Ok(Totals { chunks: count(0)?, bytes: count(1)?, samples: count(2)? })
}

/// Deletes chunks that end before a time. Answers with the number of rows.
pub(super) async fn delete_chunks(db: &impl ConnectionTrait, resolution_ms: i64, before_ms: i64) -> Result<u64> {
    let done = chunk::Entity::delete_many()
        .filter(chunk::Column::ResolutionMs.eq(resolution_ms))
        .filter(chunk::Column::EndMs.lt(before_ms))
        .exec(db)
        .await
        .doing("expiring chunks")?;
    Ok(done.rows_affected)
}
