//! Answers as both sides write them in JSON, and how they are compared.

use serde_json::Value as Json;

/// Values may differ by this much relative to the larger one, because sums are made in a different order.
const TOLERANCE: f64 = 1e-9;
/// What is left where terms cancel out, the slope of a symmetric window for example, is rounding on both sides.
const NOTHING: f64 = 1e-15;

/// Labels and points of one series; a point is a time in milliseconds and the value's text.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    labels: String,
    points: Vec<(i64, String)>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    kind: String,
    lines: Vec<Line>,
}

impl Answer {
    /// Reads `{"resultType": …, "result": …}`.
    pub(crate) fn read(data: &Json) -> Self {
        let kind = data["resultType"].as_str().unwrap().to_owned();
        let result = &data["result"];
        let lines = match kind.as_str() {
            "scalar" => vec![Line { labels: String::new(), points: vec![point(result)] }],
            _ => result.as_array().unwrap().iter().map(line).collect(),
        };
        Self { kind, lines }
    }

    pub(crate) fn n_values(&self) -> usize {
        self.lines.iter().map(|line| line.points.len()).sum()
    }

    /// How many values are the same to the last digit.
    pub(crate) fn n_identical(&self, other: &Self) -> usize {
        let sorted = |answer: &Self| {
            let mut lines = answer.lines.clone();
            lines.sort_by(|a, b| a.labels.cmp(&b.labels));
            lines.into_iter().flat_map(|line| line.points).collect::<Vec<_>>()
        };
        sorted(self).iter().zip(sorted(other)).filter(|(a, b)| *a == b).count()
    }
}

fn line(series: &Json) -> Line {
    // serde_json keeps object keys sorted, so equal label sets have equal text.
    let labels = series["metric"].to_string();
    let points = match series.get("values") {
        Some(values) => values.as_array().unwrap().iter().map(point).collect(),
        None => vec![point(&series["value"])],
    };
    Line { labels, points }
}

fn point(pair: &Json) -> (i64, String) {
    let seconds = pair[0].as_f64().unwrap();
    ((seconds * 1000.0).round() as i64, pair[1].as_str().unwrap().to_owned())
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

fn is_close(a: &str, b: &str) -> bool {
    let (a, b) = (number(a), number(b));
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= NOTHING.max(TOLERANCE * a.abs().max(b.abs()))
}

/// What differs, if anything does. `ordered`: the order of the lines counts too.
pub(crate) fn difference(expected: &Answer, got: &Answer, ordered: bool) -> Option<String> {
    if expected.kind != got.kind {
        return Some(format!("prometheus answers a {}, we a {}", expected.kind, got.kind));
    }
    let (mut expected, mut got) = (expected.lines.clone(), got.lines.clone());
    if !ordered {
        expected.sort_by(|a, b| a.labels.cmp(&b.labels));
        got.sort_by(|a, b| a.labels.cmp(&b.labels));
    }
    let labels = |lines: &[Line]| lines.iter().map(|line| line.labels.clone()).collect::<Vec<_>>();
    if labels(&expected) != labels(&got) {
        return Some(format!("series {:?} expected, got {:?}", labels(&expected), labels(&got)));
    }
    for (expected, got) in expected.iter().zip(&got) {
        let times = |line: &Line| line.points.iter().map(|(time, _)| *time).collect::<Vec<_>>();
        if times(expected) != times(got) {
            let odd = times(expected).into_iter().find(|time| !times(got).contains(time));
            let extra = times(got).into_iter().find(|time| !times(expected).contains(time));
            return Some(format!("{}: first time missing {odd:?}, first time too many {extra:?}", expected.labels));
        }
        let pairs = expected.points.iter().zip(&got.points);
        if let Some((expected_point, got_point)) = pairs.into_iter().find(|(a, b)| !is_close(&a.1, &b.1)) {
            return Some(format!("{}: {expected_point:?} expected, got {got_point:?}", expected.labels));
        }
    }
    None
}
