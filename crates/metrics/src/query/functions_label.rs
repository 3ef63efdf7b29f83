//! `label_replace` and `label_join`: they change labels and leave values alone.

use super::column::{Column, merge_equal};
use super::error::QueryError;
use super::eval::Evaluator;
use super::node::Relabel;
use super::time::Steps;
use crate::labels::Labels;

pub(super) fn eval(evaluator: &mut Evaluator<'_>, call: &Relabel, steps: Steps) -> Result<Vec<Column>, QueryError> {
    let (Relabel::Replace { vector, .. } | Relabel::Join { vector, .. }) = call;
    let mut columns = evaluator.vector(vector, steps)?;
    for column in &mut columns {
        column.labels = relabelled(call, &column.labels);
    }
    merge_equal(columns)
}

fn relabelled(call: &Relabel, labels: &Labels) -> Labels {
    match call {
        Relabel::Replace { target, replacement, source, regex, .. } => {
            let Some(captures) = regex.captures(labels.get(source).unwrap_or_default()) else { return labels.clone() };
            let mut value = String::new();
            captures.expand(replacement, &mut value);
            labels.with(target, &value)
        }
        Relabel::Join { target, separator, sources, .. } => {
            let values: Vec<&str> = sources.iter().map(|source| labels.get(source).unwrap_or_default()).collect();
            labels.with(target, &values.join(separator))
        }
    }
}
