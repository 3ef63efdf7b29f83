//! Walks the plan. Each node is evaluated once for all steps: a scalar is one value per step, a vector is a set of columns.

use std::borrow::Cow;

use super::Query;
use super::binary::Operand;
use super::column::{ABSENT, Column, map_values, merge_equal, present, refuse_equal, without_name};
use super::error::{ErrorKind, QueryError};
use super::limits::{Budget, Limits};
use super::node::{Node, NodeType, RangeSource, Selector, WindowCall};
use super::series::Series;
use super::time::{EvalRange, LOOKBACK_MS, Shift, Steps, oldest_in_window, subquery_steps};
use super::value::{Element, Value};
use super::window::{RangeSeries, Windows};
use super::{aggregate, binary, functions_element, functions_label, functions_vector, histogram};
use crate::labels::Labels;
use crate::sample::Sample;

pub(super) fn eval(query: &Query, data: &[Vec<Series>], range: EvalRange, limits: Limits) -> Result<Value, QueryError> {
    let steps = range.steps()?;
    if data.len() != query.selectors.len() {
        let message = format!("{} selections were given, the query has {}", data.len(), query.selectors.len());
        return Err(QueryError::execution(message, "load one for each of Query::selections"));
    }
    let mut evaluator = Evaluator { data, query: range, budget: Budget::new(limits) };
    evaluator.budget.points(steps.count)?;
    evaluator.budget.samples(steps.count)?;
    for series in data {
        evaluator.budget.series(series.len())?;
        evaluator.budget.samples(series.iter().map(|series| series.samples.len()).sum())?;
    }
    match query.root.node_type() {
        NodeType::Range => evaluator.whole_range(&query.root, steps),
        NodeType::Scalar => {
            let values = evaluator.scalar(&query.root, steps)?;
            Ok(match (range.is_instant(), values.first()) {
                (true, Some(value)) => Value::Scalar(Sample::new(range.start_ms, *value)),
                _ => matrix(vec![Column { labels: Labels::empty(), values }], steps),
            })
        }
        NodeType::Vector => {
            let columns = evaluator.vector(&query.root, steps)?;
            Ok(if range.is_instant() { instant(columns, range.start_ms) } else { matrix(columns, steps) })
        }
    }
}

fn instant(columns: Vec<Column>, ts: i64) -> Value {
    let elements = columns.into_iter().filter_map(|column| {
        let value = column.at(0)?;
        Some(Element { labels: column.labels, sample: Sample::new(ts, value) })
    });
    Value::Vector(elements.collect())
}

fn matrix(columns: Vec<Column>, steps: Steps) -> Value {
    let series = columns.into_iter().map(|column| series(column, steps)).filter(|series| !series.samples.is_empty());
    let mut series: Vec<Series> = series.collect();
    series.sort_by(|a, b| a.labels.cmp(&b.labels));
    Value::Matrix(series)
}

fn series(column: Column, steps: Steps) -> Series {
    let mut samples = Vec::with_capacity(column.values.len());
    samples.extend(steps.times().enumerate().filter_map(|(i, ts)| Some(Sample::new(ts, column.at(i)?))));
    Series { labels: column.labels, samples }
}

/// One evaluation: the data it reads and what it may still spend.
#[derive(Debug)]
pub(super) struct Evaluator<'a> {
    data: &'a [Vec<Series>],
    query: EvalRange,
    pub(super) budget: Budget,
}

impl<'a> Evaluator<'a> {
    /// Counts columns before they are computed.
    pub(super) fn spend(&mut self, columns: usize, steps: Steps) -> Result<(), QueryError> {
        self.budget.series(columns)?;
        self.budget.samples(columns.saturating_mul(steps.count))
    }

    pub(super) fn operand(&mut self, node: &Node, steps: Steps) -> Result<Operand, QueryError> {
        Ok(match node.node_type() {
            NodeType::Scalar => Operand::Scalar(self.scalar(node, steps)?),
            _ => Operand::Vector(self.vector(node, steps)?),
        })
    }

