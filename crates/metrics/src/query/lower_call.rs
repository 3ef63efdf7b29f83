//! Function calls: which functions there are and what their arguments mean.

use promql_parser::parser::{Call, Expr};
use regex::Regex;

use super::error::QueryError;
use super::functions_element::ElementFunction;
use super::lower::Lowering;
use super::node::{ElementCall, Node, RangeSource, Relabel, WindowCall};
use super::window_function::WindowFunction;
use crate::head::{MatchOp, Matcher};
use crate::labels::{Labels, METRIC_NAME, is_classic_label_name};

pub(super) fn lower_call(lowering: &mut Lowering<'_>, call: &Call) -> Result<Node, QueryError> {
    let name = call.func.name;
    let args: Vec<&Expr> = call.args.args.iter().map(|arg| &**arg).collect();
    if let Some(function) = WindowFunction::named(name) {
        return window(lowering, name, function, &args);
    }
    if let Some(function) = ElementFunction::named(name) {
        return element(lowering, name, function, &args);
    }
    match (name, args.as_slice()) {
        ("time", []) => Ok(Node::Time),
        ("pi", []) => Ok(Node::Number(std::f64::consts::PI)),
        ("scalar", [vector]) => Ok(Node::ToScalar(Box::new(lowering.vector(vector, name)?))),
        ("vector", [scalar]) => Ok(Node::ToVector(Box::new(lowering.scalar(scalar, name)?))),
        ("sort" | "sort_desc", [vector]) => {
            Ok(Node::Sort { vector: Box::new(lowering.vector(vector, name)?), descending: name == "sort_desc" })
        }
        ("timestamp", [vector]) => Ok(match lowering.vector(vector, name)? {
            Node::Select(selector) => Node::SampleTime(selector),
            other => Node::EvaluationTime(Box::new(other)),
        }),
        ("absent", [vector]) => {
            let n_before = lowering.selectors.len();
            let node = lowering.vector(vector, name)?;
            let labels = match node {
                Node::Select(_) => absent_labels(&lowering.selectors[n_before].matchers),
                _ => Labels::empty(),
            };
            Ok(Node::Absent(Box::new(node), labels))
        }
        ("absent_over_time", [range]) => {
            let n_before = lowering.selectors.len();
            let source = lowering.range(range, Some("absent_over_time"))?;
            let labels = match source {
                RangeSource::Series { .. } => absent_labels(&lowering.selectors[n_before].matchers),
                RangeSource::Subquery { .. } => Labels::empty(),
            };
            Ok(Node::AbsentOverTime(source, labels))
        }
        ("histogram_quantile", [quantile, buckets]) => Ok(Node::HistogramQuantile {
            quantile: Box::new(lowering.scalar(quantile, name)?),
            buckets: Box::new(lowering.vector(buckets, name)?),
        }),
        ("label_replace", [vector, target, replacement, source, regex]) => {
            let target = label_name(lowering, target, name)?;
            let pattern = lowering.text(regex, name)?;
            let regex = Regex::new(&format!("^(?:{pattern})$")).map_err(|error| {
                let error = error.to_string();
                let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let hint = "PromQL has RE2 syntax: no look-around and no back-references";
                let error = QueryError::syntax(format!("bad regular expression {pattern:?}: {reason}"), hint);
                lowering.locate_text(error, &pattern)
            })?;
            Ok(Node::Relabel(Box::new(Relabel::Replace {
                target,
                replacement: lowering.text(replacement, name)?,
                source: lowering.text(source, name)?,
                regex,
                vector: lowering.vector(vector, name)?,
            })))
        }
        ("label_join", [vector, target, separator, sources @ ..]) => Ok(Node::Relabel(Box::new(Relabel::Join {
            target: label_name(lowering, target, name)?,
            separator: lowering.text(separator, name)?,
            sources: sources.iter().map(|source| label_name(lowering, source, name)).collect::<Result<_, _>>()?,
            vector: lowering.vector(vector, name)?,
        }))),
        _ => {
            let hint = if name.starts_with("histogram_") {
                "native histograms are not stored; classic buckets work with histogram_quantile"
            } else {
                "see the list of functions in the documentation"
            };
            Err(lowering.locate(QueryError::unsupported(format!("the function {name} is not supported"), hint), name))
        }
    }
}

fn window(
    lowering: &mut Lowering<'_>,
    name: &'static str,
    function: WindowFunction,
    args: &[&Expr],
) -> Result<Node, QueryError> {
    let (parameter, range) = match (function, args) {
        (WindowFunction::Quantile, [quantile, range]) => (Some(lowering.scalar(quantile, name)?), range),
        (WindowFunction::PredictLinear, [range, seconds]) => (Some(lowering.scalar(seconds, name)?), range),
        (_, [range]) => (None, range),
        _ => return Err(wrong_arguments(lowering, name)),
    };
    let source = lowering.range(range, Some(name))?;
    Ok(Node::Window(Box::new(WindowCall { function, source, parameter })))
}

fn element(
    lowering: &mut Lowering<'_>,
    name: &str,
    function: ElementFunction,
    args: &[&Expr],
) -> Result<Node, QueryError> {
    let Some((vector, parameters)) = args.split_first() else {
        // The parts of a date read the evaluation time when they are given nothing.
        let now = Node::ToVector(Box::new(Node::Time));
        return Ok(Node::Element(Box::new(ElementCall { function, vector: now, parameters: Vec::new() })));
    };
    let vector = lowering.vector(vector, name)?;
    let parameters = parameters.iter().map(|scalar| lowering.scalar(scalar, name)).collect::<Result<Vec<_>, _>>()?;
    if parameters.len() > 2 {
        return Err(wrong_arguments(lowering, name));
    }
    Ok(Node::Element(Box::new(ElementCall { function, vector, parameters })))
}

fn wrong_arguments(lowering: &Lowering<'_>, name: &str) -> QueryError {
    lowering.locate(QueryError::syntax(format!("wrong number of arguments for {name}"), "see its documentation"), name)
}

pub(super) fn label_name(lowering: &Lowering<'_>, expr: &Expr, user: &str) -> Result<String, QueryError> {
    let name = lowering.text(expr, user)?;
    if is_classic_label_name(&name) {
        return Ok(name);
    }
    let error = QueryError::syntax(
        format!("{name:?} is not a label name"),
        "use letters, digits and underscores, and begin with no digit",
    );
    Err(lowering.locate_text(error, &name))
}

/// The labels that the answer of `absent` can promise: those of the first equality on each label, unless a later
/// condition names the same label (Prometheus has always done it so).
fn absent_labels(matchers: &[Matcher]) -> Labels {
    let mut labels = Labels::empty();
    let mut seen: Vec<&str> = Vec::new();
    for matcher in matchers.iter().filter(|matcher| matcher.name() != METRIC_NAME) {
        if matcher.op() == MatchOp::Equal && !seen.contains(&matcher.name()) {
            labels = labels.with(matcher.name(), matcher.value());
            seen.push(matcher.name());
        } else {
            labels = labels.with(matcher.name(), "");
        }
    }
    labels
}
