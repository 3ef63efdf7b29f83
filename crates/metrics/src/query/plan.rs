//! Which samples a query needs.

use super::Query;
use super::node::{Node, RangeSource, Reduction, Relabel, Selector};
use super::time::{EvalRange, LOOKBACK_MS, oldest_in_window, subquery_steps};
use crate::head::Matcher;

/// Series and samples that the caller has to load.
#[derive(Debug, Clone)]
pub struct Selection {
    /// A series belongs to the selection when it fulfils all of them.
    pub matchers: Vec<Matcher>,
    /// First and last millisecond needed, both included.
    pub start_ms: i64,
    pub end_ms: i64,
    pub hint: Hint,
}

/// How the samples will be used, for a store that holds rolled-up data as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The function applied to each window of samples (`max_over_time`, `rate`, …); `None` when only the newest sample before each
    /// step counts.
    pub function: Option<&'static str>,
    /// Length of that window, or the lookback.
    pub window_ms: i64,
    /// Distance of the evaluation times; 0 for a single one.
    pub step_ms: i64,
}

pub(super) fn selections(query: &Query, range: EvalRange) -> Vec<Selection> {
    let mut planner = Planner { query: range, found: vec![Needed::default(); query.selectors.len()] };
    let step_ms = if range.is_instant() { 0 } else { range.step_ms };
    planner.visit(&query.root, Span { first: range.start_ms, last: range.end_ms, step_ms });
    let spans = planner.found.into_iter().zip(&query.selectors);
    spans
        .map(|(needed, spec)| {
            let Needed { start_ms, end_ms, window_ms, step_ms } = needed;
            let hint = Hint { function: spec.function, window_ms, step_ms };
            Selection { matchers: spec.matchers.clone(), start_ms, end_ms, hint }
        })
        .collect()
}

/// The evaluation times of a node.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: i64,
    last: i64,
    step_ms: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Needed {
    start_ms: i64,
    end_ms: i64,
    window_ms: i64,
    step_ms: i64,
}

#[derive(Debug)]
struct Planner {
    query: EvalRange,
    /// By the number of the selector; every selector is met exactly once.
    found: Vec<Needed>,
}

impl Planner {
    fn need(&mut self, selector: Selector, window_ms: i64, span: Span) {
        let first = selector.shift.reference(span.first, self.query);
        let end_ms = selector.shift.reference(span.last, self.query);
        let step_ms = if first == end_ms { 0 } else { span.step_ms };
        let needed = Needed { start_ms: oldest_in_window(first, window_ms), end_ms, window_ms, step_ms };
        if let Some(slot) = self.found.get_mut(selector.number) {
            *slot = needed;
        }
    }

    fn source(&mut self, source: &RangeSource, span: Span) {
        match source {
            RangeSource::Series { selector, window_ms } => self.need(*selector, *window_ms, span),
            RangeSource::Subquery { vector, shift, window_ms, step_ms } => {
                let first = shift.reference(span.first, self.query);
                let last = shift.reference(span.last, self.query);
                let steps = subquery_steps(first, last, *window_ms, *step_ms);
                self.visit(vector, Span { first: steps.start, last: steps.last(), step_ms: *step_ms });
            }
        }
    }

    fn visit(&mut self, node: &Node, span: Span) {
        match node {
            Node::Number(_) | Node::Time => {}
            Node::Select(selector) | Node::SampleTime(selector) => self.need(*selector, LOOKBACK_MS, span),
            Node::Range(source) | Node::AbsentOverTime(source, _) => self.source(source, span),
            Node::Negate(inner)
            | Node::Absent(inner, _)
            | Node::ToScalar(inner)
            | Node::ToVector(inner)
            | Node::EvaluationTime(inner)
            | Node::Sort { vector: inner, .. } => self.visit(inner, span),
            Node::Binary(binary) => {
                self.visit(&binary.left, span);
                self.visit(&binary.right, span);
            }
            Node::Aggregate(aggregate) => {
                if let Reduction::TopK(k) | Reduction::BottomK(k) | Reduction::Quantile(k) = &aggregate.reduction {
                    self.visit(k, span);
                }
                self.visit(&aggregate.vector, span);
            }
            Node::Window(call) => {
                call.parameter.iter().for_each(|parameter| self.visit(parameter, span));
                self.source(&call.source, span);
            }
            Node::Element(call) => {
                call.parameters.iter().for_each(|parameter| self.visit(parameter, span));
                self.visit(&call.vector, span);
            }
            Node::Relabel(relabel) => match &**relabel {
                Relabel::Replace { vector, .. } | Relabel::Join { vector, .. } => self.visit(vector, span),
            },
            Node::HistogramQuantile { quantile, buckets } => {
                self.visit(quantile, span);
                self.visit(buckets, span);
            }
        }
    }
}