    pub(super) fn scalar(&mut self, node: &Node, steps: Steps) -> Result<Vec<f64>, QueryError> {
        self.spend(1, steps)?;
        match node {
            Node::Number(number) => Ok(vec![*number; steps.count]),
            Node::Time => Ok(steps.times().map(|time| time as f64 / 1000.0).collect()),
            Node::ToScalar(vector) => Ok(functions_vector::to_scalar(&self.vector(vector, steps)?, steps)),
            Node::Negate(inner) => Ok(self.scalar(inner, steps)?.into_iter().map(|value| present(-value)).collect()),
            Node::Binary(call) => {
                let left = self.scalar(&call.left, steps)?;
                let right = self.scalar(&call.right, steps)?;
                Ok(binary::scalars(call.operator, &left, &right))
            }
            _ => Err(mistyped()),
        }
    }

    pub(super) fn vector(&mut self, node: &Node, steps: Steps) -> Result<Vec<Column>, QueryError> {
        match node {
            Node::Select(selector) => self.select(*selector, steps, |sample| sample.value),
            Node::SampleTime(selector) => {
                let columns = self.select(*selector, steps, |sample| sample.ts as f64 / 1000.0)?;
                merge_equal(nameless(columns))
            }
            Node::Negate(inner) => {
                let mut columns = self.vector(inner, steps)?;
                map_values(&mut columns, |_, value| Some(-value));
                refuse_equal(nameless(columns))
            }
            Node::Binary(call) => binary::eval(self, call, steps),
            Node::Aggregate(call) => aggregate::eval(self, call, steps),
            Node::Window(call) => self.window(call, steps),
            Node::Element(call) => functions_element::eval(self, call, steps),
            Node::Relabel(call) => functions_label::eval(self, call, steps),
            Node::HistogramQuantile { quantile, buckets } => {
                let quantiles = self.scalar(quantile, steps)?;
                let buckets = self.vector(buckets, steps)?;
                self.spend(buckets.len(), steps)?;
                histogram::quantile(&quantiles, buckets, steps)
            }
            Node::ToVector(scalar) => Ok(vec![Column { labels: Labels::empty(), values: self.scalar(scalar, steps)? }]),
            Node::EvaluationTime(inner) => {
                let mut columns = self.vector(inner, steps)?;
                map_values(&mut columns, |step, _| Some((steps.start + steps.step * step as i64) as f64 / 1000.0));
                merge_equal(nameless(columns))
            }
            Node::Absent(inner, labels) => Ok(functions_vector::absent(&self.vector(inner, steps)?, labels, steps)),
            Node::AbsentOverTime(source, labels) => {
                let (ranges, windows) = self.ranges(source, steps)?;
                self.spend(ranges.len(), steps)?;
                Ok(functions_vector::absent_over_time(&ranges, &windows, labels))
            }
            Node::Sort { vector, descending } => Ok(functions_vector::sort(self.vector(vector, steps)?, *descending)),
            Node::Number(_) | Node::Time | Node::ToScalar(_) | Node::Range(_) => Err(mistyped()),
        }
    }

    /// The newest sample before each step, if it is not too old and does not end the series.
    fn select(
        &mut self,
        selector: Selector,
        steps: Steps,
        read: impl Fn(Sample) -> f64,
    ) -> Result<Vec<Column>, QueryError> {
        let all = self.series(selector);
        self.spend(all.len(), steps)?;
        let mut columns = Vec::with_capacity(all.len());
        for series in all {
            let samples = &series.samples;
            let mut n_before = 0;
            let values = steps.times().map(|time| {
                let reference = selector.shift.reference(time, self.query);
                while samples.get(n_before).is_some_and(|sample| sample.ts <= reference) {
                    n_before += 1;
                }
                match n_before.checked_sub(1).map(|i| samples[i]) {
                    Some(sample) if sample.ts >= oldest_in_window(reference, LOOKBACK_MS) && !sample.is_stale() => {
                        read(sample)
                    }
                    _ => ABSENT,
                }
            });
            let column = Column { labels: series.labels.clone(), values: values.collect() };
            if !column.is_empty() {
                columns.push(column);
            }
        }
        Ok(columns)
    }

