//! Functions that look at a vector as a whole: `scalar`, `absent`, `absent_over_time`, `sort`.

use std::cmp::Ordering;

use super::column::{ABSENT, Column};
use super::time::Steps;
use super::window::{RangeSeries, Windows};
use crate::labels::Labels;

/// The value of the only element; NaN when there are none or several.
pub(super) fn to_scalar(columns: &[Column], steps: Steps) -> Vec<f64> {
    let only = |step| {
        let mut values = columns.iter().filter_map(|column| column.at(step));
        match (values.next(), values.next()) {
            (Some(value), None) => value,
            _ => f64::NAN,
        }
    };
    (0..steps.count).map(only).collect()
}

/// 1 at every step at which the vector is empty.
pub(super) fn absent(columns: &[Column], labels: &Labels, steps: Steps) -> Vec<Column> {
    let found = |step| columns.iter().any(|column| column.at(step).is_some());
    let values = (0..steps.count).map(|step| if found(step) { ABSENT } else { 1.0 }).collect();
    vec![Column { labels: labels.clone(), values }]
}

/// 1 at every step at which all windows are empty.
pub(super) fn absent_over_time(ranges: &[RangeSeries<'_>], windows: &Windows, labels: &Labels) -> Vec<Column> {
    let mut values = vec![1.0; windows.steps.count];
    for series in ranges {
        windows.slide(&series.samples, |view| {
            values[view.step] = ABSENT;
            None
        });
    }
    vec![Column { labels: labels.clone(), values }]
}

/// Orders the elements of an instant vector by value, NaN last. Over a range there is no such order: answers are sorted by labels.
pub(super) fn sort(mut columns: Vec<Column>, descending: bool) -> Vec<Column> {
    columns.sort_by(|a, b| match (a.at(0), b.at(0)) {
        (Some(a), Some(b)) if descending => by_value(b, a).then_with(|| a.is_nan().cmp(&b.is_nan())),
        (Some(a), Some(b)) => by_value(a, b).then_with(|| a.is_nan().cmp(&b.is_nan())),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    columns
}

/// NaN equals everything here; callers put it last themselves.
fn by_value(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}
