//! What a measurement found, as a table for people and as JSON for programs.
//!
//! Always true: a figure has a unit; a target that was missed says so; what was not measured is absent, never zero.

use std::fmt;

use serde::Serialize;

use super::machine::Machine;

/// What a figure ought to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Target {
    AtLeast(f64),
    Below(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::Below(most) => value < most,
        }
    }
}

/// One figure of Bellwether, and that of the peer beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    what: String,
    unit: &'static str,
    bellwether: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prometheus: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_met: Option<bool>,
}

impl Figure {
    pub(super) fn new(what: impl Into<String>, unit: &'static str, bellwether: f64) -> Self {
        let bellwether = Some(bellwether).filter(|value| value.is_finite());
        Self { what: what.into(), unit, bellwether, prometheus: None, target: None, is_met: None }
    }

    /// With the peer's figure, if there is one.
    pub(super) fn beside(self, prometheus: Option<f64>) -> Self {
        Self { prometheus, ..self }
    }

    pub(super) fn target(self, target: Target) -> Self {
        Self { target: Some(target), is_met: self.bellwether.map(|value| target.is_met(value)), ..self }
    }
}

/// A measurement.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) bench: &'static str,
    pub(super) machine: Machine,
    pub(super) figures: Vec<Figure>,
    /// How it was counted, and what was left out.
    pub(super) remarks: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n", self.bench, self.machine)?;
        let has_peer = self.figures.iter().any(|figure| figure.prometheus.is_some());
        let mut rows =
            vec![["", "Bellwether", if has_peer { "Prometheus" } else { "" }, "", "target"].map(str::to_owned)];
        for figure in &self.figures {
            let show = |value: Option<f64>| value.map(number).unwrap_or_default();
            let target = match (figure.target, figure.is_met) {
                (Some(target), Some(is_met)) => format!("{} {}", words(target), if is_met { "met" } else { "MISSED" }),
                _ => String::new(),
            };
            rows.push([
                figure.what.clone(),
                show(figure.bellwether),
                show(figure.prometheus),
                figure.unit.to_owned(),
                target,
            ]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let (what, ours, peer, unit) = (width(0), width(1), width(2), width(3));
        for [a, b, c, d, e] in &rows {
            let line = format!("{a:<what$}  {b:>ours$}  {c:>peer$}  {d:<unit$}  {e}");
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(f)?;
        self.remarks.iter().try_for_each(|remark| writeln!(f, "- {remark}"))
    }
}

fn words(target: Target) -> String {
    match target {
        Target::AtLeast(least) => format!("at least {}:", number(least)),
        Target::Below(most) => format!("below {}:", number(most)),
    }
}

/// Three digits that say something, or all of them before the point.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 || large == 0.0 => 0,
        large if large >= 10.0 => 1,
        large if large >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let table =
            [(0.0, "0"), (0.0123, "0.012"), (1.5, "1.50"), (42.25, "42.2"), (312.5, "312"), (1_234_567.0, "1,234,567")];
        for (value, text) in table {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(-1_234.0), "-1,234");
    }

    #[test]
    fn a_missed_target_says_so() {
        let figure = Figure::new("memory", "MB", 61.0).beside(Some(90.0)).target(Target::Below(60.0));
        assert_eq!(figure.is_met, Some(false));
        let report = Report { bench: "test", machine: Machine::look(), figures: vec![figure], remarks: Vec::new() };
        let text = report.to_string();
        assert!(text.contains("memory        61.0        90.0  MB  below 60.0: MISSED"), "{text}");
    }
}
