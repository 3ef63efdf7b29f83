//! Operators: on numbers, on a vector and a number; two vectors are dealt with in [`super::binary_match`] and [`super::binary_set`].

use super::column::{Column, map_values, merge_equal};
use super::error::QueryError;
use super::eval::{Evaluator, nameless};
use super::node::{Binary, Operator};
use super::time::Steps;
use super::{binary_match, binary_set};

/// One side of an operator.
#[derive(Debug)]
pub(super) enum Operand {
    /// One value per step.
    Scalar(Vec<f64>),
    Vector(Vec<Column>),
}

impl Operator {
    /// The value, and whether a comparison holds. A comparison's value is its left side.
    pub(super) fn apply(self, left: f64, right: f64) -> (f64, bool) {
        match self {
            Self::Add => (left + right, true),
            Self::Sub => (left - right, true),
            Self::Mul => (left * right, true),
            Self::Div => (left / right, true),
            Self::Mod => (left % right, true),
            Self::Pow => (left.powf(right), true),
            Self::Atan2 => (left.atan2(right), true),
            Self::Equal => (left, left == right),
            Self::NotEqual => (left, left != right),
            Self::Less => (left, left < right),
            Self::LessOrEqual => (left, left <= right),
            Self::Greater => (left, left > right),
            Self::GreaterOrEqual => (left, left >= right),
            Self::And | Self::Or | Self::Unless => (left, true),
        }
    }

    /// Whether the answer is a new quantity that must not carry the metric's name. For `atan2` it would be, but Prometheus
    /// 2.42 leaves the name on.
    pub(super) fn drops_name(self, as_bool: bool) -> bool {
        as_bool || !(self.is_comparison() || self.is_set() || self == Self::Atan2)
    }
}

pub(super) fn scalars(operator: Operator, left: &[f64], right: &[f64]) -> Vec<f64> {
    let apply = |(left, right): (&f64, &f64)| {
        let (value, holds) = operator.apply(*left, *right);
        if operator.is_comparison() { f64::from(u8::from(holds)) } else { value }
    };
    left.iter().zip(right).map(apply).collect()
}

pub(super) fn eval(evaluator: &mut Evaluator<'_>, call: &Binary, steps: Steps) -> Result<Vec<Column>, QueryError> {
    let left = evaluator.operand(&call.left, steps)?;
    let right = evaluator.operand(&call.right, steps)?;
    match (left, right) {
        (Operand::Vector(left), Operand::Vector(right)) if call.operator.is_set() => {
            evaluator.spend(left.len() + right.len(), steps)?;
            binary_set::eval(call, left, right, steps)
        }
        (Operand::Vector(left), Operand::Vector(right)) => {
            evaluator.spend(left.len() + right.len(), steps)?;
            binary_match::eval(evaluator, call, &left, &right, steps)
        }
        (Operand::Vector(columns), Operand::Scalar(numbers)) => with_numbers(call, columns, &numbers, false),
        (Operand::Scalar(numbers), Operand::Vector(columns)) => with_numbers(call, columns, &numbers, true),
        (Operand::Scalar(left), Operand::Scalar(right)) => {
            let values = scalars(call.operator, &left, &right);
            Ok(vec![Column { labels: crate::labels::Labels::empty(), values }])
        }
    }
}

/// A vector with a number; a comparison keeps the elements of the vector, on whichever side it stands.
fn with_numbers(
    call: &Binary,
    mut columns: Vec<Column>,
    numbers: &[f64],
    number_is_left: bool,
) -> Result<Vec<Column>, QueryError> {
    map_values(&mut columns, |step, element| {
        let number = *numbers.get(step)?;
        let (value, holds) =
            if number_is_left { call.operator.apply(number, element) } else { call.operator.apply(element, number) };
        if call.as_bool {
            return Some(f64::from(u8::from(holds)));
        }
        holds.then_some(if call.operator.is_comparison() { element } else { value })
    });
    if call.operator.drops_name(call.as_bool) { merge_equal(nameless(columns)) } else { Ok(columns) }
}
