//! Reading series over a time span, from memory and from chunks.
//!
//! Always true: memory is read before chunks, so a buffer that is stored in between is seen twice and merged, never
//! missed; what one read may bring is bounded.

use std::collections::HashMap;

use metrics::query::{Selection, Series};
use metrics::{Labels, Matcher, Sample, SeriesId, chunk, sample};

use super::{Engine, rollup, store};
use crate::context::Context;
use crate::error::{Error, Result};

/// Series whose chunks are read at once.
const SERIES: usize = 50;

/// Series that meet all conditions: those in memory, and for times that memory has forgotten those in the database.
async fn select(
    context: &Context,
    engine: &Engine,
    matchers: &[Matcher],
    start_ms: i64,
) -> Result<Vec<(SeriesId, Labels)>> {
    let in_memory = engine.head.select(matchers);
    let mut found: Vec<_> = in_memory.into_iter().filter_map(|id| Some((id, engine.head.labels(id)?))).collect();
    let forgotten_ms = context.clock.now_ms() - i64::from(context.config.metrics.evict_after_hours) * 3_600_000;
    if start_ms < forgotten_ms {
        let stored = store::all_labels(context.db.read()).await?;
        let matches = |labels: &Labels| matchers.iter().all(|m| m.matches(labels.get(m.name()).unwrap_or_default()));
        found.extend(stored.into_iter().filter(|(id, labels)| !engine.head.contains(*id) && matches(labels)));
    }
    Ok(found)
}

/// The series of a selection with their samples in its time span.
pub(super) async fn read(context: &Context, engine: &Engine, selection: &Selection) -> Result<Vec<Series>> {
    let (start_ms, end_ms) = (selection.start_ms, selection.end_ms);
    let selected = select(context, engine, &selection.matchers, start_ms).await?;
    let mut budget = context.config.metrics.max_query_samples;
    let mut all = Vec::with_capacity(selected.len());
    let mut incomplete = Vec::new();
    for (id, labels) in selected {
        let mut samples = Vec::new();
        let held_after =
            engine.head.read(id, start_ms, end_ms, &mut samples).map_err(|e| Error::internal("reading samples", e))?;
        if held_after.is_none_or(|after| after >= start_ms) {
            incomplete.push(id);
        }
        budget = budget.checked_sub(samples.len()).ok_or_else(too_many)?;
        all.push((id, Series { labels, samples }));
    }
    let mut stored = read_chunks(context, &incomplete, selection, &mut budget).await?;
    let series = all.into_iter().map(|(id, mut series)| {
        if let Some(older) = stored.remove(&id) {
            let newer = std::mem::take(&mut series.samples);
            sample::merge(&older, &newer, &mut series.samples);
        }
        series
    });
    Ok(series.filter(|series| !series.samples.is_empty()).collect())
}

/// Rolled-up samples first, then raw ones, which are later.
async fn read_chunks(
    context: &Context,
    ids: &[SeriesId],
    selection: &Selection,
    budget: &mut usize,
) -> Result<HashMap<SeriesId, Vec<Sample>>> {
    let (db, start_ms, end_ms) = (context.db.read(), selection.start_ms, selection.end_ms);
    let mut read: HashMap<SeriesId, Vec<Sample>> = HashMap::new();
    let unreadable = |e| Error::internal("reading a chunk", e);
    // A few series at a time, so that what is not decoded yet is bounded too.
    for ids in ids.chunks(SERIES) {
        let mut rows = store::list_chunks(db, ids, rollup::RESOLUTION_MS, start_ms, end_ms).await?;
        rows.extend(store::list_chunks(db, ids, 0, start_ms, end_ms).await?);
        for row in rows {
            let decoded = if row.resolution_ms == 0 {
                let mut decoded = Vec::with_capacity(row.n as usize);
                chunk::decode(&row.payload, &mut decoded).map_err(unreadable)?;
                decoded
            } else {
                rollup::samples(&row, selection.hint.function).map_err(unreadable)?
            };
            let samples = read.entry(row.series).or_default();
            let newest = samples.last().map_or(i64::MIN, |s| s.ts);
            let before = samples.len();
            samples.extend(decoded.into_iter().filter(|s| s.ts > newest && s.ts >= start_ms && s.ts <= end_ms));
            *budget = budget.checked_sub(samples.len() - before).ok_or_else(too_many)?;
        }
    }
    Ok(read)
}

fn too_many() -> Error {
    Error::field(
        "query",
        "reads more samples than metrics.max_query_samples allows; use a shorter range or fewer series",
    )
}
