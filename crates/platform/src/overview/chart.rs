//! From answers of queries to lines.
//!
//! Always true: at most seven lines and one of the others; a value that is not finite is a gap.

use domain::overview::Line;
use metrics::Labels;
use metrics::query::Value;

/// Lines a reader can tell apart.
const MAX_LINES: usize = 7;

fn label_of(labels: &Labels) -> String {
    let parts: Vec<_> = labels
        .iter()
        .filter(|(name, _)| !matches!(*name, "__name__" | "service" | "instance" | "job"))
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    parts.join(", ")
}

/// The lines of a matrix, the largest first.
pub(super) fn lines(answer: &Value) -> Vec<Line> {
    let Value::Matrix(series) = answer else { return Vec::new() };
    let mut all: Vec<Line> = series
        .iter()
        .map(|series| Line {
            label: label_of(&series.labels),
            times: series.samples.iter().map(|sample| sample.ts).collect(),
            values: series.samples.iter().map(|sample| Some(sample.value).filter(|value| value.is_finite())).collect(),
        })
        .collect();
    let peak = |line: &Line| line.values.iter().flatten().copied().fold(f64::MIN, f64::max);
    all.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
    if all.len() > MAX_LINES {
        let n = all.len() - MAX_LINES;
        all.truncate(MAX_LINES);
        if let Some(last) = all.last_mut() {
            last.label.push_str(&format!(" (and {n} more)"));
        }
    }
    all
}

/// The first value of an instant answer.
pub(super) fn single(answer: &Value) -> Option<f64> {
    match answer {
        Value::Vector(elements) => elements.first().map(|element| element.sample.value),
        Value::Scalar(sample) => Some(sample.value),
        Value::Matrix(_) => None,
    }
    .filter(|value| value.is_finite())
}
