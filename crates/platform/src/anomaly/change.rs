//! What a verdict changes: an anomaly that begins, gets worse or ends.
//!
//! Always true: words are made once, here; a value that is not finite is not shown.

use analysis::detect::{Finding, Quantity, Severity as Urgency, Trend as Course, Verdict, explain};
use domain::anomaly::{Anomaly, AnomalyStatus, Severity, Trend};
use metrics::{Labels, SeriesId};

use super::rules::is_counter;
use crate::clock::from_ms;
use crate::context::Context;
use crate::metric::{possible, service_of, unit_of};

/// One change to write and announce.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Opened { series: SeriesId, anomaly: Box<Anomaly> },
    Worse { anomaly: Box<Anomaly> },
    Resolved { anomaly: Box<Anomaly> },
}

pub(super) fn severity(urgency: Urgency) -> Severity {
    match urgency {
        Urgency::Info => Severity::Info,
        Urgency::Warning => Severity::Warning,
        Urgency::Error => Severity::Error,
        Urgency::Critical => Severity::Critical,
    }
}

const fn trend(course: Course) -> Trend {
    match course {
        Course::Rising => Trend::Rising,
        Course::Falling => Trend::Falling,
        Course::Steady => Trend::Steady,
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The anomaly that a verdict opens.
pub(super) fn opened(labels: &Labels, verdict: &Verdict, threshold_factor: f64, is_simulated: bool) -> Anomaly {
    let metric = labels.metric_name().unwrap_or_default();
    let mut anomaly = Anomaly {
        id: Context::id(),
        service: service_of(labels).unwrap_or("unknown").to_owned(),
        metric: metric.to_owned(),
        unit: unit_of(metric).to_owned(),
        labels: labels
            .iter()
            .filter(|(name, _)| *name != "__name__" && *name != "service")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        severity: Severity::Warning,
        score: 0.0,
        current_value: None,
        predicted_value: None,
        expected_low: None,
        expected_high: None,
        trend: Trend::Steady,
        detector: String::new(),
        shares: std::collections::BTreeMap::new(),
        reason: String::new(),
        recommendation: String::new(),
        forecast_exhaustion: None,
        timestamp: from_ms(verdict.time_ms),
        resolved_at: None,
        status: AnomalyStatus::Open,
        is_simulated,
        feedback: None,
        threshold_factor,
    };
    update(&mut anomaly, verdict);
    anomaly
}

/// Takes the newest verdict into an open anomaly.
pub(super) fn update(anomaly: &mut Anomaly, verdict: &Verdict) {
    let (expected_low, expected_high) = possible((verdict.expected_low, verdict.expected_high), &anomaly.unit);
    let verdict = &Verdict { expected_low, expected_high, ..*verdict };
    let quantity = if is_counter(&anomaly.metric) { Quantity::Rate } else { Quantity::Value };
    let words = explain(verdict, &anomaly.metric, &anomaly.unit, quantity);
    anomaly.severity = anomaly.severity.max(severity(verdict.severity()));
    anomaly.score = anomaly.score.max(verdict.score);
    anomaly.current_value = if verdict.finding == Finding::Missing { None } else { finite(verdict.value) };
    anomaly.predicted_value = finite(verdict.predicted);
    anomaly.expected_low = finite(verdict.expected_low);
    anomaly.expected_high = finite(verdict.expected_high);
    anomaly.trend = trend(verdict.trend);
    if let Some(main) = verdict.shares.main() {
        main.name().clone_into(&mut anomaly.detector);
    }
    anomaly.shares = verdict
        .shares
        .iter()
        .filter(|(_, share)| *share > 0.0)
        .map(|(kind, share)| (kind.name().to_owned(), f64::from(share)))
        .collect();
    if anomaly.metric == "up" {
        "the target does not answer".clone_into(&mut anomaly.reason);
        "check that the process runs and that its metrics address can be reached"
            .clone_into(&mut anomaly.recommendation);
        return;
    }
    anomaly.reason = words.reason;
    anomaly.recommendation = words.recommendation;
}
