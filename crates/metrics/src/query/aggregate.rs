//! Aggregations: columns that agree on the grouping labels become one.

use std::collections::HashMap;

use super::aggregate_rank::{count_values, quantile, rank};
use super::column::{ABSENT, Column, is_absent, present};
use super::error::QueryError;
use super::eval::Evaluator;
use super::node::{Aggregate, Grouping, Reduction};
use super::time::Steps;
use super::window_fold::{Fold, Max, Mean, Min};
use crate::labels::{Labels, METRIC_NAME};

/// The columns of one group, by their number.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) labels: Labels,
    pub(super) members: Vec<usize>,
}

impl Grouping {
    pub(super) fn labels_of(&self, labels: &Labels) -> Labels {
        match self {
            Self::By(names) => labels.filter(|name| names.iter().any(|listed| listed == name)),
            Self::Without(names) => {
                labels.filter(|name| name != METRIC_NAME && !names.iter().any(|listed| listed == name))
            }
        }
    }
}

pub(super) fn groups(grouping: &Grouping, columns: &[Column]) -> Vec<Group> {
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (member, column) in columns.iter().enumerate() {
        let labels = grouping.labels_of(&column.labels);
        let place = *places.entry(labels.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group { labels, members: Vec::new() });
        }
        groups[place].members.push(member);
    }
    groups
}

pub(super) fn eval(evaluator: &mut Evaluator<'_>, call: &Aggregate, steps: Steps) -> Result<Vec<Column>, QueryError> {
    let columns = evaluator.vector(&call.vector, steps)?;
    evaluator.spend(columns.len(), steps)?;
    match &call.reduction {
        Reduction::TopK(k) => {
            let ks = evaluator.scalar(k, steps)?;
            rank(&groups(&call.grouping, &columns), columns, &ks, true)
        }
        Reduction::BottomK(k) => {
            let ks = evaluator.scalar(k, steps)?;
            rank(&groups(&call.grouping, &columns), columns, &ks, false)
        }
        Reduction::Quantile(q) => {
            let qs = evaluator.scalar(q, steps)?;
            Ok(quantile(&groups(&call.grouping, &columns), &columns, &qs))
        }
        Reduction::CountValues(label) => count_values(evaluator, &call.grouping, &columns, label, steps),
        reduction => {
            let groups = groups(&call.grouping, &columns);
            Ok(groups.into_iter().map(|group| reduce(reduction, group, &columns, steps)).collect())
        }
    }
}

fn reduce(reduction: &Reduction, group: Group, columns: &[Column], steps: Steps) -> Column {
    let Group { labels, members } = group;
    let columns: Vec<&Column> = members.iter().map(|member| &columns[*member]).collect();
    let values = match reduction {
        Reduction::Sum => fold(&columns, steps, |sum, value| sum + value),
        Reduction::Min => fold(&columns, steps, |least, value| Min(least).join(Min(value)).0),
        Reduction::Max => fold(&columns, steps, |most, value| Max(most).join(Max(value)).0),
        Reduction::Group => {
            fold(&columns, steps, |_, _| 1.0).into_iter().map(|v| if is_absent(v) { v } else { 1.0 }).collect()
        }
        Reduction::Avg => {
            let means = states(&columns, steps, Mean::add);
            means.into_iter().map(|mean| if mean.n == 0.0 { ABSENT } else { present(mean.value) }).collect()
        }
        Reduction::Stddev => spread(&columns, steps, |variance| variance.sqrt()),
        Reduction::Stdvar => spread(&columns, steps, |variance| variance),
        // Count, and what has been dealt with before.
        _ => {
            let counts = states(&columns, steps, |count: &mut f64, _| *count += 1.0);
            counts.into_iter().map(|count| if count == 0.0 { ABSENT } else { count }).collect()
        }
    };
    Column { labels, values }
}

/// Folds the present values of each step, beginning with the first.
fn fold(columns: &[&Column], steps: Steps, join: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut folded = vec![ABSENT; steps.count];
    for column in columns {
        for (into, value) in folded.iter_mut().zip(&column.values) {
            if !is_absent(*value) {
                *into = if is_absent(*into) { *value } else { present(join(*into, *value)) };
            }
        }
    }
    folded
}

/// Feeds the present values of each step to a state.
fn states<S: Default + Clone>(columns: &[&Column], steps: Steps, add: impl Fn(&mut S, f64)) -> Vec<S> {
    let mut states = vec![S::default(); steps.count];
    for column in columns {
        for (state, value) in states.iter_mut().zip(&column.values) {
            if !is_absent(*value) {
                add(state, *value);
            }
        }
    }
    states
}

/// Count, mean and sum of squared deviations by Welford's recurrence. The spread of one value is 0, whatever the value.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.n += 1.0;
        if self.n == 1.0 {
            self.mean = value;
            return;
        }
        let delta = value - self.mean;
        self.mean += delta / self.n;
        self.squares += delta * (value - self.mean);
    }
}

fn spread(columns: &[&Column], steps: Steps, finish: impl Fn(f64) -> f64) -> Vec<f64> {
    let spreads = states(columns, steps, Spread::add);
    spreads.into_iter().map(|s| if s.n == 0.0 { ABSENT } else { present(finish(s.squares / s.n)) }).collect()
}
