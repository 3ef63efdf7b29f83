//! The values of one label set at all steps. A step at which the series has no value holds [`ABSENT`], the staleness marker's
//! bits: no computed value has them, because every result passes [`present`] or comes out of arithmetic, which makes NaNs quiet.

use std::collections::{HashMap, HashSet};

use super::error::QueryError;
use crate::labels::{Labels, METRIC_NAME};
use crate::sample::{STALE_NAN, is_stale};

/// "No value at this step."
pub(super) const ABSENT: f64 = STALE_NAN;

pub(super) fn is_absent(value: f64) -> bool {
    is_stale(value)
}

/// A value that counts as present whatever its bits are.
pub(super) fn present(value: f64) -> f64 {
    if is_absent(value) { f64::NAN } else { value }
}

/// The labels of a quantity that is no longer the metric itself.
pub(super) fn without_name(labels: &Labels) -> Labels {
    labels.without(&[METRIC_NAME])
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) labels: Labels,
    /// One per step.
    pub(super) values: Vec<f64>,
}

impl Column {
    pub(super) fn absent(labels: Labels, steps: usize) -> Self {
        Self { labels, values: vec![ABSENT; steps] }
    }

    /// The value at a step, if there is one.
    pub(super) fn at(&self, step: usize) -> Option<f64> {
        self.values.get(step).copied().filter(|value| !is_absent(*value))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.iter().all(|value| is_absent(*value))
    }
}

/// Changes every present value.
pub(super) fn map_values(columns: &mut [Column], mut change: impl FnMut(usize, f64) -> Option<f64>) {
    for column in columns {
        for (step, value) in column.values.iter_mut().enumerate() {
            if !is_absent(*value) {
                *value = change(step, *value).map_or(ABSENT, present);
            }
        }
    }
}

/// Joins columns that have become the same series. Two values at one step are an error, because a vector is a set.
pub(super) fn merge_equal(columns: Vec<Column>) -> Result<Vec<Column>, QueryError> {
    let mut places: HashMap<Labels, usize> = HashMap::with_capacity(columns.len());
    let mut merged: Vec<Column> = Vec::with_capacity(columns.len());
    for column in columns {
        let Some(&place) = places.get(&column.labels) else {
            places.insert(column.labels.clone(), merged.len());
            merged.push(column);
            continue;
        };
        for (into, value) in merged[place].values.iter_mut().zip(column.values) {
            if is_absent(value) {
                continue;
            }
            if !is_absent(*into) {
                return Err(duplicate(&column.labels));
            }
            *into = value;
        }
    }
    Ok(merged)
}

/// Drops columns without values and refuses equal label sets among the rest, even where they do not overlap.
pub(super) fn refuse_equal(mut columns: Vec<Column>) -> Result<Vec<Column>, QueryError> {
    columns.retain(|column| !column.is_empty());
    let mut seen = HashSet::with_capacity(columns.len());
    match columns.iter().find(|column| !seen.insert(&column.labels)) {
        Some(column) => Err(duplicate(&column.labels)),
        None => Ok(columns),
    }
}

fn duplicate(labels: &Labels) -> QueryError {
    let message = format!("vector cannot contain metrics with the same labelset: {labels}");
    QueryError::execution(
        message,
        "several metrics differ only in a label that the query drops, often the name; select one or aggregate",
    )
}
