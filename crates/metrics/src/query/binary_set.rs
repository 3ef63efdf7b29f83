//! `and`, `or`, `unless`: which elements stay, decided by the matching labels of the other side at the same step.

use std::collections::HashMap;

use super::column::{ABSENT, Column, merge_equal};
use super::error::QueryError;
use super::node::{Binary, Operator};
use super::time::Steps;
use crate::labels::Labels;

/// For each signature, at which steps some element has it.
type Presence = HashMap<Labels, Vec<bool>>;

pub(super) fn eval(
    call: &Binary,
    mut left: Vec<Column>,
    mut right: Vec<Column>,
    steps: Steps,
) -> Result<Vec<Column>, QueryError> {
    match call.operator {
        Operator::Or => {
            let covered = presence(call, &left, steps);
            keep(call, &mut right, &covered, false);
            left.append(&mut right);
            merge_equal(left)
        }
        operator => {
            let found = presence(call, &right, steps);
            keep(call, &mut left, &found, operator == Operator::And);
            Ok(left)
        }
    }
}

fn presence(call: &Binary, columns: &[Column], steps: Steps) -> Presence {
    let mut presence = Presence::new();
    for column in columns {
        let found = presence.entry(call.matching.signature(&column.labels)).or_insert_with(|| vec![false; steps.count]);
        for (step, found) in found.iter_mut().enumerate() {
            *found |= column.at(step).is_some();
        }
    }
    presence
}

/// Keeps the values at steps where the signature is in `presence` (or, for `wanted` false, where it is not).
fn keep(call: &Binary, columns: &mut Vec<Column>, presence: &Presence, wanted: bool) {
    for column in columns.iter_mut() {
        let found = presence.get(&call.matching.signature(&column.labels));
        for (step, value) in column.values.iter_mut().enumerate() {
            if found.is_some_and(|found| found[step]) != wanted {
                *value = ABSENT;
            }
        }
    }
    columns.retain(|column| !column.is_empty());
}
