//! Aggregations that need all values of a group at once: `topk`, `bottomk`, `quantile`, `count_values`.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::aggregate::{Group, groups};
use super::column::{ABSENT, Column, is_absent, present};
use super::error::QueryError;
use super::eval::Evaluator;
use super::node::Grouping;
use super::number::format_plain;
use super::quantile::of_unsorted;
use super::time::Steps;
use crate::labels::Labels;

/// The `ks[step]` largest (or smallest) elements of each group with all their labels; NaN ranks last. Of equal ones the earlier wins.
pub(super) fn rank(
    groups: &[Group],
    columns: Vec<Column>,
    ks: &[f64],
    largest: bool,
) -> Result<Vec<Column>, QueryError> {
    let mut kept: Vec<Column> = columns.iter().map(|c| Column::absent(c.labels.clone(), ks.len())).collect();
    let mut ranks = vec![0; columns.len()];
    let mut n_ranked = 0;
    for (step, k) in ks.iter().enumerate() {
        let k = whole(*k)?;
        for group in groups {
            let mut values: Vec<(f64, usize)> =
                group.members.iter().filter_map(|member| Some((columns[*member].at(step)?, *member))).collect();
            values.sort_by(|a, b| in_rank(a.0, b.0, largest));
            for (value, member) in values.into_iter().take(k) {
                kept[member].values[step] = value;
                ranks[member] = n_ranked;
                n_ranked += 1;
            }
        }
    }
    // For an instant this is the order of value inside each group; a range is sorted by labels in the end.
    let mut ranked: Vec<(usize, Column)> =
        ranks.into_iter().zip(kept).filter(|(_, column)| !column.is_empty()).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, column)| column).collect())
}

fn whole(k: f64) -> Result<usize, QueryError> {
    if k.is_nan() || k.abs() > i64::MAX as f64 {
        return Err(QueryError::execution(
            format!("the number of elements to keep is {k}"),
            "give topk or bottomk a whole number",
        ));
    }
    // Negative numbers become 0.
    Ok(k as usize)
}

fn in_rank(a: f64, b: f64, largest: bool) -> Ordering {
    let by_value = if largest { b.partial_cmp(&a) } else { a.partial_cmp(&b) };
    by_value.unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

pub(super) fn quantile(groups: &[Group], columns: &[Column], qs: &[f64]) -> Vec<Column> {
    let mut values = Vec::new();
    let column = |group: &Group| {
        let per_step = qs.iter().enumerate().map(|(step, q)| {
            values.clear();
            values.extend(group.members.iter().filter_map(|member| columns[*member].at(step)));
            if values.is_empty() { ABSENT } else { present(of_unsorted(*q, &mut values)) }
        });
        Column { labels: group.labels.clone(), values: per_step.collect() }
    };
    groups.iter().map(column).collect()
}

/// How many elements of each group have the same value; the value becomes the label `label`.
pub(super) fn count_values(
    evaluator: &mut Evaluator<'_>,
    grouping: &Grouping,
    columns: &[Column],
    label: &str,
    steps: Steps,
) -> Result<Vec<Column>, QueryError> {
    let is_dropped = matches!(grouping, Grouping::Without(names) if names.iter().any(|name| name == label));
    let mut counted = Counted { places: HashMap::new(), columns: Vec::new() };
    for group in groups(grouping, columns) {
        let mut by_value: HashMap<u64, usize> = HashMap::new();
        for member in group.members {
            for (step, value) in columns[member].values.iter().enumerate().filter(|(_, value)| !is_absent(**value)) {
                let place = match by_value.get(&value.to_bits()) {
                    Some(place) => *place,
                    None => {
                        let text = if is_dropped { String::new() } else { format_plain(*value) };
                        let place = counted.place(evaluator, group.labels.with(label, &text), steps)?;
                        by_value.insert(value.to_bits(), place);
                        place
                    }
                };
                let count = &mut counted.columns[place].values[step];
                *count = if is_absent(*count) { 1.0 } else { *count + 1.0 };
            }
        }
    }
    Ok(counted.columns)
}

#[derive(Debug)]
struct Counted {
    places: HashMap<Labels, usize>,
    columns: Vec<Column>,
}

impl Counted {
    fn place(&mut self, evaluator: &mut Evaluator<'_>, labels: Labels, steps: Steps) -> Result<usize, QueryError> {
        if let Some(place) = self.places.get(&labels) {
            return Ok(*place);
        }
        evaluator.spend(1, steps)?;
        evaluator.budget.series(self.columns.len() + 1)?;
        self.places.insert(labels.clone(), self.columns.len());
        self.columns.push(Column::absent(labels, steps.count));
        Ok(self.columns.len() - 1)
    }
}