    fn series(&self, selector: Selector) -> &'a [Series] {
        self.data.get(selector.number).map_or(&[], Vec::as_slice)
    }

    fn window(&mut self, call: &WindowCall, steps: Steps) -> Result<Vec<Column>, QueryError> {
        let parameter = match &call.parameter {
            Some(parameter) => self.scalar(parameter, steps)?,
            None => Vec::new(),
        };
        let (ranges, windows) = self.ranges(&call.source, steps)?;
        self.spend(ranges.len(), steps)?;
        let mut columns = Vec::with_capacity(ranges.len());
        for series in &ranges {
            self.budget.samples(call.function.extra_work(&windows, &series.samples))?;
            columns.push(call.function.column(series, &windows, &parameter));
        }
        refuse_equal(columns)
    }

    /// The series that windows slide along, and the windows.
    fn ranges(&mut self, source: &RangeSource, steps: Steps) -> Result<(Vec<RangeSeries<'a>>, Windows), QueryError> {
        let windows = |shift: Shift, window_ms: i64, query: EvalRange| Windows { steps, shift, window_ms, query };
        match source {
            RangeSource::Series { selector, window_ms } => {
                let series = self.series(*selector).iter().map(fresh).collect();
                Ok((series, windows(selector.shift, *window_ms, self.query)))
            }
            RangeSource::Subquery { vector, shift, window_ms, step_ms } => {
                let first = shift.reference(steps.start, self.query);
                let last = shift.reference(steps.last(), self.query);
                let inner = subquery_steps(first, last, *window_ms, *step_ms);
                self.budget.samples(inner.count)?;
                let columns = self.vector(vector, inner)?;
                self.spend(columns.len(), inner)?;
                let series = columns.into_iter().map(|column| {
                    let Series { labels, samples } = series(column, inner);
                    RangeSeries { labels, samples: Cow::Owned(samples) }
                });
                Ok((series.collect(), windows(*shift, *window_ms, self.query)))
            }
        }
    }

    /// A range on its own: the samples themselves.
    fn whole_range(&mut self, root: &Node, steps: Steps) -> Result<Value, QueryError> {
        let Node::Range(source) = root else { return Err(mistyped()) };
        if !self.query.is_instant() {
            let message = "a range cannot be the result of a range query";
            return Err(QueryError::new(ErrorKind::Range, message, "apply a function such as rate() to it"));
        }
        let (ranges, windows) = self.ranges(source, steps)?;
        let mut found = Vec::new();
        for series in ranges {
            let mut samples = Vec::new();
            windows.slide(&series.samples, |view| {
                samples = view.samples().to_vec();
                None
            });
            if !samples.is_empty() {
                found.push(Series { labels: series.labels, samples });
            }
        }
        found.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(Value::Matrix(found))
    }
}

fn fresh(series: &Series) -> RangeSeries<'_> {
    let samples = if series.samples.iter().any(Sample::is_stale) {
        Cow::Owned(series.samples.iter().copied().filter(|sample| !sample.is_stale()).collect())
    } else {
        Cow::Borrowed(series.samples.as_slice())
    };
    RangeSeries { labels: series.labels.clone(), samples }
}

pub(super) fn nameless(mut columns: Vec<Column>) -> Vec<Column> {
    for column in &mut columns {
        column.labels = without_name(&column.labels);
    }
    columns
}

/// Lowering has checked every type, so this is never seen.
fn mistyped() -> QueryError {
    QueryError::execution("the plan holds a scalar where a vector belongs, or the reverse", "please report this query")
}
