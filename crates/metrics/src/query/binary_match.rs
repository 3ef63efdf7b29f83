//! Arithmetic and comparison of two vectors: elements that agree on the matching labels meet.
//!
//! One side is "many": the left, or the right with `group_right`. At each step the other side may have one element for
//! each combination of matching labels, and without grouping so may this side.

use std::collections::HashMap;

use super::column::{Column, merge_equal, present, without_name};
use super::error::QueryError;
use super::eval::Evaluator;
use super::node::{Binary, Group, Matching};
use super::time::Steps;
use crate::labels::{Labels, METRIC_NAME};

impl Matching {
    /// The labels by which elements meet.
    pub(super) fn signature(&self, labels: &Labels) -> Labels {
        let is_listed = |name: &str| self.labels.iter().any(|listed| listed == name);
        if self.on { labels.filter(is_listed) } else { labels.filter(|name| name != METRIC_NAME && !is_listed(name)) }
    }
}

/// Elements of both sides with one signature, by their number.
#[derive(Debug, Default)]
struct Meeting {
    many: Vec<usize>,
    one: Vec<usize>,
}

pub(super) fn eval(
    evaluator: &mut Evaluator<'_>,
    call: &Binary,
    left: &[Column],
    right: &[Column],
    steps: Steps,
) -> Result<Vec<Column>, QueryError> {
    let is_swapped = matches!(call.matching.group, Group::Right(_));
    let (many, one) = if is_swapped { (right, left) } else { (left, right) };
    // Where one side is empty nothing meets, and ambiguity on the other does not matter.
    let has_many: Vec<bool> =
        (0..steps.count).map(|step| many.iter().any(|column| column.at(step).is_some())).collect();
    let mut joined = Vec::new();
    for (signature, meeting) in meetings(call, many, one) {
        let partners = partners(&meeting.one, one, &has_many).map_err(|()| ambiguous(call, &signature))?;
        let mut is_taken = vec![false; if call.matching.group == Group::OneToOne { steps.count } else { 0 }];
        for number in meeting.many {
            let element = &many[number];
            let first = joined.len();
            // Partners change seldom, so the column of the last one is tried first.
            let mut of_partner: Vec<(usize, usize)> = Vec::new();
            for (step, partner) in partners.iter().enumerate() {
                let (Some(value), Some(partner)) = (element.at(step), *partner) else { continue };
                let Some(other) = one[partner].at(step) else { continue };
                let (a, b) = if is_swapped { (other, value) } else { (value, other) };
                let (result, holds) = call.operator.apply(a, b);
                if !holds && !call.as_bool {
                    continue;
                }
                if let Some(taken) = is_taken.get_mut(step)
                    && std::mem::replace(taken, true)
                {
                    return Err(many_to_one(&signature));
                }
                let place = match of_partner.iter().rev().find(|(known, _)| *known == partner) {
                    Some((_, place)) => *place,
                    None => {
                        evaluator.spend(1, steps)?;
                        joined.push(Column::absent(labels(call, &element.labels, &one[partner].labels), steps.count));
                        of_partner.push((partner, joined.len() - 1));
                        joined.len() - 1
                    }
                };
                joined[place].values[step] = if call.as_bool { f64::from(u8::from(holds)) } else { present(result) };
            }
            evaluator.budget.series(joined.len() - first)?;
        }
    }
    merge_equal(joined)
}

/// Groups both sides by signature, in the order of the many side.
fn meetings(call: &Binary, many: &[Column], one: &[Column]) -> Vec<(Labels, Meeting)> {
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut meetings: Vec<(Labels, Meeting)> = Vec::new();
    let sides =
        many.iter().enumerate().map(|(i, c)| (true, i, c)).chain(one.iter().enumerate().map(|(i, c)| (false, i, c)));
    for (is_many, number, column) in sides {
        let signature = call.matching.signature(&column.labels);
        let place = *places.entry(signature.clone()).or_insert(meetings.len());
        if place == meetings.len() {
            meetings.push((signature, Meeting::default()));
        }
        let meeting = &mut meetings[place].1;
        if is_many { meeting.many.push(number) } else { meeting.one.push(number) }
    }
    meetings
}

/// The one element that is present at each step; an error when two are while the other side has any element at all.
fn partners(candidates: &[usize], one: &[Column], has_many: &[bool]) -> Result<Vec<Option<usize>>, ()> {
    let mut partners = vec![None; has_many.len()];
    for number in candidates {
        for (step, partner) in partners.iter_mut().enumerate() {
            if one[*number].at(step).is_some() && partner.replace(*number).is_some() && has_many[step] {
                return Err(());
            }
        }
    }
    Ok(partners)
}

fn labels(call: &Binary, many: &Labels, one: &Labels) -> Labels {
    let mut labels = if call.operator.drops_name(call.as_bool) { without_name(many) } else { many.clone() };
    let matching = &call.matching;
    let included = match &matching.group {
        Group::OneToOne => {
            labels = labels.filter(|name| matching.labels.iter().any(|listed| listed == name) == matching.on);
            return labels;
        }
        Group::Left(included) | Group::Right(included) => included,
    };
    for name in included {
        labels = labels.with(name, one.get(name).unwrap_or_default());
    }
    // A truth value never has a name, not even one that was asked for.
    if call.as_bool { without_name(&labels) } else { labels }
}

fn ambiguous(call: &Binary, signature: &Labels) -> QueryError {
    let side = if matches!(call.matching.group, Group::Right(_)) { "left" } else { "right" };
    let message = format!("several series on the {side} side of the operator match {signature}");
    QueryError::execution(message, "match on more labels, or aggregate that side so that it is unique")
}

fn many_to_one(signature: &Labels) -> QueryError {
    let message = format!("several series on the left side match {signature}");
    QueryError::execution(message, "match on more labels, or say group_left if many may match one")
}
